/* account.h - whose account some credentials are: one GetCallerIdentity. */
#ifndef LUNAMI_CLIENT_ACCOUNT_H
#define LUNAMI_CLIENT_ACCOUNT_H

#include "client/internal.h"

struct lnm_account_question;

/* From the loop, once: the account, or why it is not known (then err is not NULL). */
typedef void lnm_account_fn(void *arg, struct lnm_str account, const struct lnm_err *err);

/* The settings are those of `root`. */
LNM_API int lnm_account_ask(struct lnm_account_question **out, const struct lnm_session_root *root,
                            struct lnm_loop *loop, const char *region, struct lnm_creds *creds,
                            lnm_account_fn *fn, void *arg, struct lnm_err *err);
LNM_API void lnm_account_drop(struct lnm_account_question *q); /* NULL is fine */

#endif
