/* api_ebs.c - rows of the EBS direct APIs: blocks of snapshots, in and out. Source: the
 * ebs/2019-11-02 service model.
 *
 * Blocks are 524288 bytes; a block's data is the raw body. */
#include "aws/api_types.h"

#define SNAPSHOT_ID(help)                                                                          \
    { "snapshot_id", "snapshotId", &lnm_type_string, LNM_REQUIRED | LNM_IN_PATH, help, NULL }
#define IN_HEADER(name, wire, type, flags, help)                                                   \
    LNM_IN(name, wire, type, (flags) | LNM_IN_HEADER, help)
#define OUT_HEADER(name, wire, type)                                                               \
    { name, wire, &(type), LNM_IN_HEADER, NULL, NULL }

static const struct lnm_member tag_in_members[] = {
    LNM_IN("key", "Key", lnm_type_string, 0, "key of the tag"),
    LNM_IN("value", "Value", lnm_type_string, 0, "value of the tag"),
};
static const struct lnm_type tag_in = LNM_FIELDS(tag_in_members);
static const struct lnm_type tag_list_in = LNM_ITEMS("member", tag_in);

static const struct lnm_member tag_out_members[] = {
    LNM_OUT("key", "Key", lnm_type_string),
    LNM_OUT("value", "Value", lnm_type_string),
};
static const struct lnm_type tag_out = LNM_FIELDS(tag_out_members);
static const struct lnm_type tag_list_out = LNM_ITEMS("member", tag_out);

/* ---- CompleteSnapshot -------------------------------------------------------------------------
 */
static const struct lnm_member complete_snapshot_in_members[] = {
    IN_HEADER("changed_blocks_count", "x-amz-ChangedBlocksCount", lnm_type_integer, LNM_REQUIRED,
              "blocks that were written"),
    IN_HEADER("checksum", "x-amz-Checksum", lnm_type_string, 0,
              "base64 SHA-256 of the blocks' SHA-256s in the order of their indexes"),
    {"checksum_aggregation_method", "x-amz-Checksum-Aggregation-Method", &lnm_type_string,
     LNM_IN_HEADER, "how the checksum was made", "LINEAR"},
    {"checksum_algorithm", "x-amz-Checksum-Algorithm", &lnm_type_string, LNM_IN_HEADER,
     "how the checksum was made", "SHA256"},
    SNAPSHOT_ID("the pending snapshot"),
};
static const struct lnm_type complete_snapshot_in = LNM_FIELDS(complete_snapshot_in_members);

static const struct lnm_member complete_snapshot_out_members[] = {
    LNM_OUT("status", "Status", lnm_type_string),
};
static const struct lnm_type complete_snapshot_out = LNM_FIELDS(complete_snapshot_out_members);

/* ---- GetSnapshotBlock -------------------------------------------------------------------------
 */
static const struct lnm_member get_snapshot_block_in_members[] = {
    LNM_IN("block_index", "blockIndex", lnm_type_integer, LNM_REQUIRED | LNM_IN_PATH,
           "place of the block, in blocks"),
    LNM_IN("block_token", "blockToken", lnm_type_string, LNM_REQUIRED | LNM_IN_QUERY,
           "token of the block, from a list of blocks"),
    SNAPSHOT_ID("the snapshot"),
};
static const struct lnm_type get_snapshot_block_in = LNM_FIELDS(get_snapshot_block_in_members);

static const struct lnm_member get_snapshot_block_out_members[] = {
    {"block_data", "BlockData", &lnm_type_blob, LNM_PAYLOAD, NULL, NULL},
    OUT_HEADER("checksum", "x-amz-Checksum", lnm_type_string),
    OUT_HEADER("checksum_algorithm", "x-amz-Checksum-Algorithm", lnm_type_string),
    OUT_HEADER("data_length", "x-amz-Data-Length", lnm_type_integer),
};
static const struct lnm_type get_snapshot_block_out = LNM_FIELDS(get_snapshot_block_out_members);

/* ---- ListChangedBlocks ------------------------------------------------------------------------
 */
#define PAGE_MEMBERS                                                                               \
    LNM_IN("max_results", "maxResults", lnm_type_integer, LNM_IN_QUERY,                            \
           "items on one page, 100 to 10000"),                                                     \
        LNM_IN("next_token", "pageToken", lnm_type_string, LNM_IN_QUERY,                           \
               "where the next page begins")

