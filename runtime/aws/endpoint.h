/* endpoint.h - partitions, host names of services, and what plain HTTP may talk to. */
#ifndef LUNAMI_AWS_ENDPOINT_H
#define LUNAMI_AWS_ENDPOINT_H

#include "base/buf.h"

struct lnm_endpoint_params {
    struct lnm_str service; /* "ec2", "ebs", "iam", "kms", "sts", "portal.sso", "oidc" */
    struct lnm_str region;
    struct lnm_str custom_url; /* empty: the service's own */
    bool fips, dualstack;
    bool legacy_sts; /* sts_regional_endpoints = legacy: sts.amazonaws.com for the oldest regions */
};

/* "aws", "aws-us-gov", ...: by the region's name; unknown regions are "aws". */
LNM_API const char *lnm_partition(struct lnm_str region);
/* Append the endpoint's URL, without a final slash. Refused (LNM_ECONFIG): a region that is not a
 * host label, http:// to anything but a literal loopback address or "localhost", FIPS or dual-stack
 * together with a custom URL. */
LNM_API int lnm_endpoint_url(struct lnm_buf *out, const struct lnm_endpoint_params *p,
                             struct lnm_err *err);
/* The region that a request to that endpoint is signed for: the one given, except for the global
 * endpoint of STS and for IAM, which a partition has but once. Borrowed from p. */
LNM_API struct lnm_str lnm_endpoint_signing_region(const struct lnm_endpoint_params *p);
/* "host[:port]" of a URL as the Host header carries it (a default port is left out). */
LNM_API int lnm_endpoint_host(struct lnm_buf *out, struct lnm_str url, struct lnm_err *err);
LNM_API bool lnm_endpoint_is_loopback(struct lnm_str url);

#endif
