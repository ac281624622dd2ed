/* marker.h - pages of lists as KMS and IAM give them: a marker is the last item shown. */
#ifndef LUNAMI_CLOUD_MARKER_H
#define LUNAMI_CLOUD_MARKER_H

#include "cloud/internal.h"

/* What the members of the answer are called. */
struct lnm_marker_names {
    const char *list, *next, *more;
};

/* One page of a query whose first column is what it is ordered by. */
LNM_API int lnm_marker_page(struct lnm_cloud_request *r, sqlite3_stmt *s,
                            const struct lnm_marker_names *names, int64_t limit,
                            void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s));

#endif
