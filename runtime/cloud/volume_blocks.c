/* volume_blocks.c - the door to the blocks of a volume, as its instance would read and write them.
 *
 * AWS has none: there a volume is a disk of its instance. */
#include "cloud/copier.h"
#include "cloud/ebs.h"

#include "aws/sigv4_hash.h"
#include "base/text.h"

#include <openssl/crypto.h>

struct access {
    struct lnm_cloud_volume v;
    struct lnm_data_key key;
    int64_t index;
};

/* An instance that has the volume knows its data key, whatever became of the KMS key. */
static int open_key(struct lnm_cloud_request *r, struct access *a) {
    bool attached = strcmp(a->v.attach_state, "attached") == 0;
    if (attached && lnm_key_ring_get(r->cloud->blocks->ring, a->v.id, &a->key)) {
        return 0;
    }
    return lnm_data_key_make(r->cloud, &a->key, r->account, a->v.data_key, a->v.key_arn) == 0
               ? 0
               : lnm_ebs_raise(r, LNM_EBS_INVALID_CUSTOMER_KEY,
                               "The KMS key %s does not decrypt the volume %s", a->v.key_arn,
                               a->v.id);
}

static int begin(struct lnm_cloud_request *r, struct access *a) {
    struct lnm_str id = lnm_cloud_param(r, "volume_id");
    memset(a, 0, sizeof *a);
    a->index = lnm_record_get_int(&r->in, 0, "block_index", -1);
    if (!lnm_volume_get(r, id, &a->v)) {
        return lnm_cloud_raise(r, 404, "ResourceNotFoundException",
                               "The volume '%.60s' does not exist.", id.len > 0 ? id.ptr : "");
    }
    if ((strcmp(a->v.state, "available") != 0 && strcmp(a->v.attach_state, "attached") != 0) ||
        lnm_copy_runs(r->cloud, a->v.map)) {
        return lnm_cloud_raise(r, 409, "ConflictException",
                               "The volume '%s' is neither available nor attached, or not "
                               "initialized yet",
                               a->v.id);
    }
    if (a->index < 0 || a->index >= a->v.size * LNM_EBS_BLOCKS_A_GIB) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_BLOCK, "Block %lld is not within the %lld GiB",
                             (long long)a->index, (long long)a->v.size);
    }
    return open_key(r, a);
}

static void show_sum(struct lnm_cloud_request *r, const unsigned char sum[LNM_BLOCK_SUM]) {
    struct lnm_buf text = {0};
    lnm_text_base64(&text, sum, LNM_BLOCK_SUM);
    lnm_record_set(&r->out, "checksum", lnm_buf_str(&text));
    lnm_buf_free(&text);
}

static int read_block(struct lnm_cloud_request *r) {
    struct access a;
    unsigned char sum[LNM_BLOCK_SUM];
    if (begin(r, &a) < 0) {
        return -1;
    }
    int found = lnm_buf_reserve(&r->payload, LNM_BLOCK) < 0
                    ? LNM_ENOMEM
                    : lnm_block_read(r->cloud, (unsigned char *)r->payload.ptr, sum, a.v.map,
                                     a.index, &a.key);
    OPENSSL_cleanse(&a.key, sizeof a.key);
    if (found < 0) {
        lnm_buf_free(&r->payload);
        return lnm_cloud_raise(r, 500, "InternalServerException", "Block %lld of %s is damaged",
                               (long long)a.index, a.v.id);
    }
    r->payload.len = LNM_BLOCK;
    if (found == 1) {
        show_sum(r, sum);
    }
    return 0;
}

static int write_block(struct lnm_cloud_request *r) {
    struct access a;
    unsigned char sum[LNM_BLOCK_SUM];
    if (r->body.len != LNM_BLOCK) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_BLOCK, "A block is %zu bytes, not %zu", LNM_BLOCK,
                             r->body.len);
    }
    if (begin(r, &a) < 0) {
        return -1;
    }
    lnm_sha256(sum, r->body);
    int error = lnm_block_write(r->cloud, &a.v.map, a.index, &a.key,
                                (const unsigned char *)r->body.ptr, sum);
    OPENSSL_cleanse(&a.key, sizeof a.key);
    if (error < 0 || lnm_store_exec(r->cloud, "UPDATE volumes SET map = ?2 WHERE id = ?1", "ti",
                                    a.v.id, a.v.map) < 0) {
        return lnm_cloud_internal(r);
    }
    show_sum(r, sum);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_volume_blocks[] = {
    {"ReadVolumeBlock", read_block}, {"WriteVolumeBlock", write_block}, {NULL, NULL}};
