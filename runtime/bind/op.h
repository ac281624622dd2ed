/* op.h - an operation that is under way: a call, a wait or a timer. */
#ifndef LUNAMI_BIND_OP_H
#define LUNAMI_BIND_OP_H

#include "bind/bind.h"

/* The loop is about to go: every operation of the context becomes inert. */
LNM_API void lnm_op_detach_all(struct lnm_context *c);

/* The finished call at `index`; raises when it is none. [-0, +0, e] */
LNM_API const struct lnm_call *lnm_op_checkcall(lua_State *L, int index);

#endif
