/* api_iam_policy.c - rows of IAM's policies of users and roles. Source: the iam/2010-05-08 service
 * model. */
#include "aws/api_iam.h"

#include "aws/api_types.h"

static const struct lnm_member attach_role_in_members[] = {
    LNM_IN("policy_arn", "PolicyArn", lnm_type_string, LNM_REQUIRED, "ARN of AWS's policy"),
    LNM_IN("role_name", "RoleName", lnm_type_string, LNM_REQUIRED, "name of the role"),
};
static const struct lnm_type attach_role_in = LNM_FIELDS(attach_role_in_members);

static const struct lnm_member attach_user_in_members[] = {
    LNM_IN("policy_arn", "PolicyArn", lnm_type_string, LNM_REQUIRED, "ARN of AWS's policy"),
    LNM_IN("user_name", "UserName", lnm_type_string, LNM_REQUIRED, "name of the user"),
};
static const struct lnm_type attach_user_in = LNM_FIELDS(attach_user_in_members);

static const struct lnm_member role_policy_in_members[] = {
    LNM_IN("policy_name", "PolicyName", lnm_type_string, LNM_REQUIRED, "name of the policy"),
    LNM_IN("role_name", "RoleName", lnm_type_string, LNM_REQUIRED, "name of the role"),
};
static const struct lnm_type role_policy_in = LNM_FIELDS(role_policy_in_members);

static const struct lnm_member user_policy_in_members[] = {
    LNM_IN("policy_name", "PolicyName", lnm_type_string, LNM_REQUIRED, "name of the policy"),
    LNM_IN("user_name", "UserName", lnm_type_string, LNM_REQUIRED, "name of the user"),
};
static const struct lnm_type user_policy_in = LNM_FIELDS(user_policy_in_members);

static const struct lnm_member get_role_policy_out_members[] = {
    LNM_OUT("policy_document", "PolicyDocument", lnm_type_string),
    LNM_OUT("policy_name", "PolicyName", lnm_type_string),
    LNM_OUT("role_name", "RoleName", lnm_type_string),
};
static const struct lnm_type get_role_policy_out = LNM_FIELDS(get_role_policy_out_members);

static const struct lnm_member get_user_policy_out_members[] = {
    LNM_OUT("policy_document", "PolicyDocument", lnm_type_string),
    LNM_OUT("policy_name", "PolicyName", lnm_type_string),
    LNM_OUT("user_name", "UserName", lnm_type_string),
};
static const struct lnm_type get_user_policy_out = LNM_FIELDS(get_user_policy_out_members);

static const struct lnm_member list_attached_role_policies_in_members[] = {
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("max_items", "MaxItems", lnm_type_integer, 0, "items on one page"),
    LNM_IN("path_prefix", "PathPrefix", lnm_type_string, 0, "only what has this path"),
    LNM_IN("role_name", "RoleName", lnm_type_string, LNM_REQUIRED, "name of the role"),
};
static const struct lnm_type list_attached_role_policies_in =
    LNM_FIELDS(list_attached_role_policies_in_members);

static const struct lnm_member attached_policy_out_members[] = {
    LNM_OUT("policy_arn", "PolicyArn", lnm_type_string),
    LNM_OUT("policy_name", "PolicyName", lnm_type_string),
};
static const struct lnm_type attached_policy_out = LNM_FIELDS(attached_policy_out_members);

static const struct lnm_type attached_policies_list_out = LNM_ITEMS("member", attached_policy_out);

static const struct lnm_member attached_policies_out_members[] = {
    LNM_OUT("attached_policies", "AttachedPolicies", attached_policies_list_out),
    LNM_OUT("is_truncated", "IsTruncated", lnm_type_boolean),
    LNM_OUT("marker", "Marker", lnm_type_string),
};
static const struct lnm_type attached_policies_out = LNM_FIELDS(attached_policies_out_members);

static const struct lnm_member list_attached_user_policies_in_members[] = {
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("max_items", "MaxItems", lnm_type_integer, 0, "items on one page"),
    LNM_IN("path_prefix", "PathPrefix", lnm_type_string, 0, "only what has this path"),
    LNM_IN("user_name", "UserName", lnm_type_string, LNM_REQUIRED, "name of the user"),
};
static const struct lnm_type list_attached_user_policies_in =
    LNM_FIELDS(list_attached_user_policies_in_members);

