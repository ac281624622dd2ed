/* kms.c - the KMS actions. Source: the kms/2014-11-01 model; texts as recorded from the service. */
#include "cloud/internal.h"

#include "aws/endpoint.h"
#include "base/date.h"

#include <stdio.h>

#define DAY_US (INT64_C(86400) * 1000000)

static int not_found(struct lnm_cloud_request *r, struct lnm_str text) {
    int n = (int)(text.len < 200 ? text.len : 200);
    if (lnm_str_starts(text, LNM_STR("arn:"))) {
        struct lnm_str part, region, rest = text;
        for (int i = 0; i < 3; i++) {
            rest = lnm_str_cut(rest, ':', &part);
        }
        (void)lnm_str_cut(rest, ':', &region);
        if (!lnm_str_is(region, r->region)) {
            return lnm_cloud_raise(r, 400, "NotFoundException", "Invalid arn %s", r->region);
        }
        bool alias = memmem(text.ptr, text.len, ":alias/", 7) != NULL;
        return lnm_cloud_raise(r, 400, "NotFoundException",
                               alias ? "Alias %.*s is not found." : "Key '%.*s' does not exist", n,
                               text.ptr);
    }
    if (lnm_str_starts(text, LNM_STR("alias/"))) {
        return lnm_cloud_raise(r, 400, "NotFoundException",
                               "Alias arn:aws:kms:%s:%s:%.*s is not found.", r->region, r->account,
                               n, text.ptr);
    }
    return lnm_cloud_raise(r, 400, "NotFoundException",
                           "Key 'arn:aws:kms:%s:%s:key/%.*s' does not exist", r->region, r->account,
                           n, text.ptr);
}

static int find(struct lnm_cloud_request *r, struct lnm_cloud_key *k, const char *param) {
    struct lnm_str text = lnm_cloud_param(r, param);
    return lnm_key_resolve(r->cloud, k, r->account, r->region, text) ? 0 : not_found(r, text);
}

static void show_time(struct lnm_record *out, const char *name, int64_t us) {
    char text[LNM_DATE_MAX];
    lnm_date_iso(text, us);
    lnm_record_setz(out, name, text);
}

static void show(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    struct lnm_record *out = &r->out;
    lnm_record_enter(out, "key_metadata");
    lnm_record_setz(out, "aws_account_id", k->account);
    lnm_record_setz(out, "key_id", k->id);
    lnm_record_setz(out, "arn", k->arn);
    show_time(out, "creation_date", k->created_us);
    lnm_record_set_bool(out, "enabled", strcmp(k->state, "Enabled") == 0);
    lnm_record_setz(out, "description", k->description);
    lnm_record_setz(out, "key_usage", k->usage);
    lnm_record_setz(out, "key_state", k->state);
    if (k->deletion_us != 0) {
        show_time(out, "deletion_date", k->deletion_us);
    }
    lnm_record_setz(out, "origin", "AWS_KMS");
    lnm_record_setz(out, "key_manager", k->manager);
    lnm_record_setz(out, "customer_master_key_spec", k->spec);
    lnm_record_setz(out, "key_spec", k->spec);
    if (strcmp(k->spec, "SYMMETRIC_DEFAULT") == 0) {
        lnm_record_enter(out, "encryption_algorithms");
        lnm_record_add(out, LNM_STR("SYMMETRIC_DEFAULT"));
        lnm_record_close(out);
    }
    lnm_record_set_bool(out, "multi_region", k->multi_region);
    lnm_record_close(out);
}

static void take(char *to, size_t size, struct lnm_str s, const char *fallback) {
    (void)snprintf(to, size, "%.*s",
                   (int)(s.len > 0 ? (s.len < size ? s.len : size - 1) : strlen(fallback)),
                   s.len > 0 ? s.ptr : fallback);
}

