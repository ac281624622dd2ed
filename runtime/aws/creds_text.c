/* creds_text.c - the four texts that credentials come in. */
#include "aws/creds_text.h"

#include "aws/json_fields.h"
#include "base/date.h"
#include "base/text.h"

#include <openssl/evp.h>

static int unreadable(struct lnm_err *err, const char *why) {
    return lnm_fail(err, LNM_EPARSE, "UnreadableAnswer", "%s", why);
}

static struct lnm_str string_of(const struct lnm_json_field *f) {
    return f->kind == LNM_JSON_STRING ? f->value : LNM_STR_NONE;
}

static int take(struct lnm_creds_text *out, const struct lnm_json_field f[5], struct lnm_err *err) {
    *out = (struct lnm_creds_text){.id = string_of(&f[0]),
                                   .secret = string_of(&f[1]),
                                   .token = string_of(&f[2]),
                                   .account = string_of(&f[4])};
    if (out->id.len == 0 || out->secret.len == 0) {
        return unreadable(err, "it lacks the access key id or the secret");
    }
    if (f[3].kind == LNM_JSON_NONE) {
        return 0;
    }
    return lnm_date_parse(&out->expiry_us, f[3].value) == 0 && out->expiry_us > 0
               ? 0
               : unreadable(err, "its expiration is no time");
}

static int read_process(struct lnm_creds_text *out, struct lnm_str text, struct lnm_err *err) {
    struct lnm_json_field f[] = {{.name = "AccessKeyId"},  {.name = "SecretAccessKey"},
                                 {.name = "SessionToken"}, {.name = "Expiration"},
                                 {.name = "AccountId"},    {.name = "Version"}};
    if (lnm_json_fields(f, 6, text) < 0) {
        return unreadable(err, "it is no JSON object");
    }
    return f[5].kind == LNM_JSON_NUMBER && lnm_str_is(f[5].value, "1")
               ? take(out, f, err)
               : unreadable(err, "its \"Version\" is not 1");
}

static int read_metadata(struct lnm_creds_text *out, struct lnm_str text, struct lnm_err *err) {
    struct lnm_json_field f[] = {{.name = "AccessKeyId"}, {.name = "SecretAccessKey"},
                                 {.name = "Token"},       {.name = "Expiration"},
                                 {.name = "AccountId"},   {.name = "Code"}};
    if (lnm_json_fields(f, 6, text) < 0) {
        return unreadable(err, "it is no JSON object");
    }
    struct lnm_str code = string_of(&f[5]);
    if (code.len > 0 && !lnm_str_ieq(code, LNM_STR("Success"))) {
        return lnm_fail(err, LNM_EPARSE, "UnreadableAnswer", "it says %.*s",
                        (int)(code.len < 80 ? code.len : 80), code.ptr);
    }
    return take(out, f, err);
}

static int read_sso(struct lnm_creds_text *out, struct lnm_str text, struct lnm_err *err) {
    struct lnm_json_field whole = {.name = "roleCredentials"};
    struct lnm_json_field f[] = {{.name = "accessKeyId"},
                                 {.name = "secretAccessKey"},
                                 {.name = "sessionToken"},
                                 {.name = "expiration"},
                                 {.name = "accountId"}};
    int64_t ms;
    if (lnm_json_fields(&whole, 1, text) < 0 || whole.kind != LNM_JSON_OBJECT ||
        lnm_json_fields(f, 5, whole.value) < 0) {
        return unreadable(err, "it holds no role credentials");
    }
    if (lnm_str_int64(&ms, f[3].value) < 0 || ms <= 0 || ms > INT64_MAX / 1000) {
        return unreadable(err, "its expiration is no time");
    }
    f[3].kind = LNM_JSON_NONE;
    int error = take(out, f, err);
    out->expiry_us = ms * 1000;
    return error;
}

int lnm_creds_text_read(struct lnm_creds_text *out, enum lnm_creds_dialect dialect,
                        struct lnm_str text, struct lnm_err *err) {
    return dialect == LNM_CREDS_PROCESS    ? read_process(out, text, err)
           : dialect == LNM_CREDS_METADATA ? read_metadata(out, text, err)
                                           : read_sso(out, text, err);
}

