/* kms.c - the KMS actions. Source: the kms/2014-11-01 model; texts as recorded from the service. */
#include "cloud/kms_crypto.h"
#include "cloud/marker.h"

#include "aws/endpoint.h"
#include "base/date.h"

#include <stdio.h>

#define KEY_ID_MAX 2048
#define DESCRIPTION_MAX 8192

int lnm_kms_invalid(struct lnm_cloud_request *r, const char *value, const char *member,
                    const char *constraint) {
    return lnm_cloud_raise(r, 400, "ValidationException",
                           "1 validation error detected: Value '%s' at '%s' failed to satisfy "
                           "constraint: Member must %s",
                           value, member, constraint);
}

void lnm_kms_take(char *to, size_t size, struct lnm_str s, const char *fallback) {
    struct lnm_str from = s.len > 0 ? s : lnm_str_z(fallback);
    size_t len = from.len < size ? from.len : size - 1;
    while (len > 0 && len < from.len && ((unsigned char)from.ptr[len] & 0xC0) == 0x80) {
        len--;
    }
    memcpy(to, from.ptr, len);
    to[len] = '\0';
}

int lnm_key_find_for(struct lnm_cloud_request *r, struct lnm_cloud_key *k, const char *param,
                     const char *operation, const char *context) {
    struct lnm_str text = lnm_cloud_param(r, param);
    if (text.len == 0) {
        return lnm_kms_invalid(r, "", "keyId", "have length greater than or equal to 1");
    }
    if (text.len > KEY_ID_MAX) {
        return lnm_kms_invalid(r, "(too long)", "keyId", "have length less than or equal to 2048");
    }
    if (!lnm_key_resolve(r->cloud, k, r->account, r->region, text)) {
        return lnm_key_not_found(r, text);
    }
    return lnm_grant_check_tokens(r) < 0 ? -1 : lnm_key_check(r, k, operation, context);
}

int lnm_key_find(struct lnm_cloud_request *r, struct lnm_cloud_key *k, const char *param,
                 bool aliases) {
    struct lnm_str text = lnm_cloud_param(r, param);
    if (!aliases && text.len <= KEY_ID_MAX && lnm_key_is_alias(text)) {
        return lnm_cloud_raise(r, 400, "NotFoundException", "Invalid keyId '%.*s'",
                               (int)(text.len < LNM_ALIAS_MAX ? text.len : 0), text.ptr);
    }
    return lnm_key_find_for(r, k, param, r->op->name, "encryption_context");
}

void lnm_kms_show_time(struct lnm_record *out, const char *name, int64_t us) {
    char text[LNM_DATE_MAX];
    lnm_date_iso(text, us);
    lnm_record_setz(out, name, text);
}

static void show_algorithms(struct lnm_record *out, const struct lnm_cloud_key *k) {
    static const char *const lists[][2] = {{"ENCRYPT_DECRYPT", "encryption_algorithms"},
                                           {"SIGN_VERIFY", "signing_algorithms"},
                                           {"GENERATE_VERIFY_MAC", "mac_algorithms"},
                                           {"KEY_AGREEMENT", "key_agreement_algorithms"}};
    struct lnm_str word, rest = lnm_str_z(lnm_key_algorithms(k->spec, k->usage));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(lists[i][0], k->usage) != 0) {
            continue;
        }
        lnm_record_enter(out, lists[i][1]);
        while (rest.len > 0) {
            rest = lnm_str_cut(rest, ' ', &word);
            lnm_record_add(out, word);
        }
        lnm_record_close(out);
    }
}

/* Read here, because struct lnm_cloud_key holds its beginning only. */
static void show_description(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT description FROM keys WHERE account = ?1 AND region = ?2 AND id = ?3",
        "ttt", k->account, k->region, k->id);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_record_setz(&r->out, "description", lnm_store_text(s, 0));
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
}

