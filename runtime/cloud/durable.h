/* durable.h - when what was committed is on the disk.
 *
 * A commit writes to the log of the state (SQLite's WAL) and returns; a thread waits for the disk,
 * once for all that was committed meanwhile, and the next batch is run in that time. Who answers
 * asks for a ticket and holds the answer back until the ticket has come. Without one of these (a
 * state in memory, virtual time) a commit is durable when it returns.
 *
 * A disk that failed once is not believed again: what it said it had may be gone. */
#ifndef LUNAMI_CLOUD_DURABLE_H
#define LUNAMI_CLOUD_DURABLE_H

#include "cloud/internal.h"

/* From now on commits of the open store, in the folder, do not wait; those of a file system where
 * SQLite has no such log do as before. LNM_ENOMEM. */
LNM_API int lnm_durable_open(struct lnm_cloud *c, const char *dir, struct lnm_err *err);
/* Nobody serves any more, the store is still open. */
LNM_API void lnm_durable_close(struct lnm_cloud *c);
/* Have all that was committed so far written: its ticket; 0 when it is on the disk. `c->wake_fd` is
 * written to when it is. */
LNM_API int64_t lnm_durable_ask(struct lnm_cloud *c);
LNM_API bool lnm_durable_is(const struct lnm_cloud *c, int64_t ticket);
LNM_API bool lnm_durable_failed(const struct lnm_cloud *c);
/* Wait here. 0 or -1: the disk failed. */
LNM_API int lnm_durable_wait(struct lnm_cloud *c);

#endif
