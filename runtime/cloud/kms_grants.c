/* kms_grants.c - grants: who else may use a key, operation by operation. Source: the
 * kms/2014-11-01 model and the KMS developer guide on grants. */
#include "cloud/kms.h"

#include "aws/endpoint.h"
#include "aws/json.h"

#include <jansson.h>
#include <stdio.h>

#define OPERATIONS_MAX 512
#define PRINCIPAL_MAX 256

static const char *const operations[] = {"CreateGrant",
                                         "Decrypt",
                                         "DeriveSharedSecret",
                                         "DescribeKey",
                                         "Encrypt",
                                         "GenerateDataKey",
                                         "GenerateDataKeyPair",
                                         "GenerateDataKeyPairWithoutPlaintext",
                                         "GenerateDataKeyWithoutPlaintext",
                                         "GenerateMac",
                                         "GetPublicKey",
                                         "ReEncryptFrom",
                                         "ReEncryptTo",
                                         "RetireGrant",
                                         "Sign",
                                         "Verify",
                                         "VerifyMac"};

static bool is_operation(struct lnm_str name) {
    size_t i = 0, n = sizeof operations / sizeof operations[0];
    while (i < n && !lnm_str_is(name, operations[i])) {
        i++;
    }
    return i < n;
}

/* Is a word in a list of words separated by spaces? */
static bool has_word(const char *list, const char *word) {
    struct lnm_str one, rest = lnm_str_z(list);
    while (rest.len > 0) {
        rest = lnm_str_cut(rest, ' ', &one);
        if (lnm_str_is(one, word)) {
            return true;
        }
    }
    return false;
}

/* ---- constraints ------------------------------------------------------------------------------
 */

static size_t context_size(const struct lnm_buf *facts) {
    const struct lnm_policy_fact *f = facts != NULL ? (const void *)facts->ptr : NULL;
    size_t size = 0;
    for (size_t n = f != NULL ? facts->len / sizeof *f : 0; n > 0; n--, f++) {
        size += strcmp(f->key, LNM_CONTEXT_FACT) == 0 ? 1 : 0;
    }
    return size;
}

static bool context_has(const struct lnm_buf *facts, const char *key, const json_t *value) {
    const struct lnm_policy_fact *f = facts != NULL ? (const void *)facts->ptr : NULL;
    for (size_t n = f != NULL ? facts->len / sizeof *f : 0; n > 0; n--, f++) {
        if (strcmp(f->key, LNM_CONTEXT_FACT) == 0 && lnm_str_is(f->suffix, key) &&
            json_is_string(value) && lnm_str_is(f->value, json_string_value(value))) {
            return true;
        }
    }
    return false;
}

static bool pairs_hold(const json_t *pairs, const struct lnm_buf *facts) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)pairs, key, value) {
        if (!context_has(facts, key, value)) {
            return false;
        }
    }
    return true;
}

/* Does what a grant asks of the encryption context hold? It asks nothing of operations without one.
 */
static bool constraints_hold(const char *text, const struct lnm_policy_question *q) {
    static const char *const with_context[] = {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey",
                                               "kms:ReEncrypt"};
    bool has_context = false;
    for (size_t i = 0; i < sizeof with_context / sizeof with_context[0]; i++) {
        has_context =
            has_context || strncmp(q->action, with_context[i], strlen(with_context[i])) == 0;
    }
    if (text[0] == '\0' || !has_context) {
        return true;
    }
    json_t *root = json_loads(text, 0, NULL);
    const json_t *equals = json_object_get(root, "EncryptionContextEquals");
    bool hold =
        root != NULL && pairs_hold(json_object_get(root, "EncryptionContextSubset"), q->facts) &&
        (equals == NULL ||
         (pairs_hold(equals, q->facts) && json_object_size(equals) == context_size(q->facts)));
    json_decref(root);
    return hold;
}

/* A grant to an account leaves it to that account's own policies, as a key policy's does. */
enum lnm_policy_effect lnm_grant_effect(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                                        const struct lnm_policy_question *q) {
    enum lnm_policy_effect effect = LNM_POLICY_SILENT;
    sqlite3_stmt *s = lnm_store_query(
        c,
        "SELECT grantee, operations, ifnull(constraints, '') FROM grants WHERE account = ?1 AND"
        " region = ?2 AND key = ?3",
        "ttt", k->account, k->region, k->id);
    while (s != NULL && effect != LNM_POLICY_ALLOWS && sqlite3_step(s) == SQLITE_ROW) {
        enum lnm_policy_named named = lnm_policy_names(lnm_store_text(s, 0), q);
        if (named != LNM_NAMES_OTHERS &&
            has_word(lnm_store_text(s, 1), q->action + strlen("kms:")) &&
            constraints_hold(lnm_store_text(s, 2), q)) {
            effect = named == LNM_NAMES_CALLER ? LNM_POLICY_ALLOWS : LNM_POLICY_DELEGATES;
        }
    }
    (void)sqlite3_reset(s);
    return effect;
}