void lnm_key_show(struct lnm_cloud_request *r, const struct lnm_cloud_key *k, const char *member) {
    struct lnm_record *out = &r->out;
    lnm_record_enter(out, member);
    lnm_record_setz(out, "aws_account_id", k->account);
    lnm_record_setz(out, "key_id", k->id);
    lnm_record_setz(out, "arn", k->arn);
    lnm_kms_show_time(out, "creation_date", k->created_us);
    lnm_record_set_bool(out, "enabled", strcmp(k->state, "Enabled") == 0);
    show_description(r, k);
    lnm_record_setz(out, "key_usage", k->usage);
    lnm_record_setz(out, "key_state", k->state);
    if (k->deletion_us != 0) {
        lnm_kms_show_time(out, "deletion_date", k->deletion_us);
    }
    lnm_record_setz(out, "origin", "AWS_KMS");
    lnm_record_setz(out, "key_manager", k->manager);
    lnm_record_setz(out, "customer_master_key_spec", k->spec);
    lnm_record_setz(out, "key_spec", k->spec);
    show_algorithms(out, k);
    lnm_record_set_bool(out, "multi_region", k->multi_region);
    if (k->multi_region) {
        lnm_key_show_replicas(r, k);
    }
    if (strcmp(k->state, "PendingReplicaDeletion") == 0) {
        lnm_record_set_int(out, "pending_deletion_window_in_days", k->window_days);
    }
    lnm_kms_show_material(r, k, "current_key_material_id");
    lnm_record_close(out);
}

int lnm_key_describe(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    struct lnm_str description = lnm_cloud_param(r, "description");
    if (description.len > DESCRIPTION_MAX) {
        return lnm_kms_invalid(r, "(too long)", "description",
                               "have length less than or equal to 8192");
    }
    return lnm_store_exec(r->cloud,
                          "UPDATE keys SET description = ?1 WHERE account = ?2 AND region = ?3 AND"
                          " id = ?4",
                          "sttt", description.len > 0 ? description : LNM_STR(""), k->account,
                          k->region, k->id) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int check_kind(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                      bool usage_given) {
    if (!lnm_key_spec_known(k->spec)) {
        return lnm_kms_invalid(r, k->spec, "keySpec", "satisfy enum value set");
    }
    if (!usage_given && strcmp(k->spec, "SYMMETRIC_DEFAULT") != 0) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "You must specify a KeyUsage value for all KMS keys except for "
                               "symmetric encryption keys.");
    }
    if (lnm_key_algorithms(k->spec, k->usage) == NULL) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "KeyUsage %s is not compatible with KeySpec %s", k->usage, k->spec);
    }
    return 0;
}

/* What would need key material from elsewhere is refused: better than a key that only looks so. */
static int check_origin(struct lnm_cloud_request *r) {
    struct lnm_str origin = lnm_cloud_param(r, "origin");
    if ((origin.len > 0 && !lnm_str_is(origin, "AWS_KMS")) ||
        lnm_cloud_given(r, "custom_key_store_id") || lnm_cloud_given(r, "xks_key_id")) {
        return lnm_cloud_raise(r, 400, "UnsupportedOperationException",
                               "The local cloud makes keys of origin AWS_KMS only");
    }
    return 0;
}

static void multi_region_id(char *out, size_t size) {
    char uuid[40];
    size_t len = (size_t)snprintf(out, size, "mrk-");
    lnm_store_uuid(uuid);
    for (const char *p = uuid; *p != '\0' && len + 1 < size; p++) {
        if (*p != '-') {
            out[len++] = *p;
        }
    }
    out[len] = '\0';
}

int lnm_kms_check_quota(struct lnm_cloud_request *r, enum lnm_quota q, const char *sql,
                        const char *key) {
    int64_t quota;
    return lnm_limits_reached(r, q, sql, key, &quota)
               ? lnm_cloud_raise(r, 400, "LimitExceededException",
                                 "The quota of %lld has been reached", (long long)quota)
               : 0;
}

