/* retry_adaptive.h - the client-side rate limiter of AWS's "adaptive" retry mode, as pure
 * arithmetic.
 *
 * Nothing is limited until the first throttling answer; then the rate falls to 0.7 of what was
 * measured and grows again by a cubic curve.  Source: SDKs reference, "Retry behavior"; botocore's
 * retries/adaptive.py, throttling.py, bucket.py. */
#ifndef LUNAMI_AWS_RETRY_ADAPTIVE_H
#define LUNAMI_AWS_RETRY_ADAPTIVE_H

#include "base/lib.h"

struct lnm_adaptive {    /* zeroed: nothing seen yet; rates are requests a second */
    bool enabled;        /* a throttling answer was seen */
    double rate, tokens; /* the bucket's; tokens below 0 are promised already */
    int64_t refilled_us;
    double measured; /* smoothed rate of answers */
    int64_t window;  /* the half second that `answers` were counted in */
    unsigned answers;
    double last_max, back_at_s; /* the cubic curve: rate at the last throttling, when it is back */
    int64_t throttled_us;
};

/* How long the next request has to wait (us); its token is taken. */
LNM_API int64_t lnm_adaptive_take(struct lnm_adaptive *a, int64_t now_us);
/* An answer came, a throttling one or not. */
LNM_API void lnm_adaptive_answer(struct lnm_adaptive *a, int64_t now_us, bool throttled);

#endif
