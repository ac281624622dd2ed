/* kms_access.c - what a caller may do with a key, and whether the key can. Source: the KMS
 * developer guide on key policies, grants, condition keys and key states. */
#include "cloud/kms.h"

#include <stdio.h>

/* Another account's key can be used, never administered. */
static bool offered_abroad(const char *operation) {
    static const char *const abroad[] = {"CreateGrant",          "Decrypt",
                                         "DescribeKey",          "Encrypt",
                                         "GenerateDataKey",      "GenerateDataKeyWithoutPlaintext",
                                         "GetKeyRotationStatus", "ListGrants",
                                         "ReEncryptFrom",        "ReEncryptTo",
                                         "RetireGrant",          "RevokeGrant"};
    size_t i = 0, n = sizeof abroad / sizeof abroad[0];
    while (i < n && strcmp(abroad[i], operation) != 0) {
        i++;
    }
    return i < n;
}

static void add_context(struct lnm_buf *facts, const struct lnm_cloud_request *r,
                        const char *context) {
    uint32_t map = lnm_record_find(&r->in, 0, context), key;
    for (key = map != 0 ? lnm_record_first(&r->in, map) : 0; key != 0;) {
        uint32_t value = lnm_record_next(&r->in, map, key);
        lnm_policy_fact_add(facts, LNM_CONTEXT_FACT, lnm_record_str(&r->in, key),
                            lnm_record_str(&r->in, value));
        lnm_policy_fact_add(facts, "kms:EncryptionContextKeys", LNM_STR(""),
                            lnm_record_str(&r->in, key));
        key = lnm_record_next(&r->in, map, value);
    }
}

static void add_grant(struct lnm_buf *facts, const struct lnm_cloud_request *r) {
    uint32_t constraints = lnm_record_find(&r->in, 0, "constraints");
    uint32_t list = lnm_record_find(&r->in, 0, "operations");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        lnm_policy_fact_add(facts, "kms:GrantOperations", LNM_STR(""), lnm_record_str(&r->in, i));
    }
    if (lnm_cloud_given(r, "grantee_principal")) {
        lnm_policy_fact_add(facts, "kms:GranteePrincipal", LNM_STR(""),
                            lnm_cloud_param(r, "grantee_principal"));
    }
    if (constraints != 0 &&
        lnm_record_find(&r->in, constraints, "encryption_context_equals") != 0) {
        lnm_policy_fact_add(facts, "kms:GrantConstraintType", LNM_STR(""),
                            LNM_STR("EncryptionContextEquals"));
    }
    if (constraints != 0 &&
        lnm_record_find(&r->in, constraints, "encryption_context_subset") != 0) {
        lnm_policy_fact_add(facts, "kms:GrantConstraintType", LNM_STR(""),
                            LNM_STR("EncryptionContextSubset"));
    }
}

static void add_key(struct lnm_buf *facts, const struct lnm_cloud_request *r,
                    const struct lnm_cloud_key *k) {
    struct lnm_str text = lnm_cloud_param(r, "key_id");
    lnm_policy_fact_add(facts, "kms:KeySpec", LNM_STR(""), lnm_str_z(k->spec));
    lnm_policy_fact_add(facts, "kms:KeyUsage", LNM_STR(""), lnm_str_z(k->usage));
    lnm_policy_fact_add(facts, "kms:MultiRegion", LNM_STR(""),
                        k->multi_region ? LNM_STR("true") : LNM_STR("false"));
    if (lnm_str_starts(text, LNM_STR("alias/"))) {
        lnm_policy_fact_add(facts, "kms:RequestAlias", LNM_STR(""), text);
    }
}

/* By the key's policy or a grant. */
static enum lnm_policy_effect key_effect(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                                         const struct lnm_policy_question *q) {
    enum lnm_policy_effect policy = lnm_key_policy_effect(c, k, q), grant;
    if (policy >= LNM_POLICY_ALLOWS) {
        return policy;
    }
    grant = lnm_grant_effect(c, k, q);
    return grant > policy ? grant : policy;
}

static enum lnm_verdict decide(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                               struct lnm_policy_question *q) {
    if (strcmp(k->account, r->account) != 0 && !offered_abroad(q->action + strlen("kms:"))) {
        return LNM_NO_RESOURCE_POLICY;
    }
    q->resource = k->arn;
    return lnm_access_combine(r, q, k->account, key_effect(r->cloud, k, q));
}

int lnm_key_check(struct lnm_cloud_request *r, const struct lnm_cloud_key *k, const char *operation,
                  const char *context) {
    char action[64];
    struct lnm_buf facts = {0};
    (void)snprintf(action, sizeof action, "kms:%s", operation);
    struct lnm_policy_question q = lnm_access_question(r, action);
    q.facts = &facts;
    add_context(&facts, r, context);
    add_grant(&facts, r);
    add_key(&facts, r, k);
    enum lnm_verdict verdict = decide(r, k, &q);
    lnm_buf_free(&facts);
    return verdict == LNM_ALLOWED ? 0 : lnm_key_denied(r, lnm_str_z(k->arn), operation, verdict);
}

static void through_ec2(char via[96], const struct lnm_cloud_key *k) {
    (void)snprintf(via, 96, "ec2.%s.amazonaws.com", k->region);
}

bool lnm_key_allows(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                    const char *operation) {
    char action[64], via[96];
    (void)snprintf(action, sizeof action, "kms:%s", operation);
    struct lnm_policy_question q = lnm_access_question(r, action);
    through_ec2(via, k);
    q.via = via;
    return decide(r, k, &q) == LNM_ALLOWED;
}

bool lnm_key_permits(struct lnm_cloud *c, const struct lnm_cloud_key *k, const char *account,
                     const char *operation) {
    char action[64], via[96];
    (void)snprintf(action, sizeof action, "kms:%s", operation);
    through_ec2(via, k);
    struct lnm_policy_question q = {
        .account = account, .action = action, .via = via, .region = k->region};
    enum lnm_policy_effect effect = key_effect(c, k, &q);
    return effect == LNM_POLICY_ALLOWS || effect == LNM_POLICY_DELEGATES;
}

int lnm_key_check_state(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    if (strcmp(k->state, "Disabled") == 0) {
        return lnm_cloud_raise(r, 400, "DisabledException", "%s is disabled.", k->arn);
    }
    if (strncmp(k->state, "Pending", 7) == 0) {
        return lnm_cloud_raise(r, 400, "KMSInvalidStateException", "%s is pending %s.", k->arn,
                               strcmp(k->state, "PendingDeletion") == 0 ? "deletion"
                                                                        : "replica deletion");
    }
    return 0;
}

int lnm_key_check_use(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    if (strcmp(k->usage, "ENCRYPT_DECRYPT") != 0) {
        return lnm_cloud_raise(r, 400, "InvalidKeyUsageException",
                               "%s key usage is %s which is not valid for %s.", k->arn, k->usage,
                               r->op->name);
    }
    if (strcmp(k->spec, "SYMMETRIC_DEFAULT") != 0) {
        return lnm_cloud_raise(r, 400, "InvalidKeyUsageException",
                               "%s key spec is %s which is not valid for %s: the local cloud "
                               "encrypts under symmetric keys only.",
                               k->arn, k->spec, r->op->name);
    }
    return lnm_key_check_state(r, k);
}