static int create_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k = {.state = "Enabled", .manager = "CUSTOMER"};
    struct lnm_str spec = lnm_cloud_param(r, "key_spec");
    spec = spec.len > 0 ? spec : lnm_cloud_param(r, "customer_master_key_spec");
    take(k.spec, sizeof k.spec, spec, "SYMMETRIC_DEFAULT");
    take(k.usage, sizeof k.usage, lnm_cloud_param(r, "key_usage"), "ENCRYPT_DECRYPT");
    take(k.description, sizeof k.description, lnm_cloud_param(r, "description"), "");
    k.multi_region = lnm_record_get_bool(&r->in, 0, "multi_region", false);
    bool hmac = strncmp(k.spec, "HMAC_", 5) == 0;
    if (hmac != (strcmp(k.usage, "GENERATE_VERIFY_MAC") == 0)) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "The key usage %s is not compatible with key spec %s", k.usage,
                               k.spec);
    }
    if (k.multi_region) {
        char uuid[40];
        struct lnm_buf id = {.max = 48};
        lnm_store_uuid(uuid);
        lnm_buf_addz(&id, "mrk-");
        for (const char *p = uuid; *p != '\0'; p++) {
            if (*p != '-') {
                lnm_buf_addc(&id, *p);
            }
        }
        take(k.id, sizeof k.id, lnm_buf_str(&id), "");
        lnm_buf_free(&id);
    }
    if (lnm_key_create(r->cloud, &k, r->account, r->region, r->now_us) < 0) {
        return lnm_cloud_internal(r);
    }
    show(r, &k);
    return 0;
}

static int describe_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    if (find(r, &k, "key_id") < 0) {
        return -1;
    }
    show(r, &k);
    return 0;
}

static bool valid_alias(struct lnm_str name) {
    for (size_t i = 6; i < name.len; i++) {
        char c = name.ptr[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '/' || c == '_' || c == '-' || c == ':';
        if (!ok) {
            return false;
        }
    }
    return name.len > 6 && name.len <= 256;
}

static int create_alias(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k, other;
    char name[260];
    struct lnm_str given = lnm_cloud_param(r, "alias_name");
    if (!lnm_str_starts(given, LNM_STR("alias/"))) {
        return lnm_cloud_raise(
            r, 400, "ValidationException",
            "Alias must start with the prefix \"alias/\". Please see "
            "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html");
    }
    if (lnm_str_starts(given, LNM_STR("alias/aws/")) || !valid_alias(given)) {
        return lnm_cloud_raise(r, 400, "InvalidAliasNameException", "The alias name is not valid");
    }
    if (lnm_key_resolve(r->cloud, &other, r->account, r->region, given)) {
        return lnm_cloud_raise(r, 400, "AlreadyExistsException",
                               "An alias with the name arn:aws:kms:%s:%s:%.*s already exists",
                               r->region, r->account, (int)given.len, given.ptr);
    }
    if (find(r, &k, "target_key_id") < 0) {
        return -1;
    }
    if (strcmp(k.state, "PendingDeletion") == 0) {
        return lnm_cloud_raise(r, 400, "KMSInvalidStateException", "%s is pending deletion.",
                               k.arn);
    }
    take(name, sizeof name, given, "");
    return lnm_key_alias(r->cloud, &k, name, r->now_us) < 0 ? lnm_cloud_internal(r) : 0;
}

static int list_aliases(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k = {0};
    int64_t limit = lnm_record_get_int(&r->in, 0, "limit", 50), shown = 0;
    char after[260], last[260] = "";
    if (lnm_cloud_given(r, "key_id") && find(r, &k, "key_id") < 0) {
        return -1;
    }
    take(after, sizeof after, lnm_cloud_param(r, "marker"), "");
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT name, key, created FROM aliases WHERE account = ?1 AND region = ?2 AND name > ?3"
        " ORDER BY name",
        "ttt", r->account, r->region, after);
    bool more = false;
    lnm_record_enter(&r->out, "aliases");
    while (s != NULL && !more && sqlite3_step(s) == SQLITE_ROW) {
        char arn[400];
        if (k.id[0] != '\0' && strcmp(k.id, lnm_store_text(s, 1)) != 0) {
            continue;
        }
        if (shown++ == limit) {
            more = true;
            break;
        }
        (void)snprintf(last, sizeof last, "%s", lnm_store_text(s, 0));
        (void)snprintf(arn, sizeof arn, "arn:%s:kms:%s:%s:%s", lnm_partition(lnm_str_z(r->region)),
                       r->region, r->account, last);
        lnm_record_item(&r->out);
        lnm_record_setz(&r->out, "alias_name", last);
        lnm_record_setz(&r->out, "alias_arn", arn);
        lnm_record_setz(&r->out, "target_key_id", lnm_store_text(s, 1));
        show_time(&r->out, "creation_date", lnm_store_int(s, 2));
        lnm_record_close(&r->out);
    }
    lnm_record_close(&r->out);
    if (more) {
        lnm_record_setz(&r->out, "next_marker", last);
    }
    lnm_record_set_bool(&r->out, "truncated", more);
    return 0;
}

