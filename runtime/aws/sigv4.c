/* sigv4.c - from the canonical request to the Authorization header or the presigned query. */
#include "aws/sigv4.h"

#include "aws/sigv4_hash.h"
#include "base/text.h"

#include <openssl/crypto.h>
#include <stdio.h>

static const char algorithm[] = "AWS4-HMAC-SHA256";

void lnm_sigv4_hash(char out[65], struct lnm_str bytes) {
    unsigned char digest[32];
    lnm_sha256(digest, bytes);
    lnm_hex32(out, digest);
}

void lnm_sigv4_credential_scope(struct lnm_buf *out, const struct lnm_signing_params *p) {
    lnm_buf_add(out, p->amz_date, 8);
    lnm_buf_addc(out, '/');
    lnm_buf_adds(out, p->region);
    lnm_buf_addc(out, '/');
    lnm_buf_adds(out, p->service);
    lnm_buf_addz(out, "/aws4_request");
}

int lnm_sigv4_string_to_sign(struct lnm_buf *out, const struct lnm_signing_params *p,
                             struct lnm_str canonical_request, struct lnm_err *err) {
    char hash[65];
    lnm_sigv4_hash(hash, canonical_request);
    lnm_buf_add(out, algorithm, sizeof algorithm - 1);
    lnm_buf_addc(out, '\n');
    lnm_buf_add(out, p->amz_date, 16);
    lnm_buf_addc(out, '\n');
    lnm_sigv4_credential_scope(out, p);
    lnm_buf_addc(out, '\n');
    lnm_buf_add(out, hash, 64);
    return lnm_buf_check(out, err);
}

void lnm_sigv4_signing_key(struct lnm_signing_key *out, struct lnm_str secret_key,
                           const char *date8, struct lnm_str region, struct lnm_str service) {
    unsigned char a[32], b[32];
    const struct lnm_str none = LNM_STR(""), key_a = {(const char *)a, sizeof a},
                         key_b = {(const char *)b, sizeof b};
    lnm_hmac_sha256(a, LNM_STR("AWS4"), secret_key, (struct lnm_str){date8, 8});
    lnm_hmac_sha256(b, none, key_a, region);
    lnm_hmac_sha256(a, none, key_b, service);
    lnm_hmac_sha256(out->key, none, key_a, LNM_STR("aws4_request"));
    lnm_hmac_midstates(out->inner, out->outer, out->key);
    memcpy(out->date, date8, 8);
    out->date[8] = '\0';
    OPENSSL_cleanse(a, sizeof a);
    OPENSSL_cleanse(b, sizeof b);
}

void lnm_sigv4_signing_key_cleanse(struct lnm_signing_key *key) {
    OPENSSL_cleanse(key, sizeof *key);
}

void lnm_sigv4_signature(char out[65], const struct lnm_signing_key *key,
                         struct lnm_str string_to_sign) {
    unsigned char digest[32];
    lnm_hmac_from_midstates(digest, key->inner, key->outer, string_to_sign);
    lnm_hex32(out, digest);
}

/* Canonical request, then string to sign, then signature; scratch is used and left for reuse. */
static int sign(char signature[65], size_t *canonical_len, struct lnm_buf *scratch,
                const struct lnm_signing_params *p, const struct lnm_signing_key *key,
                struct lnm_err *err) {
    lnm_buf_reset(scratch);
    int error = lnm_sigv4_canonical_request(scratch, p, err);
    if (error < 0) {
        return error;
    }
    size_t start = *canonical_len = scratch->len;
    if (lnm_buf_reserve(scratch, 256) < 0) { /* so that the first part does not move */
        return lnm_buf_check(scratch, err);
    }
    error = lnm_sigv4_string_to_sign(scratch, p, (struct lnm_str){scratch->ptr, start}, err);
    if (error < 0) {
        return error;
    }
    lnm_sigv4_signature(signature, key,
                        (struct lnm_str){scratch->ptr + start, scratch->len - start});
    return 0;
}

int lnm_sigv4_sign(char signature[65], struct lnm_buf *scratch, const struct lnm_signing_params *p,
                   const struct lnm_signing_key *key, struct lnm_err *err) {
    size_t canonical_len;
    return sign(signature, &canonical_len, scratch, p, key, err);
}

