/* identity.h - whose calls they are: credentials that are fetched when first needed and renewed
 * ahead of their expiry, while calls go on with those at hand.
 *
 * One fetch at a time for each identity; whoever needs its result waits for the same one. An
 * identity belongs to one account: when new credentials are another's, nothing more is sent. */
#ifndef LUNAMI_CLIENT_IDENTITY_H
#define LUNAMI_CLIENT_IDENTITY_H

#include "base/turn.h"
#include "client/chain.h"
#include "client/creds.h"
#include "net/loop.h"

struct lnm_identity;
struct lnm_session;
struct lnm_session_root;

/* A role to assume; strings are copied, NULL or 0 is not given. */
struct lnm_role {
    const char *arn;
    const char *session_name; /* else "lunami-<seconds>" */
    const char *external_id;
    const char *mfa_serial; /* its code is asked for on the terminal */
    int64_t duration_s;
};

/* These credentials and no others. c is referenced. */
LNM_API int lnm_identity_new_fixed(struct lnm_identity **out, struct lnm_creds *c,
                                   struct lnm_err *err);
/* By a source, with a profile's settings. `root` is whose identity it will be, and outlives it;
 * `region` is where STS is asked. Nothing is touched yet. */
LNM_API int lnm_identity_new(struct lnm_identity **out, struct lnm_session_root *root,
                             struct lnm_loop *loop, const char *region, enum lnm_source source,
                             const char *profile, bool by_default, struct lnm_err *err);
/* A role that `base` assumes (referenced). `what` is for messages: "profile work", or "". */
LNM_API int lnm_identity_new_role(struct lnm_identity **out, struct lnm_session_root *root,
                                  struct lnm_session *base, const struct lnm_role *role,
                                  const char *what, struct lnm_err *err);
LNM_API void lnm_identity_free(struct lnm_identity *id); /* NULL is fine */

/* The run is to last: ask now, in the background and once, whose account the credentials are, so
 * that it is known when they have expired. Nothing is asked of those that cannot change it. */
LNM_API void lnm_identity_ask_account(struct lnm_identity *id);
/* Usable credentials: 0 when there are some (renewing them in the background when that is due), 1
 * when *turn waits for them: fn(arg) is called when they are there or cannot be had (see
 * lnm_identity_outcome), or why there are none. */
LNM_API int lnm_identity_need(struct lnm_identity *id, struct lnm_turn *turn, lnm_loop_fn *fn,
                              void *arg, struct lnm_err *err);
/* How the last fetch ended: 0 when credentials are usable. */
LNM_API int lnm_identity_outcome(const struct lnm_identity *id, struct lnm_err *err);
/* Those at hand, perhaps no longer usable; NULL before the first fetch. [borrowed] */
LNM_API struct lnm_creds *lnm_identity_creds(const struct lnm_identity *id);
/* Counts the credentials that the identity has had. */
LNM_API uint64_t lnm_identity_serial(const struct lnm_identity *id);
/* AWS says that the credentials of that serial have expired. True when it is worth to need new ones
 * and try again. */
LNM_API bool lnm_identity_renew(struct lnm_identity *id, uint64_t serial);
LNM_API const char *lnm_identity_source(const struct lnm_identity *id); /* for a person */

#endif