int lnm_grant_check_tokens(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "grant_tokens");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        sqlite3_stmt *s =
            lnm_store_query(r->cloud, "SELECT 1 FROM grants WHERE region = ?1 AND token = ?2", "ts",
                            r->region, lnm_record_str(&r->in, i));
        bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
        (void)sqlite3_reset(s);
        if (!found) {
            return lnm_cloud_raise(r, 400, "InvalidGrantTokenException",
                                   "The grant token is not valid");
        }
    }
    return 0;
}

/* ---- making -----------------------------------------------------------------------------------
 */

/* The operations, sorted, separated by spaces. */
static int read_operations(struct lnm_cloud_request *r, char out[OPERATIONS_MAX]) {
    uint32_t list = lnm_record_find(&r->in, 0, "operations");
    size_t len = 0;
    for (uint32_t i = lnm_record_first(&r->in, list); i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_str name = lnm_record_str(&r->in, i);
        if (!is_operation(name)) {
            return lnm_cloud_raise(r, 400, "ValidationException",
                                   "1 validation error detected: Value at 'operations' failed to "
                                   "satisfy constraint: Member must satisfy enum value set");
        }
    }
    out[0] = '\0';
    for (size_t o = 0; o < sizeof operations / sizeof operations[0]; o++) {
        for (uint32_t i = lnm_record_first(&r->in, list); i != 0;
             i = lnm_record_next(&r->in, list, i)) {
            if (lnm_str_is(lnm_record_str(&r->in, i), operations[o])) {
                len += (size_t)snprintf(out + len, OPERATIONS_MAX - len, "%s%s", len > 0 ? " " : "",
                                        operations[o]);
                break;
            }
        }
    }
    return len > 0 ? 0
                   : lnm_cloud_raise(r, 400, "ValidationException",
                                     "1 validation error detected: Value '[]' at 'operations' "
                                     "failed to satisfy constraint: Member must have length "
                                     "greater than or equal to 1");
}

static int check_principal(struct lnm_cloud_request *r, const char *param) {
    struct lnm_str arn = lnm_cloud_param(r, param);
    bool good = arn.len == 0 ||
                (arn.len <= PRINCIPAL_MAX && lnm_str_starts(arn, LNM_STR("arn:"))) ||
                (arn.len == 12 && strspn(arn.ptr, "0123456789") >= 12);
    return good ? 0
                : lnm_cloud_raise(r, 400, "InvalidArnException",
                                  "ARN does not refer to a valid principal");
}

/* A named grant with the same parameters is the same grant. */
static bool same_grant(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                       const char *words, const char *constraints, char id[72], char token[136]) {
    if (!lnm_cloud_given(r, "name")) {
        return false;
    }
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT id, token FROM grants WHERE account = ?1 AND region = ?2 AND key = ?3 AND name = ?4"
        " AND grantee = ?5 AND operations = ?6 AND ifnull(retiring, '') = ?7 AND constraints = ?8",
        "tttsstst", k->account, k->region, k->id, lnm_cloud_param(r, "name"),
        lnm_cloud_param(r, "grantee_principal"), words,
        lnm_cloud_given(r, "retiring_principal") ? lnm_cloud_param(r, "retiring_principal")
                                                 : LNM_STR(""),
        constraints);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_take(id, 72, lnm_store_text(s, 0));
        lnm_take(token, 136, lnm_store_text(s, 1));
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

static void random_hex(char *out, size_t size) {
    char uuid[40];
    size_t len = 0;
    while (len + 1 < size) {
        lnm_store_uuid(uuid);
        for (const char *p = uuid; *p != '\0' && len + 1 < size; p++) {
            if (*p != '-') {
                out[len++] = *p;
            }
        }
    }
    out[len] = '\0';
}

/* The request's members as JSON: what is kept of the constraints. */
static void constraints_text(struct lnm_cloud_request *r, struct lnm_buf *out) {
    struct lnm_record only;
    struct lnm_err ignored;
    uint32_t node = lnm_record_find(&r->in, 0, "constraints");
    if (node == 0 || lnm_record_init(&only, lnm_record_member(&r->in, node)->type, 0) < 0) {
        return;
    }
    lnm_record_copy(&only, &r->in, node);
    lnm_record_close(&only);
    (void)lnm_json_write(out, &only, &ignored);
    lnm_record_free(&only);
}

