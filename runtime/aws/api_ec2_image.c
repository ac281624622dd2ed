/* api_ec2_image.c - rows of the EC2 actions on images. Source: the ec2/2016-11-15 service model. */
#include "aws/api_types.h"

static const struct lnm_member copy_image_in_members[] = {
    LNM_IN("client_token", "ClientToken", lnm_type_string, LNM_TOKEN,
           "makes a repeat of the same request harmless"),
    LNM_IN("copy_image_tags", "CopyImageTags", lnm_type_boolean, 0,
           "take over your own tags of the source"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("destination_availability_zone", "DestinationAvailabilityZone", lnm_type_string, 0,
           "local zone for the copy"),
    LNM_IN("destination_availability_zone_id", "DestinationAvailabilityZoneId", lnm_type_string, 0,
           "id of the local zone for the copy"),
    LNM_IN("destination_outpost_arn", "DestinationOutpostArn", lnm_type_string, 0,
           "Outpost for the copy"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("encrypted", "Encrypted", lnm_type_boolean, 0, "encrypt the result"),
    LNM_IN("kms_key_id", "KmsKeyId", lnm_type_string, 0, "KMS key: id, ARN, alias or alias ARN"),
    LNM_IN("name", "Name", lnm_type_string, LNM_REQUIRED, "name of the new resource"),
    LNM_IN("snapshot_copy_completion_duration_minutes", "SnapshotCopyCompletionDurationMinutes",
           lnm_type_integer, 0, "time-based copy: 15 to 2880, in steps of 15"),
    LNM_IN("source_image_id", "SourceImageId", lnm_type_string, LNM_REQUIRED, "image to copy"),
    LNM_IN("source_region", "SourceRegion", lnm_type_string, LNM_REQUIRED, "region of the source"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
};
static const struct lnm_type copy_image_in = LNM_FIELDS(copy_image_in_members);

static const struct lnm_member copy_image_out_members[] = {
    LNM_OUT("image_id", "imageId", lnm_type_string),
};
static const struct lnm_type copy_image_out = LNM_FIELDS(copy_image_out_members);

static const struct lnm_member create_image_in_members[] = {
    LNM_IN("block_device_mappings", "BlockDeviceMapping",
           lnm_ec2_block_device_mapping_request_list_in, 0, "devices and what is behind them"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("instance_id", "InstanceId", lnm_type_string, LNM_REQUIRED, "instance"),
    LNM_IN("name", "Name", lnm_type_string, LNM_REQUIRED, "name of the new resource"),
    LNM_IN("no_reboot", "NoReboot", lnm_type_boolean, 0,
           "do not stop the instance for consistent file systems"),
    LNM_WORDS("snapshot_location", "SnapshotLocation", 0, "regional or local", "regional|local"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
};
static const struct lnm_type create_image_in = LNM_FIELDS(create_image_in_members);

static const struct lnm_member create_image_out_members[] = {
    LNM_OUT("image_id", "imageId", lnm_type_string),
};
static const struct lnm_type create_image_out = LNM_FIELDS(create_image_out_members);

static const struct lnm_type billing_product_list_in = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_member register_image_in_members[] = {
    LNM_WORDS("architecture", "Architecture", 0, "i386, x86_64 or arm64",
              "i386|x86_64|arm64|x86_64_mac|arm64_mac"),
    LNM_IN("billing_products", "BillingProduct", billing_product_list_in, 0,
           "billing product codes"),
    LNM_IN("block_device_mappings", "BlockDeviceMapping",
           lnm_ec2_block_device_mapping_request_list_in, 0, "devices and what is behind them"),
    LNM_WORDS("boot_mode", "BootMode", 0, "legacy-bios, uefi or uefi-preferred",
              "legacy-bios|uefi|uefi-preferred"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("ena_support", "EnaSupport", lnm_type_boolean, 0, "enhanced networking (ENA)"),
    LNM_IN("image_location", "ImageLocation", lnm_type_string, 0, "name of the image"),
    LNM_WORDS("imds_support", "ImdsSupport", 0, "v2.0", "v2.0"),
    LNM_IN("kernel_id", "KernelId", lnm_type_string, 0, "kernel of a paravirtual image"),
    LNM_IN("name", "Name", lnm_type_string, LNM_REQUIRED, "name of the new resource"),
    LNM_IN("ramdisk_id", "RamdiskId", lnm_type_string, 0, "RAM disk of a paravirtual image"),
    LNM_IN("root_device_name", "RootDeviceName", lnm_type_string, 0, "device of the root volume"),
    LNM_IN("sriov_net_support", "SriovNetSupport", lnm_type_string, 0, "simple"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
    LNM_WORDS("tpm_support", "TpmSupport", 0, "v2.0", "v2.0"),
    LNM_IN("uefi_data", "UefiData", lnm_type_string, 0, "UEFI variables, base64"),
    LNM_IN("virtualization_type", "VirtualizationType", lnm_type_string, 0, "hvm or paravirtual"),
};
static const struct lnm_type register_image_in = LNM_FIELDS(register_image_in_members);

static const struct lnm_member register_image_out_members[] = {
    LNM_OUT("image_id", "imageId", lnm_type_string),
};
static const struct lnm_type register_image_out = LNM_FIELDS(register_image_out_members);

static const struct lnm_member deregister_image_in_members[] = {
    LNM_IN("delete_associated_snapshots", "DeleteAssociatedSnapshots", lnm_type_boolean, 0,
           "delete snapshots that no other image uses"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
};
static const struct lnm_type deregister_image_in = LNM_FIELDS(deregister_image_in_members);

static const struct lnm_type executable_by_string_list_in =
    LNM_ITEMS("ExecutableBy", lnm_type_string);

static const struct lnm_type image_id_string_list_in = LNM_ITEMS("ImageId", lnm_type_string);

static const struct lnm_member describe_images_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("executable_users", "ExecutableBy", executable_by_string_list_in, 0,
           "self, all or account ids that may launch"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("image_ids", "ImageId", image_id_string_list_in, 0, "images"),
    LNM_IN("include_deprecated", "IncludeDeprecated", lnm_type_boolean, 0,
           "show deprecated images too"),
    LNM_IN("include_disabled", "IncludeDisabled", lnm_type_boolean, 0, "show disabled images too"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("owners", "Owner", lnm_ec2_owner_string_list_in, 0,
           "self, amazon, aws-marketplace or account ids"),
};
static const struct lnm_type describe_images_in = LNM_FIELDS(describe_images_in_members);

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

static const struct lnm_member product_code_out_members[] = {
    LNM_OUT("product_code_id", "productCode", lnm_type_string),
    LNM_OUT("product_code_type", "type", lnm_type_string),
};
static const struct lnm_type product_code_out = LNM_FIELDS(product_code_out_members);

static const struct lnm_type product_code_list_out = LNM_ITEMS("item", product_code_out);

static const struct lnm_member image_out_members[] = {
    LNM_OUT("architecture", "architecture", lnm_type_string),
    LNM_OUT("block_device_mappings", "blockDeviceMapping", block_device_mapping_list_out),
    LNM_OUT("boot_mode", "bootMode", lnm_type_string),
    LNM_OUT("creation_date", "creationDate", lnm_type_string),
    LNM_OUT("deprecation_time", "deprecationTime", lnm_type_string),
    LNM_OUT("deregistration_protection", "deregistrationProtection", lnm_type_string),
    LNM_OUT("description", "description", lnm_type_string),
    LNM_OUT("ena_support", "enaSupport", lnm_type_boolean),
    LNM_OUT("free_tier_eligible", "freeTierEligible", lnm_type_boolean),
    LNM_OUT("hypervisor", "hypervisor", lnm_type_string),
    LNM_OUT("image_allowed", "imageAllowed", lnm_type_boolean),
    LNM_OUT("image_id", "imageId", lnm_type_string),
    LNM_OUT("image_location", "imageLocation", lnm_type_string),
    LNM_OUT("image_owner_alias", "imageOwnerAlias", lnm_type_string),
    LNM_OUT("image_type", "imageType", lnm_type_string),
    LNM_OUT("imds_support", "imdsSupport", lnm_type_string),
    LNM_OUT("kernel_id", "kernelId", lnm_type_string),
    LNM_OUT("last_launched_time", "lastLaunchedTime", lnm_type_string),
    LNM_OUT("name", "name", lnm_type_string),
    LNM_OUT("owner_id", "imageOwnerId", lnm_type_string),
    LNM_OUT("platform", "platform", lnm_type_string),
    LNM_OUT("platform_details", "platformDetails", lnm_type_string),
    LNM_OUT("product_codes", "productCodes", product_code_list_out),
    LNM_OUT("public", "isPublic", lnm_type_boolean),
    LNM_OUT("ramdisk_id", "ramdiskId", lnm_type_string),
    LNM_OUT("root_device_name", "rootDeviceName", lnm_type_string),
    LNM_OUT("root_device_type", "rootDeviceType", lnm_type_string),
    LNM_OUT("source_image_id", "sourceImageId", lnm_type_string),
    LNM_OUT("source_image_region", "sourceImageRegion", lnm_type_string),
    LNM_OUT("source_instance_id", "sourceInstanceId", lnm_type_string),
    LNM_OUT("sriov_net_support", "sriovNetSupport", lnm_type_string),
    LNM_OUT("state", "imageState", lnm_type_string),
    LNM_OUT("state_reason", "stateReason", lnm_ec2_state_reason_out),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("tpm_support", "tpmSupport", lnm_type_string),
    LNM_OUT("usage_operation", "usageOperation", lnm_type_string),
    LNM_OUT("virtualization_type", "virtualizationType", lnm_type_string),
};
static const struct lnm_type image_out = LNM_FIELDS(image_out_members);

static const struct lnm_type image_list_out = LNM_ITEMS("item", image_out);

static const struct lnm_member describe_images_out_members[] = {
    LNM_OUT("images", "imagesSet", image_list_out),
    LNM_OUT("next_token", "nextToken", lnm_type_string),
};
static const struct lnm_type describe_images_out = LNM_FIELDS(describe_images_out_members);

static const struct lnm_member attribute_value_in_members[] = {
    LNM_IN("value", "Value", lnm_type_string, 0, "new value"),
};
static const struct lnm_type attribute_value_in = LNM_FIELDS(attribute_value_in_members);

static const struct lnm_member launch_permission_in_members[] = {
    LNM_WORDS("group", "Group", 0, "all", "all"),
    LNM_IN("organization_arn", "OrganizationArn", lnm_type_string, 0, "ARN of the organization"),
    LNM_IN("organizational_unit_arn", "OrganizationalUnitArn", lnm_type_string, 0,
           "ARN of the organizational unit"),
    LNM_IN("user_id", "UserId", lnm_type_string, 0, "account id"),
};
static const struct lnm_type launch_permission_in = LNM_FIELDS(launch_permission_in_members);

static const struct lnm_type launch_permission_list_in = LNM_ITEMS("item", launch_permission_in);

static const struct lnm_member launch_permission_modifications_in_members[] = {
    LNM_IN("add", "Add", launch_permission_list_in, 0, "who is let in"),
    LNM_IN("remove", "Remove", launch_permission_list_in, 0, "who is shut out"),
};
static const struct lnm_type launch_permission_modifications_in =
    LNM_FIELDS(launch_permission_modifications_in_members);

static const struct lnm_type organization_arn_string_list_in =
    LNM_ITEMS("OrganizationArn", lnm_type_string);

static const struct lnm_type organizational_unit_arn_string_list_in =
    LNM_ITEMS("OrganizationalUnitArn", lnm_type_string);

static const struct lnm_type product_code_string_list_in =
    LNM_ITEMS("ProductCode", lnm_type_string);

static const struct lnm_type user_group_string_list_in = LNM_ITEMS("UserGroup", lnm_type_string);

static const struct lnm_member modify_image_attribute_in_members[] = {
    LNM_IN("attribute", "Attribute", lnm_type_string, 0, "attribute to change"),
    LNM_IN("description", "Description", attribute_value_in, 0, "new description"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("image_id", "ImageId", lnm_type_string, LNM_REQUIRED, "image"),
    LNM_IN("imds_support", "ImdsSupport", attribute_value_in, 0, "require IMDSv2: v2.0"),
    LNM_IN("launch_permission", "LaunchPermission", launch_permission_modifications_in, 0,
           "who may launch"),
    LNM_WORDS("operation_type", "OperationType", 0, "add or remove", "add|remove"),
    LNM_IN("organization_arns", "OrganizationArn", organization_arn_string_list_in, 0,
           "ARNs of organizations"),
    LNM_IN("organizational_unit_arns", "OrganizationalUnitArn",
           organizational_unit_arn_string_list_in, 0, "ARNs of organizational units"),
    LNM_IN("product_codes", "ProductCode", product_code_string_list_in, 0, "DevPay product codes"),
    LNM_IN("user_groups", "UserGroup", user_group_string_list_in, 0, "all"),
    LNM_IN("user_ids", "UserId", lnm_ec2_user_id_string_list_in, 0, "account ids"),
    LNM_IN("value", "Value", lnm_type_string, 0, "new value of the attribute"),
};
static const struct lnm_type modify_image_attribute_in =
    LNM_FIELDS(modify_image_attribute_in_members);

static const struct lnm_member delete_snapshot_return_code_out_members[] = {
    LNM_OUT("return_code", "returnCode", lnm_type_string),
    LNM_OUT("snapshot_id", "snapshotId", lnm_type_string),
};
static const struct lnm_type delete_snapshot_return_code_out =
    LNM_FIELDS(delete_snapshot_return_code_out_members);

static const struct lnm_type delete_snapshot_result_set_out =
    LNM_ITEMS("item", delete_snapshot_return_code_out);

static const struct lnm_member deregister_image_out_members[] = {
    LNM_OUT("delete_snapshot_results", "deleteSnapshotResultSet", delete_snapshot_result_set_out),
    LNM_OUT("return", "return", lnm_type_boolean),
};
static const struct lnm_type deregister_image_out = LNM_FIELDS(deregister_image_out_members);

const struct lnm_operation lnm_ec2_image_operations[LNM_EC2_IMAGE_COUNT] = {
    {"CopyImage", &lnm_ec2, &copy_image_in, &copy_image_out, LNM_MUTATES,
     "copy an image, from this region or another"},
    {"CreateImage", &lnm_ec2, &create_image_in, &create_image_out, LNM_MUTATES,
     "make an image of an instance"},
    {"DeregisterImage", &lnm_ec2, &deregister_image_in, &deregister_image_out,
     LNM_MUTATES | LNM_REPEATABLE, "remove an image"},
    {"DescribeImages", &lnm_ec2, &describe_images_in, &describe_images_out, LNM_PAGED,
     "list images"},
    {"ModifyImageAttribute", &lnm_ec2, &modify_image_attribute_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "share an image or describe it anew"},
    {"RegisterImage", &lnm_ec2, &register_image_in, &register_image_out, LNM_MUTATES,
     "make an image of snapshots"},
};
