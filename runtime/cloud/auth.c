/* auth.c - who is calling: the signature is computed again and compared.
 *
 * Key id LOCAL + account id with the secret "local" is that account's administrator; users have
 * access keys (LKIA), and there are temporary credentials (LSIA). */
#include "cloud/fault.h"
#include "cloud/sts.h"

#include "aws/endpoint.h"
#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/text.h"
#include "base/virtual.h"
#include "aws/query.h"

#include <openssl/crypto.h>

#define SKEW_US (INT64_C(900) * 1000000)
#define SIGNED_MAX 32
#define EXPIRES_MAX_S 604800
#define SCRATCH 1024 /* what a usual request is signed in */

/* What an Authorization header or a presigned query says. */
struct claim {
    struct lnm_str key_id, date8, region, service, signed_headers, signature;
    char amz_date[20];
    bool presigned;
    int64_t expires_s;
    struct lnm_str token; /* X-Amz-Security-Token, or empty */
    struct lnm_cloud_credentials credentials;
    struct lnm_buf bytes; /* decoded parts of a presigned query */
};

/* KMS and EBS spell these errors alike, with other statuses. */
static bool is_json(const struct lnm_cloud_request *r) {
    return r->service == &lnm_kms || r->service == &lnm_ebs;
}

static int status(const struct lnm_cloud_request *r) {
    return r->service == &lnm_kms ? 400 : 403;
}

static int missing(struct lnm_cloud_request *r) {
    return lnm_cloud_raise(r, status(r),
                           is_json(r) ? "MissingAuthenticationTokenException"
                                      : "MissingAuthenticationToken",
                           "Request is missing Authentication Token");
}

static int unknown_key(struct lnm_cloud_request *r) {
    if (r->service == &lnm_ec2) {
        return lnm_cloud_raise(r, 401, "AuthFailure",
                               "AWS was not able to validate the provided access credentials");
    }
    return lnm_cloud_raise(r, status(r),
                           is_json(r) ? "UnrecognizedClientException" : "InvalidClientTokenId",
                           "The security token included in the request is invalid.");
}

static int wrong_signature(struct lnm_cloud_request *r) {
    if (r->service == &lnm_ec2) {
        return unknown_key(r);
    }
    return lnm_cloud_raise(r, status(r),
                           is_json(r) ? "InvalidSignatureException" : "SignatureDoesNotMatch",
                           "The request signature we calculated does not match the signature you "
                           "provided. Check your AWS "
                           "Secret Access Key and signing method.");
}

static int expired(struct lnm_cloud_request *r, const struct claim *c, int64_t signed_us,
                   int64_t now_us) {
    char now[LNM_DATE_MAX], bound[LNM_DATE_MAX];
    bool early = signed_us > now_us;
    if (r->service == &lnm_ec2) {
        return lnm_cloud_raise(r, 400, "RequestExpired", "Request has expired.");
    }
    lnm_date_amz(now, now_us);
    lnm_date_amz(bound, now_us + (early ? SKEW_US : -SKEW_US));
    return lnm_cloud_raise(
        r, status(r), is_json(r) ? "InvalidSignatureException" : "SignatureDoesNotMatch",
        early ? "Signature not yet current: %.16s is still later than %s (%s + 15 min.)"
              : "Signature expired: %.16s is now earlier than %s (%s - 15 min.)",
        c->amz_date, bound, now);
}

int lnm_cloud_expired_token(struct lnm_cloud_request *r) {
    if (r->service == &lnm_ec2) {
        return lnm_cloud_raise(r, 400, "RequestExpired", "Request has expired.");
    }
    return lnm_cloud_raise(r, status(r), is_json(r) ? "ExpiredTokenException" : "ExpiredToken",
                           "The security token included in the request is expired");
}

static void split_scope(struct claim *c, struct lnm_str scope) {
    struct lnm_str rest = lnm_str_cut(scope, '/', &c->key_id);
    rest = lnm_str_cut(rest, '/', &c->date8);
    rest = lnm_str_cut(rest, '/', &c->region);
    (void)lnm_str_cut(rest, '/', &c->service);
}

