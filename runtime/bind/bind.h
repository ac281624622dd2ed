/* bind.h - what the files of this folder share.
 *
 * The rule of this folder: any lua_* function may longjmp.  So a C resource goes into a userdata
 * that already has its metatable before it is acquired, and nothing else in the frame owns memory.
 * Lua is never entered from a callback of the loop: callbacks mark an operation ready, Lua asks for
 * it.
 *
 * Above each function that Lua calls stands its stack effect: [-popped, +pushed, e] where e means
 * it may throw. */
#ifndef LUNAMI_BIND_BIND_H
#define LUNAMI_BIND_BIND_H

#include "aws/record.h"
#include "bind/compat.h"
#include "client/hub.h"

struct lnm_op;

/* One for each lua_State: the loop, the hub and the queue of finished operations. */
struct lnm_context {
    struct lnm_loop *loop;
    struct lnm_hub *hub;
    struct lnm_op *ready_first, *ready_last;
    struct lnm_op *all;      /* every operation that is alive, so that closing can detach them */
    size_t transfers;        /* of them */
    struct lnm_record input; /* of the call that is being started; empty between calls */
};

/* A record that several Lua values look into; freed with the last of them. */
struct lnm_shared_record {
    size_t refs;
    struct lnm_record record;
};

/* The state's context; made by luaopen. [-0, +0, e] */
LNM_API struct lnm_context *lnm_bind_context(lua_State *L);
/* Push nil and the error as a table {code=, message=, ...}; returns 2. [-0, +2, e] */
LNM_API int lnm_bind_failure(lua_State *L, const struct lnm_err *err);
/* New metatable `name` with methods as __index and the metamethods given. [-0, +0, e] */
LNM_API void lnm_bind_class(lua_State *L, const char *name, const luaL_Reg *methods,
                            const luaL_Reg *meta);
LNM_API void lnm_bind_setmetatable(lua_State *L, const char *name);
/* Zeroed userdata with metatable `name`. [-0, +1, e] */
LNM_API void *lnm_bind_box(lua_State *L, size_t size, const char *name);
/* The string at field `name` of table `index`, or NULL; stays on the stack. [-0, +1, e] */
LNM_API const char *lnm_bind_field(lua_State *L, int index, const char *name);

LNM_API struct lnm_session *lnm_bind_checksession(lua_State *L, int index);
LNM_API const struct lnm_operation *lnm_bind_checkoperation(lua_State *L, int index);

/* Begin *out anew as the table at `index`, a record of type `type`; on failure *err says which
 * field is wrong and how. Somebody owns *out already: a box, or the context. [-0, +0, e] */
LNM_API int lnm_bind_input(struct lnm_record *out, lua_State *L, int index,
                           const struct lnm_type *type, struct lnm_err *err);
/* An empty shared record in a view of its root, on the stack. [-0, +1, e] */
LNM_API struct lnm_shared_record *lnm_bind_newrecord(lua_State *L);

/* Openers, each called with the module table on top of the stack. [-0, +0, e] */
LNM_API void lnm_bind_open_record(lua_State *L);
LNM_API void lnm_bind_open_object(lua_State *L);
LNM_API void lnm_bind_open_session(lua_State *L);
LNM_API void lnm_bind_open_op(lua_State *L);
LNM_API void lnm_bind_open_hub(lua_State *L);
LNM_API void lnm_bind_open_rows(lua_State *L);
LNM_API void lnm_bind_open_transfer(lua_State *L);
LNM_API void lnm_bind_open_about(lua_State *L);
LNM_API void lnm_bind_open_util(lua_State *L);

#endif
