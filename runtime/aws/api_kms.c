/* api_kms.c - rows of KMS. Source: the kms/2014-11-01 service model. */
#include "aws/api_types.h"

static const struct lnm_member cancel_key_deletion_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN"),
};
static const struct lnm_type cancel_key_deletion_in = LNM_FIELDS(cancel_key_deletion_in_members);

static const struct lnm_member cancel_key_deletion_out_members[] = {
    LNM_OUT("key_id", "KeyId", lnm_type_string),
};
static const struct lnm_type cancel_key_deletion_out = LNM_FIELDS(cancel_key_deletion_out_members);

static const struct lnm_member create_alias_in_members[] = {
    LNM_IN("alias_name", "AliasName", lnm_type_string, LNM_REQUIRED, "alias/…"),
    LNM_IN("target_key_id", "TargetKeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
};
static const struct lnm_type create_alias_in = LNM_FIELDS(create_alias_in_members);

static const struct lnm_member create_key_in_members[] = {
    LNM_IN("bypass_policy_lockout_safety_check", "BypassPolicyLockoutSafetyCheck", lnm_type_boolean,
           0, "allow a policy that locks you out"),
    LNM_IN("custom_key_store_id", "CustomKeyStoreId", lnm_type_string, 0,
           "custom key store to keep the key in"),
    LNM_WORDS("customer_master_key_spec", "CustomerMasterKeySpec", 0, "old name of key_spec",
              "RSA_2048|RSA_3072|RSA_4096|ECC_NIST_P256|ECC_NIST_P384|ECC_NIST_P521|ECC_SECG_"
              "P256K1|SYMMETRIC_DEFAULT|HMAC_224|HMAC_256|HMAC_384|HMAC_512|SM2"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_WORDS("key_spec", "KeySpec", 0, "SYMMETRIC_DEFAULT or another kind",
              "RSA_2048|RSA_3072|RSA_4096|ECC_NIST_P256|ECC_NIST_P384|ECC_NIST_P521|ECC_SECG_"
              "P256K1|SYMMETRIC_DEFAULT|HMAC_224|HMAC_256|HMAC_384|HMAC_512|SM2|ML_DSA_44|ML_DSA_"
              "65|ML_DSA_87|ECC_NIST_EDWARDS25519"),
    LNM_WORDS("key_usage", "KeyUsage", 0,
              "ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC or KEY_AGREEMENT",
              "SIGN_VERIFY|ENCRYPT_DECRYPT|GENERATE_VERIFY_MAC|KEY_AGREEMENT"),
    LNM_IN("multi_region", "MultiRegion", lnm_type_boolean, 0, "make a multi-Region primary key"),
    LNM_WORDS("origin", "Origin", 0, "AWS_KMS, EXTERNAL, AWS_CLOUDHSM or EXTERNAL_KEY_STORE",
              "AWS_KMS|EXTERNAL|AWS_CLOUDHSM|EXTERNAL_KEY_STORE"),
    LNM_IN("policy", "Policy", lnm_type_string, 0, "key policy, JSON"),
    LNM_IN("tags", "Tags", lnm_kms_tag_list, 0, "tags"),
    LNM_IN("xks_key_id", "XksKeyId", lnm_type_string, 0, "key in the external key store"),
};
static const struct lnm_type create_key_in = LNM_FIELDS(create_key_in_members);

static const struct lnm_type encryption_algorithm_spec_list_out =
    LNM_ITEMS("member", lnm_type_string);

static const struct lnm_type mac_algorithm_spec_list_out = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member multi_region_key_out_members[] = {
    LNM_OUT("arn", "Arn", lnm_type_string),
    LNM_OUT("region", "Region", lnm_type_string),
};
static const struct lnm_type multi_region_key_out = LNM_FIELDS(multi_region_key_out_members);

static const struct lnm_type multi_region_key_list_out = LNM_ITEMS("member", multi_region_key_out);

static const struct lnm_member multi_region_configuration_out_members[] = {
    LNM_OUT("multi_region_key_type", "MultiRegionKeyType", lnm_type_string),
    LNM_OUT("primary_key", "PrimaryKey", multi_region_key_out),
    LNM_OUT("replica_keys", "ReplicaKeys", multi_region_key_list_out),
};
static const struct lnm_type multi_region_configuration_out =
    LNM_FIELDS(multi_region_configuration_out_members);

static const struct lnm_type signing_algorithm_spec_list_out = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member xks_key_configuration_type_out_members[] = {
    LNM_OUT("id", "Id", lnm_type_string),
};
static const struct lnm_type xks_key_configuration_type_out =
    LNM_FIELDS(xks_key_configuration_type_out_members);

static const struct lnm_type key_agreement_algorithm_spec_list_out =
    LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member key_metadata_out_members[] = {
    LNM_OUT("arn", "Arn", lnm_type_string),
    LNM_OUT("aws_account_id", "AWSAccountId", lnm_type_string),
    LNM_OUT("cloud_hsm_cluster_id", "CloudHsmClusterId", lnm_type_string),
    LNM_OUT("creation_date", "CreationDate", lnm_type_timestamp),
    LNM_OUT("current_key_material_id", "CurrentKeyMaterialId", lnm_type_string),
    LNM_OUT("custom_key_store_id", "CustomKeyStoreId", lnm_type_string),
    LNM_OUT("customer_master_key_spec", "CustomerMasterKeySpec", lnm_type_string),
    LNM_OUT("deletion_date", "DeletionDate", lnm_type_timestamp),
    LNM_OUT("description", "Description", lnm_type_string),
    LNM_OUT("enabled", "Enabled", lnm_type_boolean),
    LNM_OUT("encryption_algorithms", "EncryptionAlgorithms", encryption_algorithm_spec_list_out),
    LNM_OUT("expiration_model", "ExpirationModel", lnm_type_string),
    LNM_OUT("key_agreement_algorithms", "KeyAgreementAlgorithms",
            key_agreement_algorithm_spec_list_out),
    LNM_OUT("key_id", "KeyId", lnm_type_string),
    LNM_OUT("key_manager", "KeyManager", lnm_type_string),
    LNM_OUT("key_spec", "KeySpec", lnm_type_string),
    LNM_OUT("key_state", "KeyState", lnm_type_string),
    LNM_OUT("key_usage", "KeyUsage", lnm_type_string),
    LNM_OUT("mac_algorithms", "MacAlgorithms", mac_algorithm_spec_list_out),
    LNM_OUT("multi_region", "MultiRegion", lnm_type_boolean),
    LNM_OUT("multi_region_configuration", "MultiRegionConfiguration",
            multi_region_configuration_out),
    LNM_OUT("origin", "Origin", lnm_type_string),
    LNM_OUT("pending_deletion_window_in_days", "PendingDeletionWindowInDays", lnm_type_integer),
    LNM_OUT("signing_algorithms", "SigningAlgorithms", signing_algorithm_spec_list_out),
    LNM_OUT("valid_to", "ValidTo", lnm_type_timestamp),
    LNM_OUT("xks_key_configuration", "XksKeyConfiguration", xks_key_configuration_type_out),
};
const struct lnm_type lnm_kms_key_metadata = LNM_FIELDS(key_metadata_out_members);

static const struct lnm_member create_key_out_members[] = {
    LNM_OUT("key_metadata", "KeyMetadata", lnm_kms_key_metadata),
};
static const struct lnm_type create_key_out = LNM_FIELDS(create_key_out_members);

static const struct lnm_member describe_key_in_members[] = {
    LNM_IN("grant_tokens", "GrantTokens", lnm_kms_grant_token_list, 0,
           "tokens of grants that are still spreading"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN"),
};
static const struct lnm_type describe_key_in = LNM_FIELDS(describe_key_in_members);

static const struct lnm_member describe_key_out_members[] = {
    LNM_OUT("key_metadata", "KeyMetadata", lnm_kms_key_metadata),
};
static const struct lnm_type describe_key_out = LNM_FIELDS(describe_key_out_members);

static const struct lnm_member disable_key_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN"),
};
static const struct lnm_type disable_key_in = LNM_FIELDS(disable_key_in_members);

static const struct lnm_member enable_key_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN"),
};
static const struct lnm_type enable_key_in = LNM_FIELDS(enable_key_in_members);

static const struct lnm_member list_aliases_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, 0, "key id, ARN, alias or alias ARN"),
    LNM_IN("limit", "Limit", lnm_type_integer, 0, "items on one page"),
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type list_aliases_in = LNM_FIELDS(list_aliases_in_members);

