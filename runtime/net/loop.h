/* loop.h - the one event loop: libcurl's transfers, timers and extra descriptors.
 *
 * Single-threaded.  Callbacks run only inside lnm_loop_step, after libcurl has returned, so they
 * may start, cancel and free anything of the loop.  A loop embeds in another one through
 * lnm_loop_pollfd and lnm_loop_timeout_ms: wait until the descriptor is readable or the time has
 * passed, then step(0). */
#ifndef LUNAMI_NET_LOOP_H
#define LUNAMI_NET_LOOP_H

#include "base/err.h"

struct lnm_loop;
struct lnm_timer;
struct lnm_watch;

typedef void lnm_loop_fn(void *arg);

LNM_API int lnm_loop_new(struct lnm_loop **out, struct lnm_err *err);
/* Cancels what is pending without calling back; handles that the caller still holds become inert
 * and may be cancelled or freed as usual afterwards. */
LNM_API void lnm_loop_free(struct lnm_loop *loop);
/* Wait at most timeout_ms (-1: until something happens; 0: do not wait), then run what is due.
 * Returns how many callbacks ran, or a negative code. With nothing pending it returns 0 at once. */
LNM_API int lnm_loop_step(struct lnm_loop *loop, int timeout_ms, struct lnm_err *err);
/* A descriptor that is readable when a step would find work (epoll); created at the first call. */
LNM_API int lnm_loop_pollfd(struct lnm_loop *loop, struct lnm_err *err);
/* Until the next step is due whatever the descriptor says: ms, 0 for now, -1 for never. */
LNM_API int lnm_loop_timeout_ms(struct lnm_loop *loop);
/* Transfers, timers and watches that are pending. */
LNM_API size_t lnm_loop_pending(const struct lnm_loop *loop);
/* Make a step that is waiting (in this thread's signal handler or another thread) return soon;
 * async-signal-safe. */
LNM_API void lnm_loop_wakeup(struct lnm_loop *loop);

/* One call of fn(arg) after delay_us. The handle is freed by firing or by cancelling. */
LNM_API int lnm_timer_start(struct lnm_timer **out, struct lnm_loop *loop, int64_t delay_us,
                            lnm_loop_fn *fn, void *arg, struct lnm_err *err);
LNM_API void lnm_timer_cancel(struct lnm_timer *t); /* NULL is fine */

/* fn(arg) in each step in which fd is readable, until cancelled. */
LNM_API int lnm_watch_start(struct lnm_watch **out, struct lnm_loop *loop, int fd, lnm_loop_fn *fn,
                            void *arg, struct lnm_err *err);
LNM_API void lnm_watch_cancel(struct lnm_watch *w); /* NULL is fine */

#endif
