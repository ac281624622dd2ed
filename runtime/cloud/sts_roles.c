/* sts_roles.c - AssumeRole: temporary credentials of a role. Source: the sts/2011-06-15 model. */
#include "cloud/access.h"
#include "cloud/sts.h"

#include "aws/endpoint.h"
#include "base/date.h"

#include <ctype.h>
#include <openssl/rand.h>
#include <stdio.h>

#define LEAST_S 900
#define MOST_S 43200
#define CHAINED_S 3600
#define DEFAULT_S 3600

struct role {
    char account[16], name[80], id[32], external_id[160];
};

static int denied(struct lnm_cloud_request *r, struct lnm_str arn) {
    return lnm_cloud_raise(r, 403, "AccessDenied",
                           "User: %s is not authorized to perform: sts:AssumeRole on resource: "
                           "%.*s",
                           r->arn, (int)(arn.len < 200 ? arn.len : 200), arn.ptr);
}

/* arn:PARTITION:iam::ACCOUNT:role/PATH/NAME */
static bool split_arn(struct role *role, struct lnm_str arn, const char *partition) {
    struct lnm_str part[5], rest = arn, name;
    for (int i = 0; i < 5; i++) {
        rest = lnm_str_cut(rest, ':', &part[i]);
    }
    if (!lnm_str_is(part[1], partition) || !lnm_str_is(part[2], "iam") || part[4].len != 12 ||
        !lnm_str_starts(rest, LNM_STR("role/"))) {
        return false;
    }
    while (rest.len > 0) {
        rest = lnm_str_cut(rest, '/', &name);
    }
    if (name.len == 0 || name.len >= sizeof role->name) {
        return false;
    }
    (void)snprintf(role->account, sizeof role->account, "%.12s", part[4].ptr);
    (void)snprintf(role->name, sizeof role->name, "%.*s", (int)name.len, name.ptr);
    return true;
}

/* The role, if its trust policy lets the caller in. */
static bool trusted(struct lnm_cloud_request *r, struct role *role) {
    struct lnm_policy_question q = lnm_access_question(r, "sts:AssumeRole");
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT id, trust, external_id FROM roles WHERE account = ?1 AND name = ?2", "tt",
        role->account, role->name);
    bool in =
        s != NULL && sqlite3_step(s) == SQLITE_ROW &&
        lnm_access_combine(r, &q, role->account,
                           lnm_policy_decide(lnm_str_z(lnm_store_text(s, 1)), &q)) == LNM_ALLOWED;
    if (in) {
        lnm_take(role->id, sizeof role->id, lnm_store_text(s, 0));
        lnm_take(role->external_id, sizeof role->external_id, lnm_store_text(s, 2));
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return in;
}

static int check_session_name(struct lnm_cloud_request *r) {
    struct lnm_str name = lnm_cloud_param(r, "role_session_name");
    bool good = name.len >= 2 && name.len <= 64;
    for (size_t i = 0; good && i < name.len; i++) {
        good =
            isalnum((unsigned char)name.ptr[i]) != 0 || memchr("_+=,.@-", name.ptr[i], 7) != NULL;
    }
    return good ? 0
                : lnm_cloud_raise(r, 400, "ValidationError",
                                  "1 validation error detected: Value at 'roleSessionName' failed "
                                  "to satisfy constraint: Member must satisfy regular expression "
                                  "pattern: [\\w+=,.@-]{2,64}");
}

/* Seconds, or -1 raised. A session of a role that assumes another one gets an hour at most. */
static int64_t duration(struct lnm_cloud_request *r) {
    int64_t seconds = lnm_record_get_int(&r->in, 0, "duration_seconds", DEFAULT_S);
    if (seconds < LEAST_S || seconds > MOST_S) {
        return lnm_cloud_raise(r, 400, "ValidationError",
                               "1 validation error detected: Value '%lld' at 'durationSeconds' "
                               "failed to satisfy constraint: Member must have value %s than or "
                               "equal to %d",
                               (long long)seconds, seconds < LEAST_S ? "greater" : "less",
                               seconds < LEAST_S ? LEAST_S : MOST_S);
    }
    if (seconds > CHAINED_S && strstr(r->arn, ":assumed-role/") != NULL) {
        return lnm_cloud_raise(r, 400, "ValidationError",
                               "The requested DurationSeconds exceeds the 1 hour session limit for "
                               "roles assumed by role chaining");
    }
    return seconds;
}

