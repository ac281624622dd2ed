/* modules.c - where require finds lunami's own modules: inside the program, or on disk. */
#include "host/host.h"

#include "host/embedded.h"

#include <stdio.h>
#include <string.h>

int luaopen_lunami_core(lua_State *L);

/* Loader of one embedded module: upvalue 1 is its index. */
static int load_embedded(lua_State *L) {
    const struct lnm_embedded *e = &lnm_embedded_lua[lua_tointeger(L, lua_upvalueindex(1))];
    if (luaL_loadbufferx(L, (const char *)e->bytes, e->len, e->name, "b") != LUA_OK) {
        return lua_error(L);
    }
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

static void preload(lua_State *L, const char *name, lua_CFunction loader) {
    lua_pushcfunction(L, loader);
    lua_setfield(L, -2, name);
}

static void preload_embedded(lua_State *L) {
    for (size_t i = 0; i < lnm_embedded_lua_count; i++) {
        lua_pushinteger(L, (lua_Integer)i);
        lua_pushcclosure(L, load_embedded, 1);
        lua_setfield(L, -2, lnm_embedded_lua[i].name);
    }
}

/* package.path = dir/?.lua;dir/?/init.lua;(as it was) */
static void add_path(lua_State *L, const char *dir) {
    (void)fprintf(stderr, "lunami: reading the Lua library from %s\n", dir);
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "path");
    lua_pushfstring(L, "%s/?.lua;%s/?/init.lua;%s", dir, dir, lua_tostring(L, -1));
    lua_setfield(L, -3, "path");
    lua_pop(L, 2);
}

void lnm_host_modules(lua_State *L, const char *lua_dir) {
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    preload(L, "lunami.core", luaopen_lunami_core);
    preload(L, "lunami.host.native", lnm_host_open_native);
    preload(L, "lunami.host.reader", lnm_host_open_reader);
    preload(L, "lunami.host.file", lnm_host_open_file);
    if (lua_dir != NULL) {
        add_path(L, lua_dir);
    } else {
        preload_embedded(L);
    }
    lua_pop(L, 1);
}
