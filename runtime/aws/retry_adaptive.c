/* retry_adaptive.c - a token bucket whose rate is found as TCP CUBIC finds it. */
#include "aws/retry_adaptive.h"

#include <math.h>

#define LEAST_RATE 0.5
#define BETA 0.7
#define SCALE 0.4
#define SMOOTHING 0.8
#define MOST_OF_MEASURED 2.0
#define WINDOW_US 500000
#define SECOND 1e6

static void refill(struct lnm_adaptive *a, int64_t now_us) {
    double most = a->rate > 1 ? a->rate : 1;
    a->tokens += a->rate * (double)(now_us - a->refilled_us) / SECOND;
    a->tokens = a->tokens > most ? most : a->tokens;
    a->refilled_us = now_us;
}

int64_t lnm_adaptive_take(struct lnm_adaptive *a, int64_t now_us) {
    if (!a->enabled) {
        return 0;
    }
    refill(a, now_us);
    a->tokens -= 1;
    return a->tokens >= 0 ? 0 : (int64_t)(-a->tokens / a->rate * SECOND);
}

static void measure(struct lnm_adaptive *a, int64_t now_us) {
    int64_t window = now_us / WINDOW_US;
    a->answers++;
    if (a->window == 0) {
        a->window = window;
    } else if (window > a->window) {
        double now = a->answers / ((double)(window - a->window) * WINDOW_US / SECOND);
        a->measured = now * SMOOTHING + a->measured * (1 - SMOOTHING);
        a->answers = 0;
        a->window = window;
    }
}

static double after_throttling(struct lnm_adaptive *a, int64_t now_us) {
    double rate = a->enabled && a->rate < a->measured ? a->rate : a->measured;
    a->last_max = rate;
    a->back_at_s = cbrt(rate * (1 - BETA) / SCALE);
    a->throttled_us = now_us;
    return rate * BETA;
}

static double grown(const struct lnm_adaptive *a, int64_t now_us) {
    double s = (double)(now_us - a->throttled_us) / SECOND - a->back_at_s;
    return SCALE * s * s * s + a->last_max;
}

void lnm_adaptive_answer(struct lnm_adaptive *a, int64_t now_us, bool throttled) {
    measure(a, now_us);
    if (!throttled && !a->enabled) {
        return;
    }
    double rate = throttled ? after_throttling(a, now_us) : grown(a, now_us);
    double most = MOST_OF_MEASURED * a->measured;
    if (a->enabled) {
        refill(a, now_us);
    }
    a->refilled_us = now_us;
    a->enabled = true;
    rate = rate > most ? most : rate;
    a->rate = rate > LEAST_RATE ? rate : LEAST_RATE;
}