/* `len` characters of base 36. */
static bool random_text(char *out, size_t len) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    unsigned char bytes[128];
    bool good = len <= sizeof bytes && RAND_bytes(bytes, (int)len) == 1;
    for (size_t i = 0; good && i < len; i++) {
        out[i] = digits[bytes[i] % 36];
    }
    out[good ? len : 0] = '\0';
    return good;
}

static int give(struct lnm_cloud_request *r, const struct role *role, int64_t seconds) {
    char id[24], secret[48], token[136], arn[256], user_id[128], until[LNM_DATE_MAX];
    struct lnm_str name = lnm_cloud_param(r, "role_session_name");
    memcpy(id, "ASIA", 4);
    if (!random_text(id + 4, 16) || !random_text(secret, 40) || !random_text(token, 128)) {
        return lnm_cloud_internal(r);
    }
    (void)snprintf(arn, sizeof arn, "arn:%s:sts::%s:assumed-role/%s/%.*s",
                   lnm_partition(lnm_str_z(r->region)), role->account, role->name, (int)name.len,
                   name.ptr);
    (void)snprintf(user_id, sizeof user_id, "%s:%.*s", role->id, (int)name.len, name.ptr);
    int64_t expires = r->now_us + seconds * LNM_SECOND_US;
    if (lnm_store_exec(r->cloud,
                       "INSERT INTO credentials(id, secret, token, account, arn, user_id, expires)"
                       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                       "tttttti", id, secret, token, role->account, arn, user_id, expires) < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_date_iso(until, expires);
    lnm_record_enter(&r->out, "credentials");
    lnm_record_setz(&r->out, "access_key_id", id);
    lnm_record_setz(&r->out, "secret_access_key", secret);
    lnm_record_setz(&r->out, "session_token", token);
    lnm_record_setz(&r->out, "expiration", until);
    lnm_record_close(&r->out);
    lnm_record_enter(&r->out, "assumed_role_user");
    lnm_record_setz(&r->out, "assumed_role_id", user_id);
    lnm_record_setz(&r->out, "arn", arn);
    lnm_record_close(&r->out);
    return 0;
}

int lnm_sts_assume_role(struct lnm_cloud_request *r) {
    struct role role = {0};
    struct lnm_str arn = lnm_cloud_param(r, "role_arn");
    struct lnm_str external = lnm_cloud_param(r, "external_id");
    if (check_session_name(r) < 0) {
        return -1;
    }
    int64_t seconds = duration(r);
    if (seconds < 0) {
        return -1;
    }
    if (!split_arn(&role, arn, lnm_partition(lnm_str_z(r->region))) || !trusted(r, &role) ||
        (role.external_id[0] != '\0' && !lnm_str_is(external, role.external_id))) {
        return denied(r, arn);
    }
    return give(r, &role, seconds);
}

bool lnm_sts_credentials(struct lnm_cloud_request *r, struct lnm_str id,
                         struct lnm_cloud_credentials *out) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT secret, token, expires, account, arn, user_id FROM credentials WHERE id = ?1", "s",
        id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_take(out->secret, sizeof out->secret, lnm_store_text(s, 0));
        lnm_take(out->token, sizeof out->token, lnm_store_text(s, 1));
        out->expires_us = lnm_store_int(s, 2);
        lnm_take(r->account, sizeof r->account, lnm_store_text(s, 3));
        lnm_take(r->arn, sizeof r->arn, lnm_store_text(s, 4));
        lnm_take(r->user_id, sizeof r->user_id, lnm_store_text(s, 5));
        r->administrator = lnm_access_administrator(r->arn);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}
