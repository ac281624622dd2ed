/* api_ec2_volume_modify.c - rows of the EC2 actions that change a volume. Source: the
 * ec2/2016-11-15 service model. */
#include "aws/api_types.h"

static const struct lnm_type volume_id_string_list_in = LNM_ITEMS("VolumeId", lnm_type_string);

static const struct lnm_member describe_volumes_modifications_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("max_results", "MaxResults", lnm_type_integer, 0, "items on one page"),
    LNM_IN("next_token", "NextToken", lnm_type_string, 0, "where the next page begins"),
    LNM_IN("volume_ids", "VolumeId", volume_id_string_list_in, 0, "volumes"),
};
static const struct lnm_type describe_volumes_modifications_in =
    LNM_FIELDS(describe_volumes_modifications_in_members);

static const struct lnm_member volume_modification_out_members[] = {
    LNM_OUT("end_time", "endTime", lnm_type_timestamp),
    LNM_OUT("modification_state", "modificationState", lnm_type_string),
    LNM_OUT("original_iops", "originalIops", lnm_type_integer),
    LNM_OUT("original_multi_attach_enabled", "originalMultiAttachEnabled", lnm_type_boolean),
    LNM_OUT("original_size", "originalSize", lnm_type_integer),
    LNM_OUT("original_throughput", "originalThroughput", lnm_type_integer),
    LNM_OUT("original_volume_type", "originalVolumeType", lnm_type_string),
    LNM_OUT("progress", "progress", lnm_type_integer),
    LNM_OUT("start_time", "startTime", lnm_type_timestamp),
    LNM_OUT("status_message", "statusMessage", lnm_type_string),
    LNM_OUT("target_iops", "targetIops", lnm_type_integer),
    LNM_OUT("target_multi_attach_enabled", "targetMultiAttachEnabled", lnm_type_boolean),
    LNM_OUT("target_size", "targetSize", lnm_type_integer),
    LNM_OUT("target_throughput", "targetThroughput", lnm_type_integer),
    LNM_OUT("target_volume_type", "targetVolumeType", lnm_type_string),
    LNM_OUT("volume_id", "volumeId", lnm_type_string),
};
static const struct lnm_type volume_modification_out = LNM_FIELDS(volume_modification_out_members);

static const struct lnm_type volume_modification_list_out =
    LNM_ITEMS("item", volume_modification_out);

static const struct lnm_member describe_volumes_modifications_out_members[] = {
    LNM_OUT("next_token", "nextToken", lnm_type_string),
    LNM_OUT("volumes_modifications", "volumeModificationSet", volume_modification_list_out),
};
static const struct lnm_type describe_volumes_modifications_out =
    LNM_FIELDS(describe_volumes_modifications_out_members);

static const struct lnm_member modify_volume_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("iops", "Iops", lnm_type_integer, 0, "provisioned operations a second"),
    LNM_IN("multi_attach_enabled", "MultiAttachEnabled", lnm_type_boolean, 0,
           "attach to several instances at once"),
    LNM_IN("size", "Size", lnm_type_integer, 0, "GiB"),
    LNM_IN("throughput", "Throughput", lnm_type_integer, 0, "MiB a second"),
    LNM_IN("volume_id", "VolumeId", lnm_type_string, LNM_REQUIRED, "volume"),
    LNM_WORDS("volume_type", "VolumeType", 0, "gp2, gp3, io1, io2, st1, sc1 or standard",
              "standard|io1|io2|gp2|sc1|st1|gp3"),
};
static const struct lnm_type modify_volume_in = LNM_FIELDS(modify_volume_in_members);

static const struct lnm_member modify_volume_out_members[] = {
    LNM_OUT("volume_modification", "volumeModification", volume_modification_out),
};
static const struct lnm_type modify_volume_out = LNM_FIELDS(modify_volume_out_members);

const struct lnm_operation lnm_ec2_volume_modify_operations[LNM_EC2_VOLUME_MODIFY_COUNT] = {
    {"DescribeVolumesModifications", &lnm_ec2, &describe_volumes_modifications_in,
     &describe_volumes_modifications_out, LNM_PAGED, "list changes of volumes"},
    {"ModifyVolume", &lnm_ec2, &modify_volume_in, &modify_volume_out, LNM_MUTATES,
     "grow a volume, or change its type and speed"},
};
