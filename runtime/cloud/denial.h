/* denial.h - why a request was not authorized, as text that only its account can decode. */
#ifndef LUNAMI_CLOUD_DENIAL_H
#define LUNAMI_CLOUD_DENIAL_H

#include "cloud/access.h"

/* Append the encoded message of a question that was answered no. 0 or a negative enum lnm_code. */
LNM_API int lnm_denial_encode(struct lnm_buf *out, const struct lnm_cloud_request *r,
                              const struct lnm_policy_question *q, bool explicit_deny);
LNM_API int lnm_denial_decode(struct lnm_cloud_request *r); /* DecodeAuthorizationMessage */

#endif
