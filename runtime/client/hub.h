/* hub.h - all pending waits of a loop in one place.
 *
 * For each session (account and region) and kind one Describe call a round asks for everything that
 * is pending, ids by filter and batched, so that one vanished id does not fail the others.  There
 * is no attempt limit, only a deadline; throttling and faults never end a wait.  The next round
 * comes by what progress was reported, between a lower and an upper bound, jittered. */
#ifndef LUNAMI_CLIENT_HUB_H
#define LUNAMI_CLIENT_HUB_H

#include "client/call.h"

struct lnm_hub;
struct lnm_wait;

enum lnm_wait_kind { LNM_WAIT_IMAGE, LNM_WAIT_SNAPSHOT, LNM_WAIT_VOLUME, LNM_WAIT_INSTANCE };

struct lnm_wait_options {
    enum lnm_wait_kind kind;
    const char *id;
    const char *state;   /* NULL: available / completed / available / running */
    int64_t deadline_us; /* from now; 0: 24 hours, AWS's own documented worst case */
};

typedef void lnm_wait_fn(void *arg, struct lnm_wait *wait);

LNM_API int lnm_hub_new(struct lnm_hub **out, struct lnm_loop *loop, struct lnm_err *err);
LNM_API void lnm_hub_free(struct lnm_hub *hub); /* pending waits become inert */
/* Shortest and longest time between rounds (defaults 2 s and 30 s); tests and --local make it
 * short. */
LNM_API void lnm_hub_set_pace(struct lnm_hub *hub, int64_t min_us, int64_t max_us);
/* How long what was just made may be unseen: five of the longest distances. */
LNM_API int64_t lnm_hub_settle_us(const struct lnm_hub *hub);
LNM_API int lnm_wait_start(struct lnm_wait **out, struct lnm_hub *hub, struct lnm_session *session,
                           const struct lnm_wait_options *options, lnm_wait_fn *done, void *arg,
                           struct lnm_err *err);
LNM_API bool lnm_wait_done(const struct lnm_wait *w);
/* 0, or LNM_EFAILED (name is AWS's state, message its reason), LNM_ETIMEOUT, LNM_ENOTFOUND (seen,
 * then gone), or the error that no retry can mend (permissions). */
LNM_API int lnm_wait_result(const struct lnm_wait *w, struct lnm_err *err);
LNM_API const char *lnm_wait_id(const struct lnm_wait *w);
LNM_API const char *lnm_wait_state(const struct lnm_wait *w); /* as last seen; "" before */
LNM_API int lnm_wait_progress(const struct lnm_wait *w);      /* 0..100, -1 unknown */
LNM_API void lnm_wait_free(struct lnm_wait *w); /* cancels when pending; NULL is fine */

#define LNM_HUB_SLOW 3

/* All waits at a glance. */
struct lnm_hub_overview {
    size_t waiting, ready, failed; /* the latter two since the time when nobody waited */
    int progress;                  /* mean of all of these in percent; -1: nothing is told */
    int64_t left_us;               /* until the last forecast end; -1: none is known */
    const struct lnm_wait *slow[LNM_HUB_SLOW]; /* those that will end last, slowest first [borrowed
                                                  until the next step] */
    size_t slow_count;
};
LNM_API void lnm_hub_overview(struct lnm_hub_overview *out, const struct lnm_hub *hub);
LNM_API int64_t
lnm_wait_left_us(const struct lnm_wait *w); /* until its forecast end; -1: unknown */

/* How many Describe calls the hub has sent: for tests and reports. */
LNM_API uint64_t lnm_hub_calls(const struct lnm_hub *hub);

#endif
