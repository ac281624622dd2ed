/* session.c - class "lunami.session": credentials, region and endpoints, opaque to Lua. */
#include "bind/bind.h"

#include "aws/endpoint.h"
#include "bind/op.h"

#define SESSION "lunami.session"

struct box {
    struct lnm_session *session; /* NULL: closed */
};

struct lnm_session *lnm_bind_checksession(lua_State *L, int index) {
    struct box *b = luaL_checkudata(L, index, SESSION);
    luaL_argcheck(L, b->session != NULL, index, "session is closed");
    return b->session;
}

static int session_gc(lua_State *L) {
    struct box *b = luaL_checkudata(L, 1, SESSION);
    lnm_session_unref(b->session);
    b->session = NULL;
    return 0;
}

/* Milliseconds of the seconds at field `name`; 0 when it is not given. [-0, +0, e] */
static int64_t seconds_field(lua_State *L, int index, const char *name) {
    lua_getfield(L, index, name);
    lua_Number seconds = luaL_optnumber(L, -1, 0);
    luaL_argcheck(L, seconds >= 0 && seconds <= 86400, index, "a timeout is out of range");
    lua_pop(L, 1);
    return (int64_t)(seconds * 1000);
}

static bool flag_field(lua_State *L, int index, const char *name) {
    lua_getfield(L, index, name);
    bool set = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return set;
}

/* core.session{profile=, region=, endpoint_url=, access_key_id=, secret_access_key=,
 * session_token=, connect_timeout=, request_timeout= (seconds), buckets=} -> session | nil, err.
 * [-0, +1|2, e] */
