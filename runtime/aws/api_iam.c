/* api_iam.c - rows of IAM's users, roles and providers. Source: the iam/2010-05-08 service model.
 */
#include "aws/api_iam.h"

#include "aws/api_types.h"

static const struct lnm_type text_list = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member maybe_user_in_members[] = {
    LNM_IN("user_name", "UserName", lnm_type_string, 0, "name of the user"),
};
static const struct lnm_type maybe_user_in = LNM_FIELDS(maybe_user_in_members);

static const struct lnm_member access_key_out_members[] = {
    LNM_OUT("access_key_id", "AccessKeyId", lnm_type_string),
    LNM_OUT("create_date", "CreateDate", lnm_type_timestamp),
    LNM_OUT_SECRET("secret_access_key", "SecretAccessKey", lnm_type_string),
    LNM_OUT("status", "Status", lnm_type_string),
    LNM_OUT("user_name", "UserName", lnm_type_string),
};
static const struct lnm_type access_key_out = LNM_FIELDS(access_key_out_members);

static const struct lnm_member create_access_key_out_members[] = {
    LNM_OUT("access_key", "AccessKey", access_key_out),
};
static const struct lnm_type create_access_key_out = LNM_FIELDS(create_access_key_out_members);

static const struct lnm_member create_open_id_connect_provider_in_members[] = {
    LNM_IN("client_id_list", "ClientIDList", text_list, 0, "audiences"),
    LNM_IN("thumbprint_list", "ThumbprintList", text_list, 0,
           "thumbprints of the issuer's certificates"),
    LNM_IN("url", "Url", lnm_type_string, LNM_REQUIRED, "issuer, https://…"),
};
static const struct lnm_type create_open_id_connect_provider_in =
    LNM_FIELDS(create_open_id_connect_provider_in_members);

static const struct lnm_member create_open_id_connect_provider_out_members[] = {
    LNM_OUT("open_id_connect_provider_arn", "OpenIDConnectProviderArn", lnm_type_string),
};
static const struct lnm_type create_open_id_connect_provider_out =
    LNM_FIELDS(create_open_id_connect_provider_out_members);

