/* local.c - rows of what only the local cloud has. */
#include "cloud/local.h"

#include "aws/api_types.h"

#define VOLUME_BLOCK                                                                               \
    LNM_IN("block_index", "blockIndex", lnm_type_integer, LNM_REQUIRED | LNM_IN_PATH,              \
           "place of the block, in blocks"),                                                       \
        LNM_IN("volume_id", "volumeId", lnm_type_string, LNM_REQUIRED | LNM_IN_PATH, "the volume")

#define CHECKSUM_OUT                                                                               \
    { "checksum", "x-amz-Checksum", &lnm_type_string, LNM_IN_HEADER, NULL, NULL }

static const struct lnm_member snapshot_members[] = {
    LNM_OUT("full_blocks", "FullBlocks", lnm_type_integer),
    LNM_OUT("own_blocks", "OwnBlocks", lnm_type_integer),
    LNM_OUT("snapshot_id", "SnapshotId", lnm_type_string),
};
static const struct lnm_type snapshot = LNM_FIELDS(snapshot_members);
static const struct lnm_type snapshot_list = LNM_ITEMS("member", snapshot);

static const struct lnm_member get_storage_out_members[] = {
    LNM_OUT("block_size", "BlockSize", lnm_type_integer),
    LNM_OUT("snapshots", "Snapshots", snapshot_list),
    LNM_OUT("total_blocks", "TotalBlocks", lnm_type_integer),
};
static const struct lnm_type get_storage_out = LNM_FIELDS(get_storage_out_members);

static const struct lnm_member read_volume_block_in_members[] = {VOLUME_BLOCK};
static const struct lnm_type read_volume_block_in = LNM_FIELDS(read_volume_block_in_members);

static const struct lnm_member read_volume_block_out_members[] = {
    {"block_data", "BlockData", &lnm_type_blob, LNM_PAYLOAD, NULL, NULL},
    CHECKSUM_OUT,
};
static const struct lnm_type read_volume_block_out = LNM_FIELDS(read_volume_block_out_members);

static const struct lnm_member write_volume_block_in_members[] = {
    {"block_data", "BlockData", &lnm_type_blob, LNM_REQUIRED | LNM_PAYLOAD, NULL, NULL},
    VOLUME_BLOCK,
};
static const struct lnm_type write_volume_block_in = LNM_FIELDS(write_volume_block_in_members);

static const struct lnm_member write_volume_block_out_members[] = {CHECKSUM_OUT};
static const struct lnm_type write_volume_block_out = LNM_FIELDS(write_volume_block_out_members);

static const struct lnm_operation operations[] = {
    {"GetStorage", &lnm_cloud_local, &lnm_type_nothing, &get_storage_out, 0,
     "what the snapshots of an account and region come to"},
    {"ReadVolumeBlock", &lnm_cloud_local, &read_volume_block_in, &read_volume_block_out, 0,
     "one block of a volume"},
    {"WriteVolumeBlock", &lnm_cloud_local, &write_volume_block_in, &write_volume_block_out,
     LNM_MUTATES | LNM_REPEATABLE, "write one block of a volume"},
};

static const struct lnm_operation_group groups[] = {
    {operations, sizeof operations / sizeof operations[0]},
};

static const struct lnm_route routes[sizeof operations / sizeof operations[0]] = {
    {"GET", LNM_LOCAL_PATH "storage", 200},
    {"GET", LNM_LOCAL_PATH "volumes/{volumeId}/blocks/{blockIndex}", 200},
    {"PUT", LNM_LOCAL_PATH "volumes/{volumeId}/blocks/{blockIndex}", 200},
};

const struct lnm_service lnm_cloud_local = {.name = "ebs",
                                            .id = "EBS",
                                            .version = "1",
                                            .protocol = LNM_PROTOCOL_REST_JSON,
                                            .groups = groups,
                                            .group_count = 1,
                                            .routes = routes};
