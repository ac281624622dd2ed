/* api_iam.h - the groups of rows of IAM's actions. */
#ifndef LUNAMI_AWS_API_IAM_H
#define LUNAMI_AWS_API_IAM_H

#include "aws/api.h"

#define LNM_IAM_ALIAS_COUNT 3
LNM_API extern const struct lnm_operation lnm_iam_alias_operations[LNM_IAM_ALIAS_COUNT];
#define LNM_IAM_POLICY_COUNT 14
LNM_API extern const struct lnm_operation lnm_iam_policy_operations[LNM_IAM_POLICY_COUNT];

#define LNM_IAM_MANAGED_COUNT 5
LNM_API extern const struct lnm_operation lnm_iam_managed_operations[LNM_IAM_MANAGED_COUNT];

#endif
