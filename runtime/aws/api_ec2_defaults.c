/* api_ec2_defaults.c - rows of the EC2 actions on encryption by default. Source: the ec2/2016-11-15
 * service model. */
#include "aws/api_types.h"

static const struct lnm_member describe_tags_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type describe_tags_in = LNM_FIELDS(describe_tags_in_members);

static const struct lnm_member tag_description_out_members[] = {
    LNM_OUT("key", "key", lnm_type_string),
    LNM_OUT("resource_id", "resourceId", lnm_type_string),
    LNM_OUT("resource_type", "resourceType", lnm_type_string),
    LNM_OUT("value", "value", lnm_type_string),
};
static const struct lnm_type tag_description_out = LNM_FIELDS(tag_description_out_members);

static const struct lnm_type tag_description_list_out = LNM_ITEMS("item", tag_description_out);

static const struct lnm_member describe_tags_out_members[] = {
    LNM_OUT("next_token", "nextToken", lnm_type_string),
    LNM_OUT("tags", "tagSet", tag_description_list_out),
};
static const struct lnm_type describe_tags_out = LNM_FIELDS(describe_tags_out_members);

static const struct lnm_member disable_ebs_encryption_by_default_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
};
static const struct lnm_type disable_ebs_encryption_by_default_in =
    LNM_FIELDS(disable_ebs_encryption_by_default_in_members);

static const struct lnm_member disable_ebs_encryption_by_default_out_members[] = {
    LNM_OUT("ebs_encryption_by_default", "ebsEncryptionByDefault", lnm_type_boolean),
};
static const struct lnm_type disable_ebs_encryption_by_default_out =
    LNM_FIELDS(disable_ebs_encryption_by_default_out_members);

static const struct lnm_member enable_ebs_encryption_by_default_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
};
static const struct lnm_type enable_ebs_encryption_by_default_in =
    LNM_FIELDS(enable_ebs_encryption_by_default_in_members);

static const struct lnm_member enable_ebs_encryption_by_default_out_members[] = {
    LNM_OUT("ebs_encryption_by_default", "ebsEncryptionByDefault", lnm_type_boolean),
};
static const struct lnm_type enable_ebs_encryption_by_default_out =
    LNM_FIELDS(enable_ebs_encryption_by_default_out_members);

static const struct lnm_member modify_ebs_default_kms_key_id_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("kms_key_id", "KmsKeyId", lnm_type_string, LNM_REQUIRED,
           "KMS key: id, ARN, alias or alias ARN"),
};
static const struct lnm_type modify_ebs_default_kms_key_id_in =
    LNM_FIELDS(modify_ebs_default_kms_key_id_in_members);

static const struct lnm_member modify_ebs_default_kms_key_id_out_members[] = {
    LNM_OUT("kms_key_id", "kmsKeyId", lnm_type_string),
};
static const struct lnm_type modify_ebs_default_kms_key_id_out =
    LNM_FIELDS(modify_ebs_default_kms_key_id_out_members);

static const struct lnm_member reset_ebs_default_kms_key_id_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
};
static const struct lnm_type reset_ebs_default_kms_key_id_in =
    LNM_FIELDS(reset_ebs_default_kms_key_id_in_members);

static const struct lnm_member reset_ebs_default_kms_key_id_out_members[] = {
    LNM_OUT("kms_key_id", "kmsKeyId", lnm_type_string),
};
static const struct lnm_type reset_ebs_default_kms_key_id_out =
    LNM_FIELDS(reset_ebs_default_kms_key_id_out_members);

const struct lnm_operation lnm_ec2_defaults_operations[LNM_EC2_DEFAULTS_COUNT] = {
    {"DescribeTags", &lnm_ec2, &describe_tags_in, &describe_tags_out, LNM_PAGED, "list tags"},
    {"DisableEbsEncryptionByDefault", &lnm_ec2, &disable_ebs_encryption_by_default_in,
     &disable_ebs_encryption_by_default_out, LNM_MUTATES | LNM_REPEATABLE,
     "no longer encrypt unasked"},
    {"EnableEbsEncryptionByDefault", &lnm_ec2, &enable_ebs_encryption_by_default_in,
     &enable_ebs_encryption_by_default_out, LNM_MUTATES | LNM_REPEATABLE,
     "encrypt every new volume and snapshot copy of this region"},
    {"ModifyEbsDefaultKmsKeyId", &lnm_ec2, &modify_ebs_default_kms_key_id_in,
     &modify_ebs_default_kms_key_id_out, LNM_MUTATES | LNM_REPEATABLE,
     "set the default key for EBS"},
    {"ResetEbsDefaultKmsKeyId", &lnm_ec2, &reset_ebs_default_kms_key_id_in,
     &reset_ebs_default_kms_key_id_out, LNM_MUTATES | LNM_REPEATABLE,
     "go back to the AWS managed key for EBS"},
};
