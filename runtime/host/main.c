/* main.c - the program: a Lua state, the embedded library, and the command line handed to it. */
#include "host/host.h"

#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Secrets live in this process: keep them out of core files unless a developer asks. */
static void no_core_dumps(void) {
    if (getenv("LUNAMI_ALLOW_CORE") == NULL) {
        struct rlimit none = {0, 0};
        (void)prctl(PR_SET_DUMPABLE, 0);
        (void)setrlimit(RLIMIT_CORE, &none);
    }
}

/* "--lua-dir=DIR" as the first argument, or LUNAMI_LUA_DIR: the library from disk, for developers.
 */
static const char *lua_dir(int *argc, char ***argv) {
    static const char option[] = "--lua-dir=";
    if (*argc > 1 && strncmp((*argv)[1], option, sizeof option - 1) == 0) {
        const char *dir = (*argv)[1] + sizeof option - 1;
        ++*argv;
        --*argc;
        return dir;
    }
    return getenv("LUNAMI_LUA_DIR");
}

struct command_line {
    int argc;
    char **argv;
};

/* require "lunami.host.main"(arguments) -> exit status. Runs protected. */
static int protected_main(lua_State *L) {
    struct command_line *c = lua_touserdata(L, 1);
    const char *dir = lua_dir(&c->argc, &c->argv);
    luaL_openlibs(L);
    lnm_host_modules(L, dir);
    lnm_host_signals(L);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "lunami.host.main");
    lua_call(L, 1, 1);
    lua_createtable(L, c->argc, 0);
    for (int i = 1; i < c->argc; i++) {
        lua_pushstring(L, c->argv[i]);
        lua_rawseti(L, -2, i);
    }
    lua_call(L, 1, 1);
    return 1;
}

/* Closes all that is ours. What free() and the libraries would tidy costs a tenth of a short run;
 * leak checks need it. */
#ifdef LNM_CHECK_LEAKS
static _Noreturn void leave(lua_State *L, int status) {
    lua_close(L);
    exit(status);
}
#else
/* Finalizers run, but the memory goes with the process. */
struct allocator {
    lua_Alloc fn;
    void *ud;
};

static void *keep(void *arg, void *ptr, size_t old_size, size_t new_size) {
    const struct allocator *a = arg;
    return new_size > 0 ? a->fn(a->ud, ptr, old_size, new_size) : NULL;
}

static _Noreturn void leave(lua_State *L, int status) {
    struct allocator whole;
    whole.fn = lua_getallocf(L, &whole.ud);
    lua_setallocf(L, keep, &whole);
    lua_close(L);
    (void)fflush(NULL);
    _exit(status);
}
#endif

int main(int argc, char **argv) {
    no_core_dumps();
    lua_State *L = luaL_newstate();
    if (L == NULL) {
        (void)fputs("lunami: out of memory\n", stderr);
        return 1;
    }
    lua_gc(L, LUA_GCGEN, 0, 0); /* short runs that make many small values */
    struct command_line c = {argc, argv};
    lua_pushcfunction(L, protected_main);
    lua_pushlightuserdata(L, &c);
    int status = 1;
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
        const char *message = luaL_tolstring(L, -1, NULL);
        (void)fprintf(stderr, "lunami: %s\n", message);
    } else {
        status = (int)lua_tointeger(L, -1);
    }
    leave(L, status);
}