static const struct lnm_member list_role_policies_in_members[] = {
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("max_items", "MaxItems", lnm_type_integer, 0, "items on one page"),
    LNM_IN("role_name", "RoleName", lnm_type_string, LNM_REQUIRED, "name of the role"),
};
static const struct lnm_type list_role_policies_in = LNM_FIELDS(list_role_policies_in_members);

static const struct lnm_type policy_name_list_out = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member list_role_policies_out_members[] = {
    LNM_OUT("is_truncated", "IsTruncated", lnm_type_boolean),
    LNM_OUT("marker", "Marker", lnm_type_string),
    LNM_OUT("policy_names", "PolicyNames", policy_name_list_out),
};
static const struct lnm_type list_role_policies_out = LNM_FIELDS(list_role_policies_out_members);

static const struct lnm_member list_user_policies_in_members[] = {
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("max_items", "MaxItems", lnm_type_integer, 0, "items on one page"),
    LNM_IN("user_name", "UserName", lnm_type_string, LNM_REQUIRED, "name of the user"),
};
static const struct lnm_type list_user_policies_in = LNM_FIELDS(list_user_policies_in_members);

static const struct lnm_member put_role_policy_in_members[] = {
    LNM_IN("policy_document", "PolicyDocument", lnm_type_string, LNM_REQUIRED, "policy, JSON"),
    LNM_IN("policy_name", "PolicyName", lnm_type_string, LNM_REQUIRED, "name of the policy"),
    LNM_IN("role_name", "RoleName", lnm_type_string, LNM_REQUIRED, "name of the role"),
};
static const struct lnm_type put_role_policy_in = LNM_FIELDS(put_role_policy_in_members);

static const struct lnm_member put_user_policy_in_members[] = {
    LNM_IN("policy_document", "PolicyDocument", lnm_type_string, LNM_REQUIRED, "policy, JSON"),
    LNM_IN("policy_name", "PolicyName", lnm_type_string, LNM_REQUIRED, "name of the policy"),
    LNM_IN("user_name", "UserName", lnm_type_string, LNM_REQUIRED, "name of the user"),
};
static const struct lnm_type put_user_policy_in = LNM_FIELDS(put_user_policy_in_members);

const struct lnm_operation lnm_iam_policy_operations[LNM_IAM_POLICY_COUNT] = {
    {"AttachRolePolicy", &lnm_iam, &attach_role_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "attach AWS's policy to a role"},
    {"AttachUserPolicy", &lnm_iam, &attach_user_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "attach AWS's policy to a user"},
    {"DeleteRolePolicy", &lnm_iam, &role_policy_in, &lnm_type_nothing, LNM_MUTATES,
     "delete a policy of a role"},
    {"DeleteUserPolicy", &lnm_iam, &user_policy_in, &lnm_type_nothing, LNM_MUTATES,
     "delete a policy of a user"},
    {"DetachRolePolicy", &lnm_iam, &attach_role_in, &lnm_type_nothing, LNM_MUTATES,
     "detach AWS's policy from a role"},
    {"DetachUserPolicy", &lnm_iam, &attach_user_in, &lnm_type_nothing, LNM_MUTATES,
     "detach AWS's policy from a user"},
    {"GetRolePolicy", &lnm_iam, &role_policy_in, &get_role_policy_out, 0, "a policy of a role"},
    {"GetUserPolicy", &lnm_iam, &user_policy_in, &get_user_policy_out, 0, "a policy of a user"},
    {"ListAttachedRolePolicies", &lnm_iam, &list_attached_role_policies_in, &attached_policies_out,
     LNM_PAGED, "list AWS's policies of a role"},
    {"ListAttachedUserPolicies", &lnm_iam, &list_attached_user_policies_in, &attached_policies_out,
     LNM_PAGED, "list AWS's policies of a user"},
    {"ListRolePolicies", &lnm_iam, &list_role_policies_in, &list_role_policies_out, LNM_PAGED,
     "list policies of a role"},
    {"ListUserPolicies", &lnm_iam, &list_user_policies_in, &list_role_policies_out, LNM_PAGED,
     "list policies of a user"},
    {"PutRolePolicy", &lnm_iam, &put_role_policy_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "write a policy of a role"},
    {"PutUserPolicy", &lnm_iam, &put_user_policy_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "write a policy of a user"},
};