/* "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…" */
static bool read_header(struct claim *c, const char *authorization, const char *date) {
    struct lnm_str rest = lnm_str_z(authorization), part;
    if (!lnm_str_starts(rest, LNM_STR("AWS4-HMAC-SHA256 ")) || date == NULL) {
        return false;
    }
    rest = (struct lnm_str){rest.ptr + 17, rest.len - 17};
    while (rest.len > 0) {
        struct lnm_str name;
        rest = lnm_str_cut(rest, ',', &part);
        struct lnm_str value = lnm_str_cut(lnm_str_trim(part), '=', &name);
        if (lnm_str_is(name, "Credential")) {
            split_scope(c, value);
        } else if (lnm_str_is(name, "SignedHeaders")) {
            c->signed_headers = value;
        } else if (lnm_str_is(name, "Signature")) {
            c->signature = value;
        }
    }
    lnm_take(c->amz_date, sizeof "20150830T123600Z", date);
    return c->service.len > 0 && c->signed_headers.len > 0 && c->signature.len == 64;
}

/* The decoded value of one query parameter, kept in c->bytes. */
static struct lnm_str query_value(struct claim *c, struct lnm_str query, const char *name) {
    size_t start = c->bytes.len;
    if (lnm_query_param(&c->bytes, query, name) < 0) {
        return LNM_STR_NONE;
    }
    return (struct lnm_str){c->bytes.ptr + start, c->bytes.len - start};
}

static bool read_query(struct claim *c, struct lnm_str query) {
    int64_t expires = 0;
    if (lnm_buf_reserve(&c->bytes, query.len) < 0) { /* so that nothing kept moves */
        return false;
    }
    split_scope(c, query_value(c, query, "X-Amz-Credential"));
    c->signed_headers = query_value(c, query, "X-Amz-SignedHeaders");
    c->signature = query_value(c, query, "X-Amz-Signature");
    struct lnm_str date = query_value(c, query, "X-Amz-Date");
    lnm_str_copy(c->amz_date, sizeof "20150830T123600Z", date);
    (void)lnm_str_int64(&expires, query_value(c, query, "X-Amz-Expires"));
    c->token = query_value(c, query, "X-Amz-Security-Token");
    c->expires_s = expires;
    c->presigned = true;
    return c->service.len > 0 && c->signature.len == 64;
}

/* The query without X-Amz-Signature: what was signed. */
static void without_signature(struct lnm_buf *out, struct lnm_str query) {
    while (query.len > 0) {
        struct lnm_str one;
        query = lnm_str_cut(query, '&', &one);
        if (!lnm_str_starts(one, LNM_STR("X-Amz-Signature="))) {
            if (out->len > 0) {
                lnm_buf_addc(out, '&');
            }
            lnm_buf_adds(out, one);
        }
    }
}

static size_t collect_headers(struct lnm_header *headers, char names[SIGNED_MAX][64],
                              const struct claim *c, const struct lnm_cloud_http *http) {
    struct lnm_str rest = c->signed_headers;
    size_t count = 0;
    while (rest.len > 0 && count < SIGNED_MAX) {
        struct lnm_str name;
        rest = lnm_str_cut(rest, ';', &name);
        size_t len = name.len < sizeof names[0] ? name.len : sizeof names[0] - 1;
        memcpy(names[count], name.ptr, len);
        names[count][len] = '\0';
        const char *value = http->header(http->arg, names[count]);
        headers[count] =
            (struct lnm_header){lnm_str_z(names[count]), lnm_str_z(value != NULL ? value : "")};
        count++;
    }
    return count;
}

/* `hash` is the body's, or UNSIGNED-PAYLOAD. */
static bool signature_matches(struct lnm_day_keys *keys, const struct claim *c,
                              const struct lnm_cloud_http *http, const char *hash) {
    struct lnm_header headers[SIGNED_MAX];
    char names[SIGNED_MAX][64], signature[65];
    struct lnm_buf scratch = {0}, query = {0};
    without_signature(&query, http->query);
    struct lnm_signing_params p = {.method = lnm_str_z(http->method),
                                   .path = http->path,
                                   .query = lnm_buf_str(&query),
                                   .headers = headers,
                                   .header_count = collect_headers(headers, names, c, http),
                                   .payload_hash = lnm_str_z(hash),
                                   .region = c->region,
                                   .service = c->service,
                                   .normalize_path = true,
                                   .double_encode_path = true};
    struct lnm_err ignored;
    memcpy(p.amz_date, c->amz_date, sizeof p.amz_date);
    (void)lnm_buf_reserve(&scratch, SCRATCH);
    const struct lnm_signing_key *key =
        lnm_day_key(keys, c->credentials.secret, c->amz_date, c->region, c->service);
    bool ok = key != NULL && lnm_sigv4_sign(signature, &scratch, &p, key, &ignored) == 0 &&
              CRYPTO_memcmp(signature, c->signature.ptr, 64) == 0;
    lnm_buf_free(&scratch);
    lnm_buf_free(&query);
    return ok;
}

