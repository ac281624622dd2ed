/* pace.c - when to look at a wait again.
 *
 * By the progress that AWS reports: far from its forecast end an image's snapshots are asked about,
 * and nine tenths of what is left may pass; near it the image itself is, often.  Without progress
 * the looks become rarer by half each time, but the time that others of the run took counts as a
 * forecast.  Rounds are shared, so one that is not quite due is asked about when there is room. */
#include "client/hub_internal.h"

#define SECOND INT64_C(1000000)
#define NEAR_US (10 * SECOND) /* so near the end the thing itself is asked about */
#define STATE_EVERY 3 /* longest distances between looks at an image itself: it may fail or go */
#define CROWD 20      /* more waits than that are asked about half as often */
#define DOOR_LOOKS 4  /* so many looks at the shortest distance, then rarer ones */

static int64_t between(int64_t low, int64_t x, int64_t high) {
    return x < low ? low : x > high ? high : x;
}

/* Much progress at the first look is of work that began before the wait: the pace is measured from
 * that look on. */
void lnm_pace_note(struct lnm_wait *w, int percent, int64_t now_us) {
    if (w->progress < 0 && percent > 5 && now_us - w->started_us < 3 * w->group->hub->min_us) {
        w->mark = percent;
        w->mark_us = now_us;
    }
    if (percent > w->mark && now_us > w->mark_us) {
        w->end_us = now_us + (now_us - w->mark_us) * (100 - percent) / (percent - w->mark);
    }
    w->progress = percent;
}

/* How long it will still take, or -1 when nothing tells. */
static int64_t forecast(const struct lnm_wait *w, int64_t now_us) {
    if (w->end_us > 0) {
        return w->end_us > now_us ? w->end_us - now_us : 0;
    }
    int64_t by_others = w->started_us + w->group->typical_us - now_us;
    return by_others > 0 ? by_others : -1;
}

/* Half as long again as the last time; without a forecast at most half of the longest distance. */
static int64_t longer(const struct lnm_wait *w, int64_t most) {
    return between(w->group->hub->min_us, w->delay_us + w->delay_us / 2, most);
}

static bool has_progress(const struct lnm_wait *w) {
    return w->group->which == LNM_WAIT_IMAGE && w->part_count > 0 && !w->group->parts_denied;
}

void lnm_pace_next(struct lnm_wait *w, int64_t now_us) {
    const struct lnm_hub *hub = w->group->hub;
    int64_t left = forecast(w, now_us);
    bool near = left >= 0 && left <= NEAR_US;
    if (near) {
        w->delay_us = ++w->doors <= DOOR_LOOKS
                          ? between(hub->min_us, left + SECOND / 2, hub->max_us)
                          : longer(w, hub->max_us / 2);
    } else if (left >= 0) {
        w->delay_us = between(hub->min_us, left / 10 * 9, hub->max_us);
    } else {
        w->delay_us = longer(w, hub->max_us / 2);
    }
    bool stale = now_us - w->state_us >= STATE_EVERY * hub->max_us;
    w->look = near || stale || !has_progress(w) ? LNM_ASK_STATE : LNM_ASK_PROGRESS;
    w->due_us = now_us + w->delay_us;
}

int64_t lnm_pace_rounds(const struct lnm_wait_group *g) {
    bool crowd = g->pending > CROWD;
    return crowd ? 2 * g->hub->min_us : g->hub->min_us;
}

/* At once when nobody has asked lately; else with one of the next rounds. */
void lnm_pace_first(struct lnm_wait *w, const struct lnm_wait_group *g, int64_t now_us) {
    bool crowd = g->pending > CROWD;
    w->look = LNM_ASK_STATE;
    w->delay_us = 0;
    w->due_us = crowd && g->last_us != 0 ? now_us + 5 * g->hub->min_us : now_us;
}

int64_t lnm_pace_trouble(struct lnm_wait_group *g) {
    g->trouble_us = between(g->hub->min_us, 2 * g->trouble_us, g->hub->max_us / 2);
    return g->trouble_us;
}
