/* api_kms_grant.c - rows of the KMS actions on grants, policies and aliases. Source: the
 * kms/2014-11-01 service model. */
#include "aws/api_types.h"

static const struct lnm_type grant_operation_list_in = LNM_ITEMS("member", lnm_type_string);

const struct lnm_type lnm_kms_encryption_context = {
    .kind = LNM_MAP, .item = &(const struct lnm_member){.wire = "value", .type = &lnm_type_string}};

static const struct lnm_member grant_constraints_in_members[] = {
    LNM_IN("encryption_context_equals", "EncryptionContextEquals", lnm_kms_encryption_context, 0,
           "pairs that must be the context"),
    LNM_IN("encryption_context_subset", "EncryptionContextSubset", lnm_kms_encryption_context, 0,
           "pairs that must be among the context"),
};
static const struct lnm_type grant_constraints_in = LNM_FIELDS(grant_constraints_in_members);

const struct lnm_type lnm_kms_grant_token_list = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member create_grant_in_members[] = {
    LNM_IN("constraints", "Constraints", grant_constraints_in, 0,
           "conditions on the encryption context"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("grant_tokens", "GrantTokens", lnm_kms_grant_token_list, 0,
           "tokens of grants that may not be known everywhere yet"),
    LNM_IN("grantee_principal", "GranteePrincipal", lnm_type_string, LNM_REQUIRED,
           "ARN of who may use the key"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("name", "Name", lnm_type_string, 0, "name of the grant"),
    LNM_IN("operations", "Operations", grant_operation_list_in, LNM_REQUIRED,
           "what the grant allows: Decrypt, CreateGrant …"),
    LNM_IN("retiring_principal", "RetiringPrincipal", lnm_type_string, 0,
           "ARN of who may give the grant up"),
};
static const struct lnm_type create_grant_in = LNM_FIELDS(create_grant_in_members);

static const struct lnm_member create_grant_out_members[] = {
    LNM_OUT("grant_id", "GrantId", lnm_type_string),
    LNM_OUT("grant_token", "GrantToken", lnm_type_string),
};
static const struct lnm_type create_grant_out = LNM_FIELDS(create_grant_out_members);

static const struct lnm_member delete_alias_in_members[] = {
    LNM_IN("alias_name", "AliasName", lnm_type_string, LNM_REQUIRED, "alias/…"),
};
static const struct lnm_type delete_alias_in = LNM_FIELDS(delete_alias_in_members);

static const struct lnm_member get_key_policy_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("policy_name", "PolicyName", lnm_type_string, 0, "default"),
};
static const struct lnm_type get_key_policy_in = LNM_FIELDS(get_key_policy_in_members);

static const struct lnm_member get_key_policy_out_members[] = {
    LNM_OUT("policy", "Policy", lnm_type_string),
    LNM_OUT("policy_name", "PolicyName", lnm_type_string),
};
static const struct lnm_type get_key_policy_out = LNM_FIELDS(get_key_policy_out_members);

static const struct lnm_member list_grants_in_members[] = {
    LNM_IN("grant_id", "GrantId", lnm_type_string, 0, "grant"),
    LNM_IN("grantee_principal", "GranteePrincipal", lnm_type_string, 0,
           "ARN of who may use the key"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("limit", "Limit", lnm_type_integer, 0, "items on one page"),
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type list_grants_in = LNM_FIELDS(list_grants_in_members);

static const struct lnm_type grant_operation_list_out = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_type encryption_context_type_out = {
    .kind = LNM_MAP, .item = &(const struct lnm_member){.wire = "value", .type = &lnm_type_string}};

static const struct lnm_member grant_constraints_out_members[] = {
    LNM_OUT("encryption_context_equals", "EncryptionContextEquals", encryption_context_type_out),
    LNM_OUT("encryption_context_subset", "EncryptionContextSubset", encryption_context_type_out),
};
static const struct lnm_type grant_constraints_out = LNM_FIELDS(grant_constraints_out_members);

static const struct lnm_member grant_list_entry_out_members[] = {
    LNM_OUT("constraints", "Constraints", grant_constraints_out),
    LNM_OUT("creation_date", "CreationDate", lnm_type_timestamp),
    LNM_OUT("grant_id", "GrantId", lnm_type_string),
    LNM_OUT("grantee_principal", "GranteePrincipal", lnm_type_string),
    LNM_OUT("issuing_account", "IssuingAccount", lnm_type_string),
    LNM_OUT("key_id", "KeyId", lnm_type_string),
    LNM_OUT("name", "Name", lnm_type_string),
    LNM_OUT("operations", "Operations", grant_operation_list_out),
    LNM_OUT("retiring_principal", "RetiringPrincipal", lnm_type_string),
};
static const struct lnm_type grant_list_entry_out = LNM_FIELDS(grant_list_entry_out_members);

static const struct lnm_type grant_list_out = LNM_ITEMS("member", grant_list_entry_out);

static const struct lnm_member list_grants_out_members[] = {
    LNM_OUT("grants", "Grants", grant_list_out),
    LNM_OUT("next_marker", "NextMarker", lnm_type_string),
    LNM_OUT("truncated", "Truncated", lnm_type_boolean),
};
static const struct lnm_type list_grants_out = LNM_FIELDS(list_grants_out_members);

static const struct lnm_member list_key_policies_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("limit", "Limit", lnm_type_integer, 0, "items on one page"),
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type list_key_policies_in = LNM_FIELDS(list_key_policies_in_members);

static const struct lnm_type policy_name_list_out = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member list_key_policies_out_members[] = {
    LNM_OUT("next_marker", "NextMarker", lnm_type_string),
    LNM_OUT("policy_names", "PolicyNames", policy_name_list_out),
    LNM_OUT("truncated", "Truncated", lnm_type_boolean),
};
static const struct lnm_type list_key_policies_out = LNM_FIELDS(list_key_policies_out_members);

static const struct lnm_member put_key_policy_in_members[] = {
    LNM_IN("bypass_policy_lockout_safety_check", "BypassPolicyLockoutSafetyCheck", lnm_type_boolean,
           0, "allow a policy that locks you out"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("policy", "Policy", lnm_type_string, LNM_REQUIRED, "policy document, JSON"),
    LNM_IN("policy_name", "PolicyName", lnm_type_string, 0, "default"),
};
static const struct lnm_type put_key_policy_in = LNM_FIELDS(put_key_policy_in_members);

static const struct lnm_member retire_grant_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("grant_id", "GrantId", lnm_type_string, 0, "grant"),
    LNM_IN("grant_token", "GrantToken", lnm_type_string, 0, "token of a grant"),
    LNM_IN("key_id", "KeyId", lnm_type_string, 0, "key id or ARN"),
};
static const struct lnm_type retire_grant_in = LNM_FIELDS(retire_grant_in_members);

static const struct lnm_member revoke_grant_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("grant_id", "GrantId", lnm_type_string, LNM_REQUIRED, "grant"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
};
static const struct lnm_type revoke_grant_in = LNM_FIELDS(revoke_grant_in_members);

static const struct lnm_member update_alias_in_members[] = {
    LNM_IN("alias_name", "AliasName", lnm_type_string, LNM_REQUIRED, "alias/…"),
    LNM_IN("target_key_id", "TargetKeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
};
static const struct lnm_type update_alias_in = LNM_FIELDS(update_alias_in_members);

const struct lnm_operation lnm_kms_grant_operations[LNM_KMS_GRANT_COUNT] = {
    {"CreateGrant", &lnm_kms, &create_grant_in, &create_grant_out, LNM_MUTATES,
     "let a principal use a key"},
    {"DeleteAlias", &lnm_kms, &delete_alias_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "remove an alias"},
    {"GetKeyPolicy", &lnm_kms, &get_key_policy_in, &get_key_policy_out, 0, "a key's policy"},
    {"ListGrants", &lnm_kms, &list_grants_in, &list_grants_out, LNM_PAGED, "list a key's grants"},
    {"ListKeyPolicies", &lnm_kms, &list_key_policies_in, &list_key_policies_out, LNM_PAGED,
     "names of a key's policies"},
    {"PutKeyPolicy", &lnm_kms, &put_key_policy_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "replace a key's policy"},
    {"RetireGrant", &lnm_kms, &retire_grant_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "give a grant up"},
    {"RevokeGrant", &lnm_kms, &revoke_grant_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "take a grant back"},
    {"UpdateAlias", &lnm_kms, &update_alias_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "point an alias to another key"},
};
