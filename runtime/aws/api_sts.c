/* api_sts.c - rows of STS. Source: the sts/2011-06-15 service model. */
#include "aws/api_types.h"

static const struct lnm_member policy_descriptor_type_in_members[] = {
    LNM_IN("arn", "arn", lnm_type_string, 0, "ARN of the policy"),
};
static const struct lnm_type policy_descriptor_type_in =
    LNM_FIELDS(policy_descriptor_type_in_members);

static const struct lnm_type policy_descriptor_list_type_in =
    LNM_ITEMS("member", policy_descriptor_type_in);

static const struct lnm_member tag_in_members[] = {
    LNM_IN("key", "Key", lnm_type_string, LNM_REQUIRED, "key of the tag"),
    LNM_IN("value", "Value", lnm_type_string, LNM_REQUIRED, "value of the tag"),
};
static const struct lnm_type tag_in = LNM_FIELDS(tag_in_members);

static const struct lnm_type tag_list_type_in = LNM_ITEMS("member", tag_in);

static const struct lnm_type tag_key_list_type_in = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member assume_role_in_members[] = {
    LNM_IN("duration_seconds", "DurationSeconds", lnm_type_integer, 0,
           "how long the credentials last"),
    LNM_IN("external_id", "ExternalId", lnm_type_string, 0, "as agreed with the role's owner"),
    LNM_IN("policy", "Policy", lnm_type_string, 0,
           "session policy, JSON: narrows what the role may do"),
    LNM_IN("policy_arns", "PolicyArns", policy_descriptor_list_type_in, 0,
           "managed policies that narrow what the role may do"),
    LNM_IN("role_arn", "RoleArn", lnm_type_string, LNM_REQUIRED, "role to assume"),
    LNM_IN("role_session_name", "RoleSessionName", lnm_type_string, LNM_REQUIRED,
           "name of the session"),
    LNM_IN("serial_number", "SerialNumber", lnm_type_string, 0, "MFA device"),
    LNM_IN("source_identity", "SourceIdentity", lnm_type_string, 0,
           "identity to log for what the session does"),
    LNM_IN("tags", "Tags", tag_list_type_in, 0, "session tags"),
    LNM_IN("token_code", "TokenCode", lnm_type_string, LNM_SECRET, "MFA code"),
    LNM_IN("transitive_tag_keys", "TransitiveTagKeys", tag_key_list_type_in, 0,
           "session tags that chained roles keep"),
};
static const struct lnm_type assume_role_in = LNM_FIELDS(assume_role_in_members);

static const struct lnm_member assumed_role_user_out_members[] = {
    LNM_OUT("arn", "Arn", lnm_type_string),
    LNM_OUT("assumed_role_id", "AssumedRoleId", lnm_type_string),
};
static const struct lnm_type assumed_role_user_out = LNM_FIELDS(assumed_role_user_out_members);

static const struct lnm_member credentials_out_members[] = {
    LNM_OUT("access_key_id", "AccessKeyId", lnm_type_string),
    LNM_OUT("expiration", "Expiration", lnm_type_timestamp),
    LNM_OUT_SECRET("secret_access_key", "SecretAccessKey", lnm_type_string),
    LNM_OUT_SECRET("session_token", "SessionToken", lnm_type_string),
};
static const struct lnm_type credentials_out = LNM_FIELDS(credentials_out_members);

static const struct lnm_member assume_role_out_members[] = {
    LNM_OUT("assumed_role_user", "AssumedRoleUser", assumed_role_user_out),
    LNM_OUT("credentials", "Credentials", credentials_out),
    LNM_OUT("packed_policy_size", "PackedPolicySize", lnm_type_integer),
    LNM_OUT("source_identity", "SourceIdentity", lnm_type_string),
};
static const struct lnm_type assume_role_out = LNM_FIELDS(assume_role_out_members);

