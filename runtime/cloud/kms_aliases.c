/* kms_aliases.c - aliases of keys. Source: the kms/2014-11-01 model; texts as recorded from the
 * service. */
#include "cloud/kms.h"

#include "aws/endpoint.h"

#include <stdio.h>

static int check_alias(struct lnm_cloud_request *r, struct lnm_str name) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  ":/_-";
    for (size_t i = 0; i < name.len; i++) {
        if (memchr(allowed, name.ptr[i], sizeof allowed - 1) == NULL) {
            return lnm_kms_invalid(r, "(its text)", "aliasName",
                                   "satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$");
        }
    }
    if (name.len > LNM_ALIAS_MAX) {
        return lnm_kms_invalid(r, "(too long)", "aliasName",
                               "have length less than or equal to 256");
    }
    if (!lnm_str_starts(name, LNM_STR("alias/"))) {
        return lnm_cloud_raise(
            r, 400, "ValidationException",
            "Alias must start with the prefix \"alias/\". Please see "
            "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html");
    }
    if (name.len == 6 || lnm_str_starts(name, LNM_STR("alias/aws/"))) {
        return lnm_cloud_raise(r, 400, "InvalidAliasNameException", "The alias name is not valid");
    }
    return 0;
}

static int create_alias(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k, other;
    char name[LNM_ALIAS_MAX + 1];
    struct lnm_str given = lnm_cloud_param(r, "alias_name");
    if (check_alias(r, given) < 0) {
        return -1;
    }
    if (lnm_key_is_alias(lnm_cloud_param(r, "target_key_id"))) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "Aliases must refer to keys. Not aliases");
    }
    lnm_kms_take(name, sizeof name, given, "");
    if (lnm_key_resolve(r->cloud, &other, r->account, r->region, given)) {
        return lnm_cloud_raise(r, 400, "AlreadyExistsException",
                               "An alias with the name arn:%s:kms:%s:%s:%s already exists",
                               lnm_partition(lnm_str_z(r->region)), r->region, r->account, name);
    }
    if (lnm_key_changeable(r, &k, "target_key_id", false) < 0 ||
        lnm_kms_check_quota(r, LNM_QUOTA_KEY_ALIASES,
                            "SELECT count(*) FROM aliases WHERE account = ?1 AND region = ?2 AND"
                            " key = ?3",
                            k.id) < 0) {
        return -1;
    }
    return lnm_key_alias(r->cloud, &k, name, r->now_us) < 0 ? lnm_cloud_internal(r) : 0;
}

/* The alias of a request that exists; its key in *k. */
static int existing(struct lnm_cloud_request *r, struct lnm_cloud_key *k, char *name) {
    struct lnm_str given = lnm_cloud_param(r, "alias_name");
    if (check_alias(r, given) < 0) {
        return -1;
    }
    lnm_kms_take(name, LNM_ALIAS_MAX + 1, given, "");
    return lnm_key_resolve(r->cloud, k, r->account, r->region, given) ? 0
                                                                      : lnm_key_not_found(r, given);
}

static int update_alias(struct lnm_cloud_request *r) {
    struct lnm_cloud_key before, k;
    char name[LNM_ALIAS_MAX + 1];
    if (existing(r, &before, name) < 0 || lnm_key_changeable(r, &k, "target_key_id", false) < 0) {
        return -1;
    }
    if (strcmp(before.usage, k.usage) != 0 || strcmp(before.spec, k.spec) != 0) {
        return lnm_cloud_raise(
            r, 400, "ValidationException",
            "The current key and the new key must be of the same type and usage");
    }
    return lnm_key_alias(r->cloud, &k, name, r->now_us) < 0 ? lnm_cloud_internal(r) : 0;
}

static int delete_alias(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    char name[LNM_ALIAS_MAX + 1];
    if (existing(r, &k, name) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud,
                          "DELETE FROM aliases WHERE account = ?1 AND region = ?2 AND name = ?3",
                          "ttt", r->account, r->region, name) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static void show_alias(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    char arn[400];
    (void)snprintf(arn, sizeof arn, "arn:%s:kms:%s:%s:%s", lnm_partition(lnm_str_z(r->region)),
                   r->region, r->account, lnm_store_text(s, 0));
    lnm_record_item(&r->out);
    lnm_record_setz(&r->out, "alias_name", lnm_store_text(s, 0));
    lnm_record_setz(&r->out, "alias_arn", arn);
    lnm_record_setz(&r->out, "target_key_id", lnm_store_text(s, 1));
    lnm_kms_show_time(&r->out, "creation_date", lnm_store_int(s, 2));
    lnm_kms_show_time(&r->out, "last_updated_date", lnm_store_int(s, 2));
    lnm_record_close(&r->out);
}

static int list_aliases(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k = {0};
    struct lnm_str marker = lnm_cloud_param(r, "marker");
    int64_t limit = lnm_kms_limit(r, 50, 100);
    if (limit < 0 || (lnm_cloud_given(r, "key_id") && lnm_key_find(r, &k, "key_id", false) < 0)) {
        return -1;
    }
    if (lnm_cloud_given(r, "marker") && !lnm_str_starts(marker, LNM_STR("alias/"))) {
        return lnm_kms_bad_marker(r);
    }
    return lnm_kms_show_page(
        r,
        lnm_store_query(r->cloud,
                        "SELECT a.name, a.key, a.created FROM aliases a JOIN keys k"
                        " ON k.account = a.account AND k.region = a.region AND k.id ="
                        " a.key WHERE a.account = ?1 AND a.region = ?2 AND a.name > ?3"
                        " AND (?4 = '' OR a.key = ?4) ORDER BY a.name",
                        "ttst", r->account, r->region, marker.len > 0 ? marker : LNM_STR(""), k.id),
        "aliases", limit, show_alias);
}

const struct lnm_cloud_action lnm_cloud_kms_aliases[] = {{"CreateAlias", create_alias},
                                                         {"DeleteAlias", delete_alias},
                                                         {"ListAliases", list_aliases},
                                                         {"UpdateAlias", update_alias},
                                                         {NULL, NULL}};
