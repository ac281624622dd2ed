/* copy_pace.h - when a copy of a snapshot is there. */
#ifndef LUNAMI_CLOUD_COPY_PACE_H
#define LUNAMI_CLOUD_COPY_PACE_H

#include "cloud/internal.h"

/* Let a copy of to->size GiB that begins now be due in its time: its own, or that of the minutes
 * that the request's `member` gives it. 0 or -1 raised. */
LNM_API int lnm_copy_pace(struct lnm_cloud_request *r, struct lnm_cloud_snapshot *to,
                          const char *member);

#endif
