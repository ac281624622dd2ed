/* signals.c - noting SIGINT, SIGTERM and SIGHUP, and breaking the Lua that runs. */
#include "host/host.h"

#include <signal.h>
#include <stddef.h>

#define LONG_COUNT                                                                                 \
    200000 /* instructions that are long to wait for at a prompt: some milliseconds */

static volatile sig_atomic_t noted, changed, only_noted;
static lua_State *main_state;            /* set once, before the handlers are */
static lua_State *volatile running;      /* hooks belong to a coroutine, not to the state */
static struct lnm_loop *volatile prompt; /* the loop of a prompt, or NULL */

/* Raised inside Lua at the next instruction: ends a loop that never waits. */
static void break_hook(lua_State *L, lua_Debug *ar) {
    (void)ar;
    lua_sethook(L, NULL, 0, 0);
    luaL_error(L, "interrupted");
}

static void on_signal(int number) {
    noted = number;
    (void)signal(number, SIG_DFL); /* the second one ends the process at once */
    if (only_noted) {
        return;
    }
    if (prompt == NULL) {
        lua_sethook(running, break_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1000);
    } else {
        if (running != main_state) {
            lua_sethook(running, break_hook, LUA_MASKCOUNT, LONG_COUNT);
        }
        lnm_loop_wakeup(prompt);
    }
}

void lnm_host_signals_only_noted(void) {
    only_noted = 1;
}

static void on_change(int number) {
    (void)number;
    changed = 1;
    if (prompt != NULL) {
        lnm_loop_wakeup(prompt);
    }
}

static void handle(int number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler}; /* no SA_RESTART: waits end */
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, NULL);
}

int lnm_host_signal(void) {
    return noted;
}

void lnm_host_break_in(lua_State *L) {
    if (prompt != NULL && running != main_state) {
        lua_sethook(running, NULL, 0, 0); /* it has given the thread back by itself */
    }
    running = L != NULL ? L : main_state;
}

void lnm_host_signals(lua_State *L) {
    main_state = L;
    running = L;
    handle(SIGINT, on_signal);
    handle(SIGTERM, on_signal);
    handle(SIGHUP, on_signal);
    handle(SIGPIPE, SIG_IGN);
}

void lnm_host_signals_at_prompt(struct lnm_loop *loop) {
    prompt = loop;
    if (loop != NULL) {
        handle(SIGWINCH, on_change);
        handle(SIGCONT, on_change);
    }
}

void lnm_host_signal_clear(void) {
    int number = noted;
    noted = 0;
    if (number != 0) {
        handle(number, on_signal);
    }
}

bool lnm_host_terminal_changed(void) {
    bool is = changed != 0;
    changed = 0;
    return is;
}
