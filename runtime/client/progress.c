/* progress.c - how far pending images are.
 *
 * DescribeImages says nothing about it; the snapshots behind an image do.  What they say is for
 * people and for the pace of the looks; only the image's own state ends a wait. */
#include "client/hub_internal.h"

#include "base/clock.h"

#include <stdlib.h>

#define PARTS_MAX 64 /* devices that an image's progress is made of */

int lnm_progress_percent(const struct lnm_record *r, uint32_t item) {
    struct lnm_str text = lnm_record_get(r, item, "progress");
    int64_t percent;
    if (text.len > 0 && text.ptr[text.len - 1] == '%') {
        text.len--;
    }
    bool good = lnm_str_int64(&percent, text) == 0 && percent >= 0 && percent <= 100;
    return good ? (int)percent : -1;
}

/* ---- the snapshots of an image ----------------------------------------------------------------
 */

static struct lnm_str snapshot_of(const struct lnm_record *r, uint32_t mapping) {
    uint32_t ebs = lnm_record_find(r, mapping, "ebs");
    struct lnm_str id = ebs != 0 ? lnm_record_get(r, ebs, "snapshot_id") : LNM_STR_NONE;
    return id.len < sizeof((struct lnm_part *)0)->id ? id : LNM_STR_NONE;
}

static size_t count_parts(const struct lnm_record *r, uint32_t list) {
    size_t n = 0;
    for (uint32_t m = lnm_record_first(r, list); m != 0; m = lnm_record_next(r, list, m)) {
        n += snapshot_of(r, m).len > 0;
    }
    return n < PARTS_MAX ? n : PARTS_MAX;
}

void lnm_progress_note(struct lnm_wait *w, const struct lnm_record *r, uint32_t image) {
    uint32_t list = lnm_record_find(r, image, "block_device_mappings");
    size_t n = list != 0 ? count_parts(r, list) : 0;
    w->parts = n > 0 ? calloc(n, sizeof *w->parts) : NULL;
    if (w->parts == NULL) { /* none yet, or no memory: it is waited for without progress */
        return;
    }
    for (uint32_t m = lnm_record_first(r, list); m != 0 && w->part_count < n;
         m = lnm_record_next(r, list, m)) {
        struct lnm_str id = snapshot_of(r, m);
        if (id.len > 0) {
            memcpy(w->parts[w->part_count++].id, id.ptr, id.len);
        }
    }
}

/* ---- an answer about them ---------------------------------------------------------------------
 */

struct index {
    const char *id;
    struct lnm_part *part;
    struct lnm_wait *wait;
};

static int by_id(const void *a, const void *b) {
    return strcmp(((const struct index *)a)->id, ((const struct index *)b)->id);
}

static size_t index_batch(struct index *index, const struct lnm_wait_group *g) {
    size_t n = 0;
    for (size_t i = g->from; i < g->to; i++) {
        struct lnm_wait *w = g->round.items[i];
        for (size_t p = 0; w != NULL && w->asked && p < w->part_count; p++) {
            index[n++] = (struct index){w->parts[p].id, &w->parts[p], w};
        }
    }
    qsort(index, n, sizeof *index, by_id);
    return n;
}

/* A snapshot that has ended, well or not: the image is asked about in the same round. */
static void note_snapshot(struct index *at, const struct lnm_record *r, uint32_t snapshot) {
    struct lnm_str state = lnm_record_get(r, snapshot, "state");
    int percent = lnm_progress_percent(r, snapshot);
    bool completed = lnm_str_is(state, "completed");
    at->part->percent = completed ? 100 : percent > 0 ? percent : 0;
    at->part->size = (int)lnm_record_get_int(r, snapshot, "volume_size", 1);
    at->wait->answered = true;
    if (lnm_str_is(state, "error")) {
        at->wait->question = LNM_ASK_STATE;
    }
}

/* Weighted by size. */
static void sum_up(struct lnm_wait *w, int64_t now_us) {
    int64_t size = 0, done = 0;
    for (size_t i = 0; i < w->part_count; i++) {
        size += w->parts[i].size;
        done += (int64_t)w->parts[i].size * w->parts[i].percent;
    }
    if (size > 0) {
        int percent = (int)(done / size);
        lnm_pace_note(w, percent < 100 ? percent : 99, now_us);
        w->question = percent == 100 ? LNM_ASK_STATE : w->question;
    }
}

static void sum_up_batch(struct lnm_wait_group *g) {
    int64_t now = lnm_mono_us();
    for (size_t i = g->from; i < g->to; i++) {
        struct lnm_wait *w = g->round.items[i];
        if (w != NULL && w->asked && w->answered) {
            sum_up(w, now);
        } else if (w != NULL && w->asked) { /* its snapshots are gone: is it, too? */
            w->question = LNM_ASK_STATE;
        }
    }
}

void lnm_progress_answer(struct lnm_wait_group *g, const struct lnm_record *r) {
    struct index index[LNM_ROUND_BATCH + PARTS_MAX];
    size_t n = index_batch(index, g);
    uint32_t list = lnm_record_find(r, 0, "snapshots");
    for (uint32_t s = list != 0 ? lnm_record_first(r, list) : 0; s != 0;
         s = lnm_record_next(r, list, s)) {
        char id[sizeof((struct lnm_part *)0)->id] = "";
        struct lnm_str text = lnm_record_get(r, s, "snapshot_id");
        memcpy(id, text.ptr, text.len < sizeof id ? text.len : 0);
        struct index *at = bsearch(&(struct index){.id = id}, index, n, sizeof *index, by_id);
        if (at != NULL) {
            note_snapshot(at, r, s);
        }
    }
    sum_up_batch(g);
}
