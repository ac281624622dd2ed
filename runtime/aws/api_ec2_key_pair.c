/* api_ec2_key_pair.c - rows of the EC2 actions on SSH key pairs. Source: the ec2/2016-11-15 service
 * model. */
#include "aws/api_types.h"

static const struct lnm_member create_key_pair_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_WORDS("key_format", "KeyFormat", 0, "pem or ppk", "pem|ppk"),
    LNM_IN("key_name", "KeyName", lnm_type_string, LNM_REQUIRED, "name of the key pair"),
    LNM_WORDS("key_type", "KeyType", 0, "rsa or ed25519", "rsa|ed25519"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
};
static const struct lnm_type create_key_pair_in = LNM_FIELDS(create_key_pair_in_members);

static const struct lnm_member create_key_pair_out_members[] = {
    LNM_OUT("key_fingerprint", "keyFingerprint", lnm_type_string),
    LNM_OUT_SECRET("key_material", "keyMaterial", lnm_type_string),
    LNM_OUT("key_name", "keyName", lnm_type_string),
    LNM_OUT("key_pair_id", "keyPairId", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
};
static const struct lnm_type create_key_pair_out = LNM_FIELDS(create_key_pair_out_members);

static const struct lnm_member delete_key_pair_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("key_name", "KeyName", lnm_type_string, 0, "name of the key pair"),
    LNM_IN("key_pair_id", "KeyPairId", lnm_type_string, 0, "id of the key pair"),
};
static const struct lnm_type delete_key_pair_in = LNM_FIELDS(delete_key_pair_in_members);

static const struct lnm_member delete_key_pair_out_members[] = {
    LNM_OUT("key_pair_id", "keyPairId", lnm_type_string),
    LNM_OUT("return", "return", lnm_type_boolean),
};
static const struct lnm_type delete_key_pair_out = LNM_FIELDS(delete_key_pair_out_members);

static const struct lnm_type key_name_string_list_in = LNM_ITEMS("KeyName", lnm_type_string);

static const struct lnm_type key_pair_id_string_list_in = LNM_ITEMS("KeyPairId", lnm_type_string);

static const struct lnm_member describe_key_pairs_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("filters", "Filter", lnm_ec2_filter_list_in, 0,
           "conditions; all names must match, any value of a name"),
    LNM_IN("include_public_key", "IncludePublicKey", lnm_type_boolean, 0,
           "show the public key too"),
    LNM_IN("key_names", "KeyName", key_name_string_list_in, 0, "names of key pairs"),
    LNM_IN("key_pair_ids", "KeyPairId", key_pair_id_string_list_in, 0, "ids of key pairs"),
};
static const struct lnm_type describe_key_pairs_in = LNM_FIELDS(describe_key_pairs_in_members);

static const struct lnm_member key_pair_info_out_members[] = {
    LNM_OUT("create_time", "createTime", lnm_type_timestamp),
    LNM_OUT("key_fingerprint", "keyFingerprint", lnm_type_string),
    LNM_OUT("key_name", "keyName", lnm_type_string),
    LNM_OUT("key_pair_id", "keyPairId", lnm_type_string),
    LNM_OUT("key_type", "keyType", lnm_type_string),
    LNM_OUT("public_key", "publicKey", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
};
static const struct lnm_type key_pair_info_out = LNM_FIELDS(key_pair_info_out_members);

static const struct lnm_type key_pair_list_out = LNM_ITEMS("item", key_pair_info_out);

static const struct lnm_member describe_key_pairs_out_members[] = {
    LNM_OUT("key_pairs", "keySet", key_pair_list_out),
};
static const struct lnm_type describe_key_pairs_out = LNM_FIELDS(describe_key_pairs_out_members);

static const struct lnm_member import_key_pair_in_members[] = {
    LNM_IN("dry_run", "DryRun", lnm_type_boolean, 0, "check permissions only; nothing is done"),
    LNM_IN("key_name", "KeyName", lnm_type_string, LNM_REQUIRED, "name of the key pair"),
    LNM_IN("public_key_material", "PublicKeyMaterial", lnm_type_blob, LNM_REQUIRED,
           "public key, base64: OpenSSH's line, or DER"),
    LNM_IN("tag_specifications", "TagSpecification", lnm_ec2_tag_specification_list_in, 0,
           "tags written at creation"),
};
static const struct lnm_type import_key_pair_in = LNM_FIELDS(import_key_pair_in_members);

static const struct lnm_member import_key_pair_out_members[] = {
    LNM_OUT("key_fingerprint", "keyFingerprint", lnm_type_string),
    LNM_OUT("key_name", "keyName", lnm_type_string),
    LNM_OUT("key_pair_id", "keyPairId", lnm_type_string),
    LNM_OUT("tags", "tagSet", lnm_ec2_tag_list_out),
};
static const struct lnm_type import_key_pair_out = LNM_FIELDS(import_key_pair_out_members);

const struct lnm_operation lnm_ec2_key_pair_operations[LNM_EC2_KEY_PAIR_COUNT] = {
    {"CreateKeyPair", &lnm_ec2, &create_key_pair_in, &create_key_pair_out, LNM_MUTATES,
     "make an SSH key pair"},
    {"DeleteKeyPair", &lnm_ec2, &delete_key_pair_in, &delete_key_pair_out,
     LNM_MUTATES | LNM_REPEATABLE, "delete an SSH key pair"},
    {"DescribeKeyPairs", &lnm_ec2, &describe_key_pairs_in, &describe_key_pairs_out, 0,
     "list SSH key pairs"},
    {"ImportKeyPair", &lnm_ec2, &import_key_pair_in, &import_key_pair_out, LNM_MUTATES,
     "keep the public half of an SSH key pair"},
};
