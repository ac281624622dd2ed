/* round.c - one round of a group: everything that is pending, asked for in batches, then judged. */
#include "client/hub_internal.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

static void ask_batch(struct lnm_wait_group *g);

/* ---- asking -----------------------------------------------------------------------------------
 */

static void add_filter(struct lnm_record *in, struct lnm_wait_group *g) {
    size_t n = 0;
    lnm_record_enter(in, "filters");
    lnm_record_item(in);
    lnm_record_setz(in, "name", g->kind->filter);
    lnm_record_enter(in, "values");
    for (; g->cursor != NULL && n < LNM_ROUND_BATCH; g->cursor = g->cursor->next, n++) {
        lnm_record_add(in, lnm_str_z(g->cursor->id));
        g->cursor->asked = true;
    }
    lnm_record_close(in);
    lnm_record_close(in);
    lnm_record_close(in);
}

static void on_answer(void *arg, struct lnm_call *call);

/* 0, or the call could not even be started. */
static int start_call(struct lnm_wait_group *g, struct lnm_err *err) {
    struct lnm_record in;
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, lnm_str_z(g->kind->action));
    int error = lnm_record_init(&in, op->input, 0) < 0 ? lnm_fail_nomem(err) : 0;
    if (error == 0) {
        add_filter(&in, g);
        if (g->which == LNM_WAIT_IMAGE) {
            lnm_record_set_bool(&in, "include_deprecated", true);
            lnm_record_set_bool(&in, "include_disabled", true);
        }
        lnm_record_close(&in);
        error = lnm_record_check(&in, err);
    }
    if (error == 0) {
        error = lnm_call_start(&g->call, g->session, op, &in, on_answer, g, err);
    }
    lnm_record_free(&in);
    return error;
}

static void fail_all(struct lnm_wait_group *g, const struct lnm_err *why) {
    size_t left = g->count; /* waits that a callback starts are not meant */
    while (left-- > 0 && g->first != NULL) {
        g->first->err = *why;
        lnm_wait_finish(g->first, why->code);
    }
}

static void ask_batch(struct lnm_wait_group *g) {
    struct lnm_err err;
    g->hub->calls++;
    if (start_call(g, &err) < 0) {
        fail_all(g, &err);
        lnm_round_schedule(g, g->interval_us);
    }
}

void lnm_round_begin(struct lnm_wait_group *g) {
    if (g->call == NULL && g->first != NULL) {
        for (struct lnm_wait *w = g->first; w != NULL; w = w->next) {
            w->asked = w->seen_now = false;
        }
        g->cursor = g->first;
        g->part_count = 0;
        ask_batch(g);
    }
}

/* ---- judging ----------------------------------------------------------------------------------
 */

static bool among(struct lnm_str s, const char *const *list) {
    while (*list != NULL && !lnm_str_is(s, *list)) {
        list++;
    }
    return *list != NULL;
}

static bool is_failure(enum lnm_wait_kind kind, struct lnm_str state, const char *wanted) {
    static const char *const image[] = {"failed",       "error",    "invalid",
                                        "deregistered", "disabled", NULL};
    static const char *const snapshot[] = {"error", "recoverable", NULL};
    static const char *const volume[] = {"error", "deleted", "deleting", NULL};
    static const char *const instance[] = {"terminated", "shutting-down", NULL};
    static const char *const *const failures[] = {image, snapshot, volume, instance};
    return !lnm_str_is(state, wanted) && among(state, failures[kind]);
}

/* A volume is in-use before it is attached: who waits for that reads its attachment. */
static struct lnm_str state_of(const struct lnm_wait *w, const struct lnm_record *r,
                               uint32_t item) {
    if (w->group->which == LNM_WAIT_INSTANCE) {
        return lnm_record_get(r, lnm_record_find(r, item, "state"), "name");
    }
    uint32_t attachment =
        strcmp(w->wanted, "attached") == 0 ? lnm_record_at(r, item, "attachments.1") : 0;
    return lnm_record_get(r, attachment != 0 ? attachment : item, "state");
}

/* What AWS says about a failure: StateReason of images and instances, StateMessage of snapshots. */
static void explain(struct lnm_wait *w, const struct lnm_record *r, uint32_t item,
                    struct lnm_str state) {
    uint32_t reason = lnm_record_find(r, item, "state_reason");
    struct lnm_str message = reason != 0 ? lnm_record_get(r, reason, "message")
                                         : lnm_record_get(r, item, "state_message");
    char name[24];
    (void)snprintf(name, sizeof name, "%.*s", (int)(state.len < 20 ? state.len : 20), state.ptr);
    (void)lnm_fail(&w->err, LNM_EFAILED, name, "%s ended as %s%s%.*s", w->id, name,
                   message.len > 0 ? ": " : "", (int)(message.len < 700 ? message.len : 700),
                   message.len > 0 ? message.ptr : "");
}

static void note_progress(struct lnm_wait *w, const struct lnm_record *r, uint32_t item) {
    int percent = lnm_progress_percent(r, item);
    w->progress = percent >= 0 ? percent : w->progress;
}

static void judge_wait(struct lnm_wait *w, const struct lnm_record *r, uint32_t item) {
    struct lnm_wait_group *g = w->group;
    struct lnm_str state = state_of(w, r, item);
    w->seen = w->seen_now = true;
    (void)snprintf(w->state, sizeof w->state, "%.*s", (int)(state.len < 20 ? state.len : 20),
                   state.len > 0 ? state.ptr : "");
    note_progress(w, r, item);
    if (lnm_str_is(state, w->wanted)) {
        w->progress = 100;
        lnm_wait_finish(w, 0);
    } else if (is_failure(g->which, state, w->wanted)) {
        explain(w, r, item, state);
        lnm_wait_finish(w, LNM_EFAILED);
    } else if (g->which == LNM_WAIT_IMAGE) {
        lnm_progress_note(g, w, r, item);
    }
}

