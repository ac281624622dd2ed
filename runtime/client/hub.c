/* hub.c - the waits of a process: grouped, asked for in batches, paced by progress. */
#include "client/hub.h"

#include "base/clock.h"
#include "client/hub_internal.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_US (INT64_C(86400) * 1000000)
/* What was just made may be unseen for so many of the longest rounds: five minutes by default. */
#define SETTLE_ROUNDS 10

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
        lnm_wait_group_free(g);
    }
    free(hub);
}

void lnm_wait_finish(struct lnm_wait *w, int result) {
    w->result = result;
    w->done = true;
    lnm_wait_unlink(w);
    w->on_done(w->arg, w); /* may free the wait */
}

/* ---- waits ------------------------------------------------------------------------------------
 */

int lnm_wait_start(struct lnm_wait **out, struct lnm_hub *hub, struct lnm_session *session,
                   const struct lnm_wait_options *o, lnm_wait_fn *done, void *arg,
                   struct lnm_err *err) {
    struct lnm_wait *w = calloc(1, sizeof *w);
    struct lnm_wait_group *g = w != NULL ? lnm_wait_group_of(hub, session, o->kind) : NULL;
    if (g == NULL) {
        free(w);
        return lnm_fail_nomem(err);
    }
    int64_t now = lnm_mono_us();
    int64_t deadline = o->deadline_us > 0 ? o->deadline_us : DAY_US;
    *w = (struct lnm_wait){.started_us = now,
                           .deadline_us = now + deadline,
                           .settle_us = now + SETTLE_ROUNDS * hub->max_us,
                           .progress = -1,
                           .on_done = done,
                           .arg = arg};
    (void)snprintf(w->id, sizeof w->id, "%s", o->id);
    (void)snprintf(w->wanted, sizeof w->wanted, "%s",
                   o->state != NULL ? o->state : g->kind->wanted);
    if (lnm_wait_link(g, w, err) < 0) {
        free(w);
        return LNM_ENOMEM;
    }
    g->newcomers = g->call != NULL;
    if (!g->newcomers) { /* asked for soon; more of them may come in the same step */
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
        lnm_wait_unlink(w);
        free(w);
    }
}
