/* progress.c - how far pending images are.
 *
 * DescribeImages says nothing about it; the snapshots behind an image do.  After a round of images
 * one DescribeSnapshots asks for the snapshots of those that are pending: one batch at most, so
 * that a thousand images cost no more calls than two hundred.  What it says is for people and for
 * the pace of the rounds; it never ends a wait. */
#include "client/hub_internal.h"

#include <stdio.h>
#include <stdlib.h>

static void add_part(struct lnm_wait_group *g, struct lnm_wait *w, struct lnm_str id) {
    if (g->parts == NULL) {
        g->parts = calloc(LNM_ROUND_BATCH, sizeof *g->parts);
    }
    if (g->parts == NULL || g->part_count == LNM_ROUND_BATCH || id.len == 0 ||
        id.len >= sizeof g->parts->id) {
        return;
    }
    struct lnm_part *part = &g->parts[g->part_count++];
    *part = (struct lnm_part){.wait = w};
    memcpy(part->id, id.ptr, id.len);
}

void lnm_progress_note(struct lnm_wait_group *g, struct lnm_wait *w, const struct lnm_record *r,
                       uint32_t image) {
    uint32_t list = lnm_record_find(r, image, "block_device_mappings");
    for (uint32_t m = list != 0 ? lnm_record_first(r, list) : 0; m != 0 && !g->parts_denied;
         m = lnm_record_next(r, list, m)) {
        uint32_t ebs = lnm_record_find(r, m, "ebs");
        if (ebs != 0) {
            add_part(g, w, lnm_record_get(r, ebs, "snapshot_id"));
        }
    }
}

void lnm_progress_forget(struct lnm_wait_group *g, const struct lnm_wait *w) {
    for (size_t i = 0; i < g->part_count; i++) {
        if (g->parts[i].wait == w) {
            g->parts[i].wait = NULL;
        }
    }
}

/* ---- the answer -------------------------------------------------------------------------------
 */

int lnm_progress_percent(const struct lnm_record *r, uint32_t item) {
    struct lnm_str text = lnm_record_get(r, item, "progress");
    int64_t percent;
    if (text.len > 0 && text.ptr[text.len - 1] == '%') {
        text.len--;
    }
    bool good = lnm_str_int64(&percent, text) == 0 && percent >= 0 && percent <= 100;
    return good ? (int)percent : -1;
}

static void note_answer(struct lnm_wait_group *g, const struct lnm_record *r) {
    uint32_t list = lnm_record_find(r, 0, "snapshots");
    for (uint32_t s = list != 0 ? lnm_record_first(r, list) : 0; s != 0;
         s = lnm_record_next(r, list, s)) {
        struct lnm_str id = lnm_record_get(r, s, "snapshot_id");
        for (size_t i = 0; i < g->part_count; i++) {
            if (lnm_str_is(id, g->parts[i].id)) {
                int percent = lnm_progress_percent(r, s);
                g->parts[i].percent = percent > 0 ? percent : 0;
                g->parts[i].size = lnm_record_get_int(r, s, "volume_size", 1);
            }
        }
    }
}

/* Weighted by size; the parts of one image stand together. */
static void sum_up(struct lnm_wait_group *g) {
    size_t i = 0;
    while (i < g->part_count) {
        struct lnm_wait *w = g->parts[i].wait;
        int64_t size = 0, done = 0;
        for (; i < g->part_count && g->parts[i].wait == w; i++) {
            size += g->parts[i].size;
            done += g->parts[i].size * g->parts[i].percent;
        }
        if (w != NULL && size > 0) {
            w->progress = (int)(done / size);
        }
    }
}

static void on_answer(void *arg, struct lnm_call *call) {
    struct lnm_wait_group *g = arg;
    const struct lnm_record *r;
    struct lnm_err err;
    g->call = NULL;
    if (lnm_call_result(call, &r, &err) == 0) {
        note_answer(g, r);
        sum_up(g);
    } else {
        g->parts_denied = err.status == 403;
    }
    lnm_call_free(call);
    lnm_round_end(g);
}

/* ---- the question -----------------------------------------------------------------------------
 */

static void add_ids(struct lnm_record *in, const struct lnm_wait_group *g) {
    lnm_record_enter(in, "filters");
    lnm_record_item(in);
    lnm_record_setz(in, "name", "snapshot-id");
    lnm_record_enter(in, "values");
    for (size_t i = 0; i < g->part_count; i++) {
        lnm_record_add(in, lnm_str_z(g->parts[i].id));
    }
    lnm_record_close(in);
    lnm_record_close(in);
    lnm_record_close(in);
}

bool lnm_progress_ask(struct lnm_wait_group *g) {
    struct lnm_record in;
    struct lnm_err err;
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeSnapshots"));
    if (g->part_count == 0 || g->first == NULL) {
        return false;
    }
    int error = lnm_record_init(&in, op->input, 0);
    if (error == 0) {
        add_ids(&in, g);
        lnm_record_close(&in);
        error = lnm_record_check(&in, &err);
    }
    if (error == 0) {
        g->hub->calls++;
        error = lnm_call_start(&g->call, g->session, op, &in, on_answer, g, &err);
    }
    lnm_record_free(&in);
    return error == 0;
}
