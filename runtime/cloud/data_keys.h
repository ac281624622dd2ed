/* data_keys.h - the keys that blocks are encrypted with: one for each lineage, stored only wrapped
 * by the lineage's KMS key. */
#ifndef LUNAMI_CLOUD_DATA_KEYS_H
#define LUNAMI_CLOUD_DATA_KEYS_H

#include "cloud/block_seal.h"
#include "cloud/internal.h"

/* The data key `id` for an account, whose KMS key must let it decrypt now. An empty id is the plain
 * one. 0; LNM_ENOTFOUND: nothing was ever encrypted with it; LNM_EFAILED: the KMS key does not
 * work; LNM_ECREDS: not for that account. The caller cleanses out. */
LNM_API int lnm_data_key_open(struct lnm_cloud *c, struct lnm_data_key *out, const char *account,
                              const char *id);
/* The same, made and wrapped under key_arn when there is none yet. */
LNM_API int lnm_data_key_make(struct lnm_cloud *c, struct lnm_data_key *out, const char *account,
                              const char *id, const char *key_arn);

/* ---- what is attached --------------------------------------------------------------------------
 * An instance keeps the data keys of its volumes in memory from the moment they are attached or it
 * starts until they are detached or it stops: what becomes of the KMS key meanwhile does not matter
 * to it. A process that begins anew has none. */
struct lnm_key_ring;
LNM_API struct lnm_key_ring *lnm_key_ring_new(void); /* or NULL */
LNM_API void lnm_key_ring_free(struct lnm_key_ring *ring);
/* Keep the data key of a volume. 0 or -1 (no memory). */
LNM_API int lnm_key_ring_put(struct lnm_key_ring *ring, const char *volume,
                             const struct lnm_data_key *key);
LNM_API bool lnm_key_ring_get(const struct lnm_key_ring *ring, const char *volume,
                              struct lnm_data_key *out);
LNM_API void lnm_key_ring_drop(struct lnm_key_ring *ring, const char *volume);

#endif
