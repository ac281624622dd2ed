/* ebs.c - errors, snapshots and tokens of the EBS direct APIs. */
#include "cloud/ebs.h"
#include "cloud/ebs_access.h"
#include "cloud/limits.h"

#include "aws/sigv4_hash.h"
#include "base/clock.h"
#include "base/text.h"

#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *reason, *code;
    int status;
} reasons[] = {
    [LNM_EBS_UNAUTHORIZED_ACCOUNT] = {"UNAUTHORIZED_ACCOUNT", "AccessDeniedException", 403},
    [LNM_EBS_DEPENDENCY_ACCESS_DENIED] = {"DEPENDENCY_ACCESS_DENIED", "AccessDeniedException", 403},
    [LNM_EBS_SNAPSHOT_NOT_FOUND] = {"SNAPSHOT_NOT_FOUND", "ResourceNotFoundException", 404},
    [LNM_EBS_INVALID_CUSTOMER_KEY] = {"INVALID_CUSTOMER_KEY", "ValidationException", 400},
    [LNM_EBS_INVALID_PAGE_TOKEN] = {"INVALID_PAGE_TOKEN", "ValidationException", 400},
    [LNM_EBS_INVALID_BLOCK_TOKEN] = {"INVALID_BLOCK_TOKEN", "ValidationException", 400},
    [LNM_EBS_INVALID_SNAPSHOT_ID] = {"INVALID_SNAPSHOT_ID", "ValidationException", 400},
    [LNM_EBS_UNRELATED_SNAPSHOTS] = {"UNRELATED_SNAPSHOTS", "ValidationException", 400},
    [LNM_EBS_INVALID_BLOCK] = {"INVALID_BLOCK", "ValidationException", 400},
    [LNM_EBS_INVALID_CONTENT_ENCODING] = {"INVALID_CONTENT_ENCODING", "ValidationException", 400},
    [LNM_EBS_INVALID_TAG] = {"INVALID_TAG", "ValidationException", 400},
    [LNM_EBS_INVALID_PARAMETER_VALUE] = {"INVALID_PARAMETER_VALUE", "ValidationException", 400},
    [LNM_EBS_INVALID_VOLUME_SIZE] = {"INVALID_VOLUME_SIZE", "ValidationException", 400},
    [LNM_EBS_DEPENDENCY_SERVICE_QUOTA_EXCEEDED] = {"DEPENDENCY_SERVICE_QUOTA_EXCEEDED",
                                                   "ServiceQuotaExceededException", 402},
};

int lnm_ebs_raise(struct lnm_cloud_request *r, enum lnm_ebs_reason reason, const char *fmt, ...) {
    char text[256];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    lnm_take(r->error.reason, sizeof r->error.reason, reasons[reason].reason);
    return lnm_cloud_raise(r, reasons[reason].status, reasons[reason].code, "%s", text);
}

int lnm_ebs_snapshot(struct lnm_cloud_request *r, const char *param,
                     struct lnm_cloud_snapshot *out) {
    struct lnm_str id = lnm_cloud_param(r, param);
    if (!lnm_store_is_id(id, "snap-") || id.len > 64) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_SNAPSHOT_ID,
                             "The snapshot ID is not valid: snap- and hexadecimal digits");
    }
    if (!lnm_snapshot_see(r->cloud, r->account, r->region, id.ptr, out)) {
        return out->id[0] != '\0' ? lnm_ebs_raise(r, LNM_EBS_UNAUTHORIZED_ACCOUNT,
                                                  "The snapshot '%s' is not shared with account %s",
                                                  out->id, r->account)
                                  : lnm_ebs_raise(r, LNM_EBS_SNAPSHOT_NOT_FOUND,
                                                  "The snapshot '%s' does not exist.", id.ptr);
    }
    return 0;
}

int lnm_ebs_check_quotas(struct lnm_cloud_request *r) {
    int64_t quota;
    if (lnm_snapshot_check_new(r, NULL) < 0) { /* EC2's quota, in the words of this service */
        return lnm_ebs_raise(r, LNM_EBS_DEPENDENCY_SERVICE_QUOTA_EXCEEDED,
                             "Your current service quotas do not allow you to perform this action");
    }
    return lnm_limits_reached(r, LNM_QUOTA_PENDING_UPLOADS,
                              "SELECT count(*) FROM snapshots WHERE account = ?1 AND region = ?2"
                              " AND state = 'pending' AND timeout IS NOT NULL",
                              NULL, &quota)
               ? lnm_cloud_raise(r, 400, "ConcurrentLimitExceededException",
                                 "You have reached the limit of %lld pending snapshots",
                                 (long long)quota)
               : 0;
}