static int l_session(lua_State *L) {
    struct lnm_context *c = lnm_bind_context(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    struct lnm_session_options o = {
        .profile = lnm_bind_field(L, 1, "profile"),
        .region = lnm_bind_field(L, 1, "region"),
        .endpoint_url = lnm_bind_field(L, 1, "endpoint_url"),
        .access_key_id = lnm_bind_field(L, 1, "access_key_id"),
        .secret_access_key = lnm_bind_field(L, 1, "secret_access_key"),
        .session_token = lnm_bind_field(L, 1, "session_token"),
        .hub = c->hub,
        .buckets = flag_field(L, 1, "buckets"),
        .connect_timeout_ms = seconds_field(L, 1, "connect_timeout"),
        .request_timeout_ms = seconds_field(L, 1, "request_timeout"),
    };
    struct lnm_err err;
    struct box *b = lnm_bind_box(L, sizeof *b, SESSION);
    if (lnm_session_new(&b->session, c->loop, &o, &err) < 0) {
        return lnm_bind_failure(L, &err);
    }
    return 1;
}

/* session:in_region(name) -> session | nil, err. [-0, +1|2, e] */
static int session_in_region(lua_State *L) {
    struct lnm_session *s = lnm_bind_checksession(L, 1);
    const char *region = luaL_checkstring(L, 2);
    struct lnm_err err;
    struct box *b = lnm_bind_box(L, sizeof *b, SESSION);
    if (lnm_session_in_region(&b->session, s, region, &err) < 0) {
        return lnm_bind_failure(L, &err);
    }
    return 1;
}

/* session:assume{role=, external_id=, session_name=, duration=} -> session that assumes the role
 * when it first needs credentials, and again before they expire | nil, err. They never become Lua
 * strings.
 * [-0, +1|2, e] */
static int session_assume(lua_State *L) {
    struct lnm_session *s = lnm_bind_checksession(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_getfield(L, 2, "duration");
    lua_Number duration = luaL_optnumber(L, -1, 0);
    luaL_argcheck(L, duration >= 0 && duration <= 1e6, 2, "duration out of range");
    struct lnm_role role = {.arn = lnm_bind_field(L, 2, "role"),
                            .session_name = lnm_bind_field(L, 2, "session_name"),
                            .external_id = lnm_bind_field(L, 2, "external_id"),
                            .duration_s = (int64_t)duration};
    struct lnm_err err;
    luaL_argcheck(L, role.arn != NULL, 2, "which role?");
    struct box *b = lnm_bind_box(L, sizeof *b, SESSION);
    if (lnm_session_assume(&b->session, s, &role, &err) < 0) {
        return lnm_bind_failure(L, &err);
    }
    return 1;
}

/* session:region() -> text. [-0, +1, e] */
static int session_region(lua_State *L) {
    lua_pushstring(L, lnm_session_region(lnm_bind_checksession(L, 1)));
    return 1;
}

/* core.partition(region) -> "aws", "aws-us-gov" ... [-0, +1, e] */
static int l_partition(lua_State *L) {
    lua_pushstring(L, lnm_partition(lnm_str_z(luaL_checkstring(L, 1))));
    return 1;
}

/* session:seeks_region() -> will region() be the instance's, once there are credentials?
 * [-0, +1, e] */
static int session_seeks_region(lua_State *L) {
    lua_pushboolean(L, lnm_session_seeks_region(lnm_bind_checksession(L, 1)));
    return 1;
}

/* session:ask_account(): in the background, once, where credentials may become those of another
 * account. [-0, +0, e] */
static int session_ask_account(lua_State *L) {
    lnm_session_ask_account(lnm_bind_checksession(L, 1));
    return 0;
}

/* session:is_local() -> is its EC2 on this machine? [-0, +1, e] */
static int session_is_local(lua_State *L) {
    lua_pushboolean(L, lnm_session_is_loopback(lnm_bind_checksession(L, 1)));
    return 1;
}

/* session:profile() -> text. [-0, +1, e] */
static int session_profile(lua_State *L) {
    lua_pushstring(L, lnm_session_profile(lnm_bind_checksession(L, 1)));
    return 1;
}

/* session:source() -> where the credentials came from. [-0, +1, e] */
static int session_source(lua_State *L) {
    lua_pushstring(L, lnm_session_creds_source(lnm_bind_checksession(L, 1)));
    return 1;
}

/* session:expires() -> when the credentials at hand expire, in seconds since 1970 | nil: never, or
 * none are at hand. [-0, +1, e] */
static int session_expires(lua_State *L) {
    int64_t us = lnm_session_creds_expiry_us(lnm_bind_checksession(L, 1));
    if (us != 0) {
        lua_pushnumber(L, (lua_Number)us / 1e6);
    } else {
        lua_pushnil(L);
    }
    return 1;
}

/* The key id's ends only: enough to tell two apart, too little to be of use. [-0, +1, e] */
static int session_tostring(lua_State *L) {
    struct lnm_session *s = lnm_bind_checksession(L, 1);
    struct lnm_str id = lnm_session_access_key_id(s);
    const char *region = lnm_session_region(s);
    if (id.len >= 12) {
        lua_pushfstring(L, "session (%s, ", region[0] != '\0' ? region : "no region");
        lua_pushlstring(L, id.ptr, 4);
        lua_pushliteral(L, "...");
        lua_pushlstring(L, id.ptr + id.len - 4, 4);
        lua_pushliteral(L, ")");
        lua_concat(L, 5);
    } else {
        lua_pushfstring(L, "session (%s)", region[0] != '\0' ? region : "no region");
    }
    return 1;
}

static const luaL_Reg methods[] = {{"in_region", session_in_region},
                                   {"assume", session_assume},
                                   {"region", session_region},
                                   {"seeks_region", session_seeks_region},
                                   {"ask_account", session_ask_account},
                                   {"is_local", session_is_local},
                                   {"profile", session_profile},
                                   {"source", session_source},
                                   {"expires", session_expires},
                                   {"close", session_gc},
                                   {NULL, NULL}};
static const luaL_Reg meta[] = {
    {"__gc", session_gc}, {"__close", session_gc}, {"__tostring", session_tostring}, {NULL, NULL}};
static const luaL_Reg funcs[] = {{"session", l_session}, {"partition", l_partition}, {NULL, NULL}};

void lnm_bind_open_session(lua_State *L) {
    lnm_bind_class(L, SESSION, methods, meta);
    lnm_setfuncs(L, funcs);
}
