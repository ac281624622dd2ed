/* api_kms_material.c - rows of the KMS actions on what is behind a key: rotation, replicas in other
 * regions, its description. Source: the kms/2014-11-01 service model. */
#include "aws/api_types.h"

static const struct lnm_member only_key_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
};
static const struct lnm_type only_key_in = LNM_FIELDS(only_key_in_members);

static const struct lnm_member enable_key_rotation_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("rotation_period_in_days", "RotationPeriodInDays", lnm_type_integer, 0,
           "90 to 2560, 365 unless given"),
};
static const struct lnm_type enable_key_rotation_in = LNM_FIELDS(enable_key_rotation_in_members);

static const struct lnm_member get_key_rotation_status_out_members[] = {
    LNM_OUT("key_id", "KeyId", lnm_type_string),
    LNM_OUT("key_rotation_enabled", "KeyRotationEnabled", lnm_type_boolean),
    LNM_OUT("next_rotation_date", "NextRotationDate", lnm_type_timestamp),
    LNM_OUT("on_demand_rotation_start_date", "OnDemandRotationStartDate", lnm_type_timestamp),
    LNM_OUT("rotation_period_in_days", "RotationPeriodInDays", lnm_type_integer),
};
static const struct lnm_type get_key_rotation_status_out =
    LNM_FIELDS(get_key_rotation_status_out_members);

static const struct lnm_member replicate_key_in_members[] = {
    LNM_IN("bypass_policy_lockout_safety_check", "BypassPolicyLockoutSafetyCheck", lnm_type_boolean,
           0, "allow a policy that locks you out"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("policy", "Policy", lnm_type_string, 0, "key policy, JSON"),
    LNM_IN("replica_region", "ReplicaRegion", lnm_type_string, LNM_REQUIRED,
           "region of the replica"),
    LNM_IN("tags", "Tags", lnm_kms_tag_list, 0, "tags"),
};
static const struct lnm_type replicate_key_in = LNM_FIELDS(replicate_key_in_members);

static const struct lnm_member replicate_key_out_members[] = {
    LNM_OUT("replica_key_metadata", "ReplicaKeyMetadata", lnm_kms_key_metadata),
    LNM_OUT("replica_policy", "ReplicaPolicy", lnm_type_string),
    LNM_OUT("replica_tags", "ReplicaTags", lnm_kms_tag_list_out),
};
static const struct lnm_type replicate_key_out = LNM_FIELDS(replicate_key_out_members);

static const struct lnm_member rotate_key_on_demand_out_members[] = {
    LNM_OUT("key_id", "KeyId", lnm_type_string),
};
static const struct lnm_type rotate_key_on_demand_out =
    LNM_FIELDS(rotate_key_on_demand_out_members);

static const struct lnm_member update_key_description_in_members[] = {
    LNM_IN("description", "Description", lnm_type_string, LNM_REQUIRED, "a line for people"),
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
};
static const struct lnm_type update_key_description_in =
    LNM_FIELDS(update_key_description_in_members);

static const struct lnm_member update_primary_region_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("primary_region", "PrimaryRegion", lnm_type_string, LNM_REQUIRED,
           "region of a replica that becomes the primary"),
};
static const struct lnm_type update_primary_region_in =
    LNM_FIELDS(update_primary_region_in_members);

const struct lnm_operation lnm_kms_material_operations[LNM_KMS_MATERIAL_COUNT] = {
    {"DisableKeyRotation", &lnm_kms, &only_key_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "stop rotating a key's material"},
    {"EnableKeyRotation", &lnm_kms, &enable_key_rotation_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "rotate a key's material every so many days"},
    {"GetKeyRotationStatus", &lnm_kms, &only_key_in, &get_key_rotation_status_out, 0,
     "whether a key's material is rotated"},
    {"ReplicateKey", &lnm_kms, &replicate_key_in, &replicate_key_out, LNM_MUTATES,
     "a replica of a multi-Region key in another region"},
    {"RotateKeyOnDemand", &lnm_kms, &only_key_in, &rotate_key_on_demand_out, LNM_MUTATES,
     "rotate a key's material now"},
    {"UpdateKeyDescription", &lnm_kms, &update_key_description_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "change a key's description"},
    {"UpdatePrimaryRegion", &lnm_kms, &update_primary_region_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "make a replica the primary"},
};
