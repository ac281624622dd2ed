/* schema.h - how an older file of the cloud's state becomes a newer one. */
#ifndef LUNAMI_CLOUD_SCHEMA_H
#define LUNAMI_CLOUD_SCHEMA_H

#include "cloud/internal.h"

/* To the newest version, or only as far as one. LNM_EIO: a newer program wrote the file, or SQLite
 * says why not; what was reached stays. */
LNM_API int lnm_schema_migrate(struct lnm_cloud *c, struct lnm_err *err);
LNM_API int lnm_schema_migrate_to(struct lnm_cloud *c, int64_t to, struct lnm_err *err);

LNM_API int64_t lnm_schema_newest(void);
/* Of the file: 0 when it is new, -1 when it cannot be read. */
LNM_API int64_t lnm_schema_version(struct lnm_cloud *c);
/* Make a new state what all steps come to, at once. 0, or -1: it is as it was. */
LNM_API int lnm_schema_copy(struct lnm_cloud *c);

/* What they come to, as the pages of a file, but for its zeros: made by tools/schema.c when the
 * program is built. */
struct lnm_schema_run {
    size_t at, len;
    const char *bytes; /* NULL: no more */
};
extern const struct lnm_schema_run lnm_schema_runs[];
extern const size_t lnm_schema_size;

#endif
