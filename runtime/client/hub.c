/* hub.c - the waits of a process: who waits, and how each is told. */
#include "client/hub.h"

#include "base/clock.h"
#include "client/hub_internal.h"
#include "client/internal.h"
#include "client/limits.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_US (INT64_C(86400) * 1000000)
#define GRACE_US (60 * LNM_SECOND_US)
/* What was just made may be unseen for so many of the longest distances: five minutes by default.
 */
#define SETTLE_ROUNDS 5

int lnm_hub_new(struct lnm_hub **out, struct lnm_loop *loop, struct lnm_err *err) {
    struct lnm_hub *hub = calloc(1, sizeof *hub);
    if (hub == NULL) {
        return lnm_fail_nomem(err);
    }
    *hub = (struct lnm_hub){.loop = loop, .min_us = 2000000, .max_us = 60000000};
    *out = hub;
    return 0;
}

void lnm_hub_set_pace(struct lnm_hub *hub, int64_t min_us, int64_t max_us) {
    hub->min_us = min_us;
    hub->max_us = max_us;
}

int64_t lnm_hub_settle_us(const struct lnm_hub *hub) {
    return SETTLE_ROUNDS * hub->max_us;
}

uint64_t lnm_hub_calls(const struct lnm_hub *hub) {
    return hub->calls;
}

static void make_inert(struct lnm_wait_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        struct lnm_wait *w = list->items[i];
        if (w != NULL) {
            w->group = NULL;
            lnm_timer_cancel(w->deadline);
            w->deadline = NULL;
        }
    }
}

void lnm_hub_free(struct lnm_hub *hub) {
    if (hub != NULL) {
        lnm_limits_free_all(hub);
    }
    for (size_t i = 0; hub != NULL && i < LNM_HUB_GROUPS; i++) {
        while (hub->groups[i] != NULL) {
            struct lnm_wait_group *g = hub->groups[i];
            make_inert(&g->heap);
            make_inert(&g->round);
            make_inert(&g->ended);
            lnm_wait_group_free(g);
        }
    }
    free(hub);
}

/* ---- the end of a wait ------------------------------------------------------------------------
 */

static void take_error(struct lnm_wait *w, const struct lnm_err *err) {
    w->result = err != NULL ? err->code : 0;
    w->err = err != NULL ? malloc(sizeof *w->err) : NULL;
    if (w->err != NULL) {
        *w->err = *err;
    }
}

void lnm_wait_end(struct lnm_wait *w, const struct lnm_err *err) {
    struct lnm_wait_group *g = w->group;
    int64_t took = lnm_mono_us() - w->started_us;
    if (err == NULL && w->delay_us > 0) { /* it was not ready from the beginning */
        g->typical_us += g->typical_us == 0 ? took : (took - g->typical_us) / 8;
    }
    take_error(w, err);
    g->hub->ready += err == NULL;
    g->hub->failed += err != NULL;
    lnm_timer_cancel(w->deadline);
    w->deadline = NULL;
    lnm_wait_unlink(w);
    w->group = g;
    w->place = LNM_ENDED;
    w->at = g->ended.count;
    g->ended.items[g->ended.count++] = w; /* there is room: lnm_wait_link saw to it */
}

void lnm_wait_end_all(struct lnm_wait_group *g, const struct lnm_err *err) {
    while (g->heap.count > 0) {
        lnm_wait_end(g->heap.items[g->heap.count - 1], err);
    }
    for (size_t i = 0; i < g->round.count; i++) {
        if (g->round.items[i] != NULL) {
            lnm_wait_end(g->round.items[i], err);
        }
    }
}