/* The header names something, but not all that a signature needs. */
static int incomplete(struct lnm_cloud_request *r) {
    return lnm_cloud_raise(r, 400,
                           is_json(r) ? "IncompleteSignatureException" : "IncompleteSignature",
                           "Authorization header requires 'Credential', 'SignedHeaders' and "
                           "'Signature' parameters, and an 'X-Amz-Date' header.");
}

static void join(char *to, size_t size, const char *const *parts) {
    for (; *parts != NULL; parts++) {
        size_t len = strlen(*parts);
        lnm_take(to, size, *parts);
        to += len < size ? len : size - 1;
        size -= len < size ? len : size - 1;
    }
}

/* LOCAL + 12 digits: the account's administrator. */
static bool take_administrator(struct lnm_cloud_request *r, struct claim *c) {
    struct lnm_str id = c->key_id;
    if (id.len != 17 || !lnm_str_starts(id, LNM_STR("LOCAL"))) {
        return false;
    }
    for (size_t i = 5; i < id.len; i++) {
        if (id.ptr[i] < '0' || id.ptr[i] > '9') {
            return false;
        }
    }
    lnm_str_copy(r->account, sizeof r->account, (struct lnm_str){id.ptr + 5, 12});
    join(r->arn, sizeof r->arn,
         (const char *[]){"arn:", lnm_partition(lnm_str_z(r->region)), ":iam::", r->account,
                          ":user/administrator", NULL});
    join(r->user_id, sizeof r->user_id, /* as long as IAM's */
         (const char *[]){"AIDALOCAL", r->account, NULL});
    lnm_take(c->credentials.secret, sizeof c->credentials.secret, LNM_CLOUD_SECRET);
    r->administrator = true;
    return true;
}

/* Temporary ones come with their token. */
static bool take_temporary(struct lnm_cloud_request *r, struct claim *c) {
    size_t len;
    if (!lnm_sts_credentials(r, c->key_id, &c->credentials)) {
        return false;
    }
    len = strlen(c->credentials.token);
    return len == c->token.len && CRYPTO_memcmp(c->credentials.token, c->token.ptr, len) == 0;
}

/* Who asks; anything that looks like a real key is refused with a word of warning. */
static bool take_caller(struct lnm_cloud_request *r, struct claim *c) {
    if (lnm_str_starts(c->key_id, LNM_STR("AKIA")) || lnm_str_starts(c->key_id, LNM_STR("ASIA"))) {
        lnm_log(LNM_LOG_WARN,
                "a request was signed with what looks like a real AWS key id (%.4s...): "
                "the local cloud takes LOCAL + account id, with the secret \"local\"",
                c->key_id.ptr);
        return false;
    }
    return take_administrator(r, c) || lnm_sts_access_key(r, c->key_id, &c->credentials) ||
           take_temporary(r, c);
}

/* Is a header among those that were signed? */
static bool signs(const struct claim *c, const char *header) {
    struct lnm_str name, rest = c->signed_headers;
    while (rest.len > 0) {
        rest = lnm_str_cut(rest, ';', &name);
        if (lnm_str_is(name, header)) {
            return true;
        }
    }
    return false;
}

/* Was it signed about then? Clients outside sign by the real time when the cloud's is another. */
static bool is_fresh(const struct claim *c, int64_t signed_us, int64_t now_us) {
    int64_t late = c->presigned ? c->expires_s * LNM_SECOND_US : SKEW_US;
    return now_us - signed_us <= late && signed_us - now_us <= SKEW_US;
}

/* Over https a block's bytes need not be signed: its checksum is. */
static bool is_signed(struct lnm_cloud_request *r, const struct claim *c,
                      const struct lnm_cloud_http *http) {
    char hash[65];
    lnm_sigv4_hash(hash, c->presigned ? LNM_STR("") : http->body);
    lnm_take(r->body_hash, sizeof r->body_hash, c->presigned ? "" : hash);
    return signature_matches(&r->cloud->day_keys, c, http, hash) ||
           (r->service == &lnm_ebs && http->tls && strcmp(http->method, "PUT") == 0 &&
            signature_matches(&r->cloud->day_keys, c, http, "UNSIGNED-PAYLOAD"));
}

