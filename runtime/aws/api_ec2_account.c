/* api_ec2_account.c - rows of the EC2 actions on tags, regions and the account's defaults. Source:
 * the ec2/2016-11-15 service model. */
#include "aws/api_types.h"

static const struct lnm_member lnm_ec2_resource_id_list_in_item = {.wire = "item",
                                                                   .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_resource_id_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_resource_id_list_in_item};

static const struct lnm_member lnm_ec2_create_tags_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"resources", "ResourceId", &lnm_ec2_resource_id_list_in, LNM_REQUIRED, "ids to tag", NULL},
    {"tags", "Tag", &lnm_ec2_tag_list_in, LNM_REQUIRED, "tags", NULL},
};
static const struct lnm_type lnm_ec2_create_tags_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_create_tags_request_in_members,
    .member_count = sizeof lnm_ec2_create_tags_request_in_members /
                    sizeof lnm_ec2_create_tags_request_in_members[0]};

static const struct lnm_member lnm_ec2_delete_tags_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"resources", "ResourceId", &lnm_ec2_resource_id_list_in, LNM_REQUIRED, "ids to tag", NULL},
    {"tags", "Tag", &lnm_ec2_tag_list_in, 0, "tags", NULL},
};
static const struct lnm_type lnm_ec2_delete_tags_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_delete_tags_request_in_members,
    .member_count = sizeof lnm_ec2_delete_tags_request_in_members /
                    sizeof lnm_ec2_delete_tags_request_in_members[0]};

static const struct lnm_member lnm_ec2_region_name_string_list_in_item = {.wire = "RegionName",
                                                                          .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_region_name_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_region_name_string_list_in_item};

static const struct lnm_member lnm_ec2_describe_regions_request_in_members[] = {
    {"all_regions", "AllRegions", &lnm_type_boolean, 0, "regions that are not enabled too", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"filters", "Filter", &lnm_ec2_filter_list_in, 0,
     "conditions; all names must match, any value of a name", NULL},
    {"region_names", "RegionName", &lnm_ec2_region_name_string_list_in, 0, "regions", NULL},
};
static const struct lnm_type lnm_ec2_describe_regions_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_regions_request_in_members,
    .member_count = sizeof lnm_ec2_describe_regions_request_in_members /
                    sizeof lnm_ec2_describe_regions_request_in_members[0]};

static const struct lnm_member lnm_ec2_region_out_members[] = {
    {"endpoint", "regionEndpoint", &lnm_type_string, 0, NULL, NULL},
    {"opt_in_status", "optInStatus", &lnm_type_string, 0, NULL, NULL},
    {"region_name", "regionName", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_region_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_region_out_members,
    .member_count = sizeof lnm_ec2_region_out_members / sizeof lnm_ec2_region_out_members[0]};

static const struct lnm_member lnm_ec2_region_list_out_item = {.wire = "item",
                                                               .type = &lnm_ec2_region_out};
static const struct lnm_type lnm_ec2_region_list_out = {.kind = LNM_LIST,
                                                        .item = &lnm_ec2_region_list_out_item};

static const struct lnm_member lnm_ec2_describe_regions_result_out_members[] = {
    {"regions", "regionInfo", &lnm_ec2_region_list_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_describe_regions_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_regions_result_out_members,
    .member_count = sizeof lnm_ec2_describe_regions_result_out_members /
                    sizeof lnm_ec2_describe_regions_result_out_members[0]};

static const struct lnm_member lnm_ec2_zone_id_string_list_in_item = {.wire = "ZoneId",
                                                                      .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_zone_id_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_zone_id_string_list_in_item};

static const struct lnm_member lnm_ec2_zone_name_string_list_in_item = {.wire = "ZoneName",
                                                                        .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_zone_name_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_zone_name_string_list_in_item};

static const struct lnm_member lnm_ec2_describe_availability_zones_request_in_members[] = {
    {"all_availability_zones", "AllAvailabilityZones", &lnm_type_boolean, 0, NULL, NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"filters", "Filter", &lnm_ec2_filter_list_in, 0,
     "conditions; all names must match, any value of a name", NULL},
    {"zone_ids", "ZoneId", &lnm_ec2_zone_id_string_list_in, 0, NULL, NULL},
    {"zone_names", "ZoneName", &lnm_ec2_zone_name_string_list_in, 0, "zones", NULL},
};
static const struct lnm_type lnm_ec2_describe_availability_zones_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_availability_zones_request_in_members,
    .member_count = sizeof lnm_ec2_describe_availability_zones_request_in_members /
                    sizeof lnm_ec2_describe_availability_zones_request_in_members[0]};

static const struct lnm_member lnm_ec2_availability_zone_message_out_members[] = {
    {"message", "message", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_availability_zone_message_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_availability_zone_message_out_members,
    .member_count = sizeof lnm_ec2_availability_zone_message_out_members /
                    sizeof lnm_ec2_availability_zone_message_out_members[0]};

static const struct lnm_member lnm_ec2_availability_zone_message_list_out_item = {
    .wire = "item", .type = &lnm_ec2_availability_zone_message_out};
static const struct lnm_type lnm_ec2_availability_zone_message_list_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_availability_zone_message_list_out_item};

static const struct lnm_member lnm_ec2_availability_zone_out_members[] = {
    {"group_name", "groupName", &lnm_type_string, 0, NULL, NULL},
    {"messages", "messageSet", &lnm_ec2_availability_zone_message_list_out, 0, NULL, NULL},
    {"network_border_group", "networkBorderGroup", &lnm_type_string, 0, NULL, NULL},
    {"opt_in_status", "optInStatus", &lnm_type_string, 0, NULL, NULL},
    {"parent_zone_id", "parentZoneId", &lnm_type_string, 0, NULL, NULL},
    {"parent_zone_name", "parentZoneName", &lnm_type_string, 0, NULL, NULL},
    {"region_name", "regionName", &lnm_type_string, 0, NULL, NULL},
    {"state", "zoneState", &lnm_type_string, 0, NULL, NULL},
    {"zone_id", "zoneId", &lnm_type_string, 0, NULL, NULL},
    {"zone_name", "zoneName", &lnm_type_string, 0, NULL, NULL},
    {"zone_type", "zoneType", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_availability_zone_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_availability_zone_out_members,
    .member_count = sizeof lnm_ec2_availability_zone_out_members /
                    sizeof lnm_ec2_availability_zone_out_members[0]};

static const struct lnm_member lnm_ec2_availability_zone_list_out_item = {
    .wire = "item", .type = &lnm_ec2_availability_zone_out};
static const struct lnm_type lnm_ec2_availability_zone_list_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_availability_zone_list_out_item};

static const struct lnm_member lnm_ec2_describe_availability_zones_result_out_members[] = {
    {"availability_zones", "availabilityZoneInfo", &lnm_ec2_availability_zone_list_out, 0, NULL,
     NULL},
};
static const struct lnm_type lnm_ec2_describe_availability_zones_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_availability_zones_result_out_members,
    .member_count = sizeof lnm_ec2_describe_availability_zones_result_out_members /
                    sizeof lnm_ec2_describe_availability_zones_result_out_members[0]};

