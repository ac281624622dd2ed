/* holdings.h - how data goes from snapshots and volumes to others, and what becomes of it. */
#ifndef LUNAMI_CLOUD_HOLDINGS_H
#define LUNAMI_CLOUD_HOLDINGS_H

#include "cloud/data_keys.h"

/* What a volume or snapshot holds: its blocks, and what they are encrypted with. */
struct lnm_holding {
    int64_t map;
    bool encrypted;
    const char *key_arn; /* [borrowed] */
    char data_key[48];
};

/* Let `to` (its encryption and key are decided) hold what `from` does, for the account that will
 * own it: the very same blocks under the same key, else new ones under a new data key, which may
 * take until later (see lnm_holding_wait). 1: it cannot be done, by the keys as they are now or
 * because a block is damaged; 0; -1 the database failed. */
LNM_API int lnm_holding_derive(struct lnm_cloud *c, const char *account, struct lnm_holding *to,
                               const struct lnm_holding *from);
/* The row that referred to a map is gone. 0 or -1. */
LNM_API int lnm_holding_left(struct lnm_cloud *c, int64_t map);
/* What is due has not all its blocks yet: `sql` (of id ?1) takes its due time away, and the copier
 * gives it a new one. 1 when it waits, 0, -1. */
LNM_API int lnm_holding_wait(struct lnm_cloud *c, const char *sql, const char *id);

/* The instance learns the data key of its volume, or of all its volumes; or forgets. A key that
 * does not work is not learnt. */
LNM_API int lnm_holding_attach(struct lnm_cloud *c, const char *account, const char *volume);
LNM_API int lnm_holding_attach_all(struct lnm_cloud *c, const char *account, const char *instance);
LNM_API void lnm_holding_detach_all(struct lnm_cloud *c, const char *instance);

#endif
