/* virtual.h - a time of the process that stands still while anybody works and jumps when nobody
 * does, so that hours of waiting cost nothing and every run is the same.
 *
 * Two sides share it: a client, whose loop waits for timers and for requests on their way, and a
 * server in the same process, which may hold some of these until a time. When all that is on its
 * way is held, time jumps to what comes first: the client's next timer, or the end of a hold. The
 * server runs what has come only when all has come, so the order never depends on the network.
 *
 * All functions may be called from any thread; without lnm_virtual_start they do nothing. */
#ifndef LUNAMI_BASE_VIRTUAL_H
#define LUNAMI_BASE_VIRTUAL_H

#include "base/lib.h"

/* From now on lnm_now_us and lnm_mono_us tell virtual time, which begins here. Before any other
 * thread, loop or server is started; it lasts as long as the process. */
LNM_API void lnm_virtual_start(int64_t wall_us);
LNM_API bool lnm_virtual_on(void);
LNM_API void lnm_virtual_move(int64_t wall_us); /* never backwards */

enum lnm_virtual_side { LNM_VIRTUAL_CLIENT, LNM_VIRTUAL_SERVER };
/* Who is told (from another thread) that he should look again; NULL: nobody any more. */
LNM_API void lnm_virtual_listen(enum lnm_virtual_side side, void (*look)(void *arg), void *arg);

/* ---- the client -------------------------------------------------------------------------------
 */
LNM_API void lnm_virtual_fly(int delta); /* requests on their way: one more, one less */
LNM_API bool lnm_virtual_idle(void);     /* none is, but what the server holds */
/* Jump to due_us (of lnm_mono_us; -1: no timer), or to the first hold's end when that is before.
 * False: somebody is at work, or there is nothing to jump to: wait for the network. */
LNM_API bool lnm_virtual_jump(int64_t due_us);

/* The header by which a request tells how many were started before it. */
#define LNM_VIRTUAL_SERIAL "X-Lunami-Serial"

/* ---- the server -------------------------------------------------------------------------------
 */
/* Have all requests on their way come, when `here` are with the server? */
LNM_API bool lnm_virtual_all(int here);
/* So many are held now, the first until then. */
LNM_API void lnm_virtual_hold(int count, int64_t until_us);
LNM_API void lnm_virtual_busy(bool yes); /* other work is under way: time stands still */

#endif
