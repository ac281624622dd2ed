/* round.c - one round of a group: those that are due, asked about in batches, then judged.
 *
 * Three passes: first the states of the new and of those near their end; then the progress of the
 * others; then the states of those whose progress has just shown that they must have ended. */
#include "client/hub_internal.h"

#include "base/clock.h"

#define SLACK 4 /* what is due within a quarter of the shortest distance is due */
#define FILL_US                                                                                    \
    (INT64_C(30) * 1000000) /* what is due so soon is asked about when there is room               \
                             */
#define PASSES 3

/* ---- who is asked about -----------------------------------------------------------------------
 */

static struct lnm_wait *first_due(const struct lnm_wait_group *g, int64_t until_us) {
    return g->heap.count > 0 && g->heap.items[0]->due_us <= until_us ? g->heap.items[0] : NULL;
}

static void call_up(struct lnm_wait *w, size_t counts[2]) {
    w->question = w->look;
    counts[w->look]++;
    lnm_wait_call_up(w);
}

static void gather(struct lnm_wait_group *g, int64_t now_us) {
    size_t counts[2] = {0, 0};
    struct lnm_wait *w;
    while ((w = first_due(g, now_us + g->hub->min_us / SLACK)) != NULL) {
        call_up(w, counts);
    }
    while ((w = first_due(g, now_us + FILL_US)) != NULL && counts[w->look] % LNM_ROUND_BATCH > 0) {
        call_up(w, counts);
    }
}

static size_t value_count(const struct lnm_wait *w) {
    return w->question == LNM_ASK_STATE ? 1 : w->part_count;
}

static void add_values(struct lnm_record *in, const struct lnm_wait *w) {
    if (w->question == LNM_ASK_STATE) {
        lnm_record_add(in, lnm_str_z(w->id));
    }
    for (size_t i = 0; w->question == LNM_ASK_PROGRESS && i < w->part_count; i++) {
        lnm_record_add(in, lnm_str_z(w->parts[i].id));
    }
}

/* The next batch of the pass, from g->to on; false when it has none. */
static bool add_batch(struct lnm_record *in, struct lnm_wait_group *g, enum lnm_question question) {
    size_t values = 0;
    for (g->from = g->to; g->to < g->round.count; g->to++) {
        struct lnm_wait *w = g->round.items[g->to];
        bool fits = w == NULL || w->question != question ||
                    values + value_count(w) <= LNM_ROUND_BATCH || values == 0;
        if (!fits) {
            break;
        }
        if (w != NULL && w->question == question) {
            values += value_count(w);
            add_values(in, w);
            w->asked = true;
            w->answered = false;
        }
    }
    return values > 0;
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static bool add_filter(struct lnm_record *in, struct lnm_wait_group *g,
                       enum lnm_question question) {
    lnm_record_enter(in, "filters");
    lnm_record_item(in);
    lnm_record_setz(in, "name", question == LNM_ASK_PROGRESS ? "snapshot-id" : g->kind->filter);
    lnm_record_enter(in, "values");
    bool any = add_batch(in, g, question);
    lnm_record_close(in);
    lnm_record_close(in);
    lnm_record_close(in);
    if (question == LNM_ASK_STATE && g->which == LNM_WAIT_IMAGE) {
        lnm_record_set_bool(in, "include_deprecated", true);
        lnm_record_set_bool(in, "include_disabled", true);
    }
    lnm_record_close(in);
    return any;
}

static void on_answer(void *arg, struct lnm_call *call);

/* 1: asked; 0: nothing is left to ask in this pass; or the call could not even be started. */
static int ask_batch(struct lnm_wait_group *g, enum lnm_question question, struct lnm_err *err) {
    struct lnm_record in;
    const char *action = question == LNM_ASK_PROGRESS ? "DescribeSnapshots" : g->kind->action;
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, lnm_str_z(action));
    int asked = 0;
    int error = lnm_record_init(&in, op->input, 0) < 0 ? lnm_fail_nomem(err) : 0;
    if (error == 0 && add_filter(&in, g, question)) {
        asked = 1;
        error = lnm_record_check(&in, err);
    }
    if (error == 0 && asked > 0) {
        g->hub->calls++;
        error = lnm_call_start(&g->call, g->session, op, &in, on_answer, g, err);
    }
    lnm_record_free(&in);
    return error < 0 ? error : asked;
}

/* ---- the round's end --------------------------------------------------------------------------
 */

static void requeue_all(struct lnm_wait_group *g, int64_t due_us) {
    for (size_t i = 0; i < g->round.count; i++) {
        struct lnm_wait *w = g->round.items[i];
        if (w != NULL) {
            w->asked = false;
            w->due_us = due_us;
            lnm_wait_requeue(w);
        }
    }
}

/* Those of the round that were not answered are asked about later. */
static void end_round(struct lnm_wait_group *g, int64_t retry_us) {
    requeue_all(g, lnm_mono_us() + retry_us);
    g->round.count = 0;
}

