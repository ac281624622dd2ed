/* api_kms.c - rows of KMS. Source: the kms/2014-11-01 service model. */
#include "aws/api_types.h"

static const struct lnm_member lnm_kms_cancel_key_deletion_request_in_members[] = {
    {"key_id", "KeyId", &lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN", NULL},
};
static const struct lnm_type lnm_kms_cancel_key_deletion_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_cancel_key_deletion_request_in_members,
    .member_count = sizeof lnm_kms_cancel_key_deletion_request_in_members /
                    sizeof lnm_kms_cancel_key_deletion_request_in_members[0]};

static const struct lnm_member lnm_kms_cancel_key_deletion_response_out_members[] = {
    {"key_id", "KeyId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_cancel_key_deletion_response_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_cancel_key_deletion_response_out_members,
    .member_count = sizeof lnm_kms_cancel_key_deletion_response_out_members /
                    sizeof lnm_kms_cancel_key_deletion_response_out_members[0]};

static const struct lnm_member lnm_kms_create_alias_request_in_members[] = {
    {"alias_name", "AliasName", &lnm_type_string, LNM_REQUIRED, "alias/…", NULL},
    {"target_key_id", "TargetKeyId", &lnm_type_string, LNM_REQUIRED, "key id or ARN", NULL},
};
static const struct lnm_type lnm_kms_create_alias_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_create_alias_request_in_members,
    .member_count = sizeof lnm_kms_create_alias_request_in_members /
                    sizeof lnm_kms_create_alias_request_in_members[0]};

static const struct lnm_member lnm_kms_tag_in_members[] = {
    {"tag_key", "TagKey", &lnm_type_string, LNM_REQUIRED, NULL, NULL},
    {"tag_value", "TagValue", &lnm_type_string, LNM_REQUIRED, NULL, NULL},
};
static const struct lnm_type lnm_kms_tag_in = {.kind = LNM_STRUCT,
                                               .members = lnm_kms_tag_in_members,
                                               .member_count = sizeof lnm_kms_tag_in_members /
                                                               sizeof lnm_kms_tag_in_members[0]};

static const struct lnm_member lnm_kms_tag_list_in_item = {.wire = "member",
                                                           .type = &lnm_kms_tag_in};
static const struct lnm_type lnm_kms_tag_list_in = {.kind = LNM_LIST,
                                                    .item = &lnm_kms_tag_list_in_item};

