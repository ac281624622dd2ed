/* api_ec2_snapshot.c - rows of the EC2 actions on snapshots. Source: the ec2/2016-11-15 service
 * model. */
#include "aws/api_types.h"

static const struct lnm_member copy_snapshot_in_members[] = {
    LNM_IN("completion_duration_minutes", "CompletionDurationMinutes", lnm_type_integer, 0,
           "time-based copy: 15 to 2880, in steps of 15"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("destination_availability_zone", "DestinationAvailabilityZone", lnm_type_string, 0,
           "local zone for the copy"),
    LNM_IN("destination_outpost_arn", "DestinationOutpostArn", lnm_type_string, 0,
           "Outpost for the copy"),
    LNM_IN("destination_region", "DestinationRegion", lnm_type_string, 0,
           "region that the presigned URL is for"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("encrypted", "Encrypted", lnm_type_boolean, 0, "encrypt the result"),
    LNM_IN("kms_key_id", "KmsKeyId", lnm_type_string, 0, "KMS key: id, ARN, alias or alias ARN"),
    LNM_IN("presigned_url", "PresignedUrl", lnm_type_string, LNM_SECRET,
           "signed request to the source region"),
    LNM_IN("source_region", "SourceRegion", lnm_type_string, LNM_REQUIRED, "region of the source"),
    LNM_IN("source_snapshot_id", "SourceSnapshotId", lnm_type_string, LNM_REQUIRED,
           "snapshot to copy"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
};
static const struct lnm_type copy_snapshot_in = LNM_FIELDS(copy_snapshot_in_members);

static const struct lnm_member copy_snapshot_out_members[] = {
    LNM_OUT("snapshot_id", "snapshotId", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
};
static const struct lnm_type copy_snapshot_out = LNM_FIELDS(copy_snapshot_out_members);

static const struct lnm_member create_snapshot_in_members[] = {
    LNM_IN("description", "Description", lnm_type_string, 0, "a line for people"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_WORDS("location", "Location", 0, "regional or local", "regional|local"),
    LNM_IN("outpost_arn", "OutpostArn", lnm_type_string, 0, "Outpost to keep it on"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
    LNM_IN("volume_id", "VolumeId", lnm_type_string, LNM_REQUIRED, "volume"),
};
static const struct lnm_type create_snapshot_in = LNM_FIELDS(create_snapshot_in_members);

static const struct lnm_member snapshot_out_members[] = {
    LNM_OUT("availability_zone", "availabilityZone", lnm_type_string),
    LNM_OUT("completion_duration_minutes", "completionDurationMinutes", lnm_type_integer),
    LNM_OUT("completion_time", "completionTime", lnm_type_timestamp),
    LNM_OUT("data_encryption_key_id", "dataEncryptionKeyId", lnm_type_string),
    LNM_OUT("description", "description", lnm_type_string),
    LNM_OUT("encrypted", "encrypted", lnm_type_boolean),
    LNM_OUT("full_snapshot_size_in_bytes", "fullSnapshotSizeInBytes", lnm_type_integer),
    LNM_OUT("kms_key_id", "kmsKeyId", lnm_type_string),
    LNM_OUT("outpost_arn", "outpostArn", lnm_type_string),
    LNM_OUT("owner_alias", "ownerAlias", lnm_type_string),
    LNM_OUT("owner_id", "ownerId", lnm_type_string),
    LNM_OUT("progress", "progress", lnm_type_string),
    LNM_OUT("restore_expiry_time", "restoreExpiryTime", lnm_type_timestamp),
    LNM_OUT("snapshot_id", "snapshotId", lnm_type_string),
    LNM_OUT("sse_type", "sseType", lnm_type_string),
    LNM_OUT("start_time", "startTime", lnm_type_timestamp),
    LNM_OUT("state", "status", lnm_type_string),
    LNM_OUT("state_message", "statusMessage", lnm_type_string),
    LNM_OUT("storage_tier", "storageTier", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("transfer_type", "transferType", lnm_type_string),
    LNM_OUT("volume_id", "volumeId", lnm_type_string),
    LNM_OUT("volume_size", "volumeSize", lnm_type_integer),
};
static const struct lnm_type snapshot_out = LNM_FIELDS(snapshot_out_members);

static const struct lnm_member delete_snapshot_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("snapshot_id", "SnapshotId", lnm_type_string, LNM_REQUIRED, "snapshot"),
};
static const struct lnm_type delete_snapshot_in = LNM_FIELDS(delete_snapshot_in_members);

static const struct lnm_type restorable_by_string_list_in = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_type snapshot_id_string_list_in = LNM_ITEMS("SnapshotId", lnm_type_string);

static const struct lnm_member describe_snapshots_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("owner_ids", "Owner", lnm_ec2_owner_string_list_in, 0, "self, amazon or account ids"),
    LNM_IN("restorable_by_user_ids", "RestorableBy", restorable_by_string_list_in, 0,
           "account ids that may make volumes"),
    LNM_IN("snapshot_ids", "SnapshotId", snapshot_id_string_list_in, 0, "snapshots"),
};
static const struct lnm_type describe_snapshots_in = LNM_FIELDS(describe_snapshots_in_members);

static const struct lnm_type snapshot_list_out = LNM_ITEMS("item", snapshot_out);

static const struct lnm_member describe_snapshots_out_members[] = {
    LNM_OUT("next_token", "nextToken", lnm_type_string),
    LNM_OUT("snapshots", "snapshotSet", snapshot_list_out),
};
static const struct lnm_type describe_snapshots_out = LNM_FIELDS(describe_snapshots_out_members);

static const struct lnm_member create_volume_permission_in_members[] = {
    LNM_WORDS("group", "Group", 0, "all", "all"),
    LNM_IN("user_id", "UserId", lnm_type_string, 0, "account id"),
};
static const struct lnm_type create_volume_permission_in =
    LNM_FIELDS(create_volume_permission_in_members);

static const struct lnm_type create_volume_permission_list_in =
    LNM_ITEMS("item", create_volume_permission_in);

static const struct lnm_member create_volume_permission_modifications_in_members[] = {
    LNM_IN("add", "Add", create_volume_permission_list_in, 0, "who is let in"),
    LNM_IN("remove", "Remove", create_volume_permission_list_in, 0, "who is shut out"),
};
static const struct lnm_type create_volume_permission_modifications_in =
    LNM_FIELDS(create_volume_permission_modifications_in_members);

static const struct lnm_type group_name_string_list_in = LNM_ITEMS("GroupName", lnm_type_string);

static const struct lnm_member modify_snapshot_attribute_in_members[] = {
    LNM_IN("attribute", "Attribute", lnm_type_string, 0, "attribute to change"),
    LNM_IN("create_volume_permission", "CreateVolumePermission",
           create_volume_permission_modifications_in, 0, "who may make volumes"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("group_names", "UserGroup", group_name_string_list_in, 0, "all"),
    LNM_WORDS("operation_type", "OperationType", 0, "add or remove", "add|remove"),
    LNM_IN("snapshot_id", "SnapshotId", lnm_type_string, LNM_REQUIRED, "snapshot"),
    LNM_IN("user_ids", "UserId", lnm_ec2_user_id_string_list_in, 0, "account ids"),
};
static const struct lnm_type modify_snapshot_attribute_in =
    LNM_FIELDS(modify_snapshot_attribute_in_members);

const struct lnm_operation lnm_ec2_snapshot_operations[LNM_EC2_SNAPSHOT_COUNT] = {
    {"CopySnapshot", &lnm_ec2, &copy_snapshot_in, &copy_snapshot_out, LNM_MUTATES,
     "copy a snapshot, from this region or another"},
    {"CreateSnapshot", &lnm_ec2, &create_snapshot_in, &snapshot_out, LNM_MUTATES,
     "take a snapshot of a volume"},
    {"DeleteSnapshot", &lnm_ec2, &delete_snapshot_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "delete a snapshot"},
    {"DescribeSnapshots", &lnm_ec2, &describe_snapshots_in, &describe_snapshots_out, LNM_PAGED,
     "list snapshots"},
    {"ModifySnapshotAttribute", &lnm_ec2, &modify_snapshot_attribute_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "share a snapshot"},
};
