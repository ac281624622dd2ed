/* op.h - an operation that is under way: a call, a wait, a timer or a transfer. */
#ifndef LUNAMI_BIND_OP_H
#define LUNAMI_BIND_OP_H

#include "bind/bind.h"
#include "client/transfer.h"

/* The loop is about to go: every operation of the context becomes inert. */
LNM_API void lnm_op_detach_all(struct lnm_context *c);

/* lnm_upload_start or lnm_download_start. */
typedef int lnm_transfer_starter(struct lnm_transfer **out, struct lnm_session *session,
                                 const struct lnm_transfer_options *options, lnm_transfer_fn *done,
                                 void *arg, struct lnm_err *err);
/* Start a transfer as an operation: op | nil, err. [-0, +1|2, e] */
LNM_API int lnm_op_transfer(lua_State *L, lnm_transfer_starter *start, struct lnm_session *s,
                            const struct lnm_transfer_options *options);
/* The transfer of the operation at `index`; raises when it has none. [-0, +0, e] */
LNM_API const struct lnm_transfer *lnm_op_checktransfer(lua_State *L, int index);
/* The next operation after `op` (NULL: the first) whose transfer is under way, or NULL. */
LNM_API const struct lnm_op *lnm_op_transferring(const struct lnm_context *c,
                                                 const struct lnm_op *op,
                                                 const struct lnm_transfer **out);

#endif
