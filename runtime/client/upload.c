/* upload.c - a disk image's blocks into a pending snapshot.
 *
 * Blocks are read, and their digests made, in the order of their places. Over a parent a block is
 * fetched first wherever the parent has one, and sent only if it differs. The linear checksum takes
 * the digests in order, too, though it is known later which blocks of those that are compared are
 * sent: a ring remembers them meanwhile. */
#include "client/transfer_internal.h"

#include "aws/sigv4_hash.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>

#define RING 1024 /* blocks between the oldest one that is compared and the newest one */
#define LOOKS 64  /* blocks read in one go without finding one to send */
#define NONE INT64_MAX

enum fate { UNKNOWN, WRITTEN, LEFT_OUT };

struct fate_of {
    unsigned char digest[32];
    enum fate fate;
};

struct comparison {
    char *theirs;   /* the parent's block; NULL: there is no parent */
    uint64_t place; /* in the ring */
    bool under_way;
};

struct upload {
    struct lnm_transfer base;
    struct lnm_disk disk;
    char parent_id[80];
    struct lnm_block_list *parent; /* NULL: none */
    char *their_memory;
    struct comparison comparisons[LNM_TRANSFER_PARALLEL_MAX]; /* by slot */
    int64_t at;                                               /* the next block to look at */
    struct fate_of ring[RING];
    uint64_t first, last; /* places: oldest that is unknown, one past the newest */
    struct lnm_sha256_sum sum;
};

static struct upload *upload_of(struct lnm_slot *slot) {
    return (struct upload *)slot->transfer;
}

static struct comparison *comparison_of(struct lnm_slot *slot) {
    return &upload_of(slot)->comparisons[slot - slot->transfer->slots];
}

/* ---- the checksum -----------------------------------------------------------------------------
 */

static uint64_t remember(struct upload *u, const unsigned char digest[32]) {
    struct fate_of *f = &u->ring[u->last % RING];
    memcpy(f->digest, digest, sizeof f->digest);
    f->fate = UNKNOWN;
    return u->last++;
}

/* What is known from the oldest on goes into the sum. */
static void decide(struct upload *u, uint64_t place, enum fate fate) {
    u->ring[place % RING].fate = fate;
    while (u->first < u->last && u->ring[u->first % RING].fate != UNKNOWN) {
        const struct fate_of *f = &u->ring[u->first++ % RING];
        if (f->fate == WRITTEN) {
            lnm_sha256_add(&u->sum, (struct lnm_str){(const char *)f->digest, sizeof f->digest});
            u->base.progress.blocks++;
        }
    }
}

/* ---- which block next --------------------------------------------------------------------------
 */

static int64_t next_data(struct upload *u) {
    int64_t block = lnm_disk_next(&u->disk, u->at);
    return block < u->disk.blocks ? block : NONE;
}

static enum lnm_next peek_parent(struct upload *u, struct lnm_listed_block *out,
                                 struct lnm_err *err) {
    out->block = NONE;
    enum lnm_listed listed =
        u->parent != NULL ? lnm_block_list_peek(u->parent, out) : LNM_LISTED_END;
    if (listed == LNM_LISTED_FAILED) {
        *err = *lnm_block_list_error(u->parent);
        return LNM_NEXT_FAILED;
    }
    return listed == LNM_LISTED_LATER ? LNM_NEXT_LATER : LNM_NEXT_BLOCK;
}

static bool sent_before(const struct upload *u, const struct lnm_slot *slot) {
    unsigned char noted[32];
    return lnm_journal_get(noted, &u->base.journal, slot->block) &&
           memcmp(noted, slot->digest, sizeof noted) == 0;
}

static void count_data(struct upload *u, int64_t data) {
    if (data == u->at) { /* holes are not counted */
        lnm_transfer__count(&u->base, LNM_BLOCK_BYTES);
    }
}