static const struct lnm_member lnm_kms_create_key_request_in_members[] = {
    {"bypass_policy_lockout_safety_check", "BypassPolicyLockoutSafetyCheck", &lnm_type_boolean, 0,
     NULL, NULL},
    {"custom_key_store_id", "CustomKeyStoreId", &lnm_type_string, 0, NULL, NULL},
    {"customer_master_key_spec", "CustomerMasterKeySpec", &lnm_type_string, 0, NULL, NULL},
    {"description", "Description", &lnm_type_string, 0, "a line for people", NULL},
    {"key_spec", "KeySpec", &lnm_type_string, 0, "SYMMETRIC_DEFAULT or another kind", NULL},
    {"key_usage", "KeyUsage", &lnm_type_string, 0,
     "ENCRYPT_DECRYPT, SIGN_VERIFY or GENERATE_VERIFY_MAC", NULL},
    {"multi_region", "MultiRegion", &lnm_type_boolean, 0, "make a multi-Region primary key", NULL},
    {"origin", "Origin", &lnm_type_string, 0, NULL, NULL},
    {"policy", "Policy", &lnm_type_string, 0, "key policy, JSON", NULL},
    {"tags", "Tags", &lnm_kms_tag_list_in, 0, "tags", NULL},
    {"xks_key_id", "XksKeyId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_create_key_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_create_key_request_in_members,
    .member_count = sizeof lnm_kms_create_key_request_in_members /
                    sizeof lnm_kms_create_key_request_in_members[0]};

static const struct lnm_member lnm_kms_encryption_algorithm_spec_list_out_item = {
    .wire = "member", .type = &lnm_type_string};
static const struct lnm_type lnm_kms_encryption_algorithm_spec_list_out = {
    .kind = LNM_LIST, .item = &lnm_kms_encryption_algorithm_spec_list_out_item};

static const struct lnm_member lnm_kms_mac_algorithm_spec_list_out_item = {
    .wire = "member", .type = &lnm_type_string};
static const struct lnm_type lnm_kms_mac_algorithm_spec_list_out = {
    .kind = LNM_LIST, .item = &lnm_kms_mac_algorithm_spec_list_out_item};

static const struct lnm_member lnm_kms_multi_region_key_out_members[] = {
    {"arn", "Arn", &lnm_type_string, 0, NULL, NULL},
    {"region", "Region", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_multi_region_key_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_multi_region_key_out_members,
    .member_count = sizeof lnm_kms_multi_region_key_out_members /
                    sizeof lnm_kms_multi_region_key_out_members[0]};

static const struct lnm_member lnm_kms_multi_region_key_list_out_item = {
    .wire = "member", .type = &lnm_kms_multi_region_key_out};
static const struct lnm_type lnm_kms_multi_region_key_list_out = {
    .kind = LNM_LIST, .item = &lnm_kms_multi_region_key_list_out_item};

static const struct lnm_member lnm_kms_multi_region_configuration_out_members[] = {
    {"multi_region_key_type", "MultiRegionKeyType", &lnm_type_string, 0, NULL, NULL},
    {"primary_key", "PrimaryKey", &lnm_kms_multi_region_key_out, 0, NULL, NULL},
    {"replica_keys", "ReplicaKeys", &lnm_kms_multi_region_key_list_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_multi_region_configuration_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_multi_region_configuration_out_members,
    .member_count = sizeof lnm_kms_multi_region_configuration_out_members /
                    sizeof lnm_kms_multi_region_configuration_out_members[0]};

static const struct lnm_member lnm_kms_signing_algorithm_spec_list_out_item = {
    .wire = "member", .type = &lnm_type_string};
static const struct lnm_type lnm_kms_signing_algorithm_spec_list_out = {
    .kind = LNM_LIST, .item = &lnm_kms_signing_algorithm_spec_list_out_item};

static const struct lnm_member lnm_kms_xks_key_configuration_type_out_members[] = {
    {"id", "Id", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_xks_key_configuration_type_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_xks_key_configuration_type_out_members,
    .member_count = sizeof lnm_kms_xks_key_configuration_type_out_members /
                    sizeof lnm_kms_xks_key_configuration_type_out_members[0]};

static const struct lnm_member lnm_kms_key_metadata_out_members[] = {
    {"aws_account_id", "AWSAccountId", &lnm_type_string, 0, NULL, NULL},
    {"arn", "Arn", &lnm_type_string, 0, NULL, NULL},
    {"cloud_hsm_cluster_id", "CloudHsmClusterId", &lnm_type_string, 0, NULL, NULL},
    {"creation_date", "CreationDate", &lnm_type_timestamp, 0, NULL, NULL},
    {"custom_key_store_id", "CustomKeyStoreId", &lnm_type_string, 0, NULL, NULL},
    {"customer_master_key_spec", "CustomerMasterKeySpec", &lnm_type_string, 0, NULL, NULL},
    {"deletion_date", "DeletionDate", &lnm_type_timestamp, 0, NULL, NULL},
    {"description", "Description", &lnm_type_string, 0, NULL, NULL},
    {"enabled", "Enabled", &lnm_type_boolean, 0, NULL, NULL},
    {"encryption_algorithms", "EncryptionAlgorithms", &lnm_kms_encryption_algorithm_spec_list_out,
     0, NULL, NULL},
    {"expiration_model", "ExpirationModel", &lnm_type_string, 0, NULL, NULL},
    {"key_id", "KeyId", &lnm_type_string, 0, NULL, NULL},
    {"key_manager", "KeyManager", &lnm_type_string, 0, NULL, NULL},
    {"key_spec", "KeySpec", &lnm_type_string, 0, NULL, NULL},
    {"key_state", "KeyState", &lnm_type_string, 0, NULL, NULL},
    {"key_usage", "KeyUsage", &lnm_type_string, 0, NULL, NULL},
    {"mac_algorithms", "MacAlgorithms", &lnm_kms_mac_algorithm_spec_list_out, 0, NULL, NULL},
    {"multi_region", "MultiRegion", &lnm_type_boolean, 0, NULL, NULL},
    {"multi_region_configuration", "MultiRegionConfiguration",
     &lnm_kms_multi_region_configuration_out, 0, NULL, NULL},
    {"origin", "Origin", &lnm_type_string, 0, NULL, NULL},
    {"pending_deletion_window_in_days", "PendingDeletionWindowInDays", &lnm_type_integer, 0, NULL,
     NULL},
    {"signing_algorithms", "SigningAlgorithms", &lnm_kms_signing_algorithm_spec_list_out, 0, NULL,
     NULL},
    {"valid_to", "ValidTo", &lnm_type_timestamp, 0, NULL, NULL},
    {"xks_key_configuration", "XksKeyConfiguration", &lnm_kms_xks_key_configuration_type_out, 0,
     NULL, NULL},
};
static const struct lnm_type lnm_kms_key_metadata_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_key_metadata_out_members,
    .member_count =
        sizeof lnm_kms_key_metadata_out_members / sizeof lnm_kms_key_metadata_out_members[0]};

static const struct lnm_member lnm_kms_create_key_response_out_members[] = {
    {"key_metadata", "KeyMetadata", &lnm_kms_key_metadata_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_create_key_response_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_create_key_response_out_members,
    .member_count = sizeof lnm_kms_create_key_response_out_members /
                    sizeof lnm_kms_create_key_response_out_members[0]};

static const struct lnm_member lnm_kms_grant_token_list_in_item = {.wire = "member",
                                                                   .type = &lnm_type_string};
static const struct lnm_type lnm_kms_grant_token_list_in = {
    .kind = LNM_LIST, .item = &lnm_kms_grant_token_list_in_item};

static const struct lnm_member lnm_kms_describe_key_request_in_members[] = {
    {"grant_tokens", "GrantTokens", &lnm_kms_grant_token_list_in, 0, NULL, NULL},
    {"key_id", "KeyId", &lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN", NULL},
};
static const struct lnm_type lnm_kms_describe_key_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_describe_key_request_in_members,
    .member_count = sizeof lnm_kms_describe_key_request_in_members /
                    sizeof lnm_kms_describe_key_request_in_members[0]};

static const struct lnm_member lnm_kms_describe_key_response_out_members[] = {
    {"key_metadata", "KeyMetadata", &lnm_kms_key_metadata_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_describe_key_response_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_describe_key_response_out_members,
    .member_count = sizeof lnm_kms_describe_key_response_out_members /
                    sizeof lnm_kms_describe_key_response_out_members[0]};

static const struct lnm_member lnm_kms_disable_key_request_in_members[] = {
    {"key_id", "KeyId", &lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN", NULL},
};
static const struct lnm_type lnm_kms_disable_key_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_disable_key_request_in_members,
    .member_count = sizeof lnm_kms_disable_key_request_in_members /
                    sizeof lnm_kms_disable_key_request_in_members[0]};

static const struct lnm_member lnm_kms_enable_key_request_in_members[] = {
    {"key_id", "KeyId", &lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN", NULL},
};
static const struct lnm_type lnm_kms_enable_key_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_enable_key_request_in_members,
    .member_count = sizeof lnm_kms_enable_key_request_in_members /
                    sizeof lnm_kms_enable_key_request_in_members[0]};

static const struct lnm_member lnm_kms_list_aliases_request_in_members[] = {
    {"key_id", "KeyId", &lnm_type_string, 0, "key id, ARN, alias or alias ARN", NULL},
    {"limit", "Limit", &lnm_type_integer, 0, "items on one page", NULL},
    {"marker", "Marker", &lnm_type_string, 0, "where the next page begins", NULL},
};
static const struct lnm_type lnm_kms_list_aliases_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_list_aliases_request_in_members,
    .member_count = sizeof lnm_kms_list_aliases_request_in_members /
                    sizeof lnm_kms_list_aliases_request_in_members[0]};

static const struct lnm_member lnm_kms_alias_list_entry_out_members[] = {
    {"alias_arn", "AliasArn", &lnm_type_string, 0, NULL, NULL},
    {"alias_name", "AliasName", &lnm_type_string, 0, NULL, NULL},
    {"creation_date", "CreationDate", &lnm_type_timestamp, 0, NULL, NULL},
    {"last_updated_date", "LastUpdatedDate", &lnm_type_timestamp, 0, NULL, NULL},
    {"target_key_id", "TargetKeyId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_alias_list_entry_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_alias_list_entry_out_members,
    .member_count = sizeof lnm_kms_alias_list_entry_out_members /
                    sizeof lnm_kms_alias_list_entry_out_members[0]};

static const struct lnm_member lnm_kms_alias_list_out_item = {
    .wire = "member", .type = &lnm_kms_alias_list_entry_out};
static const struct lnm_type lnm_kms_alias_list_out = {.kind = LNM_LIST,
                                                       .item = &lnm_kms_alias_list_out_item};

static const struct lnm_member lnm_kms_list_aliases_response_out_members[] = {
    {"aliases", "Aliases", &lnm_kms_alias_list_out, 0, NULL, NULL},
    {"next_marker", "NextMarker", &lnm_type_string, 0, NULL, NULL},
    {"truncated", "Truncated", &lnm_type_boolean, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_list_aliases_response_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_list_aliases_response_out_members,
    .member_count = sizeof lnm_kms_list_aliases_response_out_members /
                    sizeof lnm_kms_list_aliases_response_out_members[0]};

static const struct lnm_member lnm_kms_list_keys_request_in_members[] = {
    {"limit", "Limit", &lnm_type_integer, 0, "items on one page", NULL},
    {"marker", "Marker", &lnm_type_string, 0, "where the next page begins", NULL},
};
static const struct lnm_type lnm_kms_list_keys_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_list_keys_request_in_members,
    .member_count = sizeof lnm_kms_list_keys_request_in_members /
                    sizeof lnm_kms_list_keys_request_in_members[0]};

static const struct lnm_member lnm_kms_key_list_entry_out_members[] = {
    {"key_arn", "KeyArn", &lnm_type_string, 0, NULL, NULL},
    {"key_id", "KeyId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_key_list_entry_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_key_list_entry_out_members,
    .member_count =
        sizeof lnm_kms_key_list_entry_out_members / sizeof lnm_kms_key_list_entry_out_members[0]};

static const struct lnm_member lnm_kms_key_list_out_item = {.wire = "member",
                                                            .type = &lnm_kms_key_list_entry_out};
static const struct lnm_type lnm_kms_key_list_out = {.kind = LNM_LIST,
                                                     .item = &lnm_kms_key_list_out_item};

static const struct lnm_member lnm_kms_list_keys_response_out_members[] = {
    {"keys", "Keys", &lnm_kms_key_list_out, 0, NULL, NULL},
    {"next_marker", "NextMarker", &lnm_type_string, 0, NULL, NULL},
    {"truncated", "Truncated", &lnm_type_boolean, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_list_keys_response_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_list_keys_response_out_members,
    .member_count = sizeof lnm_kms_list_keys_response_out_members /
                    sizeof lnm_kms_list_keys_response_out_members[0]};

static const struct lnm_member lnm_kms_schedule_key_deletion_request_in_members[] = {
    {"key_id", "KeyId", &lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN", NULL},
    {"pending_window_in_days", "PendingWindowInDays", &lnm_type_integer, 0, "7 to 30", NULL},
};
static const struct lnm_type lnm_kms_schedule_key_deletion_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_schedule_key_deletion_request_in_members,
    .member_count = sizeof lnm_kms_schedule_key_deletion_request_in_members /
                    sizeof lnm_kms_schedule_key_deletion_request_in_members[0]};

static const struct lnm_member lnm_kms_schedule_key_deletion_response_out_members[] = {
    {"deletion_date", "DeletionDate", &lnm_type_timestamp, 0, NULL, NULL},
    {"key_id", "KeyId", &lnm_type_string, 0, NULL, NULL},
    {"key_state", "KeyState", &lnm_type_string, 0, NULL, NULL},
    {"pending_window_in_days", "PendingWindowInDays", &lnm_type_integer, 0, NULL, NULL},
};
static const struct lnm_type lnm_kms_schedule_key_deletion_response_out = {
    .kind = LNM_STRUCT,
    .members = lnm_kms_schedule_key_deletion_response_out_members,
    .member_count = sizeof lnm_kms_schedule_key_deletion_response_out_members /
                    sizeof lnm_kms_schedule_key_deletion_response_out_members[0]};

static const struct lnm_operation operations[] = {
    {"CancelKeyDeletion", &lnm_kms, &lnm_kms_cancel_key_deletion_request_in,
     &lnm_kms_cancel_key_deletion_response_out, LNM_MUTATES, "keep a key that is pending deletion"},
    {"CreateAlias", &lnm_kms, &lnm_kms_create_alias_request_in, &lnm_type_nothing, LNM_MUTATES,
     "give a key an alias"},
    {"CreateKey", &lnm_kms, &lnm_kms_create_key_request_in, &lnm_kms_create_key_response_out,
     LNM_MUTATES, "make a key"},
    {"DescribeKey", &lnm_kms, &lnm_kms_describe_key_request_in, &lnm_kms_describe_key_response_out,
     0, "what a key is and its state"},
    {"DisableKey", &lnm_kms, &lnm_kms_disable_key_request_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "make a key unusable for now"},
    {"EnableKey", &lnm_kms, &lnm_kms_enable_key_request_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "make a disabled key usable"},
    {"ListAliases", &lnm_kms, &lnm_kms_list_aliases_request_in, &lnm_kms_list_aliases_response_out,
     LNM_PAGED, "list aliases"},
    {"ListKeys", &lnm_kms, &lnm_kms_list_keys_request_in, &lnm_kms_list_keys_response_out,
     LNM_PAGED, "list keys"},
    {"ScheduleKeyDeletion", &lnm_kms, &lnm_kms_schedule_key_deletion_request_in,
     &lnm_kms_schedule_key_deletion_response_out, LNM_MUTATES, "delete a key after a waiting time"},
};

static const struct lnm_operation_group groups[] = {
    {operations, sizeof operations / sizeof operations[0]}};

const struct lnm_service lnm_kms = {
    .name = "kms",
    .id = "KMS",
    .version = "2014-11-01",
    .protocol = LNM_PROTOCOL_JSON11,
    .target_prefix = "TrentService",
    .groups = groups,
    .group_count = 1,
};
