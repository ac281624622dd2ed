/* kms_keys.c - KMS keys and aliases as data: making them, and resolving what a caller names. */
#include "cloud/internal.h"

#include "aws/endpoint.h"

#include <stdio.h>

#define EBS_ALIAS "alias/aws/ebs"

static void read_row(struct lnm_cloud_key *k, sqlite3_stmt *s, const char *account,
                     const char *region) {
    memset(k, 0, sizeof *k);
    (void)snprintf(k->id, sizeof k->id, "%s", lnm_store_text(s, 0));
    (void)snprintf(k->account, sizeof k->account, "%s", account);
    (void)snprintf(k->region, sizeof k->region, "%s", region);
    (void)snprintf(k->arn, sizeof k->arn, "arn:%s:kms:%s:%s:key/%s",
                   lnm_partition(lnm_str_z(region)), region, account, k->id);
    (void)snprintf(k->description, sizeof k->description, "%s", lnm_store_text(s, 1));
    (void)snprintf(k->state, sizeof k->state, "%s", lnm_store_text(s, 2));
    (void)snprintf(k->usage, sizeof k->usage, "%s", lnm_store_text(s, 3));
    (void)snprintf(k->spec, sizeof k->spec, "%s", lnm_store_text(s, 4));
    (void)snprintf(k->manager, sizeof k->manager, "%s", lnm_store_text(s, 5));
    k->multi_region = lnm_store_int(s, 6) != 0;
    k->created_us = lnm_store_int(s, 7);
    k->deletion_us = lnm_store_int(s, 8);
}

static bool by_id(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                  const char *region, struct lnm_str id) {
    sqlite3_stmt *s = lnm_store_query(c,
                                      "SELECT id, description, state, usage, spec, manager, "
                                      "multi_region, created, deletion FROM keys"
                                      " WHERE account = ?1 AND region = ?2 AND id = ?3",
                                      "tts", account, region, id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        read_row(out, s, account, region);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

static bool by_alias(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                     const char *region, struct lnm_str alias) {
    char id[48] = "";
    sqlite3_stmt *s = lnm_store_query(
        c, "SELECT key FROM aliases WHERE account = ?1 AND region = ?2 AND name = ?3", "tts",
        account, region, alias);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        (void)snprintf(id, sizeof id, "%s", lnm_store_text(s, 0));
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    if (id[0] == '\0' && lnm_str_is(alias, EBS_ALIAS)) {
        return lnm_key_default(c, out, account, region);
    }
    return id[0] != '\0' && by_id(c, out, account, region, lnm_str_z(id));
}

/* arn:partition:kms:region:account:key/id or …:alias/name of this account and region. */
static bool by_arn(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                   const char *region, struct lnm_str arn) {
    struct lnm_str part, arn_region, arn_account;
    struct lnm_str rest = lnm_str_cut(arn, ':', &part);
    rest = lnm_str_cut(rest, ':', &part);
    rest = lnm_str_cut(rest, ':', &part);
    rest = lnm_str_cut(rest, ':', &arn_region);
    rest = lnm_str_cut(rest, ':', &arn_account);
    if (!lnm_str_is(arn_region, region) || !lnm_str_is(arn_account, account)) {
        return false;
    }
    if (lnm_str_starts(rest, LNM_STR("key/"))) {
        return by_id(c, out, account, region, (struct lnm_str){rest.ptr + 4, rest.len - 4});
    }
    return by_alias(c, out, account, region, rest);
}

bool lnm_key_resolve(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                     const char *region, struct lnm_str text) {
    if (lnm_str_starts(text, LNM_STR("arn:"))) {
        return by_arn(c, out, account, region, text);
    }
    if (lnm_str_starts(text, LNM_STR("alias/"))) {
        return by_alias(c, out, account, region, text);
    }
    return by_id(c, out, account, region, text);
}

bool lnm_key_usable(const struct lnm_cloud_key *k) {
    return strcmp(k->state, "Enabled") == 0 && strcmp(k->spec, "SYMMETRIC_DEFAULT") == 0 &&
           strcmp(k->usage, "ENCRYPT_DECRYPT") == 0;
}

int lnm_key_create(struct lnm_cloud *c, struct lnm_cloud_key *k, const char *account,
                   const char *region, int64_t now_us) {
    char uuid[40];
    if (k->id[0] == '\0') {
        lnm_store_uuid(uuid);
        (void)snprintf(k->id, sizeof k->id, "%s", uuid);
    }
    (void)snprintf(k->account, sizeof k->account, "%s", account);
    (void)snprintf(k->region, sizeof k->region, "%s", region);
    (void)snprintf(k->arn, sizeof k->arn, "arn:%s:kms:%s:%s:key/%s",
                   lnm_partition(lnm_str_z(region)), region, account, k->id);
    k->created_us = now_us;
    return lnm_store_exec(c,
                          "INSERT INTO keys(id, account, region, description, state, usage, spec, "
                          "manager, multi_region,"
                          " created) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                          "ttttttttii", k->id, account, region, k->description, k->state, k->usage,
                          k->spec, k->manager, (int64_t)k->multi_region, now_us);
}

int lnm_key_alias(struct lnm_cloud *c, const struct lnm_cloud_key *k, const char *name,
                  int64_t now_us) {
    return lnm_store_exec(
        c,
        "INSERT INTO aliases(account, region, name, key, created) VALUES(?1, ?2, ?3, ?4,"
        " ?5)",
        "tttti", k->account, k->region, name, k->id, now_us);
}

bool lnm_key_default(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                     const char *region) {
    sqlite3_stmt *s = lnm_store_query(
        c, "SELECT 1 FROM aliases WHERE account = ?1 AND region = ?2 AND name = '" EBS_ALIAS "'",
        "tt", account, region);
    bool there = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    if (there) {
        return by_alias(c, out, account, region, LNM_STR(EBS_ALIAS));
    }
    struct lnm_cloud_key k = {
        .state = "Enabled",
        .usage = "ENCRYPT_DECRYPT",
        .spec = "SYMMETRIC_DEFAULT",
        .manager = "AWS",
        .description =
            "Default master key that protects my EBS volumes when no other key is defined"};
    *out = k;
    return lnm_key_create(c, out, account, region, 0) == 0 &&
           lnm_key_alias(c, out, EBS_ALIAS, 0) == 0;
}
