/* host.h - what the files of the host share. */
#ifndef LUNAMI_HOST_HOST_H
#define LUNAMI_HOST_HOST_H

#include "net/loop.h"

#include <lauxlib.h>
#include <lua.h>

/* Put the embedded Lua modules and the host's native ones into package.preload; with a lua_dir the
 * Lua files are read from disk instead. [-0, +0, e] */
LNM_API void lnm_host_modules(lua_State *L, const char *lua_dir);

/* The module "lunami.host.native": the local cloud, signals, the terminal. */
LNM_API int lnm_host_open_native(lua_State *L);

/* The module "lunami.host.reader": lines from a terminal, edited, or from a pipe. */
LNM_API int lnm_host_open_reader(lua_State *L);
/* The module "lunami.host.file": files that only their owner may read. */
LNM_API int lnm_host_open_file(lua_State *L);

/* SIGINT, SIGTERM and SIGHUP are noted, and break the Lua that runs; the second one ends the
 * process at once. SIGPIPE is ignored. */
LNM_API void lnm_host_signals(lua_State *L);
/* From here on they break nothing: for who waits for one. */
LNM_API void lnm_host_signals_only_noted(void);
/* The coroutine that runs now, so that a signal breaks it; NULL: the main one. */
LNM_API void lnm_host_break_in(lua_State *L);
/* The first signal that came (SIGINT ...), or 0. */
LNM_API int lnm_host_signal(void);

/* At a prompt a signal breaks only Lua that runs in a coroutine and does not end for long, a step
 * of the loop that waits returns, and changes of the terminal's size are noted. */
LNM_API void lnm_host_signals_at_prompt(struct lnm_loop *loop);
/* The signal has been dealt with: the next one is noted again. */
LNM_API void lnm_host_signal_clear(void);
/* Has the terminal changed, or the process been continued, since the last call? */
LNM_API bool lnm_host_terminal_changed(void);

#endif
