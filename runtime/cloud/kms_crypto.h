/* kms_crypto.h - what the KMS actions that encrypt share. */
#ifndef LUNAMI_CLOUD_KMS_CRYPTO_H
#define LUNAMI_CLOUD_KMS_CRYPTO_H

#include "cloud/kms.h"

/* Encrypt plain under the key with the encryption context of parameter `context`, and write the
 * blob as the answer's ciphertext_blob. 0 or -1 raised. */
LNM_API int lnm_kms_encrypt(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                            struct lnm_str plain, const char *context);
/* Write bytes as a blob member of the answer. */
LNM_API void lnm_kms_show_bytes(struct lnm_record *out, const char *member, struct lnm_str bytes);
/* Write the id of the key's newest material as this member. */
LNM_API void lnm_kms_show_material(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                                   const char *member);

#endif
