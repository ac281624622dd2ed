/* ebs_read.c - ListSnapshotBlocks, ListChangedBlocks, GetSnapshotBlock. */
#include "cloud/ebs.h"
#include "cloud/fault.h"

#include "base/date.h"
#include "base/text.h"

#include <openssl/crypto.h>

#define TOKENS_LAST_US (INT64_C(7) * 86400 * 1000000)
#define PAGE_LEAST 100
#define PAGE_MOST 10000

/* A page of a list: where it begins, and how many blocks fit still. */
struct page {
    struct lnm_cloud_request *r;
    const struct lnm_cloud_snapshot *of; /* whom page tokens are for */
    int64_t from, left, expires_us;
    bool failed;
};

static int check_completed(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s) {
    return strcmp(s->state, "completed") == 0
               ? 0
               : lnm_ebs_raise(r, LNM_EBS_INVALID_SNAPSHOT_ID,
                               "The snapshot '%s' is not completed (it is '%s')", s->id, s->state);
}

static int begin(struct page *p, struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *of) {
    struct lnm_str token = lnm_cloud_param(r, "next_token");
    *p = (struct page){.r = r, .of = of, .expires_us = r->now_us + TOKENS_LAST_US};
    if (lnm_ebs_int(r, &p->left, "max_results", PAGE_MOST, PAGE_LEAST, PAGE_MOST) < 0 ||
        lnm_ebs_int(r, &p->from, "starting_block_index", 0, 0, INT32_MAX) < 0) {
        return -1;
    }
    p->left = lnm_fault_empties(r) ? 0 : p->left;
    return token.len == 0 || lnm_ebs_token_read(&p->from, r->cloud, LNM_EBS_PAGE_TOKEN, of->id,
                                                token, r->now_us)
               ? 0
               : lnm_ebs_raise(r, LNM_EBS_INVALID_PAGE_TOKEN,
                               "The page token is not one of this list, or has expired");
}

/* Is there room for the block? If not, the page ends with a token for it. */
static bool fits(struct page *p, int64_t index) {
    if (p->left > 0) {
        p->left--;
        return true;
    }
    p->from = index;
    p->left = -1;
    return false;
}

static void show_token(struct page *p, const char *name, const char *snapshot, int64_t index) {
    char token[LNM_EBS_TOKEN_MAX];
    if (lnm_ebs_token_write(token, p->r->cloud, LNM_EBS_BLOCK_TOKEN, snapshot, index,
                            p->expires_us) < 0) {
        p->failed = true;
    } else {
        lnm_record_setz(&p->r->out, name, token);
    }
}

static int end(struct page *p, int64_t size, int listed) {
    char token[LNM_EBS_TOKEN_MAX], date[LNM_DATE_MAX];
    struct lnm_record *out = &p->r->out;
    lnm_record_close(out);
    if (listed < 0 || p->failed ||
        (p->left < 0 && lnm_ebs_token_write(token, p->r->cloud, LNM_EBS_PAGE_TOKEN, p->of->id,
                                            p->from, p->expires_us) < 0)) {
        return lnm_cloud_internal(p->r);
    }
    lnm_date_iso(date, p->expires_us);
    lnm_record_setz(out, "expiry_time", date);
    lnm_record_set_int(out, "volume_size", size);
    lnm_record_set_int(out, "block_size", (int64_t)LNM_BLOCK);
    struct lnm_str next = lnm_fault_next_page(p->r, lnm_str_z(p->left < 0 ? token : ""));
    if (next.len > 0) {
        lnm_record_set(out, "next_token", next);
    }
    return 0;
}

