/* kms_policies.c - key policies, and what they let an account do. Source: the kms/2014-11-01 model
 * and the KMS developer guide's default key policy. */
#include "cloud/kms.h"
#include "cloud/kms_memo.h"

#include "aws/endpoint.h"

#include <stdio.h>

#define POLICY_MAX 32768

/* The policy of a key that was made without one: the account's own IAM decides. */
static void default_policy(char *out, size_t size, const struct lnm_cloud_key *k) {
    const char *partition = lnm_partition(lnm_str_z(k->region));
    (void)snprintf(out, size,
                   "{\n  \"Version\" : \"2012-10-17\",\n  \"Id\" : \"key-default-1\",\n"
                   "  \"Statement\" : [ {\n    \"Sid\" : \"Enable IAM User Permissions\",\n"
                   "    \"Effect\" : \"Allow\",\n    \"Principal\" : {\n"
                   "      \"AWS\" : \"arn:%s:iam::%s:root\"\n    },\n"
                   "    \"Action\" : \"kms:*\",\n    \"Resource\" : \"*\"\n  } ]\n}",
                   partition, k->account);
}

/* That of aws/ebs: whoever in the account uses EC2, through EC2. */
static void managed_policy(char *out, size_t size, const struct lnm_cloud_key *k) {
    const char *partition = lnm_partition(lnm_str_z(k->region));
    (void)snprintf(
        out, size,
        "{\n  \"Version\" : \"2012-10-17\",\n  \"Id\" : \"auto-ebs-2\",\n  \"Statement\" : [ {\n"
        "    \"Sid\" : \"Allow access through EBS for all principals in the account that are "
        "authorized to use EBS\",\n    \"Effect\" : \"Allow\",\n    \"Principal\" : {\n"
        "      \"AWS\" : \"*\"\n    },\n    \"Action\" : [ \"kms:Encrypt\", \"kms:Decrypt\", "
        "\"kms:ReEncrypt*\", \"kms:GenerateDataKey*\", \"kms:CreateGrant\", \"kms:DescribeKey\" "
        "],\n    \"Resource\" : \"*\",\n    \"Condition\" : {\n      \"StringEquals\" : {\n"
        "        \"kms:CallerAccount\" : \"%s\",\n"
        "        \"kms:ViaService\" : \"ec2.%s.amazonaws.com\"\n      }\n    }\n  }, {\n"
        "    \"Sid\" : \"Allow direct access to key metadata to the account\",\n"
        "    \"Effect\" : \"Allow\",\n    \"Principal\" : {\n"
        "      \"AWS\" : \"arn:%s:iam::%s:root\"\n    },\n    \"Action\" : [ \"kms:Describe*\", "
        "\"kms:Get*\", \"kms:List*\", \"kms:RevokeGrant\" ],\n    \"Resource\" : \"*\"\n  } ]\n}",
        k->account, k->region, partition, k->account);
}

void lnm_key_policy(struct lnm_buf *out, struct lnm_cloud *c, const struct lnm_cloud_key *k) {
    char standard[2048];
    sqlite3_stmt *s = lnm_store_query(
        c, "SELECT policy FROM policies WHERE account = ?1 AND region = ?2 AND key = ?3", "ttt",
        k->account, k->region, k->id);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_buf_adds(out, lnm_str_z(lnm_store_text(s, 0)));
    } else {
        (strcmp(k->manager, "AWS") == 0 ? managed_policy : default_policy)(standard,
                                                                           sizeof standard, k);
        lnm_buf_adds(out, lnm_str_z(standard));
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
}

bool lnm_key_has_policy(struct lnm_cloud *c, const struct lnm_cloud_key *k) {
    int known = lnm_memo_policy(c, k->arn);
    if (known >= 0) {
        return known == 1;
    }
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT 1 FROM policies WHERE account = ?1 AND region = ?2 AND key = ?3",
                        "ttt", k->account, k->region, k->id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    lnm_memo_keep_policy(c, k->arn, found);
    return found;
}

