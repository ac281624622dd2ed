/* jwt.c - reading a token and checking its signature. Source: RFC 7519, RFC 7515 (HS256). */
#include "cloud/jwt.h"

#include "cloud/cloud.h"

#include "base/text.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

#define AUDIENCES_MOST 16

/* base64url without padding. */
static int decode(struct lnm_buf *out, struct lnm_str part) {
    struct lnm_buf text = {0};
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        if (c == '+' || c == '/' || c == '=') {
            lnm_buf_free(&text);
            return LNM_EPARSE;
        }
        lnm_buf_addc(&text, (char)(c == '-' ? '+' : c == '_' ? '/' : c));
    }
    while (text.len % 4 != 0 && text.failed == 0) {
        lnm_buf_addc(&text, '=');
    }
    int error = text.failed != 0 ? text.failed : lnm_text_unbase64(out, lnm_buf_str(&text));
    lnm_buf_free(&text);
    return error;
}

/* An object of JSON, or NULL; to be released. */
static json_t *object(struct lnm_str part) {
    struct lnm_buf text = {0};
    json_error_t ignored;
    json_t *root = decode(&text, part) == 0 ? json_loadb(lnm_buf_str(&text).ptr, text.len,
                                                         JSON_REJECT_DUPLICATES, &ignored)
                                            : NULL;
    lnm_buf_free(&text);
    if (!json_is_object(root)) {
        json_decref(root);
        return NULL;
    }
    return root;
}

static bool signature_good(struct lnm_str signed_text, struct lnm_str signature) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    struct lnm_buf given = {0};
    bool good = decode(&given, signature) == 0 &&
                HMAC(EVP_sha256(), LNM_CLOUD_SECRET, (int)strlen(LNM_CLOUD_SECRET),
                     (const unsigned char *)signed_text.ptr, signed_text.len, mac, &len) != NULL &&
                given.len == len && CRYPTO_memcmp(given.ptr, mac, len) == 0;
    lnm_buf_free(&given);
    return good;
}

/* A claim that is a text; false when it is there and is none, or does not fit. */
static bool claim(char out[256], const json_t *claims, const char *name) {
    const json_t *value = json_object_get(claims, name);
    out[0] = '\0';
    if (value == NULL) {
        return true;
    }
    if (!json_is_string(value) || json_string_length(value) > 255) {
        return false;
    }
    (void)snprintf(out, 256, "%s", json_string_value(value));
    return true;
}

static bool when(int64_t *out, const json_t *claims, const char *name) {
    const json_t *value = json_object_get(claims, name);
    *out = json_is_integer(value) ? (int64_t)json_integer_value(value) : 0;
    return value == NULL || (json_is_integer(value) && *out > 0);
}

static void add_audience(struct lnm_jwt *t, const json_t *value) {
    if (json_is_string(value) && json_string_length(value) <= 255) {
        lnm_buf_add(&t->audiences, json_string_value(value), json_string_length(value) + 1);
    }
}

static bool read_claims(struct lnm_jwt *t, const json_t *claims) {
    const json_t *audience = json_object_get(claims, "aud");
    add_audience(t, audience);
    for (size_t i = 0; i < json_array_size(audience) && i < AUDIENCES_MOST; i++) {
        add_audience(t, json_array_get(audience, i));
    }
    return claim(t->issuer, claims, "iss") && claim(t->subject, claims, "sub") &&
           claim(t->authorized_party, claims, "azp") && when(&t->expires_s, claims, "exp") &&
           when(&t->not_before_s, claims, "nbf") && when(&t->issued_s, claims, "iat") &&
           t->issuer[0] != '\0' && t->expires_s > 0 && t->audiences.failed == 0;
}

int lnm_jwt_read(struct lnm_jwt *out, struct lnm_str token) {
    struct lnm_str head, body, rest = lnm_str_cut(token, '.', &head);
    struct lnm_str signature = lnm_str_cut(rest, '.', &body);
    memset(out, 0, sizeof *out);
    if (token.len > LNM_JWT_MAX || head.len == 0 || body.len == 0 || signature.len == 0) {
        return LNM_EPARSE;
    }
    json_t *header = object(head), *claims = object(body);
    const char *algorithm = json_string_value(json_object_get(header, "alg"));
    bool good = algorithm != NULL && claims != NULL && read_claims(out, claims);
    if (good && strcmp(algorithm, "HS256") == 0) {
        out->is_signed =
            signature_good((struct lnm_str){token.ptr, head.len + 1 + body.len}, signature);
    }
    json_decref(header);
    json_decref(claims);
    return good ? 0 : LNM_EPARSE;
}

void lnm_jwt_free(struct lnm_jwt *t) {
    lnm_buf_free(&t->audiences);
}
