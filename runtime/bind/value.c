/* value.c - scalars of a record as Lua values. */
#include "bind/value.h"

#include <stdlib.h>

#define EXACT_DOUBLE INT64_C(9007199254740992) /* 2^53 */

static void push_integer(lua_State *L, struct lnm_str text) {
    int64_t v;
    bool ok = lnm_str_int64(&v, text) == 0;
    if (ok && (LUA_VERSION_NUM >= 503 || (v <= EXACT_DOUBLE && v >= -EXACT_DOUBLE))) {
        lua_pushinteger(L, (lua_Integer)v);
    } else {
        lua_pushlstring(L, text.ptr, text.len);
    }
}

static void push_float(lua_State *L, struct lnm_str text) {
    char *end;
    double v = strtod(text.ptr, &end); /* a record's text is NUL-ended */
    if (text.len > 0 && end == text.ptr + text.len) {
        lua_pushnumber(L, v);
    } else {
        lua_pushlstring(L, text.ptr, text.len);
    }
}

void lnm_value_push_scalar(lua_State *L, enum lnm_kind kind, struct lnm_str text) {
    if (kind == LNM_BOOLEAN) {
        lua_pushboolean(L, lnm_str_is(text, "true"));
    } else if (kind == LNM_INTEGER) {
        push_integer(L, text);
    } else if (kind == LNM_FLOAT) {
        push_float(L, text);
    } else {
        lua_pushlstring(L, text.ptr, text.len);
    }
}
