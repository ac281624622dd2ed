/* overview.c - all waits at a glance, for progress lines: sums, and the few that will end last. */
#include "client/hub_internal.h"

#include "base/clock.h"

struct sum {
    struct lnm_hub_overview *out;
    int64_t now_us, percents, last_us;
    bool told; /* some progress is known */
};

/* Those whose end is not known stand before those whose end is far. */
static int64_t end_of(const struct lnm_wait *w) {
    return w->end_us > 0 ? w->end_us : INT64_MAX;
}

static void note_slow(struct lnm_hub_overview *out, const struct lnm_wait *w) {
    size_t at = out->slow_count;
    while (at > 0 && end_of(out->slow[at - 1]) < end_of(w)) {
        if (at < LNM_HUB_SLOW) {
            out->slow[at] = out->slow[at - 1];
        }
        at--;
    }
    if (at < LNM_HUB_SLOW) {
        out->slow[at] = w;
        out->slow_count += out->slow_count < LNM_HUB_SLOW;
    }
}

static void add(struct sum *s, const struct lnm_wait_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        const struct lnm_wait *w = list->items[i];
        if (w != NULL) {
            s->out->waiting++;
            s->percents += w->progress > 0 ? w->progress : 0;
            s->told = s->told || w->progress >= 0;
            s->last_us = w->end_us > s->last_us ? w->end_us : s->last_us;
            note_slow(s->out, w);
        }
    }
}

void lnm_hub_overview(struct lnm_hub_overview *out, const struct lnm_hub *hub) {
    struct sum s = {.out = out, .now_us = lnm_mono_us()};
    *out = (struct lnm_hub_overview){
        .ready = hub->ready, .failed = hub->failed, .progress = -1, .left_us = -1};
    for (size_t i = 0; i < LNM_HUB_GROUPS; i++) {
        for (const struct lnm_wait_group *g = hub->groups[i]; g != NULL; g = g->next) {
            add(&s, &g->heap);
            add(&s, &g->round);
        }
    }
    size_t all = out->waiting + out->ready + out->failed;
    if (s.told && all > 0) {
        s.percents += 100 * (int64_t)(out->ready + out->failed);
        out->progress = (int)(s.percents / (int64_t)all);
    }
    if (s.last_us > 0) {
        out->left_us = s.last_us > s.now_us ? s.last_us - s.now_us : 0;
    }
}

int64_t lnm_wait_left_us(const struct lnm_wait *w) {
    int64_t left = w->end_us - lnm_mono_us();
    return w->end_us == 0 ? -1 : left > 0 ? left : 0;
}
