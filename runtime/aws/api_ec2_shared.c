/* api_ec2_shared.c - EC2 shapes that several actions use. Source: the ec2/2016-11-15 service model.
 */
#include "aws/api_types.h"

static const struct lnm_member lnm_ec2_tag_in_members[] = {
    LNM_IN("key", "Key", lnm_type_string, 0, "key of the tag"),
    LNM_IN("value", "Value", lnm_type_string, 0, "value of the tag"),
};
const struct lnm_type lnm_ec2_tag_in = LNM_FIELDS(lnm_ec2_tag_in_members);

const struct lnm_type lnm_ec2_tag_list_in = LNM_ITEMS("item", lnm_ec2_tag_in);

static const struct lnm_member lnm_ec2_tag_specification_in_members[] = {
    LNM_IN("resource_type", "ResourceType", lnm_type_string, 0,
           "image, snapshot, volume, instance …"),
    LNM_IN("tags", "Tag", lnm_ec2_tag_list_in, 0, "tags"),
};
const struct lnm_type lnm_ec2_tag_specification_in =
    LNM_FIELDS(lnm_ec2_tag_specification_in_members);

const struct lnm_type lnm_ec2_tag_specification_list_in =
    LNM_ITEMS("item", lnm_ec2_tag_specification_in);

static const struct lnm_member lnm_ec2_ebs_block_device_in_members[] = {
    LNM_IN("availability_zone", "AvailabilityZone", lnm_type_string, 0, "zone of the volume"),
    LNM_IN("availability_zone_id", "AvailabilityZoneId", lnm_type_string, 0,
           "id of the volume's zone"),
    LNM_IN("delete_on_termination", "DeleteOnTermination", lnm_type_boolean, 0,
           "delete the volume with its instance"),
    LNM_IN("ebs_card_index", "EbsCardIndex", lnm_type_integer, 0, "EBS card to attach to"),
    LNM_IN("encrypted", "Encrypted", lnm_type_boolean, 0, "encrypt the result"),
    LNM_IN("iops", "Iops", lnm_type_integer, 0, "provisioned operations a second"),
    LNM_IN("kms_key_id", "KmsKeyId", lnm_type_string, 0, "KMS key: id, ARN, alias or alias ARN"),
    LNM_IN("outpost_arn", "OutpostArn", lnm_type_string, 0, "Outpost to keep it on"),
    LNM_IN("snapshot_id", "SnapshotId", lnm_type_string, 0, "snapshot"),
    LNM_IN("throughput", "Throughput", lnm_type_integer, 0, "MiB a second"),
    LNM_IN("volume_initialization_rate", "VolumeInitializationRate", lnm_type_integer, 0,
           "MiB a second to fill the volume from its snapshot"),
    LNM_IN("volume_size", "VolumeSize", lnm_type_integer, 0, "GiB"),
    LNM_WORDS("volume_type", "VolumeType", 0, "gp2, gp3, io1, io2, st1, sc1 or standard",
              "standard|io1|io2|gp2|sc1|st1|gp3"),
};
const struct lnm_type lnm_ec2_ebs_block_device_in = LNM_FIELDS(lnm_ec2_ebs_block_device_in_members);

static const struct lnm_member lnm_ec2_block_device_mapping_in_members[] = {
    LNM_IN("device_name", "DeviceName", lnm_type_string, 0, "device name, /dev/xvda …"),
    LNM_IN("ebs", "Ebs", lnm_ec2_ebs_block_device_in, 0, "the EBS volume behind the device"),
    LNM_IN("no_device", "NoDevice", lnm_type_string, 0, "empty text: leave this device out"),
    LNM_IN("virtual_name", "VirtualName", lnm_type_string, 0, "instance store, ephemeral0 …"),
};
const struct lnm_type lnm_ec2_block_device_mapping_in =
    LNM_FIELDS(lnm_ec2_block_device_mapping_in_members);

const struct lnm_type lnm_ec2_block_device_mapping_request_list_in =
    LNM_ITEMS("BlockDeviceMapping", lnm_ec2_block_device_mapping_in);

const struct lnm_type lnm_ec2_value_string_list_in = LNM_ITEMS("item", lnm_type_string);

static const struct lnm_member lnm_ec2_filter_in_members[] = {
    LNM_IN("name", "Name", lnm_type_string, 0, "name of the filter"),
    LNM_IN("values", "Value", lnm_ec2_value_string_list_in, 0, "patterns, any of which may match"),
};
const struct lnm_type lnm_ec2_filter_in = LNM_FIELDS(lnm_ec2_filter_in_members);

const struct lnm_type lnm_ec2_filter_list_in = LNM_ITEMS("Filter", lnm_ec2_filter_in);

const struct lnm_type lnm_ec2_owner_string_list_in = LNM_ITEMS("Owner", lnm_type_string);

static const struct lnm_member lnm_ec2_state_reason_out_members[] = {
    LNM_OUT("code", "code", lnm_type_string),
    LNM_OUT("message", "message", lnm_type_string),
};
const struct lnm_type lnm_ec2_state_reason_out = LNM_FIELDS(lnm_ec2_state_reason_out_members);

static const struct lnm_member lnm_ec2_tag_out_members[] = {
    LNM_OUT("key", "key", lnm_type_string),
    LNM_OUT("value", "value", lnm_type_string),
};
const struct lnm_type lnm_ec2_tag_out = LNM_FIELDS(lnm_ec2_tag_out_members);

const struct lnm_type lnm_ec2_tag_list_out = LNM_ITEMS("item", lnm_ec2_tag_out);

const struct lnm_type lnm_ec2_user_id_string_list_in = LNM_ITEMS("UserId", lnm_type_string);

static const struct lnm_member group_identifier_out_members[] = {
    LNM_OUT("group_id", "groupId", lnm_type_string),
    LNM_OUT("group_name", "groupName", lnm_type_string),
};
static const struct lnm_type group_identifier_out = LNM_FIELDS(group_identifier_out_members);

const struct lnm_type lnm_ec2_group_identifier_list_out = LNM_ITEMS("item", group_identifier_out);

static const struct lnm_member ebs_instance_block_device_out_members[] = {
    LNM_OUT("attach_time", "attachTime", lnm_type_timestamp),
    LNM_OUT("delete_on_termination", "deleteOnTermination", lnm_type_boolean),
    LNM_OUT("status", "status", lnm_type_string),
    LNM_OUT("volume_id", "volumeId", lnm_type_string),
};
static const struct lnm_type ebs_instance_block_device_out =
    LNM_FIELDS(ebs_instance_block_device_out_members);

static const struct lnm_member instance_block_device_mapping_out_members[] = {
    LNM_OUT("device_name", "deviceName", lnm_type_string),
    LNM_OUT("ebs", "ebs", ebs_instance_block_device_out),
};
static const struct lnm_type instance_block_device_mapping_out =
    LNM_FIELDS(instance_block_device_mapping_out_members);

const struct lnm_type lnm_ec2_instance_block_device_mapping_list_out =
    LNM_ITEMS("item", instance_block_device_mapping_out);

static const struct lnm_member instance_state_out_members[] = {
    LNM_OUT("code", "code", lnm_type_integer),
    LNM_OUT("name", "name", lnm_type_string),
};
const struct lnm_type lnm_ec2_instance_state_out = LNM_FIELDS(instance_state_out_members);
