/* block_list.c - pages of ListSnapshotBlocks. */
#include "client/block_list.h"

#include "client/disk.h"

#include <stdio.h>
#include <stdlib.h>

#define PAGE_BLOCKS 10000

struct lnm_block_list {
    struct lnm_session *session;
    char snapshot_id[80];
    void (*changed)(void *arg);
    void *arg;
    struct lnm_call *call;  /* the next page */
    struct lnm_record page; /* the one that is looked at */
    uint32_t blocks, at;    /* in page: the list, and where it stands; at 0: past its end */
    int64_t last;           /* the block before; -1 at first */
    int64_t gib;
    bool ended; /* page is the last one */
    struct lnm_err err;
};

static int ask(struct lnm_block_list *l, struct lnm_str token);

static int reject(struct lnm_block_list *l, const char *why) {
    return lnm_fail(&l->err, LNM_EPARSE, "UnreadableAnswer", "the blocks of %s: %s", l->snapshot_id,
                    why);
}

/* A server that does not keep to its own rules must not make us loop or write anywhere. */
static int check_entry(struct lnm_block_list *l) {
    int64_t block = lnm_record_get_int(&l->page, l->at, "block_index", -1);
    struct lnm_str token = lnm_record_get(&l->page, l->at, "block_token");
    if (block <= l->last || block >= l->gib * ((INT64_C(1) << 30) / LNM_BLOCK_BYTES)) {
        return reject(l, "one is out of order, or past the volume's end");
    }
    return token.len == 0 || token.len > 256 ? reject(l, "one has no token") : 0;
}

static void stand_at(struct lnm_block_list *l, uint32_t at) {
    l->at = at;
    if (at != 0) {
        (void)check_entry(l);
    }
}

static void on_page(void *arg, struct lnm_call *call) {
    struct lnm_block_list *l = arg;
    const struct lnm_record *answer;
    if (lnm_call_result(call, &answer, &l->err) == 0) {
        lnm_record_free(&l->page);
        (void)lnm_call_take(call, &l->page, &l->err);
    }
    lnm_call_free(call);
    l->call = NULL;
    if (l->err.code == 0) {
        struct lnm_str token = lnm_record_get(&l->page, 0, "next_token");
        l->gib = lnm_record_get_int(&l->page, 0, "volume_size", 0);
        l->ended = token.len == 0;
        l->blocks = lnm_record_find(&l->page, 0, "blocks");
        if (lnm_record_get_int(&l->page, 0, "block_size", 0) != LNM_BLOCK_BYTES || l->gib < 1 ||
            l->gib > 65536) {
            (void)reject(l, "the sizes that are told are not those of EBS");
        }
        stand_at(l, l->blocks != 0 ? lnm_record_first(&l->page, l->blocks) : 0);
    }
    if (l->err.code == 0 && !l->ended && l->at == 0) { /* an empty page */
        (void)ask(l, lnm_record_get(&l->page, 0, "next_token"));
    }
    l->changed(l->arg);
}

static int ask(struct lnm_block_list *l, struct lnm_str token) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_ebs, LNM_STR("ListSnapshotBlocks"));
    struct lnm_record in = {0};
    (void)lnm_record_init(&in, op->input, 0);
    lnm_record_setz(&in, "snapshot_id", l->snapshot_id);
    lnm_record_set_int(&in, "max_results", PAGE_BLOCKS);
    if (token.len > 0) {
        lnm_record_set(&in, "next_token", token);
    }
    lnm_record_close(&in);
    int error = lnm_call_start(&l->call, l->session, op, &in, on_page, l, &l->err);
    lnm_record_free(&in);
    return error;
}

int lnm_block_list_new(struct lnm_block_list **out, struct lnm_session *session,
                       const char *snapshot_id, void (*changed)(void *arg), void *arg,
                       struct lnm_err *err) {
    struct lnm_block_list *l = calloc(1, sizeof *l);
    if (l == NULL) {
        return lnm_fail_nomem(err);
    }
    l->session = lnm_session_ref(session);
    l->changed = changed;
    l->arg = arg;
    l->last = -1;
    (void)snprintf(l->snapshot_id, sizeof l->snapshot_id, "%s", snapshot_id);
    int error = ask(l, LNM_STR_NONE);
    if (error < 0) {
        *err = l->err;
        lnm_block_list_free(l);
        return error;
    }
    *out = l;
    return 0;
}

void lnm_block_list_free(struct lnm_block_list *l) {
    if (l == NULL) {
        return;
    }
    lnm_call_free(l->call);
    lnm_record_free(&l->page);
    lnm_session_unref(l->session);
    free(l);
}

enum lnm_listed lnm_block_list_peek(struct lnm_block_list *l, struct lnm_listed_block *out) {
    if (l->err.code != 0) {
        return LNM_LISTED_FAILED;
    }
    if (l->at == 0) {
        return l->call != NULL ? LNM_LISTED_LATER : LNM_LISTED_END;
    }
    out->block = lnm_record_get_int(&l->page, l->at, "block_index", 0);
    out->token = lnm_record_get(&l->page, l->at, "block_token");
    return LNM_LISTED_BLOCK;
}

void lnm_block_list_skip(struct lnm_block_list *l) {
    if (l->at == 0) {
        return;
    }
    l->last = lnm_record_get_int(&l->page, l->at, "block_index", 0);
    stand_at(l, lnm_record_next(&l->page, l->blocks, l->at));
    if (l->at == 0 && !l->ended && l->err.code == 0) {
        (void)ask(l, lnm_record_get(&l->page, 0, "next_token"));
    }
}

const struct lnm_err *lnm_block_list_error(const struct lnm_block_list *l) {
    return &l->err;
}

int64_t lnm_block_list_gib(const struct lnm_block_list *l) {
    return l->gib;
}
