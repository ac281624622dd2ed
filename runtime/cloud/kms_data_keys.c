/* kms_data_keys.c - GenerateDataKey with and without its plaintext, GenerateRandom. Source: the
 * kms/2014-11-01 model. */
#include "cloud/kms_crypto.h"

#include "base/clock.h"

#define BYTES_MAX 1024

static int check_length(struct lnm_cloud_request *r, int64_t bytes) {
    return bytes >= 1 && bytes <= BYTES_MAX
               ? 0
               : lnm_kms_invalid(r, "(its value)", "numberOfBytes", "have value from 1 to 1024");
}

/* How long the data key is to be, or -1 raised. */
static int64_t key_length(struct lnm_cloud_request *r) {
    struct lnm_str spec = lnm_cloud_param(r, "key_spec");
    bool counted = lnm_cloud_given(r, "number_of_bytes");
    int64_t bytes = lnm_record_get_int(&r->in, 0, "number_of_bytes", 0);
    if (counted == (spec.len > 0)) {
        return lnm_cloud_raise(r, 400, "ValidationException",
                               "Please specify either number of bytes or key spec.");
    }
    if (counted) {
        return check_length(r, bytes) < 0 ? -1 : bytes;
    }
    if (!lnm_str_is(spec, "AES_256") && !lnm_str_is(spec, "AES_128")) {
        return lnm_kms_invalid(r, "(its text)", "keySpec",
                               "satisfy enum value set: [AES_256, AES_128]");
    }
    return lnm_str_is(spec, "AES_256") ? 32 : 16;
}

/* Random bytes; cleanse them. */
static int fill(struct lnm_cloud_request *r, struct lnm_buf *out, int64_t bytes) {
    if (lnm_buf_reserve(out, (size_t)bytes) < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_random_secret(out->ptr, (size_t)bytes);
    out->len = (size_t)bytes;
    return 0;
}

/* The plaintext is in *plain: cleanse it. */
static int generate(struct lnm_cloud_request *r, struct lnm_buf *plain) {
    struct lnm_cloud_key k;
    int64_t bytes = key_length(r);
    if (bytes < 0 || lnm_key_find(r, &k, "key_id", true) < 0 || lnm_key_check_use(r, &k) < 0 ||
        fill(r, plain, bytes) < 0 ||
        lnm_kms_encrypt(r, &k, lnm_buf_str(plain), "encryption_context") < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "key_id", k.arn);
    lnm_kms_show_material(r, &k, "key_material_id");
    return 0;
}

static int without_plaintext(struct lnm_cloud_request *r) {
    struct lnm_buf plain = {0};
    int error = generate(r, &plain);
    lnm_buf_cleanse(&plain);
    return error;
}

static int with_plaintext(struct lnm_cloud_request *r) {
    struct lnm_buf plain = {0};
    int error = generate(r, &plain);
    if (error == 0) {
        lnm_kms_show_bytes(&r->out, "plaintext", lnm_buf_str(&plain));
    }
    lnm_buf_cleanse(&plain);
    return error;
}

static int generate_random(struct lnm_cloud_request *r) {
    struct lnm_buf bytes = {0};
    int64_t count = lnm_record_get_int(&r->in, 0, "number_of_bytes", 0);
    if (lnm_cloud_given(r, "custom_key_store_id")) {
        return lnm_cloud_raise(r, 400, "CustomKeyStoreNotFoundException",
                               "The local cloud has no custom key stores");
    }
    int error = check_length(r, count) < 0 || fill(r, &bytes, count) < 0 ? -1 : 0;
    if (error == 0) {
        lnm_kms_show_bytes(&r->out, "plaintext", lnm_buf_str(&bytes));
    }
    lnm_buf_cleanse(&bytes);
    return error;
}

const struct lnm_cloud_action lnm_cloud_kms_data_keys[] = {
    {"GenerateDataKey", with_plaintext},
    {"GenerateDataKeyWithoutPlaintext", without_plaintext},
    {"GenerateRandom", generate_random},
    {NULL, NULL}};
