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
/* What all steps come to, as SQL: made by tools/schema.c when the program is built. */
extern const char lnm_schema_whole[];

#endif
