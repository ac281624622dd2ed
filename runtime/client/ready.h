/* ready.h - waiting until a session has credentials: for what cannot wait itself, and to say early
 * what is wrong with them. */
#ifndef LUNAMI_CLIENT_READY_H
#define LUNAMI_CLIENT_READY_H

#include "client/session.h"

struct lnm_ready;

/* fn(arg) comes from the loop, once, also when they are there already. */
LNM_API int lnm_ready_start(struct lnm_ready **out, struct lnm_session *session, lnm_loop_fn *fn,
                            void *arg, struct lnm_err *err);
LNM_API int lnm_ready_result(const struct lnm_ready *r, struct lnm_err *err);
LNM_API void lnm_ready_free(struct lnm_ready *r); /* NULL is fine */

#endif
