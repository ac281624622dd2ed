/* api_ec2_instance.c - rows of the EC2 actions on instances. Source: the ec2/2016-11-15 service
 * model. */
#include "aws/api_types.h"

static const struct lnm_type instance_id_string_list_in = LNM_ITEMS("InstanceId", lnm_type_string);

static const struct lnm_member describe_instances_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("instance_ids", "InstanceId", instance_id_string_list_in, 0, "instances"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type describe_instances_in = LNM_FIELDS(describe_instances_in_members);

static const struct lnm_member iam_instance_profile_out_members[] = {
    LNM_OUT("arn", "arn", lnm_type_string),
    LNM_OUT("id", "id", lnm_type_string),
};
static const struct lnm_type iam_instance_profile_out =
    LNM_FIELDS(iam_instance_profile_out_members);

static const struct lnm_member monitoring_out_members[] = {
    LNM_OUT("state", "state", lnm_type_string),
};
static const struct lnm_type monitoring_out = LNM_FIELDS(monitoring_out_members);

static const struct lnm_member placement_out_members[] = {
    LNM_OUT("availability_zone", "availabilityZone", lnm_type_string),
    LNM_OUT("availability_zone_id", "availabilityZoneId", lnm_type_string),
    LNM_OUT("group_name", "groupName", lnm_type_string),
    LNM_OUT("tenancy", "tenancy", lnm_type_string),
};
static const struct lnm_type placement_out = LNM_FIELDS(placement_out_members);

static const struct lnm_member instance_network_interface_association_out_members[] = {
    LNM_OUT("ip_owner_id", "ipOwnerId", lnm_type_string),
    LNM_OUT("public_dns_name", "publicDnsName", lnm_type_string),
    LNM_OUT("public_ip", "publicIp", lnm_type_string),
};
static const struct lnm_type instance_network_interface_association_out =
    LNM_FIELDS(instance_network_interface_association_out_members);

static const struct lnm_member instance_network_interface_attachment_out_members[] = {
    LNM_OUT("attach_time", "attachTime", lnm_type_timestamp),
    LNM_OUT("attachment_id", "attachmentId", lnm_type_string),
    LNM_OUT("delete_on_termination", "deleteOnTermination", lnm_type_boolean),
    LNM_OUT("device_index", "deviceIndex", lnm_type_integer),
    LNM_OUT("status", "status", lnm_type_string),
};
static const struct lnm_type instance_network_interface_attachment_out =
    LNM_FIELDS(instance_network_interface_attachment_out_members);

static const struct lnm_member instance_private_ip_address_out_members[] = {
    LNM_OUT("primary", "primary", lnm_type_boolean),
    LNM_OUT("private_dns_name", "privateDnsName", lnm_type_string),
    LNM_OUT("private_ip_address", "privateIpAddress", lnm_type_string),
};
static const struct lnm_type instance_private_ip_address_out =
    LNM_FIELDS(instance_private_ip_address_out_members);

static const struct lnm_type instance_private_ip_address_list_out =
    LNM_ITEMS("item", instance_private_ip_address_out);

static const struct lnm_member instance_network_interface_out_members[] = {
    LNM_OUT("association", "association", instance_network_interface_association_out),
    LNM_OUT("attachment", "attachment", instance_network_interface_attachment_out),
    LNM_OUT("description", "description", lnm_type_string),
    LNM_OUT("groups", "groupSet", lnm_ec2_group_identifier_list_out),
    LNM_OUT("interface_type", "interfaceType", lnm_type_string),
    LNM_OUT("mac_address", "macAddress", lnm_type_string),
    LNM_OUT("network_interface_id", "networkInterfaceId", lnm_type_string),
    LNM_OUT("owner_id", "ownerId", lnm_type_string),
    LNM_OUT("private_dns_name", "privateDnsName", lnm_type_string),
    LNM_OUT("private_ip_address", "privateIpAddress", lnm_type_string),
    LNM_OUT("private_ip_addresses", "privateIpAddressesSet", instance_private_ip_address_list_out),
    LNM_OUT("source_dest_check", "sourceDestCheck", lnm_type_boolean),
    LNM_OUT("status", "status", lnm_type_string),
    LNM_OUT("subnet_id", "subnetId", lnm_type_string),
    LNM_OUT("vpc_id", "vpcId", lnm_type_string),
};
static const struct lnm_type instance_network_interface_out =
    LNM_FIELDS(instance_network_interface_out_members);

static const struct lnm_type instance_network_interface_list_out =
    LNM_ITEMS("item", instance_network_interface_out);

static const struct lnm_member instance_metadata_options_out_members[] = {
    LNM_OUT("http_endpoint", "httpEndpoint", lnm_type_string),
    LNM_OUT("http_protocol_ipv6", "httpProtocolIpv6", lnm_type_string),
    LNM_OUT("http_put_response_hop_limit", "httpPutResponseHopLimit", lnm_type_integer),
    LNM_OUT("http_tokens", "httpTokens", lnm_type_string),
    LNM_OUT("instance_metadata_tags", "instanceMetadataTags", lnm_type_string),
    LNM_OUT("state", "state", lnm_type_string),
};
static const struct lnm_type instance_metadata_options_out =
    LNM_FIELDS(instance_metadata_options_out_members);

static const struct lnm_member instance_out_members[] = {
    LNM_OUT("ami_launch_index", "amiLaunchIndex", lnm_type_integer),
    LNM_OUT("architecture", "architecture", lnm_type_string),
    LNM_OUT("block_device_mappings", "blockDeviceMapping",
            lnm_ec2_instance_block_device_mapping_list_out),
    LNM_OUT("boot_mode", "bootMode", lnm_type_string),
    LNM_OUT("client_token", "clientToken", lnm_type_string),
    LNM_OUT("ebs_optimized", "ebsOptimized", lnm_type_boolean),
    LNM_OUT("ena_support", "enaSupport", lnm_type_boolean),
    LNM_OUT("hypervisor", "hypervisor", lnm_type_string),
    LNM_OUT("iam_instance_profile", "iamInstanceProfile", iam_instance_profile_out),
    LNM_OUT("image_id", "imageId", lnm_type_string),
    LNM_OUT("instance_id", "instanceId", lnm_type_string),
    LNM_OUT("instance_type", "instanceType", lnm_type_string),
    LNM_OUT("key_name", "keyName", lnm_type_string),
    LNM_OUT("launch_time", "launchTime", lnm_type_timestamp),
    LNM_OUT("metadata_options", "metadataOptions", instance_metadata_options_out),
    LNM_OUT("monitoring", "monitoring", monitoring_out),
    LNM_OUT("network_interfaces", "networkInterfaceSet", instance_network_interface_list_out),
    LNM_OUT("placement", "placement", placement_out),
    LNM_OUT("platform", "platform", lnm_type_string),
    LNM_OUT("platform_details", "platformDetails", lnm_type_string),
    LNM_OUT("private_dns_name", "privateDnsName", lnm_type_string),
    LNM_OUT("private_ip_address", "privateIpAddress", lnm_type_string),
    LNM_OUT("public_dns_name", "dnsName", lnm_type_string),
    LNM_OUT("public_ip_address", "ipAddress", lnm_type_string),
    LNM_OUT("root_device_name", "rootDeviceName", lnm_type_string),
    LNM_OUT("root_device_type", "rootDeviceType", lnm_type_string),
    LNM_OUT("security_groups", "groupSet", lnm_ec2_group_identifier_list_out),
    LNM_OUT("source_dest_check", "sourceDestCheck", lnm_type_boolean),
    LNM_OUT("state", "instanceState", lnm_ec2_instance_state_out),
    LNM_OUT("state_reason", "stateReason", lnm_ec2_state_reason_out),
    LNM_OUT("state_transition_reason", "reason", lnm_type_string),
    LNM_OUT("subnet_id", "subnetId", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("usage_operation", "usageOperation", lnm_type_string),
    LNM_OUT("virtualization_type", "virtualizationType", lnm_type_string),
    LNM_OUT("vpc_id", "vpcId", lnm_type_string),
};
static const struct lnm_type instance_out = LNM_FIELDS(instance_out_members);

static const struct lnm_type instance_list_out = LNM_ITEMS("item", instance_out);

static const struct lnm_member reservation_out_members[] = {
    LNM_OUT("groups", "groupSet", lnm_ec2_group_identifier_list_out),
    LNM_OUT("instances", "instancesSet", instance_list_out),
    LNM_OUT("owner_id", "ownerId", lnm_type_string),
    LNM_OUT("requester_id", "requesterId", lnm_type_string),
    LNM_OUT("reservation_id", "reservationId", lnm_type_string),
};
static const struct lnm_type reservation_out = LNM_FIELDS(reservation_out_members);

static const struct lnm_type reservation_list_out = LNM_ITEMS("item", reservation_out);

static const struct lnm_member describe_instances_out_members[] = {
    LNM_OUT("next_token", "nextToken", lnm_type_string),
    LNM_OUT("reservations", "reservationSet", reservation_list_out),
};
static const struct lnm_type describe_instances_out = LNM_FIELDS(describe_instances_out_members);

static const struct lnm_member iam_instance_profile_specification_in_members[] = {
    LNM_IN("arn", "Arn", lnm_type_string, 0, "ARN of the instance profile"),
    LNM_IN("name", "Name", lnm_type_string, 0, "name of the instance profile"),
};
static const struct lnm_type iam_instance_profile_specification_in =
    LNM_FIELDS(iam_instance_profile_specification_in_members);

static const struct lnm_member placement_in_members[] = {
    LNM_IN("availability_zone", "AvailabilityZone", lnm_type_string, 0, "zone of the instance"),
    LNM_IN("availability_zone_id", "AvailabilityZoneId", lnm_type_string, 0,
           "the zone by its id, the same in all accounts"),
    LNM_IN("group_name", "GroupName", lnm_type_string, 0, "placement group"),
    LNM_WORDS("tenancy", "Tenancy", 0, "default, dedicated or host", "default|dedicated|host"),
};
static const struct lnm_type placement_in = LNM_FIELDS(placement_in_members);

static const struct lnm_type security_group_id_string_list_in =
    LNM_ITEMS("SecurityGroupId", lnm_type_string);

static const struct lnm_member instance_network_interface_specification_in_members[] = {
    LNM_IN("associate_public_ip_address", "AssociatePublicIpAddress", lnm_type_boolean, 0,
           "give it a public address"),
    LNM_IN("delete_on_termination", "DeleteOnTermination", lnm_type_boolean, 0,
           "delete the interface with its instance"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("device_index", "DeviceIndex", lnm_type_integer, 0, "0: the first one"),
    LNM_IN("groups", "SecurityGroupId", security_group_id_string_list_in, 0, "security groups"),
    LNM_IN("network_interface_id", "NetworkInterfaceId", lnm_type_string, 0,
           "an interface that is there already"),
    LNM_IN("private_ip_address", "PrivateIpAddress", lnm_type_string, 0,
           "address within the subnet"),
    LNM_IN("subnet_id", "SubnetId", lnm_type_string, 0, "subnet"),
};
static const struct lnm_type instance_network_interface_specification_in =
    LNM_FIELDS(instance_network_interface_specification_in_members);

static const struct lnm_type instance_network_interface_specification_list_in =
    LNM_ITEMS("item", instance_network_interface_specification_in);

static const struct lnm_type security_group_string_list_in =
    LNM_ITEMS("SecurityGroup", lnm_type_string);

static const struct lnm_member run_instances_monitoring_enabled_in_members[] = {
    LNM_IN("enabled", "Enabled", lnm_type_boolean, LNM_REQUIRED, "a figure a minute"),
};
static const struct lnm_type run_instances_monitoring_enabled_in =
    LNM_FIELDS(run_instances_monitoring_enabled_in_members);

static const struct lnm_member credit_specification_in_members[] = {
    LNM_IN("cpu_credits", "CpuCredits", lnm_type_string, LNM_REQUIRED, "standard or unlimited"),
};
static const struct lnm_type credit_specification_in = LNM_FIELDS(credit_specification_in_members);

static const struct lnm_member launch_template_in_members[] = {
    LNM_IN("launch_template_id", "LaunchTemplateId", lnm_type_string, 0, "id of the template"),
    LNM_IN("launch_template_name", "LaunchTemplateName", lnm_type_string, 0,
           "name of the template"),
    LNM_IN("version", "Version", lnm_type_string, 0, "$Latest, $Default or a number"),
};
static const struct lnm_type launch_template_in = LNM_FIELDS(launch_template_in_members);

static const struct lnm_member metadata_options_in_members[] = {
    LNM_WORDS("http_endpoint", "HttpEndpoint", 0, "enabled or disabled", "disabled|enabled"),
    LNM_WORDS("http_protocol_ipv6", "HttpProtocolIpv6", 0, "enabled or disabled",
              "disabled|enabled"),
    LNM_IN("http_put_response_hop_limit", "HttpPutResponseHopLimit", lnm_type_integer, 0,
           "1 to 64 hops for a token"),
    LNM_WORDS("http_tokens", "HttpTokens", 0, "optional or required (IMDSv2)", "optional|required"),
    LNM_WORDS("instance_metadata_tags", "InstanceMetadataTags", 0, "enabled or disabled",
              "disabled|enabled"),
};
static const struct lnm_type metadata_options_in = LNM_FIELDS(metadata_options_in_members);

static const struct lnm_member run_instances_in_members[] = {
    LNM_IN("block_device_mappings", "BlockDeviceMapping",
           lnm_ec2_block_device_mapping_request_list_in, 0, "devices and what is behind them"),
    LNM_IN("client_token", "ClientToken", lnm_type_string, LNM_TOKEN,
           "makes a repeat of the same request harmless"),
    LNM_IN("credit_specification", "CreditSpecification", credit_specification_in, 0,
           "CPU credits of t types"),
    LNM_IN("disable_api_stop", "DisableApiStop", lnm_type_boolean, 0,
           "refuse StopInstances until this is off"),
    LNM_IN("disable_api_termination", "DisableApiTermination", lnm_type_boolean, 0,
           "refuse TerminateInstances until this is off"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("ebs_optimized", "EbsOptimized", lnm_type_boolean, 0, "own bandwidth for EBS"),
    LNM_IN("iam_instance_profile", "IamInstanceProfile", iam_instance_profile_specification_in, 0,
           "instance profile: the role of the instance"),
    LNM_IN("image_id", "ImageId", lnm_type_string, 0, "image"),
    LNM_WORDS("instance_initiated_shutdown_behavior", "InstanceInitiatedShutdownBehavior", 0,
              "stop or terminate", "stop|terminate"),
    LNM_IN("instance_type", "InstanceType", lnm_type_string, 0, "t3.micro …"),
    LNM_IN("key_name", "KeyName", lnm_type_string, 0, "SSH key pair"),
    LNM_IN("launch_template", "LaunchTemplate", launch_template_in, 0,
           "launch template to begin from"),
    LNM_IN("max_count", "MaxCount", lnm_type_integer, LNM_REQUIRED, "at most this many"),
    LNM_IN("metadata_options", "MetadataOptions", metadata_options_in, 0,
           "the instance metadata service"),
    LNM_IN("min_count", "MinCount", lnm_type_integer, LNM_REQUIRED, "at least this many"),
    LNM_IN("monitoring", "Monitoring", run_instances_monitoring_enabled_in, 0,
           "detailed monitoring"),
    LNM_IN("network_interfaces", "NetworkInterface",
           instance_network_interface_specification_list_in, 0, "network interfaces"),
    LNM_IN("placement", "Placement", placement_in, 0, "where the instance runs"),
    LNM_IN("private_ip_address", "PrivateIpAddress", lnm_type_string, 0,
           "address within the subnet"),
    LNM_IN("security_group_ids", "SecurityGroupId", security_group_id_string_list_in, 0,
           "security groups"),
    LNM_IN("security_groups", "SecurityGroup", security_group_string_list_in, 0,
           "names of security groups"),
    LNM_IN("subnet_id", "SubnetId", lnm_type_string, 0, "subnet"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
    LNM_IN("user_data", "UserData", lnm_type_string, LNM_SECRET,
           "text for the instance at its first start, base64"),
};
static const struct lnm_type run_instances_in = LNM_FIELDS(run_instances_in_members);

static const struct lnm_member terminate_instances_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("force", "Force", lnm_type_boolean, 0, "without a clean shutdown"),
    LNM_IN("instance_ids", "InstanceId", instance_id_string_list_in, LNM_REQUIRED, "instances"),
    LNM_IN("skip_os_shutdown", "SkipOsShutdown", lnm_type_boolean, 0,
           "do not wait for the operating system"),
};
static const struct lnm_type terminate_instances_in = LNM_FIELDS(terminate_instances_in_members);

static const struct lnm_member instance_state_change_out_members[] = {
    LNM_OUT("current_state", "currentState", lnm_ec2_instance_state_out),
    LNM_OUT("instance_id", "instanceId", lnm_type_string),
    LNM_OUT("previous_state", "previousState", lnm_ec2_instance_state_out),
};
static const struct lnm_type instance_state_change_out =
    LNM_FIELDS(instance_state_change_out_members);

static const struct lnm_type instance_state_change_list_out =
    LNM_ITEMS("item", instance_state_change_out);

static const struct lnm_member terminate_instances_out_members[] = {
    LNM_OUT("terminating_instances", "instancesSet", instance_state_change_list_out),
};
static const struct lnm_type terminate_instances_out = LNM_FIELDS(terminate_instances_out_members);

const struct lnm_operation lnm_ec2_instance_operations[LNM_EC2_INSTANCE_COUNT] = {
    {"DescribeInstances", &lnm_ec2, &describe_instances_in, &describe_instances_out, LNM_PAGED,
     "list instances"},
    {"RunInstances", &lnm_ec2, &run_instances_in, &reservation_out, LNM_MUTATES,
     "launch instances"},
    {"TerminateInstances", &lnm_ec2, &terminate_instances_in, &terminate_instances_out,
     LNM_MUTATES | LNM_REPEATABLE, "terminate instances"},
};
