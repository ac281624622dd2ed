/* api_ec2_account.c - rows of the EC2 actions on tags, regions and the account's defaults. Source:
 * the ec2/2016-11-15 service model. */
#include "aws/api_types.h"

static const struct lnm_type resource_id_list_in = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_member create_tags_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("resources", "ResourceId", resource_id_list_in, LNM_REQUIRED, "ids to tag"),
    LNM_IN("tags", "Tag", lnm_ec2_tag_list_in, LNM_REQUIRED, "tags"),
};
static const struct lnm_type create_tags_in = LNM_FIELDS(create_tags_in_members);

static const struct lnm_member delete_tags_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("resources", "ResourceId", resource_id_list_in, LNM_REQUIRED, "ids to tag"),
    LNM_IN("tags", "Tag", lnm_ec2_tag_list_in, 0, "tags"),
};
static const struct lnm_type delete_tags_in = LNM_FIELDS(delete_tags_in_members);

static const struct lnm_type region_name_string_list_in = LNM_ITEMS("RegionName", lnm_type_string);

static const struct lnm_member describe_regions_in_members[] = {
    LNM_IN("all_regions", "AllRegions", lnm_type_boolean, 0, "regions that are not enabled too"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("region_names", "RegionName", region_name_string_list_in, 0, "regions"),
};
static const struct lnm_type describe_regions_in = LNM_FIELDS(describe_regions_in_members);

static const struct lnm_member region_out_members[] = {
    LNM_OUT("endpoint", "regionEndpoint", lnm_type_string),
    LNM_OUT("opt_in_status", "optInStatus", lnm_type_string),
    LNM_OUT("region_name", "regionName", lnm_type_string),
};
static const struct lnm_type region_out = LNM_FIELDS(region_out_members);

static const struct lnm_type region_list_out = LNM_ITEMS("item", region_out);

static const struct lnm_member describe_regions_out_members[] = {
    LNM_OUT("regions", "regionInfo", region_list_out),
};
static const struct lnm_type describe_regions_out = LNM_FIELDS(describe_regions_out_members);

static const struct lnm_type zone_id_string_list_in = LNM_ITEMS("ZoneId", lnm_type_string);

static const struct lnm_type zone_name_string_list_in = LNM_ITEMS("ZoneName", lnm_type_string);

static const struct lnm_member describe_availability_zones_in_members[] = {
    LNM_IN("all_availability_zones", "AllAvailabilityZones", lnm_type_boolean, 0,
           "zones that are not enabled too"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("zone_ids", "ZoneId", zone_id_string_list_in, 0, "ids of zones"),
    LNM_IN("zone_names", "ZoneName", zone_name_string_list_in, 0, "zones"),
};
static const struct lnm_type describe_availability_zones_in =
    LNM_FIELDS(describe_availability_zones_in_members);

static const struct lnm_member availability_zone_message_out_members[] = {
    LNM_OUT("message", "message", lnm_type_string),
};
static const struct lnm_type availability_zone_message_out =
    LNM_FIELDS(availability_zone_message_out_members);

static const struct lnm_type availability_zone_message_list_out =
    LNM_ITEMS("item", availability_zone_message_out);

static const struct lnm_member availability_zone_out_members[] = {
    LNM_OUT("group_name", "groupName", lnm_type_string),
    LNM_OUT("messages", "messageSet", availability_zone_message_list_out),
    LNM_OUT("network_border_group", "networkBorderGroup", lnm_type_string),
    LNM_OUT("opt_in_status", "optInStatus", lnm_type_string),
    LNM_OUT("parent_zone_id", "parentZoneId", lnm_type_string),
    LNM_OUT("parent_zone_name", "parentZoneName", lnm_type_string),
    LNM_OUT("region_name", "regionName", lnm_type_string),
    LNM_OUT("state", "zoneState", lnm_type_string),
    LNM_OUT("zone_id", "zoneId", lnm_type_string),
    LNM_OUT("zone_name", "zoneName", lnm_type_string),
    LNM_OUT("zone_type", "zoneType", lnm_type_string),
};
static const struct lnm_type availability_zone_out = LNM_FIELDS(availability_zone_out_members);

static const struct lnm_type availability_zone_list_out = LNM_ITEMS("item", availability_zone_out);

static const struct lnm_member describe_availability_zones_out_members[] = {
    LNM_OUT("availability_zones", "availabilityZoneInfo", availability_zone_list_out),
};
static const struct lnm_type describe_availability_zones_out =
    LNM_FIELDS(describe_availability_zones_out_members);

static const struct lnm_member get_ebs_encryption_by_default_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
};
static const struct lnm_type get_ebs_encryption_by_default_in =
    LNM_FIELDS(get_ebs_encryption_by_default_in_members);

static const struct lnm_member get_ebs_encryption_by_default_out_members[] = {
    LNM_OUT("ebs_encryption_by_default", "ebsEncryptionByDefault", lnm_type_boolean),
    LNM_OUT("sse_type", "sseType", lnm_type_string),
};
static const struct lnm_type get_ebs_encryption_by_default_out =
    LNM_FIELDS(get_ebs_encryption_by_default_out_members);

static const struct lnm_member get_ebs_default_kms_key_id_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
};
static const struct lnm_type get_ebs_default_kms_key_id_in =
    LNM_FIELDS(get_ebs_default_kms_key_id_in_members);

static const struct lnm_member get_ebs_default_kms_key_id_out_members[] = {
    LNM_OUT("kms_key_id", "kmsKeyId", lnm_type_string),
};
static const struct lnm_type get_ebs_default_kms_key_id_out =
    LNM_FIELDS(get_ebs_default_kms_key_id_out_members);

const struct lnm_operation lnm_ec2_account_operations[LNM_EC2_ACCOUNT_COUNT] = {
    {"CreateTags", &lnm_ec2, &create_tags_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "write tags"},
    {"DeleteTags", &lnm_ec2, &delete_tags_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "remove tags"},
    {"DescribeAvailabilityZones", &lnm_ec2, &describe_availability_zones_in,
     &describe_availability_zones_out, 0, "list zones"},
    {"DescribeRegions", &lnm_ec2, &describe_regions_in, &describe_regions_out, 0, "list regions"},
    {"GetEbsDefaultKmsKeyId", &lnm_ec2, &get_ebs_default_kms_key_id_in,
     &get_ebs_default_kms_key_id_out, 0, "the default key for EBS"},
    {"GetEbsEncryptionByDefault", &lnm_ec2, &get_ebs_encryption_by_default_in,
     &get_ebs_encryption_by_default_out, 0, "is EBS encryption by default on?"},
};
