/* native.c - module "lunami.host.native": what the host's Lua needs of C and the module must not
 * have: the local cloud, signals, the terminal. */
#include "host/host.h"

#include "base/log.h"
#include "client/trace.h"
#include "cloud/cloud.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CLOUD "lunami.host.cloud"

struct box {
    struct lnm_cloud *cloud; /* NULL: never started, or stopped */
};

static int cloud_stop(lua_State *L) {
    struct box *b = luaL_checkudata(L, 1, CLOUD);
    lnm_cloud_stop(b->cloud);
    b->cloud = NULL;
    return 0;
}

static int cloud_url(lua_State *L) {
    struct box *b = luaL_checkudata(L, 1, CLOUD);
    luaL_argcheck(L, b->cloud != NULL, 1, "the local cloud is stopped");
    lua_pushstring(L, lnm_cloud_url(b->cloud));
    return 1;
}

static lua_Number number_field(lua_State *L, const char *name, lua_Number fallback) {
    lua_getfield(L, 1, name);
    lua_Number n = luaL_optnumber(L, -1, fallback);
    lua_pop(L, 1);
    return n;
}

/* Stays on the stack, so that it lives while it is used. [-0, +1, e] */
static const char *text_field(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    return luaL_optstring(L, -1, NULL);
}

static bool boolean_field(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    bool yes = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return yes;
}

/* time = "shared" or "jumps" (virtual), pace = "aws" or "quick", seed = a whole number. */
static void read_time(lua_State *L, struct lnm_cloud_options *o) {
    static const char *const times[] = {"real", "shared", "jumps", NULL};
    static const char *const paces[] = {"quick", "aws", NULL};
    lua_getfield(L, 1, "time");
    o->time = (enum lnm_cloud_time)luaL_checkoption(L, -1, "real", times);
    lua_getfield(L, 1, "pace");
    o->as_aws = luaL_checkoption(L, -1, "quick", paces) == 1;
    lua_getfield(L, 1, "seed");
    o->seeded = !lua_isnil(L, -1);
    o->seed = (uint64_t)luaL_optinteger(L, -1, 0);
    lua_pop(L, 3);
}

/* native.cloud{port=, state=, tls=, limits=, switches=, empty=, speed=, instant=} -> cloud | nil,
 * message.
 * [-0, +1|2, e] */
static int l_cloud(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Number port = number_field(L, "port", 0);
    luaL_argcheck(L, port >= 0 && port <= 65535, 1, "port out of range");
    struct lnm_cloud_options o = {.port = (int)port,
                                  .speed = (double)number_field(L, "speed", 1),
                                  .empty = boolean_field(L, "empty"),
                                  .instant = boolean_field(L, "instant")};
    read_time(L, &o);
    o.state_dir = text_field(L, "state");
    o.tls_ca = text_field(L, "tls");
    o.faults = text_field(L, "faults");
    o.log = text_field(L, "log");
    o.limits = text_field(L, "limits");
    o.switches = text_field(L, "switches");
    struct box *b = lua_newuserdatauv(L, sizeof *b, 0);
    b->cloud = NULL;
    luaL_setmetatable(L, CLOUD);
    struct lnm_err err;
    if (lnm_cloud_start(&b->cloud, &o, &err) < 0) {
        lua_pushnil(L);
        lua_pushstring(L, err.message);
        return 2;
    }
    return 1;
}

/* native.signal() -> "INT", "TERM", "HUP" or nil. [-0, +1, -] */
static int l_signal(lua_State *L) {
    int s = lnm_host_signal();
    const char *name = s == SIGINT ? "INT" : s == SIGTERM ? "TERM" : s == SIGHUP ? "HUP" : NULL;
    if (name != NULL) {
        lua_pushstring(L, name);
    } else {
        lua_pushnil(L);
    }
    return 1;
}

/* native.running(coroutine or nil): whose Lua a signal shall break. [-0, +0, e] */
static int l_running(lua_State *L) {
    lua_State *thread = lua_tothread(L, 1);
    lnm_host_break_in(thread);
    return 0;
}

/* native.isatty(fd) -> boolean. [-0, +1, e] */
static int l_isatty(lua_State *L) {
    lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
    return 1;
}

/* native.size(fd) -> columns, rows of the terminal there; nothing when it is none. [-0, +0|2, e] */
static int l_size(lua_State *L) {
    struct winsize size;
    if (ioctl((int)luaL_checkinteger(L, 1), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return 0;
    }
    lua_pushinteger(L, size.ws_col);
    lua_pushinteger(L, size.ws_row);
    return 2;
}

/* native.utf8() -> does the locale say that text is UTF-8? [-0, +1, -] */
static int l_utf8(lua_State *L) {
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    lua_pushboolean(L,
                    locale != (locale_t)0 && strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0);
    if (locale != (locale_t)0) {
        freelocale(locale);
    }
    return 1;
}

/* native.note_signals(): from here on one breaks nothing; pause returns. [-0, +0, -] */
static int l_note_signals(lua_State *L) {
    (void)L;
    lnm_host_signals_only_noted();
    return 0;
}

/* native.pause(): sleep until a signal comes, or has come. [-0, +0, -] */
static int l_pause(lua_State *L) {
    (void)L;
    sigset_t block, before;
    (void)sigemptyset(&block);
    (void)sigaddset(&block, SIGINT);
    (void)sigaddset(&block, SIGTERM);
    (void)sigaddset(&block, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &block, &before); /* no signal between the look and the sleep */
    while (lnm_host_signal() == 0) {
        (void)sigsuspend(&before);
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return 0;
}

/* native.log(level): 0 quiet, 1 warnings, 2 information, 3 everything. [-0, +0, e] */
static int l_log(lua_State *L) {
    lua_Integer level = luaL_checkinteger(L, 1);
    luaL_argcheck(L, level >= LNM_LOG_QUIET && level <= LNM_LOG_DEBUG, 1, "0 to 3");
    lnm_log_set_level((enum lnm_log_level)level);
    return 0;
}

/* native.trace(path) -> true | nil, message: every attempt of every call is written there. [-0,
 * +1|2, e] */
static int l_trace(lua_State *L) {
    struct lnm_err err;
    if (lnm_trace_open(luaL_checkstring(L, 1), &err) < 0) {
        lua_pushnil(L);
        lua_pushstring(L, err.message);
        return 2;
    }
    lua_pushboolean(L, 1);
    return 1;
}

static const luaL_Reg methods[] = {{"stop", cloud_stop}, {"url", cloud_url}, {NULL, NULL}};
static const luaL_Reg meta[] = {{"__gc", cloud_stop}, {"__close", cloud_stop}, {NULL, NULL}};
static const luaL_Reg funcs[] = {{"cloud", l_cloud},   {"signal", l_signal},
                                 {"isatty", l_isatty}, {"size", l_size},
                                 {"pause", l_pause},   {"running", l_running},
                                 {"log", l_log},       {"trace", l_trace},
                                 {"utf8", l_utf8},     {"note_signals", l_note_signals},
                                 {NULL, NULL}};

int lnm_host_open_native(lua_State *L) {
    luaL_newmetatable(L, CLOUD);
    luaL_setfuncs(L, meta, 0);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    luaL_newlib(L, funcs);
    lua_pushliteral(L, LNM_CLOUD_KEY_ID);
    lua_setfield(L, -2, "local_key_id");
    lua_pushliteral(L, LNM_CLOUD_SECRET);
    lua_setfield(L, -2, "local_secret");
    return 1;
}
