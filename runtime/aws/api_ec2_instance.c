/* api_ec2_instance.c - rows of the EC2 actions on instances. Source: the ec2/2016-11-15 service
 * model. */
#include "aws/api_types.h"

static const struct lnm_member lnm_ec2_instance_id_string_list_in_item = {.wire = "InstanceId",
                                                                          .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_instance_id_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_instance_id_string_list_in_item};

static const struct lnm_member lnm_ec2_describe_instances_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"filters", "Filter", &lnm_ec2_filter_list_in, 0,
     "conditions; all names must match, any value of a name", NULL},
    {"instance_ids", "InstanceId", &lnm_ec2_instance_id_string_list_in, 0, "instances", NULL},
    {"max_results", "MaxResults", &lnm_type_integer, 0, "items on one page", NULL},
    {"next_token", "NextToken", &lnm_type_string, 0, "where the next page begins", NULL},
};
static const struct lnm_type lnm_ec2_describe_instances_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_instances_request_in_members,
    .member_count = sizeof lnm_ec2_describe_instances_request_in_members /
                    sizeof lnm_ec2_describe_instances_request_in_members[0]};

static const struct lnm_member lnm_ec2_group_identifier_out_members[] = {
    {"group_id", "groupId", &lnm_type_string, 0, NULL, NULL},
    {"group_name", "groupName", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_group_identifier_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_group_identifier_out_members,
    .member_count = sizeof lnm_ec2_group_identifier_out_members /
                    sizeof lnm_ec2_group_identifier_out_members[0]};

static const struct lnm_member lnm_ec2_group_identifier_list_out_item = {
    .wire = "item", .type = &lnm_ec2_group_identifier_out};
static const struct lnm_type lnm_ec2_group_identifier_list_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_group_identifier_list_out_item};