static const struct lnm_member alias_list_entry_out_members[] = {
    LNM_OUT("alias_arn", "AliasArn", lnm_type_string),
    LNM_OUT("alias_name", "AliasName", lnm_type_string),
    LNM_OUT("creation_date", "CreationDate", lnm_type_timestamp),
    LNM_OUT("last_updated_date", "LastUpdatedDate", lnm_type_timestamp),
    LNM_OUT("target_key_id", "TargetKeyId", lnm_type_string),
};
static const struct lnm_type alias_list_entry_out = LNM_FIELDS(alias_list_entry_out_members);

static const struct lnm_type alias_list_out = LNM_ITEMS("member", alias_list_entry_out);

static const struct lnm_member list_aliases_out_members[] = {
    LNM_OUT("aliases", "Aliases", alias_list_out),
    LNM_OUT("next_marker", "NextMarker", lnm_type_string),
    LNM_OUT("truncated", "Truncated", lnm_type_boolean),
};
static const struct lnm_type list_aliases_out = LNM_FIELDS(list_aliases_out_members);

static const struct lnm_member list_keys_in_members[] = {
    LNM_IN("limit", "Limit", lnm_type_integer, 0, "items on one page"),
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type list_keys_in = LNM_FIELDS(list_keys_in_members);

static const struct lnm_member key_list_entry_out_members[] = {
    LNM_OUT("key_arn", "KeyArn", lnm_type_string),
    LNM_OUT("key_id", "KeyId", lnm_type_string),
};
static const struct lnm_type key_list_entry_out = LNM_FIELDS(key_list_entry_out_members);

static const struct lnm_type key_list_out = LNM_ITEMS("member", key_list_entry_out);

static const struct lnm_member list_keys_out_members[] = {
    LNM_OUT("keys", "Keys", key_list_out),
    LNM_OUT("next_marker", "NextMarker", lnm_type_string),
    LNM_OUT("truncated", "Truncated", lnm_type_boolean),
};
static const struct lnm_type list_keys_out = LNM_FIELDS(list_keys_out_members);

static const struct lnm_member schedule_key_deletion_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id, ARN, alias or alias ARN"),
    LNM_IN("pending_window_in_days", "PendingWindowInDays", lnm_type_integer, 0, "7 to 30"),
};
static const struct lnm_type schedule_key_deletion_in =
    LNM_FIELDS(schedule_key_deletion_in_members);

