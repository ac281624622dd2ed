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
    return (struct lnm_policy_question){.account = r->account,
                                        .principal = r->arn,
                                        .action = action,
                                        .region = r->region,
                                        .of_principal = &r->tag_facts};
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

/* What a caller's policies say: each the heaviest of its kind. */
struct said {
    enum lnm_policy_effect identity, boundary, session;
};

static void weigh(enum lnm_policy_effect *effect, enum lnm_policy_effect one) {
    *effect = one > *effect ? one : *effect;
}

/* Without a boundary an identity may do all that its policies allow. */
static void ask_identity(struct said *said, struct lnm_cloud_request *r,
                         const struct lnm_policy_question *q) {
    char identity[LNM_IDENTITY_MAX];
    bool bound = false;
    lnm_access_identity(identity, r->arn);
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT document, managed = 3 FROM identity_policies WHERE account = ?1 AND owner = ?2",
        "tt", r->account, identity);
    said->identity = s != NULL ? LNM_POLICY_SILENT : LNM_POLICY_DENIES;
    said->boundary = LNM_POLICY_SILENT;
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        bool of_boundary = lnm_store_int(s, 1) != 0;
        bound = bound || of_boundary;
        weigh(of_boundary ? &said->boundary : &said->identity,
              lnm_policies_decide(&r->cloud->policies, lnm_str_z(lnm_store_text(s, 0)), q));
    }
    (void)sqlite3_reset(s);
    said->boundary = bound ? said->boundary : LNM_POLICY_ALLOWS;
}

/* Without a session policy a session may do all that its identity may. */
static void ask_session(struct said *said, struct lnm_cloud_request *r,
                        const struct lnm_policy_question *q) {
    said->session = LNM_POLICY_ALLOWS;
    if (r->session[0] != '\0') {
        sqlite3_stmt *s = lnm_store_query(r->cloud, "SELECT policy FROM credentials WHERE id = ?1",
                                          "t", r->session);
        said->session =
            s != NULL && sqlite3_step(s) == SQLITE_ROW
                ? lnm_policies_decide(&r->cloud->policies, lnm_str_z(lnm_store_text(s, 0)), q)
                : LNM_POLICY_DENIES;
        (void)sqlite3_reset(s);
    }
}

/* A resource's policy that names a user goes beyond his boundary; one that names a role does not.
 */
static bool is_bound(const struct lnm_cloud_request *r, bool own, enum lnm_policy_effect resource) {
    return !own || resource != LNM_POLICY_ALLOWS || strstr(r->arn, ":user/") == NULL;
}

enum lnm_verdict lnm_access_combine(struct lnm_cloud_request *r,
                                    const struct lnm_policy_question *q, const char *owner,
                                    enum lnm_policy_effect resource) {
    bool own = strcmp(owner, r->account) == 0;
    struct said said = {LNM_POLICY_ALLOWS, LNM_POLICY_ALLOWS, LNM_POLICY_ALLOWS};
    if (!r->administrator) {
        ask_identity(&said, r, q);
    }
    ask_session(&said, r, q);
    if (resource == LNM_POLICY_DENIES) {
        return LNM_RESOURCE_POLICY_DENIES;
    }
    if (said.identity == LNM_POLICY_DENIES) {
        return LNM_IDENTITY_POLICY_DENIES;
    }
    if (said.boundary == LNM_POLICY_DENIES) {
        return LNM_BOUNDARY_DENIES;
    }
    if (said.session == LNM_POLICY_DENIES) {
        return LNM_SESSION_POLICY_DENIES;
    }
    if (resource == LNM_POLICY_SILENT) {
        return LNM_NO_RESOURCE_POLICY;
    }
    if (said.identity != LNM_POLICY_ALLOWS && (!own || resource == LNM_POLICY_DELEGATES)) {
        return LNM_NO_IDENTITY_POLICY;
    }
    if (said.boundary != LNM_POLICY_ALLOWS && is_bound(r, own, resource)) {
        return LNM_NO_BOUNDARY;
    }
    return said.session == LNM_POLICY_ALLOWS ? LNM_ALLOWED : LNM_NO_SESSION_POLICY;
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
        [LNM_NO_IDENTITY_POLICY] = "identity-based policy",
        [LNM_NO_RESOURCE_POLICY] = "resource-based policy",
        [LNM_NO_SESSION_POLICY] = "session policy",
        [LNM_NO_BOUNDARY] = "permissions boundary",
        [LNM_IDENTITY_POLICY_DENIES] = "an identity-based policy",
        [LNM_RESOURCE_POLICY_DENIES] = "a resource-based policy",
        [LNM_SESSION_POLICY_DENIES] = "a session policy",
        [LNM_BOUNDARY_DENIES] = "a permissions boundary",
    };
    if (lnm_verdict_explicit(v)) {
        (void)snprintf(out, 160, "with an explicit deny in %s", kinds[v]);
    } else {
        (void)snprintf(out, 160, "because no %s allows the %.80s action", kinds[v], action);
    }
}
