/* kms_material.h - the secret bytes behind KMS keys, and sealing under them.
 *
 * A symmetric key has 256-bit materials: the newest seals, each that it ever had opens (rotation;
 * replicas of a multi-Region key share theirs). They are kept wrapped by the root key only, and
 * gone with their key. What the caller may do, and the key's state, are the caller's to check
 * before. */
#ifndef LUNAMI_CLOUD_KMS_MATERIAL_H
#define LUNAMI_CLOUD_KMS_MATERIAL_H

#include "cloud/internal.h"

#define LNM_MATERIAL_ID 64 /* hex digits; a buffer for one has a byte more */

/* Open the root key of c's state, and give what older versions made its materials. */
LNM_API int lnm_kms_material_open(struct lnm_cloud *c, const char *dir, struct lnm_err *err);

/* Give a key new material: its first, or by rotation. 0 or -1. */
LNM_API int lnm_kms_material_make(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                                  int64_t now_us);
/* Give a key all materials that a related one has and it has not. 0 or -1. */
LNM_API int lnm_kms_material_share(struct lnm_cloud *c, const struct lnm_cloud_key *from,
                                   const char *region);
/* The account and id of the key of a region that has this material. */
LNM_API bool lnm_kms_material_owner(struct lnm_cloud_key *out, struct lnm_cloud *c,
                                    const char *region, const char *material);
/* The id of the material that seals now; empty for keys without. */
LNM_API void lnm_kms_material_id(char out[LNM_MATERIAL_ID + 1], struct lnm_cloud *c,
                                 const struct lnm_cloud_key *k);

/* Append plain sealed under the key's newest material (AES-256-GCM); context is bound to it, not in
 * it (lnm_kms_context_add writes one). 0 or a negative enum lnm_code: LNM_ENOTFOUND for a key
 * without material. */
LNM_API int lnm_kms_seal(struct lnm_cloud *c, struct lnm_buf *out, const struct lnm_cloud_key *k,
                         struct lnm_str plain, struct lnm_str context);
/* Append what was sealed; the caller cleanses out. LNM_EPARSE when a bit of blob or context is
 * another; LNM_ENOTFOUND when it was sealed under a material that the key does not have. */
LNM_API int lnm_kms_open(struct lnm_cloud *c, struct lnm_buf *out, const struct lnm_cloud_key *k,
                         struct lnm_str blob, struct lnm_str context);
/* Is blob of lnm_kms_seal's form? Then the id of the material that it names. */
LNM_API bool lnm_kms_blob_material(char out[LNM_MATERIAL_ID + 1], struct lnm_str blob);

/* Append one pair of an encryption context, such as aws:ebs:id and a volume's id. A context of
 * several is the same in any order of its making only when they are added sorted by key. */
LNM_API void lnm_kms_context_add(struct lnm_buf *context, struct lnm_str key, struct lnm_str value);

#endif
