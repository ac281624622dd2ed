/* policy.h - policy documents in small: who may do what with a key.
 *
 * Statements of Allow and Deny with principals, actions with wildcards and the conditions that EBS
 * uses.  A statement that says something not understood here never allows, and denies if it is a
 * Deny: so nothing is permitted that AWS might refuse. */
#ifndef LUNAMI_CLOUD_POLICY_H
#define LUNAMI_CLOUD_POLICY_H

#include "base/str.h"

enum lnm_policy_effect { LNM_POLICY_SILENT, LNM_POLICY_ALLOWS, LNM_POLICY_DENIES };

struct lnm_policy_question {
    const char *account;   /* of who asks */
    const char *principal; /* its ARN; NULL: a service on behalf of anybody in that account */
    const char *action;    /* "kms:Decrypt" */
    const char *via;       /* "ec2.us-east-1.amazonaws.com", or "" when asked directly */
};

/* Is it a policy document: an object with statements that have an effect and actions? */
LNM_API bool lnm_policy_valid(struct lnm_str document);
LNM_API enum lnm_policy_effect lnm_policy_decide(struct lnm_str document,
                                                 const struct lnm_policy_question *q);
/* Does an ARN, an account id or "*" name who asks? An account's root stands for all in it. */
LNM_API bool lnm_policy_names(const char *principal, const struct lnm_policy_question *q);

#endif
