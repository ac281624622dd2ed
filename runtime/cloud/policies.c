/* policies.c - policy documents that were read stay read. */
#include "cloud/policies.h"

#include <stdlib.h>

static void forget(struct lnm_policies *p, size_t i) {
    free(p->kept[i].text);
    lnm_policy_free(p->kept[i].policy);
    p->kept[i].text = NULL;
    p->kept[i].policy = NULL;
}

static const struct lnm_policy *find(const struct lnm_policies *p, struct lnm_str document) {
    for (size_t i = 0; i < LNM_POLICIES && p->kept[i].text != NULL; i++) {
        if (p->kept[i].len == document.len &&
            memcmp(p->kept[i].text, document.ptr, document.len) == 0) {
            return p->kept[i].policy;
        }
    }
    return NULL;
}

/* Takes over `policy`; false when it cannot be kept. */
static bool keep(struct lnm_policies *p, struct lnm_str document, struct lnm_policy *policy) {
    char *text = policy != NULL ? malloc(document.len + 1) : NULL;
    if (text == NULL) {
        return false;
    }
    size_t i = p->next;
    p->next = (i + 1) % LNM_POLICIES;
    forget(p, i);
    lnm_str_copy(text, document.len + 1, document);
    p->kept[i].text = text;
    p->kept[i].len = document.len;
    p->kept[i].policy = policy;
    return true;
}

enum lnm_policy_effect lnm_policies_decide(struct lnm_policies *p, struct lnm_str document,
                                           const struct lnm_policy_question *q) {
    const struct lnm_policy *known = find(p, document);
    if (known != NULL) {
        return lnm_policy_effect(known, q);
    }
    struct lnm_policy *policy = lnm_policy_read(document);
    enum lnm_policy_effect effect = lnm_policy_effect(policy, q);
    if (!keep(p, document, policy)) {
        lnm_policy_free(policy);
    }
    return effect;
}

void lnm_policies_forget(struct lnm_policies *p) {
    for (size_t i = 0; i < LNM_POLICIES; i++) {
        forget(p, i);
    }
}
