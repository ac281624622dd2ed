/* api_ec2_image.c - rows of the EC2 actions on images. Source: the ec2/2016-11-15 service model. */
#include "aws/api_types.h"

static const struct lnm_member lnm_ec2_copy_image_request_in_members[] = {
    {"client_token", "ClientToken", &lnm_type_string, LNM_TOKEN,
     "makes a repeat of the same request harmless", NULL},
    {"copy_image_tags", "CopyImageTags", &lnm_type_boolean, 0,
     "take over your own tags of the source", NULL},
    {"description", "Description", &lnm_type_string, 0, "a line for people", NULL},
    {"destination_outpost_arn", "DestinationOutpostArn", &lnm_type_string, 0, NULL, NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"encrypted", "Encrypted", &lnm_type_boolean, 0, "encrypt the result", NULL},
    {"kms_key_id", "KmsKeyId", &lnm_type_string, 0, "KMS key: id, ARN, alias or alias ARN", NULL},
    {"name", "Name", &lnm_type_string, LNM_REQUIRED, "name of the new resource", NULL},
    {"snapshot_copy_completion_duration_minutes", "SnapshotCopyCompletionDurationMinutes",
     &lnm_type_integer, 0, "time-based copy: 15 to 2880, in steps of 15", NULL},
    {"source_image_id", "SourceImageId", &lnm_type_string, LNM_REQUIRED, "image to copy", NULL},
    {"source_region", "SourceRegion", &lnm_type_string, LNM_REQUIRED, "region of the source", NULL},
    {"tag_specifications", "TagSpecification", &lnm_ec2_tag_specification_list_in, 0,
     "tags written at creation", NULL},
};
static const struct lnm_type lnm_ec2_copy_image_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_copy_image_request_in_members,
    .member_count = sizeof lnm_ec2_copy_image_request_in_members /
                    sizeof lnm_ec2_copy_image_request_in_members[0]};

static const struct lnm_member lnm_ec2_copy_image_result_out_members[] = {
    {"image_id", "imageId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_copy_image_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_copy_image_result_out_members,
    .member_count = sizeof lnm_ec2_copy_image_result_out_members /
                    sizeof lnm_ec2_copy_image_result_out_members[0]};

static const struct lnm_member lnm_ec2_create_image_request_in_members[] = {
    {"block_device_mappings", "BlockDeviceMapping", &lnm_ec2_block_device_mapping_request_list_in,
     0, "devices and what is behind them", NULL},
    {"description", "Description", &lnm_type_string, 0, "a line for people", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"instance_id", "InstanceId", &lnm_type_string, LNM_REQUIRED, "instance", NULL},
    {"name", "Name", &lnm_type_string, LNM_REQUIRED, "name of the new resource", NULL},
    {"no_reboot", "NoReboot", &lnm_type_boolean, 0,
     "do not stop the instance for consistent file systems", NULL},
    {"tag_specifications", "TagSpecification", &lnm_ec2_tag_specification_list_in, 0,
     "tags written at creation", NULL},
};
static const struct lnm_type lnm_ec2_create_image_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_create_image_request_in_members,
    .member_count = sizeof lnm_ec2_create_image_request_in_members /
                    sizeof lnm_ec2_create_image_request_in_members[0]};