static int by_arrival(const void *a, const void *b) {
    const struct lnm_wait *x = *(struct lnm_wait *const *)a, *y = *(struct lnm_wait *const *)b;
    return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static void sort_ended(struct lnm_wait_list *ended) {
    size_t n = 0;
    for (size_t i = 0; i < ended->count; i++) {
        if (ended->items[i] != NULL) { /* not freed meanwhile */
            ended->items[n++] = ended->items[i];
        }
    }
    ended->count = n;
    if (n > 0) {
        qsort(ended->items, n, sizeof(struct lnm_wait *), by_arrival);
    }
    for (size_t i = 0; i < n; i++) {
        ended->items[i]->at = i;
    }
}

/* A callback may free any wait, and start others, in this group, too. */
static void tell_all(struct lnm_wait_group *g) {
    g->telling = true;
    sort_ended(&g->ended);
    for (size_t i = 0; i < g->ended.count; i++) {
        struct lnm_wait *w = g->ended.items[i];
        if (w != NULL) {
            g->ended.items[i] = NULL;
            w->group = NULL;
            w->done = true;
            w->on_done(w->arg, w);
        }
    }
    g->ended.count = 0;
    g->telling = false;
}

void lnm_hub_tell(struct lnm_wait_group *g) {
    struct lnm_err err;
    tell_all(g);
    if (lnm_round_schedule(g, &err) < 0) {
        lnm_wait_end_all(g, &err);
        tell_all(g);
    }
    if (g->pending == 0) {
        lnm_wait_group_free(g);
    }
}

static void on_deadline(void *arg);

/* When the look that was due has not been taken the process was stopped (Ctrl-Z): what is waited
 * for may have ended meanwhile, so that it is looked at once more. */
static bool may_look_again(struct lnm_wait *w) {
    struct lnm_err ignored;
    bool again = !w->grace && w->due_us + GRACE_US < lnm_mono_us();
    w->grace = true;
    return again && lnm_timer_start(&w->deadline, w->group->hub->loop, GRACE_US, on_deadline, w,
                                    &ignored) == 0;
}

/* Whether or not the service answers. */
static void on_deadline(void *arg) {
    struct lnm_wait *w = arg;
    struct lnm_wait_group *g = w->group;
    struct lnm_err err;
    w->deadline = NULL;
    if (may_look_again(w)) {
        return;
    }
    (void)lnm_fail(&err, LNM_ETIMEOUT, "Timeout", "%s is still %s; the work goes on at AWS", w->id,
                   w->state[0] != '\0' ? w->state : "unseen");
    lnm_wait_end(w, &err);
    lnm_hub_tell(g);
}

/* ---- waits ------------------------------------------------------------------------------------
 */

static int start(struct lnm_wait *w, struct lnm_wait_group *g, int64_t deadline_us,
                 struct lnm_err *err) {
    int64_t now = lnm_mono_us();
    w->started_us = w->mark_us = now;
    w->settle_us = now + lnm_hub_settle_us(g->hub);
    lnm_pace_first(w, g, now);
    int error = lnm_timer_start(&w->deadline, g->hub->loop, deadline_us > 0 ? deadline_us : DAY_US,
                                on_deadline, w, err);
    if (error == 0) {
        error = lnm_wait_link(g, w, err);
    }
    return error == 0 ? lnm_round_schedule(g, err) : error;
}

/* Nobody waits any more: stop asking. */
static void leave_if_idle(struct lnm_wait_group *g) {
    if (g->pending == 0 && g->ended.count == 0 && !g->telling) {
        lnm_wait_group_free(g);
    }
}

int lnm_wait_start(struct lnm_wait **out, struct lnm_hub *hub, struct lnm_session *session,
                   const struct lnm_wait_options *o, lnm_wait_fn *done, void *arg,
                   struct lnm_err *err) {
    struct lnm_wait *w = calloc(1, sizeof *w);
    struct lnm_wait_group *g = w != NULL ? lnm_wait_group_of(hub, session, o->kind) : NULL;
    if (g == NULL) {
        free(w);
        return lnm_fail_nomem(err);
    }
    *w = (struct lnm_wait){.serial = hub->serial++, .progress = -1, .on_done = done, .arg = arg};
    (void)snprintf(w->id, sizeof w->id, "%s", o->id);
    (void)snprintf(w->wanted, sizeof w->wanted, "%s",
                   o->state != NULL ? o->state : g->kind->wanted);
    if (hub->waiting == 0) { /* counted anew */
        hub->ready = hub->failed = 0;
    }
    int error = start(w, g, o->deadline_us, err);
    if (error < 0) {
        bool linked = w->group != NULL; /* then freeing it sees to the group */
        lnm_wait_free(w);
        if (!linked) {
            leave_if_idle(g);
        }
        return error;
    }
    lnm_session_ask_account(session);
    *out = w;
    return 0;
}

bool lnm_wait_done(const struct lnm_wait *w) {
    return w->done;
}

int lnm_wait_result(const struct lnm_wait *w, struct lnm_err *err) {
    if (!w->done) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "still waiting");
    }
    if (w->result < 0 && w->err == NULL) {
        return lnm_fail_nomem(err);
    }
    if (w->result < 0 && err != NULL) {
        *err = *w->err;
    }
    return w->result;
}

const char *lnm_wait_id(const struct lnm_wait *w) {
    return w->id;
}

const char *lnm_wait_state(const struct lnm_wait *w) {
    return w->state;
}

int lnm_wait_progress(const struct lnm_wait *w) {
    return w->progress;
}

void lnm_wait_free(struct lnm_wait *w) {
    if (w == NULL) {
        return;
    }
    struct lnm_wait_group *g = w->group;
    if (g != NULL) {
        lnm_wait_unlink(w);
        leave_if_idle(g);
    }
    lnm_timer_cancel(w->deadline);
    free(w->parts);
    free(w->err);
    free(w);
}