static const struct lnm_member list_changed_blocks_in_members[] = {
    LNM_IN("first_snapshot_id", "firstSnapshotId", lnm_type_string, LNM_IN_QUERY,
           "what to compare with"),
    PAGE_MEMBERS,
    LNM_IN("second_snapshot_id", "secondSnapshotId", lnm_type_string, LNM_REQUIRED | LNM_IN_PATH,
           "the later snapshot"),
    LNM_IN("starting_block_index", "startingBlockIndex", lnm_type_integer, LNM_IN_QUERY,
           "the first block to list"),
};
static const struct lnm_type list_changed_blocks_in = LNM_FIELDS(list_changed_blocks_in_members);

static const struct lnm_member changed_block_members[] = {
    LNM_OUT("block_index", "BlockIndex", lnm_type_integer),
    LNM_OUT("first_block_token", "FirstBlockToken", lnm_type_string),
    LNM_OUT("second_block_token", "SecondBlockToken", lnm_type_string),
};
static const struct lnm_type changed_block = LNM_FIELDS(changed_block_members);
static const struct lnm_type changed_block_list = LNM_ITEMS("member", changed_block);

static const struct lnm_member list_changed_blocks_out_members[] = {
    LNM_OUT("block_size", "BlockSize", lnm_type_integer),
    LNM_OUT("changed_blocks", "ChangedBlocks", changed_block_list),
    LNM_OUT("expiry_time", "ExpiryTime", lnm_type_timestamp),
    LNM_OUT("next_token", "NextToken", lnm_type_string),
    LNM_OUT("volume_size", "VolumeSize", lnm_type_integer),
};
static const struct lnm_type list_changed_blocks_out = LNM_FIELDS(list_changed_blocks_out_members);

/* ---- ListSnapshotBlocks -----------------------------------------------------------------------
 */
static const struct lnm_member list_snapshot_blocks_in_members[] = {
    PAGE_MEMBERS,
    SNAPSHOT_ID("the snapshot"),
    LNM_IN("starting_block_index", "startingBlockIndex", lnm_type_integer, LNM_IN_QUERY,
           "the first block to list"),
};
static const struct lnm_type list_snapshot_blocks_in = LNM_FIELDS(list_snapshot_blocks_in_members);

static const struct lnm_member block_members[] = {
    LNM_OUT("block_index", "BlockIndex", lnm_type_integer),
    LNM_OUT("block_token", "BlockToken", lnm_type_string),
};
static const struct lnm_type block = LNM_FIELDS(block_members);
static const struct lnm_type block_list = LNM_ITEMS("member", block);

static const struct lnm_member list_snapshot_blocks_out_members[] = {
    LNM_OUT("block_size", "BlockSize", lnm_type_integer),
    LNM_OUT("blocks", "Blocks", block_list),
    LNM_OUT("expiry_time", "ExpiryTime", lnm_type_timestamp),
    LNM_OUT("next_token", "NextToken", lnm_type_string),
    LNM_OUT("volume_size", "VolumeSize", lnm_type_integer),
};
static const struct lnm_type list_snapshot_blocks_out =
    LNM_FIELDS(list_snapshot_blocks_out_members);

/* ---- PutSnapshotBlock -------------------------------------------------------------------------
 */
static const struct lnm_member put_snapshot_block_in_members[] = {
    LNM_IN("block_data", "BlockData", lnm_type_blob, LNM_REQUIRED | LNM_PAYLOAD,
           "the block's bytes"),
    LNM_IN("block_index", "blockIndex", lnm_type_integer, LNM_REQUIRED | LNM_IN_PATH,
           "place of the block, in blocks"),
    IN_HEADER("checksum", "x-amz-Checksum", lnm_type_string, LNM_REQUIRED,
              "base64 SHA-256 of the bytes"),
    {"checksum_algorithm", "x-amz-Checksum-Algorithm", &lnm_type_string,
     LNM_REQUIRED | LNM_IN_HEADER, "how the checksum was made", "SHA256"},
    IN_HEADER("data_length", "x-amz-Data-Length", lnm_type_integer, LNM_REQUIRED,
              "how many bytes: 524288"),
    IN_HEADER("progress", "x-amz-Progress", lnm_type_integer, 0, "percent of the whole"),
    SNAPSHOT_ID("the pending snapshot"),
};
static const struct lnm_type put_snapshot_block_in = LNM_FIELDS(put_snapshot_block_in_members);

static const struct lnm_member put_snapshot_block_out_members[] = {
    OUT_HEADER("checksum", "x-amz-Checksum", lnm_type_string),
    OUT_HEADER("checksum_algorithm", "x-amz-Checksum-Algorithm", lnm_type_string),
};
static const struct lnm_type put_snapshot_block_out = LNM_FIELDS(put_snapshot_block_out_members);