static const struct lnm_member lnm_ec2_create_image_result_out_members[] = {
    {"image_id", "imageId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_create_image_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_create_image_result_out_members,
    .member_count = sizeof lnm_ec2_create_image_result_out_members /
                    sizeof lnm_ec2_create_image_result_out_members[0]};

static const struct lnm_member lnm_ec2_billing_product_list_in_item = {.wire = "item",
                                                                       .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_billing_product_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_billing_product_list_in_item};

static const struct lnm_member lnm_ec2_register_image_request_in_members[] = {
    {"architecture", "Architecture", &lnm_type_string, 0, "i386, x86_64 or arm64", NULL},
    {"billing_products", "BillingProduct", &lnm_ec2_billing_product_list_in, 0, NULL, NULL},
    {"block_device_mappings", "BlockDeviceMapping", &lnm_ec2_block_device_mapping_request_list_in,
     0, "devices and what is behind them", NULL},
    {"boot_mode", "BootMode", &lnm_type_string, 0, "legacy-bios, uefi or uefi-preferred", NULL},
    {"description", "Description", &lnm_type_string, 0, "a line for people", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"ena_support", "EnaSupport", &lnm_type_boolean, 0, "enhanced networking (ENA)", NULL},
    {"image_location", "ImageLocation", &lnm_type_string, 0, "name of the image", NULL},
    {"imds_support", "ImdsSupport", &lnm_type_string, 0, "v2.0", NULL},
    {"kernel_id", "KernelId", &lnm_type_string, 0, NULL, NULL},
    {"name", "Name", &lnm_type_string, LNM_REQUIRED, "name of the new resource", NULL},
    {"ramdisk_id", "RamdiskId", &lnm_type_string, 0, NULL, NULL},
    {"root_device_name", "RootDeviceName", &lnm_type_string, 0, "device of the root volume", NULL},
    {"sriov_net_support", "SriovNetSupport", &lnm_type_string, 0, "simple", NULL},
    {"tag_specifications", "TagSpecification", &lnm_ec2_tag_specification_list_in, 0,
     "tags written at creation", NULL},
    {"tpm_support", "TpmSupport", &lnm_type_string, 0, "v2.0", NULL},
    {"uefi_data", "UefiData", &lnm_type_string, 0, "UEFI variables, base64", NULL},
    {"virtualization_type", "VirtualizationType", &lnm_type_string, 0, "hvm or paravirtual", NULL},
};
static const struct lnm_type lnm_ec2_register_image_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_register_image_request_in_members,
    .member_count = sizeof lnm_ec2_register_image_request_in_members /
                    sizeof lnm_ec2_register_image_request_in_members[0]};

static const struct lnm_member lnm_ec2_register_image_result_out_members[] = {
    {"image_id", "imageId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_register_image_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_register_image_result_out_members,
    .member_count = sizeof lnm_ec2_register_image_result_out_members /
                    sizeof lnm_ec2_register_image_result_out_members[0]};

static const struct lnm_member lnm_ec2_deregister_image_request_in_members[] = {
    {"delete_associated_snapshots", "DeleteAssociatedSnapshots", &lnm_type_boolean, 0,
     "delete snapshots that no other image uses", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"image_id", "ImageId", &lnm_type_string, LNM_REQUIRED, "image", NULL},
};
static const struct lnm_type lnm_ec2_deregister_image_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_deregister_image_request_in_members,
    .member_count = sizeof lnm_ec2_deregister_image_request_in_members /
                    sizeof lnm_ec2_deregister_image_request_in_members[0]};

static const struct lnm_member lnm_ec2_executable_by_string_list_in_item = {
    .wire = "ExecutableBy", .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_executable_by_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_executable_by_string_list_in_item};

static const struct lnm_member lnm_ec2_image_id_string_list_in_item = {.wire = "ImageId",
                                                                       .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_image_id_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_image_id_string_list_in_item};

static const struct lnm_member lnm_ec2_describe_images_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"executable_users", "ExecutableBy", &lnm_ec2_executable_by_string_list_in, 0,
     "self, all or account ids that may launch", NULL},
    {"filters", "Filter", &lnm_ec2_filter_list_in, 0,
     "conditions; all names must match, any value of a name", NULL},
    {"image_ids", "ImageId", &lnm_ec2_image_id_string_list_in, 0, "images", NULL},
    {"include_deprecated", "IncludeDeprecated", &lnm_type_boolean, 0, "show deprecated images too",
     NULL},
    {"include_disabled", "IncludeDisabled", &lnm_type_boolean, 0, "show disabled images too", NULL},
    {"max_results", "MaxResults", &lnm_type_integer, 0, "items on one page", NULL},
    {"next_token", "NextToken", &lnm_type_string, 0, "where the next page begins", NULL},
    {"owners", "Owner", &lnm_ec2_owner_string_list_in, 0,
     "self, amazon, aws-marketplace or account ids", NULL},
};
static const struct lnm_type lnm_ec2_describe_images_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_images_request_in_members,
    .member_count = sizeof lnm_ec2_describe_images_request_in_members /
                    sizeof lnm_ec2_describe_images_request_in_members[0]};

