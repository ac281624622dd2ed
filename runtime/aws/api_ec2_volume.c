/* api_ec2_volume.c - rows of the EC2 actions on volumes. Source: the ec2/2016-11-15 service model.
 */
#include "aws/api_types.h"

static const struct lnm_member lnm_ec2_attach_volume_request_in_members[] = {
    {"device", "Device", &lnm_type_string, LNM_REQUIRED, "device name", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"instance_id", "InstanceId", &lnm_type_string, LNM_REQUIRED, "instance", NULL},
    {"volume_id", "VolumeId", &lnm_type_string, LNM_REQUIRED, "volume", NULL},
};
static const struct lnm_type lnm_ec2_attach_volume_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_attach_volume_request_in_members,
    .member_count = sizeof lnm_ec2_attach_volume_request_in_members /
                    sizeof lnm_ec2_attach_volume_request_in_members[0]};

static const struct lnm_member lnm_ec2_volume_attachment_out_members[] = {
    {"attach_time", "attachTime", &lnm_type_timestamp, 0, NULL, NULL},
    {"delete_on_termination", "deleteOnTermination", &lnm_type_boolean, 0, NULL, NULL},
    {"device", "device", &lnm_type_string, 0, NULL, NULL},
    {"instance_id", "instanceId", &lnm_type_string, 0, NULL, NULL},
    {"state", "status", &lnm_type_string, 0, NULL, NULL},
    {"volume_id", "volumeId", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_volume_attachment_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_volume_attachment_out_members,
    .member_count = sizeof lnm_ec2_volume_attachment_out_members /
                    sizeof lnm_ec2_volume_attachment_out_members[0]};

static const struct lnm_member lnm_ec2_create_volume_request_in_members[] = {
    {"availability_zone", "AvailabilityZone", &lnm_type_string, LNM_REQUIRED, "zone of the volume",
     NULL},
    {"client_token", "ClientToken", &lnm_type_string, LNM_TOKEN,
     "makes a repeat of the same request harmless", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"encrypted", "Encrypted", &lnm_type_boolean, 0, "encrypt the result", NULL},
    {"iops", "Iops", &lnm_type_integer, 0, "provisioned operations a second", NULL},
    {"kms_key_id", "KmsKeyId", &lnm_type_string, 0, "KMS key: id, ARN, alias or alias ARN", NULL},
    {"multi_attach_enabled", "MultiAttachEnabled", &lnm_type_boolean, 0, NULL, NULL},
    {"outpost_arn", "OutpostArn", &lnm_type_string, 0, NULL, NULL},
    {"size", "Size", &lnm_type_integer, 0, "GiB", NULL},
    {"snapshot_id", "SnapshotId", &lnm_type_string, 0, "snapshot", NULL},
    {"tag_specifications", "TagSpecification", &lnm_ec2_tag_specification_list_in, 0,
     "tags written at creation", NULL},
    {"throughput", "Throughput", &lnm_type_integer, 0, "MiB a second", NULL},
    {"volume_type", "VolumeType", &lnm_type_string, 0, "gp2, gp3, io1, io2, st1, sc1 or standard",
     NULL},
};
static const struct lnm_type lnm_ec2_create_volume_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_create_volume_request_in_members,
    .member_count = sizeof lnm_ec2_create_volume_request_in_members /
                    sizeof lnm_ec2_create_volume_request_in_members[0]};

static const struct lnm_member lnm_ec2_volume_attachment_list_out_item = {
    .wire = "item", .type = &lnm_ec2_volume_attachment_out};
static const struct lnm_type lnm_ec2_volume_attachment_list_out = {
    .kind = LNM_LIST, .item = &lnm_ec2_volume_attachment_list_out_item};

static const struct lnm_member lnm_ec2_volume_out_members[] = {
    {"attachments", "attachmentSet", &lnm_ec2_volume_attachment_list_out, 0, NULL, NULL},
    {"availability_zone", "availabilityZone", &lnm_type_string, 0, NULL, NULL},
    {"create_time", "createTime", &lnm_type_timestamp, 0, NULL, NULL},
    {"encrypted", "encrypted", &lnm_type_boolean, 0, NULL, NULL},
    {"fast_restored", "fastRestored", &lnm_type_boolean, 0, NULL, NULL},
    {"iops", "iops", &lnm_type_integer, 0, NULL, NULL},
    {"kms_key_id", "kmsKeyId", &lnm_type_string, 0, NULL, NULL},
    {"multi_attach_enabled", "multiAttachEnabled", &lnm_type_boolean, 0, NULL, NULL},
    {"outpost_arn", "outpostArn", &lnm_type_string, 0, NULL, NULL},
    {"size", "size", &lnm_type_integer, 0, NULL, NULL},
    {"snapshot_id", "snapshotId", &lnm_type_string, 0, NULL, NULL},
    {"state", "status", &lnm_type_string, 0, NULL, NULL},
    {"tags", "tagSet", &lnm_ec2_tag_list_out, 0, NULL, NULL},
    {"throughput", "throughput", &lnm_type_integer, 0, NULL, NULL},
    {"volume_id", "volumeId", &lnm_type_string, 0, NULL, NULL},
    {"volume_type", "volumeType", &lnm_type_string, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_volume_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_volume_out_members,
    .member_count = sizeof lnm_ec2_volume_out_members / sizeof lnm_ec2_volume_out_members[0]};

static const struct lnm_member lnm_ec2_delete_volume_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"volume_id", "VolumeId", &lnm_type_string, LNM_REQUIRED, "volume", NULL},
};
static const struct lnm_type lnm_ec2_delete_volume_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_delete_volume_request_in_members,
    .member_count = sizeof lnm_ec2_delete_volume_request_in_members /
                    sizeof lnm_ec2_delete_volume_request_in_members[0]};

