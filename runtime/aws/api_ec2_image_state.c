/* api_ec2_image_state.c - rows of the EC2 actions that change what an image is for: sharing,
 * deprecation, disabling, protection. Source: the ec2/2016-11-15 service model. */
#include "aws/api_types.h"

static const struct lnm_member describe_image_attribute_in_members[] = {
    LNM_IN("attribute", "Attribute", lnm_type_string, LNM_REQUIRED, "which attribute"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
};
static const struct lnm_type describe_image_attribute_in =
    LNM_FIELDS(describe_image_attribute_in_members);

static const struct lnm_member attribute_value_out_members[] = {
    LNM_OUT("value", "value", lnm_type_string),
};
static const struct lnm_type attribute_value_out = LNM_FIELDS(attribute_value_out_members);

static const struct lnm_member launch_permission_out_members[] = {
    LNM_OUT("group", "group", lnm_type_string),
    LNM_OUT("organization_arn", "organizationArn", lnm_type_string),
    LNM_OUT("organizational_unit_arn", "organizationalUnitArn", lnm_type_string),
    LNM_OUT("user_id", "userId", lnm_type_string),
};
static const struct lnm_type launch_permission_out = LNM_FIELDS(launch_permission_out_members);

static const struct lnm_type launch_permission_list_out = LNM_ITEMS("item", launch_permission_out);

static const struct lnm_member product_code_out_members[] = {
    LNM_OUT("product_code_id", "productCode", lnm_type_string),
    LNM_OUT("product_code_type", "type", lnm_type_string),
};
static const struct lnm_type product_code_out = LNM_FIELDS(product_code_out_members);

static const struct lnm_type product_code_list_out = LNM_ITEMS("item", product_code_out);

static const struct lnm_member ebs_block_device_out_members[] = {
    LNM_OUT("availability_zone", "availabilityZone", lnm_type_string),
    LNM_OUT("availability_zone_id", "AvailabilityZoneId", lnm_type_string),
    LNM_OUT("delete_on_termination", "deleteOnTermination", lnm_type_boolean),
    LNM_OUT("ebs_card_index", "EbsCardIndex", lnm_type_integer),
    LNM_OUT("encrypted", "encrypted", lnm_type_boolean),
    LNM_OUT("iops", "iops", lnm_type_integer),
    LNM_OUT("kms_key_id", "kmsKeyId", lnm_type_string),
    LNM_OUT("outpost_arn", "outpostArn", lnm_type_string),
    LNM_OUT("snapshot_id", "snapshotId", lnm_type_string),
    LNM_OUT("throughput", "throughput", lnm_type_integer),
    LNM_OUT("volume_initialization_rate", "VolumeInitializationRate", lnm_type_integer),
    LNM_OUT("volume_size", "volumeSize", lnm_type_integer),
    LNM_OUT("volume_type", "volumeType", lnm_type_string),
};
static const struct lnm_type ebs_block_device_out = LNM_FIELDS(ebs_block_device_out_members);

static const struct lnm_member block_device_mapping_out_members[] = {
    LNM_OUT("device_name", "deviceName", lnm_type_string),
    LNM_OUT("ebs", "ebs", ebs_block_device_out),
    LNM_OUT("no_device", "noDevice", lnm_type_string),
    LNM_OUT("virtual_name", "virtualName", lnm_type_string),
};
static const struct lnm_type block_device_mapping_out =
    LNM_FIELDS(block_device_mapping_out_members);

static const struct lnm_type block_device_mapping_list_out =
    LNM_ITEMS("item", block_device_mapping_out);

static const struct lnm_member describe_image_attribute_out_members[] = {
    LNM_OUT("block_device_mappings", "blockDeviceMapping", block_device_mapping_list_out),
    LNM_OUT("boot_mode", "bootMode", attribute_value_out),
    LNM_OUT("deregistration_protection", "deregistrationProtection", attribute_value_out),
    LNM_OUT("description", "description", attribute_value_out),
    LNM_OUT("image_id", "imageId", lnm_type_string),
    LNM_OUT("imds_support", "imdsSupport", attribute_value_out),
    LNM_OUT("kernel_id", "kernel", attribute_value_out),
    LNM_OUT("last_launched_time", "lastLaunchedTime", attribute_value_out),
    LNM_OUT("launch_permissions", "launchPermission", launch_permission_list_out),
    LNM_OUT("product_codes", "productCodes", product_code_list_out),
    LNM_OUT("ramdisk_id", "ramdisk", attribute_value_out),
    LNM_OUT("sriov_net_support", "sriovNetSupport", attribute_value_out),
    LNM_OUT("tpm_support", "tpmSupport", attribute_value_out),
    LNM_OUT("uefi_data", "uefiData", attribute_value_out),
};
static const struct lnm_type describe_image_attribute_out =
    LNM_FIELDS(describe_image_attribute_out_members);

static const struct lnm_member disable_image_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
};
static const struct lnm_type disable_image_in = LNM_FIELDS(disable_image_in_members);

