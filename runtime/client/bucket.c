/* bucket.c - tokens by the monotonic clock, and who waits for them. */
#include "client/bucket.h"

#include "base/clock.h"

#define SECOND 1e6
/* The service's bucket is filled by its own clock and sees requests at other distances than we send
 * them: a hundredth less is asked of it, and one token of the first burst. */
#define MARGIN 0.99

void lnm_bucket_init(struct lnm_bucket *b, struct lnm_loop *loop, double capacity, double rate) {
    *b = (struct lnm_bucket){.loop = loop,
                             .capacity = capacity - 1,
                             .rate = rate * MARGIN,
                             .tokens = capacity - 1,
                             .refilled_us = lnm_mono_us()};
}

static void refill(struct lnm_bucket *b) {
    int64_t now = lnm_mono_us();
    b->tokens += b->rate * (double)(now - b->refilled_us) / SECOND;
    b->tokens = b->tokens > b->capacity ? b->capacity : b->tokens;
    b->refilled_us = now;
}

static void arm(struct lnm_bucket *b);

static void hand_out(void *arg) {
    struct lnm_bucket *b = arg;
    b->timer = NULL;
    refill(b);
    while (b->turns.first != NULL && b->tokens >= 1) {
        b->tokens -= 1;
        (void)lnm_turns_next(&b->turns);
    }
    arm(b);
}

/* Without memory for a timer nobody would wake them: let them go rather than hang. */
static void arm(struct lnm_bucket *b) {
    struct lnm_err ignored;
    if (b->timer == NULL && b->turns.first != NULL) {
        int64_t delay = b->tokens >= 1 ? 0 : (int64_t)((1 - b->tokens) / b->rate * SECOND) + 1;
        if (lnm_timer_start(&b->timer, b->loop, delay, hand_out, b, &ignored) < 0) {
            while (lnm_turns_next(&b->turns)) {
            }
        }
    }
}

bool lnm_bucket_take(struct lnm_bucket *b, struct lnm_turn *turn, lnm_loop_fn *fn, void *arg) {
    refill(b);
    if (b->turns.first == NULL && b->tokens >= 1) {
        b->tokens -= 1;
        return true;
    }
    lnm_turn_wait(turn, &b->turns, fn, arg);
    arm(b);
    return false;
}

void lnm_bucket_empty(struct lnm_bucket *b) {
    refill(b);
    b->tokens = b->tokens > 0 ? 0 : b->tokens;
}

void lnm_bucket_close(struct lnm_bucket *b) {
    while (b->turns.first != NULL) {
        lnm_turn_leave(b->turns.first);
    }
    lnm_timer_cancel(b->timer);
    b->timer = NULL;
}