static int set_state(struct lnm_cloud_request *r, const struct lnm_cloud_key *k, const char *state,
                     int64_t deletion) {
    return lnm_store_exec(
               r->cloud,
               "UPDATE keys SET state = ?1, deletion = ?2 WHERE account = ?3 AND region ="
               " ?4 AND id = ?5",
               "titt"
               "t",
               state, deletion, k->account, k->region, k->id) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

/* The key of a request that changes it: a customer's own, not pending deletion unless `pending`. */
static int changeable(struct lnm_cloud_request *r, struct lnm_cloud_key *k, bool pending) {
    if (find(r, k, "key_id") < 0) {
        return -1;
    }
    if (strcmp(k->manager, "AWS") == 0) {
        return lnm_cloud_raise(r, 400, "AccessDeniedException",
                               "The AWS managed key %s cannot be changed by an account", k->arn);
    }
    if (!pending && strcmp(k->state, "PendingDeletion") == 0) {
        return lnm_cloud_raise(r, 400, "KMSInvalidStateException", "%s is pending deletion.",
                               k->arn);
    }
    return 0;
}

static int disable_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return changeable(r, &k, false) < 0 ? -1 : set_state(r, &k, "Disabled", 0);
}

static int enable_key(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return changeable(r, &k, false) < 0 ? -1 : set_state(r, &k, "Enabled", 0);
}

static int schedule_deletion(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    int64_t days = lnm_record_get_int(&r->in, 0, "pending_window_in_days", 30);
    if (days < 7 || days > 30) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "PendingWindowInDays must be between 7 and 30");
    }
    if (changeable(r, &k, false) < 0 ||
        set_state(r, &k, "PendingDeletion", r->now_us + days * DAY_US) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "key_id", k.arn);
    show_time(&r->out, "deletion_date", r->now_us + days * DAY_US);
    lnm_record_setz(&r->out, "key_state", "PendingDeletion");
    lnm_record_set_int(&r->out, "pending_window_in_days", days);
    return 0;
}

static int cancel_deletion(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    if (changeable(r, &k, true) < 0) {
        return -1;
    }
    if (strcmp(k.state, "PendingDeletion") != 0) {
        return lnm_cloud_raise(r, 400, "KMSInvalidStateException", "%s is not pending deletion.",
                               k.arn);
    }
    lnm_record_setz(&r->out, "key_id", k.arn);
    return set_state(r, &k, "Disabled", 0);
}

static int list_keys(struct lnm_cloud_request *r) {
    int64_t limit = lnm_record_get_int(&r->in, 0, "limit", 100), shown = 0;
    char after[64], last[64] = "";
    bool more = false;
    take(after, sizeof after, lnm_cloud_param(r, "marker"), "");
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT id FROM keys WHERE account = ?1 AND region = ?2 AND"
                                      " id > ?3 ORDER BY id",
                                      "ttt", r->account, r->region, after);
    lnm_record_enter(&r->out, "keys");
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        char arn[200];
        if (shown++ == limit) {
            more = true;
            break;
        }
        (void)snprintf(last, sizeof last, "%s", lnm_store_text(s, 0));
        (void)snprintf(arn, sizeof arn, "arn:%s:kms:%s:%s:key/%s",
                       lnm_partition(lnm_str_z(r->region)), r->region, r->account, last);
        lnm_record_item(&r->out);
        lnm_record_setz(&r->out, "key_id", last);
        lnm_record_setz(&r->out, "key_arn", arn);
        lnm_record_close(&r->out);
    }
    lnm_record_close(&r->out);
    if (more) {
        lnm_record_setz(&r->out, "next_marker", last);
    }
    lnm_record_set_bool(&r->out, "truncated", more);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_kms[] = {{"CancelKeyDeletion", cancel_deletion},
                                                 {"CreateAlias", create_alias},
                                                 {"CreateKey", create_key},
                                                 {"DescribeKey", describe_key},
                                                 {"DisableKey", disable_key},
                                                 {"EnableKey", enable_key},
                                                 {"ListAliases", list_aliases},
                                                 {"ListKeys", list_keys},
                                                 {"ScheduleKeyDeletion", schedule_deletion},
                                                 {NULL, NULL}};
