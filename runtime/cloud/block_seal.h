/* block_seal.h - a block as it is stored: ciphertext, or plaintext, and the seal that proves it.
 *
 * Encrypted blocks are AES-256-GCM under the data key of their lineage, with a random nonce for
 * every write; the lineage's id and the block's place are bound to them. What is encrypted is the
 * SHA-256 of the plaintext and then the plaintext, so that reading gives both and hashing is not
 * done again. A plain block's seal is its SHA-256. Seals are kept apart from blocks: an older or
 * another block in the place of one is found out. Pure: any thread may call these. */
#ifndef LUNAMI_CLOUD_BLOCK_SEAL_H
#define LUNAMI_CLOUD_BLOCK_SEAL_H

#include "base/err.h"

#define LNM_BLOCK ((size_t)512 << 10) /* bytes of a block */
#define LNM_BLOCK_SUM 32              /* its SHA-256 */
#define LNM_SEAL_MAX 60               /* nonce, tag, encrypted sum; or the sum alone */

struct lnm_seal {
    unsigned char bytes[LNM_SEAL_MAX];
    size_t len;
};

/* What the blocks of a lineage are encrypted with: cleanse it. An empty id: not encrypted. */
struct lnm_data_key {
    char id[48];
    unsigned char bytes[32];
};

/* Seal a block whose sum is known. Returns what is to be stored: `scratch` (LNM_BLOCK bytes, filled
 * with ciphertext), or `data` itself for a plain one; NULL when OpenSSL refuses. */
LNM_API const unsigned char *lnm_block_seal(struct lnm_seal *seal, unsigned char *scratch,
                                            const struct lnm_data_key *key, int64_t index,
                                            const unsigned char *data,
                                            const unsigned char sum[LNM_BLOCK_SUM]);
/* Turn stored bytes into plaintext where they are. 0; LNM_EPARSE when a bit of them, of the seal,
 * the key, the lineage or the place is another (the bytes are zeros then); LNM_EFAILED. */
LNM_API int lnm_block_open(unsigned char *bytes, unsigned char sum[LNM_BLOCK_SUM],
                           const struct lnm_data_key *key, int64_t index,
                           const struct lnm_seal *seal);
/* The sum alone, without the block; not proved by it. */
LNM_API int lnm_block_sum(unsigned char sum[LNM_BLOCK_SUM], const struct lnm_data_key *key,
                          int64_t index, const struct lnm_seal *seal);

#endif
