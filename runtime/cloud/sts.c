/* sts.c - whose credentials these are, and temporary ones. Ids of temporary credentials begin LSIA:
 * AWS's ASIA is never given and never taken. Source: the sts/2011-06-15 model. */
#include "cloud/sts.h"

#include "cloud/denial.h"
#include "cloud/iam.h"
#include "cloud/sts_tags.h"

#include "aws/endpoint.h"
#include "base/date.h"

#include <stdio.h>

#define LEAST_S 900
#define USER_MOST_S 129600
#define USER_DEFAULT_S 43200

bool lnm_sts_credentials(struct lnm_cloud_request *r, struct lnm_str id,
                         struct lnm_cloud_credentials *out) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud,
                        "SELECT secret, token, expires, account, arn, user_id, policy IS NOT NULL,"
                        " ifnull(source_identity, ''), tags FROM credentials WHERE id = ?1",
                        "s", id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_take(out->secret, sizeof out->secret, lnm_store_text(s, 0));
        lnm_take(out->token, sizeof out->token, lnm_store_text(s, 1));
        out->expires_us = lnm_store_int(s, 2);
        lnm_take(r->account, sizeof r->account, lnm_store_text(s, 3));
        lnm_take(r->arn, sizeof r->arn, lnm_store_text(s, 4));
        lnm_take(r->user_id, sizeof r->user_id, lnm_store_text(s, 5));
        (void)snprintf(r->session, sizeof r->session, "%.*s",
                       lnm_store_int(s, 6) != 0 ? (int)id.len : 0, id.ptr);
        lnm_take(r->source_identity, sizeof r->source_identity, lnm_store_text(s, 7));
        r->administrator = lnm_access_administrator(r->arn);
        r->temporary = true;
        lnm_session_tags_take(r, lnm_store_blob(s, 8));
    }
    (void)sqlite3_reset(s);
    return found;
}

bool lnm_sts_access_key(struct lnm_cloud_request *r, struct lnm_str id,
                        struct lnm_cloud_credentials *out) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT secret, account, path || name, users.id FROM access_keys JOIN users USING (account)"
        " WHERE users.name = user AND status = 'Active' AND access_keys.id = ?1",
        "s", id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_take(out->secret, sizeof out->secret, lnm_store_text(s, 0));
        lnm_take(r->account, sizeof r->account, lnm_store_text(s, 1));
        (void)snprintf(r->arn, sizeof r->arn, "arn:%s:iam::%s:user%s",
                       lnm_partition(lnm_str_z(r->region)), r->account, lnm_store_text(s, 2));
        lnm_take(r->user_id, sizeof r->user_id, lnm_store_text(s, 3));
    }
    (void)sqlite3_reset(s);
    return found;
}

int64_t lnm_sts_duration(struct lnm_cloud_request *r, int64_t most, int64_t fallback) {
    int64_t seconds = lnm_record_get_int(&r->in, 0, "duration_seconds", fallback);
    return seconds >= LEAST_S && seconds <= most
               ? seconds
               : lnm_cloud_raise(r, 400, "ValidationError",
                                 "1 validation error detected: Value '%lld' at 'durationSeconds' "
                                 "failed to satisfy constraint: Member must have value %s than or "
                                 "equal to %lld",
                                 (long long)seconds, seconds < LEAST_S ? "greater" : "less",
                                 (long long)(seconds < LEAST_S ? LEAST_S : most));
}

int lnm_sts_give(struct lnm_cloud_request *r, const struct lnm_sts_session *s, int64_t seconds) {
    char id[21], secret[41], token[129], until[LNM_DATE_MAX];
    int64_t expires = r->now_us + seconds * LNM_SECOND_US;
    if (!lnm_iam_random(r->cloud, id, 20, "LSIA") || !lnm_iam_random(r->cloud, secret, 40, "") ||
        !lnm_iam_random(r->cloud, token, 128, "") ||
        lnm_store_exec(r->cloud,
                       "INSERT INTO credentials(id, secret, token, account, arn, user_id, expires,"
                       " policy, source_identity, tags) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7,"
                       " nullif(?8, ''), nullif(?9, ''), ?10)",
                       "ttttttissb", id, secret, token, s->account, s->arn, s->user_id, expires,
                       s->policy, s->source_identity, s->tags) < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_date_iso_s(until, expires);
    lnm_record_enter(&r->out, "credentials");
    lnm_record_setz(&r->out, "access_key_id", id);
    lnm_record_setz(&r->out, "secret_access_key", secret);
    lnm_record_setz(&r->out, "session_token", token);
    lnm_record_setz(&r->out, "expiration", until);
    lnm_record_close(&r->out);
    return 0;
}

static int get_caller_identity(struct lnm_cloud_request *r) {
    lnm_record_setz(&r->out, "arn", r->arn);
    lnm_record_setz(&r->out, "user_id", r->user_id);
    lnm_record_setz(&r->out, "account", r->account);
    return 0;
}

/* The same user, for a while. */
static int get_session_token(struct lnm_cloud_request *r) {
    struct lnm_sts_session s = {.account = r->account, .arn = r->arn, .user_id = r->user_id};
    int64_t seconds = lnm_sts_duration(r, USER_MOST_S, USER_DEFAULT_S);
    if (seconds < 0) {
        return -1;
    }
    return r->temporary ? lnm_cloud_raise(r, 403, "AccessDenied",
                                          "Cannot call GetSessionToken with session credentials")
                        : lnm_sts_give(r, &s, seconds);
}

const struct lnm_cloud_action lnm_cloud_sts[] = {{"DecodeAuthorizationMessage", lnm_denial_decode},
                                                 {"GetCallerIdentity", get_caller_identity},
                                                 {"GetSessionToken", get_session_token},
                                                 {NULL, NULL}};
