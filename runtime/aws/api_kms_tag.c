/* api_kms_tag.c - rows of the KMS actions on tags. Source: the kms/2014-11-01
 * service model. */
#include "aws/api_types.h"

static const struct lnm_member tag_members[] = {
    LNM_IN("tag_key", "TagKey", lnm_type_string, LNM_REQUIRED, "key of the tag"),
    LNM_IN("tag_value", "TagValue", lnm_type_string, LNM_REQUIRED, "value of the tag"),
};
static const struct lnm_type tag = LNM_FIELDS(tag_members);

const struct lnm_type lnm_kms_tag_list = LNM_ITEMS("member", tag);

static const struct lnm_member tag_out_members[] = {
    LNM_OUT("tag_key", "TagKey", lnm_type_string),
    LNM_OUT("tag_value", "TagValue", lnm_type_string),
};
static const struct lnm_type tag_out = LNM_FIELDS(tag_out_members);

const struct lnm_type lnm_kms_tag_list_out = LNM_ITEMS("member", tag_out);

static const struct lnm_type tag_key_list_in = LNM_ITEMS("member", lnm_type_string);

static const struct lnm_member list_resource_tags_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("limit", "Limit", lnm_type_integer, 0, "items on one page"),
    LNM_IN("marker", "Marker", lnm_type_string, 0, "where the next page begins"),
};
static const struct lnm_type list_resource_tags_in = LNM_FIELDS(list_resource_tags_in_members);

static const struct lnm_member list_resource_tags_out_members[] = {
    LNM_OUT("next_marker", "NextMarker", lnm_type_string),
    LNM_OUT("tags", "Tags", lnm_kms_tag_list_out),
    LNM_OUT("truncated", "Truncated", lnm_type_boolean),
};
static const struct lnm_type list_resource_tags_out = LNM_FIELDS(list_resource_tags_out_members);

static const struct lnm_member tag_resource_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("tags", "Tags", lnm_kms_tag_list, LNM_REQUIRED, "tags"),
};
static const struct lnm_type tag_resource_in = LNM_FIELDS(tag_resource_in_members);

static const struct lnm_member untag_resource_in_members[] = {
    LNM_IN("key_id", "KeyId", lnm_type_string, LNM_REQUIRED, "key id or ARN"),
    LNM_IN("tag_keys", "TagKeys", tag_key_list_in, LNM_REQUIRED, "keys of the tags"),
};
static const struct lnm_type untag_resource_in = LNM_FIELDS(untag_resource_in_members);

const struct lnm_operation lnm_kms_tag_operations[LNM_KMS_TAG_COUNT] = {
    {"ListResourceTags", &lnm_kms, &list_resource_tags_in, &list_resource_tags_out, LNM_PAGED,
     "a key's tags"},
    {"TagResource", &lnm_kms, &tag_resource_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "write tags of a key"},
    {"UntagResource", &lnm_kms, &untag_resource_in, &lnm_type_nothing, LNM_MUTATES | LNM_REPEATABLE,
     "take tags of a key away"},
};
