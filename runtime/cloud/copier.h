/* copier.h - what takes time about blocks: encrypting a whole map under another data key, and
 * reclaiming what nobody sees.
 *
 * A thread of its own, begun at the first work. It holds the cloud's lock while it is in the
 * database, in short transactions, never while it reads, encrypts and writes. A copy under way is a
 * row of `copies`; its slots are `claims` until they are recorded in the same transaction as how
 * far it is. So a process that dies loses a batch, and the next one goes on. */
#ifndef LUNAMI_CLOUD_COPIER_H
#define LUNAMI_CLOUD_COPIER_H

#include "cloud/internal.h"

struct lnm_copier;

LNM_API int lnm_copier_open(struct lnm_copier **out, struct lnm_cloud *c, struct lnm_err *err);
LNM_API void
lnm_copier_close(struct lnm_copier *copier);             /* ends the batch it is at; NULL is fine */
LNM_API void lnm_copier_wake(struct lnm_copier *copier); /* there is work, when the lock is free */

/* Begin to make target (a new map of its own data key, whose KMS key works for the account) hold
 * what source does. Small ones are done on return. 0; LNM_EFAILED: the account cannot decrypt the
 * source now, or a block of it is damaged; -1. */
LNM_API int lnm_copy_begin(struct lnm_cloud *c, const char *account, int64_t source,
                           int64_t target);
/* Is something of it still to come? */
LNM_API bool lnm_copy_runs(struct lnm_cloud *c, int64_t target);
/* Is any copy under way? Virtual time does not jump then. */
LNM_API bool lnm_copies_run(struct lnm_cloud *c);
/* Nobody waits for it any more. 0 or -1. */
LNM_API int lnm_copy_cancel(struct lnm_cloud *c, int64_t target);

#endif
