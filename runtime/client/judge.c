/* judge.c - what an answer to Describe says about those who wait. */
#include "client/hub_internal.h"

#include "base/clock.h"

#include <stdio.h>

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
static void explain(struct lnm_err *err, const struct lnm_wait *w, const struct lnm_record *r,
                    uint32_t item) {
    uint32_t reason = lnm_record_find(r, item, "state_reason");
    struct lnm_str message = reason != 0 ? lnm_record_get(r, reason, "message")
                                         : lnm_record_get(r, item, "state_message");
    (void)lnm_fail(err, LNM_EFAILED, w->state, "%s ended as %s%s%.*s", w->id, w->state,
                   message.len > 0 ? ": " : "", (int)(message.len < 700 ? message.len : 700),
                   message.len > 0 ? message.ptr : "");
}

static void judge_wait(struct lnm_wait *w, const struct lnm_record *r, uint32_t item) {
    struct lnm_err err;
    struct lnm_str state = state_of(w, r, item);
    (void)snprintf(w->state, sizeof w->state, "%.*s", (int)(state.len < 19 ? state.len : 19),
                   state.len > 0 ? state.ptr : "");
    int percent = lnm_progress_percent(r, item);
    if (percent >= 0) {
        lnm_pace_note(w, percent, lnm_mono_us());
    }
    w->seen = w->answered = true;
    w->missed = false;
    if (lnm_str_is(state, w->wanted)) {
        w->progress = 100;
        lnm_wait_end(w, NULL);
    } else if (is_failure(w->group->which, state, w->wanted)) {
        explain(&err, w, r, item);
        lnm_wait_end(w, &err);
    } else if (w->group->which == LNM_WAIT_IMAGE && w->part_count == 0) {
        lnm_progress_note(w, r, item);
    }
}

/* One described thing, for everybody who waits for it. */
static void judge(struct lnm_wait_group *g, const struct lnm_record *r, uint32_t item) {
    struct lnm_str id = lnm_record_get(r, item, g->kind->id_field);
    struct lnm_wait *next, *w = lnm_wait_find(g, id, NULL);
    for (; w != NULL; w = next) {
        next = lnm_wait_find(g, id, w);
        judge_wait(w, r, item);
    }
}

void lnm_judge_answer(struct lnm_wait_group *g, const struct lnm_record *r) {
    uint32_t list = lnm_record_find(r, 0, g->kind->list);
    for (uint32_t i = lnm_record_first(r, list); i != 0; i = lnm_record_next(r, list, i)) {
        uint32_t inner = g->which == LNM_WAIT_INSTANCE ? lnm_record_find(r, i, "instances") : 0;
        if (inner == 0) {
            judge(g, r, i);
            continue;
        }
        for (uint32_t k = lnm_record_first(r, inner); k != 0; k = lnm_record_next(r, inner, k)) {
            judge(g, r, k);
        }
    }
}
