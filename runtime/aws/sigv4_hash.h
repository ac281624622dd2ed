/* sigv4_hash.h - SHA-256 and HMAC with kept midstates. */
#ifndef LUNAMI_AWS_SIGV4_HASH_H
#define LUNAMI_AWS_SIGV4_HASH_H

#include "base/str.h"

LNM_API void lnm_sha256(unsigned char out[32], struct lnm_str bytes);
/* The same piece by piece. */
struct lnm_sha256_sum {
    uint64_t state[16]; /* OpenSSL's */
};
LNM_API void lnm_sha256_begin(struct lnm_sha256_sum *s);
LNM_API void lnm_sha256_add(struct lnm_sha256_sum *s, struct lnm_str bytes);
LNM_API void lnm_sha256_end(unsigned char out[32], struct lnm_sha256_sum *s);
/* The key is key_head and key, one after the other: "AWS4" and the secret need no buffer. */
LNM_API void lnm_hmac_sha256(unsigned char out[32], struct lnm_str key_head, struct lnm_str key,
                             struct lnm_str bytes);
/* The two SHA-256 states after the ipad and opad blocks of a 32-byte key. */
LNM_API void lnm_hmac_midstates(uint32_t inner[8], uint32_t outer[8], const unsigned char key[32]);
LNM_API void lnm_hmac_from_midstates(unsigned char out[32], const uint32_t inner[8],
                                     const uint32_t outer[8], struct lnm_str bytes);
LNM_API void lnm_hex32(char out[65], const unsigned char bytes[32]);

#endif
