/* journal.h - what of a transfer is done, in a file beside the disk image: so that a transfer that
 * was cut off goes on where it stopped.
 *
 * One SHA-256 for each block that is done, at its own place in a sparse file: nothing of it is kept
 * in memory. A digest is only a claim: whoever resumes compares it with the block's bytes. */
#ifndef LUNAMI_CLIENT_JOURNAL_H
#define LUNAMI_CLIENT_JOURNAL_H

#include "base/err.h"

#define LNM_JOURNAL_NAME_MAX 480

struct lnm_journal {
    int fd; /* -1: none is kept */
    char *path;
    bool resumed; /* it was there, under the same name */
};

/* Open, create and lock the journal at `path` of the transfer called `name` (a line of at most
 * LNM_JOURNAL_NAME_MAX bytes); one of another name is emptied. LNM_EIO "InUse" when another process
 * has it. */
LNM_API int lnm_journal_open(struct lnm_journal *out, const char *path, const char *name,
                             struct lnm_err *err);
/* The name of the journal at `path`. LNM_ENOTFOUND when there is none. */
LNM_API int lnm_journal_name(char out[LNM_JOURNAL_NAME_MAX + 1], const char *path);
/* The digest that is noted for a block: false when there is none. */
LNM_API bool lnm_journal_get(unsigned char out[32], const struct lnm_journal *j, int64_t block);
LNM_API int lnm_journal_set(const struct lnm_journal *j, int64_t block,
                            const unsigned char digest[32], struct lnm_err *err);
LNM_API void lnm_journal_close(struct lnm_journal *j, bool finished); /* finished: removes it */

#endif
