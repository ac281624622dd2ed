/* data_keys.c - data keys: made, wrapped and unwrapped by KMS keys, kept for what is attached. */
#include "cloud/data_keys.h"

#include "cloud/kms_material.h"

#include "base/clock.h"

#include <openssl/crypto.h>
#include <stdlib.h>

/* The key of an ARN, wherever it is: "arn:aws:kms:REGION:ACCOUNT:key/ID". */
static bool find_key(struct lnm_cloud *c, struct lnm_cloud_key *k, const char *account,
                     const char *arn) {
    char region[64];
    struct lnm_str part, rest = lnm_str_z(arn);
    for (int i = 0; i < 4; i++) {
        rest = lnm_str_cut(rest, ':', &part);
    }
    if (part.len == 0 || part.len >= sizeof region) {
        return false;
    }
    memcpy(region, part.ptr, part.len);
    region[part.len] = '\0';
    return lnm_key_resolve(c, k, account, region, lnm_str_z(arn)) && lnm_key_usable(k);
}

/* A wrapped data key is bound to its id, as AWS binds one to its volume or snapshot. */
static void add_context(struct lnm_buf *context, const char *id) {
    lnm_kms_context_add(context, LNM_STR("aws:ebs:id"), lnm_str_z(id));
}

static int unwrap(struct lnm_cloud *c, struct lnm_data_key *out, const struct lnm_cloud_key *k,
                  const char *id, struct lnm_str wrapped) {
    struct lnm_buf context = {0}, secret = {0};
    add_context(&context, id);
    int error = lnm_kms_open(c, &secret, k, wrapped, lnm_buf_str(&context));
    bool good = error == 0 && secret.len == sizeof out->bytes;
    if (good) {
        lnm_take(out->id, sizeof out->id, id);
        memcpy(out->bytes, secret.ptr, sizeof out->bytes);
    }
    lnm_buf_cleanse(&secret);
    lnm_buf_free(&context);
    return good ? 0 : LNM_EFAILED;
}

int lnm_data_key_open(struct lnm_cloud *c, struct lnm_data_key *out, const char *account,
                      const char *id) {
    struct lnm_cloud_key k;
    struct lnm_buf wrapped = {0};
    char arn[160];
    memset(out, 0, sizeof *out);
    if (id[0] == '\0') {
        return 0;
    }
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT key_arn, wrapped FROM data_keys WHERE id = ?1", "t", id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    lnm_take(arn, sizeof arn, lnm_store_text(found ? s : NULL, 0));
    lnm_buf_adds(&wrapped, lnm_store_blob(found ? s : NULL, 1));
    (void)sqlite3_reset(s);
    int error = !found                           ? LNM_ENOTFOUND
                : !find_key(c, &k, account, arn) ? LNM_EFAILED
                : !lnm_key_permits(c, &k, account, "Decrypt")
                    ? LNM_ECREDS
                    : unwrap(c, out, &k, id, lnm_buf_str(&wrapped));
    lnm_buf_free(&wrapped);
    return error;
}

static int keep(struct lnm_cloud *c, const struct lnm_data_key *key,
                const struct lnm_cloud_key *k) {
    struct lnm_buf context = {0}, wrapped = {0};
    add_context(&context, key->id);
    int error =
        lnm_kms_seal(c, &wrapped, k, (struct lnm_str){(const char *)key->bytes, sizeof key->bytes},
                     lnm_buf_str(&context));
    if (error == 0) {
        error = lnm_store_exec(c, "INSERT INTO data_keys(id, key_arn, wrapped) VALUES(?1, ?2, ?3)",
                               "ttb", key->id, k->arn, lnm_buf_str(&wrapped));
    }
    lnm_buf_free(&context);
    lnm_buf_free(&wrapped);
    return error == 0 ? 0 : LNM_EFAILED;
}

int lnm_data_key_make(struct lnm_cloud *c, struct lnm_data_key *out, const char *account,
                      const char *id, const char *key_arn) {
    struct lnm_cloud_key k;
    int error = lnm_data_key_open(c, out, account, id);
    if (error != LNM_ENOTFOUND) {
        return error;
    }
    if (!find_key(c, &k, account, key_arn)) {
        return LNM_EFAILED;
    }
    lnm_random_secret(out->bytes, sizeof out->bytes);
    if (!lnm_key_permits(c, &k, account, "GenerateDataKeyWithoutPlaintext")) {
        return LNM_ECREDS;
    }
    lnm_take(out->id, sizeof out->id, id);
    return keep(c, out, &k);
}

/* ---- what is attached --------------------------------------------------------------------------
 */

struct held {
    char volume[32];
    struct lnm_data_key key;
};

struct lnm_key_ring {
    struct held *held;
    size_t count, room;
};

struct lnm_key_ring *lnm_key_ring_new(void) {
    return calloc(1, sizeof(struct lnm_key_ring));
}

void lnm_key_ring_free(struct lnm_key_ring *ring) {
    if (ring != NULL) {
        OPENSSL_clear_free(ring->held, ring->room * sizeof *ring->held);
        free(ring);
    }
}

static struct held *find(const struct lnm_key_ring *ring, const char *volume) {
    for (size_t i = 0; i < ring->count; i++) {
        if (strcmp(ring->held[i].volume, volume) == 0) {
            return &ring->held[i];
        }
    }
    return NULL;
}

int lnm_key_ring_put(struct lnm_key_ring *ring, const char *volume,
                     const struct lnm_data_key *key) {
    struct held *h = find(ring, volume);
    if (h == NULL && ring->count == ring->room) {
        size_t room = ring->room > 0 ? 2 * ring->room : 8;
        struct held *grown =
            OPENSSL_clear_realloc(ring->held, ring->room * sizeof *grown, room * sizeof *grown);
        if (grown == NULL) {
            return -1;
        }
        ring->held = grown;
        ring->room = room;
    }
    h = h != NULL ? h : &ring->held[ring->count++];
    lnm_take(h->volume, sizeof h->volume, volume);
    h->key = *key;
    return 0;
}

bool lnm_key_ring_get(const struct lnm_key_ring *ring, const char *volume,
                      struct lnm_data_key *out) {
    const struct held *h = find(ring, volume);
    if (h != NULL) {
        *out = h->key;
    }
    return h != NULL;
}

void lnm_key_ring_drop(struct lnm_key_ring *ring, const char *volume) {
    struct held *h = find(ring, volume);
    if (h != NULL) {
        *h = ring->held[--ring->count];
        OPENSSL_cleanse(&ring->held[ring->count], sizeof *h);
    }
}
