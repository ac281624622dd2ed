/* bucket.h - a token bucket on a loop: requests that find it empty wait in a queue, and one timer
 * wakes the first of them. Taking and waiting cost the same however many wait. */
#ifndef LUNAMI_CLIENT_BUCKET_H
#define LUNAMI_CLIENT_BUCKET_H

#include "base/turn.h"
#include "net/loop.h"

struct lnm_bucket {
    struct lnm_loop *loop;
    double capacity, rate; /* a second */
    double tokens;
    int64_t refilled_us;
    struct lnm_turns turns;
    struct lnm_timer *timer; /* the first token for those who wait */
};

LNM_API void lnm_bucket_init(struct lnm_bucket *b, struct lnm_loop *loop, double capacity,
                             double rate);
/* True: a token was taken. Else *turn waits, and fn(arg) is called with its token taken. */
LNM_API bool lnm_bucket_take(struct lnm_bucket *b, struct lnm_turn *turn, lnm_loop_fn *fn,
                             void *arg);
/* The service says that its bucket is empty: so is ours. */
LNM_API void lnm_bucket_empty(struct lnm_bucket *b);
LNM_API void lnm_bucket_close(struct lnm_bucket *b); /* who waits is forgotten */

#endif