static int keep(struct lnm_cloud_request *r, const struct lnm_cloud_key *k, const char *words,
                struct lnm_buf *constraints) {
    char id[72], token[136];
    if (constraints->failed != 0) {
        return lnm_cloud_raise(r, 500, "KMSInternalException", "out of memory");
    }
    lnm_buf_addc(constraints, '\0');
    if (!same_grant(r, k, words, constraints->ptr, id, token)) {
        random_hex(id, 65);
        random_hex(token, 129);
        if (lnm_store_exec(
                r->cloud,
                "INSERT INTO grants(id, account, region, key, grantee, retiring, operations,"
                " constraints, name, token, issuer, created) VALUES(?1, ?2, ?3, ?4, ?5,"
                " nullif(?6, ''), ?7, ?8, nullif(?9, ''), ?10, ?11, ?12)",
                "ttttssttstti", id, k->account, k->region, k->id,
                lnm_cloud_param(r, "grantee_principal"), lnm_cloud_param(r, "retiring_principal"),
                words, constraints->ptr, lnm_cloud_param(r, "name"), token, r->account,
                r->now_us) < 0) {
            return lnm_cloud_internal(r);
        }
    }
    lnm_record_setz(&r->out, "grant_id", id);
    lnm_record_setz(&r->out, "grant_token", token);
    return 0;
}

static int create_grant(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    char words[OPERATIONS_MAX];
    if (lnm_key_find(r, &k, "key_id", false) < 0 || check_principal(r, "grantee_principal") < 0 ||
        check_principal(r, "retiring_principal") < 0 || read_operations(r, words) < 0 ||
        lnm_key_check_state(r, &k) < 0 ||
        lnm_kms_check_quota(r, LNM_QUOTA_KEY_GRANTS,
                            "SELECT count(*) FROM grants WHERE account = ?1 AND region = ?2 AND"
                            " key = ?3",
                            k.id) < 0) {
        return -1;
    }
    struct lnm_buf constraints = {.max = 65536};
    constraints_text(r, &constraints);
    int error = keep(r, &k, words, &constraints);
    lnm_buf_free(&constraints);
    return error;
}

/* ---- listing and ending -----------------------------------------------------------------------
 */

static void show_constraints(struct lnm_cloud_request *r, const char *text) {
    struct lnm_record read;
    struct lnm_err ignored;
    const struct lnm_member *item = lnm_type_member(r->op->output, LNM_STR("grants"))->type->item;
    const struct lnm_member *m = lnm_type_member(item->type, LNM_STR("constraints"));
    if (text[0] == '\0' || lnm_record_init(&read, m->type, 0) < 0) {
        return;
    }
    if (lnm_json_read(&read, lnm_str_z(text), &ignored) == 0) {
        lnm_record_close(&read);
        lnm_record_enter(&r->out, "constraints");
        lnm_record_copy(&r->out, &read, 0);
        lnm_record_close(&r->out);
    }
    lnm_record_free(&read);
}

/* id, key's ARN, name, grantee, retiring, issuer, operations, created, constraints */
static void show_grant(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    struct lnm_str word, rest = lnm_str_z(lnm_store_text(s, 6));
    char issuer[64];
    lnm_record_item(&r->out);
    lnm_record_setz(&r->out, "grant_id", lnm_store_text(s, 0));
    lnm_record_setz(&r->out, "key_id", lnm_store_text(s, 1));
    lnm_record_setz(&r->out, "name", lnm_store_text(s, 2));
    lnm_record_setz(&r->out, "grantee_principal", lnm_store_text(s, 3));
    if (lnm_store_text(s, 4)[0] != '\0') {
        lnm_record_setz(&r->out, "retiring_principal", lnm_store_text(s, 4));
    }
    (void)snprintf(issuer, sizeof issuer, "arn:%s:iam::%s:root",
                   lnm_partition(lnm_str_z(r->region)), lnm_store_text(s, 5));
    lnm_record_setz(&r->out, "issuing_account", issuer);
    lnm_record_enter(&r->out, "operations");
    while (rest.len > 0) {
        rest = lnm_str_cut(rest, ' ', &word);
        lnm_record_add(&r->out, word);
    }
    lnm_record_close(&r->out);
    lnm_kms_show_time(&r->out, "creation_date", lnm_store_int(s, 7));
    show_constraints(r, lnm_store_text(s, 8));
    lnm_record_close(&r->out);
}