/* The signed headers' names as they stand in the canonical request that sign() left in scratch: the
 * line before the payload's hash, so that they need not be sorted again. */
static struct lnm_str signed_headers(struct lnm_str canonical_request, size_t hash_len) {
    size_t end = canonical_request.len - hash_len - 1;
    const char *before = memrchr(canonical_request.ptr, '\n', end);
    size_t start = (size_t)(before - canonical_request.ptr) + 1;
    return (struct lnm_str){canonical_request.ptr + start, end - start};
}

/* The credential scope as it stands in the string to sign: between two lines of known length and
 * the hash. */
static struct lnm_str scope_in(struct lnm_str string_to_sign) {
    size_t head = sizeof algorithm + 17;
    return (struct lnm_str){string_to_sign.ptr + head, string_to_sign.len - head - 65};
}

int lnm_sigv4_authorization(struct lnm_buf *out, struct lnm_buf *scratch,
                            const struct lnm_signing_params *p, struct lnm_str access_key_id,
                            const struct lnm_signing_key *key, struct lnm_err *err) {
    char signature[65];
    size_t canonical_len;
    int error = sign(signature, &canonical_len, scratch, p, key, err);
    if (error < 0) {
        return error;
    }
    lnm_buf_add(out, algorithm, sizeof algorithm - 1);
    lnm_buf_addz(out, " Credential=");
    lnm_buf_adds(out, access_key_id);
    lnm_buf_addc(out, '/');
    lnm_buf_adds(out, scope_in((struct lnm_str){scratch->ptr + canonical_len,
                                                scratch->len - canonical_len}));
    lnm_buf_addz(out, ", SignedHeaders=");
    lnm_buf_adds(
        out, signed_headers((struct lnm_str){scratch->ptr, canonical_len}, p->payload_hash.len));
    lnm_buf_addz(out, ", Signature=");
    lnm_buf_add(out, signature, 64);
    return lnm_buf_check(out, err);
}

static void add_pair(struct lnm_buf *out, const char *name, struct lnm_str value) {
    if (out->len > 0) {
        lnm_buf_addc(out, '&');
    }
    lnm_buf_addz(out, name);
    lnm_buf_addc(out, '=');
    lnm_text_percent(out, value);
}

int lnm_sigv4_presign(struct lnm_buf *out, struct lnm_buf *scratch,
                      const struct lnm_signing_params *p, struct lnm_str access_key_id,
                      struct lnm_str session_token, unsigned expires_s,
                      const struct lnm_signing_key *key, struct lnm_err *err) {
    char number[16], signature[65];
    struct lnm_buf query = {0}, value = {0};
    lnm_buf_adds(&query, p->query);
    add_pair(&query, "X-Amz-Algorithm", lnm_str_z(algorithm));
    lnm_buf_adds(&value, access_key_id);
    lnm_buf_addc(&value, '/');
    lnm_sigv4_credential_scope(&value, p);
    add_pair(&query, "X-Amz-Credential", lnm_buf_str(&value));
    add_pair(&query, "X-Amz-Date", (struct lnm_str){p->amz_date, 16});
    (void)snprintf(number, sizeof number, "%u", expires_s);
    add_pair(&query, "X-Amz-Expires", lnm_str_z(number));
    int error = lnm_buf_check(&value, err); /* before resetting forgets it */
    lnm_buf_reset(&value);
    error = error < 0 ? error : lnm_sigv4_signed_headers(&value, p, err);
    add_pair(&query, "X-Amz-SignedHeaders", lnm_buf_str(&value));
    if (session_token.len > 0) {
        add_pair(&query, "X-Amz-Security-Token", session_token);
    }
    struct lnm_signing_params whole = *p;
    whole.query = lnm_buf_str(&query);
    if (error == 0 && (error = lnm_buf_check(&query, err)) == 0) {
        size_t canonical_len;
        error = sign(signature, &canonical_len, scratch, &whole, key, err);
    }
    if (error == 0) {
        lnm_buf_adds(out, lnm_buf_str(&query));
        add_pair(out, "X-Amz-Signature", lnm_str_z(signature));
        error = lnm_buf_check(out, err);
    }
    lnm_buf_free(&query);
    lnm_buf_free(&value);
    return error;
}
