/* about.c - what a report tells of the libraries and of a session's way to AWS. */
#include "bind/bind.h"

#include "aws/about.h"
#include "client/internal.h"
#include "client/settings.h"

/* core.about() -> {libcurl=, openssl=, libxml2=, fips=}. [-0, +1, e] */
static int l_about(lua_State *L) {
    lua_createtable(L, 0, 4);
    lua_pushstring(L, lnm_pool_library());
    lua_setfield(L, -2, "libcurl");
    lua_pushstring(L, lnm_about_openssl());
    lua_setfield(L, -2, "openssl");
    lua_pushstring(L, lnm_about_libxml2());
    lua_setfield(L, -2, "libxml2");
    lua_pushboolean(L, lnm_about_fips());
    lua_setfield(L, -2, "fips");
    return 1;
}

static void put_trust(lua_State *L, const char *trust) {
    const char *problem = trust[0] != '\0' ? lnm_about_trust(trust) : NULL;
    lua_pushstring(L, trust);
    lua_setfield(L, -2, "trust");
    lua_pushstring(L, problem); /* nil for NULL */
    lua_setfield(L, -2, "distrust");
}

/* core.way(session, service) -> {endpoint=, custom=, fips=, trust=, distrust= what is wrong with
 * trust, skew= seconds that the service's clock is ahead, once it has answered} | nil, err.
 * [-0, +1|2, e] */
static int l_way(lua_State *L) {
    struct lnm_session *s = lnm_bind_checksession(L, 1);
    const char *name = luaL_checkstring(L, 2);
    const struct lnm_service *service = lnm_service_find(lnm_str_z(name));
    const struct lnm_place *place;
    struct lnm_err err;
    luaL_argcheck(L, service != NULL, 2, "no such service");
    if (lnm_session__place(&place, s, service, &err) < 0) {
        return lnm_bind_failure(L, &err);
    }
    lua_createtable(L, 0, 6);
    lua_pushstring(L, place->url);
    lua_setfield(L, -2, "endpoint");
    lua_pushboolean(L, place->custom);
    lua_setfield(L, -2, "custom");
    lua_pushboolean(L, s->root->fips);
    lua_setfield(L, -2, "fips");
    put_trust(L, lnm_pool_trust(s->root->pool));
    if (s->root->clock_seen) {
        lua_pushnumber(L, (lua_Number)s->root->clock_ahead_us / 1e6);
        lua_setfield(L, -2, "skew");
    }
    return 1;
}

/* core.exposed() -> the first file with keys that others may read, of those read so far | nil.
 * [-0, +1, e] */
static int l_exposed(lua_State *L) {
    const char *path = lnm_settings_exposed();
    if (path[0] != '\0') {
        lua_pushstring(L, path);
    } else {
        lua_pushnil(L);
    }
    return 1;
}

static const luaL_Reg funcs[] = {
    {"about", l_about}, {"way", l_way}, {"exposed", l_exposed}, {NULL, NULL}};

void lnm_bind_open_about(lua_State *L) {
    lnm_setfuncs(L, funcs);
}
