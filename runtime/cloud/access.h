/* access.h - may the caller do that: what his own policies say, alone and beside a resource's.
 *
 * An identity is "user/NAME" or "role/NAME" of an account.  The account's administrator may do
 * everything that no resource's policy denies; nothing is read for him. */
#ifndef LUNAMI_CLOUD_ACCESS_H
#define LUNAMI_CLOUD_ACCESS_H

#include "cloud/internal.h"
#include "cloud/policy.h"

#define LNM_IDENTITY_MAX 96

enum lnm_verdict {
    LNM_ALLOWED,
    LNM_NO_IDENTITY_POLICY,
    LNM_NO_RESOURCE_POLICY,
    LNM_NO_SESSION_POLICY,
    LNM_NO_BOUNDARY,
    LNM_IDENTITY_POLICY_DENIES,
    LNM_RESOURCE_POLICY_DENIES,
    LNM_SESSION_POLICY_DENIES,
    LNM_BOUNDARY_DENIES
};

/* The question "may the caller do action", about any resource, asked directly; borrows from r. */
LNM_API struct lnm_policy_question lnm_access_question(const struct lnm_cloud_request *r,
                                                       const char *action);
/* By his own policies alone. */
LNM_API enum lnm_verdict lnm_access_decide(struct lnm_cloud_request *r,
                                           const struct lnm_policy_question *q);
/* Beside what the policy of a resource of account `owner` says of him: in his own account either is
 * enough, in another's both are needed; a Deny outweighs all. */
LNM_API enum lnm_verdict lnm_access_combine(struct lnm_cloud_request *r,
                                            const struct lnm_policy_question *q, const char *owner,
                                            enum lnm_policy_effect resource);
/* "because no identity-based policy allows the kms:Decrypt action" */
LNM_API void lnm_verdict_reason(char out[160], enum lnm_verdict v, const char *action);
LNM_API bool lnm_verdict_explicit(enum lnm_verdict v); /* by a Deny */

/* "role/images" of an ARN of a role, of a session of it, or of a user. */
LNM_API void lnm_access_identity(char out[LNM_IDENTITY_MAX], const char *arn);
LNM_API bool lnm_access_administrator(const char *arn);
/* The document of a policy that AWS manages ("AdministratorAccess"); NULL: not known here. */
LNM_API const char *lnm_access_managed(struct lnm_str name);
/* Attach one to "user/NAME" or "role/NAME". 0 or -1. */
LNM_API int lnm_access_attach(struct lnm_cloud *c, const char *account, const char *owner,
                              struct lnm_str name);

#endif
