/* api_iam_managed.c - rows of IAM's policies that stand by themselves and are attached. Source: the
 * iam/2010-05-08 service model. */
#include "aws/api_iam.h"

#include "aws/api_types.h"

static const struct lnm_member create_policy_in_members[] = {
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("path", "Path", lnm_type_string, 0, "path, / unless given"),
    LNM_IN("policy_document", "PolicyDocument", lnm_type_string, LNM_REQUIRED, "policy, JSON"),
    LNM_IN("policy_name", "PolicyName", lnm_type_string, LNM_REQUIRED, "name of the policy"),
};
static const struct lnm_type create_policy_in = LNM_FIELDS(create_policy_in_members);

static const struct lnm_member policy_out_members[] = {
    LNM_OUT("arn", "Arn", lnm_type_string),
    LNM_OUT("attachment_count", "AttachmentCount", lnm_type_integer),
    LNM_OUT("create_date", "CreateDate", lnm_type_timestamp),
    LNM_OUT("default_version_id", "DefaultVersionId", lnm_type_string),
    LNM_OUT("description", "Description", lnm_type_string),
    LNM_OUT("is_attachable", "IsAttachable", lnm_type_boolean),
    LNM_OUT("path", "Path", lnm_type_string),
    LNM_OUT("permissions_boundary_usage_count", "PermissionsBoundaryUsageCount", lnm_type_integer),
    LNM_OUT("policy_id", "PolicyId", lnm_type_string),
    LNM_OUT("policy_name", "PolicyName", lnm_type_string),
    LNM_OUT("update_date", "UpdateDate", lnm_type_timestamp),
};
static const struct lnm_type policy_out = LNM_FIELDS(policy_out_members);

static const struct lnm_member shown_policy_out_members[] = {
    LNM_OUT("policy", "Policy", policy_out),
};
static const struct lnm_type shown_policy_out = LNM_FIELDS(shown_policy_out_members);

static const struct lnm_member only_policy_in_members[] = {
    LNM_IN("policy_arn", "PolicyArn", lnm_type_string, LNM_REQUIRED, "ARN of the policy"),
};
static const struct lnm_type only_policy_in = LNM_FIELDS(only_policy_in_members);

static const struct lnm_member policy_version_in_members[] = {
    LNM_IN("policy_arn", "PolicyArn", lnm_type_string, LNM_REQUIRED, "ARN of the policy"),
    LNM_IN("version_id", "VersionId", lnm_type_string, LNM_REQUIRED, "v1"),
};
static const struct lnm_type policy_version_in = LNM_FIELDS(policy_version_in_members);

static const struct lnm_member policy_version_out_members[] = {
    LNM_OUT("create_date", "CreateDate", lnm_type_timestamp),
    LNM_OUT("document", "Document", lnm_type_string),
    LNM_OUT("is_default_version", "IsDefaultVersion", lnm_type_boolean),
    LNM_OUT("version_id", "VersionId", lnm_type_string),
};
static const struct lnm_type policy_version_out = LNM_FIELDS(policy_version_out_members);

static const struct lnm_member shown_version_out_members[] = {
    LNM_OUT("policy_version", "PolicyVersion", policy_version_out),
};
static const struct lnm_type shown_version_out = LNM_FIELDS(shown_version_out_members);

static const struct lnm_member list_policies_in_members[] = {
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("max_items", "MaxItems", lnm_type_integer, 0, "items on one page"),
    LNM_IN("only_attached", "OnlyAttached", lnm_type_boolean, 0, "those in use"),
    LNM_IN("path_prefix", "PathPrefix", lnm_type_string, 0, "only what has this path"),
    LNM_WORDS("scope", "Scope", 0, "All, AWS or Local", "All|AWS|Local"),
};
static const struct lnm_type list_policies_in = LNM_FIELDS(list_policies_in_members);

static const struct lnm_type policy_list_out = LNM_ITEMS("member", policy_out);

static const struct lnm_member list_policies_out_members[] = {
    LNM_OUT("is_truncated", "IsTruncated", lnm_type_boolean),
    LNM_OUT("marker", "Marker", lnm_type_string),
    LNM_OUT("policies", "Policies", policy_list_out),
};
static const struct lnm_type list_policies_out = LNM_FIELDS(list_policies_out_members);

const struct lnm_operation lnm_iam_managed_operations[LNM_IAM_MANAGED_COUNT] = {
    {"CreatePolicy", &lnm_iam, &create_policy_in, &shown_policy_out, LNM_MUTATES, "make a policy"},
    {"DeletePolicy", &lnm_iam, &only_policy_in, &lnm_type_nothing, LNM_MUTATES, "delete a policy"},
    {"GetPolicy", &lnm_iam, &only_policy_in, &shown_policy_out, 0, "what a policy is"},
    {"GetPolicyVersion", &lnm_iam, &policy_version_in, &shown_version_out, 0, "what a policy says"},
    {"ListPolicies", &lnm_iam, &list_policies_in, &list_policies_out, LNM_PAGED, "list policies"},
};
