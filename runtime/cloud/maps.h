/* maps.h - block maps: which blocks a volume or snapshot has, as a layer over another map's.
 *
 * A map holds only what was written to it; what it has not is its parent's. So a snapshot, a copy
 * under the same key, and a volume made of a snapshot take a map as it is: O(1), whatever the size.
 * A map is written to only while one thing refers to it; else a new layer is put over it. Map 0 is
 * the empty one. Every stored block belongs to one map (so there is nothing to count that a crash
 * could count wrongly), and a map that only one other stands on is merged with it when nothing else
 * refers to it: the layers of a chain are at most the volumes and snapshots that it is for. */
#ifndef LUNAMI_CLOUD_MAPS_H
#define LUNAMI_CLOUD_MAPS_H

#include "cloud/blocks.h"

/* A new map over `parent`, of blocks under a data key ("": plain). Its id, or -1. */
LNM_API int64_t lnm_map_new(struct lnm_cloud *c, int64_t parent, const char *data_key);
/* The block that is seen there: 1, 0 or -1. */
LNM_API int lnm_map_find(struct lnm_cloud *c, struct lnm_block *out, int64_t map, int64_t index);
/* Put a block into *map, which its one referrer holds: *map becomes a new layer when others refer
 * to it as well (or it is 0), and the caller notes that. What was there in the layer is freed. */
LNM_API int lnm_map_put(struct lnm_cloud *c, int64_t *map, const char *data_key,
                        const struct lnm_block *b);
LNM_API int lnm_map_parent(struct lnm_cloud *c, int64_t *parent, int64_t map);
/* How many snapshots, volumes and copies under way refer to it; how many layers stand on it; -1. */
LNM_API int64_t lnm_map_users(struct lnm_cloud *c, int64_t map);
LNM_API int64_t lnm_map_layers_over(struct lnm_cloud *c, int64_t map);
/* Is the block that this layer has there seen by any user? 1, 0 or -1. */
LNM_API int lnm_map_is_seen(struct lnm_cloud *c, int64_t map, int64_t index);
/* Free a block of this layer. */
LNM_API int lnm_map_take_out(struct lnm_cloud *c, int64_t map, const struct lnm_block *b);
/* A snapshot, volume or copy does not refer to it any more: what nobody sees is reclaimed soon. */
LNM_API int lnm_map_left(struct lnm_cloud *c, int64_t map);
/* How many blocks are seen through it. */
LNM_API int64_t lnm_map_full(struct lnm_cloud *c, int64_t map);
LNM_API void lnm_map_data_key(char out[48], struct lnm_cloud *c, int64_t map); /* "": plain */
/* Do two maps have a common layer? An empty one has with every other. 1, 0 or -1. */
LNM_API int lnm_map_related(struct lnm_cloud *c, int64_t a, int64_t b);
/* The nearest layer that both have, or 0; -1. */
LNM_API int64_t lnm_map_common(struct lnm_cloud *c, int64_t a, int64_t b);

/* ---- map_cursor.c: the blocks of a map in order ------------------------------------------------
 */
struct lnm_map_cursor {
    struct lnm_map_layer *layers; /* the upper one first */
    size_t count;
    struct lnm_block block; /* where it stands */
    int64_t map;            /* the layer that it is of */
};
/* Begin before the first block at `from` or after it, in the layers of a map above `below` (0: all
 * of them). Nothing may be put into its maps until it is closed, also after a failure. 0 or -1. */
LNM_API int lnm_map_open(struct lnm_map_cursor *m, struct lnm_cloud *c, int64_t map, int64_t below,
                         int64_t from);
LNM_API int lnm_map_next(struct lnm_map_cursor *m); /* 1: there is one; 0: no more; -1 */
LNM_API void lnm_map_close(struct lnm_map_cursor *m);

/* ---- map_litter.c ------------------------------------------------------------------------------
 */
/* Reclaim what nobody sees, at most `most` blocks: in a transaction. 1 when more is left, 0, -1. */
LNM_API int lnm_maps_reclaim(struct lnm_cloud *c, int most);

#endif