/* One described thing, for everybody who waits for it. */
static void judge(struct lnm_wait_group *g, const struct lnm_record *r, uint32_t item) {
    struct lnm_str id = lnm_record_get(r, item, g->kind->id_field);
    struct lnm_wait *w;
    while ((w = lnm_wait_find(g, id)) != NULL) {
        judge_wait(w, r, item);
    }
}

static void judge_list(struct lnm_wait_group *g, const struct lnm_record *r, uint32_t list) {
    for (uint32_t i = lnm_record_first(r, list); i != 0; i = lnm_record_next(r, list, i)) {
        uint32_t inner = g->which == LNM_WAIT_INSTANCE ? lnm_record_find(r, i, "instances") : 0;
        if (inner != 0) {
            for (uint32_t k = lnm_record_first(r, inner); k != 0;
                 k = lnm_record_next(r, inner, k)) {
                judge(g, r, k);
            }
        } else {
            judge(g, r, i);
        }
    }
}

/* Those that were asked for and not shown: gone, or not visible yet. */
static void judge_absent(struct lnm_wait *w, int64_t now) {
    if (w->seen) {
        (void)lnm_fail(&w->err, LNM_ENOTFOUND, "Gone", "%s was there and is gone", w->id);
        lnm_wait_finish(w, LNM_ENOTFOUND);
    } else if (now >= w->settle_us) {
        (void)lnm_fail(&w->err, LNM_ENOTFOUND, "NotFound", "%s has not appeared", w->id);
        lnm_wait_finish(w, LNM_ENOTFOUND);
    }
}

/* ---- the round's end --------------------------------------------------------------------------
 */

static void judge_rest(struct lnm_wait_group *g) {
    int64_t now = lnm_mono_us();
    struct lnm_wait *next;
    for (struct lnm_wait *w = g->first; w != NULL; w = next) {
        next = w->next;
        if (w->asked && !w->seen_now) {
            judge_absent(w, now);
        }
    }
}

/* Deadlines end waits whether or not the service answers. */
static void judge_deadlines(struct lnm_wait_group *g) {
    int64_t now = lnm_mono_us();
    struct lnm_wait *next;
    for (struct lnm_wait *w = g->first; w != NULL; w = next) {
        next = w->next;
        if (now >= w->deadline_us) {
            (void)lnm_fail(&w->err, LNM_ETIMEOUT, "Timeout",
                           "%s is still %s; the work goes on at AWS", w->id,
                           w->state[0] != '\0' ? w->state : "unseen");
            lnm_wait_finish(w, LNM_ETIMEOUT);
        }
    }
}

/* A quarter of what is left by the pace so far; without progress half as long again each time. */
static int64_t next_delay(struct lnm_wait_group *g) {
    int64_t now = lnm_mono_us(), soonest = -1, deadline = INT64_MAX;
    for (const struct lnm_wait *w = g->first; w != NULL; w = w->next) {
        if (w->progress > 0) {
            int64_t left = (now - w->started_us) * (100 - w->progress) / w->progress / 4;
            soonest = soonest < 0 || left < soonest ? left : soonest;
        }
        deadline = w->deadline_us < deadline ? w->deadline_us : deadline;
    }
    g->interval_us = soonest >= 0 ? soonest : g->interval_us + g->interval_us / 2;
    g->interval_us = g->interval_us < g->hub->min_us ? g->hub->min_us : g->interval_us;
    g->interval_us = g->interval_us > g->hub->max_us ? g->hub->max_us : g->interval_us;
    int64_t jittered = g->interval_us - g->interval_us / 10 +
                       (int64_t)(lnm_random_u64() % (uint64_t)(g->interval_us / 5 + 1));
    int64_t until = deadline - now;
    return until < jittered ? (until > 0 ? until : 0) : jittered;
}

void lnm_round_end(struct lnm_wait_group *g) {
    judge_deadlines(g);
    if (g->first != NULL && g->timer == NULL) {
        lnm_round_schedule(g, g->newcomers ? 0 : next_delay(g));
    }
    g->newcomers = false;
}

/* Permissions and wrong requests end a wait; weather does not. */
static bool no_retry_can_mend(const struct lnm_err *err) {
    return (err->code == LNM_ESERVICE && !err->retryable && err->status >= 400 &&
            err->status < 500) ||
           err->code == LNM_ECONFIG || err->code == LNM_ECREDS || err->code == LNM_EINVAL;
}

static void on_answer(void *arg, struct lnm_call *call) {
    struct lnm_wait_group *g = arg;
    const struct lnm_record *r;
    struct lnm_err err;
    int error = lnm_call_result(call, &r, &err);
    g->call = NULL;
    if (error == 0) {
        judge_list(g, r, lnm_record_find(r, 0, g->kind->list));
    } else if (no_retry_can_mend(&err)) {
        fail_all(g, &err);
    }
    lnm_call_free(call);
    if (error == 0 && g->cursor != NULL) {
        ask_batch(g);
        return;
    }
    if (error == 0) {
        judge_rest(g);
    }
    if (error < 0 || !lnm_progress_ask(g)) {
        lnm_round_end(g);
    }
}
