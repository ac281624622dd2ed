/* hub.c - the waits of a process: grouped, asked for in batches, paced by progress. */
#include "client/hub.h"

#include "base/clock.h"
#include "client/hub_internal.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_US (INT64_C(86400) * 1000000)
#define SETTLE_US (INT64_C(300) * 1000000)

static const struct lnm_wait_group_kind kinds[] = {
    [LNM_WAIT_IMAGE] = {"DescribeImages", "images", "image_id", "image-id", "available"},
    [LNM_WAIT_SNAPSHOT] = {"DescribeSnapshots", "snapshots", "snapshot_id", "snapshot-id",
                           "completed"},
    [LNM_WAIT_VOLUME] = {"DescribeVolumes", "volumes", "volume_id", "volume-id", "available"},
    [LNM_WAIT_INSTANCE] = {"DescribeInstances", "reservations", "instance_id", "instance-id",
                           "running"},
};

int lnm_hub_new(struct lnm_hub **out, struct lnm_loop *loop, struct lnm_err *err) {
    struct lnm_hub *hub = calloc(1, sizeof *hub);
    if (hub == NULL) {
        return lnm_fail_nomem(err);
    }
    *hub = (struct lnm_hub){.loop = loop, .min_us = 2000000, .max_us = 30000000};
    *out = hub;
    return 0;
}

void lnm_hub_set_pace(struct lnm_hub *hub, int64_t min_us, int64_t max_us) {
    hub->min_us = min_us;
    hub->max_us = max_us;
}

uint64_t lnm_hub_calls(const struct lnm_hub *hub) {
    return hub->calls;
}

static void free_group(struct lnm_wait_group *g) {
    lnm_call_free(g->call);
    lnm_timer_cancel(g->timer);
    lnm_session_unref(g->session);
    free(g);
}

void lnm_hub_free(struct lnm_hub *hub) {
    if (hub == NULL) {
        return;
    }
    while (hub->groups != NULL) {
        struct lnm_wait_group *g = hub->groups;
        hub->groups = g->next;
        for (struct lnm_wait *w = g->first; w != NULL; w = w->next) {
            w->group = NULL;
        }
        free_group(g);
    }
    free(hub);
}

/* ---- groups -----------------------------------------------------------------------------------
 */

static void on_round(void *arg) {
    struct lnm_wait_group *g = arg;
    g->timer = NULL;
    lnm_round_begin(g);
}

static struct lnm_wait_group *group_of(struct lnm_hub *hub, struct lnm_session *s,
                                       enum lnm_wait_kind kind) {
    struct lnm_wait_group *g = hub->groups;
    while (g != NULL && (g->session != s || g->kind != &kinds[kind])) {
        g = g->next;
    }
    if (g == NULL && (g = calloc(1, sizeof *g)) != NULL) {
        *g = (struct lnm_wait_group){.hub = hub,
                                     .session = lnm_session_ref(s),
                                     .kind = &kinds[kind],
                                     .which = kind,
                                     .next = hub->groups};
        hub->groups = g;
    }
    return g;
}

static void link_wait(struct lnm_wait_group *g, struct lnm_wait *w) {
    w->group = g;
    w->prev = g->last;
    *(g->last != NULL ? &g->last->next : &g->first) = w;
    g->last = w;
    g->count++;
}

void lnm_wait__unlink(struct lnm_wait *w) {
    struct lnm_wait_group *g = w->group;
    if (g == NULL) {
        return;
    }
    *(w->prev != NULL ? &w->prev->next : &g->first) = w->next;
    *(w->next != NULL ? &w->next->prev : &g->last) = w->prev;
    w->group = NULL;
    w->prev = w->next = NULL;
    g->count--;
    if (g->count == 0) { /* nobody waits: stop asking */
        lnm_timer_cancel(g->timer);
        g->timer = NULL;
    }
}

void lnm_wait__finish(struct lnm_wait *w, int result) {
    w->result = result;
    w->done = true;
    lnm_wait__unlink(w);
    w->on_done(w->arg, w); /* may free the wait */
}

void lnm_round_schedule(struct lnm_wait_group *g, int64_t delay_us) {
    struct lnm_err err;
    lnm_timer_cancel(g->timer);
    g->timer = NULL;
    if (g->count == 0) {
        return;
    }
    if (lnm_timer_start(&g->timer, g->hub->loop, delay_us, on_round, g, &err) < 0) {
        while (g->first != NULL) {
            g->first->err = err;
            lnm_wait__finish(g->first, err.code);
        }
    }
}

/* ---- waits ------------------------------------------------------------------------------------
 */

int lnm_wait_start(struct lnm_wait **out, struct lnm_hub *hub, struct lnm_session *session,
                   const struct lnm_wait_options *o, lnm_wait_fn *done, void *arg,
                   struct lnm_err *err) {
    struct lnm_wait *w = calloc(1, sizeof *w);
    struct lnm_wait_group *g = w != NULL ? group_of(hub, session, o->kind) : NULL;
    if (g == NULL) {
        free(w);
        return lnm_fail_nomem(err);
    }
    int64_t now = lnm_mono_us();
    int64_t deadline = o->deadline_us > 0 ? o->deadline_us : DAY_US;
    *w = (struct lnm_wait){.started_us = now,
                           .deadline_us = now + deadline,
                           .settle_us = now + SETTLE_US,
                           .progress = -1,
                           .on_done = done,
                           .arg = arg};
    (void)snprintf(w->id, sizeof w->id, "%s", o->id);
    (void)snprintf(w->wanted, sizeof w->wanted, "%s",
                   o->state != NULL ? o->state : g->kind->wanted);
    link_wait(g, w);
    if (g->call ==
        NULL) { /* a newcomer is asked for soon; more of them may come in the same step */
        g->interval_us = hub->min_us;
        lnm_round_schedule(g, 0);
    }
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
    if (w->result < 0 && err != NULL) {
        *err = w->err;
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
    if (w != NULL) {
        lnm_wait__unlink(w);
        free(w);
    }
}
