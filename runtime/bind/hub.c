/* hub.c - what Lua may ask and set of the waits as a whole. */
#include "bind/bind.h"

static void set_integer(lua_State *L, const char *field, lua_Integer value) {
    lua_pushinteger(L, value);
    lua_setfield(L, -2, field);
}

static void set_seconds(lua_State *L, const char *field, int64_t us) {
    if (us >= 0) {
        lua_pushnumber(L, (lua_Number)us / 1e6);
        lua_setfield(L, -2, field);
    }
}

static void push_wait(lua_State *L, const struct lnm_wait *w) {
    lua_createtable(L, 0, 4);
    lua_pushstring(L, lnm_wait_id(w));
    lua_setfield(L, -2, "id");
    lua_pushstring(L, lnm_wait_state(w));
    lua_setfield(L, -2, "state");
    set_integer(L, "progress", lnm_wait_progress(w));
    set_seconds(L, "left", lnm_wait_left_us(w));
}

/* core.waits() -> {waiting=, ready=, failed=, progress=, left=, slowest={{id=, state=, progress=,
 * left=} ...}}, or nil when nobody waits: progress in percent or -1, left in seconds or nil, the
 * slowest first. [-0, +1, e] */
static int l_waits(lua_State *L) {
    struct lnm_hub_overview o;
    lnm_hub_overview(&o, lnm_bind_context(L)->hub);
    if (o.waiting == 0) {
        lua_pushnil(L);
        return 1;
    }
    lua_createtable(L, 0, 6);
    set_integer(L, "waiting", (lua_Integer)o.waiting);
    set_integer(L, "ready", (lua_Integer)o.ready);
    set_integer(L, "failed", (lua_Integer)o.failed);
    set_integer(L, "progress", o.progress);
    set_seconds(L, "left", o.left_us);
    lua_createtable(L, LNM_HUB_SLOW, 0);
    for (size_t i = 0; i < o.slow_count; i++) {
        push_wait(L, o.slow[i]); /* nothing frees a wait meanwhile: only Lua's steps do */
        lua_rawseti(L, -2, (int)i + 1);
    }
    lua_setfield(L, -2, "slowest");
    return 1;
}

/* core.rounds() -> Describe calls that waits have cost so far. [-0, +1, e] */
static int l_rounds(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)lnm_hub_calls(lnm_bind_context(L)->hub));
    return 1;
}

/* core.pace(min_s, max_s): how often waits ask. [-0, +0, e] */
static int l_pace(lua_State *L) {
    lua_Number least = luaL_checknumber(L, 1), most = luaL_checknumber(L, 2);
    luaL_argcheck(L, least >= 0 && most >= least && most <= 1e6, 2, "seconds out of range");
    lnm_hub_set_pace(lnm_bind_context(L)->hub, (int64_t)(least * 1e6), (int64_t)(most * 1e6));
    return 0;
}

/* core.settle() -> seconds after which what was made is visible to everyone. [-0, +1, e] */
static int l_settle(lua_State *L) {
    lua_pushnumber(L, (lua_Number)lnm_hub_settle_us(lnm_bind_context(L)->hub) / 1e6);
    return 1;
}

static const luaL_Reg funcs[] = {
    {"waits", l_waits}, {"rounds", l_rounds}, {"pace", l_pace}, {"settle", l_settle}, {NULL, NULL}};

void lnm_bind_open_hub(lua_State *L) {
    lnm_setfuncs(L, funcs);
}
