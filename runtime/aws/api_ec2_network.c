/* api_ec2_network.c - rows of the EC2 actions that list what is around a launch: VPCs, subnets,
 * network interfaces, instance types, limits of the account. Source: the ec2/2016-11-15 service
 * model. */
#include "aws/api_types.h"

static const struct lnm_type account_attribute_name_string_list_in =
    LNM_ITEMS("attributeName", lnm_type_string);

static const struct lnm_member describe_account_attributes_in_members[] = {
    LNM_IN("attribute_names", "AttributeName", account_attribute_name_string_list_in, 0,
           "attributes"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
};
static const struct lnm_type describe_account_attributes_in =
    LNM_FIELDS(describe_account_attributes_in_members);

static const struct lnm_member account_attribute_value_out_members[] = {
    LNM_OUT("attribute_value", "attributeValue", lnm_type_string),
};
static const struct lnm_type account_attribute_value_out =
    LNM_FIELDS(account_attribute_value_out_members);

static const struct lnm_type account_attribute_value_list_out =
    LNM_ITEMS("item", account_attribute_value_out);

static const struct lnm_member account_attribute_out_members[] = {
    LNM_OUT("attribute_name", "attributeName", lnm_type_string),
    LNM_OUT("attribute_values", "attributeValueSet", account_attribute_value_list_out),
};
static const struct lnm_type account_attribute_out = LNM_FIELDS(account_attribute_out_members);

static const struct lnm_type account_attribute_list_out = LNM_ITEMS("item", account_attribute_out);

static const struct lnm_member describe_account_attributes_out_members[] = {
    LNM_OUT("account_attributes", "accountAttributeSet", account_attribute_list_out),
};
static const struct lnm_type describe_account_attributes_out =
    LNM_FIELDS(describe_account_attributes_out_members);

static const struct lnm_member describe_instance_type_offerings_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_WORDS("location_type", "LocationType", 0,
              "region, availability-zone or availability-zone-id",
              "region|availability-zone|availability-zone-id|outpost"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type describe_instance_type_offerings_in =
    LNM_FIELDS(describe_instance_type_offerings_in_members);

static const struct lnm_member instance_type_offering_out_members[] = {
    LNM_OUT("instance_type", "instanceType", lnm_type_string),
    LNM_OUT("location", "location", lnm_type_string),
    LNM_OUT("location_type", "locationType", lnm_type_string),
};
static const struct lnm_type instance_type_offering_out =
    LNM_FIELDS(instance_type_offering_out_members);

static const struct lnm_type instance_type_offerings_list_out =
    LNM_ITEMS("item", instance_type_offering_out);

static const struct lnm_member describe_instance_type_offerings_out_members[] = {
    LNM_OUT("instance_type_offerings", "instanceTypeOfferingSet", instance_type_offerings_list_out),
    LNM_OUT("next_token", "nextToken", lnm_type_string),
};
static const struct lnm_type describe_instance_type_offerings_out =
    LNM_FIELDS(describe_instance_type_offerings_out_members);

static const struct lnm_type request_instance_type_list_in = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_member describe_instance_types_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("instance_types", "InstanceType", request_instance_type_list_in, 0, "t3.micro …"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type describe_instance_types_in =
    LNM_FIELDS(describe_instance_types_in_members);

static const struct lnm_member ebs_info_out_members[] = {
    LNM_OUT("ebs_optimized_support", "ebsOptimizedSupport", lnm_type_string),
    LNM_OUT("encryption_support", "encryptionSupport", lnm_type_string),
    LNM_OUT("nvme_support", "nvmeSupport", lnm_type_string),
};
static const struct lnm_type ebs_info_out = LNM_FIELDS(ebs_info_out_members);

static const struct lnm_member memory_info_out_members[] = {
    LNM_OUT("size_in_mi_b", "sizeInMiB", lnm_type_integer),
};
static const struct lnm_type memory_info_out = LNM_FIELDS(memory_info_out_members);

static const struct lnm_member network_info_out_members[] = {
    LNM_OUT("ena_support", "enaSupport", lnm_type_string),
    LNM_OUT("ipv4_addresses_per_interface", "ipv4AddressesPerInterface", lnm_type_integer),
    LNM_OUT("ipv6_addresses_per_interface", "ipv6AddressesPerInterface", lnm_type_integer),
    LNM_OUT("ipv6_supported", "ipv6Supported", lnm_type_boolean),
    LNM_OUT("maximum_network_interfaces", "maximumNetworkInterfaces", lnm_type_integer),
    LNM_OUT("network_performance", "networkPerformance", lnm_type_string),
};
static const struct lnm_type network_info_out = LNM_FIELDS(network_info_out_members);

static const struct lnm_type architecture_type_list_out = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_member processor_info_out_members[] = {
    LNM_OUT("supported_architectures", "supportedArchitectures", architecture_type_list_out),
};
static const struct lnm_type processor_info_out = LNM_FIELDS(processor_info_out_members);

static const struct lnm_type boot_mode_type_list_out = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_type root_device_type_list_out = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_type usage_class_type_list_out = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_type virtualization_type_list_out = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_member v_cpu_info_out_members[] = {
    LNM_OUT("default_cores", "defaultCores", lnm_type_integer),
    LNM_OUT("default_threads_per_core", "defaultThreadsPerCore", lnm_type_integer),
    LNM_OUT("default_v_cpus", "defaultVCpus", lnm_type_integer),
};
static const struct lnm_type v_cpu_info_out = LNM_FIELDS(v_cpu_info_out_members);

static const struct lnm_member instance_type_info_out_members[] = {
    LNM_OUT("bare_metal", "bareMetal", lnm_type_boolean),
    LNM_OUT("burstable_performance_supported", "burstablePerformanceSupported", lnm_type_boolean),
    LNM_OUT("current_generation", "currentGeneration", lnm_type_boolean),
    LNM_OUT("ebs_info", "ebsInfo", ebs_info_out),
    LNM_OUT("free_tier_eligible", "freeTierEligible", lnm_type_boolean),
    LNM_OUT("hibernation_supported", "hibernationSupported", lnm_type_boolean),
    LNM_OUT("hypervisor", "hypervisor", lnm_type_string),
    LNM_OUT("instance_storage_supported", "instanceStorageSupported", lnm_type_boolean),
    LNM_OUT("instance_type", "instanceType", lnm_type_string),
    LNM_OUT("memory_info", "memoryInfo", memory_info_out),
    LNM_OUT("network_info", "networkInfo", network_info_out),
    LNM_OUT("processor_info", "processorInfo", processor_info_out),
    LNM_OUT("supported_boot_modes", "supportedBootModes", boot_mode_type_list_out),
    LNM_OUT("supported_root_device_types", "supportedRootDeviceTypes", root_device_type_list_out),
    LNM_OUT("supported_usage_classes", "supportedUsageClasses", usage_class_type_list_out),
    LNM_OUT("supported_virtualization_types", "supportedVirtualizationTypes",
            virtualization_type_list_out),
    LNM_OUT("v_cpu_info", "vCpuInfo", v_cpu_info_out),
};
static const struct lnm_type instance_type_info_out = LNM_FIELDS(instance_type_info_out_members);

static const struct lnm_type instance_type_info_list_out =
    LNM_ITEMS("item", instance_type_info_out);

static const struct lnm_member describe_instance_types_out_members[] = {
    LNM_OUT("instance_types", "instanceTypeSet", instance_type_info_list_out),
    LNM_OUT("next_token", "nextToken", lnm_type_string),
};
static const struct lnm_type describe_instance_types_out =
    LNM_FIELDS(describe_instance_types_out_members);

static const struct lnm_type network_interface_id_list_in = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_member describe_network_interfaces_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("network_interface_ids", "NetworkInterfaceId", network_interface_id_list_in, 0,
           "network interfaces"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type describe_network_interfaces_in =
    LNM_FIELDS(describe_network_interfaces_in_members);

static const struct lnm_member network_interface_association_out_members[] = {
    LNM_OUT("ip_owner_id", "ipOwnerId", lnm_type_string),
    LNM_OUT("public_dns_name", "publicDnsName", lnm_type_string),
    LNM_OUT("public_ip", "publicIp", lnm_type_string),
};
static const struct lnm_type network_interface_association_out =
    LNM_FIELDS(network_interface_association_out_members);

static const struct lnm_member network_interface_attachment_out_members[] = {
    LNM_OUT("attach_time", "attachTime", lnm_type_timestamp),
    LNM_OUT("attachment_id", "attachmentId", lnm_type_string),
    LNM_OUT("delete_on_termination", "deleteOnTermination", lnm_type_boolean),
    LNM_OUT("device_index", "deviceIndex", lnm_type_integer),
    LNM_OUT("instance_id", "instanceId", lnm_type_string),
    LNM_OUT("instance_owner_id", "instanceOwnerId", lnm_type_string),
    LNM_OUT("network_card_index", "networkCardIndex", lnm_type_integer),
    LNM_OUT("status", "status", lnm_type_string),
};
static const struct lnm_type network_interface_attachment_out =
    LNM_FIELDS(network_interface_attachment_out_members);

static const struct lnm_member network_interface_out_members[] = {
    LNM_OUT("association", "association", network_interface_association_out),
    LNM_OUT("attachment", "attachment", network_interface_attachment_out),
    LNM_OUT("availability_zone", "availabilityZone", lnm_type_string),
    LNM_OUT("description", "description", lnm_type_string),
    LNM_OUT("groups", "groupSet", lnm_ec2_group_identifier_list_out),
    LNM_OUT("interface_type", "interfaceType", lnm_type_string),
    LNM_OUT("mac_address", "macAddress", lnm_type_string),
    LNM_OUT("network_interface_id", "networkInterfaceId", lnm_type_string),
    LNM_OUT("owner_id", "ownerId", lnm_type_string),
    LNM_OUT("private_dns_name", "privateDnsName", lnm_type_string),
    LNM_OUT("private_ip_address", "privateIpAddress", lnm_type_string),
    LNM_OUT("requester_managed", "requesterManaged", lnm_type_boolean),
    LNM_OUT("source_dest_check", "sourceDestCheck", lnm_type_boolean),
    LNM_OUT("status", "status", lnm_type_string),
    LNM_OUT("subnet_id", "subnetId", lnm_type_string),
    LNM_OUT("tag_set", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("vpc_id", "vpcId", lnm_type_string),
};
static const struct lnm_type network_interface_out = LNM_FIELDS(network_interface_out_members);

static const struct lnm_type network_interface_list_out = LNM_ITEMS("item", network_interface_out);

static const struct lnm_member describe_network_interfaces_out_members[] = {
    LNM_OUT("network_interfaces", "networkInterfaceSet", network_interface_list_out),
    LNM_OUT("next_token", "nextToken", lnm_type_string),
};
static const struct lnm_type describe_network_interfaces_out =
    LNM_FIELDS(describe_network_interfaces_out_members);

static const struct lnm_type subnet_id_string_list_in = LNM_ITEMS("SubnetId", lnm_type_string);

static const struct lnm_member describe_subnets_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("subnet_ids", "SubnetId", subnet_id_string_list_in, 0, "subnets"),
};
static const struct lnm_type describe_subnets_in = LNM_FIELDS(describe_subnets_in_members);

static const struct lnm_member subnet_out_members[] = {
    LNM_OUT("assign_ipv6_address_on_creation", "assignIpv6AddressOnCreation", lnm_type_boolean),
    LNM_OUT("availability_zone", "availabilityZone", lnm_type_string),
    LNM_OUT("availability_zone_id", "availabilityZoneId", lnm_type_string),
    LNM_OUT("available_ip_address_count", "availableIpAddressCount", lnm_type_integer),
    LNM_OUT("cidr_block", "cidrBlock", lnm_type_string),
    LNM_OUT("default_for_az", "defaultForAz", lnm_type_boolean),
    LNM_OUT("map_public_ip_on_launch", "mapPublicIpOnLaunch", lnm_type_boolean),
    LNM_OUT("owner_id", "ownerId", lnm_type_string),
    LNM_OUT("state", "state", lnm_type_string),
    LNM_OUT("subnet_arn", "subnetArn", lnm_type_string),
    LNM_OUT("subnet_id", "subnetId", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("vpc_id", "vpcId", lnm_type_string),
};
static const struct lnm_type subnet_out = LNM_FIELDS(subnet_out_members);

static const struct lnm_type subnet_list_out = LNM_ITEMS("item", subnet_out);

static const struct lnm_member describe_subnets_out_members[] = {
    LNM_OUT("next_token", "nextToken", lnm_type_string),
    LNM_OUT("subnets", "subnetSet", subnet_list_out),
};
static const struct lnm_type describe_subnets_out = LNM_FIELDS(describe_subnets_out_members);

static const struct lnm_type vpc_id_string_list_in = LNM_ITEMS("VpcId", lnm_type_string);

static const struct lnm_member describe_vpcs_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("vpc_ids", "VpcId", vpc_id_string_list_in, 0, "VPCs"),
};
static const struct lnm_type describe_vpcs_in = LNM_FIELDS(describe_vpcs_in_members);

static const struct lnm_member vpc_cidr_block_state_out_members[] = {
    LNM_OUT("state", "state", lnm_type_string),
};
static const struct lnm_type vpc_cidr_block_state_out =
    LNM_FIELDS(vpc_cidr_block_state_out_members);

static const struct lnm_member vpc_cidr_block_association_out_members[] = {
    LNM_OUT("association_id", "associationId", lnm_type_string),
    LNM_OUT("cidr_block", "cidrBlock", lnm_type_string),
    LNM_OUT("cidr_block_state", "cidrBlockState", vpc_cidr_block_state_out),
};
static const struct lnm_type vpc_cidr_block_association_out =
    LNM_FIELDS(vpc_cidr_block_association_out_members);

static const struct lnm_type vpc_cidr_block_association_set_out =
    LNM_ITEMS("item", vpc_cidr_block_association_out);

static const struct lnm_member vpc_out_members[] = {
    LNM_OUT("cidr_block", "cidrBlock", lnm_type_string),
    LNM_OUT("cidr_block_association_set", "cidrBlockAssociationSet",
            vpc_cidr_block_association_set_out),
    LNM_OUT("dhcp_options_id", "dhcpOptionsId", lnm_type_string),
    LNM_OUT("instance_tenancy", "instanceTenancy", lnm_type_string),
    LNM_OUT("is_default", "isDefault", lnm_type_boolean),
    LNM_OUT("owner_id", "ownerId", lnm_type_string),
    LNM_OUT("state", "state", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("vpc_id", "vpcId", lnm_type_string),
};
static const struct lnm_type vpc_out = LNM_FIELDS(vpc_out_members);

static const struct lnm_type vpc_list_out = LNM_ITEMS("item", vpc_out);

static const struct lnm_member describe_vpcs_out_members[] = {
    LNM_OUT("next_token", "nextToken", lnm_type_string),
    LNM_OUT("vpcs", "vpcSet", vpc_list_out),
};
static const struct lnm_type describe_vpcs_out = LNM_FIELDS(describe_vpcs_out_members);

const struct lnm_operation lnm_ec2_network_operations[LNM_EC2_NETWORK_COUNT] = {
    {"DescribeAccountAttributes", &lnm_ec2, &describe_account_attributes_in,
     &describe_account_attributes_out, 0, "attributes of the account"},
    {"DescribeInstanceTypeOfferings", &lnm_ec2, &describe_instance_type_offerings_in,
     &describe_instance_type_offerings_out, LNM_PAGED, "which instance types are offered where"},
    {"DescribeInstanceTypes", &lnm_ec2, &describe_instance_types_in, &describe_instance_types_out,
     LNM_PAGED, "list instance types"},
    {"DescribeNetworkInterfaces", &lnm_ec2, &describe_network_interfaces_in,
     &describe_network_interfaces_out, LNM_PAGED, "list network interfaces"},
    {"DescribeSubnets", &lnm_ec2, &describe_subnets_in, &describe_subnets_out, LNM_PAGED,
     "list subnets"},
    {"DescribeVpcs", &lnm_ec2, &describe_vpcs_in, &describe_vpcs_out, LNM_PAGED, "list VPCs"},
};
