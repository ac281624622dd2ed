/* api_ec2_snapshot.c - rows of the EC2 actions on snapshots. Source: the ec2/2016-11-15 service
 * model. */
#include "aws/api_types.h"

static const struct lnm_member lnm_ec2_copy_snapshot_request_in_members[] = {
    {"completion_duration_minutes", "CompletionDurationMinutes", &lnm_type_integer, 0,
     "time-based copy: 15 to 2880, in steps of 15", NULL},
    {"description", "Description", &lnm_type_string, 0, "a line for people", NULL},
    {"destination_outpost_arn", "DestinationOutpostArn", &lnm_type_string, 0, NULL, NULL},
    {"destination_region", "DestinationRegion", &lnm_type_string, 0,
     "region that the presigned URL is for", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"encrypted", "Encrypted", &lnm_type_boolean, 0, "encrypt the result", NULL},
    {"kms_key_id", "KmsKeyId", &lnm_type_string, 0, "KMS key: id, ARN, alias or alias ARN", NULL},
    {"presigned_url", "PresignedUrl", &lnm_type_string, LNM_SECRET,
     "signed request to the source region", NULL},
    {"source_region", "SourceRegion", &lnm_type_string, LNM_REQUIRED, "region of the source", NULL},
    {"source_snapshot_id", "SourceSnapshotId", &lnm_type_string, LNM_REQUIRED, "snapshot to copy",
     NULL},
    {"tag_specifications", "TagSpecification", &lnm_ec2_tag_specification_list_in, 0,
     "tags written at creation", NULL},
};
static const struct lnm_type lnm_ec2_copy_snapshot_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_copy_snapshot_request_in_members,
    .member_count = sizeof lnm_ec2_copy_snapshot_request_in_members /
                    sizeof lnm_ec2_copy_snapshot_request_in_members[0]};

static const struct lnm_member lnm_ec2_copy_snapshot_result_out_members[] = {
    {"snapshot_id", "snapshotId", &lnm_type_string, 0, NULL, NULL},
    {"tags", "tagSet", &lnm_ec2_tag_list_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_copy_snapshot_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_copy_snapshot_result_out_members,
    .member_count = sizeof lnm_ec2_copy_snapshot_result_out_members /
                    sizeof lnm_ec2_copy_snapshot_result_out_members[0]};

static const struct lnm_member lnm_ec2_create_snapshot_request_in_members[] = {
    {"description", "Description", &lnm_type_string, 0, "a line for people", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"outpost_arn", "OutpostArn", &lnm_type_string, 0, NULL, NULL},
    {"tag_specifications", "TagSpecification", &lnm_ec2_tag_specification_list_in, 0,
     "tags written at creation", NULL},
    {"volume_id", "VolumeId", &lnm_type_string, LNM_REQUIRED, "volume", NULL},
};
static const struct lnm_type lnm_ec2_create_snapshot_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_create_snapshot_request_in_members,
    .member_count = sizeof lnm_ec2_create_snapshot_request_in_members /
                    sizeof lnm_ec2_create_snapshot_request_in_members[0]};