void lnm_sso_cache_name(char out[46], struct lnm_str key) {
    unsigned char sum[EVP_MAX_MD_SIZE];
    struct lnm_buf hex = {0};
    memset(sum, 0, sizeof sum);
    (void)EVP_Digest(key.len > 0 ? key.ptr : "", key.len, sum, NULL, EVP_sha1(), NULL);
    lnm_text_hex(&hex, sum, 20);
    lnm_buf_addz(&hex, ".json");
    memset(out, 0, 46);
    memcpy(out, lnm_buf_str(&hex).ptr, hex.len < 45 ? hex.len : 45);
    lnm_buf_free(&hex);
}

int lnm_sso_token_read(struct lnm_sso_token *out, struct lnm_str text, struct lnm_err *err) {
    struct lnm_json_field f[] = {{.name = "accessToken"},  {.name = "expiresAt"},
                                 {.name = "refreshToken"}, {.name = "clientId"},
                                 {.name = "clientSecret"}, {.name = "registrationExpiresAt"},
                                 {.name = "region"},       {.name = "startUrl"}};
    if (lnm_json_fields(f, 8, text) < 0) {
        return unreadable(err, "it is no JSON object");
    }
    *out = (struct lnm_sso_token){.access_token = string_of(&f[0]),
                                  .refresh_token = string_of(&f[2]),
                                  .client_id = string_of(&f[3]),
                                  .client_secret = string_of(&f[4]),
                                  .registration_expires = string_of(&f[5]),
                                  .region = string_of(&f[6]),
                                  .start_url = string_of(&f[7])};
    if (out->access_token.len == 0 || lnm_date_parse(&out->expires_us, string_of(&f[1])) < 0) {
        return unreadable(err, "it holds no access token with its expiry");
    }
    (void)lnm_date_parse(&out->registration_us, out->registration_expires);
    return 0;
}

static void add_field(struct lnm_buf *out, const char *name, struct lnm_str value) {
    if (value.len > 0) {
        lnm_buf_addf(out, "%s\"%s\": ", out->len > 1 ? ", " : "", name);
        lnm_json_quote(out, value);
    }
}

void lnm_sso_token_write(struct lnm_buf *out, const struct lnm_sso_token *t) {
    char expires[LNM_DATE_MAX];
    lnm_date_iso_s(expires, t->expires_us);
    lnm_buf_addc(out, '{');
    add_field(out, "accessToken", t->access_token);
    add_field(out, "expiresAt", lnm_str_z(expires));
    add_field(out, "refreshToken", t->refresh_token);
    add_field(out, "clientId", t->client_id);
    add_field(out, "clientSecret", t->client_secret);
    add_field(out, "registrationExpiresAt", t->registration_expires);
    add_field(out, "region", t->region);
    add_field(out, "startUrl", t->start_url);
    lnm_buf_addc(out, '}');
}

void lnm_sso_refresh_write(struct lnm_buf *out, const struct lnm_sso_token *t) {
    lnm_buf_addc(out, '{');
    add_field(out, "grantType", LNM_STR("refresh_token"));
    add_field(out, "clientId", t->client_id);
    add_field(out, "clientSecret", t->client_secret);
    add_field(out, "refreshToken", t->refresh_token);
    lnm_buf_addc(out, '}');
}

int lnm_sso_refresh_read(struct lnm_sso_token *t, struct lnm_str text, int64_t now_us,
                         struct lnm_err *err) {
    struct lnm_json_field f[] = {
        {.name = "accessToken"}, {.name = "expiresIn"}, {.name = "refreshToken"}};
    int64_t seconds;
    if (lnm_json_fields(f, 3, text) < 0 || string_of(&f[0]).len == 0 ||
        lnm_str_int64(&seconds, f[1].value) < 0 || seconds <= 0 || seconds > 366 * 86400) {
        return unreadable(err, "it holds no access token with its lifetime");
    }
    t->access_token = f[0].value;
    t->expires_us = now_us + seconds * LNM_SECOND_US;
    if (string_of(&f[2]).len > 0) {
        t->refresh_token = f[2].value;
    }
    return 0;
}