static const struct lnm_member lnm_ec2_ebs_block_device_out_members[] = {
    {"delete_on_termination", "deleteOnTermination", &lnm_type_boolean, 0, NULL, NULL},
    {"encrypted", "encrypted", &lnm_type_boolean, 0, NULL, NULL},
    {"iops", "iops", &lnm_type_integer, 0, NULL, NULL},
    {"kms_key_id", "kmsKeyId", &lnm_type_string, 0, NULL, NULL},
    {"outpost_arn", "outpostArn", &lnm_type_string, 0, NULL, NULL},
    {"snapshot_id", "snapshotId", &lnm_type_string, 0, NULL, NULL},
    {"throughput", "throughput", &lnm_type_integer, 0, NULL, NULL},
    {"volume_size", "volumeSize", &lnm_type_integer, 0, NULL, NULL},
    {"volume_type", "volumeType", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_ebs_block_device_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_ebs_block_device_out_members,
    .member_count = sizeof lnm_ec2_ebs_block_device_out_members /
                    sizeof lnm_ec2_ebs_block_device_out_members[0]};

static const struct lnm_member lnm_ec2_block_device_mapping_out_members[] = {
    {"device_name", "deviceName", &lnm_type_string, 0, NULL, NULL},
    {"ebs", "ebs", &lnm_ec2_ebs_block_device_out, 0, NULL, NULL},
    {"no_device", "noDevice", &lnm_type_string, 0, NULL, NULL},
    {"virtual_name", "virtualName", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_block_device_mapping_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_block_device_mapping_out_members,
    .member_count = sizeof lnm_ec2_block_device_mapping_out_members /
                    sizeof lnm_ec2_block_device_mapping_out_members[0]};

static const struct lnm_member lnm_ec2_block_device_mapping_list_out_item = {
    .wire = "item", .type = &lnm_ec2_block_device_mapping_out};
static const struct lnm_type lnm_ec2_block_device_mapping_list_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_block_device_mapping_list_out_item};

static const struct lnm_member lnm_ec2_product_code_out_members[] = {
    {"product_code_id", "productCode", &lnm_type_string, 0, NULL, NULL},
    {"product_code_type", "type", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_product_code_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_product_code_out_members,
    .member_count =
        sizeof lnm_ec2_product_code_out_members / sizeof lnm_ec2_product_code_out_members[0]};

static const struct lnm_member lnm_ec2_product_code_list_out_item = {
    .wire = "item", .type = &lnm_ec2_product_code_out};
static const struct lnm_type lnm_ec2_product_code_list_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_product_code_list_out_item};

static const struct lnm_member lnm_ec2_image_out_members[] = {
    {"architecture", "architecture", &lnm_type_string, 0, NULL, NULL},
    {"block_device_mappings", "blockDeviceMapping", &lnm_ec2_block_device_mapping_list_out, 0, NULL,
     NULL},
    {"boot_mode", "bootMode", &lnm_type_string, 0, NULL, NULL},
    {"creation_date", "creationDate", &lnm_type_string, 0, NULL, NULL},
    {"deprecation_time", "deprecationTime", &lnm_type_string, 0, NULL, NULL},
    {"deregistration_protection", "deregistrationProtection", &lnm_type_string, 0, NULL, NULL},
    {"description", "description", &lnm_type_string, 0, NULL, NULL},
    {"ena_support", "enaSupport", &lnm_type_boolean, 0, NULL, NULL},
    {"free_tier_eligible", "freeTierEligible", &lnm_type_boolean, 0, NULL, NULL},
    {"hypervisor", "hypervisor", &lnm_type_string, 0, NULL, NULL},
    {"image_allowed", "imageAllowed", &lnm_type_boolean, 0, NULL, NULL},
    {"image_id", "imageId", &lnm_type_string, 0, NULL, NULL},
    {"image_location", "imageLocation", &lnm_type_string, 0, NULL, NULL},
    {"image_owner_alias", "imageOwnerAlias", &lnm_type_string, 0, NULL, NULL},
    {"image_type", "imageType", &lnm_type_string, 0, NULL, NULL},
    {"imds_support", "imdsSupport", &lnm_type_string, 0, NULL, NULL},
    {"kernel_id", "kernelId", &lnm_type_string, 0, NULL, NULL},
    {"last_launched_time", "lastLaunchedTime", &lnm_type_timestamp, 0, NULL, NULL},
    {"name", "name", &lnm_type_string, 0, NULL, NULL},
    {"owner_id", "imageOwnerId", &lnm_type_string, 0, NULL, NULL},
    {"platform", "platform", &lnm_type_string, 0, NULL, NULL},
    {"platform_details", "platformDetails", &lnm_type_string, 0, NULL, NULL},
    {"product_codes", "productCodes", &lnm_ec2_product_code_list_out, 0, NULL, NULL},
    {"public", "isPublic", &lnm_type_boolean, 0, NULL, NULL},
    {"ramdisk_id", "ramdiskId", &lnm_type_string, 0, NULL, NULL},
    {"root_device_name", "rootDeviceName", &lnm_type_string, 0, NULL, NULL},
    {"root_device_type", "rootDeviceType", &lnm_type_string, 0, NULL, NULL},
    {"source_image_id", "sourceImageId", &lnm_type_string, 0, NULL, NULL},
    {"source_image_region", "sourceImageRegion", &lnm_type_string, 0, NULL, NULL},
    {"source_instance_id", "sourceInstanceId", &lnm_type_string, 0, NULL, NULL},
    {"sriov_net_support", "sriovNetSupport", &lnm_type_string, 0, NULL, NULL},
    {"state", "imageState", &lnm_type_string, 0, NULL, NULL},
    {"state_reason", "stateReason", &lnm_ec2_state_reason_out, 0, NULL, NULL},
    {"tags", "tagSet", &lnm_ec2_tag_list_out, 0, NULL, NULL},
    {"tpm_support", "tpmSupport", &lnm_type_string, 0, NULL, NULL},
    {"usage_operation", "usageOperation", &lnm_type_string, 0, NULL, NULL},
    {"virtualization_type", "virtualizationType", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_image_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_image_out_members,
    .member_count = sizeof lnm_ec2_image_out_members / sizeof lnm_ec2_image_out_members[0]};

static const struct lnm_member lnm_ec2_image_list_out_item = {.wire = "item",
                                                              .type = &lnm_ec2_image_out};
static const struct lnm_type lnm_ec2_image_list_out = {.kind = LNM_LIST,
                                                       .item = &lnm_ec2_image_list_out_item};

static const struct lnm_member lnm_ec2_describe_images_result_out_members[] = {
    {"images", "imagesSet", &lnm_ec2_image_list_out, 0, NULL, NULL},
    {"next_token", "nextToken", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_describe_images_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_images_result_out_members,
    .member_count = sizeof lnm_ec2_describe_images_result_out_members /
                    sizeof lnm_ec2_describe_images_result_out_members[0]};

static const struct lnm_member lnm_ec2_attribute_value_in_members[] = {
    {"value", "Value", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_attribute_value_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_attribute_value_in_members,
    .member_count =
        sizeof lnm_ec2_attribute_value_in_members / sizeof lnm_ec2_attribute_value_in_members[0]};

static const struct lnm_member lnm_ec2_launch_permission_in_members[] = {
    {"group", "Group", &lnm_type_string, 0, NULL, NULL},
    {"organization_arn", "OrganizationArn", &lnm_type_string, 0, NULL, NULL},
    {"organizational_unit_arn", "OrganizationalUnitArn", &lnm_type_string, 0, NULL, NULL},
    {"user_id", "UserId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_launch_permission_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_launch_permission_in_members,
    .member_count = sizeof lnm_ec2_launch_permission_in_members /
                    sizeof lnm_ec2_launch_permission_in_members[0]};

static const struct lnm_member lnm_ec2_launch_permission_list_in_item = {
    .wire = "item", .type = &lnm_ec2_launch_permission_in};
static const struct lnm_type lnm_ec2_launch_permission_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_launch_permission_list_in_item};

static const struct lnm_member lnm_ec2_launch_permission_modifications_in_members[] = {
    {"add", "Add", &lnm_ec2_launch_permission_list_in, 0, NULL, NULL},
    {"remove", "Remove", &lnm_ec2_launch_permission_list_in, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_launch_permission_modifications_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_launch_permission_modifications_in_members,
    .member_count = sizeof lnm_ec2_launch_permission_modifications_in_members /
                    sizeof lnm_ec2_launch_permission_modifications_in_members[0]};

static const struct lnm_member lnm_ec2_organization_arn_string_list_in_item = {
    .wire = "OrganizationArn", .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_organization_arn_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_organization_arn_string_list_in_item};

static const struct lnm_member lnm_ec2_organizational_unit_arn_string_list_in_item = {
    .wire = "OrganizationalUnitArn", .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_organizational_unit_arn_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_organizational_unit_arn_string_list_in_item};

static const struct lnm_member lnm_ec2_product_code_string_list_in_item = {
    .wire = "ProductCode", .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_product_code_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_product_code_string_list_in_item};

static const struct lnm_member lnm_ec2_user_group_string_list_in_item = {.wire = "UserGroup",
                                                                         .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_user_group_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_user_group_string_list_in_item};

static const struct lnm_member lnm_ec2_modify_image_attribute_request_in_members[] = {
    {"attribute", "Attribute", &lnm_type_string, 0, "attribute to change", NULL},
    {"description", "Description", &lnm_ec2_attribute_value_in, 0, "a line for people", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"image_id", "ImageId", &lnm_type_string, LNM_REQUIRED, "image", NULL},
    {"launch_permission", "LaunchPermission", &lnm_ec2_launch_permission_modifications_in, 0,
     "who may launch", NULL},
    {"operation_type", "OperationType", &lnm_type_string, 0, "add or remove", NULL},
    {"organization_arns", "OrganizationArn", &lnm_ec2_organization_arn_string_list_in, 0, NULL,
     NULL},
    {"organizational_unit_arns", "OrganizationalUnitArn",
     &lnm_ec2_organizational_unit_arn_string_list_in, 0, NULL, NULL},
    {"product_codes", "ProductCode", &lnm_ec2_product_code_string_list_in, 0, NULL, NULL},
    {"user_groups", "UserGroup", &lnm_ec2_user_group_string_list_in, 0, "all", NULL},
    {"user_ids", "UserId", &lnm_ec2_user_id_string_list_in, 0, "account ids", NULL},
    {"value", "Value", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_modify_image_attribute_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_modify_image_attribute_request_in_members,
    .member_count = sizeof lnm_ec2_modify_image_attribute_request_in_members /
                    sizeof lnm_ec2_modify_image_attribute_request_in_members[0]};

static const struct lnm_member lnm_ec2_delete_snapshot_return_code_out_members[] = {
    {"return_code", "returnCode", &lnm_type_string, 0, NULL, NULL},
    {"snapshot_id", "snapshotId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_delete_snapshot_return_code_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_delete_snapshot_return_code_out_members,
    .member_count = 2};

static const struct lnm_member lnm_ec2_delete_snapshot_result_set_out_item = {
    .wire = "item", .type = &lnm_ec2_delete_snapshot_return_code_out};
static const struct lnm_type lnm_ec2_delete_snapshot_result_set_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_delete_snapshot_result_set_out_item};

static const struct lnm_member lnm_ec2_deregister_image_result_out_members[] = {
    {"delete_snapshot_results", "deleteSnapshotResultSet", &lnm_ec2_delete_snapshot_result_set_out,
     0, NULL, NULL},
    {"return", "return", &lnm_type_boolean, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_deregister_image_result_out = {
    .kind = LNM_STRUCT, .members = lnm_ec2_deregister_image_result_out_members, .member_count = 2};

const struct lnm_operation lnm_ec2_image_operations[LNM_EC2_IMAGE_COUNT] = {
    {"CopyImage", &lnm_ec2, &lnm_ec2_copy_image_request_in, &lnm_ec2_copy_image_result_out,
     LNM_MUTATES, "copy an image, from this region or another"},
    {"CreateImage", &lnm_ec2, &lnm_ec2_create_image_request_in, &lnm_ec2_create_image_result_out,
     LNM_MUTATES, "make an image of an instance"},
    {"DeregisterImage", &lnm_ec2, &lnm_ec2_deregister_image_request_in,
     &lnm_ec2_deregister_image_result_out, LNM_MUTATES | LNM_REPEATABLE, "remove an image"},
    {"DescribeImages", &lnm_ec2, &lnm_ec2_describe_images_request_in,
     &lnm_ec2_describe_images_result_out, LNM_PAGED, "list images"},
    {"ModifyImageAttribute", &lnm_ec2, &lnm_ec2_modify_image_attribute_request_in,
     &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE, "share an image or describe it anew"},
    {"RegisterImage", &lnm_ec2, &lnm_ec2_register_image_request_in,
     &lnm_ec2_register_image_result_out, LNM_MUTATES, "make an image of snapshots"},
};
