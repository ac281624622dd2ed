/* api_iam.h - the operations of IAM in small: no recipe calls them, so they are the local cloud's.
 */
#ifndef LUNAMI_CLOUD_API_IAM_H
#define LUNAMI_CLOUD_API_IAM_H

#include "aws/api.h"

LNM_API extern const struct lnm_service lnm_iam;

#define LNM_IAM_POLICY_COUNT 14
LNM_API extern const struct lnm_operation lnm_iam_policy_operations[LNM_IAM_POLICY_COUNT];

#endif
