/* ebs_defaults.c - what new volumes and snapshots are encrypted with, and the account's defaults.
 *
 * Source: the outcome tables of "Encryption support when copying AMIs", "Amazon EBS encryption
 * examples" and "Encryption by default" (EC2 and EBS user guides). */
#include "cloud/ebs_access.h"
#include "cloud/kms_memo.h"
#include "cloud/switches.h"

#include <stdio.h>

/* What was chosen for an account in a region. */
static void read_default(struct lnm_ebs_default *d, struct lnm_cloud *c, const char *account,
                         const char *region) {
    const struct lnm_ebs_default *known = lnm_memo_default(c, account, region);
    if (known != NULL) {
        *d = *known;
        return;
    }
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT encrypt, key FROM defaults WHERE account = ?1 AND region = ?2",
                        "tt", account, region);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    d->encrypts = lnm_store_int(found ? s : NULL, 0) != 0;
    lnm_take(d->key, sizeof d->key, lnm_store_text(found ? s : NULL, 1));
    (void)sqlite3_reset(s);
    lnm_memo_keep_default(c, account, region, d);
}

static bool find_default(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                         const char *region, const struct lnm_ebs_default *d) {
    return lnm_key_resolve(c, out, account, region,
                           d->key[0] != '\0' ? lnm_str_z(d->key) : LNM_STR("alias/aws/ebs"));
}

bool lnm_key_default(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                     const char *region) {
    struct lnm_ebs_default d;
    read_default(&d, c, account, region);
    return find_default(c, out, account, region, &d);
}

void lnm_ebs_decide(struct lnm_ebs_outcome *out, struct lnm_cloud_request *r,
                    const struct lnm_ebs_wish *w) {
    struct lnm_cloud *c = r->cloud;
    const char *account = r->account, *region = r->region;
    struct lnm_cloud_key k = {0};
    struct lnm_ebs_default d;
    bool found;
    read_default(&d, c, account, region);
    memset(out, 0, sizeof *out);
    out->encrypted = w->encrypt || w->from_encrypted || d.encrypts;
    if (!out->encrypted) {
        return;
    }
    if (w->key.len > 0) {
        found = lnm_key_resolve(c, &k, account, region, w->key);
    } else if (w->from_encrypted && w->keeps) {
        found = lnm_key_resolve(c, &k, account, region, lnm_str_z(w->from_key));
    } else if (w->managed && w->from_encrypted && !d.encrypts) {
        found = lnm_key_managed(c, &k, account, region);
    } else {
        found = find_default(c, &k, account, region, &d);
    }
    out->doomed = !found;
    (void)snprintf(out->key_arn, sizeof out->key_arn, "%.*s",
                   found ? 159 : (int)(w->key.len < 159 ? w->key.len : 159),
                   found            ? k.arn
                   : w->key.len > 0 ? w->key.ptr
                                    : "");
    if (found) {
        lnm_ebs_doom(out, r, w, &k);
    }
}

int lnm_ebs_check_plain(struct lnm_cloud_request *r, uint32_t at, bool from_encrypted) {
    return !from_encrypted || lnm_record_find(&r->in, at, "encrypted") == 0 ||
                   lnm_switch_is(r->cloud, LNM_SWITCH_ENCRYPTED_FALSE, "ignored") ||
                   lnm_record_get_bool(&r->in, at, "encrypted", false)
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "Invalid value 'false' for Encrypted: the snapshot is encrypted");
}

int lnm_ebs_check(struct lnm_cloud_request *r, bool encrypt, struct lnm_str key) {
    return key.len == 0 || encrypt
               ? 0
               : lnm_cloud_raise(
                     r, 400, lnm_switch_value(r->cloud, LNM_SWITCH_KEY_WITHOUT_ENCRYPTED),
                     "The parameter [KmsKeyId] requires the parameter Encrypted to be set.");
}

/* ---- the actions -------------------------------------------------------------------------------
 */

static int set(struct lnm_cloud_request *r, bool on) {
    int error = lnm_store_exec(r->cloud,
                               "INSERT INTO defaults(account, region, encrypt) VALUES(?1, ?2, ?3)"
                               " ON CONFLICT DO UPDATE SET encrypt = ?3",
                               "tti", r->account, r->region, (int64_t)on);
    lnm_record_set_bool(&r->out, "ebs_encryption_by_default", on);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

static int enable(struct lnm_cloud_request *r) {
    return set(r, true);
}

static int disable(struct lnm_cloud_request *r) {
    return set(r, false);
}

static int get(struct lnm_cloud_request *r) {
    struct lnm_ebs_default d;
    read_default(&d, r->cloud, r->account, r->region);
    lnm_record_set_bool(&r->out, "ebs_encryption_by_default", d.encrypts);
    if (d.encrypts) {
        lnm_record_setz(&r->out, "sse_type", "sse-kms");
    }
    return 0;
}

static int get_key(struct lnm_cloud_request *r) {
    struct lnm_ebs_default d;
    struct lnm_cloud_key k;
    read_default(&d, r->cloud, r->account, r->region);
    bool found = find_default(r->cloud, &k, r->account, r->region, &d);
    if (!found && d.key[0] == '\0') {
        return lnm_cloud_internal(r);
    }
    bool alias = d.key[0] == '\0' && lnm_switch_is(r->cloud, LNM_SWITCH_DEFAULT_KEY_TEXT, "alias");
    lnm_record_setz(&r->out, "kms_key_id", alias ? "alias/aws/ebs" : found ? k.arn : d.key);
    return 0;
}

/* A key that does not exist is accepted; one of the wrong kind is not. */
static int modify_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    struct lnm_str given = lnm_cloud_param(r, "kms_key_id");
    bool found = lnm_key_resolve(r->cloud, &k, r->account, r->region, given);
    if (found && strcmp(k.spec, "SYMMETRIC_DEFAULT") != 0) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Invalid value '%s' for KmsKeyId: EBS supports symmetric keys only",
                               k.arn);
    }
    if (lnm_store_exec(r->cloud,
                       "INSERT INTO defaults(account, region, encrypt, key) VALUES(?1, ?2, 0, ?3)"
                       " ON CONFLICT DO UPDATE SET key = ?3",
                       "tts", r->account, r->region, found ? lnm_str_z(k.arn) : given) < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_record_set(&r->out, "kms_key_id", found ? lnm_str_z(k.arn) : given);
    return 0;
}

static int reset_key(struct lnm_cloud_request *r) {
    if (lnm_store_exec(r->cloud,
                       "UPDATE defaults SET key = NULL WHERE account = ?1 AND region = ?2", "tt",
                       r->account, r->region) < 0) {
        return lnm_cloud_internal(r);
    }
    return get_key(r);
}

const struct lnm_cloud_action lnm_cloud_ebs_defaults[] = {
    {"DisableEbsEncryptionByDefault", disable},
    {"EnableEbsEncryptionByDefault", enable},
    {"GetEbsDefaultKmsKeyId", get_key},
    {"GetEbsEncryptionByDefault", get},
    {"ModifyEbsDefaultKmsKeyId", modify_key},
    {"ResetEbsDefaultKmsKeyId", reset_key},
    {NULL, NULL}};