static const struct lnm_member disable_image_out_members[] = {
    LNM_OUT("return", "return", lnm_type_boolean),
};
static const struct lnm_type disable_image_out = LNM_FIELDS(disable_image_out_members);

static const struct lnm_member disable_image_deprecation_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
};
static const struct lnm_type disable_image_deprecation_in =
    LNM_FIELDS(disable_image_deprecation_in_members);

static const struct lnm_member disable_image_deprecation_out_members[] = {
    LNM_OUT("return", "return", lnm_type_boolean),
};
static const struct lnm_type disable_image_deprecation_out =
    LNM_FIELDS(disable_image_deprecation_out_members);

static const struct lnm_member disable_image_deregistration_protection_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
};
static const struct lnm_type disable_image_deregistration_protection_in =
    LNM_FIELDS(disable_image_deregistration_protection_in_members);

static const struct lnm_member disable_image_deregistration_protection_out_members[] = {
    LNM_OUT("return", "return", lnm_type_string),
};
static const struct lnm_type disable_image_deregistration_protection_out =
    LNM_FIELDS(disable_image_deregistration_protection_out_members);

static const struct lnm_member enable_image_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
};
static const struct lnm_type enable_image_in = LNM_FIELDS(enable_image_in_members);

static const struct lnm_member enable_image_out_members[] = {
    LNM_OUT("return", "return", lnm_type_boolean),
};
static const struct lnm_type enable_image_out = LNM_FIELDS(enable_image_out_members);

static const struct lnm_member enable_image_deprecation_in_members[] = {
    LNM_IN("deprecate_at", "DeprecateAt", lnm_type_timestamp, LNM_REQUIRED,
           "date, 2027-01-31T00:00:00Z"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
};
static const struct lnm_type enable_image_deprecation_in =
    LNM_FIELDS(enable_image_deprecation_in_members);

static const struct lnm_member enable_image_deprecation_out_members[] = {
    LNM_OUT("return", "return", lnm_type_boolean),
};
static const struct lnm_type enable_image_deprecation_out =
    LNM_FIELDS(enable_image_deprecation_out_members);

static const struct lnm_member enable_image_deregistration_protection_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
    LNM_IN("with_cooldown", "WithCooldown", lnm_type_boolean, 0,
           "stays protected for 24 hours after protection is taken away"),
};
static const struct lnm_type enable_image_deregistration_protection_in =
    LNM_FIELDS(enable_image_deregistration_protection_in_members);

static const struct lnm_member enable_image_deregistration_protection_out_members[] = {
    LNM_OUT("return", "return", lnm_type_string),
};
static const struct lnm_type enable_image_deregistration_protection_out =
    LNM_FIELDS(enable_image_deregistration_protection_out_members);

static const struct lnm_member reset_image_attribute_in_members[] = {
    LNM_IN("attribute", "Attribute", lnm_type_string, LNM_REQUIRED, "which attribute"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
};
static const struct lnm_type reset_image_attribute_in =
    LNM_FIELDS(reset_image_attribute_in_members);

const struct lnm_operation lnm_ec2_image_state_operations[LNM_EC2_IMAGE_STATE_COUNT] = {
    {"DescribeImageAttribute", &lnm_ec2, &describe_image_attribute_in,
     &describe_image_attribute_out, 0,
     "one attribute of an image: who may launch it, its boot mode …"},
    {"DisableImage", &lnm_ec2, &disable_image_in, &disable_image_out, LNM_MUTATES | LNM_REPEATABLE,
     "make an image unavailable for launches and end its sharing"},
    {"DisableImageDeprecation", &lnm_ec2, &disable_image_deprecation_in,
     &disable_image_deprecation_out, LNM_MUTATES | LNM_REPEATABLE,
     "take an image's deprecation date away"},
    {"DisableImageDeregistrationProtection", &lnm_ec2, &disable_image_deregistration_protection_in,
     &disable_image_deregistration_protection_out, LNM_MUTATES | LNM_REPEATABLE,
     "let an image be deregistered again"},
    {"EnableImage", &lnm_ec2, &enable_image_in, &enable_image_out, LNM_MUTATES | LNM_REPEATABLE,
     "make a disabled image available again"},
    {"EnableImageDeprecation", &lnm_ec2, &enable_image_deprecation_in,
     &enable_image_deprecation_out, LNM_MUTATES | LNM_REPEATABLE,
     "set the date from which an image is deprecated"},
    {"EnableImageDeregistrationProtection", &lnm_ec2, &enable_image_deregistration_protection_in,
     &enable_image_deregistration_protection_out, LNM_MUTATES | LNM_REPEATABLE,
     "protect an image from being deregistered"},
    {"ResetImageAttribute", &lnm_ec2, &reset_image_attribute_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "take back all launch permissions of an image"},
};