static int list_blocks(struct lnm_cloud_request *r) {
    struct lnm_cloud_snapshot s;
    struct lnm_map_cursor m;
    struct page p;
    if (lnm_ebs_snapshot(r, "snapshot_id", &s) < 0 || check_completed(r, &s) < 0 ||
        begin(&p, r, &s) < 0) {
        return -1;
    }
    int more = lnm_map_open(&m, r->cloud, s.map, 0, p.from) < 0 ? -1 : 1;
    lnm_record_enter(&r->out, "blocks");
    while (more == 1 && (more = lnm_map_next(&m)) == 1 && fits(&p, m.block.index)) {
        lnm_record_item(&r->out);
        lnm_record_set_int(&r->out, "block_index", m.block.index);
        show_token(&p, "block_token", s.id, m.block.index);
        lnm_record_close(&r->out);
    }
    lnm_map_close(&m);
    return end(&p, s.size, more);
}

/* ---- what changed ------------------------------------------------------------------------------
 */

/* Two snapshots side by side: only layers that not both have are looked through. */
struct difference {
    struct lnm_cloud_snapshot snapshots[2];
    struct lnm_map_cursor cursors[2];
    bool stands[2]; /* on a block */
    int64_t common;
};

static int move_on(struct difference *d, int i) {
    int more = lnm_map_next(&d->cursors[i]);
    d->stands[i] = more == 1;
    return more < 0 ? -1 : 0;
}

static int open_both(struct difference *d, struct lnm_cloud *c, int64_t from) {
    int error = 0;
    for (int i = 0; i < 2 && error == 0; i++) {
        error = lnm_map_open(&d->cursors[i], c, d->snapshots[i].map, d->common, from);
        error = error < 0 ? error : move_on(d, i);
    }
    return error;
}

/* The slot that a snapshot has at an index, by its cursor or from the common layers; -1: none, -2:
 * failed. */
static int64_t slot_at(struct difference *d, struct lnm_cloud *c, int i, int64_t index) {
    struct lnm_block b;
    if (d->stands[i] && d->cursors[i].block.index == index) {
        return d->cursors[i].block.slot;
    }
    int found = lnm_map_find(c, &b, d->common, index);
    return found == 1 ? b.slot : found == 0 ? -1 : -2;
}

static void show_changed(struct page *p, const struct difference *d, int64_t index,
                         const int64_t slots[2]) {
    static const char *const names[] = {"first_block_token", "second_block_token"};
    lnm_record_item(&p->r->out);
    lnm_record_set_int(&p->r->out, "block_index", index);
    for (int i = 0; i < 2; i++) {
        if (slots[i] >= 0) {
            show_token(p, names[i], d->snapshots[i].id, index);
        }
    }
    lnm_record_close(&p->r->out);
}

static int compare(struct page *p, struct difference *d) {
    struct lnm_cloud *c = p->r->cloud;
    int error = open_both(d, c, p->from);
    while (error == 0 && (d->stands[0] || d->stands[1])) {
        int64_t a = d->stands[0] ? d->cursors[0].block.index : INT64_MAX,
                b = d->stands[1] ? d->cursors[1].block.index : INT64_MAX, index = a < b ? a : b;
        int64_t slots[2] = {slot_at(d, c, 0, index), slot_at(d, c, 1, index)};
        if (slots[0] == -2 || slots[1] == -2) {
            return -1;
        }
        if (slots[0] != slots[1]) {
            if (!fits(p, index)) {
                return 0;
            }
            show_changed(p, d, index, slots);
        }
        error = a == index ? move_on(d, 0) : 0;
        error = error == 0 && b == index ? move_on(d, 1) : error;
    }
    return error;
}

static bool of_one_lineage(struct lnm_cloud *c, const struct difference *d) {
    const struct lnm_cloud_snapshot *a = &d->snapshots[0], *b = &d->snapshots[1];
    return lnm_map_related(c, a->map, b->map) == 1 ||
           (strcmp(a->volume, b->volume) == 0 && strcmp(a->volume, LNM_COPYS_VOLUME) != 0);
}

