/* creds_instance.h - where the instance metadata service is. */
#ifndef LUNAMI_CLIENT_CREDS_INSTANCE_H
#define LUNAMI_CLIENT_CREDS_INSTANCE_H

#include "aws/profile.h"

/* Its URL without a final slash, by AWS_EC2_METADATA_SERVICE_ENDPOINT, _ENDPOINT_MODE and their
 * settings in the profile; LNM_ECONFIG names the one that cannot be. */
LNM_API int lnm_instance_endpoint(struct lnm_buf *out, const struct lnm_profiles *p,
                                  const char *profile, struct lnm_err *err);

#endif
