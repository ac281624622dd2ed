/* batch.h - requests that came together are one transaction: an error leaves no trace, and one
 * commit is for all, so that the disk is waited for once.
 *
 * An answer may leave only when what was committed is durable (durable.h). */
#ifndef LUNAMI_CLOUD_BATCH_H
#define LUNAMI_CLOUD_BATCH_H

#include "cloud/internal.h"

/* One request on its way to its answer. */
struct lnm_exchange {
    struct lnm_cloud_request *request; /* prepared */
    struct lnm_buf answer;
    int status;     /* 0: not answered yet */
    int64_t ticket; /* of what it tells (durable.h) */
    struct lnm_exchange *next;
};

/* Answer a list of exchanges, in its order. When the commit fails, all are answered with 500. */
LNM_API void lnm_batch_run(struct lnm_cloud *c, struct lnm_exchange *first);
/* Answer with 500 instead. */
LNM_API void lnm_batch_fail(struct lnm_exchange *x);

#endif