static const struct lnm_member create_role_in_members[] = {
    LNM_IN("assume_role_policy_document", "AssumeRolePolicyDocument", lnm_type_string, LNM_REQUIRED,
           "who may assume it, JSON"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("max_session_duration", "MaxSessionDuration", lnm_type_integer, 0,
           "longest session in seconds, 3600 to 43200"),
    LNM_IN("path", "Path", lnm_type_string, 0, "path, / unless given"),
    LNM_IN("permissions_boundary", "PermissionsBoundary", lnm_type_string, 0,
           "ARN of the policy that is the most it may"),
    LNM_IN("role_name", "RoleName", lnm_type_string, LNM_REQUIRED, "name of the role"),
};
static const struct lnm_type create_role_in = LNM_FIELDS(create_role_in_members);

static const struct lnm_member boundary_out_members[] = {
    LNM_OUT("permissions_boundary_arn", "PermissionsBoundaryArn", lnm_type_string),
    LNM_OUT("permissions_boundary_type", "PermissionsBoundaryType", lnm_type_string),
};
static const struct lnm_type boundary_out = LNM_FIELDS(boundary_out_members);

static const struct lnm_member role_out_members[] = {
    LNM_OUT("arn", "Arn", lnm_type_string),
    LNM_OUT("assume_role_policy_document", "AssumeRolePolicyDocument", lnm_type_string),
    LNM_OUT("create_date", "CreateDate", lnm_type_timestamp),
    LNM_OUT("description", "Description", lnm_type_string),
    LNM_OUT("max_session_duration", "MaxSessionDuration", lnm_type_integer),
    LNM_OUT("path", "Path", lnm_type_string),
    LNM_OUT("permissions_boundary", "PermissionsBoundary", boundary_out),
    LNM_OUT("role_id", "RoleId", lnm_type_string),
    LNM_OUT("role_name", "RoleName", lnm_type_string),
};
static const struct lnm_type role_out = LNM_FIELDS(role_out_members);

static const struct lnm_member shown_role_out_members[] = {
    LNM_OUT("role", "Role", role_out),
};
static const struct lnm_type shown_role_out = LNM_FIELDS(shown_role_out_members);

static const struct lnm_member create_user_in_members[] = {
    LNM_IN("path", "Path", lnm_type_string, 0, "path, / unless given"),
    LNM_IN("permissions_boundary", "PermissionsBoundary", lnm_type_string, 0,
           "ARN of the policy that is the most it may"),
    LNM_IN("user_name", "UserName", lnm_type_string, LNM_REQUIRED, "name of the user"),
};
static const struct lnm_type create_user_in = LNM_FIELDS(create_user_in_members);

static const struct lnm_member user_out_members[] = {
    LNM_OUT("arn", "Arn", lnm_type_string),
    LNM_OUT("create_date", "CreateDate", lnm_type_timestamp),
    LNM_OUT("path", "Path", lnm_type_string),
    LNM_OUT("permissions_boundary", "PermissionsBoundary", boundary_out),
    LNM_OUT("user_id", "UserId", lnm_type_string),
    LNM_OUT("user_name", "UserName", lnm_type_string),
};
static const struct lnm_type user_out = LNM_FIELDS(user_out_members);

static const struct lnm_member shown_user_out_members[] = {
    LNM_OUT("user", "User", user_out),
};
static const struct lnm_type shown_user_out = LNM_FIELDS(shown_user_out_members);

static const struct lnm_member delete_access_key_in_members[] = {
    LNM_IN("access_key_id", "AccessKeyId", lnm_type_string, LNM_REQUIRED, "id of the access key"),
    LNM_IN("user_name", "UserName", lnm_type_string, 0, "name of the user"),
};
static const struct lnm_type delete_access_key_in = LNM_FIELDS(delete_access_key_in_members);

static const struct lnm_member only_provider_in_members[] = {
    LNM_IN("open_id_connect_provider_arn", "OpenIDConnectProviderArn", lnm_type_string,
           LNM_REQUIRED, "ARN of the provider"),
};
static const struct lnm_type only_provider_in = LNM_FIELDS(only_provider_in_members);

static const struct lnm_member only_role_in_members[] = {
    LNM_IN("role_name", "RoleName", lnm_type_string, LNM_REQUIRED, "name of the role"),
};
static const struct lnm_type only_role_in = LNM_FIELDS(only_role_in_members);

static const struct lnm_member only_user_in_members[] = {
    LNM_IN("user_name", "UserName", lnm_type_string, LNM_REQUIRED, "name of the user"),
};
static const struct lnm_type only_user_in = LNM_FIELDS(only_user_in_members);

static const struct lnm_member get_open_id_connect_provider_out_members[] = {
    LNM_OUT("client_id_list", "ClientIDList", text_list),
    LNM_OUT("create_date", "CreateDate", lnm_type_timestamp),
    LNM_OUT("thumbprint_list", "ThumbprintList", text_list),
    LNM_OUT("url", "Url", lnm_type_string),
};
static const struct lnm_type get_open_id_connect_provider_out =
    LNM_FIELDS(get_open_id_connect_provider_out_members);

static const struct lnm_member list_access_keys_in_members[] = {
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("max_items", "MaxItems", lnm_type_integer, 0, "items on one page"),
    LNM_IN("user_name", "UserName", lnm_type_string, 0, "name of the user"),
};
static const struct lnm_type list_access_keys_in = LNM_FIELDS(list_access_keys_in_members);

static const struct lnm_member access_key_metadata_out_members[] = {
    LNM_OUT("access_key_id", "AccessKeyId", lnm_type_string),
    LNM_OUT("create_date", "CreateDate", lnm_type_timestamp),
    LNM_OUT("status", "Status", lnm_type_string),
    LNM_OUT("user_name", "UserName", lnm_type_string),
};
static const struct lnm_type access_key_metadata_out = LNM_FIELDS(access_key_metadata_out_members);

static const struct lnm_type access_key_metadata_list_out =
    LNM_ITEMS("member", access_key_metadata_out);

static const struct lnm_member list_access_keys_out_members[] = {
    LNM_OUT("access_key_metadata", "AccessKeyMetadata", access_key_metadata_list_out),
    LNM_OUT("is_truncated", "IsTruncated", lnm_type_boolean),
    LNM_OUT("marker", "Marker", lnm_type_string),
};
static const struct lnm_type list_access_keys_out = LNM_FIELDS(list_access_keys_out_members);

static const struct lnm_member open_id_connect_provider_list_entry_out_members[] = {
    LNM_OUT("arn", "Arn", lnm_type_string),
};
static const struct lnm_type open_id_connect_provider_list_entry_out =
    LNM_FIELDS(open_id_connect_provider_list_entry_out_members);

static const struct lnm_type open_id_connect_provider_list_out =
    LNM_ITEMS("member", open_id_connect_provider_list_entry_out);

static const struct lnm_member list_open_id_connect_providers_out_members[] = {
    LNM_OUT("open_id_connect_provider_list", "OpenIDConnectProviderList",
            open_id_connect_provider_list_out),
};
static const struct lnm_type list_open_id_connect_providers_out =
    LNM_FIELDS(list_open_id_connect_providers_out_members);

static const struct lnm_member list_in_members[] = {
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("max_items", "MaxItems", lnm_type_integer, 0, "items on one page"),
    LNM_IN("path_prefix", "PathPrefix", lnm_type_string, 0, "only what has this path"),
};
static const struct lnm_type list_in = LNM_FIELDS(list_in_members);

static const struct lnm_type role_list_out = LNM_ITEMS("member", role_out);

static const struct lnm_member list_roles_out_members[] = {
    LNM_OUT("is_truncated", "IsTruncated", lnm_type_boolean),
    LNM_OUT("marker", "Marker", lnm_type_string),
    LNM_OUT("roles", "Roles", role_list_out),
};
static const struct lnm_type list_roles_out = LNM_FIELDS(list_roles_out_members);

static const struct lnm_type user_list_out = LNM_ITEMS("member", user_out);

static const struct lnm_member list_users_out_members[] = {
    LNM_OUT("is_truncated", "IsTruncated", lnm_type_boolean),
    LNM_OUT("marker", "Marker", lnm_type_string),
    LNM_OUT("users", "Users", user_list_out),
};
static const struct lnm_type list_users_out = LNM_FIELDS(list_users_out_members);

static const struct lnm_member update_access_key_in_members[] = {
    LNM_IN("access_key_id", "AccessKeyId", lnm_type_string, LNM_REQUIRED, "id of the access key"),
    LNM_WORDS("status", "Status", LNM_REQUIRED, "Active or Inactive", "Active|Inactive|Expired"),
    LNM_IN("user_name", "UserName", lnm_type_string, 0, "name of the user"),
};
static const struct lnm_type update_access_key_in = LNM_FIELDS(update_access_key_in_members);

static const struct lnm_member update_assume_role_policy_in_members[] = {
    LNM_IN("policy_document", "PolicyDocument", lnm_type_string, LNM_REQUIRED, "policy, JSON"),
    LNM_IN("role_name", "RoleName", lnm_type_string, LNM_REQUIRED, "name of the role"),
};
static const struct lnm_type update_assume_role_policy_in =
    LNM_FIELDS(update_assume_role_policy_in_members);

static const struct lnm_member update_role_in_members[] = {
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("max_session_duration", "MaxSessionDuration", lnm_type_integer, 0,
           "longest session in seconds, 3600 to 43200"),
    LNM_IN("role_name", "RoleName", lnm_type_string, LNM_REQUIRED, "name of the role"),
};
static const struct lnm_type update_role_in = LNM_FIELDS(update_role_in_members);

static const struct lnm_operation operations[] = {
    {"CreateAccessKey", &lnm_iam, &maybe_user_in, &create_access_key_out, LNM_MUTATES,
     "make an access key of a user"},
    {"CreateOpenIDConnectProvider", &lnm_iam, &create_open_id_connect_provider_in,
     &create_open_id_connect_provider_out, LNM_MUTATES, "trust an issuer of tokens"},
    {"CreateRole", &lnm_iam, &create_role_in, &shown_role_out, LNM_MUTATES, "make a role"},
    {"CreateUser", &lnm_iam, &create_user_in, &shown_user_out, LNM_MUTATES, "make a user"},
    {"DeleteAccessKey", &lnm_iam, &delete_access_key_in, &lnm_type_nothing, LNM_MUTATES,
     "delete an access key"},
    {"DeleteOpenIDConnectProvider", &lnm_iam, &only_provider_in, &lnm_type_nothing, LNM_MUTATES,
     "trust an issuer no more"},
    {"DeleteRole", &lnm_iam, &only_role_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "delete a role"},
    {"DeleteUser", &lnm_iam, &only_user_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "delete a user"},
    {"GetOpenIDConnectProvider", &lnm_iam, &only_provider_in, &get_open_id_connect_provider_out, 0,
     "what is known of an issuer"},
    {"GetRole", &lnm_iam, &only_role_in, &shown_role_out, 0, "what a role is"},
    {"GetUser", &lnm_iam, &maybe_user_in, &shown_user_out, 0, "what a user is"},
    {"ListAccessKeys", &lnm_iam, &list_access_keys_in, &list_access_keys_out, LNM_PAGED,
     "list access keys of a user"},
    {"ListOpenIDConnectProviders", &lnm_iam, &lnm_type_nothing, &list_open_id_connect_providers_out,
     0, "list trusted issuers"},
    {"ListRoles", &lnm_iam, &list_in, &list_roles_out, LNM_PAGED, "list roles"},
    {"ListUsers", &lnm_iam, &list_in, &list_users_out, LNM_PAGED, "list users"},
    {"UpdateAccessKey", &lnm_iam, &update_access_key_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "switch an access key on or off"},
    {"UpdateAssumeRolePolicy", &lnm_iam, &update_assume_role_policy_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "change who may assume a role"},
    {"UpdateRole", &lnm_iam, &update_role_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "change a role"},
};

static const struct lnm_operation_group groups[] = {
    {operations, sizeof operations / sizeof operations[0]},
    {lnm_iam_alias_operations, LNM_IAM_ALIAS_COUNT},
    {lnm_iam_policy_operations, LNM_IAM_POLICY_COUNT},
    {lnm_iam_managed_operations, LNM_IAM_MANAGED_COUNT},
};

const struct lnm_service lnm_iam = {
    .name = "iam",
    .id = "IAM",
    .version = "2010-05-08",
    .protocol = LNM_PROTOCOL_QUERY,
    .xmlns = "https://iam.amazonaws.com/doc/2010-05-08/",
    .groups = groups,
    .group_count = sizeof groups / sizeof groups[0],
};
