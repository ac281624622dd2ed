/* sts_web.c - AssumeRoleWithWebIdentity: a role for the bearer of an issuer's token. Source: the
 * sts/2011-06-15 model and the IAM user guide on OIDC federation. */
#include "cloud/jwt.h"
#include "cloud/sts_roles.h"

#include "aws/endpoint.h"
#include "base/date.h"

#include <stdio.h>

#define SKEW_S 300

static int refuse(struct lnm_cloud_request *r, const char *why) {
    return lnm_cloud_raise(r, 400, "InvalidIdentityToken", "%s", why);
}

static int denied(struct lnm_cloud_request *r) {
    return lnm_cloud_raise(r, 403, "AccessDenied",
                           "Not authorized to perform sts:AssumeRoleWithWebIdentity");
}

/* The issuer as IAM names it: without https:// and a last slash. */
static struct lnm_str issuer_of(const struct lnm_jwt *t) {
    struct lnm_str url = lnm_str_z(t->issuer);
    if (lnm_str_starts(url, LNM_STR("https://"))) {
        url = (struct lnm_str){url.ptr + 8, url.len - 8};
    }
    url.len -= url.len > 0 && url.ptr[url.len - 1] == '/' ? 1 : 0;
    return url;
}

/* The audience that the provider of the role's account takes; NULL raised. */
static const char *check_provider(struct lnm_cloud_request *r, const struct lnm_sts_role *role,
                                  const struct lnm_jwt *t) {
    struct lnm_str client, rest = LNM_STR_NONE, issuer = issuer_of(t);
    const char *audience = NULL, *end = t->audiences.ptr + t->audiences.len;
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT clients FROM oidc_providers WHERE account = ?1 AND rtrim(url, '/') = ?2",
        "ts", role->account, issuer);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    rest = lnm_str_z(found ? lnm_store_text(s, 0) : "");
    while (rest.len > 0 && audience == NULL) {
        rest = lnm_str_cut(rest, ' ', &client);
        for (const char *a = t->audiences.ptr; a != end && audience == NULL; a += strlen(a) + 1) {
            audience = lnm_str_is(client, a) ? a : NULL;
        }
    }
    (void)sqlite3_reset(s);
    if (!found) {
        (void)lnm_cloud_raise(r, 400, "InvalidIdentityToken",
                              "No OpenIDConnect provider found in your account for https://%.*s",
                              (int)issuer.len, issuer.ptr);
    } else if (audience == NULL) {
        (void)refuse(r, "Incorrect token audience");
    }
    return audience;
}

static int check_times(struct lnm_cloud_request *r, const struct lnm_jwt *t) {
    int64_t now = r->now_us / LNM_SECOND_US;
    if (t->not_before_s > now + SKEW_S || t->issued_s > now + SKEW_S) {
        return lnm_cloud_raise(r, 403, "IDPRejectedClaim", "The token is not valid yet");
    }
    return now < t->expires_s
               ? 0
               : lnm_cloud_raise(r, 400, "ExpiredTokenException",
                                 "Token expired: current date/time %lld must be before the "
                                 "expiration date/time %lld",
                                 (long long)now, (long long)t->expires_s);
}

/* Does the role's trust let the bearer in? Its conditions speak of ISSUER:sub and ISSUER:aud. */
static bool trusted(struct lnm_cloud_request *r, const struct lnm_sts_role *role,
                    const struct lnm_jwt *t, const char *provider, const char *audience) {
    char prefix[260];
    struct lnm_buf facts = {0};
    struct lnm_str issuer = issuer_of(t);
    struct lnm_policy_question q = {.account = role->account,
                                    .principal = provider,
                                    .action = "sts:AssumeRoleWithWebIdentity",
                                    .region = r->region,
                                    .federated = true,
                                    .facts = &facts};
    (void)snprintf(prefix, sizeof prefix, "%.*s:", (int)issuer.len, issuer.ptr);
    lnm_policy_fact_add(&facts, prefix, LNM_STR("aud"),
                        lnm_str_z(t->authorized_party[0] != '\0' ? t->authorized_party : audience));
    lnm_policy_fact_add(&facts, prefix, LNM_STR("sub"), lnm_str_z(t->subject));
    lnm_policy_fact_add(&facts, "sts:RoleSessionName", LNM_STR(""),
                        lnm_cloud_param(r, "role_session_name"));
    bool in = lnm_policy_decide(lnm_buf_str(&role->trust), &q) == LNM_POLICY_ALLOWS;
    lnm_buf_free(&facts);
    return in;
}

static int assume(struct lnm_cloud_request *r, const struct lnm_sts_role *role,
                  const struct lnm_jwt *t) {
    char provider[400];
    struct lnm_str issuer = issuer_of(t);
    const char *audience = check_provider(r, role, t);
    if (audience == NULL) {
        return -1;
    }
    if (!t->is_signed) {
        return refuse(r,
                      "Couldn't retrieve verification key from your identity provider: the "
                      "local cloud takes tokens that are signed HS256 with the secret \"local\"");
    }
    (void)snprintf(provider, sizeof provider, "arn:%s:iam::%s:oidc-provider/%.*s",
                   lnm_partition(lnm_str_z(r->region)), role->account, (int)issuer.len, issuer.ptr);
    if (check_times(r, t) < 0) {
        return -1;
    }
    if (t->subject[0] == '\0') {
        return lnm_cloud_raise(r, 403, "IDPRejectedClaim", "The token names no subject");
    }
    int64_t seconds = lnm_sts_role_check(r, role);
    if (seconds < 0) {
        return -1;
    }
    if (!trusted(r, role, t, provider, audience)) {
        return denied(r);
    }
    lnm_record_setz(&r->out, "subject_from_web_identity_token", t->subject);
    lnm_record_setz(&r->out, "provider", provider);
    lnm_record_setz(&r->out, "audience", audience);
    return lnm_sts_role_give(r, role, seconds, LNM_STR(""), LNM_STR(""));
}

static int assume_with_web_identity(struct lnm_cloud_request *r) {
    struct lnm_sts_role role;
    struct lnm_jwt t;
    int error;
    bool found = lnm_sts_role_find(r, &role);
    if (lnm_jwt_read(&t, lnm_cloud_param(r, "web_identity_token")) < 0) {
        error = refuse(r, "The ID Token provided is not a valid JWT. (You may see this error if "
                          "you sent an Access Token)");
    } else {
        error = found ? assume(r, &role, &t) : denied(r);
    }
    lnm_jwt_free(&t);
    lnm_sts_role_free(&role);
    return error;
}

const struct lnm_cloud_action lnm_cloud_sts_web[] = {
    {"AssumeRoleWithWebIdentity", assume_with_web_identity}, {NULL, NULL}};
