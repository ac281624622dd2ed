/* kms_keys.c - KMS keys and aliases as data: kinds of keys, making them, and resolving what a
 * caller names or saying why it names nothing. */
#include "cloud/kms.h"
#include "cloud/kms_material.h"
#include "cloud/kms_memo.h"

#include "aws/endpoint.h"
#include "base/clock.h"

#include <stdio.h>

#define EBS_ALIAS "alias/aws/ebs"
#define TEXT_SHOWN 200 /* bytes of a caller's text that a message repeats */

#define RSA_CRYPT "RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256"
#define RSA_SIGN                                                                                   \
    "RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 "               \
    "RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512"

static const struct {
    const char *spec, *usage, *algorithms;
} kinds[] = {
    {"SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"},
    {"RSA_2048", "ENCRYPT_DECRYPT", RSA_CRYPT},
    {"RSA_2048", "SIGN_VERIFY", RSA_SIGN},
    {"RSA_3072", "ENCRYPT_DECRYPT", RSA_CRYPT},
    {"RSA_3072", "SIGN_VERIFY", RSA_SIGN},
    {"RSA_4096", "ENCRYPT_DECRYPT", RSA_CRYPT},
    {"RSA_4096", "SIGN_VERIFY", RSA_SIGN},
    {"ECC_NIST_P256", "SIGN_VERIFY", "ECDSA_SHA_256"},
    {"ECC_NIST_P256", "KEY_AGREEMENT", "ECDH"},
    {"ECC_NIST_P384", "SIGN_VERIFY", "ECDSA_SHA_384"},
    {"ECC_NIST_P384", "KEY_AGREEMENT", "ECDH"},
    {"ECC_NIST_P521", "SIGN_VERIFY", "ECDSA_SHA_512"},
    {"ECC_NIST_P521", "KEY_AGREEMENT", "ECDH"},
    {"ECC_SECG_P256K1", "SIGN_VERIFY", "ECDSA_SHA_256"},
    {"HMAC_224", "GENERATE_VERIFY_MAC", "HMAC_SHA_224"},
    {"HMAC_256", "GENERATE_VERIFY_MAC", "HMAC_SHA_256"},
    {"HMAC_384", "GENERATE_VERIFY_MAC", "HMAC_SHA_384"},
    {"HMAC_512", "GENERATE_VERIFY_MAC", "HMAC_SHA_512"},
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

const char *lnm_key_algorithms(const char *spec, const char *usage) {
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].spec, spec) == 0 && strcmp(kinds[i].usage, usage) == 0) {
            return kinds[i].algorithms;
        }
    }
    return NULL;
}

bool lnm_key_spec_known(const char *spec) {
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].spec, spec) == 0) {
            return true;
        }
    }
    return false;
}

void lnm_key_name(struct lnm_cloud_key *k, const char *id, const char *account,
                  const char *region) {
    lnm_take(k->id, sizeof k->id, id);
    lnm_take(k->account, sizeof k->account, account);
    lnm_take(k->region, sizeof k->region, region);
    (void)snprintf(k->arn, sizeof k->arn, "arn:%s:kms:%s:%s:key/%s",
                   lnm_partition(lnm_str_z(region)), region, account, k->id);
}

static void read_row(struct lnm_cloud_key *k, sqlite3_stmt *s, const char *account,
                     const char *region) {
    memset(k, 0, sizeof *k);
    lnm_key_name(k, lnm_store_text(s, 0), account, region);
    lnm_take(k->description, sizeof k->description, lnm_store_text(s, 1));
    lnm_take(k->state, sizeof k->state, lnm_store_text(s, 2));
    lnm_take(k->usage, sizeof k->usage, lnm_store_text(s, 3));
    lnm_take(k->spec, sizeof k->spec, lnm_store_text(s, 4));
    lnm_take(k->manager, sizeof k->manager, lnm_store_text(s, 5));
    k->multi_region = lnm_store_int(s, 6) != 0;
    k->created_us = lnm_store_int(s, 7);
    k->deletion_us = lnm_store_int(s, 8);
    lnm_take(k->primary_region, sizeof k->primary_region, lnm_store_text(s, 9));
    k->window_days = lnm_store_int(s, 10);
}

