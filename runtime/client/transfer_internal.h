/* transfer_internal.h - what uploads and downloads share: slots, each with one block under way. */
#ifndef LUNAMI_CLIENT_TRANSFER_INTERNAL_H
#define LUNAMI_CLIENT_TRANSFER_INTERNAL_H

#include "client/block_list.h"
#include "client/disk.h"
#include "client/journal.h"
#include "client/transfer.h"

struct lnm_slot {
    struct lnm_transfer *transfer;
    char *data;    /* LNM_BLOCK_BYTES */
    int64_t block; /* -1: the slot is free */
    unsigned char digest[32];
    char token[257]; /* to get the block with */
    struct lnm_payload payload;
    struct lnm_call *call;
    struct lnm_timer *timer;
    unsigned tries;
};

enum lnm_next {
    LNM_NEXT_BLOCK, /* the slot is loaded: send it */
    LNM_NEXT_LATER, /* nothing now; lnm_transfer_pump will be called */
    LNM_NEXT_YIELD, /* looked long enough: let others do something */
    LNM_NEXT_END,   /* no more blocks */
    LNM_NEXT_FAILED /* *err is filled in */
};

/* The two kinds of transfers. Their structs begin with a struct lnm_transfer. */
struct lnm_transfer_kind {
    bool sends;
    /* Load the next block that must go over into a free slot. */
    enum lnm_next (*next)(struct lnm_transfer *t, struct lnm_slot *slot, struct lnm_err *err);
    /* Start the slot's call by lnm_slot_start. */
    int (*send)(struct lnm_slot *slot, struct lnm_err *err);
    /* The call went well: 0 ends the slot, 1 sends it again as it is now (another call), negative
     * with *err is a failure, to be tried again if err->retryable. */
    int (*answered)(struct lnm_slot *slot, const struct lnm_record *answer, struct lnm_err *err);
    /* All blocks are over: the last step. */
    int (*complete)(struct lnm_transfer *t, struct lnm_err *err);
    void (*release)(struct lnm_transfer *t, bool finished); /* files and lists; once */
};

struct lnm_transfer {
    const struct lnm_transfer_kind *kind;
    struct lnm_session *session;
    char snapshot_id[80];
    lnm_transfer_fn *on_done;
    void *arg;
    struct lnm_slot *slots;
    char *memory;                  /* of all slots' data */
    size_t parallel, window, busy; /* window: how many may be busy now; throttling makes it less */
    size_t good;                   /* blocks since the window grew */
    bool exhausted, done, released;
    struct lnm_timer *pump;
    struct lnm_journal journal;
    struct lnm_transfer_progress progress;
    int64_t rate_time_us, rate_bytes; /* where the present rate was measured from */
    int result;
    struct lnm_err err;
};

/* The common part, in a zeroed struct; the first block is asked for in the next step of the loop.
 * When it fails, or later, lnm_transfer_free frees the whole. */
LNM_API int lnm_transfer__begin(struct lnm_transfer *t, const struct lnm_transfer_kind *kind,
                                struct lnm_session *session,
                                const struct lnm_transfer_options *options, lnm_transfer_fn *done,
                                void *arg, struct lnm_err *err);
/* Load and send as many as may be under way. */
LNM_API void lnm_transfer__pump(void *transfer);
/* One call of the slot: `input` is finished; payload is slot->payload. */
LNM_API int lnm_slot__start(struct lnm_slot *slot, const struct lnm_operation *op,
                            const struct lnm_record *input, struct lnm_err *err);
/* Fetch the slot's block of a snapshot into `to`; then see lnm_slot__check_received. */
LNM_API int lnm_slot__get(struct lnm_slot *slot, const char *snapshot_id, char *to,
                          struct lnm_err *err);
/* Count bytes that are over. */
LNM_API void lnm_transfer__count(struct lnm_transfer *t, int64_t bytes);
/* base64 of a digest. */
LNM_API void lnm_digest_text(char out[48], const unsigned char digest[32]);
/* Is the block that was fetched whole, and its digest the one that the service told? */
LNM_API int lnm_slot__check_received(struct lnm_slot *slot, const char *data,
                                     const struct lnm_record *answer, unsigned char digest[32],
                                     struct lnm_err *err);

#endif
