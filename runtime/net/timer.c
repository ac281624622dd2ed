/* timer.c - timers in a binary heap: starting and cancelling cost log n. */
#include "net/internal.h"

#include "base/clock.h"

#include <stdlib.h>

static bool before(const struct lnm_timer *a, const struct lnm_timer *b) {
    return a->due_us != b->due_us ? a->due_us < b->due_us : a->serial < b->serial;
}

static void put(struct lnm_loop *loop, size_t at, struct lnm_timer *t) {
    loop->heap[at] = t;
    t->at = at;
}

static void sift_up(struct lnm_loop *loop, size_t at) {
    struct lnm_timer *t = loop->heap[at];
    while (at > 0 && before(t, loop->heap[(at - 1) / 2])) {
        put(loop, at, loop->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(loop, at, t);
}

static void sift_down(struct lnm_loop *loop, size_t at) {
    struct lnm_timer *t = loop->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= loop->timer_count) {
            break;
        }
        if (child + 1 < loop->timer_count && before(loop->heap[child + 1], loop->heap[child])) {
            child++;
        }
        if (!before(loop->heap[child], t)) {
            break;
        }
        put(loop, at, loop->heap[child]);
        at = child;
    }
    put(loop, at, t);
}

static void take_out(struct lnm_loop *loop, size_t at) {
    struct lnm_timer *last = loop->heap[--loop->timer_count];
    if (at < loop->timer_count) {
        put(loop, at, last);
        sift_up(loop, at);
        sift_down(loop, last->at);
    }
}

int lnm_timer_start(struct lnm_timer **out, struct lnm_loop *loop, int64_t delay_us,
                    lnm_loop_fn *fn, void *arg, struct lnm_err *err) {
    if (loop->timer_count == loop->timer_cap) {
        size_t cap = loop->timer_cap == 0 ? 16 : loop->timer_cap * 2;
        struct lnm_timer **heap = realloc(loop->heap, cap * sizeof *heap);
        if (heap == NULL) {
            return lnm_fail_nomem(err);
        }
        loop->heap = heap;
        loop->timer_cap = cap;
    }
    struct lnm_timer *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return lnm_fail_nomem(err);
    }
    *t = (struct lnm_timer){.loop = loop,
                            .due_us = lnm_mono_us() + (delay_us > 0 ? delay_us : 0),
                            .serial = loop->serial++,
                            .fn = fn,
                            .arg = arg};
    put(loop, loop->timer_count++, t);
    sift_up(loop, t->at);
    *out = t;
    return 0;
}

void lnm_timer_cancel(struct lnm_timer *t) {
    if (t == NULL) {
        return;
    }
    if (t->loop != NULL) {
        take_out(t->loop, t->at);
    }
    free(t);
}

int64_t lnm_timer__next_us(const struct lnm_loop *loop) {
    if (loop->timer_count == 0) {
        return -1;
    }
    int64_t left = loop->heap[0]->due_us - lnm_mono_us();
    return left > 0 ? left : 0;
}

int lnm_timer__fire(struct lnm_loop *loop) {
    int64_t now = lnm_mono_us();
    int fired = 0;
    uint64_t newest = loop->serial; /* those started by a callback wait for the next step */
    while (loop->timer_count > 0 && loop->heap[0]->due_us <= now &&
           loop->heap[0]->serial < newest) {
        struct lnm_timer *t = loop->heap[0];
        lnm_loop_fn *fn = t->fn;
        void *arg = t->arg;
        take_out(loop, 0);
        free(t);
        fn(arg);
        fired++;
    }
    return fired;
}

void lnm_timer__detach_all(struct lnm_loop *loop) {
    for (size_t i = 0; i < loop->timer_count; i++) {
        loop->heap[i]->loop = NULL;
    }
    free(loop->heap);
    loop->heap = NULL;
    loop->timer_count = loop->timer_cap = 0;
}
