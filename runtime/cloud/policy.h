/* policy.h - deciding by policy documents: who may do what, with what, when.
 *
 * Statements of Allow and Deny with (Not)Principal, (Not)Action, (Not)Resource and Condition, for
 * the policies of keys, roles' trust, identities and sessions.  A statement that says something not
 * understood here never allows, and denies if it is a Deny: so nothing is permitted that AWS might
 * refuse. */
#ifndef LUNAMI_CLOUD_POLICY_H
#define LUNAMI_CLOUD_POLICY_H

#include "base/buf.h"

/* In the order of their weight: of several statements the heaviest counts. */
enum lnm_policy_effect {
    LNM_POLICY_SILENT,
    LNM_POLICY_DELEGATES, /* allowed to the account of who asks: its own policies decide */
    LNM_POLICY_ALLOWS,
    LNM_POLICY_DENIES
};

/* What a condition key says of the request; a key of several values has several. */
struct lnm_policy_fact {
    const char *key;       /* "kms:ViaService", or its beginning: "kms:EncryptionContext:" */
    struct lnm_str suffix; /* the rest of it: a pair's key */
    struct lnm_str value;
};

struct lnm_policy_question {
    const char *account;   /* of who asks */
    const char *principal; /* its ARN; NULL: anybody in that account */
    const char *action;    /* "kms:Decrypt" */
    const char *resource;  /* ARN; NULL: the one that the policy is of */
    const char *via;       /* "ec2.us-east-1.amazonaws.com"; NULL: asked directly */
    const char *region;
    bool federated;                     /* the principal is an identity provider */
    const struct lnm_buf *facts;        /* lnm_policy_fact_add; NULL: none. All borrowed. */
    const struct lnm_buf *of_principal; /* the same of who asks; NULL: none */
};

LNM_API void lnm_policy_fact_add(struct lnm_buf *facts, const char *key, struct lnm_str suffix,
                                 struct lnm_str value);

/* Is it a policy document: statements that have an effect, actions, and (when of a resource)
 * principals or (when of an identity) resources? */
LNM_API bool lnm_policy_valid(struct lnm_str document, bool of_resource);
LNM_API enum lnm_policy_effect lnm_policy_decide(struct lnm_str document,
                                                 const struct lnm_policy_question *q);

/* The same of a document that is read once and asked often. NULL, when there is no memory, is
 * silent.
 */
struct lnm_policy;
LNM_API struct lnm_policy *lnm_policy_read(struct lnm_str document);
LNM_API void lnm_policy_free(struct lnm_policy *p);
LNM_API enum lnm_policy_effect lnm_policy_effect(const struct lnm_policy *p,
                                                 const struct lnm_policy_question *q);

/* Whom an ARN, an account id or "*" names. */
enum lnm_policy_named { LNM_NAMES_OTHERS, LNM_NAMES_ACCOUNT, LNM_NAMES_CALLER };
LNM_API enum lnm_policy_named lnm_policy_names(const char *principal,
                                               const struct lnm_policy_question *q);
/* The ARN of the role that an assumed role's session is of, else the principal itself. */
LNM_API void lnm_policy_identity(char out[256], const char *principal);

/* ---- between policy.c and policy_conditions.c -------------------------------------------------
 */
enum lnm_policy_answer { LNM_ANSWER_NO, LNM_ANSWER_YES, LNM_NOT_UNDERSTOOD };
/* '*' and '?' as in policies; letters in any case. */
LNM_API bool lnm_policy_like(const char *pattern, const char *text);
struct json_t;
/* The value of a statement's Condition; NULL when it has none. */
LNM_API enum lnm_policy_answer lnm_policy_conditions(const struct json_t *condition,
                                                     const struct lnm_policy_question *q);

#endif
