/* bounds.h - how large the parameters of a request may be. */
#ifndef LUNAMI_CLOUD_BOUNDS_H
#define LUNAMI_CLOUD_BOUNDS_H

#include "cloud/internal.h"

/* InvalidParameterValue when a decoded request has too much of something: -1 raised. */
LNM_API int lnm_bounds_check(struct lnm_cloud_request *r);

#endif
