/* api_ec2_instance_attribute.c - rows of the EC2 actions on an instance's status and attributes.
 * Source: the ec2/2016-11-15 service model. */
#include "aws/api_types.h"

static const struct lnm_member describe_instance_attribute_in_members[] = {
    LNM_IN("attribute", "Attribute", lnm_type_string, LNM_REQUIRED, "which attribute"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("instance_id", "InstanceId", lnm_type_string, LNM_REQUIRED, "instance"),
};
static const struct lnm_type describe_instance_attribute_in =
    LNM_FIELDS(describe_instance_attribute_in_members);

static const struct lnm_member attribute_boolean_value_out_members[] = {
    LNM_OUT("value", "value", lnm_type_boolean),
};
static const struct lnm_type attribute_boolean_value_out =
    LNM_FIELDS(attribute_boolean_value_out_members);

static const struct lnm_member enclave_options_out_members[] = {
    LNM_OUT("enabled", "enabled", lnm_type_boolean),
};
static const struct lnm_type enclave_options_out = LNM_FIELDS(enclave_options_out_members);

static const struct lnm_member attribute_value_out_members[] = {
    LNM_OUT("value", "value", lnm_type_string),
};
static const struct lnm_type attribute_value_out = LNM_FIELDS(attribute_value_out_members);

static const struct lnm_member product_code_out_members[] = {
    LNM_OUT("product_code_id", "productCode", lnm_type_string),
    LNM_OUT("product_code_type", "type", lnm_type_string),
};
static const struct lnm_type product_code_out = LNM_FIELDS(product_code_out_members);

static const struct lnm_type product_code_list_out = LNM_ITEMS("item", product_code_out);

static const struct lnm_member describe_instance_attribute_out_members[] = {
    LNM_OUT("block_device_mappings", "blockDeviceMapping",
            lnm_ec2_instance_block_device_mapping_list_out),
    LNM_OUT("disable_api_stop", "disableApiStop", attribute_boolean_value_out),
    LNM_OUT("disable_api_termination", "disableApiTermination", attribute_boolean_value_out),
    LNM_OUT("ebs_optimized", "ebsOptimized", attribute_boolean_value_out),
    LNM_OUT("ena_support", "enaSupport", attribute_boolean_value_out),
    LNM_OUT("enclave_options", "enclaveOptions", enclave_options_out),
    LNM_OUT("groups", "groupSet", lnm_ec2_group_identifier_list_out),
    LNM_OUT("instance_id", "instanceId", lnm_type_string),
    LNM_OUT("instance_initiated_shutdown_behavior", "instanceInitiatedShutdownBehavior",
            attribute_value_out),
    LNM_OUT("instance_type", "instanceType", attribute_value_out),
    LNM_OUT("kernel_id", "kernel", attribute_value_out),
    LNM_OUT("product_codes", "productCodes", product_code_list_out),
    LNM_OUT("ramdisk_id", "ramdisk", attribute_value_out),
    LNM_OUT("root_device_name", "rootDeviceName", attribute_value_out),
    LNM_OUT("source_dest_check", "sourceDestCheck", attribute_boolean_value_out),
    LNM_OUT("sriov_net_support", "sriovNetSupport", attribute_value_out),
    LNM_OUT_SECRET("user_data", "userData", attribute_value_out),
};
static const struct lnm_type describe_instance_attribute_out =
    LNM_FIELDS(describe_instance_attribute_out_members);

static const struct lnm_type instance_id_string_list_in = LNM_ITEMS("InstanceId", lnm_type_string);

static const struct lnm_member describe_instance_credit_specifications_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("instance_ids", "InstanceId", instance_id_string_list_in, 0, "instances"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type describe_instance_credit_specifications_in =
    LNM_FIELDS(describe_instance_credit_specifications_in_members);

static const struct lnm_member instance_credit_specification_out_members[] = {
    LNM_OUT("cpu_credits", "cpuCredits", lnm_type_string),
    LNM_OUT("instance_id", "instanceId", lnm_type_string),
};
static const struct lnm_type instance_credit_specification_out =
    LNM_FIELDS(instance_credit_specification_out_members);

static const struct lnm_type instance_credit_specification_list_out =
    LNM_ITEMS("item", instance_credit_specification_out);

static const struct lnm_member describe_instance_credit_specifications_out_members[] = {
    LNM_OUT("instance_credit_specifications", "instanceCreditSpecificationSet",
            instance_credit_specification_list_out),
    LNM_OUT("next_token", "nextToken", lnm_type_string),
};
static const struct lnm_type describe_instance_credit_specifications_out =
    LNM_FIELDS(describe_instance_credit_specifications_out_members);

static const struct lnm_member describe_instance_status_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("include_all_instances", "IncludeAllInstances", lnm_type_boolean, 0,
           "those that do not run too"),
    LNM_IN("instance_ids", "InstanceId", instance_id_string_list_in, 0, "instances"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type describe_instance_status_in =
    LNM_FIELDS(describe_instance_status_in_members);

static const struct lnm_member ebs_status_details_out_members[] = {
    LNM_OUT("impaired_since", "impairedSince", lnm_type_timestamp),
    LNM_OUT("name", "name", lnm_type_string),
    LNM_OUT("status", "status", lnm_type_string),
};
static const struct lnm_type ebs_status_details_out = LNM_FIELDS(ebs_status_details_out_members);

static const struct lnm_type ebs_status_details_list_out =
    LNM_ITEMS("item", ebs_status_details_out);

static const struct lnm_member ebs_status_summary_out_members[] = {
    LNM_OUT("details", "details", ebs_status_details_list_out),
    LNM_OUT("status", "status", lnm_type_string),
};
static const struct lnm_type ebs_status_summary_out = LNM_FIELDS(ebs_status_summary_out_members);

static const struct lnm_member instance_status_event_out_members[] = {
    LNM_OUT("code", "code", lnm_type_string),
    LNM_OUT("description", "description", lnm_type_string),
    LNM_OUT("instance_event_id", "instanceEventId", lnm_type_string),
    LNM_OUT("not_after", "notAfter", lnm_type_timestamp),
    LNM_OUT("not_before", "notBefore", lnm_type_timestamp),
    LNM_OUT("not_before_deadline", "notBeforeDeadline", lnm_type_timestamp),
};
static const struct lnm_type instance_status_event_out =
    LNM_FIELDS(instance_status_event_out_members);

static const struct lnm_type instance_status_event_list_out =
    LNM_ITEMS("item", instance_status_event_out);

static const struct lnm_member instance_status_details_out_members[] = {
    LNM_OUT("impaired_since", "impairedSince", lnm_type_timestamp),
    LNM_OUT("name", "name", lnm_type_string),
    LNM_OUT("status", "status", lnm_type_string),
};
static const struct lnm_type instance_status_details_out =
    LNM_FIELDS(instance_status_details_out_members);

static const struct lnm_type instance_status_details_list_out =
    LNM_ITEMS("item", instance_status_details_out);

static const struct lnm_member instance_status_summary_out_members[] = {
    LNM_OUT("details", "details", instance_status_details_list_out),
    LNM_OUT("status", "status", lnm_type_string),
};
static const struct lnm_type instance_status_summary_out =
    LNM_FIELDS(instance_status_summary_out_members);

static const struct lnm_member instance_status_out_members[] = {
    LNM_OUT("attached_ebs_status", "attachedEbsStatus", ebs_status_summary_out),
    LNM_OUT("availability_zone", "availabilityZone", lnm_type_string),
    LNM_OUT("availability_zone_id", "availabilityZoneId", lnm_type_string),
    LNM_OUT("events", "eventsSet", instance_status_event_list_out),
    LNM_OUT("instance_id", "instanceId", lnm_type_string),
    LNM_OUT("instance_state", "instanceState", lnm_ec2_instance_state_out),
    LNM_OUT("instance_status", "instanceStatus", instance_status_summary_out),
    LNM_OUT("outpost_arn", "outpostArn", lnm_type_string),
    LNM_OUT("system_status", "systemStatus", instance_status_summary_out),
};
static const struct lnm_type instance_status_out = LNM_FIELDS(instance_status_out_members);

static const struct lnm_type instance_status_list_out = LNM_ITEMS("item", instance_status_out);

static const struct lnm_member describe_instance_status_out_members[] = {
    LNM_OUT("instance_statuses", "instanceStatusSet", instance_status_list_out),
    LNM_OUT("next_token", "nextToken", lnm_type_string),
};
static const struct lnm_type describe_instance_status_out =
    LNM_FIELDS(describe_instance_status_out_members);

static const struct lnm_member ebs_instance_block_device_specification_in_members[] = {
    LNM_IN("delete_on_termination", "DeleteOnTermination", lnm_type_boolean, 0,
           "delete the volume with its instance"),
    LNM_IN("volume_id", "VolumeId", lnm_type_string, 0, "volume that is attached there"),
};
static const struct lnm_type ebs_instance_block_device_specification_in =
    LNM_FIELDS(ebs_instance_block_device_specification_in_members);

static const struct lnm_member instance_block_device_mapping_specification_in_members[] = {
    LNM_IN("device_name", "DeviceName", lnm_type_string, 0, "device name, /dev/xvda …"),
    LNM_IN("ebs", "Ebs", ebs_instance_block_device_specification_in, 0,
           "the EBS volume behind the device"),
    LNM_IN("no_device", "NoDevice", lnm_type_string, 0, "empty text: leave this device out"),
    LNM_IN("virtual_name", "VirtualName", lnm_type_string, 0, "instance store, ephemeral0 …"),
};
static const struct lnm_type instance_block_device_mapping_specification_in =
    LNM_FIELDS(instance_block_device_mapping_specification_in_members);

static const struct lnm_type instance_block_device_mapping_specification_list_in =
    LNM_ITEMS("item", instance_block_device_mapping_specification_in);

static const struct lnm_member attribute_boolean_value_in_members[] = {
    LNM_IN("value", "Value", lnm_type_boolean, 0, "value"),
};
static const struct lnm_type attribute_boolean_value_in =
    LNM_FIELDS(attribute_boolean_value_in_members);

static const struct lnm_type group_id_string_list_in = LNM_ITEMS("groupId", lnm_type_string);

static const struct lnm_member attribute_value_in_members[] = {
    LNM_IN("value", "Value", lnm_type_string, 0, "value"),
};
static const struct lnm_type attribute_value_in = LNM_FIELDS(attribute_value_in_members);

static const struct lnm_member blob_attribute_value_in_members[] = {
    LNM_IN("value", "Value", lnm_type_blob, 0, "value"),
};
static const struct lnm_type blob_attribute_value_in = LNM_FIELDS(blob_attribute_value_in_members);

static const struct lnm_member modify_instance_attribute_in_members[] = {
    LNM_IN("attribute", "Attribute", lnm_type_string, 0, "which attribute"),
    LNM_IN("block_device_mappings", "BlockDeviceMapping",
           instance_block_device_mapping_specification_list_in, 0,
           "devices and what is behind them"),
    LNM_IN("disable_api_stop", "DisableApiStop", attribute_boolean_value_in, 0,
           "refuse StopInstances until this is off"),
    LNM_IN("disable_api_termination", "DisableApiTermination", attribute_boolean_value_in, 0,
           "refuse TerminateInstances until this is off"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("ebs_optimized", "EbsOptimized", attribute_boolean_value_in, 0, "own bandwidth for EBS"),
    LNM_IN("ena_support", "EnaSupport", attribute_boolean_value_in, 0, "enhanced networking"),
    LNM_IN("groups", "GroupId", group_id_string_list_in, 0, "security groups of the instance"),
    LNM_IN("instance_id", "InstanceId", lnm_type_string, LNM_REQUIRED, "instance"),
    LNM_IN("instance_initiated_shutdown_behavior", "InstanceInitiatedShutdownBehavior",
           attribute_value_in, 0, "stop or terminate"),
    LNM_IN("instance_type", "InstanceType", attribute_value_in, 0, "t3.micro …"),
    LNM_IN("kernel", "Kernel", attribute_value_in, 0, "kernel"),
    LNM_IN("ramdisk", "Ramdisk", attribute_value_in, 0, "RAM disk"),
    LNM_IN("source_dest_check", "SourceDestCheck", attribute_boolean_value_in, 0,
           "drop packets that are not from or for the instance"),
    LNM_IN("sriov_net_support", "SriovNetSupport", attribute_value_in, 0, "simple"),
    LNM_IN("user_data", "UserData", blob_attribute_value_in, LNM_SECRET,
           "text for the instance at its start, base64"),
    LNM_IN("value", "Value", lnm_type_string, 0, "new value, with attribute"),
};
static const struct lnm_type modify_instance_attribute_in =
    LNM_FIELDS(modify_instance_attribute_in_members);

const struct lnm_operation lnm_ec2_instance_attribute_operations[LNM_EC2_INSTANCE_ATTRIBUTE_COUNT] =
    {
        {"DescribeInstanceAttribute", &lnm_ec2, &describe_instance_attribute_in,
         &describe_instance_attribute_out, 0, "one attribute of an instance"},
        {"DescribeInstanceCreditSpecifications", &lnm_ec2,
         &describe_instance_credit_specifications_in, &describe_instance_credit_specifications_out,
         LNM_PAGED, "CPU credits of t types"},
        {"DescribeInstanceStatus", &lnm_ec2, &describe_instance_status_in,
         &describe_instance_status_out, LNM_PAGED, "status checks of instances"},
        {"ModifyInstanceAttribute", &lnm_ec2, &modify_instance_attribute_in, &lnm_type_nothing,
         LNM_MUTATES | LNM_REPEATABLE, "change an attribute of an instance"},
};