static const struct lnm_member lnm_ec2_get_ebs_encryption_by_default_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
};
static const struct lnm_type lnm_ec2_get_ebs_encryption_by_default_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_get_ebs_encryption_by_default_request_in_members,
    .member_count = sizeof lnm_ec2_get_ebs_encryption_by_default_request_in_members /
                    sizeof lnm_ec2_get_ebs_encryption_by_default_request_in_members[0]};

static const struct lnm_member lnm_ec2_get_ebs_encryption_by_default_result_out_members[] = {
    {"ebs_encryption_by_default", "ebsEncryptionByDefault", &lnm_type_boolean, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_get_ebs_encryption_by_default_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_get_ebs_encryption_by_default_result_out_members,
    .member_count = sizeof lnm_ec2_get_ebs_encryption_by_default_result_out_members /
                    sizeof lnm_ec2_get_ebs_encryption_by_default_result_out_members[0]};

static const struct lnm_member lnm_ec2_get_ebs_default_kms_key_id_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
};
static const struct lnm_type lnm_ec2_get_ebs_default_kms_key_id_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_get_ebs_default_kms_key_id_request_in_members,
    .member_count = sizeof lnm_ec2_get_ebs_default_kms_key_id_request_in_members /
                    sizeof lnm_ec2_get_ebs_default_kms_key_id_request_in_members[0]};

static const struct lnm_member lnm_ec2_get_ebs_default_kms_key_id_result_out_members[] = {
    {"kms_key_id", "kmsKeyId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_get_ebs_default_kms_key_id_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_get_ebs_default_kms_key_id_result_out_members,
    .member_count = sizeof lnm_ec2_get_ebs_default_kms_key_id_result_out_members /
                    sizeof lnm_ec2_get_ebs_default_kms_key_id_result_out_members[0]};

const struct lnm_operation lnm_ec2_account_operations[LNM_EC2_ACCOUNT_COUNT] = {
    {"CreateTags", &lnm_ec2, &lnm_ec2_create_tags_request_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "write tags"},
    {"DeleteTags", &lnm_ec2, &lnm_ec2_delete_tags_request_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "remove tags"},
    {"DescribeAvailabilityZones", &lnm_ec2, &lnm_ec2_describe_availability_zones_request_in,
     &lnm_ec2_describe_availability_zones_result_out, 0, "list zones"},
    {"DescribeRegions", &lnm_ec2, &lnm_ec2_describe_regions_request_in,
     &lnm_ec2_describe_regions_result_out, 0, "list regions"},
    {"GetEbsDefaultKmsKeyId", &lnm_ec2, &lnm_ec2_get_ebs_default_kms_key_id_request_in,
     &lnm_ec2_get_ebs_default_kms_key_id_result_out, 0, "the default key for EBS"},
    {"GetEbsEncryptionByDefault", &lnm_ec2, &lnm_ec2_get_ebs_encryption_by_default_request_in,
     &lnm_ec2_get_ebs_encryption_by_default_result_out, 0, "is EBS encryption by default on?"},
};
