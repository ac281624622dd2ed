/* control.h - /_lunami/: what only this cloud can be told, over loopback, without a signature.
 *
 * POST /_lunami/faults  a plan (fault.h) instead of the one before; DELETE: none
 * POST /_lunami/time    {"advance": seconds}: virtual time goes on so far */
#ifndef LUNAMI_CLOUD_CONTROL_H
#define LUNAMI_CLOUD_CONTROL_H

#include "cloud/internal.h"

#define LNM_CONTROL_PREFIX "/_lunami/"

/* Returns the HTTP status and appends what is to be said, a line. */
LNM_API int lnm_control(struct lnm_cloud *c, const char *method, const char *path,
                        struct lnm_str body, struct lnm_buf *out);

#endif
