/* transfer.h - the blocks of a disk image into a snapshot, or out of one, over the EBS direct APIs.
 *
 * Some blocks are under way side by side, each with its own buffer: that is all the memory there
 * is, whatever the disk's size. Each block has a SHA-256 that both sides check. A block that fails
 * by weather is sent again, throttling makes fewer go side by side, and a transfer that was cut off
 * goes on where it stopped (journal.h). */
#ifndef LUNAMI_CLIENT_TRANSFER_H
#define LUNAMI_CLIENT_TRANSFER_H

#include "client/session.h"

#define LNM_TRANSFER_PARALLEL 16 /* when nothing is said */
#define LNM_TRANSFER_PARALLEL_MAX 32

struct lnm_transfer;

/* Called from lnm_loop_step, once; must not free the transfer. */
typedef void lnm_transfer_fn(void *arg, struct lnm_transfer *t);

struct lnm_transfer_options {
    const char *file; /* the disk image: read, or made */
    const char *snapshot_id;
    const char *parent_id;  /* uploads: the snapshot that this one was begun over, or NULL */
    const char *journal;    /* path of the journal */
    const char *name;       /* what the transfer is: another name begins anew */
    unsigned parallel;      /* 1 to LNM_TRANSFER_PARALLEL_MAX; 0: LNM_TRANSFER_PARALLEL */
    int64_t expected_bytes; /* downloads: about how much there is; 0: unknown */
};

/* Send the file's blocks to the pending snapshot; CompleteSnapshot is left to the caller, and the
 * journal, which is to be removed after it. Blocks of zeros are not sent, nor, over a parent, those
 * that are the same there. */
LNM_API int lnm_upload_start(struct lnm_transfer **out, struct lnm_session *session,
                             const struct lnm_transfer_options *options, lnm_transfer_fn *done,
                             void *arg, struct lnm_err *err);
/* Fetch the snapshot into the file: first into one with ".part" behind its name, which takes the
 * file's place when all of it is there. */
LNM_API int lnm_download_start(struct lnm_transfer **out, struct lnm_session *session,
                               const struct lnm_transfer_options *options, lnm_transfer_fn *done,
                               void *arg, struct lnm_err *err);
LNM_API void lnm_transfer_free(struct lnm_transfer *t); /* cancels; NULL is fine */

struct lnm_transfer_progress {
    int64_t blocks;  /* that the snapshot holds of this transfer: sent or fetched, now or before */
    int64_t resumed; /* those of them that were done before */
    int64_t bytes;   /* gone through so far */
    int64_t total;   /* about how many there are; 0: unknown */
    int64_t bytes_per_second, left_us; /* of late; left_us -1: unknown */
    char checksum[48]; /* uploads, at the end: for CompleteSnapshot, LINEAR of SHA256 */
};
LNM_API void lnm_transfer_progress(struct lnm_transfer_progress *out, const struct lnm_transfer *t);
LNM_API const char *lnm_transfer_snapshot(const struct lnm_transfer *t);
LNM_API bool lnm_transfer_sends(const struct lnm_transfer *t); /* an upload */
/* After it is done: 0, or what ended it. */
LNM_API int lnm_transfer_result(const struct lnm_transfer *t, struct lnm_err *err);

#endif