static int check(struct lnm_cloud_request *r, struct claim *c, const struct lnm_cloud_http *http) {
    int64_t signed_us, skew_us = lnm_fault_skew(r->cloud), now_us = r->now_us + skew_us;
    if (c->region.len == 0 || c->region.len >= sizeof r->region ||
        lnm_date_parse_amz(&signed_us, lnm_str_z(c->amz_date)) < 0 || c->date8.len != 8 ||
        memcmp(c->date8.ptr, c->amz_date, 8) != 0) {
        return wrong_signature(r);
    }
    lnm_str_copy(r->region, sizeof r->region, c->region);
    if (!take_caller(r, c)) {
        return unknown_key(r);
    }
    if (!is_fresh(c, signed_us, now_us) &&
        !(lnm_virtual_on() && is_fresh(c, signed_us, lnm_real_us() + skew_us))) {
        return expired(r, c, signed_us, now_us);
    }
    if (!signs(c, "host") || (!c->presigned && !signs(c, "x-amz-date")) ||
        (c->presigned && (c->expires_s < 1 || c->expires_s > EXPIRES_MAX_S)) ||
        !is_signed(r, c, http)) {
        return wrong_signature(r);
    }
    return c->credentials.expires_us != 0 && r->now_us >= c->credentials.expires_us
               ? lnm_cloud_expired_token(r)
               : 0;
}

static struct lnm_str form_of(const struct lnm_cloud_http *http) {
    return http->body.len > 0 ? http->body : http->query;
}

static bool form_says(const struct lnm_cloud_http *http, const char *name, const char *wanted) {
    struct lnm_buf value = {.max = 4096};
    bool same = lnm_query_param(&value, form_of(http), name) == 0 &&
                lnm_str_is(lnm_buf_str(&value), wanted);
    lnm_buf_free(&value);
    return same;
}

/* How to spell the error of a request whose signature names no service. */
static const struct lnm_service *guess_service(const struct lnm_cloud_http *http) {
    if (http->header(http->arg, "X-Amz-Target") != NULL) {
        return &lnm_kms;
    }
    return form_says(http, "Version", lnm_sts.version)   ? &lnm_sts
           : form_says(http, "Version", lnm_iam.version) ? &lnm_iam
                                                         : &lnm_ec2;
}

/* The one action that needs no signature: its token says who asks. The role's ARN tells where. */
static bool take_bearer(struct lnm_cloud_request *r, const struct lnm_cloud_http *http) {
    static const char *const homes[][2] = {
        {"arn:aws-cn:", "cn-north-1"}, {"arn:aws-us-gov:", "us-gov-west-1"}, {"", "us-east-1"}};
    struct lnm_buf arn = {.max = 4096};
    size_t i = 0;
    if (!form_says(http, "Action", "AssumeRoleWithWebIdentity")) {
        return false;
    }
    (void)lnm_query_param(&arn, form_of(http), "RoleArn");
    while (!lnm_str_starts(lnm_buf_str(&arn), lnm_str_z(homes[i][0]))) {
        i++;
    }
    lnm_take(r->region, sizeof r->region, homes[i][1]);
    lnm_buf_free(&arn);
    return true;
}

int lnm_cloud_authenticate(struct lnm_cloud_request *r, const struct lnm_cloud_http *http) {
    struct claim c = {0};
    const char *authorization = http->header(http->arg, "Authorization");
    bool read = authorization != NULL
                    ? read_header(&c, authorization, http->header(http->arg, "X-Amz-Date"))
                    : read_query(&c, http->query);
    const char *token = http->header(http->arg, "X-Amz-Security-Token");
    c.token = token != NULL ? lnm_str_z(token) : c.token;
    r->service = read ? lnm_service_find(c.service) : NULL;
    int error = 0;
    if (r->service != NULL) {
        error = check(r, &c, http);
    } else {
        r->service = guess_service(http);
        if (authorization != NULL) {
            error = read ? wrong_signature(r) : incomplete(r);
        } else if (!take_bearer(r, http)) {
            error = read ? wrong_signature(r) : missing(r);
        }
    }
    OPENSSL_cleanse(&c.credentials, sizeof c.credentials);
    lnm_buf_free(&c.bytes);
    return error;
}
