/* policies.h - policy documents that were read stay read. They are found by their text: nothing has
 * to be told when one changes. */
#ifndef LUNAMI_CLOUD_POLICIES_H
#define LUNAMI_CLOUD_POLICIES_H

#include "cloud/policy.h"

#define LNM_POLICIES 64

struct lnm_policies {
    struct {
        char *text; /* NULL: free */
        size_t len;
        struct lnm_policy *policy;
    } kept[LNM_POLICIES];
    size_t next; /* the one that makes room */
};

/* What lnm_policy_decide says. */
LNM_API enum lnm_policy_effect lnm_policies_decide(struct lnm_policies *p, struct lnm_str document,
                                                   const struct lnm_policy_question *q);
LNM_API void lnm_policies_forget(struct lnm_policies *p);

#endif
