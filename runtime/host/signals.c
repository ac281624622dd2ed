/* signals.c - noting SIGINT, SIGTERM and SIGHUP, and breaking the Lua that runs. */
#include "host/host.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t noted;
static lua_State *main_state;       /* set once, before the handlers are */
static lua_State *volatile running; /* hooks belong to a coroutine, not to the state */

/* Raised inside Lua at the next instruction: ends a loop that never waits. */
static void break_hook(lua_State *L, lua_Debug *ar) {
    (void)ar;
    lua_sethook(L, NULL, 0, 0);
    luaL_error(L, "interrupted");
}

static void on_signal(int number) {
    noted = number;
    (void)signal(number, SIG_DFL); /* the second one ends the process at once */
    lua_sethook(running, break_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1000);
}

int lnm_host_signal(void) {
    return noted;
}

void lnm_host_break_in(lua_State *L) {
    running = L != NULL ? L : main_state;
}

void lnm_host_signals(lua_State *L) {
    main_state = L;
    running = L;
    struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART: waits end */
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
}