static int list_changed(struct lnm_cloud_request *r) {
    struct difference d = {0};
    struct page p;
    if (lnm_cloud_param(r, "first_snapshot_id").len == 0) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_PARAMETER_VALUE, "firstSnapshotId is required");
    }
    if (lnm_ebs_snapshot(r, "first_snapshot_id", &d.snapshots[0]) < 0 ||
        lnm_ebs_snapshot(r, "second_snapshot_id", &d.snapshots[1]) < 0 ||
        check_completed(r, &d.snapshots[0]) < 0 || check_completed(r, &d.snapshots[1]) < 0 ||
        begin(&p, r, &d.snapshots[1]) < 0) {
        return -1;
    }
    if (!of_one_lineage(r->cloud, &d)) {
        return lnm_ebs_raise(r, LNM_EBS_UNRELATED_SNAPSHOTS,
                             "The snapshots %s and %s are not of the same volume",
                             d.snapshots[0].id, d.snapshots[1].id);
    }
    d.common = lnm_map_common(r->cloud, d.snapshots[0].map, d.snapshots[1].map);
    lnm_record_enter(&r->out, "changed_blocks");
    int error = d.common < 0 ? -1 : compare(&p, &d);
    lnm_map_close(&d.cursors[0]);
    lnm_map_close(&d.cursors[1]);
    return end(&p, d.snapshots[1].size, error);
}

/* ---- one block ---------------------------------------------------------------------------------
 */

static int read_block(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s,
                      int64_t index, const struct lnm_data_key *key,
                      unsigned char sum[LNM_BLOCK_SUM]) {
    if (lnm_buf_reserve(&r->payload, LNM_BLOCK) < 0) {
        return lnm_cloud_internal(r);
    }
    int found = lnm_block_read(r->cloud, (unsigned char *)r->payload.ptr, sum, s->map, index, key);
    if (found < 0) {
        return lnm_cloud_raise(r, 500, "InternalServerException",
                               "Block %lld of %s cannot be read: %s", (long long)index, s->id,
                               found == LNM_EPARSE ? "its stored bytes are damaged"
                                                   : "the block store fails");
    }
    r->payload.len = LNM_BLOCK;
    return found == 1 ? 0
                      : lnm_ebs_raise(r, LNM_EBS_INVALID_BLOCK, "%s has no block %lld", s->id,
                                      (long long)index);
}

static int get_block(struct lnm_cloud_request *r) {
    struct lnm_cloud_snapshot s;
    struct lnm_data_key key;
    unsigned char sum[LNM_BLOCK_SUM];
    int64_t index = lnm_record_get_int(&r->in, 0, "block_index", -1), named;
    if (lnm_ebs_snapshot(r, "snapshot_id", &s) < 0 || check_completed(r, &s) < 0) {
        return -1;
    }
    if (!lnm_ebs_token_read(&named, r->cloud, LNM_EBS_BLOCK_TOKEN, s.id,
                            lnm_cloud_param(r, "block_token"), r->now_us) ||
        named != index) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_BLOCK_TOKEN,
                             "The block token is not that of block %lld of %s, or has expired",
                             (long long)index, s.id);
    }
    if (lnm_ebs_key(r, &s, &key) < 0) {
        return -1;
    }
    int error = read_block(r, &s, index, &key, sum);
    OPENSSL_cleanse(&key, sizeof key);
    struct lnm_buf text = {0};
    lnm_text_base64(&text, sum, sizeof sum);
    if (error == 0) {
        lnm_record_set(&r->out, "checksum", lnm_buf_str(&text));
        lnm_record_setz(&r->out, "checksum_algorithm", "SHA256");
        lnm_record_set_int(&r->out, "data_length", (int64_t)LNM_BLOCK);
    } else {
        lnm_buf_free(&r->payload);
    }
    lnm_buf_free(&text);
    return error;
}

const struct lnm_cloud_action lnm_cloud_ebs_read[] = {{"GetSnapshotBlock", get_block},
                                                      {"ListChangedBlocks", list_changed},
                                                      {"ListSnapshotBlocks", list_blocks},
                                                      {NULL, NULL}};
