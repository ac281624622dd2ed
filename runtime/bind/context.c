/* context.c - the Lua state's loop and hub, and the helpers that every class here uses. */
#include "bind/bind.h"

#include "bind/op.h"

#define CONTEXT "lunami.context"

static int context_gc(lua_State *L) {
    struct lnm_context *c = luaL_checkudata(L, 1, CONTEXT);
    lnm_op_detach_all(c);
    lnm_hub_free(c->hub);
    lnm_loop_free(c->loop);
    lnm_record_cleanse(&c->input);
    c->hub = NULL;
    c->loop = NULL;
    return 0;
}

static const luaL_Reg no_methods[] = {{NULL, NULL}};
static const luaL_Reg context_meta[] = {{"__gc", context_gc}, {NULL, NULL}};

static struct lnm_context *make(lua_State *L) {
    struct lnm_err err;
    lnm_bind_class(L, CONTEXT, no_methods, context_meta);
    struct lnm_context *c = lnm_bind_box(L, sizeof *c, CONTEXT);
    if (lnm_loop_new(&c->loop, &err) < 0 || lnm_hub_new(&c->hub, c->loop, &err) < 0) {
        luaL_error(L, "lunami: %s", err.message);
    }
    lua_setfield(L, LUA_REGISTRYINDEX, CONTEXT ".instance");
    return c;
}

struct lnm_context *lnm_bind_context(lua_State *L) {
    lua_getfield(L, LUA_REGISTRYINDEX, CONTEXT ".instance");
    struct lnm_context *c = lua_touserdata(L, -1);
    lua_pop(L, 1); /* the registry keeps it */
    return c != NULL ? c : make(L);
}

static void set_text(lua_State *L, const char *field, const char *text) {
    if (text[0] != '\0') {
        lua_pushstring(L, text);
        lua_setfield(L, -2, field);
    }
}

static const char *code_word(int code) {
    switch (code) {
    case LNM_EINVAL:
        return "InvalidArgument";
    case LNM_ENOMEM:
        return "OutOfMemory";
    case LNM_ELIMIT:
        return "TooLarge";
    case LNM_EPARSE:
        return "UnreadableAnswer";
    case LNM_ENOTFOUND:
        return "NotFound";
    case LNM_ECONFIG:
        return "Configuration";
    case LNM_ECREDS:
        return "Credentials";
    case LNM_ENET:
        return "Network";
    case LNM_ETIMEOUT:
        return "Timeout";
    case LNM_ECANCELED:
        return "Canceled";
    case LNM_EIO:
        return "InputOutput";
    default:
        return "Failed";
    }
}

static const char *kind_word(int code) {
    return code == LNM_ESERVICE    ? "service"
           : code == LNM_EFAILED   ? "failed"
           : code == LNM_ETIMEOUT  ? "timeout"
           : code == LNM_ECANCELED ? "canceled"
           : code == LNM_ENET      ? "network"
           : code == LNM_EINVAL    ? "usage"
                                   : "other";
}

int lnm_bind_failure(lua_State *L, const struct lnm_err *err) {
    lua_pushnil(L);
    lua_createtable(L, 0, 8);
    set_text(L, "code", err->name[0] != '\0' ? err->name : code_word(err->code));
    set_text(L, "kind", kind_word(err->code));
    set_text(L, "message", err->message);
    set_text(L, "operation", err->operation);
    set_text(L, "request_id", err->request_id);
    if (err->status != 0) {
        lua_pushinteger(L, err->status);
        lua_setfield(L, -2, "status");
    }
    lua_pushboolean(L, err->retryable);
    lua_setfield(L, -2, "retryable");
    lua_pushboolean(L, err->unknown);
    lua_setfield(L, -2, "unknown");
    return 2;
}

void lnm_bind_class(lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *meta) {
    if (luaL_newmetatable(L, name) == 0) {
        lua_pop(L, 1);
        return;
    }
    lnm_setfuncs(L, meta);
    lua_pushliteral(L, "locked");
    lua_setfield(L, -2, "__metatable");
    lua_getfield(L, -1, "__index");
    if (lua_isnil(L, -1)) {
        lua_newtable(L);
        lnm_setfuncs(L, methods);
        lua_setfield(L, -3, "__index");
    }
    lua_pop(L, 2);
}

void lnm_bind_setmetatable(lua_State *L, const char *name) {
    luaL_getmetatable(L, name);
    lua_setmetatable(L, -2);
}

void *lnm_bind_box(lua_State *L, size_t size, const char *name) {
    void *box = lua_newuserdata(L, size);
    memset(box, 0, size);
    lnm_bind_setmetatable(L, name);
    return box;
}

const char *lnm_bind_field(lua_State *L, int index, const char *name) {
    lua_getfield(L, index, name);
    if (lua_isnil(L, -1)) {
        return NULL;
    }
    if (lua_type(L, -1) != LUA_TSTRING) {
        luaL_error(L, "field '%s' must be a string, got %s", name, luaL_typename(L, -1));
    }
    return lua_tostring(L, -1);
}