static const struct lnm_member lnm_ec2_snapshot_out_members[] = {
    {"completion_duration_minutes", "completionDurationMinutes", &lnm_type_integer, 0, NULL, NULL},
    {"completion_time", "completionTime", &lnm_type_timestamp, 0, NULL, NULL},
    {"data_encryption_key_id", "dataEncryptionKeyId", &lnm_type_string, 0, NULL, NULL},
    {"description", "description", &lnm_type_string, 0, NULL, NULL},
    {"encrypted", "encrypted", &lnm_type_boolean, 0, NULL, NULL},
    {"full_snapshot_size_in_bytes", "fullSnapshotSizeInBytes", &lnm_type_integer, 0, NULL, NULL},
    {"kms_key_id", "kmsKeyId", &lnm_type_string, 0, NULL, NULL},
    {"outpost_arn", "outpostArn", &lnm_type_string, 0, NULL, NULL},
    {"owner_alias", "ownerAlias", &lnm_type_string, 0, NULL, NULL},
    {"owner_id", "ownerId", &lnm_type_string, 0, NULL, NULL},
    {"progress", "progress", &lnm_type_string, 0, NULL, NULL},
    {"restore_expiry_time", "restoreExpiryTime", &lnm_type_timestamp, 0, NULL, NULL},
    {"snapshot_id", "snapshotId", &lnm_type_string, 0, NULL, NULL},
    {"sse_type", "sseType", &lnm_type_string, 0, NULL, NULL},
    {"start_time", "startTime", &lnm_type_timestamp, 0, NULL, NULL},
    {"state", "status", &lnm_type_string, 0, NULL, NULL},
    {"state_message", "statusMessage", &lnm_type_string, 0, NULL, NULL},
    {"storage_tier", "storageTier", &lnm_type_string, 0, NULL, NULL},
    {"tags", "tagSet", &lnm_ec2_tag_list_out, 0, NULL, NULL},
    {"transfer_type", "transferType", &lnm_type_string, 0, NULL, NULL},
    {"volume_id", "volumeId", &lnm_type_string, 0, NULL, NULL},
    {"volume_size", "volumeSize", &lnm_type_integer, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_snapshot_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_snapshot_out_members,
    .member_count = sizeof lnm_ec2_snapshot_out_members / sizeof lnm_ec2_snapshot_out_members[0]};

static const struct lnm_member lnm_ec2_delete_snapshot_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"snapshot_id", "SnapshotId", &lnm_type_string, LNM_REQUIRED, "snapshot", NULL},
};
static const struct lnm_type lnm_ec2_delete_snapshot_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_delete_snapshot_request_in_members,
    .member_count = sizeof lnm_ec2_delete_snapshot_request_in_members /
                    sizeof lnm_ec2_delete_snapshot_request_in_members[0]};

static const struct lnm_member lnm_ec2_restorable_by_string_list_in_item = {
    .wire = "item", .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_restorable_by_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_restorable_by_string_list_in_item};

static const struct lnm_member lnm_ec2_snapshot_id_string_list_in_item = {.wire = "SnapshotId",
                                                                          .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_snapshot_id_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_snapshot_id_string_list_in_item};

static const struct lnm_member lnm_ec2_describe_snapshots_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"filters", "Filter", &lnm_ec2_filter_list_in, 0,
     "conditions; all names must match, any value of a name", NULL},
    {"max_results", "MaxResults", &lnm_type_integer, 0, "items on one page", NULL},
    {"next_token", "NextToken", &lnm_type_string, 0, "where the next page begins", NULL},
    {"owner_ids", "Owner", &lnm_ec2_owner_string_list_in, 0, "self, amazon or account ids", NULL},
    {"restorable_by_user_ids", "RestorableBy", &lnm_ec2_restorable_by_string_list_in, 0,
     "account ids that may make volumes", NULL},
    {"snapshot_ids", "SnapshotId", &lnm_ec2_snapshot_id_string_list_in, 0, "snapshots", NULL},
};
static const struct lnm_type lnm_ec2_describe_snapshots_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_snapshots_request_in_members,
    .member_count = sizeof lnm_ec2_describe_snapshots_request_in_members /
                    sizeof lnm_ec2_describe_snapshots_request_in_members[0]};

static const struct lnm_member lnm_ec2_snapshot_list_out_item = {.wire = "item",
                                                                 .type = &lnm_ec2_snapshot_out};
static const struct lnm_type lnm_ec2_snapshot_list_out = {.kind = LNM_LIST,
                                                          .item = &lnm_ec2_snapshot_list_out_item};

