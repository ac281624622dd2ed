/* kms.h - what the KMS handlers, the keys' data and STS share. */
#ifndef LUNAMI_CLOUD_KMS_H
#define LUNAMI_CLOUD_KMS_H

#include "cloud/internal.h"

/* The one identity of an account so far, below arn:PARTITION:iam::ACCOUNT: */
#define LNM_CLOUD_USER "user/administrator"

/* The algorithms of a key spec in a usage, separated by spaces; NULL when the two do not fit. */
LNM_API const char *lnm_key_algorithms(const char *spec, const char *usage);
LNM_API bool lnm_key_spec_known(const char *spec);

/* Does text look like a key id (a UUID, or mrk- and 32 hex digits)? */
LNM_API bool lnm_key_is_id(struct lnm_str text);
/* Is it the name or the ARN of an alias? */
LNM_API bool lnm_key_is_alias(struct lnm_str text);

/* Raise KMS's error for a name that resolved to nothing; returns -1. */
LNM_API int lnm_key_not_found(struct lnm_cloud_request *r, struct lnm_str text);
/* Raise AccessDeniedException of the request's action on the key with this ARN; returns -1. */
LNM_API int lnm_key_denied(struct lnm_cloud_request *r, struct lnm_str arn);

#endif
