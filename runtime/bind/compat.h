/* compat.h - the few names that Lua 5.1 and LuaJIT lack, and the one that all lack. */
#ifndef LUNAMI_BIND_COMPAT_H
#define LUNAMI_BIND_COMPAT_H

#include <lauxlib.h>
#include <lua.h>

#if LUA_VERSION_NUM < 502
#define lua_rawlen(L, i) lua_objlen(L, i)
#define lnm_setfuncs(L, funcs) luaL_register(L, NULL, funcs)
#define lnm_absindex(L, i) ((i) > 0 || (i) <= LUA_REGISTRYINDEX ? (i) : lua_gettop(L) + (i) + 1)
#else
#define lnm_setfuncs(L, funcs) luaL_setfuncs(L, funcs, 0)
#define lnm_absindex(L, i) lua_absindex(L, i)
#endif

/* The one Lua value that a userdata carries: an environment in 5.1, a user value since. A table. */
#if LUA_VERSION_NUM < 502
#define lnm_bind_setpeer(L, i) ((void)lua_setfenv(L, i))
#define lnm_bind_getpeer(L, i) lua_getfenv(L, i)
#else
#define lnm_bind_setpeer(L, i) ((void)lua_setuservalue(L, i))
#define lnm_bind_getpeer(L, i) ((void)lua_getuservalue(L, i))
#endif

#if LUA_VERSION_NUM < 503
#define lnm_isinteger(L, i) 0
#else
#define lnm_isinteger(L, i) lua_isinteger(L, i)
#endif

#endif
