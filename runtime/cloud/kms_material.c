/* kms_material.c - materials of keys: made, wrapped, sealed with, destroyed.
 *
 * A sealed blob is a version byte, the material's id (32 bytes) and the GCM text; version and id
 * are bound to it beside the context. */
#include "cloud/kms_material.h"

#include "cloud/gcm.h"
#include "cloud/kms.h"
#include "cloud/root_key.h"

#include "base/text.h"
#include "base/clock.h"

#include <stdio.h>

#define VERSION 1
#define ID_BYTES 32
#define HEAD (1 + ID_BYTES)

/* ---- keeping ----------------------------------------------------------------------------------
 */

static int insert(struct lnm_cloud *c, const struct lnm_cloud_key *k, struct lnm_str id,
                  struct lnm_str wrapped, int64_t now_us) {
    sqlite3_stmt *s = lnm_store_query(
        c,
        "INSERT INTO materials(account, region, key, position, id, created, wrapped)"
        " SELECT ?1, ?2, ?3, ifnull(max(position), 0) + 1, ?4, ?5, ?6 FROM materials"
        " WHERE account = ?1 AND region = ?2 AND key = ?3",
        "tttsi", k->account, k->region, k->id, id, now_us);
    bool kept =
        s != NULL &&
        sqlite3_bind_blob(s, 6, wrapped.ptr, (int)wrapped.len, SQLITE_TRANSIENT) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_DONE;
    (void)sqlite3_reset(s);
    return kept ? 0 : -1;
}

int lnm_kms_material_make(struct lnm_cloud *c, const struct lnm_cloud_key *k, int64_t now_us) {
    unsigned char name[ID_BYTES];
    struct lnm_buf id = {0}, secret = {0}, wrapped = {0};
    int error = -1;
    if (lnm_buf_reserve(&secret, LNM_GCM_KEY) == 0) {
        lnm_random_secret(name, sizeof name);
        lnm_random_secret(secret.ptr, LNM_GCM_KEY);
        secret.len = LNM_GCM_KEY;
        lnm_text_hex(&id, name, sizeof name);
        error = lnm_root_key_wrap(&wrapped, c->root, lnm_buf_str(&secret), lnm_buf_str(&id));
    }
    if (error == 0) {
        error = insert(c, k, lnm_buf_str(&id), lnm_buf_str(&wrapped), now_us);
    }
    lnm_buf_free(&id);
    lnm_buf_cleanse(&secret);
    lnm_buf_free(&wrapped);
    return error;
}

int lnm_kms_material_share(struct lnm_cloud *c, const struct lnm_cloud_key *from,
                           const char *region) {
    return lnm_store_exec(c,
                          "INSERT OR IGNORE INTO materials(account, region, key, position, id,"
                          " created, wrapped) SELECT account, ?4, key, position, id, created,"
                          " wrapped FROM materials WHERE account = ?1 AND region = ?2 AND key = ?3",
                          "tttt", from->account, from->region, from->id, region);
}

bool lnm_kms_material_owner(struct lnm_cloud_key *out, struct lnm_cloud *c, const char *region,
                            const char *material) {
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT account, key FROM materials WHERE id = ?1 AND region = ?2", "tt",
                        material, region);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_key_name(out, lnm_store_text(s, 1), lnm_store_text(s, 0), region);
    }
    (void)sqlite3_reset(s);
    return found;
}