static enum lnm_question question_of(const struct lnm_wait_group *g) {
    return g->pass != 1 ? LNM_ASK_STATE : g->parts_denied ? LNM_ASK_NOTHING : LNM_ASK_PROGRESS;
}

static void ask_next(struct lnm_wait_group *g) {
    struct lnm_err err;
    int asked = 0;
    while (asked == 0 && g->pass < PASSES) {
        asked = ask_batch(g, question_of(g), &err);
        if (asked == 0) {
            g->pass++;
            g->to = 0;
        }
    }
    if (asked < 0) {
        lnm_wait_end_all(g, &err);
    }
    if (asked <= 0) {
        end_round(g, g->hub->min_us);
    }
}

/* ---- an answer --------------------------------------------------------------------------------
 */

/* Asked about and not shown: gone, or not visible yet. One answer that does not show what was there
 * may be of a replica that lags. */
static void judge_absent(struct lnm_wait *w, int64_t now_us) {
    struct lnm_err err;
    if (w->seen && w->missed) {
        (void)lnm_fail(&err, LNM_ENOTFOUND, "Gone", "%s was there and is gone", w->id);
        lnm_wait_end(w, &err);
    } else if (!w->seen && now_us >= w->settle_us) {
        (void)lnm_fail(&err, LNM_ENOTFOUND, "NotFound", "%s has not appeared", w->id);
        lnm_wait_end(w, &err);
    }
    w->missed = true;
}

/* Those of the batch that still wait: when to look at them again. */
static void settle_batch(struct lnm_wait_group *g, bool states) {
    int64_t now = lnm_mono_us();
    for (size_t i = g->from; i < g->to; i++) {
        struct lnm_wait *w = g->round.items[i];
        if (w == NULL || !w->asked) {
            continue;
        }
        w->asked = false;
        w->state_us = states ? now : w->state_us;
        if (states && !w->answered) {
            judge_absent(w, now);
        }
        if (w->place == LNM_IN_ROUND && (states || w->question != LNM_ASK_STATE)) {
            lnm_pace_next(w, now);
            lnm_wait_requeue(w);
        }
    }
}

static void take_answer(struct lnm_wait_group *g, const struct lnm_record *r) {
    bool states = g->pass != 1;
    g->trouble_us = 0;
    if (states) {
        lnm_judge_answer(g, r);
    } else {
        lnm_progress_answer(g, r);
    }
    settle_batch(g, states);
}

/* Permissions and wrong requests end a wait; weather does not. */
static bool no_retry_can_mend(const struct lnm_err *err) {
    return (err->code == LNM_ESERVICE && !err->retryable && err->status >= 400 &&
            err->status < 500) ||
           err->code == LNM_ECONFIG || err->code == LNM_ECREDS || err->code == LNM_EINVAL;
}

/* Images can be waited for without a word about their snapshots. */
static void deny_progress(struct lnm_wait_group *g) {
    g->parts_denied = true;
    settle_batch(g, false);
    ask_next(g);
}

static void on_answer(void *arg, struct lnm_call *call) {
    struct lnm_wait_group *g = arg;
    const struct lnm_record *r;
    struct lnm_err err;
    int error = lnm_call_result(call, &r, &err);
    g->call = NULL;
    if (error == 0) {
        take_answer(g, r);
    }
    lnm_call_free(call);
    if (error == 0) {
        ask_next(g);
    } else if (g->pass == 1 && err.status == 403) {
        deny_progress(g);
    } else {
        if (no_retry_can_mend(&err)) {
            lnm_wait_end_all(g, &err);
        }
        end_round(g, lnm_pace_trouble(g));
    }
    lnm_hub_tell(g);
}

/* ---- when -------------------------------------------------------------------------------------
 */

static void on_round(void *arg) {
    struct lnm_wait_group *g = arg;
    int64_t now = lnm_mono_us();
    g->timer = NULL;
    g->last_us = now;
    g->pass = 0;
    g->from = g->to = 0;
    gather(g, now);
    ask_next(g);
    lnm_hub_tell(g);
}

/* Not before the shortest distance from the last one, and a little later, so that processes that
 * began together do not stay together. */
static int64_t next_round_us(const struct lnm_wait_group *g) {
    int64_t due = g->heap.items[0]->due_us;
    int64_t soonest = g->last_us != 0 ? g->last_us + lnm_pace_rounds(g) : due;
    int64_t jitter = (int64_t)(lnm_random_u64() % (uint64_t)(g->hub->min_us / 8 + 1));
    return (due > soonest ? due : soonest) + (g->last_us != 0 ? jitter : 0);
}

int lnm_round_schedule(struct lnm_wait_group *g, struct lnm_err *err) {
    if (g->call != NULL || g->telling || g->heap.count == 0) {
        return 0;
    }
    int64_t now = lnm_mono_us(), due = next_round_us(g);
    if (g->timer != NULL && g->timer_due_us <= due) {
        return 0;
    }
    lnm_timer_cancel(g->timer);
    g->timer = NULL;
    g->timer_due_us = due;
    return lnm_timer_start(&g->timer, g->hub->loop, due > now ? due - now : 0, on_round, g, err);
}