/* The policy of an AWS managed key never changes: the one that was asked last is kept read. */
static enum lnm_policy_effect managed_effect(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                                             const struct lnm_policy_question *q) {
    char text[2048];
    if (c->managed_policy == NULL || strcmp(c->managed_key, k->arn) != 0) {
        managed_policy(text, sizeof text, k);
        lnm_policy_free(c->managed_policy);
        c->managed_policy = lnm_policy_read(lnm_str_z(text));
        lnm_take(c->managed_key, sizeof c->managed_key, k->arn);
    }
    return lnm_policy_effect(c->managed_policy, q);
}

enum lnm_policy_effect lnm_key_policy_effect(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                                             const struct lnm_policy_question *q) {
    if (!lnm_key_has_policy(c, k)) {
        return strcmp(k->manager, "AWS") == 0 ? managed_effect(c, k, q)
               : strcmp(q->account, k->account) == 0 /* as the default policy says */
                   ? LNM_POLICY_DELEGATES
                   : LNM_POLICY_SILENT;
    }
    struct lnm_buf policy = {.max = POLICY_MAX * 2};
    lnm_key_policy(&policy, c, k);
    enum lnm_policy_effect effect = lnm_policies_decide(&c->policies, lnm_buf_str(&policy), q);
    lnm_buf_free(&policy);
    return effect;
}

/* ---- actions ----------------------------------------------------------------------------------
 */

static int check_name(struct lnm_cloud_request *r) {
    struct lnm_str name = lnm_cloud_param(r, "policy_name");
    return name.len == 0 || lnm_str_is(name, "default")
               ? 0
               : lnm_cloud_raise(r, 400, "NotFoundException", "No such policy exists");
}

static int get_policy(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    if (lnm_key_find(r, &k, "key_id", false) < 0 || check_name(r) < 0) {
        return -1;
    }
    struct lnm_buf policy = {.max = POLICY_MAX * 2};
    lnm_key_policy(&policy, r->cloud, &k);
    lnm_record_set(&r->out, "policy", lnm_buf_str(&policy));
    lnm_record_setz(&r->out, "policy_name", "default");
    lnm_buf_free(&policy);
    return 0;
}

static int list_policies(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    if (lnm_key_find(r, &k, "key_id", false) < 0) {
        return -1;
    }
    lnm_record_enter(&r->out, "policy_names");
    lnm_record_add(&r->out, LNM_STR("default"));
    lnm_record_close(&r->out);
    lnm_record_set_bool(&r->out, "truncated", false);
    return 0;
}

int lnm_policy_keep(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    struct lnm_str policy = lnm_cloud_param(r, "policy");
    struct lnm_policy_question q = lnm_access_question(r, "kms:PutKeyPolicy");
    if (policy.len > POLICY_MAX) {
        return lnm_cloud_raise(r, 400, "LimitExceededException",
                               "The policy document is longer than %d bytes", POLICY_MAX);
    }
    if (policy.len == 0 || !lnm_policy_valid(policy, true)) {
        return lnm_cloud_raise(r, 400, "MalformedPolicyDocumentException",
                               "The policy document is not syntactically or semantically correct");
    }
    if (!lnm_record_get_bool(&r->in, 0, "bypass_policy_lockout_safety_check", false) &&
        lnm_access_combine(r, &q, k->account, lnm_policy_decide(policy, &q)) != LNM_ALLOWED) {
        return lnm_cloud_raise(r, 400, "MalformedPolicyDocumentException",
                               "The new key policy will not allow you to update the key policy in "
                               "the future.");
    }
    return lnm_store_exec(r->cloud,
                          "INSERT OR REPLACE INTO policies(account, region, key, policy)"
                          " VALUES(?1, ?2, ?3, ?4)",
                          "ttts", k->account, k->region, k->id, policy) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int put_policy(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return lnm_key_changeable(r, &k, "key_id", true) < 0 || check_name(r) < 0
               ? -1
               : lnm_policy_keep(r, &k);
}

const struct lnm_cloud_action lnm_cloud_kms_policies[] = {{"GetKeyPolicy", get_policy},
                                                          {"ListKeyPolicies", list_policies},
                                                          {"PutKeyPolicy", put_policy},
                                                          {NULL, NULL}};