static const struct lnm_member schedule_key_deletion_out_members[] = {
    LNM_OUT("deletion_date", "DeletionDate", lnm_type_timestamp),
    LNM_OUT("key_id", "KeyId", lnm_type_string),
    LNM_OUT("key_state", "KeyState", lnm_type_string),
    LNM_OUT("pending_window_in_days", "PendingWindowInDays", lnm_type_integer),
};
static const struct lnm_type schedule_key_deletion_out =
    LNM_FIELDS(schedule_key_deletion_out_members);

static const struct lnm_operation operations[] = {
    {"CancelKeyDeletion", &lnm_kms, &cancel_key_deletion_in, &cancel_key_deletion_out, LNM_MUTATES,
     "keep a key that is pending deletion"},
    {"CreateAlias", &lnm_kms, &create_alias_in, &lnm_type_nothing, LNM_MUTATES,
     "give a key an alias"},
    {"CreateKey", &lnm_kms, &create_key_in, &create_key_out, LNM_MUTATES, "make a key"},
    {"DescribeKey", &lnm_kms, &describe_key_in, &describe_key_out, 0,
     "what a key is and its state"},
    {"DisableKey", &lnm_kms, &disable_key_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "make a key unusable for now"},
    {"EnableKey", &lnm_kms, &enable_key_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "make a disabled key usable"},
    {"ListAliases", &lnm_kms, &list_aliases_in, &list_aliases_out, LNM_PAGED, "list aliases"},
    {"ListKeys", &lnm_kms, &list_keys_in, &list_keys_out, LNM_PAGED, "list keys"},
    {"ScheduleKeyDeletion", &lnm_kms, &schedule_key_deletion_in, &schedule_key_deletion_out,
     LNM_MUTATES, "delete a key after a waiting time"},
};

static const struct lnm_operation_group groups[] = {
    {operations, sizeof operations / sizeof operations[0]},
    {lnm_kms_grant_operations, LNM_KMS_GRANT_COUNT},
    {lnm_kms_tag_operations, LNM_KMS_TAG_COUNT},
    {lnm_kms_crypto_operations, LNM_KMS_CRYPTO_COUNT},
    {lnm_kms_material_operations, LNM_KMS_MATERIAL_COUNT},
};

const struct lnm_service lnm_kms = {
    .name = "kms",
    .id = "KMS",
    .version = "2014-11-01",
    .protocol = LNM_PROTOCOL_JSON11,
    .target_prefix = "TrentService",
    .groups = groups,
    .group_count = sizeof groups / sizeof groups[0],
};
