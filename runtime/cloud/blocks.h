/* blocks.h - where blocks are kept: slots of one file (DIR/blocks, or anonymous memory), written
 * once and never overwritten while something refers to them.
 *
 * The database says which slots are in use: each row of `blocks` owns one. A slot that its row gave
 * up is `freed`, and `spare` only after that was committed, so that what a crash brings back is
 * whole still. What is written is on the disk before the commit that refers to it (a commit hook).
 */
#ifndef LUNAMI_CLOUD_BLOCKS_H
#define LUNAMI_CLOUD_BLOCKS_H

#include "cloud/block_seal.h"
#include "cloud/data_keys.h"

struct lnm_copier;

struct lnm_blocks {
    int fd;
    bool durable;  /* a file, not memory */
    bool unsynced; /* written to since the last commit, by who holds the lock */
    bool busy;     /* the transaction left something to the copier */
    struct lnm_copier *copier;
    struct lnm_key_ring *ring;
    unsigned char *room; /* for a block that is encrypted, by who holds the lock; NULL at first */
    bool has_secret;     /* for tokens of blocks, once it was read */
    unsigned char token_secret[32];
};

/* A block of a map: where it is stored, and its seal. */
struct lnm_block {
    int64_t index, slot;
    struct lnm_seal seal;
};

/* Open c->blocks: dir NULL is memory. What a process that died had begun is given back. */
LNM_API int lnm_blocks_open(struct lnm_cloud *c, const char *dir, struct lnm_err *err);
LNM_API void lnm_blocks_close(struct lnm_cloud *c);

/* A slot to write to, by the transaction that will refer to it; or -1. */
LNM_API int64_t lnm_slot_take(struct lnm_cloud *c);
LNM_API int lnm_slot_free(struct lnm_cloud *c, int64_t slot); /* 0 or -1 */
/* Whole blocks, from any thread: 0 or LNM_EIO. */
LNM_API int lnm_slot_read(const struct lnm_blocks *b, int64_t slot, unsigned char *bytes);
LNM_API int lnm_slot_write(const struct lnm_blocks *b, int64_t slot, const unsigned char *bytes);
/* Make freed slots spare and give their space back to the file system: a transaction of its own,
 * at most `most` slots. How many, or -1. */
LNM_API int lnm_slots_reclaim(struct lnm_cloud *c, int most);

/* Read a block of a map into bytes (LNM_BLOCK). 1; 0 when the map has none there, with bytes
 * zeroed; LNM_EPARSE when it was damaged; LNM_EIO. */
LNM_API int lnm_block_read(struct lnm_cloud *c, unsigned char *bytes,
                           unsigned char sum[LNM_BLOCK_SUM], int64_t map, int64_t index,
                           const struct lnm_data_key *key);
/* Memory for one block that is kept, of who holds the lock: data may be there, and is gone when it
 * was stored encrypted. NULL: there is none. [borrowed] */
LNM_API unsigned char *lnm_block_room(struct lnm_cloud *c);
/* Store data as a block of *map, which changes as lnm_map_put tells. 0 or -1. */
LNM_API int lnm_block_write(struct lnm_cloud *c, int64_t *map, int64_t index,
                            const struct lnm_data_key *key, const unsigned char *data,
                            const unsigned char sum[LNM_BLOCK_SUM]);

#endif
