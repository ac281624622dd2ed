/* gcm.h - AES-256-GCM over whole texts: nonce (12 bytes), ciphertext, tag (16 bytes). */
#ifndef LUNAMI_CLOUD_GCM_H
#define LUNAMI_CLOUD_GCM_H

#include "base/buf.h"

#include <openssl/types.h>

#define LNM_GCM_KEY 32
#define LNM_GCM_OVERHEAD 28 /* bytes that a sealed text is longer */

/* OpenSSL's AES-256-GCM, looked up once: by its usual name OpenSSL looks it up with every use. */
LNM_API const EVP_CIPHER *lnm_gcm_cipher(void);
/* Look it up on another processor: a start has other things to do meanwhile. */
LNM_API void lnm_gcm_prepare(void);

/* Append plain, encrypted under a fresh random nonce; aad is bound to it, not in it. 0, LNM_ENOMEM,
 * LNM_ELIMIT, or LNM_EFAILED when OpenSSL refuses. */
LNM_API int lnm_gcm_seal(struct lnm_buf *out, const unsigned char key[LNM_GCM_KEY],
                         struct lnm_str plain, struct lnm_str aad);
/* Append what was sealed; LNM_EPARSE, and nothing appended, when a bit of key, text or aad is
 * another. */
LNM_API int lnm_gcm_open(struct lnm_buf *out, const unsigned char key[LNM_GCM_KEY],
                         struct lnm_str sealed, struct lnm_str aad);

#endif
