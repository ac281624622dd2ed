/* api_ec2_volume.c - rows of the EC2 actions on volumes. Source: the ec2/2016-11-15 service model.
 */
#include "aws/api_types.h"

static const struct lnm_member attach_volume_in_members[] = {
    LNM_IN("device", "Device", lnm_type_string, LNM_REQUIRED, "device name"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("ebs_card_index", "EbsCardIndex", lnm_type_integer, 0, "EBS card to attach to"),
    LNM_IN("instance_id", "InstanceId", lnm_type_string, LNM_REQUIRED, "instance"),
    LNM_IN("volume_id", "VolumeId", lnm_type_string, LNM_REQUIRED, "volume"),
};
static const struct lnm_type attach_volume_in = LNM_FIELDS(attach_volume_in_members);

static const struct lnm_member volume_attachment_out_members[] = {
    LNM_OUT("associated_resource", "associatedResource", lnm_type_string),
    LNM_OUT("attach_time", "attachTime", lnm_type_timestamp),
    LNM_OUT("delete_on_termination", "deleteOnTermination", lnm_type_boolean),
    LNM_OUT("device", "device", lnm_type_string),
    LNM_OUT("ebs_card_index", "ebsCardIndex", lnm_type_integer),
    LNM_OUT("instance_id", "instanceId", lnm_type_string),
    LNM_OUT("instance_owning_service", "instanceOwningService", lnm_type_string),
    LNM_OUT("state", "status", lnm_type_string),
    LNM_OUT("volume_id", "volumeId", lnm_type_string),
};
static const struct lnm_type volume_attachment_out = LNM_FIELDS(volume_attachment_out_members);

static const struct lnm_member create_volume_in_members[] = {
    LNM_IN("availability_zone", "AvailabilityZone", lnm_type_string, 0, "zone of the volume"),
    LNM_IN("availability_zone_id", "AvailabilityZoneId", lnm_type_string, 0,
           "the zone by its id, the same in all accounts"),
    LNM_IN("client_token", "ClientToken", lnm_type_string, LNM_TOKEN,
           "makes a repeat of the same request harmless"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("encrypted", "Encrypted", lnm_type_boolean, 0, "encrypt the result"),
    LNM_IN("iops", "Iops", lnm_type_integer, 0, "provisioned operations a second"),
    LNM_IN("kms_key_id", "KmsKeyId", lnm_type_string, 0, "KMS key: id, ARN, alias or alias ARN"),
    LNM_IN("multi_attach_enabled", "MultiAttachEnabled", lnm_type_boolean, 0,
           "let several instances attach it"),
    LNM_IN("outpost_arn", "OutpostArn", lnm_type_string, 0, "Outpost to keep it on"),
    LNM_IN("size", "Size", lnm_type_integer, 0, "GiB"),
    LNM_IN("snapshot_id", "SnapshotId", lnm_type_string, 0, "snapshot"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
    LNM_IN("throughput", "Throughput", lnm_type_integer, 0, "MiB a second"),
    LNM_IN("volume_initialization_rate", "VolumeInitializationRate", lnm_type_integer, 0,
           "MiB a second to fill the volume from its snapshot"),
    LNM_WORDS("volume_type", "VolumeType", 0, "gp2, gp3, io1, io2, st1, sc1 or standard",
              "standard|io1|io2|gp2|sc1|st1|gp3"),
};
static const struct lnm_type create_volume_in = LNM_FIELDS(create_volume_in_members);

static const struct lnm_type volume_attachment_list_out = LNM_ITEMS("item", volume_attachment_out);

static const struct lnm_member volume_out_members[] = {
    LNM_OUT("attachments", "attachmentSet", volume_attachment_list_out),
    LNM_OUT("availability_zone", "availabilityZone", lnm_type_string),
    LNM_OUT("availability_zone_id", "availabilityZoneId", lnm_type_string),
    LNM_OUT("create_time", "createTime", lnm_type_timestamp),
    LNM_OUT("encrypted", "encrypted", lnm_type_boolean),
    LNM_OUT("fast_restored", "fastRestored", lnm_type_boolean),
    LNM_OUT("iops", "iops", lnm_type_integer),
    LNM_OUT("kms_key_id", "kmsKeyId", lnm_type_string),
    LNM_OUT("multi_attach_enabled", "multiAttachEnabled", lnm_type_boolean),
    LNM_OUT("outpost_arn", "outpostArn", lnm_type_string),
    LNM_OUT("size", "size", lnm_type_integer),
    LNM_OUT("snapshot_id", "snapshotId", lnm_type_string),
    LNM_OUT("source_volume_id", "sourceVolumeId", lnm_type_string),
    LNM_OUT("sse_type", "sseType", lnm_type_string),
    LNM_OUT("state", "status", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
    LNM_OUT("throughput", "throughput", lnm_type_integer),
    LNM_OUT("volume_id", "volumeId", lnm_type_string),
    LNM_OUT("volume_initialization_rate", "volumeInitializationRate", lnm_type_integer),
    LNM_OUT("volume_type", "volumeType", lnm_type_string),
};
static const struct lnm_type volume_out = LNM_FIELDS(volume_out_members);

static const struct lnm_member delete_volume_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("volume_id", "VolumeId", lnm_type_string, LNM_REQUIRED, "volume"),
};
static const struct lnm_type delete_volume_in = LNM_FIELDS(delete_volume_in_members);

static const struct lnm_type volume_id_string_list_in = LNM_ITEMS("VolumeId", lnm_type_string);

static const struct lnm_member describe_volumes_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("volume_ids", "VolumeId", volume_id_string_list_in, 0, "volumes"),
};
static const struct lnm_type describe_volumes_in = LNM_FIELDS(describe_volumes_in_members);

static const struct lnm_type volume_list_out = LNM_ITEMS("item", volume_out);

static const struct lnm_member describe_volumes_out_members[] = {
    LNM_OUT("next_token", "nextToken", lnm_type_string),
    LNM_OUT("volumes", "volumeSet", volume_list_out),
};
static const struct lnm_type describe_volumes_out = LNM_FIELDS(describe_volumes_out_members);

static const struct lnm_member detach_volume_in_members[] = {
    LNM_IN("device", "Device", lnm_type_string, 0, "device name"),
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("force", "Force", lnm_type_boolean, 0, "even if it is in use"),
    LNM_IN("instance_id", "InstanceId", lnm_type_string, 0, "instance"),
    LNM_IN("volume_id", "VolumeId", lnm_type_string, LNM_REQUIRED, "volume"),
};
static const struct lnm_type detach_volume_in = LNM_FIELDS(detach_volume_in_members);

const struct lnm_operation lnm_ec2_volume_operations[LNM_EC2_VOLUME_COUNT] = {
    {"AttachVolume", &lnm_ec2, &attach_volume_in, &volume_attachment_out, LNM_MUTATES,
     "attach a volume to an instance"},
    {"CreateVolume", &lnm_ec2, &create_volume_in, &volume_out, LNM_MUTATES, "make a volume"},
    {"DeleteVolume", &lnm_ec2, &delete_volume_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "delete a volume"},
    {"DescribeVolumes", &lnm_ec2, &describe_volumes_in, &describe_volumes_out, LNM_PAGED,
     "list volumes"},
    {"DetachVolume", &lnm_ec2, &detach_volume_in, &volume_attachment_out, LNM_MUTATES,
     "detach a volume"},
};
