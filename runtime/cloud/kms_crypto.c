/* kms_crypto.c - Encrypt, Decrypt, ReEncrypt. Source: the kms/2014-11-01 model; texts as recorded
 * from the service. */
#include "cloud/kms_crypto.h"
#include "cloud/kms_material.h"

#include "base/text.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#define PLAIN_MAX 4096
#define BLOB_MAX 6144
#define CONTEXT_MAX 8192
#define PAIRS_MAX 1024
#define ALGORITHM "SYMMETRIC_DEFAULT"

void lnm_kms_show_bytes(struct lnm_record *out, const char *member, struct lnm_str bytes) {
    struct lnm_buf text = {0};
    lnm_text_base64(&text, (const unsigned char *)bytes.ptr, bytes.len);
    lnm_record_set(out, member, lnm_buf_str(&text));
    lnm_buf_cleanse(&text);
}

void lnm_kms_show_material(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                           const char *member) {
    char id[LNM_MATERIAL_ID + 1];
    lnm_kms_material_id(id, r->cloud, k);
    lnm_record_setz(&r->out, member, id[0] != '\0' ? id : NULL);
}

/* ---- encryption contexts ----------------------------------------------------------------------
 */

struct pair {
    struct lnm_str key, value;
};

static int by_key(const void *a, const void *b) {
    struct lnm_str x = ((const struct pair *)a)->key, y = ((const struct pair *)b)->key;
    int order = memcmp(x.ptr, y.ptr, x.len < y.len ? x.len : y.len);
    return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

/* The pairs of an encryption context, whatever their order in the request. */
static int read_context(struct lnm_buf *out, struct lnm_cloud_request *r, const char *param) {
    struct pair pairs[PAIRS_MAX];
    uint32_t map = lnm_record_find(&r->in, 0, param), key;
    size_t count = 0, bytes = 0;
    for (key = map != 0 ? lnm_record_first(&r->in, map) : 0; key != 0 && count < PAIRS_MAX;) {
        uint32_t value = lnm_record_next(&r->in, map, key);
        pairs[count] = (struct pair){lnm_record_str(&r->in, key), lnm_record_str(&r->in, value)};
        bytes += pairs[count].key.len + pairs[count].value.len;
        count++;
        key = lnm_record_next(&r->in, map, value);
    }
    if (key != 0 || bytes > CONTEXT_MAX) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "The encryption context is longer than %d bytes", CONTEXT_MAX);
    }
    qsort(pairs, count, sizeof pairs[0], by_key);
    for (size_t i = 0; i < count; i++) {
        lnm_kms_context_add(out, pairs[i].key, pairs[i].value);
    }
    return out->failed != 0 ? lnm_cloud_internal(r) : 0;
}

/* ---- bytes ------------------------------------------------------------------------------------
 */

/* A blob parameter's bytes, 1 to `most`. */
static int read_bytes(struct lnm_buf *out, struct lnm_cloud_request *r, const char *param,
                      size_t most) {
    if (lnm_text_unbase64(out, lnm_cloud_param(r, param)) < 0) {
        return lnm_cloud_raise(r, 400, "SerializationException", "%s is not base64", param);
    }
    if (out->len == 0 || out->len > most) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "1 validation error detected: Value at '%s' failed to satisfy "
                               "constraint: Member must have length %s than or equal to %zu",
                               strcmp(param, "plaintext") == 0 ? "plaintext" : "ciphertextBlob",
                               out->len == 0 ? "greater" : "less", out->len == 0 ? 1 : most);
    }
    return 0;
}

static int check_algorithm(struct lnm_cloud_request *r, const char *param,
                           const struct lnm_cloud_key *k) {
    struct lnm_str name = lnm_cloud_param(r, param);
    return name.len == 0 || lnm_str_is(name, ALGORITHM)
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidKeyUsageException",
                                 "Algorithm %.32s and key spec %s are incompatible.", name.ptr,
                                 k->spec);
}

int lnm_kms_encrypt(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                    struct lnm_str plain, const char *context) {
    struct lnm_buf pairs = {0}, blob = {0};
    int error = read_context(&pairs, r, context);
    if (error == 0 && lnm_kms_seal(r->cloud, &blob, k, plain, lnm_buf_str(&pairs)) < 0) {
        error = lnm_cloud_internal(r);
    }
    if (error == 0) {
        lnm_kms_show_bytes(&r->out, "ciphertext_blob", lnm_buf_str(&blob));
    }
    lnm_buf_free(&pairs);
    lnm_buf_free(&blob);
    return error;
}

static int encrypt(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    struct lnm_buf plain = {0};
    int error = read_bytes(&plain, r, "plaintext", PLAIN_MAX);
    if (error == 0 && (lnm_key_find(r, &k, "key_id", true) < 0 || lnm_key_check_use(r, &k) < 0 ||
                       check_algorithm(r, "encryption_algorithm", &k) < 0 ||
                       lnm_kms_encrypt(r, &k, lnm_buf_str(&plain), "encryption_context") < 0)) {
        error = -1;
    }
    if (error == 0) {
        lnm_record_setz(&r->out, "key_id", k.arn);
        lnm_record_setz(&r->out, "encryption_algorithm", ALGORITHM);
    }
    lnm_buf_cleanse(&plain);
    return error;
}

