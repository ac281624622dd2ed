/* sts_roles.c - AssumeRole: temporary credentials of a role. Source: the sts/2011-06-15 model and
 * the IAM user guide on role chaining and session policies. */
#include "cloud/sts_roles.h"
#include "cloud/sts_tags.h"

#include "aws/endpoint.h"

#include <ctype.h>
#include <stdio.h>

#define MOST_S 43200
#define CHAINED_S 3600
#define DEFAULT_S 3600
#define POLICY_MAX 2048

/* ---- the role ---------------------------------------------------------------------------------
 */

/* arn:PARTITION:iam::ACCOUNT:role/PATH/NAME */
static bool split_arn(struct lnm_sts_role *role, struct lnm_str arn, const char *partition) {
    struct lnm_str part[5], rest = arn, name = LNM_STR_NONE;
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

bool lnm_sts_role_find(struct lnm_cloud_request *r, struct lnm_sts_role *out) {
    memset(out, 0, sizeof *out);
    if (!split_arn(out, lnm_cloud_param(r, "role_arn"), lnm_partition(lnm_str_z(r->region)))) {
        return false;
    }
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT id, trust, max_duration FROM roles WHERE account = ?1 AND name = ?2",
        "tt", out->account, out->name);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_take(out->id, sizeof out->id, lnm_store_text(s, 0));
        lnm_buf_addz(&out->trust, lnm_store_text(s, 1));
        out->longest_s = lnm_store_int(s, 2);
    }
    (void)sqlite3_reset(s);
    return found && out->trust.failed == 0;
}

void lnm_sts_role_free(struct lnm_sts_role *role) {
    lnm_buf_free(&role->trust);
}

/* ---- the request ------------------------------------------------------------------------------
 */

static int check_text(struct lnm_cloud_request *r, const char *param, const char *wire,
                      struct lnm_str name) {
    bool good = name.len >= 2 && name.len <= 64;
    for (size_t i = 0; good && i < name.len; i++) {
        good =
            isalnum((unsigned char)name.ptr[i]) != 0 || memchr("_+=,.@-", name.ptr[i], 7) != NULL;
    }
    return good || !lnm_cloud_given(r, param)
               ? 0
               : lnm_cloud_raise(r, 400, "ValidationError",
                                 "1 validation error detected: Value at '%s' failed to satisfy "
                                 "constraint: Member must satisfy regular expression pattern: "
                                 "[\\w+=,.@-]{2,64}",
                                 wire);
}