static const struct lnm_member lnm_ec2_describe_snapshots_result_out_members[] = {
    {"next_token", "nextToken", &lnm_type_string, 0, NULL, NULL},
    {"snapshots", "snapshotSet", &lnm_ec2_snapshot_list_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_describe_snapshots_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_snapshots_result_out_members,
    .member_count = sizeof lnm_ec2_describe_snapshots_result_out_members /
                    sizeof lnm_ec2_describe_snapshots_result_out_members[0]};

static const struct lnm_member lnm_ec2_create_volume_permission_in_members[] = {
    {"group", "Group", &lnm_type_string, 0, NULL, NULL},
    {"user_id", "UserId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_create_volume_permission_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_create_volume_permission_in_members,
    .member_count = sizeof lnm_ec2_create_volume_permission_in_members /
                    sizeof lnm_ec2_create_volume_permission_in_members[0]};

static const struct lnm_member lnm_ec2_create_volume_permission_list_in_item = {
    .wire = "item", .type = &lnm_ec2_create_volume_permission_in};
static const struct lnm_type lnm_ec2_create_volume_permission_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_create_volume_permission_list_in_item};

static const struct lnm_member lnm_ec2_create_volume_permission_modifications_in_members[] = {
    {"add", "Add", &lnm_ec2_create_volume_permission_list_in, 0, NULL, NULL},
    {"remove", "Remove", &lnm_ec2_create_volume_permission_list_in, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_create_volume_permission_modifications_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_create_volume_permission_modifications_in_members,
    .member_count = sizeof lnm_ec2_create_volume_permission_modifications_in_members /
                    sizeof lnm_ec2_create_volume_permission_modifications_in_members[0]};

static const struct lnm_member lnm_ec2_group_name_string_list_in_item = {.wire = "GroupName",
                                                                         .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_group_name_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_group_name_string_list_in_item};

static const struct lnm_member lnm_ec2_modify_snapshot_attribute_request_in_members[] = {
    {"attribute", "Attribute", &lnm_type_string, 0, "attribute to change", NULL},
    {"create_volume_permission", "CreateVolumePermission",
     &lnm_ec2_create_volume_permission_modifications_in, 0, "who may make volumes", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"group_names", "UserGroup", &lnm_ec2_group_name_string_list_in, 0, NULL, NULL},
    {"operation_type", "OperationType", &lnm_type_string, 0, "add or remove", NULL},
    {"snapshot_id", "SnapshotId", &lnm_type_string, LNM_REQUIRED, "snapshot", NULL},
    {"user_ids", "UserId", &lnm_ec2_user_id_string_list_in, 0, "account ids", NULL},
};
static const struct lnm_type lnm_ec2_modify_snapshot_attribute_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_modify_snapshot_attribute_request_in_members,
    .member_count = sizeof lnm_ec2_modify_snapshot_attribute_request_in_members /
                    sizeof lnm_ec2_modify_snapshot_attribute_request_in_members[0]};

const struct lnm_operation lnm_ec2_snapshot_operations[LNM_EC2_SNAPSHOT_COUNT] = {
    {"CopySnapshot", &lnm_ec2, &lnm_ec2_copy_snapshot_request_in, &lnm_ec2_copy_snapshot_result_out,
     LNM_MUTATES, "copy a snapshot, from this region or another"},
    {"CreateSnapshot", &lnm_ec2, &lnm_ec2_create_snapshot_request_in, &lnm_ec2_snapshot_out,
     LNM_MUTATES, "take a snapshot of a volume"},
    {"DeleteSnapshot", &lnm_ec2, &lnm_ec2_delete_snapshot_request_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "delete a snapshot"},
    {"DescribeSnapshots", &lnm_ec2, &lnm_ec2_describe_snapshots_request_in,
     &lnm_ec2_describe_snapshots_result_out, LNM_PAGED, "list snapshots"},
    {"ModifySnapshotAttribute", &lnm_ec2, &lnm_ec2_modify_snapshot_attribute_request_in,
     &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE, "share a snapshot"},
};
