/* api_sts.c - rows of STS. Source: the sts/2011-06-15 service model. */
#include "aws/api_types.h"

static const struct lnm_member lnm_sts_policy_descriptor_type_in_members[] = {
    {"arn", "arn", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_sts_policy_descriptor_type_in = {
    .kind = LNM_STRUCT,
    .members = lnm_sts_policy_descriptor_type_in_members,
    .member_count = sizeof lnm_sts_policy_descriptor_type_in_members /
                    sizeof lnm_sts_policy_descriptor_type_in_members[0]};

static const struct lnm_member lnm_sts_policy_descriptor_list_type_in_item = {
    .wire = "member", .type = &lnm_sts_policy_descriptor_type_in};
static const struct lnm_type lnm_sts_policy_descriptor_list_type_in = {
    .kind = LNM_LIST, .item = &lnm_sts_policy_descriptor_list_type_in_item};

static const struct lnm_member lnm_sts_tag_in_members[] = {
    {"key", "Key", &lnm_type_string, LNM_REQUIRED, NULL, NULL},
    {"value", "Value", &lnm_type_string, LNM_REQUIRED, NULL, NULL},
};
static const struct lnm_type lnm_sts_tag_in = {.kind = LNM_STRUCT,
                                               .members = lnm_sts_tag_in_members,
                                               .member_count = sizeof lnm_sts_tag_in_members /
                                                               sizeof lnm_sts_tag_in_members[0]};

static const struct lnm_member lnm_sts_tag_list_type_in_item = {.wire = "member",
                                                                .type = &lnm_sts_tag_in};
static const struct lnm_type lnm_sts_tag_list_type_in = {.kind = LNM_LIST,
                                                         .item = &lnm_sts_tag_list_type_in_item};

static const struct lnm_member lnm_sts_tag_key_list_type_in_item = {.wire = "member",
                                                                    .type = &lnm_type_string};
static const struct lnm_type lnm_sts_tag_key_list_type_in = {
    .kind = LNM_LIST, .item = &lnm_sts_tag_key_list_type_in_item};

static const struct lnm_member lnm_sts_assume_role_request_in_members[] = {
    {"duration_seconds", "DurationSeconds", &lnm_type_integer, 0, "how long the credentials last",
     NULL},
    {"external_id", "ExternalId", &lnm_type_string, 0, "as agreed with the role's owner", NULL},
    {"policy", "Policy", &lnm_type_string, 0, "key policy, JSON", NULL},
    {"policy_arns", "PolicyArns", &lnm_sts_policy_descriptor_list_type_in, 0, NULL, NULL},
    {"role_arn", "RoleArn", &lnm_type_string, LNM_REQUIRED, "role to assume", NULL},
    {"role_session_name", "RoleSessionName", &lnm_type_string, LNM_REQUIRED, "name of the session",
     NULL},
    {"serial_number", "SerialNumber", &lnm_type_string, 0, "MFA device", NULL},
    {"source_identity", "SourceIdentity", &lnm_type_string, 0, NULL, NULL},
    {"tags", "Tags", &lnm_sts_tag_list_type_in, 0, "tags", NULL},
    {"token_code", "TokenCode", &lnm_type_string, LNM_SECRET, "MFA code", NULL},
    {"transitive_tag_keys", "TransitiveTagKeys", &lnm_sts_tag_key_list_type_in, 0, NULL, NULL},
};
static const struct lnm_type lnm_sts_assume_role_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_sts_assume_role_request_in_members,
    .member_count = sizeof lnm_sts_assume_role_request_in_members /
                    sizeof lnm_sts_assume_role_request_in_members[0]};

static const struct lnm_member lnm_sts_assumed_role_user_out_members[] = {
    {"arn", "Arn", &lnm_type_string, 0, NULL, NULL},
    {"assumed_role_id", "AssumedRoleId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_sts_assumed_role_user_out = {
    .kind = LNM_STRUCT,
    .members = lnm_sts_assumed_role_user_out_members,
    .member_count = sizeof lnm_sts_assumed_role_user_out_members /
                    sizeof lnm_sts_assumed_role_user_out_members[0]};

static const struct lnm_member lnm_sts_credentials_out_members[] = {
    {"access_key_id", "AccessKeyId", &lnm_type_string, 0, NULL, NULL},
    {"expiration", "Expiration", &lnm_type_timestamp, 0, NULL, NULL},
    {"secret_access_key", "SecretAccessKey", &lnm_type_string, LNM_SECRET, NULL, NULL},
    {"session_token", "SessionToken", &lnm_type_string, LNM_SECRET, NULL, NULL},
};
static const struct lnm_type lnm_sts_credentials_out = {
    .kind = LNM_STRUCT,
    .members = lnm_sts_credentials_out_members,
    .member_count =
        sizeof lnm_sts_credentials_out_members / sizeof lnm_sts_credentials_out_members[0]};

static const struct lnm_member lnm_sts_assume_role_response_out_members[] = {
    {"assumed_role_user", "AssumedRoleUser", &lnm_sts_assumed_role_user_out, 0, NULL, NULL},
    {"credentials", "Credentials", &lnm_sts_credentials_out, 0, NULL, NULL},
    {"packed_policy_size", "PackedPolicySize", &lnm_type_integer, 0, NULL, NULL},
    {"source_identity", "SourceIdentity", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_sts_assume_role_response_out = {
    .kind = LNM_STRUCT,
    .members = lnm_sts_assume_role_response_out_members,
    .member_count = sizeof lnm_sts_assume_role_response_out_members /
                    sizeof lnm_sts_assume_role_response_out_members[0]};

static const struct lnm_type lnm_sts_get_caller_identity_request_in = {.kind = LNM_STRUCT};

static const struct lnm_member lnm_sts_get_caller_identity_response_out_members[] = {
    {"account", "Account", &lnm_type_string, 0, NULL, NULL},
    {"arn", "Arn", &lnm_type_string, 0, NULL, NULL},
    {"user_id", "UserId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_sts_get_caller_identity_response_out = {
    .kind = LNM_STRUCT,
    .members = lnm_sts_get_caller_identity_response_out_members,
    .member_count = sizeof lnm_sts_get_caller_identity_response_out_members /
                    sizeof lnm_sts_get_caller_identity_response_out_members[0]};

static const struct lnm_operation operations[] = {
    {"AssumeRole", &lnm_sts, &lnm_sts_assume_role_request_in, &lnm_sts_assume_role_response_out, 0,
     "temporary credentials of a role"},
    {"GetCallerIdentity", &lnm_sts, &lnm_sts_get_caller_identity_request_in,
     &lnm_sts_get_caller_identity_response_out, 0, "whose credentials these are"},
};

static const struct lnm_operation_group groups[] = {
    {operations, sizeof operations / sizeof operations[0]}};

const struct lnm_service lnm_sts = {
    .name = "sts",
    .id = "STS",
    .version = "2011-06-15",
    .protocol = LNM_PROTOCOL_QUERY,
    .xmlns = "https://sts.amazonaws.com/doc/2011-06-15/",
    .groups = groups,
    .group_count = 1,
};
