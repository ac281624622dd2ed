/* capacity.h - may an instance run: the account's quotas, and what the zone has left. */
#ifndef LUNAMI_CLOUD_CAPACITY_H
#define LUNAMI_CLOUD_CAPACITY_H

#include "cloud/internal.h"

/* May one more instance of the type run in the zone? `launched`: it is new, not started again.
 * InstanceLimitExceeded, VcpuLimitExceeded or InsufficientInstanceCapacity: -1 raised. */
LNM_API int lnm_capacity_check(struct lnm_cloud_request *r, const char *type, const char *zone,
                               bool launched);
/* An instance of the type uses an encrypted volume: -1 raised when it cannot. */
LNM_API int lnm_capacity_encrypts(struct lnm_cloud_request *r, const char *type);
/* vCPUs of a type: those of DescribeInstanceTypes, or what its size tells. instance_types.c */
LNM_API int lnm_instance_type_cpus(const char *type);

#endif
