/* api_ec2_snapshot_state.c - rows of the EC2 actions on a snapshot's sharing, and on all snapshots
 * of an instance. Source: the ec2/2016-11-15 service model. */
#include "aws/api_types.h"

static const struct lnm_type volume_id_string_list_in = LNM_ITEMS("VolumeId", lnm_type_string);

static const struct lnm_member instance_specification_in_members[] = {
    LNM_IN("exclude_boot_volume", "ExcludeBootVolume", lnm_type_boolean, 0,
           "leave the root volume out"),
    LNM_IN("exclude_data_volume_ids", "ExcludeDataVolumeId", volume_id_string_list_in, 0,
           "volumes to leave out"),
    LNM_IN("instance_id", "InstanceId", lnm_type_string, LNM_REQUIRED, "instance"),
};
static const struct lnm_type instance_specification_in =
    LNM_FIELDS(instance_specification_in_members);

static const struct lnm_member create_snapshots_in_members[] = {
    LNM_WORDS("copy_tags_from_source", "CopyTagsFromSource", 0,
              "volume: take over the volumes' tags", "volume"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("instance_specification", "InstanceSpecification", instance_specification_in,
           LNM_REQUIRED, "which instance and which of its volumes"),
    LNM_WORDS("location", "Location", 0, "regional or local", "regional|local"),
    LNM_IN("outpost_arn", "OutpostArn", lnm_type_string, 0, "Outpost to keep it on"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
};
static const struct lnm_type create_snapshots_in = LNM_FIELDS(create_snapshots_in_members);

static const struct lnm_member snapshot_info_out_members[] = {
    LNM_OUT("availability_zone", "availabilityZone", lnm_type_string),
    LNM_OUT("description", "description", lnm_type_string),
    LNM_OUT("encrypted", "encrypted", lnm_type_boolean),
    LNM_OUT("outpost_arn", "outpostArn", lnm_type_string),
    LNM_OUT("owner_id", "ownerId", lnm_type_string),
    LNM_OUT("progress", "progress", lnm_type_string),
    LNM_OUT("snapshot_id", "snapshotId", lnm_type_string),
    LNM_OUT("sse_type", "sseType", lnm_type_string),
    LNM_OUT("start_time", "startTime", lnm_type_timestamp),
    LNM_OUT("state", "state", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("volume_id", "volumeId", lnm_type_string),
    LNM_OUT("volume_size", "volumeSize", lnm_type_integer),
};
static const struct lnm_type snapshot_info_out = LNM_FIELDS(snapshot_info_out_members);

static const struct lnm_type snapshot_set_out = LNM_ITEMS("item", snapshot_info_out);

static const struct lnm_member create_snapshots_out_members[] = {
    LNM_OUT("snapshots", "snapshotSet", snapshot_set_out),
};
static const struct lnm_type create_snapshots_out = LNM_FIELDS(create_snapshots_out_members);

static const struct lnm_member describe_snapshot_attribute_in_members[] = {
    LNM_IN("attribute", "Attribute", lnm_type_string, LNM_REQUIRED, "which attribute"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("snapshot_id", "SnapshotId", lnm_type_string, LNM_REQUIRED, "snapshot"),
};
static const struct lnm_type describe_snapshot_attribute_in =
    LNM_FIELDS(describe_snapshot_attribute_in_members);

static const struct lnm_member product_code_out_members[] = {
    LNM_OUT("product_code_id", "productCode", lnm_type_string),
    LNM_OUT("product_code_type", "type", lnm_type_string),
};
static const struct lnm_type product_code_out = LNM_FIELDS(product_code_out_members);

static const struct lnm_type product_code_list_out = LNM_ITEMS("item", product_code_out);

static const struct lnm_member create_volume_permission_out_members[] = {
    LNM_OUT("group", "group", lnm_type_string),
    LNM_OUT("user_id", "userId", lnm_type_string),
};
static const struct lnm_type create_volume_permission_out =
    LNM_FIELDS(create_volume_permission_out_members);

static const struct lnm_type create_volume_permission_list_out =
    LNM_ITEMS("item", create_volume_permission_out);

static const struct lnm_member describe_snapshot_attribute_out_members[] = {
    LNM_OUT("create_volume_permissions", "createVolumePermission",
            create_volume_permission_list_out),
    LNM_OUT("product_codes", "productCodes", product_code_list_out),
    LNM_OUT("snapshot_id", "snapshotId", lnm_type_string),
};
static const struct lnm_type describe_snapshot_attribute_out =
    LNM_FIELDS(describe_snapshot_attribute_out_members);

static const struct lnm_member reset_snapshot_attribute_in_members[] = {
    LNM_IN("attribute", "Attribute", lnm_type_string, LNM_REQUIRED, "which attribute"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("snapshot_id", "SnapshotId", lnm_type_string, LNM_REQUIRED, "snapshot"),
};
static const struct lnm_type reset_snapshot_attribute_in =
    LNM_FIELDS(reset_snapshot_attribute_in_members);

const struct lnm_operation lnm_ec2_snapshot_state_operations[LNM_EC2_SNAPSHOT_STATE_COUNT] = {
    {"CreateSnapshots", &lnm_ec2, &create_snapshots_in, &create_snapshots_out, LNM_MUTATES,
     "take snapshots of all volumes of an instance"},
    {"DescribeSnapshotAttribute", &lnm_ec2, &describe_snapshot_attribute_in,
     &describe_snapshot_attribute_out, 0, "who may make volumes of a snapshot"},
    {"ResetSnapshotAttribute", &lnm_ec2, &reset_snapshot_attribute_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "take back all permissions on a snapshot"},
};