/* ---- decrypting -------------------------------------------------------------------------------
 */

/* How one action says what is to be decrypted. */
struct source {
    const char *key, *context, *algorithm, *operation;
    struct lnm_cloud_key k;
    char material[LNM_MATERIAL_ID + 1];
};

static int not_yours(struct lnm_cloud_request *r) {
    return lnm_cloud_raise(r, 400, "AccessDeniedException",
                           "The ciphertext refers to a customer master key that does not exist, "
                           "does not exist in this region, or you are not allowed to access.");
}

/* The key that the blob names: the one that the request names, when it names one. */
static int find_source(struct lnm_cloud_request *r, struct source *s) {
    struct lnm_cloud_key owner = {0};
    bool named = lnm_cloud_given(r, s->key);
    bool known = lnm_kms_material_owner(&owner, r->cloud, r->region, s->material);
    if (named) {
        if (lnm_key_find_for(r, &s->k, s->key, s->operation, s->context) < 0) {
            return -1;
        }
        return known && strcmp(owner.arn, s->k.arn) == 0
                   ? 0
                   : lnm_cloud_raise(r, 400, "IncorrectKeyException",
                                     "The key ID in the request does not identify a CMK that can "
                                     "perform this operation.");
    }
    if (!known || !lnm_key_resolve(r->cloud, &s->k, r->account, r->region, lnm_str_z(owner.arn)) ||
        lnm_grant_check_tokens(r) < 0) {
        return known && r->error.code[0] != '\0' ? -1 : not_yours(r);
    }
    return lnm_key_check(r, &s->k, s->operation, s->context) < 0 ? not_yours(r) : 0;
}

static int decrypt_source(struct lnm_cloud_request *r, struct lnm_buf *plain, struct source *s) {
    struct lnm_buf blob = {0}, pairs = {0};
    int error = read_bytes(&blob, r, "ciphertext_blob", BLOB_MAX);
    if (error == 0 && !lnm_kms_blob_material(s->material, lnm_buf_str(&blob))) {
        error = lnm_cloud_raise(r, 400, "InvalidCiphertextException", "%s", "");
    }
    if (error == 0 &&
        (find_source(r, s) < 0 || lnm_key_check_use(r, &s->k) < 0 ||
         check_algorithm(r, s->algorithm, &s->k) < 0 || read_context(&pairs, r, s->context) < 0)) {
        error = -1;
    }
    if (error == 0 &&
        lnm_kms_open(r->cloud, plain, &s->k, lnm_buf_str(&blob), lnm_buf_str(&pairs)) < 0) {
        error = lnm_cloud_raise(r, 400, "InvalidCiphertextException", "%s", "");
    }
    lnm_buf_free(&blob);
    lnm_buf_free(&pairs);
    return error;
}

static int decrypt(struct lnm_cloud_request *r) {
    struct source s = {.key = "key_id",
                       .context = "encryption_context",
                       .algorithm = "encryption_algorithm",
                       .operation = "Decrypt"};
    struct lnm_buf plain = {0};
    int error = decrypt_source(r, &plain, &s);
    if (error == 0) {
        lnm_record_setz(&r->out, "key_id", s.k.arn);
        lnm_kms_show_bytes(&r->out, "plaintext", lnm_buf_str(&plain));
        lnm_record_setz(&r->out, "encryption_algorithm", ALGORITHM);
        lnm_record_setz(&r->out, "key_material_id", s.material);
    }
    lnm_buf_cleanse(&plain);
    return error;
}

static int re_encrypt(struct lnm_cloud_request *r) {
    struct source s = {.key = "source_key_id",
                       .context = "source_encryption_context",
                       .algorithm = "source_encryption_algorithm",
                       .operation = "ReEncryptFrom"};
    static const char context[] = "destination_encryption_context";
    struct lnm_cloud_key to;
    struct lnm_buf plain = {0};
    int error = decrypt_source(r, &plain, &s);
    if (error == 0 && (lnm_key_find_for(r, &to, "destination_key_id", "ReEncryptTo", context) < 0 ||
                       lnm_key_check_use(r, &to) < 0 ||
                       check_algorithm(r, "destination_encryption_algorithm", &to) < 0 ||
                       lnm_kms_encrypt(r, &to, lnm_buf_str(&plain), context) < 0)) {
        error = -1;
    }
    if (error == 0) {
        lnm_record_setz(&r->out, "source_key_id", s.k.arn);
        lnm_record_setz(&r->out, "key_id", to.arn);
        lnm_record_setz(&r->out, "source_encryption_algorithm", ALGORITHM);
        lnm_record_setz(&r->out, "destination_encryption_algorithm", ALGORITHM);
        lnm_record_setz(&r->out, "source_key_material_id", s.material);
        lnm_kms_show_material(r, &to, "destination_key_material_id");
    }
    lnm_buf_cleanse(&plain);
    return error;
}

const struct lnm_cloud_action lnm_cloud_kms_crypto[] = {
    {"Decrypt", decrypt}, {"Encrypt", encrypt}, {"ReEncrypt", re_encrypt}, {NULL, NULL}};
