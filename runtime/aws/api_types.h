/* api_types.h - types that the operation rows of several files share. */
#ifndef LUNAMI_AWS_API_TYPES_H
#define LUNAMI_AWS_API_TYPES_H

#include "aws/api.h"

LNM_API extern const struct lnm_type lnm_type_string, lnm_type_integer, lnm_type_float,
    lnm_type_boolean, lnm_type_timestamp, lnm_type_blob;
LNM_API extern const struct lnm_type lnm_type_nothing; /* a struct without members */

/* How the tables are written.  A struct's members stand in the order of their names. */
#define LNM_IN(name, wire, type, flags, help)                                                      \
    { name, wire, &(type), flags, help, NULL }
/* One of these words, separated by '|': the model's enumeration. What AWS adds later is taken, too.
 */
#define LNM_WORDS(name, wire, flags, help, words)                                                  \
    { name, wire, &lnm_type_string, flags, help, words }
#define LNM_OUT(name, wire, type)                                                                  \
    { name, wire, &(type), 0, NULL, NULL }
#define LNM_OUT_SECRET(name, wire, type)                                                           \
    { name, wire, &(type), LNM_SECRET, NULL, NULL }
/* The type of a struct with these members (an array). */
#define LNM_FIELDS(array)                                                                          \
    { .kind = LNM_STRUCT, .members = (array), .member_count = sizeof(array) / sizeof((array)[0]) }
/* The type of a list; `element` is the XML name of an item. */
#define LNM_ITEMS(element, item_type)                                                              \
    {                                                                                              \
        .kind = LNM_LIST, .item = &(const struct lnm_member) {                                     \
            .wire = (element), .type = &(item_type)                                                \
        }                                                                                          \
    }

/* EC2's shapes: _in with the names of requests, _out with those of answers. */
LNM_API extern const struct lnm_type lnm_ec2_tag_in;
LNM_API extern const struct lnm_type lnm_ec2_tag_list_in;
LNM_API extern const struct lnm_type lnm_ec2_tag_specification_in;
LNM_API extern const struct lnm_type lnm_ec2_tag_specification_list_in;
LNM_API extern const struct lnm_type lnm_ec2_ebs_block_device_in;
LNM_API extern const struct lnm_type lnm_ec2_block_device_mapping_in;
LNM_API extern const struct lnm_type lnm_ec2_block_device_mapping_request_list_in;
LNM_API extern const struct lnm_type lnm_ec2_value_string_list_in;
LNM_API extern const struct lnm_type lnm_ec2_filter_in;
LNM_API extern const struct lnm_type lnm_ec2_filter_list_in;
LNM_API extern const struct lnm_type lnm_ec2_owner_string_list_in;
LNM_API extern const struct lnm_type lnm_ec2_state_reason_out;
LNM_API extern const struct lnm_type lnm_ec2_tag_out;
LNM_API extern const struct lnm_type lnm_ec2_tag_list_out;
LNM_API extern const struct lnm_type lnm_ec2_user_id_string_list_in;
LNM_API extern const struct lnm_type lnm_ec2_group_identifier_list_out;
LNM_API extern const struct lnm_type lnm_ec2_instance_block_device_mapping_list_out;
LNM_API extern const struct lnm_type lnm_ec2_instance_state_out;

/* The rows of one file, in the order of their names; api_ec2.c gathers EC2's. */
#define LNM_EC2_IMAGE_COUNT 6
LNM_API extern const struct lnm_operation lnm_ec2_image_operations[LNM_EC2_IMAGE_COUNT];
#define LNM_EC2_SNAPSHOT_COUNT 5
LNM_API extern const struct lnm_operation lnm_ec2_snapshot_operations[LNM_EC2_SNAPSHOT_COUNT];
#define LNM_EC2_VOLUME_COUNT 5
LNM_API extern const struct lnm_operation lnm_ec2_volume_operations[LNM_EC2_VOLUME_COUNT];
#define LNM_EC2_INSTANCE_COUNT 3
LNM_API extern const struct lnm_operation lnm_ec2_instance_operations[LNM_EC2_INSTANCE_COUNT];
#define LNM_EC2_ACCOUNT_COUNT 6
LNM_API extern const struct lnm_operation lnm_ec2_account_operations[LNM_EC2_ACCOUNT_COUNT];
#define LNM_EC2_IMAGE_STATE_COUNT 8
LNM_API extern const struct lnm_operation lnm_ec2_image_state_operations[LNM_EC2_IMAGE_STATE_COUNT];
#define LNM_EC2_SNAPSHOT_STATE_COUNT 3
LNM_API extern const struct lnm_operation
    lnm_ec2_snapshot_state_operations[LNM_EC2_SNAPSHOT_STATE_COUNT];
#define LNM_EC2_INSTANCE_STATE_COUNT 2
LNM_API extern const struct lnm_operation
    lnm_ec2_instance_state_operations[LNM_EC2_INSTANCE_STATE_COUNT];
#define LNM_EC2_DEFAULTS_COUNT 5
LNM_API extern const struct lnm_operation lnm_ec2_defaults_operations[LNM_EC2_DEFAULTS_COUNT];
#define LNM_EC2_VOLUME_MODIFY_COUNT 2
LNM_API extern const struct lnm_operation
    lnm_ec2_volume_modify_operations[LNM_EC2_VOLUME_MODIFY_COUNT];
#define LNM_EC2_INSTANCE_ATTRIBUTE_COUNT 4
LNM_API extern const struct lnm_operation
    lnm_ec2_instance_attribute_operations[LNM_EC2_INSTANCE_ATTRIBUTE_COUNT];
#define LNM_EC2_KEY_PAIR_COUNT 4
LNM_API extern const struct lnm_operation lnm_ec2_key_pair_operations[LNM_EC2_KEY_PAIR_COUNT];
#define LNM_EC2_SECURITY_GROUP_COUNT 8
LNM_API extern const struct lnm_operation
    lnm_ec2_security_group_operations[LNM_EC2_SECURITY_GROUP_COUNT];
#define LNM_EC2_NETWORK_COUNT 6
LNM_API extern const struct lnm_operation lnm_ec2_network_operations[LNM_EC2_NETWORK_COUNT];
LNM_API extern const struct lnm_type lnm_kms_encryption_context, lnm_kms_grant_token_list,
    lnm_kms_key_metadata, lnm_kms_tag_list, lnm_kms_tag_list_out;
#define LNM_KMS_CRYPTO_COUNT 6
LNM_API extern const struct lnm_operation lnm_kms_crypto_operations[LNM_KMS_CRYPTO_COUNT];
#define LNM_KMS_MATERIAL_COUNT 7
LNM_API extern const struct lnm_operation lnm_kms_material_operations[LNM_KMS_MATERIAL_COUNT];
#define LNM_KMS_TAG_COUNT 3
LNM_API extern const struct lnm_operation lnm_kms_tag_operations[LNM_KMS_TAG_COUNT];
#define LNM_KMS_GRANT_COUNT 9
LNM_API extern const struct lnm_operation lnm_kms_grant_operations[LNM_KMS_GRANT_COUNT];

#endif
