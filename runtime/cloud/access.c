/* access.c - identities' and sessions' policies, and how they count beside a resource's. Source:
 * the IAM user guide, policy evaluation logic. */
#include "cloud/access.h"

#include <stdio.h>

#define ADMINISTRATOR "user/administrator"

void lnm_access_identity(char out[LNM_IDENTITY_MAX], const char *arn) {
    char identity[256];
    lnm_policy_identity(identity, arn);
    const char *colon = strrchr(identity, ':'), *slash = strrchr(identity, '/');
    const char *kind = colon != NULL ? colon + 1 : identity;
    (void)snprintf(out, LNM_IDENTITY_MAX, "%.*s/%.80s", (int)strcspn(kind, "/") % 8, kind,
                   slash != NULL ? slash + 1 : "");
}

bool lnm_access_administrator(const char *arn) {
    char identity[LNM_IDENTITY_MAX];
    lnm_access_identity(identity, arn);
    return strcmp(identity, ADMINISTRATOR) == 0;
}

struct lnm_policy_question lnm_access_question(const struct lnm_cloud_request *r,
                                               const char *action) {
    return (struct lnm_policy_question){
        .account = r->account, .principal = r->arn, .action = action, .region = r->region};
}

#define ALLOW(actions)                                                                             \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":" actions         \
    ",\"Resource\":\"*\"}]}"

const char *lnm_access_managed(struct lnm_str name) {
    static const char *const policies[][2] = {
        {"AdministratorAccess", ALLOW("\"*\"")},
        {"AmazonEC2FullAccess", ALLOW("\"ec2:*\"")},
        {"AmazonEC2ReadOnlyAccess", ALLOW("[\"ec2:Describe*\",\"ec2:Get*\"]")}};
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        if (lnm_str_is(name, policies[i][0])) {
            return policies[i][1];
        }
    }
    return NULL;
}

int lnm_access_attach(struct lnm_cloud *c, const char *account, const char *owner,
                      struct lnm_str name) {
    return lnm_store_exec(c,
                          "INSERT OR REPLACE INTO identity_policies(account, owner, managed, name,"
                          " document) VALUES(?1, ?2, 1, ?3, ?4)",
                          "ttst", account, owner, name, lnm_access_managed(name));
}

/* What the documents that a query gives say, the heaviest. */
static enum lnm_policy_effect effect_of(sqlite3_stmt *s, const struct lnm_policy_question *q) {
    enum lnm_policy_effect effect = s != NULL ? LNM_POLICY_SILENT : LNM_POLICY_DENIES;
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        enum lnm_policy_effect said = lnm_policy_decide(lnm_str_z(lnm_store_text(s, 0)), q);
        effect = said > effect ? said : effect;
    }
    (void)sqlite3_reset(s);
    return effect;
}

static enum lnm_policy_effect identity_effect(struct lnm_cloud_request *r,
                                              const struct lnm_policy_question *q) {
    char identity[LNM_IDENTITY_MAX];
    if (r->administrator) {
        return LNM_POLICY_ALLOWS;
    }
    lnm_access_identity(identity, r->arn);
    return effect_of(
        lnm_store_query(r->cloud,
                        "SELECT document FROM identity_policies WHERE account = ?1 AND owner = ?2",
                        "tt", r->account, identity),
        q);
}

/* Without a session policy a session may do all that its identity may. */
static enum lnm_policy_effect session_effect(struct lnm_cloud_request *r,
                                             const struct lnm_policy_question *q) {
    return r->session[0] == '\0'
               ? LNM_POLICY_ALLOWS
               : effect_of(lnm_store_query(r->cloud, "SELECT policy FROM credentials WHERE id = ?1",
                                           "t", r->session),
                           q);
}

enum lnm_verdict lnm_access_combine(struct lnm_cloud_request *r,
                                    const struct lnm_policy_question *q, const char *owner,
                                    enum lnm_policy_effect resource) {
    bool own = strcmp(owner, r->account) == 0;
    enum lnm_policy_effect identity = identity_effect(r, q), session = session_effect(r, q);
    if (resource == LNM_POLICY_DENIES) {
        return LNM_RESOURCE_POLICY_DENIES;
    }
    if (identity == LNM_POLICY_DENIES) {
        return LNM_IDENTITY_POLICY_DENIES;
    }
    if (session == LNM_POLICY_DENIES) {
        return LNM_SESSION_POLICY_DENIES;
    }
    if (resource == LNM_POLICY_SILENT) {
        return LNM_NO_RESOURCE_POLICY;
    }
    if (identity != LNM_POLICY_ALLOWS && (!own || resource == LNM_POLICY_DELEGATES)) {
        return LNM_NO_IDENTITY_POLICY;
    }
    return session == LNM_POLICY_ALLOWS ? LNM_ALLOWED : LNM_NO_SESSION_POLICY;
}

enum lnm_verdict lnm_access_decide(struct lnm_cloud_request *r,
                                   const struct lnm_policy_question *q) {
    return r->administrator && r->session[0] == '\0'
               ? LNM_ALLOWED
               : lnm_access_combine(r, q, r->account, LNM_POLICY_DELEGATES);
}

bool lnm_verdict_explicit(enum lnm_verdict v) {
    return v >= LNM_IDENTITY_POLICY_DENIES;
}

void lnm_verdict_reason(char out[160], enum lnm_verdict v, const char *action) {
    static const char *const kinds[] = {
        [LNM_ALLOWED] = "",
        [LNM_NO_IDENTITY_POLICY] = "identity-based",
        [LNM_NO_RESOURCE_POLICY] = "resource-based",
        [LNM_NO_SESSION_POLICY] = "session",
        [LNM_IDENTITY_POLICY_DENIES] = "an identity-based",
        [LNM_RESOURCE_POLICY_DENIES] = "a resource-based",
        [LNM_SESSION_POLICY_DENIES] = "a session",
    };
    if (lnm_verdict_explicit(v)) {
        (void)snprintf(out, 160, "with an explicit deny in %s policy", kinds[v]);
    } else {
        (void)snprintf(out, 160, "because no %s policy allows the %.80s action", kinds[v], action);
    }
}
