/* bounds.h - what the parameters of a request may be. */
#ifndef LUNAMI_CLOUD_BOUNDS_H
#define LUNAMI_CLOUD_BOUNDS_H

#include "cloud/internal.h"

/* InvalidParameterValue when a decoded request of EC2 has too much of something, a word that is
 * none of those that there are, or a place that is not there: -1 raised. */
LNM_API int lnm_bounds_check(struct lnm_cloud_request *r);

#endif