/* Seconds, or -1 raised. A session of a role that assumes another one gets an hour at most. */
static int64_t duration(struct lnm_cloud_request *r, const struct lnm_sts_role *role) {
    int64_t seconds = lnm_sts_duration(r, MOST_S, DEFAULT_S);
    if (seconds > CHAINED_S && strstr(r->arn, ":assumed-role/") != NULL) {
        return lnm_cloud_raise(r, 400, "ValidationError",
                               "The requested DurationSeconds exceeds the 1 hour session limit for "
                               "roles assumed by role chaining");
    }
    if (seconds > role->longest_s) {
        return lnm_cloud_raise(
            r, 400, "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    return seconds;
}

static int check_policy(struct lnm_cloud_request *r) {
    struct lnm_str policy = lnm_cloud_param(r, "policy");
    if (policy.len > POLICY_MAX) {
        return lnm_cloud_raise(r, 400, "PackedPolicyTooLarge",
                               "The session policy is longer than %d characters", POLICY_MAX);
    }
    return policy.len == 0 || lnm_policy_valid(policy, false)
               ? 0
               : lnm_cloud_raise(r, 400, "MalformedPolicyDocument",
                                 "The session policy is not a policy document with actions and "
                                 "resources");
}

/* Only policies that AWS manages are known here. */
static int check_policy_arns(struct lnm_cloud_request *r, struct lnm_str *policy) {
    uint32_t list = lnm_record_find(&r->in, 0, "policy_arns");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_str name, arn = lnm_record_get(&r->in, i, "arn");
        struct lnm_str rest = lnm_str_cut(arn, '/', &name);
        const char *document = lnm_access_managed(rest);
        if (document == NULL) {
            return lnm_cloud_raise(r, 400, "ValidationError",
                                   "The policy %.*s is not known to the local cloud",
                                   (int)(arn.len < 200 ? arn.len : 200), arn.ptr);
        }
        *policy = lnm_str_z(document);
    }
    return 0;
}

int64_t lnm_sts_role_check(struct lnm_cloud_request *r, const struct lnm_sts_role *role) {
    struct lnm_str ignored;
    return check_text(r, "role_session_name", "roleSessionName",
                      lnm_cloud_param(r, "role_session_name")) < 0 ||
                   check_policy(r) < 0 || check_policy_arns(r, &ignored) < 0
               ? -1
               : duration(r, role);
}

int lnm_sts_role_give(struct lnm_cloud_request *r, const struct lnm_sts_role *role, int64_t seconds,
                      struct lnm_str source_identity, struct lnm_str tags) {
    char arn[256], user_id[128];
    struct lnm_str name = lnm_cloud_param(r, "role_session_name");
    struct lnm_sts_session s = {.account = role->account,
                                .arn = arn,
                                .user_id = user_id,
                                .policy = lnm_cloud_param(r, "policy"),
                                .source_identity = source_identity,
                                .tags = tags};
    (void)snprintf(arn, sizeof arn, "arn:%s:sts::%s:assumed-role/%s/%.*s",
                   lnm_partition(lnm_str_z(r->region)), role->account, role->name, (int)name.len,
                   name.ptr);
    (void)snprintf(user_id, sizeof user_id, "%s:%.*s", role->id, (int)name.len, name.ptr);
    if (s.policy.len == 0) {
        (void)check_policy_arns(r, &s.policy);
    }
    if (lnm_sts_give(r, &s, seconds) < 0) {
        return -1;
    }
    lnm_record_enter(&r->out, "assumed_role_user");
    lnm_record_setz(&r->out, "assumed_role_id", user_id);
    lnm_record_setz(&r->out, "arn", arn);
    lnm_record_close(&r->out);
    if (s.policy.len + tags.len > 0) {
        lnm_record_set_int(&r->out, "packed_policy_size",
                           (int64_t)((s.policy.len + tags.len) * 100 / POLICY_MAX));
    }
    if (source_identity.len > 0) {
        lnm_record_set(&r->out, "source_identity", source_identity);
    }
    return 0;
}

/* ---- AssumeRole -------------------------------------------------------------------------------
 */

static int denied(struct lnm_cloud_request *r, const char *action) {
    struct lnm_str arn = lnm_cloud_param(r, "role_arn");
    return lnm_cloud_raise(r, 403, "AccessDenied",
                           "User: %s is not authorized to perform: %s on resource: %.*s", r->arn,
                           action, (int)(arn.len < 200 ? arn.len : 200), arn.ptr);
}

/* Does the role's trust, with the caller's own policies, let him do that? */
static bool trusted(struct lnm_cloud_request *r, const struct lnm_sts_role *role,
                    const char *action) {
    char arn[256];
    struct lnm_buf facts = {0};
    struct lnm_policy_question q = lnm_access_question(r, action);
    struct lnm_str external = lnm_cloud_param(r, "external_id");
    struct lnm_str identity = lnm_cloud_param(r, "source_identity");
    (void)snprintf(arn, sizeof arn, "%.*s", (int)lnm_cloud_param(r, "role_arn").len % 256,
                   lnm_cloud_param(r, "role_arn").ptr);
    if (external.len > 0) {
        lnm_policy_fact_add(&facts, "sts:ExternalId", LNM_STR(""), external);
    }
    if (identity.len > 0) {
        lnm_policy_fact_add(&facts, "sts:SourceIdentity", LNM_STR(""), identity);
    }
    lnm_policy_fact_add(&facts, "sts:RoleSessionName", LNM_STR(""),
                        lnm_cloud_param(r, "role_session_name"));
    lnm_session_tags_facts(&facts, r);
    q.facts = &facts;
    enum lnm_policy_effect effect = lnm_policy_decide(lnm_buf_str(&role->trust), &q);
    q.resource = arn;
    bool in = lnm_access_combine(r, &q, role->account, effect) == LNM_ALLOWED;
    lnm_buf_free(&facts);
    return in;
}

/* The identity that is logged goes with every session made from this one. */
static int source_identity(struct lnm_cloud_request *r, struct lnm_str *out) {
    struct lnm_str given = lnm_cloud_param(r, "source_identity");
    if (check_text(r, "source_identity", "sourceIdentity", given) < 0) {
        return -1;
    }
    *out = r->source_identity[0] != '\0' ? lnm_str_z(r->source_identity) : given;
    return given.len == 0 || lnm_str_eq(given, *out) ? 0 : denied(r, "sts:SetSourceIdentity");
}

static int check_tags(struct lnm_cloud_request *r, const struct lnm_sts_role *role,
                      struct lnm_buf *tags) {
    if (lnm_session_tags_read(tags, r) < 0) {
        return -1;
    }
    return tags->len > 0 && !trusted(r, role, "sts:TagSession") ? denied(r, "sts:TagSession") : 0;
}

static int assume(struct lnm_cloud_request *r, const struct lnm_sts_role *role,
                  struct lnm_buf *tags) {
    struct lnm_str identity;
    if (!trusted(r, role, "sts:AssumeRole")) {
        return denied(r, "sts:AssumeRole");
    }
    int64_t seconds = lnm_sts_role_check(r, role);
    if (seconds < 0 || check_tags(r, role, tags) < 0 || source_identity(r, &identity) < 0) {
        return -1;
    }
    return identity.len > 0 && !trusted(r, role, "sts:SetSourceIdentity")
               ? denied(r, "sts:SetSourceIdentity")
               : lnm_sts_role_give(r, role, seconds, identity, lnm_buf_str(tags));
}

static int assume_role(struct lnm_cloud_request *r) {
    struct lnm_sts_role role;
    struct lnm_buf tags = {0};
    int error;
    if (lnm_sts_role_find(r, &role)) {
        error = assume(r, &role, &tags);
    } else {
        struct lnm_sts_role any = {.longest_s = MOST_S}; /* what is malformed is said first */
        error = lnm_sts_role_check(r, &any) < 0 ? -1 : denied(r, "sts:AssumeRole");
    }
    lnm_sts_role_free(&role);
    lnm_buf_free(&tags);
    return error;
}

const struct lnm_cloud_action lnm_cloud_sts_roles[] = {{"AssumeRole", assume_role}, {NULL, NULL}};
