/* value.h - a node of a record as a Lua value. */
#ifndef LUNAMI_BIND_VALUE_H
#define LUNAMI_BIND_VALUE_H

#include "bind/bind.h"

/* Push node; structs by push_struct. [-0, +1, e] */
LNM_API void lnm_value_push(lua_State *L, struct lnm_shared_record *s, uint32_t node,
                            void (*push_struct)(lua_State *, struct lnm_shared_record *, uint32_t));
/* Push a scalar's text as what its kind says; integers that a Lua number cannot hold exactly stay
 * strings (5.1, 5.2 and LuaJIT count in doubles). [-0, +1, e] */
LNM_API void lnm_value_push_scalar(lua_State *L, enum lnm_kind kind, struct lnm_str text);

#endif