static const struct lnm_member lnm_ec2_ebs_instance_block_device_out_members[] = {
    {"attach_time", "attachTime", &lnm_type_timestamp, 0, NULL, NULL},
    {"delete_on_termination", "deleteOnTermination", &lnm_type_boolean, 0, NULL, NULL},
    {"status", "status", &lnm_type_string, 0, NULL, NULL},
    {"volume_id", "volumeId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_ebs_instance_block_device_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_ebs_instance_block_device_out_members,
    .member_count = sizeof lnm_ec2_ebs_instance_block_device_out_members /
                    sizeof lnm_ec2_ebs_instance_block_device_out_members[0]};

static const struct lnm_member lnm_ec2_instance_block_device_mapping_out_members[] = {
    {"device_name", "deviceName", &lnm_type_string, 0, NULL, NULL},
    {"ebs", "ebs", &lnm_ec2_ebs_instance_block_device_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_instance_block_device_mapping_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_instance_block_device_mapping_out_members,
    .member_count = sizeof lnm_ec2_instance_block_device_mapping_out_members /
                    sizeof lnm_ec2_instance_block_device_mapping_out_members[0]};

static const struct lnm_member lnm_ec2_instance_block_device_mapping_list_out_item = {
    .wire = "item", .type = &lnm_ec2_instance_block_device_mapping_out};
static const struct lnm_type lnm_ec2_instance_block_device_mapping_list_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_instance_block_device_mapping_list_out_item};

static const struct lnm_member lnm_ec2_iam_instance_profile_out_members[] = {
    {"arn", "arn", &lnm_type_string, 0, NULL, NULL},
    {"id", "id", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_iam_instance_profile_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_iam_instance_profile_out_members,
    .member_count = sizeof lnm_ec2_iam_instance_profile_out_members /
                    sizeof lnm_ec2_iam_instance_profile_out_members[0]};

static const struct lnm_member lnm_ec2_monitoring_out_members[] = {
    {"state", "state", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_monitoring_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_monitoring_out_members,
    .member_count =
        sizeof lnm_ec2_monitoring_out_members / sizeof lnm_ec2_monitoring_out_members[0]};

static const struct lnm_member lnm_ec2_placement_out_members[] = {
    {"availability_zone", "availabilityZone", &lnm_type_string, 0, NULL, NULL},
    {"group_name", "groupName", &lnm_type_string, 0, NULL, NULL},
    {"tenancy", "tenancy", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_placement_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_placement_out_members,
    .member_count = sizeof lnm_ec2_placement_out_members / sizeof lnm_ec2_placement_out_members[0]};

static const struct lnm_member lnm_ec2_instance_state_out_members[] = {
    {"code", "code", &lnm_type_integer, 0, NULL, NULL},
    {"name", "name", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_instance_state_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_instance_state_out_members,
    .member_count =
        sizeof lnm_ec2_instance_state_out_members / sizeof lnm_ec2_instance_state_out_members[0]};

static const struct lnm_member lnm_ec2_instance_out_members[] = {
    {"ami_launch_index", "amiLaunchIndex", &lnm_type_integer, 0, NULL, NULL},
    {"architecture", "architecture", &lnm_type_string, 0, NULL, NULL},
    {"block_device_mappings", "blockDeviceMapping", &lnm_ec2_instance_block_device_mapping_list_out,
     0, NULL, NULL},
    {"boot_mode", "bootMode", &lnm_type_string, 0, NULL, NULL},
    {"client_token", "clientToken", &lnm_type_string, 0, NULL, NULL},
    {"ebs_optimized", "ebsOptimized", &lnm_type_boolean, 0, NULL, NULL},
    {"ena_support", "enaSupport", &lnm_type_boolean, 0, NULL, NULL},
    {"hypervisor", "hypervisor", &lnm_type_string, 0, NULL, NULL},
    {"iam_instance_profile", "iamInstanceProfile", &lnm_ec2_iam_instance_profile_out, 0, NULL,
     NULL},
    {"image_id", "imageId", &lnm_type_string, 0, NULL, NULL},
    {"instance_id", "instanceId", &lnm_type_string, 0, NULL, NULL},
    {"instance_type", "instanceType", &lnm_type_string, 0, NULL, NULL},
    {"key_name", "keyName", &lnm_type_string, 0, NULL, NULL},
    {"launch_time", "launchTime", &lnm_type_timestamp, 0, NULL, NULL},
    {"monitoring", "monitoring", &lnm_ec2_monitoring_out, 0, NULL, NULL},
    {"placement", "placement", &lnm_ec2_placement_out, 0, NULL, NULL},
    {"platform", "platform", &lnm_type_string, 0, NULL, NULL},
    {"platform_details", "platformDetails", &lnm_type_string, 0, NULL, NULL},
    {"private_dns_name", "privateDnsName", &lnm_type_string, 0, NULL, NULL},
    {"private_ip_address", "privateIpAddress", &lnm_type_string, 0, NULL, NULL},
    {"public_dns_name", "dnsName", &lnm_type_string, 0, NULL, NULL},
    {"public_ip_address", "ipAddress", &lnm_type_string, 0, NULL, NULL},
    {"root_device_name", "rootDeviceName", &lnm_type_string, 0, NULL, NULL},
    {"root_device_type", "rootDeviceType", &lnm_type_string, 0, NULL, NULL},
    {"security_groups", "groupSet", &lnm_ec2_group_identifier_list_out, 0, NULL, NULL},
    {"source_dest_check", "sourceDestCheck", &lnm_type_boolean, 0, NULL, NULL},
    {"state", "instanceState", &lnm_ec2_instance_state_out, 0, NULL, NULL},
    {"state_reason", "stateReason", &lnm_ec2_state_reason_out, 0, NULL, NULL},
    {"state_transition_reason", "reason", &lnm_type_string, 0, NULL, NULL},
    {"subnet_id", "subnetId", &lnm_type_string, 0, NULL, NULL},
    {"tags", "tagSet", &lnm_ec2_tag_list_out, 0, NULL, NULL},
    {"usage_operation", "usageOperation", &lnm_type_string, 0, NULL, NULL},
    {"virtualization_type", "virtualizationType", &lnm_type_string, 0, NULL, NULL},
    {"vpc_id", "vpcId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_instance_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_instance_out_members,
    .member_count = sizeof lnm_ec2_instance_out_members / sizeof lnm_ec2_instance_out_members[0]};

static const struct lnm_member lnm_ec2_instance_list_out_item = {.wire = "item",
                                                                 .type = &lnm_ec2_instance_out};
static const struct lnm_type lnm_ec2_instance_list_out = {.kind = LNM_LIST,
                                                          .item = &lnm_ec2_instance_list_out_item};

static const struct lnm_member lnm_ec2_reservation_out_members[] = {
    {"groups", "groupSet", &lnm_ec2_group_identifier_list_out, 0, NULL, NULL},
    {"instances", "instancesSet", &lnm_ec2_instance_list_out, 0, NULL, NULL},
    {"owner_id", "ownerId", &lnm_type_string, 0, NULL, NULL},
    {"requester_id", "requesterId", &lnm_type_string, 0, NULL, NULL},
    {"reservation_id", "reservationId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_reservation_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_reservation_out_members,
    .member_count =
        sizeof lnm_ec2_reservation_out_members / sizeof lnm_ec2_reservation_out_members[0]};

static const struct lnm_member lnm_ec2_reservation_list_out_item = {
    .wire = "item", .type = &lnm_ec2_reservation_out};
static const struct lnm_type lnm_ec2_reservation_list_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_reservation_list_out_item};

static const struct lnm_member lnm_ec2_describe_instances_result_out_members[] = {
    {"next_token", "nextToken", &lnm_type_string, 0, NULL, NULL},
    {"reservations", "reservationSet", &lnm_ec2_reservation_list_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_describe_instances_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_instances_result_out_members,
    .member_count = sizeof lnm_ec2_describe_instances_result_out_members /
                    sizeof lnm_ec2_describe_instances_result_out_members[0]};

static const struct lnm_member lnm_ec2_iam_instance_profile_specification_in_members[] = {
    {"arn", "Arn", &lnm_type_string, 0, NULL, NULL},
    {"name", "Name", &lnm_type_string, 0, "name of the new resource", NULL},
};
static const struct lnm_type lnm_ec2_iam_instance_profile_specification_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_iam_instance_profile_specification_in_members,
    .member_count = sizeof lnm_ec2_iam_instance_profile_specification_in_members /
                    sizeof lnm_ec2_iam_instance_profile_specification_in_members[0]};

static const struct lnm_member lnm_ec2_placement_in_members[] = {
    {"availability_zone", "AvailabilityZone", &lnm_type_string, 0, "zone of the volume", NULL},
    {"group_name", "GroupName", &lnm_type_string, 0, NULL, NULL},
    {"tenancy", "Tenancy", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_placement_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_placement_in_members,
    .member_count = sizeof lnm_ec2_placement_in_members / sizeof lnm_ec2_placement_in_members[0]};

static const struct lnm_member lnm_ec2_security_group_id_string_list_in_item = {
    .wire = "SecurityGroupId", .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_security_group_id_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_security_group_id_string_list_in_item};

static const struct lnm_member lnm_ec2_run_instances_request_in_members[] = {
    {"block_device_mappings", "BlockDeviceMapping", &lnm_ec2_block_device_mapping_request_list_in,
     0, "devices and what is behind them", NULL},
    {"client_token", "ClientToken", &lnm_type_string, LNM_TOKEN,
     "makes a repeat of the same request harmless", NULL},
    {"disable_api_termination", "DisableApiTermination", &lnm_type_boolean, 0, NULL, NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"ebs_optimized", "EbsOptimized", &lnm_type_boolean, 0, NULL, NULL},
    {"iam_instance_profile", "IamInstanceProfile", &lnm_ec2_iam_instance_profile_specification_in,
     0, NULL, NULL},
    {"image_id", "ImageId", &lnm_type_string, 0, "image", NULL},
    {"instance_initiated_shutdown_behavior", "InstanceInitiatedShutdownBehavior", &lnm_type_string,
     0, NULL, NULL},
    {"instance_type", "InstanceType", &lnm_type_string, 0, "t3.micro …", NULL},
    {"key_name", "KeyName", &lnm_type_string, 0, NULL, NULL},
    {"max_count", "MaxCount", &lnm_type_integer, LNM_REQUIRED, "at most this many", NULL},
    {"min_count", "MinCount", &lnm_type_integer, LNM_REQUIRED, "at least this many", NULL},
    {"placement", "Placement", &lnm_ec2_placement_in, 0, NULL, NULL},
    {"security_group_ids", "SecurityGroupId", &lnm_ec2_security_group_id_string_list_in, 0, NULL,
     NULL},
    {"subnet_id", "SubnetId", &lnm_type_string, 0, NULL, NULL},
    {"tag_specifications", "TagSpecification", &lnm_ec2_tag_specification_list_in, 0,
     "tags written at creation", NULL},
    {"user_data", "UserData", &lnm_type_string, LNM_SECRET, NULL, NULL},
};
static const struct lnm_type lnm_ec2_run_instances_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_run_instances_request_in_members,
    .member_count = sizeof lnm_ec2_run_instances_request_in_members /
                    sizeof lnm_ec2_run_instances_request_in_members[0]};

static const struct lnm_member lnm_ec2_terminate_instances_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"instance_ids", "InstanceId", &lnm_ec2_instance_id_string_list_in, LNM_REQUIRED, "instances",
     NULL},
};
static const struct lnm_type lnm_ec2_terminate_instances_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_terminate_instances_request_in_members,
    .member_count = sizeof lnm_ec2_terminate_instances_request_in_members /
                    sizeof lnm_ec2_terminate_instances_request_in_members[0]};

static const struct lnm_member lnm_ec2_instance_state_change_out_members[] = {
    {"current_state", "currentState", &lnm_ec2_instance_state_out, 0, NULL, NULL},
    {"instance_id", "instanceId", &lnm_type_string, 0, NULL, NULL},
    {"previous_state", "previousState", &lnm_ec2_instance_state_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_instance_state_change_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_instance_state_change_out_members,
    .member_count = sizeof lnm_ec2_instance_state_change_out_members /
                    sizeof lnm_ec2_instance_state_change_out_members[0]};

static const struct lnm_member lnm_ec2_instance_state_change_list_out_item = {
    .wire = "item", .type = &lnm_ec2_instance_state_change_out};
static const struct lnm_type lnm_ec2_instance_state_change_list_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_instance_state_change_list_out_item};

static const struct lnm_member lnm_ec2_terminate_instances_result_out_members[] = {
    {"terminating_instances", "instancesSet", &lnm_ec2_instance_state_change_list_out, 0, NULL,
     NULL},
};
static const struct lnm_type lnm_ec2_terminate_instances_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_terminate_instances_result_out_members,
    .member_count = sizeof lnm_ec2_terminate_instances_result_out_members /
                    sizeof lnm_ec2_terminate_instances_result_out_members[0]};

const struct lnm_operation lnm_ec2_instance_operations[LNM_EC2_INSTANCE_COUNT] = {
    {"DescribeInstances", &lnm_ec2, &lnm_ec2_describe_instances_request_in,
     &lnm_ec2_describe_instances_result_out, LNM_PAGED, "list instances"},
    {"RunInstances", &lnm_ec2, &lnm_ec2_run_instances_request_in, &lnm_ec2_reservation_out,
     LNM_MUTATES, "launch instances"},
    {"TerminateInstances", &lnm_ec2, &lnm_ec2_terminate_instances_request_in,
     &lnm_ec2_terminate_instances_result_out, LNM_MUTATES | LNM_REPEATABLE, "terminate instances"},
};
