/* provider.h - one way to come by credentials, as identity.c uses it. */
#ifndef LUNAMI_CLIENT_PROVIDER_H
#define LUNAMI_CLIENT_PROVIDER_H

#include "client/identity.h"
#include "client/internal.h"

struct lnm_provider {
    const char *name; /* in messages, after the profile: "credential_process" */
    bool may_move;    /* another account's credentials may come out of it one day */
    /* Begin to fetch: the result comes by lnm_identity__fetched, from here or from the loop. What
     * is under way goes to *state. */
    int (*begin)(void **state, struct lnm_identity *id, struct lnm_err *err);
    void (*end)(void *state); /* cancels and frees it */
};

LNM_API extern const struct lnm_provider lnm_provider_keys, lnm_provider_role,
    lnm_provider_web_identity, lnm_provider_sso, lnm_provider_process, lnm_provider_container,
    lnm_provider_instance;

/* What a provider may know of the identity that it works for. [borrowed] */
LNM_API struct lnm_session_root *lnm_identity__root(const struct lnm_identity *id);
LNM_API struct lnm_loop *lnm_identity__loop(const struct lnm_identity *id);
LNM_API const char *lnm_identity__profile(const struct lnm_identity *id);
LNM_API const char *lnm_identity__region(const struct lnm_identity *id);
LNM_API const struct lnm_role *lnm_identity__role(const struct lnm_identity *id);
LNM_API struct lnm_session *lnm_identity__base(const struct lnm_identity *id);

/* The end of a fetch: credentials as text (copied), or NULL and why there are none. The provider's
 * state may be gone when it returns. */
LNM_API void lnm_identity__fetched(struct lnm_identity *id, const struct lnm_creds_text *text,
                                   const struct lnm_err *err);

#endif