/* ---- StartSnapshot ----------------------------------------------------------------------------
 */
static const struct lnm_member start_snapshot_in_members[] = {
    LNM_IN("client_token", "ClientToken", lnm_type_string, LNM_TOKEN, "idempotency token"),
    LNM_IN("description", "Description", lnm_type_string, 0, "a line about the snapshot"),
    LNM_IN("encrypted", "Encrypted", lnm_type_boolean, 0, "encrypt it; not with a parent"),
    LNM_IN("kms_key_arn", "KmsKeyArn", lnm_type_string, 0, "the key to encrypt with"),
    LNM_IN("parent_snapshot_id", "ParentSnapshotId", lnm_type_string, 0,
           "the snapshot that only changed blocks are written over"),
    LNM_IN("tags", "Tags", tag_list_in, 0, "tags"),
    LNM_IN("timeout", "Timeout", lnm_type_integer, 0,
           "minutes without a block until it is given up, 10 to 4320; else 60"),
    LNM_IN("volume_size", "VolumeSize", lnm_type_integer, LNM_REQUIRED, "GiB"),
};
static const struct lnm_type start_snapshot_in = LNM_FIELDS(start_snapshot_in_members);

static const struct lnm_member start_snapshot_out_members[] = {
    LNM_OUT("block_size", "BlockSize", lnm_type_integer),
    LNM_OUT("description", "Description", lnm_type_string),
    LNM_OUT("kms_key_arn", "KmsKeyArn", lnm_type_string),
    LNM_OUT("owner_id", "OwnerId", lnm_type_string),
    LNM_OUT("parent_snapshot_id", "ParentSnapshotId", lnm_type_string),
    LNM_OUT("snapshot_id", "SnapshotId", lnm_type_string),
    LNM_OUT("sse_type", "SseType", lnm_type_string),
    LNM_OUT("start_time", "StartTime", lnm_type_timestamp),
    LNM_OUT("status", "Status", lnm_type_string),
    LNM_OUT("tags", "Tags", tag_list_out),
    LNM_OUT("volume_size", "VolumeSize", lnm_type_integer),
};
static const struct lnm_type start_snapshot_out = LNM_FIELDS(start_snapshot_out_members);

static const struct lnm_operation operations[] = {
    {"CompleteSnapshot", &lnm_ebs, &complete_snapshot_in, &complete_snapshot_out,
     LNM_MUTATES | LNM_REPEATABLE, "say that all blocks of a snapshot are written"},
    {"GetSnapshotBlock", &lnm_ebs, &get_snapshot_block_in, &get_snapshot_block_out, 0,
     "one block of a snapshot"},
    {"ListChangedBlocks", &lnm_ebs, &list_changed_blocks_in, &list_changed_blocks_out, LNM_PAGED,
     "blocks in which two snapshots differ"},
    {"ListSnapshotBlocks", &lnm_ebs, &list_snapshot_blocks_in, &list_snapshot_blocks_out, LNM_PAGED,
     "blocks that a snapshot holds"},
    {"PutSnapshotBlock", &lnm_ebs, &put_snapshot_block_in, &put_snapshot_block_out,
     LNM_MUTATES | LNM_REPEATABLE, "write one block of a pending snapshot"},
    {"StartSnapshot", &lnm_ebs, &start_snapshot_in, &start_snapshot_out, LNM_MUTATES,
     "begin a snapshot whose blocks will be written"},
};

static const struct lnm_operation_group groups[] = {
    {operations, sizeof operations / sizeof operations[0]},
};

static const struct lnm_route routes[sizeof operations / sizeof operations[0]] = {
    {"POST", "/snapshots/completion/{snapshotId}", 202},
    {"GET", "/snapshots/{snapshotId}/blocks/{blockIndex}", 200},
    {"GET", "/snapshots/{secondSnapshotId}/changedblocks", 200},
    {"GET", "/snapshots/{snapshotId}/blocks", 200},
    {"PUT", "/snapshots/{snapshotId}/blocks/{blockIndex}", 201},
    {"POST", "/snapshots", 201},
};

const struct lnm_service lnm_ebs = {
    .name = "ebs",
    .id = "EBS",
    .version = "2019-11-02",
    .protocol = LNM_PROTOCOL_REST_JSON,
    .groups = groups,
    .group_count = 1,
    .routes = routes,
};
