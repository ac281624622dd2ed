/* ask.h - a secret that a person types on the terminal, without echo, while the loop goes on. */
#ifndef LUNAMI_CLIENT_ASK_H
#define LUNAMI_CLIENT_ASK_H

#include "base/str.h"
#include "net/loop.h"

struct lnm_ask;

/* From the loop, once: the line that was typed, borrowed until it returns; empty at the end of
 * input. */
typedef void lnm_ask_fn(void *arg, struct lnm_str line);

/* LNM_ENOTFOUND when the process has no terminal. */
LNM_API int lnm_ask_start(struct lnm_ask **out, struct lnm_loop *loop, const char *prompt,
                          lnm_ask_fn *fn, void *arg, struct lnm_err *err);
LNM_API void lnm_ask_end(struct lnm_ask *a); /* gives the terminal back; NULL is fine */

#endif