int lnm_ebs_key(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s,
                struct lnm_data_key *key) {
    int error = lnm_data_key_open(r->cloud, key, r->account, s->data_key);
    if (error == LNM_ENOTFOUND) { /* nothing is encrypted with it yet */
        error = lnm_data_key_make(r->cloud, key, r->account, s->data_key, s->key_arn);
    }
    if (error == 0 && s->encrypted &&
        !lnm_ebs_permits_arn(r, r->region, s->key_arn, LNM_EBS_BLOCKS)) {
        error = LNM_ECREDS;
    }
    return error == 0 ? 0
           : error == LNM_ECREDS
               ? lnm_ebs_raise(r, LNM_EBS_DEPENDENCY_ACCESS_DENIED,
                               "The KMS key %s may not be used by %s", s->key_arn, r->arn)
               : lnm_ebs_raise(r, LNM_EBS_INVALID_CUSTOMER_KEY,
                               "The KMS key %s is disabled, deleted, or of another kind",
                               s->key_arn);
}

int lnm_ebs_int(struct lnm_cloud_request *r, int64_t *out, const char *param, int64_t fallback,
                int64_t least, int64_t most) {
    *out = lnm_record_get_int(&r->in, 0, param, fallback);
    return *out >= least && *out <= most
               ? 0
               : lnm_ebs_raise(r, LNM_EBS_INVALID_PARAMETER_VALUE, "%s must be from %lld to %lld",
                               param, (long long)least, (long long)most);
}

/* ---- tokens ------------------------------------------------------------------------------------
 */

#define MAC 16
struct token { /* as bytes: kind, index, expiry, MAC */
    unsigned char bytes[1 + 8 + 8 + MAC];
};

static void put_number(unsigned char *at, int64_t n) {
    for (int i = 0; i < 8; i++) {
        at[i] = (unsigned char)((uint64_t)n >> (56 - 8 * i));
    }
}

static int64_t get_number(const unsigned char *at) {
    uint64_t n = 0;
    for (int i = 0; i < 8; i++) {
        n = n << 8 | at[i];
    }
    return (int64_t)n;
}

/* The secret is made with the state, so that tokens outlive the process. */
static int load_secret(struct lnm_cloud *c, unsigned char secret[32]) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT secret FROM token_secret", "");
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    struct lnm_str kept = lnm_store_blob(found ? s : NULL, 0);
    if (kept.len == 32) {
        memcpy(secret, kept.ptr, 32);
    }
    (void)sqlite3_reset(s);
    if (found) {
        return 0;
    }
    lnm_random_bytes(secret, 32);
    return lnm_store_exec(c, "INSERT INTO token_secret VALUES(?1)", "b",
                          (struct lnm_str){(const char *)secret, 32});
}

static int sign(unsigned char mac[32], struct lnm_cloud *c, const struct token *t,
                const char *snapshot) {
    unsigned char text[1 + 8 + 8 + 64];
    size_t len = strlen(snapshot) < 64 ? strlen(snapshot) : 64;
    struct lnm_blocks *b = c->blocks;
    if (!b->has_secret && load_secret(c, b->token_secret) < 0) {
        return -1;
    }
    b->has_secret = true;
    memcpy(text, t->bytes, 17);
    memcpy(text + 17, snapshot, len);
    lnm_hmac_sha256(mac, LNM_STR(""), (struct lnm_str){(const char *)b->token_secret, 32},
                    (struct lnm_str){(const char *)text, 17 + len});
    return 0;
}

int lnm_ebs_token_write(char out[LNM_EBS_TOKEN_MAX], struct lnm_cloud *c, enum lnm_ebs_token kind,
                        const char *snapshot, int64_t index, int64_t expires_us) {
    struct token t;
    unsigned char mac[32];
    char room[LNM_EBS_TOKEN_MAX];
    struct lnm_buf text = {.ptr = room, .cap = sizeof room};
    t.bytes[0] = (unsigned char)kind;
    put_number(t.bytes + 1, index);
    put_number(t.bytes + 9, expires_us);
    if (sign(mac, c, &t, snapshot) < 0) {
        return -1;
    }
    memcpy(t.bytes + 17, mac, MAC);
    lnm_text_base64(&text, t.bytes, sizeof t.bytes);
    lnm_take(out, LNM_EBS_TOKEN_MAX, room);
    return 0;
}

bool lnm_ebs_token_read(int64_t *index, struct lnm_cloud *c, enum lnm_ebs_token kind,
                        const char *snapshot, struct lnm_str token, int64_t now_us) {
    struct token t;
    struct lnm_buf bytes = {.max = 256};
    unsigned char mac[32];
    bool good = token.len > 0 && token.len < LNM_EBS_TOKEN_MAX &&
                lnm_text_unbase64(&bytes, token) == 0 && bytes.len == sizeof t.bytes;
    if (good) {
        memcpy(t.bytes, bytes.ptr, sizeof t.bytes);
        good = sign(mac, c, &t, snapshot) == 0 && t.bytes[0] == (unsigned char)kind &&
               CRYPTO_memcmp(mac, t.bytes + 17, MAC) == 0 && get_number(t.bytes + 9) > now_us;
        *index = get_number(t.bytes + 1);
    }
    lnm_buf_free(&bytes);
    return good;
}