static const struct lnm_member assume_role_with_web_identity_in_members[] = {
    LNM_IN("duration_seconds", "DurationSeconds", lnm_type_integer, 0,
           "how long the credentials last"),
    LNM_IN("policy", "Policy", lnm_type_string, 0,
           "session policy, JSON: narrows what the role may do"),
    LNM_IN("policy_arns", "PolicyArns", policy_descriptor_list_type_in, 0,
           "managed policies that narrow what the role may do"),
    LNM_IN("provider_id", "ProviderId", lnm_type_string, 0, "host of an OAuth 2.0 provider"),
    LNM_IN("role_arn", "RoleArn", lnm_type_string, LNM_REQUIRED, "role to assume"),
    LNM_IN("role_session_name", "RoleSessionName", lnm_type_string, LNM_REQUIRED,
           "name of the session"),
    LNM_IN("web_identity_token", "WebIdentityToken", lnm_type_string, LNM_REQUIRED | LNM_SECRET,
           "token of the issuer"),
};
static const struct lnm_type assume_role_with_web_identity_in =
    LNM_FIELDS(assume_role_with_web_identity_in_members);

static const struct lnm_member assume_role_with_web_identity_out_members[] = {
    LNM_OUT("assumed_role_user", "AssumedRoleUser", assumed_role_user_out),
    LNM_OUT("audience", "Audience", lnm_type_string),
    LNM_OUT("credentials", "Credentials", credentials_out),
    LNM_OUT("packed_policy_size", "PackedPolicySize", lnm_type_integer),
    LNM_OUT("provider", "Provider", lnm_type_string),
    LNM_OUT("source_identity", "SourceIdentity", lnm_type_string),
    LNM_OUT("subject_from_web_identity_token", "SubjectFromWebIdentityToken", lnm_type_string),
};
static const struct lnm_type assume_role_with_web_identity_out =
    LNM_FIELDS(assume_role_with_web_identity_out_members);

static const struct lnm_member decode_authorization_message_in_members[] = {
    LNM_IN("encoded_message", "EncodedMessage", lnm_type_string, LNM_REQUIRED,
           "the text from the error"),
};
static const struct lnm_type decode_authorization_message_in =
    LNM_FIELDS(decode_authorization_message_in_members);

static const struct lnm_member decode_authorization_message_out_members[] = {
    LNM_OUT("decoded_message", "DecodedMessage", lnm_type_string),
};
static const struct lnm_type decode_authorization_message_out =
    LNM_FIELDS(decode_authorization_message_out_members);

static const struct lnm_type get_caller_identity_in = {.kind = LNM_STRUCT};

static const struct lnm_member get_caller_identity_out_members[] = {
    LNM_OUT("account", "Account", lnm_type_string),
    LNM_OUT("arn", "Arn", lnm_type_string),
    LNM_OUT("user_id", "UserId", lnm_type_string),
};
static const struct lnm_type get_caller_identity_out = LNM_FIELDS(get_caller_identity_out_members);

static const struct lnm_member get_session_token_in_members[] = {
    LNM_IN("duration_seconds", "DurationSeconds", lnm_type_integer, 0,
           "how long the credentials last"),
    LNM_IN("serial_number", "SerialNumber", lnm_type_string, 0, "MFA device"),
    LNM_IN("token_code", "TokenCode", lnm_type_string, LNM_SECRET, "MFA code"),
};
static const struct lnm_type get_session_token_in = LNM_FIELDS(get_session_token_in_members);

static const struct lnm_member get_session_token_out_members[] = {
    LNM_OUT("credentials", "Credentials", credentials_out),
};
static const struct lnm_type get_session_token_out = LNM_FIELDS(get_session_token_out_members);

static const struct lnm_operation operations[] = {
    {"AssumeRole", &lnm_sts, &assume_role_in, &assume_role_out, LNM_TELLS_KEYS,
     "temporary credentials of a role"},
    {"AssumeRoleWithWebIdentity", &lnm_sts, &assume_role_with_web_identity_in,
     &assume_role_with_web_identity_out, LNM_UNSIGNED | LNM_TELLS_KEYS,
     "temporary credentials of a role, for a token of an issuer"},
    {"DecodeAuthorizationMessage", &lnm_sts, &decode_authorization_message_in,
     &decode_authorization_message_out, 0, "why a request was not authorized"},
    {"GetCallerIdentity", &lnm_sts, &get_caller_identity_in, &get_caller_identity_out, 0,
     "whose credentials these are"},
    {"GetSessionToken", &lnm_sts, &get_session_token_in, &get_session_token_out, LNM_TELLS_KEYS,
     "temporary credentials of a user"},
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
