/* furnish.h - what a new local cloud holds, and what its snapshots hold. */
#ifndef LUNAMI_CLOUD_FURNISH_H
#define LUNAMI_CLOUD_FURNISH_H

#include "cloud/internal.h"

/* Give a snapshot that is about to be inserted its blocks. 0 or -1. */
LNM_API int lnm_furnish_data(struct lnm_cloud *c, struct lnm_cloud_snapshot *s);

#endif