static const struct lnm_member lnm_ec2_volume_id_string_list_in_item = {.wire = "VolumeId",
                                                                        .type = &lnm_type_string};
static const struct lnm_type lnm_ec2_volume_id_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_volume_id_string_list_in_item};

static const struct lnm_member lnm_ec2_describe_volumes_request_in_members[] = {
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"filters", "Filter", &lnm_ec2_filter_list_in, 0,
     "conditions; all names must match, any value of a name", NULL},
    {"max_results", "MaxResults", &lnm_type_integer, 0, "items on one page", NULL},
    {"next_token", "NextToken", &lnm_type_string, 0, "where the next page begins", NULL},
    {"volume_ids", "VolumeId", &lnm_ec2_volume_id_string_list_in, 0, "volumes", NULL},
};
static const struct lnm_type lnm_ec2_describe_volumes_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_volumes_request_in_members,
    .member_count = sizeof lnm_ec2_describe_volumes_request_in_members /
                    sizeof lnm_ec2_describe_volumes_request_in_members[0]};

static const struct lnm_member lnm_ec2_volume_list_out_item = {.wire = "item",
                                                               .type = &lnm_ec2_volume_out};
static const struct lnm_type lnm_ec2_volume_list_out = {.kind = LNM_LIST,
                                                        .item = &lnm_ec2_volume_list_out_item};

static const struct lnm_member lnm_ec2_describe_volumes_result_out_members[] = {
    {"next_token", "nextToken", &lnm_type_string, 0, NULL, NULL},
    {"volumes", "volumeSet", &lnm_ec2_volume_list_out, 0, NULL, NULL},
};
static const struct lnm_type lnm_ec2_describe_volumes_result_out = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_describe_volumes_result_out_members,
    .member_count = sizeof lnm_ec2_describe_volumes_result_out_members /
                    sizeof lnm_ec2_describe_volumes_result_out_members[0]};

static const struct lnm_member lnm_ec2_detach_volume_request_in_members[] = {
    {"device", "Device", &lnm_type_string, 0, "device name", NULL},
    {"dry_run", "DryRun", &lnm_type_boolean, 0, "check permissions only; nothing is done", NULL},
    {"force", "Force", &lnm_type_boolean, 0, "even if it is in use", NULL},
    {"instance_id", "InstanceId", &lnm_type_string, 0, "instance", NULL},
    {"volume_id", "VolumeId", &lnm_type_string, LNM_REQUIRED, "volume", NULL},
};
static const struct lnm_type lnm_ec2_detach_volume_request_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_detach_volume_request_in_members,
    .member_count = sizeof lnm_ec2_detach_volume_request_in_members /
                    sizeof lnm_ec2_detach_volume_request_in_members[0]};

const struct lnm_operation lnm_ec2_volume_operations[LNM_EC2_VOLUME_COUNT] = {
    {"AttachVolume", &lnm_ec2, &lnm_ec2_attach_volume_request_in, &lnm_ec2_volume_attachment_out,
     LNM_MUTATES, "attach a volume to an instance"},
    {"CreateVolume", &lnm_ec2, &lnm_ec2_create_volume_request_in, &lnm_ec2_volume_out, LNM_MUTATES,
     "make a volume"},
    {"DeleteVolume", &lnm_ec2, &lnm_ec2_delete_volume_request_in, &lnm_type_nothing,
     LNM_MUTATES | LNM_REPEATABLE, "delete a volume"},
    {"DescribeVolumes", &lnm_ec2, &lnm_ec2_describe_volumes_request_in,
     &lnm_ec2_describe_volumes_result_out, LNM_PAGED, "list volumes"},
    {"DetachVolume", &lnm_ec2, &lnm_ec2_detach_volume_request_in, &lnm_ec2_volume_attachment_out,
     LNM_MUTATES, "detach a volume"},
};
