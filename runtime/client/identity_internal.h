/* identity_internal.h - an identity as its own files see it: identity.c (what it is, and whether
 * its credentials may be used), identity_fetch.c (new ones, and of whose account they are). */
#ifndef LUNAMI_CLIENT_IDENTITY_INTERNAL_H
#define LUNAMI_CLIENT_IDENTITY_INTERNAL_H

#include "client/account.h"
#include "client/provider.h"

/* A request that is signed later than so long before the expiry may arrive too late. */
#define LNM_IDENTITY_MARGIN_US INT64_C(10000000)

struct lnm_identity {
    struct lnm_session_root *root;
    struct lnm_loop *loop;
    const struct lnm_provider *provider; /* NULL: what is at hand is all there will be */
    char profile[LNM_PROFILE_MAX], region[64], what[220];
    struct lnm_role role;
    struct lnm_session *base;
    struct lnm_creds *creds, *coming; /* coming: fetched, but their account is not known yet */
    uint64_t serial;
    bool fetching, stale, moved, by_default;
    bool doubted;       /* by our clock they had expired when they came; see identity.c */
    int64_t fetched_us; /* monotonic */
    bool account_asked; /* ahead of the first renewal, once */
    void *state;
    struct lnm_account_question *question;
    struct lnm_turns waiting;
    int64_t renew_at_us; /* wall clock; 0: never */
    struct lnm_err failure;
};

LNM_API int64_t lnm_identity__now_us(const struct lnm_identity *id); /* the wall clock, corrected */
LNM_API bool lnm_identity__usable(const struct lnm_identity *id);
LNM_API void lnm_identity__fetch(struct lnm_identity *id);
/* Stops what is under way. */
LNM_API void lnm_identity__end_fetch(struct lnm_identity *id);

#endif
