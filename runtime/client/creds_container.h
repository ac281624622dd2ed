/* creds_container.h - where a container's credentials are asked for. */
#ifndef LUNAMI_CLIENT_CREDS_CONTAINER_H
#define LUNAMI_CLIENT_CREDS_CONTAINER_H

#include "base/buf.h"

/* The URL by AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, else _FULL_URI: https anywhere, http only to
 * this machine and the addresses that ECS and EKS use. LNM_ECONFIG tells what is wrong. */
LNM_API int lnm_container_url(struct lnm_buf *out, struct lnm_err *err);

#endif