/* Judge the block that was read into the slot: true when it must be compared or sent. */
static bool must_go(struct upload *u, struct lnm_slot *slot,
                    const struct lnm_listed_block *theirs) {
    struct comparison *c = comparison_of(slot);
    bool compare = theirs->block == u->at;
    slot->block = u->at;
    if (!compare && lnm_block_is_zero(slot->data)) {
        slot->block = -1;
        return false;
    }
    lnm_sha256(slot->digest, (struct lnm_str){slot->data, LNM_BLOCK_BYTES});
    c->place = remember(u, slot->digest);
    if (sent_before(u, slot)) {
        decide(u, c->place, WRITTEN);
        u->base.progress.resumed++;
        slot->block = -1;
        return false;
    }
    c->under_way = compare;
    if (compare) {
        memcpy(slot->token, theirs->token.ptr, theirs->token.len);
        slot->token[theirs->token.len] = '\0';
    } else {
        decide(u, c->place, WRITTEN);
    }
    return true;
}

static enum lnm_next next(struct lnm_transfer *t, struct lnm_slot *slot, struct lnm_err *err) {
    struct upload *u = (struct upload *)t;
    for (int i = 0; i < LOOKS; i++) {
        struct lnm_listed_block theirs;
        enum lnm_next state = peek_parent(u, &theirs, err);
        int64_t data = next_data(u);
        if (state != LNM_NEXT_BLOCK || u->last - u->first == RING) {
            return state != LNM_NEXT_BLOCK ? state : LNM_NEXT_LATER;
        }
        u->at = theirs.block < data ? theirs.block : data;
        if (u->at == NONE) {
            return LNM_NEXT_END;
        }
        if (data > u->at) {
            memset(slot->data, 0, LNM_BLOCK_BYTES);
        } else if (lnm_disk_read(&u->disk, slot->data, u->at, err) < 0) {
            return LNM_NEXT_FAILED;
        }
        bool go = must_go(u, slot, &theirs);
        if (theirs.block == u->at) {
            lnm_block_list_skip(u->parent);
        }
        if (!go) {
            count_data(u, data);
        }
        u->at++;
        if (go) {
            return LNM_NEXT_BLOCK;
        }
    }
    return LNM_NEXT_YIELD;
}

/* ---- one block over ----------------------------------------------------------------------------
 */

static int percent(const struct lnm_transfer *t) {
    struct lnm_transfer_progress p;
    lnm_transfer_progress(&p, t);
    return p.total > 0 ? (int)(p.bytes * 100 / p.total) : 0;
}

static int put(struct lnm_slot *slot, struct lnm_err *err) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_ebs, LNM_STR("PutSnapshotBlock"));
    struct lnm_record in = {0};
    char digest[48];
    slot->payload = (struct lnm_payload){.out = {slot->data, LNM_BLOCK_BYTES}};
    lnm_hex32(slot->payload.out_hash, slot->digest);
    lnm_digest_text(digest, slot->digest);
    (void)lnm_record_init(&in, op->input, 0);
    lnm_record_setz(&in, "snapshot_id", slot->transfer->snapshot_id);
    lnm_record_set_int(&in, "block_index", slot->block);
    lnm_record_set_int(&in, "data_length", LNM_BLOCK_BYTES);
    lnm_record_setz(&in, "checksum", digest);
    lnm_record_setz(&in, "checksum_algorithm", "SHA256");
    lnm_record_set_int(&in, "progress", percent(slot->transfer));
    lnm_record_close(&in);
    int error = lnm_slot__start(slot, op, &in, err);
    lnm_record_free(&in);
    return error;
}

static int send(struct lnm_slot *slot, struct lnm_err *err) {
    struct comparison *c = comparison_of(slot);
    return c->under_way ? lnm_slot__get(slot, upload_of(slot)->parent_id, c->theirs, err)
                        : put(slot, err);
}

static int compared(struct lnm_slot *slot, const struct lnm_record *answer, struct lnm_err *err) {
    struct comparison *c = comparison_of(slot);
    unsigned char digest[32];
    if (lnm_slot__check_received(slot, c->theirs, answer, digest, err) < 0) {
        return err->code;
    }
    bool same = memcmp(digest, slot->digest, sizeof digest) == 0;
    c->under_way = false;
    decide(upload_of(slot), c->place, same ? LEFT_OUT : WRITTEN);
    return same ? 0 : 1;
}