static int create_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k = {.state = "Enabled", .manager = "CUSTOMER"};
    struct lnm_str spec = lnm_cloud_param(r, "key_spec");
    struct lnm_str usage = lnm_cloud_param(r, "key_usage");
    lnm_kms_take(k.spec, sizeof k.spec,
                 spec.len > 0 ? spec : lnm_cloud_param(r, "customer_master_key_spec"),
                 "SYMMETRIC_DEFAULT");
    lnm_kms_take(k.usage, sizeof k.usage, usage, "ENCRYPT_DECRYPT");
    k.multi_region = lnm_record_get_bool(&r->in, 0, "multi_region", false);
    if (check_kind(r, &k, usage.len > 0) < 0 || check_origin(r) < 0 ||
        lnm_kms_check_quota(r, LNM_QUOTA_KEYS,
                            "SELECT count(*) FROM keys WHERE account = ?1 AND region = ?2 AND"
                            " manager <> 'AWS'",
                            NULL) < 0) {
        return -1;
    }
    if (k.multi_region) {
        multi_region_id(k.id, sizeof k.id);
        lnm_take(k.primary_region, sizeof k.primary_region, r->region);
    }
    if (lnm_key_create(r->cloud, &k, r->account, r->region, r->now_us) < 0) {
        return lnm_cloud_internal(r);
    }
    if (lnm_key_describe(r, &k) < 0 ||
        (lnm_cloud_given(r, "policy") && lnm_policy_keep(r, &k) < 0) ||
        lnm_kms_tags_keep(r, &k) < 0) {
        return -1;
    }
    lnm_key_show(r, &k, "key_metadata");
    return 0;
}

static int describe_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    if (lnm_key_find(r, &k, "key_id", true) < 0) {
        return -1;
    }
    lnm_key_show(r, &k, "key_metadata");
    return 0;
}

int lnm_key_changeable(struct lnm_cloud_request *r, struct lnm_cloud_key *k, const char *param,
                       bool pending) {
    if (lnm_key_find(r, k, param, false) < 0) {
        return -1;
    }
    if (strcmp(k->manager, "AWS") == 0) {
        return lnm_key_denied(r, lnm_str_z(k->arn), r->op->name, LNM_NO_RESOURCE_POLICY);
    }
    return !pending && strncmp(k->state, "Pending", 7) == 0 ? lnm_key_check_state(r, k) : 0;
}

int64_t lnm_kms_limit(struct lnm_cloud_request *r, int64_t fallback, int64_t most) {
    int64_t limit = lnm_record_get_int(&r->in, 0, "limit", fallback);
    char value[24], constraint[80];
    if (limit >= 1 && limit <= most) {
        return limit;
    }
    (void)snprintf(value, sizeof value, "%lld", (long long)limit);
    (void)snprintf(constraint, sizeof constraint, "have value %s than or equal to %d",
                   limit < 1 ? "greater" : "less", limit < 1 ? 1 : (int)most);
    return lnm_kms_invalid(r, value, "limit", constraint);
}

int lnm_kms_bad_marker(struct lnm_cloud_request *r) {
    return lnm_cloud_raise(r, 400, "InvalidMarkerException",
                           "The marker is not one that this action gave");
}

static void show_key_entry(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    char arn[200];
    (void)snprintf(arn, sizeof arn, "arn:%s:kms:%s:%s:key/%s", lnm_partition(lnm_str_z(r->region)),
                   r->region, r->account, lnm_store_text(s, 0));
    lnm_record_item(&r->out);
    lnm_record_setz(&r->out, "key_id", lnm_store_text(s, 0));
    lnm_record_setz(&r->out, "key_arn", arn);
    lnm_record_close(&r->out);
}

int lnm_kms_show_page(struct lnm_cloud_request *r, sqlite3_stmt *s, const char *list, int64_t limit,
                      void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s)) {
    const struct lnm_marker_names names = {list, "next_marker", "truncated"};
    return lnm_marker_page(r, s, &names, limit, show_row);
}