static bool by_id(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                  const char *region, struct lnm_str id) {
    sqlite3_stmt *s = lnm_store_query(c,
                                      "SELECT id, description, state, usage, spec, manager, "
                                      "multi_region, created, deletion, primary_region, window_days"
                                      " FROM keys"
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

/* The id of the key that an alias names; false when there is no such alias. */
static bool find_alias(char id[48], struct lnm_cloud *c, const char *account, const char *region,
                       struct lnm_str alias) {
    sqlite3_stmt *s = lnm_store_query(
        c, "SELECT key FROM aliases WHERE account = ?1 AND region = ?2 AND name = ?3", "tts",
        account, region, alias);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    lnm_take(id, 48, found ? lnm_store_text(s, 0) : "");
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found && id[0] != '\0';
}

static bool by_alias(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                     const char *region, struct lnm_str alias) {
    char id[48];
    if (lnm_str_is(alias, EBS_ALIAS)) {
        return lnm_key_managed(c, out, account, region);
    }
    return find_alias(id, c, account, region, alias) &&
           by_id(c, out, account, region, lnm_str_z(id));
}

struct key_arn {
    struct lnm_str partition, service, region, account, resource;
};

/* arn:partition:kms:region:account:key/id or …:alias/name; false when it is no such thing. */
static bool split_arn(struct key_arn *a, struct lnm_str arn, const char *region) {
    struct lnm_str word, rest = lnm_str_cut(arn, ':', &word);
    rest = lnm_str_cut(rest, ':', &a->partition);
    rest = lnm_str_cut(rest, ':', &a->service);
    rest = lnm_str_cut(rest, ':', &a->region);
    a->resource = lnm_str_cut(rest, ':', &a->account);
    return lnm_str_is(word, "arn") && lnm_str_is(a->service, "kms") && a->region.len > 0 &&
           lnm_str_is(a->partition, lnm_partition(lnm_str_z(region))) && a->account.len > 0 &&
           (lnm_str_starts(a->resource, LNM_STR("key/")) ||
            lnm_str_starts(a->resource, LNM_STR("alias/")));
}

static bool by_arn(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                   const char *region, struct lnm_str arn) {
    struct key_arn a;
    char owner[16];
    if (!split_arn(&a, arn, region) || !lnm_str_is(a.region, region) || a.account.len != 12) {
        return false;
    }
    memcpy(owner, a.account.ptr, 12);
    owner[12] = '\0';
    if (lnm_str_starts(a.resource, LNM_STR("key/"))) {
        return by_id(c, out, owner, region,
                     (struct lnm_str){a.resource.ptr + 4, a.resource.len - 4});
    }
    bool own = strcmp(owner, account) == 0; /* another's alias/aws/ebs is not made by asking */
    return (own || !lnm_str_is(a.resource, EBS_ALIAS)) &&
           by_alias(c, out, owner, region, a.resource);
}

static bool find(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                 const char *region, struct lnm_str text) {
    if (lnm_str_starts(text, LNM_STR("arn:"))) {
        return by_arn(c, out, account, region, text);
    }
    if (lnm_str_starts(text, LNM_STR("alias/"))) {
        return by_alias(c, out, account, region, text);
    }
    return by_id(c, out, account, region, text);
}

bool lnm_key_resolve(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                     const char *region, struct lnm_str text) {
    if (lnm_memo_key(c, out, account, region, text)) {
        return true;
    }
    bool found = find(c, out, account, region, text);
    if (found) {
        lnm_memo_keep_key(c, out, account, region, text);
    }
    return found;
}

bool lnm_key_is_alias(struct lnm_str text) {
    struct lnm_str part, rest = text;
    if (lnm_str_starts(text, LNM_STR("alias/"))) {
        return true;
    }
    for (int i = 0; i < 5; i++) {
        rest = lnm_str_cut(rest, ':', &part);
    }
    return lnm_str_starts(text, LNM_STR("arn:")) && lnm_str_starts(rest, LNM_STR("alias/"));
}

static bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool lnm_key_is_id(struct lnm_str text) {
    bool multi_region = lnm_str_starts(text, LNM_STR("mrk-"));
    if (text.len != 36) {
        return false;
    }
    for (size_t i = multi_region ? 4 : 0; i < text.len; i++) {
        bool dash = !multi_region && (i == 8 || i == 13 || i == 18 || i == 23);
        if (dash ? text.ptr[i] != '-' : !is_hex(text.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* How much of a caller's text a message repeats: never half a character, or the answer would not be
 * UTF-8. */
static int shown(struct lnm_str text) {
    size_t len = text.len < TEXT_SHOWN ? text.len : TEXT_SHOWN;
    while (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80) {
        len--;
    }
    return (int)len;
}

int lnm_key_denied(struct lnm_cloud_request *r, struct lnm_str arn, const char *operation,
                   enum lnm_verdict why) {
    char action[64], reason[160];
    (void)snprintf(action, sizeof action, "kms:%s", operation);
    lnm_verdict_reason(reason, why, action);
    return lnm_cloud_raise(r, 400, "AccessDeniedException",
                           "User: %s is not authorized to perform: %s on resource: %.*s %s", r->arn,
                           action, shown(arn), arn.ptr, reason);
}

/* Another region's ARN is refused by that region's name; another account's tells nothing of what is
 * there. */
static int arn_not_found(struct lnm_cloud_request *r, struct lnm_str text) {
    struct key_arn a;
    if (!split_arn(&a, text, r->region)) {
        return lnm_cloud_raise(r, 400, "InvalidArnException", "Invalid arn %.*s", shown(text),
                               text.ptr);
    }
    if (!lnm_str_is(a.region, r->region)) {
        return lnm_cloud_raise(r, 400, "NotFoundException", "Invalid arn %.*s", shown(a.region),
                               a.region.ptr);
    }
    if (!lnm_str_is(a.account, r->account)) {
        return lnm_key_denied(r, text, r->op->name, LNM_NO_RESOURCE_POLICY);
    }
    bool alias = lnm_str_starts(a.resource, LNM_STR("alias/"));
    return lnm_cloud_raise(r, 400, "NotFoundException",
                           alias ? "Alias %.*s is not found." : "Key '%.*s' does not exist",
                           shown(text), text.ptr);
}

int lnm_key_not_found(struct lnm_cloud_request *r, struct lnm_str text) {
    const char *partition = lnm_partition(lnm_str_z(r->region));
    if (lnm_str_starts(text, LNM_STR("arn:"))) {
        return arn_not_found(r, text);
    }
    if (lnm_key_is_alias(text)) {
        return lnm_cloud_raise(r, 400, "NotFoundException",
                               "Alias arn:%s:kms:%s:%s:%.*s is not found.", partition, r->region,
                               r->account, shown(text), text.ptr);
    }
    if (lnm_key_is_id(text)) {
        return lnm_cloud_raise(r, 400, "NotFoundException",
                               "Key 'arn:%s:kms:%s:%s:key/%.*s' does not exist", partition,
                               r->region, r->account, shown(text), text.ptr);
    }
    return lnm_cloud_raise(r, 400, "NotFoundException", "Invalid keyId '%.*s'", shown(text),
                           text.ptr);
}

bool lnm_key_is_replica(const struct lnm_cloud_key *k) {
    return k->multi_region && strcmp(k->primary_region, k->region) != 0;
}

bool lnm_key_usable(const struct lnm_cloud_key *k) {
    return strcmp(k->state, "Enabled") == 0 && strcmp(k->spec, "SYMMETRIC_DEFAULT") == 0 &&
           strcmp(k->usage, "ENCRYPT_DECRYPT") == 0;
}

int lnm_key_create(struct lnm_cloud *c, struct lnm_cloud_key *k, const char *account,
                   const char *region, int64_t now_us) {
    char id[48];
    lnm_take(id, sizeof id, k->id);
    if (id[0] == '\0') {
        lnm_store_uuid(id);
    }
    lnm_key_name(k, id, account, region);
    k->created_us = now_us;
    int error = lnm_store_exec(
        c,
        "INSERT INTO keys(id, account, region, description, state, usage, spec, "
        "manager, multi_region,"
        " created, primary_region) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
        " ?11)",
        "ttttttttiit", k->id, account, region, k->description, k->state, k->usage, k->spec,
        k->manager, (int64_t)k->multi_region, now_us, k->multi_region ? k->primary_region : NULL);
    return error == 0 && strcmp(k->spec, "SYMMETRIC_DEFAULT") == 0 && !lnm_key_is_replica(k)
               ? lnm_kms_material_make(c, k, now_us)
               : error;
}

int lnm_key_alias(struct lnm_cloud *c, const struct lnm_cloud_key *k, const char *name,
                  int64_t now_us) {
    return lnm_store_exec(
        c,
        "INSERT OR REPLACE INTO aliases(account, region, name, key, created) VALUES(?1, ?2, ?3, ?4,"
        " ?5)",
        "tttti", k->account, k->region, name, k->id, now_us);
}

bool lnm_key_managed(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                     const char *region) {
    char id[48];
    if (find_alias(id, c, account, region, LNM_STR(EBS_ALIAS))) {
        return by_id(c, out, account, region, lnm_str_z(id));
    }
    struct lnm_cloud_key k = {
        .state = "Enabled",
        .usage = "ENCRYPT_DECRYPT",
        .spec = "SYMMETRIC_DEFAULT",
        .manager = "AWS",
        .description =
            "Default master key that protects my EBS volumes when no other key is defined"};
    *out = k;
    int64_t now_us = lnm_now_us();
    return lnm_key_create(c, out, account, region, now_us) == 0 &&
           lnm_key_alias(c, out, EBS_ALIAS, now_us) == 0;
}