void lnm_kms_material_id(char out[LNM_MATERIAL_ID + 1], struct lnm_cloud *c,
                         const struct lnm_cloud_key *k) {
    sqlite3_stmt *s = lnm_store_query(c,
                                      "SELECT id FROM materials WHERE account = ?1 AND region = ?2"
                                      " AND key = ?3 ORDER BY position DESC LIMIT 1",
                                      "ttt", k->account, k->region, k->id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    lnm_take(out, LNM_MATERIAL_ID + 1, found ? lnm_store_text(s, 0) : "");
    (void)sqlite3_reset(s);
}

/* The secret bytes of one material of the key; cleanse them. */
static int reveal(struct lnm_cloud *c, struct lnm_buf *secret, const struct lnm_cloud_key *k,
                  const char *id) {
    sqlite3_stmt *s = lnm_store_query(c,
                                      "SELECT wrapped FROM materials WHERE account = ?1 AND"
                                      " region = ?2 AND key = ?3 AND id = ?4",
                                      "tttt", k->account, k->region, k->id, id);
    int error = s != NULL && sqlite3_step(s) == SQLITE_ROW
                    ? lnm_root_key_unwrap(secret, c->root,
                                          (struct lnm_str){sqlite3_column_blob(s, 0),
                                                           (size_t)sqlite3_column_bytes(s, 0)},
                                          lnm_str_z(id))
                    : LNM_ENOTFOUND;
    (void)sqlite3_reset(s);
    return error == 0 && secret->len != LNM_GCM_KEY ? LNM_EPARSE : error;
}

/* Keys of before there were materials. */
static int furnish_old_keys(struct lnm_cloud *c) {
    struct lnm_cloud_key k = {0};
    int error = 0;
    sqlite3_stmt *s = lnm_store_query(
        c, "SELECT account, region, id, created FROM keys WHERE spec = 'SYMMETRIC_DEFAULT'", "");
    while (error == 0 && s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(k.account, sizeof k.account, lnm_store_text(s, 0));
        lnm_take(k.region, sizeof k.region, lnm_store_text(s, 1));
        lnm_take(k.id, sizeof k.id, lnm_store_text(s, 2));
        error = lnm_kms_material_make(c, &k, lnm_store_int(s, 3));
    }
    (void)sqlite3_reset(s);
    return s != NULL ? error : -1;
}

/* The proof of a new root key and what is first wrapped by it are written together. */
int lnm_kms_material_open(struct lnm_cloud *c, const char *dir, struct lnm_err *err) {
    bool fresh = false;
    int error = lnm_store_exec(c, "PRAGMA secure_delete = FAST", ""); /* what is gone, is zeros */
    error = error < 0 ? error : lnm_store_exec(c, "BEGIN IMMEDIATE", "");
    error = error < 0 ? error : lnm_root_key_open(&c->root, &fresh, c, dir, err);
    if (error == 0 && fresh && furnish_old_keys(c) < 0) {
        error = lnm_fail(err, LNM_EIO, "LocalCloud",
                         "the keys of this folder cannot be wrapped: %s", sqlite3_errmsg(c->db));
    }
    if (lnm_store_exec(c, error == 0 ? "COMMIT" : "ROLLBACK", "") < 0 && error == 0) {
        error = lnm_fail(err, LNM_EIO, "LocalCloud", "the root key's proof cannot be kept: %s",
                         sqlite3_errmsg(c->db));
    }
    return error;
}

/* ---- sealing ----------------------------------------------------------------------------------
 */

static void add_length(struct lnm_buf *b, size_t len) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        lnm_buf_addc(b, (char)(unsigned char)(len >> shift & 0xff));
    }
}

void lnm_kms_context_add(struct lnm_buf *context, struct lnm_str key, struct lnm_str value) {
    add_length(context, key.len);
    lnm_buf_adds(context, key);
    add_length(context, value.len);
    lnm_buf_adds(context, value);
}

bool lnm_kms_blob_material(char out[LNM_MATERIAL_ID + 1], struct lnm_str blob) {
    struct lnm_buf hex = {0};
    if (blob.len < HEAD + LNM_GCM_OVERHEAD || blob.ptr[0] != VERSION) {
        return false;
    }
    lnm_text_hex(&hex, (const unsigned char *)blob.ptr + 1, ID_BYTES);
    bool good = hex.failed == 0;
    lnm_take(out, LNM_MATERIAL_ID + 1, lnm_buf_str(&hex).ptr);
    lnm_buf_free(&hex);
    return good;
}

/* Head and context: what is authenticated beside the text. */
static int bound(struct lnm_buf *out, struct lnm_str head, struct lnm_str context) {
    lnm_buf_adds(out, head);
    lnm_buf_adds(out, context);
    return out->failed;
}

int lnm_kms_seal(struct lnm_cloud *c, struct lnm_buf *out, const struct lnm_cloud_key *k,
                 struct lnm_str plain, struct lnm_str context) {
    char id[LNM_MATERIAL_ID + 1];
    struct lnm_buf secret = {0}, head = {0}, aad = {0};
    size_t start = out->len;
    lnm_kms_material_id(id, c, k);
    lnm_buf_addc(&head, VERSION);
    int error = lnm_text_unhex(&head, lnm_str_z(id));
    error = error < 0 ? error : reveal(c, &secret, k, id);
    error = error < 0 ? error : bound(&aad, lnm_buf_str(&head), context);
    lnm_buf_adds(out, lnm_buf_str(&head));
    error = error < 0 ? error
                      : lnm_gcm_seal(out, (unsigned char *)secret.ptr, plain, lnm_buf_str(&aad));
    out->len = error < 0 && out->failed == 0 ? start : out->len;
    lnm_buf_cleanse(&secret);
    lnm_buf_free(&head);
    lnm_buf_free(&aad);
    return error;
}

int lnm_kms_open(struct lnm_cloud *c, struct lnm_buf *out, const struct lnm_cloud_key *k,
                 struct lnm_str blob, struct lnm_str context) {
    char id[LNM_MATERIAL_ID + 1];
    struct lnm_buf secret = {0}, aad = {0};
    if (!lnm_kms_blob_material(id, blob)) {
        return LNM_EPARSE;
    }
    int error = reveal(c, &secret, k, id);
    error = error < 0 ? error : bound(&aad, (struct lnm_str){blob.ptr, HEAD}, context);
    error = error < 0 ? error
                      : lnm_gcm_open(out, (unsigned char *)secret.ptr,
                                     (struct lnm_str){blob.ptr + HEAD, blob.len - HEAD},
                                     lnm_buf_str(&aad));
    lnm_buf_cleanse(&secret);
    lnm_buf_free(&aad);
    return error;
}