static int list_keys(struct lnm_cloud_request *r) {
    struct lnm_str marker = lnm_cloud_param(r, "marker");
    int64_t limit = lnm_kms_limit(r, 100, 1000);
    if (limit < 0) {
        return -1;
    }
    if (lnm_cloud_given(r, "marker") && !lnm_key_is_id(marker)) {
        return lnm_kms_bad_marker(r);
    }
    return lnm_kms_show_page(
        r,
        lnm_store_query(r->cloud,
                        "SELECT id FROM keys WHERE account = ?1 AND region = ?2 AND"
                        " id > ?3 ORDER BY id",
                        "tts", r->account, r->region, marker.len > 0 ? marker : LNM_STR("")),
        "keys", limit, show_key_entry);
}

static int set_state(struct lnm_cloud_request *r, const struct lnm_cloud_key *k, const char *state,
                     int64_t deletion) {
    int error = lnm_store_exec(r->cloud,
                               "UPDATE keys SET state = ?1, deletion = ?2 WHERE account = ?3 AND"
                               " region = ?4 AND id = ?5",
                               "tittt", state, deletion, k->account, k->region, k->id);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

static int disable_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return lnm_key_changeable(r, &k, "key_id", false) < 0 ? -1 : set_state(r, &k, "Disabled", 0);
}

static int enable_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return lnm_key_changeable(r, &k, "key_id", false) < 0 ? -1 : set_state(r, &k, "Enabled", 0);
}

/* A primary waits until its replicas are gone, and then its own time. */
static int schedule_primary(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                            int64_t days) {
    lnm_record_setz(&r->out, "key_state", "PendingReplicaDeletion");
    return lnm_store_exec(r->cloud,
                          "UPDATE keys SET window_days = ?1 WHERE account = ?2 AND region = ?3 AND"
                          " id = ?4",
                          "ittt", days, k->account, k->region, k->id) < 0
               ? lnm_cloud_internal(r)
               : set_state(r, k, "PendingReplicaDeletion", 0);
}

static int schedule_deletion(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    int64_t days = lnm_record_get_int(&r->in, 0, "pending_window_in_days", 30);
    if (days < 7 || days > 30) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "PendingWindowInDays must be between 7 and 30 (inclusive).");
    }
    if (lnm_key_changeable(r, &k, "key_id", false) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "key_id", k.arn);
    lnm_record_set_int(&r->out, "pending_window_in_days", days);
    if (!lnm_key_is_replica(&k) && lnm_key_has_replicas(r->cloud, &k)) {
        return schedule_primary(r, &k, days);
    }
    lnm_kms_show_time(&r->out, "deletion_date", r->now_us + days * LNM_DAY_US);
    lnm_record_setz(&r->out, "key_state", "PendingDeletion");
    return set_state(r, &k, "PendingDeletion", r->now_us + days * LNM_DAY_US);
}

static int cancel_deletion(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    if (lnm_key_changeable(r, &k, "key_id", true) < 0) {
        return -1;
    }
    if (strncmp(k.state, "Pending", 7) != 0) {
        return lnm_cloud_raise(r, 400, "KMSInvalidStateException", "%s is not pending deletion.",
                               k.arn);
    }
    lnm_record_setz(&r->out, "key_id", k.arn);
    return set_state(r, &k, "Disabled", 0);
}

const struct lnm_cloud_action lnm_cloud_kms[] = {{"CancelKeyDeletion", cancel_deletion},
                                                 {"CreateKey", create_key},
                                                 {"DescribeKey", describe_key},
                                                 {"DisableKey", disable_key},
                                                 {"EnableKey", enable_key},
                                                 {"ListKeys", list_keys},
                                                 {"ScheduleKeyDeletion", schedule_deletion},
                                                 {NULL, NULL}};