static int list_grants(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    int64_t limit = lnm_kms_limit(r, 50, 100);
    if (limit < 0 || lnm_key_find(r, &k, "key_id", false) < 0) {
        return -1;
    }
    struct lnm_str marker = lnm_cloud_param(r, "marker"), none = LNM_STR("");
    if (lnm_cloud_given(r, "marker") && marker.len != 64) {
        return lnm_kms_bad_marker(r);
    }
    struct lnm_str id = lnm_cloud_param(r, "grant_id");
    struct lnm_str grantee = lnm_cloud_param(r, "grantee_principal");
    return lnm_kms_show_page(
        r,
        lnm_store_query(r->cloud,
                        "SELECT id, ?4, name, grantee, retiring, issuer, operations, created,"
                        " constraints FROM grants WHERE account = ?1 AND region = ?2 AND key = ?3"
                        " AND id > ?5 AND (?6 = '' OR id = ?6) AND (?7 = '' OR grantee = ?7)"
                        " ORDER BY id",
                        "ttttsss", k.account, k.region, k.id, k.arn, marker.len > 0 ? marker : none,
                        id.len > 0 ? id : none, grantee.len > 0 ? grantee : none),
        "grants", limit, show_grant);
}

static int no_grant(struct lnm_cloud_request *r, struct lnm_str id) {
    return lnm_cloud_raise(r, 400, "NotFoundException", "Grant ID %.*s not found",
                           (int)(id.len < 80 ? id.len : 80), id.ptr);
}

static int remove_grant(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                        struct lnm_str id) {
    if (lnm_store_exec(r->cloud,
                       "DELETE FROM grants WHERE account = ?1 AND region = ?2 AND key = ?3 AND"
                       " id = ?4",
                       "ttts", k->account, k->region, k->id, id) < 0) {
        return lnm_cloud_internal(r);
    }
    return sqlite3_changes(r->cloud->db) > 0 ? 0 : no_grant(r, id);
}

static int revoke_grant(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return lnm_key_find(r, &k, "key_id", false) < 0
               ? -1
               : remove_grant(r, &k, lnm_cloud_param(r, "grant_id"));
}

/* May the caller give this grant up: its retiring principal, or its grantee when it may retire? */
static bool may_retire(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    struct lnm_policy_question q = lnm_access_question(r, "kms:RetireGrant");
    return lnm_policy_names(lnm_store_text(s, 4), &q) != LNM_NAMES_OTHERS ||
           strcmp(lnm_store_text(s, 1), r->account) == 0 ||
           (lnm_policy_names(lnm_store_text(s, 3), &q) != LNM_NAMES_OTHERS &&
            has_word(lnm_store_text(s, 5), "RetireGrant"));
}

static int retire_grant(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k = {0};
    struct lnm_str token = lnm_cloud_param(r, "grant_token"), id = lnm_cloud_param(r, "grant_id");
    if (token.len == 0 && (id.len == 0 || !lnm_cloud_given(r, "key_id"))) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "Must provide either a grant token or a key ID and a grant ID");
    }
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT id, account, key, grantee, ifnull(retiring, '-'), operations FROM grants"
        " WHERE region = ?1 AND (token = ?2 OR (?2 = '' AND id = ?3))",
        "tss", r->region, token.len > 0 ? token : LNM_STR(""), id.len > 0 ? id : LNM_STR(""));
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW, allowed = false;
    char found_id[72] = "";
    if (found) {
        allowed = may_retire(r, s);
        lnm_take(found_id, sizeof found_id, lnm_store_text(s, 0));
        lnm_take(k.account, sizeof k.account, lnm_store_text(s, 1));
        lnm_take(k.id, sizeof k.id, lnm_store_text(s, 2));
        lnm_take(k.region, sizeof k.region, r->region);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    if (!found) {
        return token.len > 0 ? lnm_cloud_raise(r, 400, "InvalidGrantTokenException",
                                               "The grant token is not valid")
                             : no_grant(r, id);
    }
    return allowed ? remove_grant(r, &k, lnm_str_z(found_id))
                   : lnm_key_denied(r,
                                    lnm_cloud_given(r, "key_id") ? lnm_cloud_param(r, "key_id")
                                                                 : LNM_STR("the grant"),
                                    "RetireGrant", LNM_NO_RESOURCE_POLICY);
}

const struct lnm_cloud_action lnm_cloud_kms_grants[] = {{"CreateGrant", create_grant},
                                                        {"ListGrants", list_grants},
                                                        {"RetireGrant", retire_grant},
                                                        {"RevokeGrant", revoke_grant},
                                                        {NULL, NULL}};
