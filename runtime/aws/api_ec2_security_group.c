/* api_ec2_security_group.c - rows of the EC2 actions on security groups. Source: the ec2/2016-11-15
 * service model. */
#include "aws/api_types.h"

static const struct lnm_member ip_range_in_members[] = {
    LNM_IN("cidr_ip", "CidrIp", lnm_type_string, 0, "IPv4 range, 10.0.0.0/8"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
};
static const struct lnm_type ip_range_in = LNM_FIELDS(ip_range_in_members);

static const struct lnm_type ip_range_list_in = LNM_ITEMS("item", ip_range_in);

static const struct lnm_member ipv6_range_in_members[] = {
    LNM_IN("cidr_ipv6", "CidrIpv6", lnm_type_string, 0, "IPv6 range, ::/0"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
};
static const struct lnm_type ipv6_range_in = LNM_FIELDS(ipv6_range_in_members);

static const struct lnm_type ipv6_range_list_in = LNM_ITEMS("item", ipv6_range_in);

static const struct lnm_member prefix_list_id_in_members[] = {
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("prefix_list_id", "PrefixListId", lnm_type_string, 0, "prefix list"),
};
static const struct lnm_type prefix_list_id_in = LNM_FIELDS(prefix_list_id_in_members);

static const struct lnm_type prefix_list_id_list_in = LNM_ITEMS("item", prefix_list_id_in);

static const struct lnm_member user_id_group_pair_in_members[] = {
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("group_id", "GroupId", lnm_type_string, 0, "security group"),
    LNM_IN("group_name", "GroupName", lnm_type_string, 0, "name of the security group"),
    LNM_IN("peering_status", "PeeringStatus", lnm_type_string, 0, "state of the peering"),
    LNM_IN("user_id", "UserId", lnm_type_string, 0, "account of the group"),
    LNM_IN("vpc_id", "VpcId", lnm_type_string, 0, "VPC"),
    LNM_IN("vpc_peering_connection_id", "VpcPeeringConnectionId", lnm_type_string, 0,
           "peering of the VPCs"),
};
static const struct lnm_type user_id_group_pair_in = LNM_FIELDS(user_id_group_pair_in_members);

static const struct lnm_type user_id_group_pair_list_in = LNM_ITEMS("item", user_id_group_pair_in);

static const struct lnm_member ip_permission_in_members[] = {
    LNM_IN("from_port", "FromPort", lnm_type_integer, 0, "first port, or the ICMP type"),
    LNM_IN("ip_protocol", "IpProtocol", lnm_type_string, 0,
           "tcp, udp, icmp, icmpv6, a number, or -1 for all"),
    LNM_IN("ip_ranges", "IpRanges", ip_range_list_in, 0, "IPv4 ranges"),
    LNM_IN("ipv6_ranges", "Ipv6Ranges", ipv6_range_list_in, 0, "IPv6 ranges"),
    LNM_IN("prefix_list_ids", "PrefixListIds", prefix_list_id_list_in, 0, "prefix lists"),
    LNM_IN("to_port", "ToPort", lnm_type_integer, 0, "last port, or the ICMP code"),
    LNM_IN("user_id_group_pairs", "Groups", user_id_group_pair_list_in, 0,
           "security groups on the other side"),
};
static const struct lnm_type ip_permission_in = LNM_FIELDS(ip_permission_in_members);

static const struct lnm_type ip_permission_list_in = LNM_ITEMS("item", ip_permission_in);

static const struct lnm_member authorize_security_group_egress_in_members[] = {
    LNM_IN("cidr_ip", "CidrIp", lnm_type_string, 0, "IPv4 range, 10.0.0.0/8"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("from_port", "FromPort", lnm_type_integer, 0, "first port, or the ICMP type"),
    LNM_IN("group_id", "GroupId", lnm_type_string, LNM_REQUIRED, "security group"),
    LNM_IN("ip_permissions", "IpPermissions", ip_permission_list_in, 0, "rules"),
    LNM_IN("ip_protocol", "IpProtocol", lnm_type_string, 0,
           "tcp, udp, icmp, icmpv6, a number, or -1 for all"),
    LNM_IN("source_security_group_name", "SourceSecurityGroupName", lnm_type_string, 0,
           "name of a group on the other side"),
    LNM_IN("source_security_group_owner_id", "SourceSecurityGroupOwnerId", lnm_type_string, 0,
           "account of that group"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
    LNM_IN("to_port", "ToPort", lnm_type_integer, 0, "last port, or the ICMP code"),
};
static const struct lnm_type authorize_security_group_egress_in =
    LNM_FIELDS(authorize_security_group_egress_in_members);

static const struct lnm_member referenced_security_group_out_members[] = {
    LNM_OUT("group_id", "groupId", lnm_type_string),
    LNM_OUT("peering_status", "peeringStatus", lnm_type_string),
    LNM_OUT("user_id", "userId", lnm_type_string),
    LNM_OUT("vpc_id", "vpcId", lnm_type_string),
    LNM_OUT("vpc_peering_connection_id", "vpcPeeringConnectionId", lnm_type_string),
};
static const struct lnm_type referenced_security_group_out =
    LNM_FIELDS(referenced_security_group_out_members);

static const struct lnm_member security_group_rule_out_members[] = {
    LNM_OUT("cidr_ipv4", "cidrIpv4", lnm_type_string),
    LNM_OUT("cidr_ipv6", "cidrIpv6", lnm_type_string),
    LNM_OUT("description", "description", lnm_type_string),
    LNM_OUT("from_port", "fromPort", lnm_type_integer),
    LNM_OUT("group_id", "groupId", lnm_type_string),
    LNM_OUT("group_owner_id", "groupOwnerId", lnm_type_string),
    LNM_OUT("ip_protocol", "ipProtocol", lnm_type_string),
    LNM_OUT("is_egress", "isEgress", lnm_type_boolean),
    LNM_OUT("prefix_list_id", "prefixListId", lnm_type_string),
    LNM_OUT("referenced_group_info", "referencedGroupInfo", referenced_security_group_out),
    LNM_OUT("security_group_rule_id", "securityGroupRuleId", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("to_port", "toPort", lnm_type_integer),
};
static const struct lnm_type security_group_rule_out = LNM_FIELDS(security_group_rule_out_members);

static const struct lnm_type security_group_rule_list_out =
    LNM_ITEMS("item", security_group_rule_out);

static const struct lnm_member authorize_security_group_egress_out_members[] = {
    LNM_OUT("return", "return", lnm_type_boolean),
    LNM_OUT("security_group_rules", "securityGroupRuleSet", security_group_rule_list_out),
};
static const struct lnm_type authorize_security_group_egress_out =
    LNM_FIELDS(authorize_security_group_egress_out_members);

static const struct lnm_member authorize_security_group_ingress_in_members[] = {
    LNM_IN("cidr_ip", "CidrIp", lnm_type_string, 0, "IPv4 range, 10.0.0.0/8"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("from_port", "FromPort", lnm_type_integer, 0, "first port, or the ICMP type"),
    LNM_IN("group_id", "GroupId", lnm_type_string, 0, "security group"),
    LNM_IN("group_name", "GroupName", lnm_type_string, 0, "name of the security group"),
    LNM_IN("ip_permissions", "IpPermissions", ip_permission_list_in, 0, "rules"),
    LNM_IN("ip_protocol", "IpProtocol", lnm_type_string, 0,
           "tcp, udp, icmp, icmpv6, a number, or -1 for all"),
    LNM_IN("source_security_group_name", "SourceSecurityGroupName", lnm_type_string, 0,
           "name of a group on the other side"),
    LNM_IN("source_security_group_owner_id", "SourceSecurityGroupOwnerId", lnm_type_string, 0,
           "account of that group"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
    LNM_IN("to_port", "ToPort", lnm_type_integer, 0, "last port, or the ICMP code"),
};
static const struct lnm_type authorize_security_group_ingress_in =
    LNM_FIELDS(authorize_security_group_ingress_in_members);

static const struct lnm_member authorize_security_group_ingress_out_members[] = {
    LNM_OUT("return", "return", lnm_type_boolean),
    LNM_OUT("security_group_rules", "securityGroupRuleSet", security_group_rule_list_out),
};
static const struct lnm_type authorize_security_group_ingress_out =
    LNM_FIELDS(authorize_security_group_ingress_out_members);

static const struct lnm_member create_security_group_in_members[] = {
    LNM_IN("description", "GroupDescription", lnm_type_string, LNM_REQUIRED, "a line for people"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("group_name", "GroupName", lnm_type_string, LNM_REQUIRED, "name of the security group"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
    LNM_IN("vpc_id", "VpcId", lnm_type_string, 0, "VPC"),
};
static const struct lnm_type create_security_group_in =
    LNM_FIELDS(create_security_group_in_members);

static const struct lnm_member create_security_group_out_members[] = {
    LNM_OUT("group_id", "groupId", lnm_type_string),
    LNM_OUT("security_group_arn", "securityGroupArn", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
};
static const struct lnm_type create_security_group_out =
    LNM_FIELDS(create_security_group_out_members);

static const struct lnm_member delete_security_group_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("group_id", "GroupId", lnm_type_string, 0, "security group"),
    LNM_IN("group_name", "GroupName", lnm_type_string, 0, "name of the security group"),
};
static const struct lnm_type delete_security_group_in =
    LNM_FIELDS(delete_security_group_in_members);

static const struct lnm_member delete_security_group_out_members[] = {
    LNM_OUT("group_id", "groupId", lnm_type_string),
    LNM_OUT("return", "return", lnm_type_boolean),
};
static const struct lnm_type delete_security_group_out =
    LNM_FIELDS(delete_security_group_out_members);

static const struct lnm_type security_group_rule_id_list_in = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_member describe_security_group_rules_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("security_group_rule_ids", "SecurityGroupRuleId", security_group_rule_id_list_in, 0,
           "ids of rules"),
};
static const struct lnm_type describe_security_group_rules_in =
    LNM_FIELDS(describe_security_group_rules_in_members);

static const struct lnm_member describe_security_group_rules_out_members[] = {
    LNM_OUT("next_token", "nextToken", lnm_type_string),
    LNM_OUT("security_group_rules", "securityGroupRuleSet", security_group_rule_list_out),
};
static const struct lnm_type describe_security_group_rules_out =
    LNM_FIELDS(describe_security_group_rules_out_members);

static const struct lnm_type group_id_string_list_in = LNM_ITEMS("groupId", lnm_type_string);

static const struct lnm_type group_name_string_list_in = LNM_ITEMS("GroupName", lnm_type_string);

static const struct lnm_member describe_security_groups_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("group_ids", "GroupId", group_id_string_list_in, 0, "security groups"),
    LNM_IN("group_names", "GroupName", group_name_string_list_in, 0, "names of security groups"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type describe_security_groups_in =
    LNM_FIELDS(describe_security_groups_in_members);

static const struct lnm_member ip_range_out_members[] = {
    LNM_OUT("cidr_ip", "cidrIp", lnm_type_string),
    LNM_OUT("description", "description", lnm_type_string),
};
static const struct lnm_type ip_range_out = LNM_FIELDS(ip_range_out_members);

static const struct lnm_type ip_range_list_out = LNM_ITEMS("item", ip_range_out);

static const struct lnm_member ipv6_range_out_members[] = {
    LNM_OUT("cidr_ipv6", "cidrIpv6", lnm_type_string),
    LNM_OUT("description", "description", lnm_type_string),
};
static const struct lnm_type ipv6_range_out = LNM_FIELDS(ipv6_range_out_members);

static const struct lnm_type ipv6_range_list_out = LNM_ITEMS("item", ipv6_range_out);

static const struct lnm_member prefix_list_id_out_members[] = {
    LNM_OUT("description", "description", lnm_type_string),
    LNM_OUT("prefix_list_id", "prefixListId", lnm_type_string),
};
static const struct lnm_type prefix_list_id_out = LNM_FIELDS(prefix_list_id_out_members);

static const struct lnm_type prefix_list_id_list_out = LNM_ITEMS("item", prefix_list_id_out);

static const struct lnm_member user_id_group_pair_out_members[] = {
    LNM_OUT("description", "description", lnm_type_string),
    LNM_OUT("group_id", "groupId", lnm_type_string),
    LNM_OUT("group_name", "groupName", lnm_type_string),
    LNM_OUT("peering_status", "peeringStatus", lnm_type_string),
    LNM_OUT("user_id", "userId", lnm_type_string),
    LNM_OUT("vpc_id", "vpcId", lnm_type_string),
    LNM_OUT("vpc_peering_connection_id", "vpcPeeringConnectionId", lnm_type_string),
};
static const struct lnm_type user_id_group_pair_out = LNM_FIELDS(user_id_group_pair_out_members);

static const struct lnm_type user_id_group_pair_list_out =
    LNM_ITEMS("item", user_id_group_pair_out);

static const struct lnm_member ip_permission_out_members[] = {
    LNM_OUT("from_port", "fromPort", lnm_type_integer),
    LNM_OUT("ip_protocol", "ipProtocol", lnm_type_string),
    LNM_OUT("ip_ranges", "ipRanges", ip_range_list_out),
    LNM_OUT("ipv6_ranges", "ipv6Ranges", ipv6_range_list_out),
    LNM_OUT("prefix_list_ids", "prefixListIds", prefix_list_id_list_out),
    LNM_OUT("to_port", "toPort", lnm_type_integer),
    LNM_OUT("user_id_group_pairs", "groups", user_id_group_pair_list_out),
};
static const struct lnm_type ip_permission_out = LNM_FIELDS(ip_permission_out_members);

static const struct lnm_type ip_permission_list_out = LNM_ITEMS("item", ip_permission_out);

static const struct lnm_member security_group_out_members[] = {
    LNM_OUT("description", "groupDescription", lnm_type_string),
    LNM_OUT("group_id", "groupId", lnm_type_string),
    LNM_OUT("group_name", "groupName", lnm_type_string),
    LNM_OUT("ip_permissions", "ipPermissions", ip_permission_list_out),
    LNM_OUT("ip_permissions_egress", "ipPermissionsEgress", ip_permission_list_out),
    LNM_OUT("owner_id", "ownerId", lnm_type_string),
    LNM_OUT("security_group_arn", "securityGroupArn", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("vpc_id", "vpcId", lnm_type_string),
};
static const struct lnm_type security_group_out = LNM_FIELDS(security_group_out_members);

static const struct lnm_type security_group_list_out = LNM_ITEMS("item", security_group_out);

static const struct lnm_member describe_security_groups_out_members[] = {
    LNM_OUT("next_token", "nextToken", lnm_type_string),
    LNM_OUT("security_groups", "securityGroupInfo", security_group_list_out),
};
static const struct lnm_type describe_security_groups_out =
    LNM_FIELDS(describe_security_groups_out_members);

static const struct lnm_member revoke_security_group_egress_in_members[] = {
    LNM_IN("cidr_ip", "CidrIp", lnm_type_string, 0, "IPv4 range, 10.0.0.0/8"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("from_port", "FromPort", lnm_type_integer, 0, "first port, or the ICMP type"),
    LNM_IN("group_id", "GroupId", lnm_type_string, LNM_REQUIRED, "security group"),
    LNM_IN("ip_permissions", "IpPermissions", ip_permission_list_in, 0, "rules"),
    LNM_IN("ip_protocol", "IpProtocol", lnm_type_string, 0,
           "tcp, udp, icmp, icmpv6, a number, or -1 for all"),
    LNM_IN("security_group_rule_ids", "SecurityGroupRuleId", security_group_rule_id_list_in, 0,
           "ids of rules"),
    LNM_IN("source_security_group_name", "SourceSecurityGroupName", lnm_type_string, 0,
           "name of a group on the other side"),
    LNM_IN("source_security_group_owner_id", "SourceSecurityGroupOwnerId", lnm_type_string, 0,
           "account of that group"),
    LNM_IN("to_port", "ToPort", lnm_type_integer, 0, "last port, or the ICMP code"),
};
static const struct lnm_type revoke_security_group_egress_in =
    LNM_FIELDS(revoke_security_group_egress_in_members);

static const struct lnm_member revoke_security_group_egress_out_members[] = {
    LNM_OUT("return", "return", lnm_type_boolean),
    LNM_OUT("unknown_ip_permissions", "unknownIpPermissionSet", ip_permission_list_out),
};
static const struct lnm_type revoke_security_group_egress_out =
    LNM_FIELDS(revoke_security_group_egress_out_members);

static const struct lnm_member revoke_security_group_ingress_in_members[] = {
    LNM_IN("cidr_ip", "CidrIp", lnm_type_string, 0, "IPv4 range, 10.0.0.0/8"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("from_port", "FromPort", lnm_type_integer, 0, "first port, or the ICMP type"),
    LNM_IN("group_id", "GroupId", lnm_type_string, 0, "security group"),
    LNM_IN("group_name", "GroupName", lnm_type_string, 0, "name of the security group"),
    LNM_IN("ip_permissions", "IpPermissions", ip_permission_list_in, 0, "rules"),
    LNM_IN("ip_protocol", "IpProtocol", lnm_type_string, 0,
           "tcp, udp, icmp, icmpv6, a number, or -1 for all"),
    LNM_IN("security_group_rule_ids", "SecurityGroupRuleId", security_group_rule_id_list_in, 0,
           "ids of rules"),
    LNM_IN("source_security_group_name", "SourceSecurityGroupName", lnm_type_string, 0,
           "name of a group on the other side"),
    LNM_IN("source_security_group_owner_id", "SourceSecurityGroupOwnerId", lnm_type_string, 0,
           "account of that group"),
    LNM_IN("to_port", "ToPort", lnm_type_integer, 0, "last port, or the ICMP code"),
};
static const struct lnm_type revoke_security_group_ingress_in =
    LNM_FIELDS(revoke_security_group_ingress_in_members);

static const struct lnm_member revoke_security_group_ingress_out_members[] = {
    LNM_OUT("return", "return", lnm_type_boolean),
    LNM_OUT("unknown_ip_permissions", "unknownIpPermissionSet", ip_permission_list_out),
};
static const struct lnm_type revoke_security_group_ingress_out =
    LNM_FIELDS(revoke_security_group_ingress_out_members);

const struct lnm_operation lnm_ec2_security_group_operations[LNM_EC2_SECURITY_GROUP_COUNT] = {
    {"AuthorizeSecurityGroupEgress", &lnm_ec2, &authorize_security_group_egress_in,
     &authorize_security_group_egress_out, LNM_MUTATES, "let traffic out"},
    {"AuthorizeSecurityGroupIngress", &lnm_ec2, &authorize_security_group_ingress_in,
     &authorize_security_group_ingress_out, LNM_MUTATES, "let traffic in"},
    {"CreateSecurityGroup", &lnm_ec2, &create_security_group_in, &create_security_group_out,
     LNM_MUTATES, "make a security group"},
    {"DeleteSecurityGroup", &lnm_ec2, &delete_security_group_in, &delete_security_group_out,
     LNM_MUTATES | LNM_REPEATABLE, "delete a security group"},
    {"DescribeSecurityGroupRules", &lnm_ec2, &describe_security_group_rules_in,
     &describe_security_group_rules_out, LNM_PAGED, "list rules of security groups"},
    {"DescribeSecurityGroups", &lnm_ec2, &describe_security_groups_in,
     &describe_security_groups_out, LNM_PAGED, "list security groups"},
    {"RevokeSecurityGroupEgress", &lnm_ec2, &revoke_security_group_egress_in,
     &revoke_security_group_egress_out, LNM_MUTATES, "let traffic out no more"},
    {"RevokeSecurityGroupIngress", &lnm_ec2, &revoke_security_group_ingress_in,
     &revoke_security_group_ingress_out, LNM_MUTATES, "let traffic in no more"},
};
