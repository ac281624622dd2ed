/* api_ec2.c - the EC2 service: its wire and its rows, gathered from the files beside this one. */
#include "aws/api_types.h"

static const struct lnm_operation_group groups[] = {
    {lnm_ec2_image_operations, LNM_EC2_IMAGE_COUNT},
    {lnm_ec2_snapshot_operations, LNM_EC2_SNAPSHOT_COUNT},
    {lnm_ec2_volume_operations, LNM_EC2_VOLUME_COUNT},
    {lnm_ec2_instance_operations, LNM_EC2_INSTANCE_COUNT},
    {lnm_ec2_account_operations, LNM_EC2_ACCOUNT_COUNT},
    {lnm_ec2_image_state_operations, LNM_EC2_IMAGE_STATE_COUNT},
    {lnm_ec2_snapshot_state_operations, LNM_EC2_SNAPSHOT_STATE_COUNT},
    {lnm_ec2_instance_state_operations, LNM_EC2_INSTANCE_STATE_COUNT},
    {lnm_ec2_defaults_operations, LNM_EC2_DEFAULTS_COUNT},
    {lnm_ec2_volume_modify_operations, LNM_EC2_VOLUME_MODIFY_COUNT},
    {lnm_ec2_instance_attribute_operations, LNM_EC2_INSTANCE_ATTRIBUTE_COUNT},
    {lnm_ec2_key_pair_operations, LNM_EC2_KEY_PAIR_COUNT},
    {lnm_ec2_security_group_operations, LNM_EC2_SECURITY_GROUP_COUNT},
    {lnm_ec2_network_operations, LNM_EC2_NETWORK_COUNT},
};

const struct lnm_service lnm_ec2 = {
    .name = "ec2",
    .id = "EC2",
    .version = "2016-11-15",
    .protocol = LNM_PROTOCOL_EC2,
    .xmlns = "http://ec2.amazonaws.com/doc/2016-11-15/",
    .groups = groups,
    .group_count = sizeof groups / sizeof groups[0],
};