/* The service tells the digest of what it has: when it is another one, the block is sent again. */
static int put_over(struct lnm_slot *slot, const struct lnm_record *answer, struct lnm_err *err) {
    char digest[48];
    struct lnm_str told = lnm_record_get(answer, 0, "checksum");
    lnm_digest_text(digest, slot->digest);
    if (told.len > 0 && !lnm_str_is(told, digest)) {
        (void)lnm_fail(err, LNM_EPARSE, "CorruptBlock",
                       "block %lld of %s arrived damaged: the service has another checksum",
                       (long long)slot->block, slot->transfer->snapshot_id);
        err->retryable = true;
        return LNM_EPARSE;
    }
    return lnm_journal_set(&slot->transfer->journal, slot->block, slot->digest, err);
}

static int answered(struct lnm_slot *slot, const struct lnm_record *answer, struct lnm_err *err) {
    int result =
        comparison_of(slot)->under_way ? compared(slot, answer, err) : put_over(slot, answer, err);
    if (result == 0) {
        lnm_transfer__count(slot->transfer, LNM_BLOCK_BYTES);
    }
    return result;
}

static int complete(struct lnm_transfer *t, struct lnm_err *err) {
    struct upload *u = (struct upload *)t;
    unsigned char digest[32];
    lnm_sha256_end(digest, &u->sum);
    lnm_digest_text(t->progress.checksum, digest);
    return lnm_disk_check(&u->disk, err);
}

static void release(struct lnm_transfer *t, bool finished) {
    struct upload *u = (struct upload *)t;
    (void)finished;
    lnm_disk_close(&u->disk);
    lnm_block_list_free(u->parent);
    u->parent = NULL;
    free(u->their_memory);
}

static const struct lnm_transfer_kind kind = {.sends = true,
                                              .next = next,
                                              .send = send,
                                              .answered = answered,
                                              .complete = complete,
                                              .release = release};

static int begin_parent(struct upload *u, const char *parent_id, struct lnm_err *err) {
    struct lnm_transfer *t = &u->base;
    u->their_memory = malloc(t->parallel * (size_t)LNM_BLOCK_BYTES);
    if (u->their_memory == NULL) {
        return lnm_fail_nomem(err);
    }
    for (size_t i = 0; i < t->parallel; i++) {
        u->comparisons[i].theirs = u->their_memory + i * LNM_BLOCK_BYTES;
    }
    (void)snprintf(u->parent_id, sizeof u->parent_id, "%s", parent_id);
    return lnm_block_list_new(&u->parent, t->session, parent_id, lnm_transfer__pump, t, err);
}

/* Where no journal can be kept the transfer goes on without one. */
static int begin_journal(struct lnm_transfer *t, const struct lnm_transfer_options *o,
                         struct lnm_err *err) {
    int error = lnm_journal_open(&t->journal, o->journal, o->name, err);
    if (error == 0 || strcmp(err->name, "InUse") == 0) {
        return error;
    }
    lnm_log(LNM_LOG_WARN, "%s: an upload that is cut off will begin anew", err->message);
    return 0;
}

int lnm_upload_start(struct lnm_transfer **out, struct lnm_session *session,
                     const struct lnm_transfer_options *options, lnm_transfer_fn *done, void *arg,
                     struct lnm_err *err) {
    struct upload *u = calloc(1, sizeof *u);
    if (u == NULL) {
        return lnm_fail_nomem(err);
    }
    u->disk.fd = -1;
    lnm_sha256_begin(&u->sum);
    int error = lnm_transfer__begin(&u->base, &kind, session, options, done, arg, err);
    if (error == 0) {
        error = lnm_disk_open(&u->disk, options->file, err);
    }
    if (error == 0) {
        u->base.progress.total = lnm_disk_data_bytes(&u->disk);
        error = begin_journal(&u->base, options, err);
    }
    if (error == 0 && options->parent_id != NULL) {
        error = begin_parent(u, options->parent_id, err);
    }
    if (error < 0) {
        lnm_transfer_free(&u->base);
        return error;
    }
    *out = &u->base;
    return 0;
}
