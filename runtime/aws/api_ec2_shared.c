/* api_ec2_shared.c - EC2 shapes that several actions use. Source: the ec2/2016-11-15 service model.
 */
#include "aws/api_types.h"

static const struct lnm_member lnm_ec2_tag_in_members[] = {
    {"key", "Key", &lnm_type_string, 0, NULL, NULL},
    {"value", "Value", &lnm_type_string, 0, NULL, NULL},
};
const struct lnm_type lnm_ec2_tag_in = {.kind = LNM_STRUCT,
                                        .members = lnm_ec2_tag_in_members,
                                        .member_count = sizeof lnm_ec2_tag_in_members /
                                                        sizeof lnm_ec2_tag_in_members[0]};

static const struct lnm_member lnm_ec2_tag_list_in_item = {.wire = "item", .type = &lnm_ec2_tag_in};
const struct lnm_type lnm_ec2_tag_list_in = {.kind = LNM_LIST, .item = &lnm_ec2_tag_list_in_item};

static const struct lnm_member lnm_ec2_tag_specification_in_members[] = {
    {"resource_type", "ResourceType", &lnm_type_string, 0, NULL, NULL},
    {"tags", "Tag", &lnm_ec2_tag_list_in, 0, "tags", NULL},
};
const struct lnm_type lnm_ec2_tag_specification_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_tag_specification_in_members,
    .member_count = sizeof lnm_ec2_tag_specification_in_members /
                    sizeof lnm_ec2_tag_specification_in_members[0]};

static const struct lnm_member lnm_ec2_tag_specification_list_in_item = {
    .wire = "item", .type = &lnm_ec2_tag_specification_in};
const struct lnm_type lnm_ec2_tag_specification_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_tag_specification_list_in_item};

static const struct lnm_member lnm_ec2_ebs_block_device_in_members[] = {
    {"delete_on_termination", "DeleteOnTermination", &lnm_type_boolean, 0, NULL, NULL},
    {"encrypted", "Encrypted", &lnm_type_boolean, 0, "encrypt the result", NULL},
    {"iops", "Iops", &lnm_type_integer, 0, "provisioned operations a second", NULL},
    {"kms_key_id", "KmsKeyId", &lnm_type_string, 0, "KMS key: id, ARN, alias or alias ARN", NULL},
    {"outpost_arn", "OutpostArn", &lnm_type_string, 0, NULL, NULL},
    {"snapshot_id", "SnapshotId", &lnm_type_string, 0, "snapshot", NULL},
    {"throughput", "Throughput", &lnm_type_integer, 0, "MiB a second", NULL},
    {"volume_size", "VolumeSize", &lnm_type_integer, 0, NULL, NULL},
    {"volume_type", "VolumeType", &lnm_type_string, 0, "gp2, gp3, io1, io2, st1, sc1 or standard",
     NULL},
};
const struct lnm_type lnm_ec2_ebs_block_device_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_ebs_block_device_in_members,
    .member_count =
        sizeof lnm_ec2_ebs_block_device_in_members / sizeof lnm_ec2_ebs_block_device_in_members[0]};

static const struct lnm_member lnm_ec2_block_device_mapping_in_members[] = {
    {"device_name", "DeviceName", &lnm_type_string, 0, NULL, NULL},
    {"ebs", "Ebs", &lnm_ec2_ebs_block_device_in, 0, NULL, NULL},
    {"no_device", "NoDevice", &lnm_type_string, 0, NULL, NULL},
    {"virtual_name", "VirtualName", &lnm_type_string, 0, NULL, NULL},
};
const struct lnm_type lnm_ec2_block_device_mapping_in = {
    .kind = LNM_STRUCT,
    .members = lnm_ec2_block_device_mapping_in_members,
    .member_count = sizeof lnm_ec2_block_device_mapping_in_members /
                    sizeof lnm_ec2_block_device_mapping_in_members[0]};

static const struct lnm_member lnm_ec2_block_device_mapping_request_list_in_item = {
    .wire = "BlockDeviceMapping", .type = &lnm_ec2_block_device_mapping_in};
const struct lnm_type lnm_ec2_block_device_mapping_request_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_block_device_mapping_request_list_in_item};

static const struct lnm_member lnm_ec2_value_string_list_in_item = {.wire = "item",
                                                                    .type = &lnm_type_string};
const struct lnm_type lnm_ec2_value_string_list_in = {.kind = LNM_LIST,
                                                      .item = &lnm_ec2_value_string_list_in_item};

static const struct lnm_member lnm_ec2_filter_in_members[] = {
    {"name", "Name", &lnm_type_string, 0, "name of the new resource", NULL},
    {"values", "Value", &lnm_ec2_value_string_list_in, 0, NULL, NULL},
};
const struct lnm_type lnm_ec2_filter_in = {.kind = LNM_STRUCT,
                                           .members = lnm_ec2_filter_in_members,
                                           .member_count = sizeof lnm_ec2_filter_in_members /
                                                           sizeof lnm_ec2_filter_in_members[0]};

static const struct lnm_member lnm_ec2_filter_list_in_item = {.wire = "Filter",
                                                              .type = &lnm_ec2_filter_in};
const struct lnm_type lnm_ec2_filter_list_in = {.kind = LNM_LIST,
                                                .item = &lnm_ec2_filter_list_in_item};

static const struct lnm_member lnm_ec2_owner_string_list_in_item = {.wire = "Owner",
                                                                    .type = &lnm_type_string};
const struct lnm_type lnm_ec2_owner_string_list_in = {.kind = LNM_LIST,
                                                      .item = &lnm_ec2_owner_string_list_in_item};

static const struct lnm_member lnm_ec2_state_reason_out_members[] = {
    {"code", "code", &lnm_type_string, 0, NULL, NULL},
    {"message", "message", &lnm_type_string, 0, NULL, NULL},
};
const struct lnm_type lnm_ec2_state_reason_out = {.kind = LNM_STRUCT,
                                                  .members = lnm_ec2_state_reason_out_members,
                                                  .member_count =
                                                      sizeof lnm_ec2_state_reason_out_members /
                                                      sizeof lnm_ec2_state_reason_out_members[0]};

static const struct lnm_member lnm_ec2_tag_out_members[] = {
    {"key", "key", &lnm_type_string, 0, NULL, NULL},
    {"value", "value", &lnm_type_string, 0, NULL, NULL},
};
const struct lnm_type lnm_ec2_tag_out = {.kind = LNM_STRUCT,
                                         .members = lnm_ec2_tag_out_members,
                                         .member_count = sizeof lnm_ec2_tag_out_members /
                                                         sizeof lnm_ec2_tag_out_members[0]};

static const struct lnm_member lnm_ec2_tag_list_out_item = {.wire = "item",
                                                            .type = &lnm_ec2_tag_out};
const struct lnm_type lnm_ec2_tag_list_out = {.kind = LNM_LIST, .item = &lnm_ec2_tag_list_out_item};

static const struct lnm_member lnm_ec2_user_id_string_list_in_item = {.wire = "UserId",
                                                                      .type = &lnm_type_string};
const struct lnm_type lnm_ec2_user_id_string_list_in = {
    .kind = LNM_LIST, .item = &lnm_ec2_user_id_string_list_in_item};
