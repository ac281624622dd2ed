/* authorize.h - is a request authorized, before its handler runs? */
#ifndef LUNAMI_CLOUD_AUTHORIZE_H
#define LUNAMI_CLOUD_AUTHORIZE_H

#include "cloud/ec2_facts.h"

/* 0, or -1 after raising the service's error (EC2: UnauthorizedOperation with an encoded message).
 * What depends on a key's policy, KMS asks itself; what depends on a role's trust, STS. */
LNM_API int lnm_authorize(struct lnm_cloud_request *r);

/* May the caller do this to one of his resources? */
LNM_API bool lnm_authorized(struct lnm_cloud_request *r, const char *action,
                            struct lnm_ec2_resource *resource);

#endif
