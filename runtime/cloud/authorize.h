/* authorize.h - is a request authorized, before its handler runs? */
#ifndef LUNAMI_CLOUD_AUTHORIZE_H
#define LUNAMI_CLOUD_AUTHORIZE_H

#include "cloud/internal.h"

/* 0, or -1 after raising the service's error (EC2: UnauthorizedOperation with an encoded message).
 * What depends on a key's policy, KMS asks itself; what depends on a role's trust, STS. */
LNM_API int lnm_authorize(struct lnm_cloud_request *r);

#endif
