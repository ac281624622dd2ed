/* sigv4_hash.c - SHA-256 by OpenSSL's block functions.
 *
 * The one file that uses the low-level SHA256_* calls, which OpenSSL 3 marks deprecated: EVP
 * allocates a context per digest and cannot hand out the state after one block, and a signature is
 * two such states plus a dozen blocks.  The arithmetic is still OpenSSL's. */
#define OPENSSL_SUPPRESS_DEPRECATED 1
#include "aws/sigv4_hash.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#define BLOCK 64

void lnm_sha256(unsigned char out[32], struct lnm_str bytes) {
    SHA256_CTX c;
    (void)SHA256_Init(&c);
    (void)SHA256_Update(&c, bytes.ptr, bytes.len);
    (void)SHA256_Final(out, &c);
}

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct lnm_sha256_sum), "a sum holds OpenSSL's state");

void lnm_sha256_begin(struct lnm_sha256_sum *s) {
    (void)SHA256_Init((SHA256_CTX *)s->state);
}

void lnm_sha256_add(struct lnm_sha256_sum *s, struct lnm_str bytes) {
    (void)SHA256_Update((SHA256_CTX *)s->state, bytes.ptr, bytes.len);
}

void lnm_sha256_end(unsigned char out[32], struct lnm_sha256_sum *s) {
    (void)SHA256_Final(out, (SHA256_CTX *)s->state);
}

static void pad_state(uint32_t state[8], const unsigned char *key, size_t len, unsigned char pad) {
    unsigned char block[BLOCK];
    SHA256_CTX c;
    for (size_t i = 0; i < BLOCK; i++) {
        block[i] = (unsigned char)((i < len ? key[i] : 0) ^ pad);
    }
    (void)SHA256_Init(&c);
    (void)SHA256_Update(&c, block, BLOCK);
    for (size_t i = 0; i < 8; i++) {
        state[i] = c.h[i];
    }
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(&c, sizeof c);
}

void lnm_hmac_midstates(uint32_t inner[8], uint32_t outer[8], const unsigned char key[32]) {
    pad_state(inner, key, 32, 0x36);
    pad_state(outer, key, 32, 0x5c);
}

/* A digest that goes on after one block. */
static void resume_from(SHA256_CTX *c, const uint32_t state[8]) {
    for (size_t i = 0; i < 8; i++) {
        c->h[i] = state[i];
    }
    c->Nl = BLOCK * 8;
    c->Nh = 0;
    c->num = 0;
    c->md_len = SHA256_DIGEST_LENGTH;
}

void lnm_hmac_from_midstates(unsigned char out[32], const uint32_t inner[8],
                             const uint32_t outer[8], struct lnm_str bytes) {
    SHA256_CTX c;
    unsigned char digest[32];
    resume_from(&c, inner);
    (void)SHA256_Update(&c, bytes.ptr, bytes.len);
    (void)SHA256_Final(digest, &c);
    resume_from(&c, outer);
    (void)SHA256_Update(&c, digest, sizeof digest);
    (void)SHA256_Final(out, &c);
}

/* The key as it goes into a block: itself, or its digest when it is longer than one. */
static size_t block_key(unsigned char block[BLOCK], struct lnm_str head, struct lnm_str key) {
    SHA256_CTX c;
    if (head.len + key.len <= BLOCK) {
        memcpy(block, head.ptr, head.len);
        memcpy(block + head.len, key.ptr, key.len);
        return head.len + key.len;
    }
    (void)SHA256_Init(&c);
    (void)SHA256_Update(&c, head.ptr, head.len);
    (void)SHA256_Update(&c, key.ptr, key.len);
    (void)SHA256_Final(block, &c);
    return SHA256_DIGEST_LENGTH;
}

void lnm_hmac_sha256(unsigned char out[32], struct lnm_str key_head, struct lnm_str key,
                     struct lnm_str bytes) {
    unsigned char block[BLOCK];
    uint32_t inner[8], outer[8];
    size_t len = block_key(block, key_head, key);
    pad_state(inner, block, len, 0x36);
    pad_state(outer, block, len, 0x5c);
    lnm_hmac_from_midstates(out, inner, outer, bytes);
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(inner, sizeof inner);
    OPENSSL_cleanse(outer, sizeof outer);
}

void lnm_hex32(char out[65], const unsigned char bytes[32]) {
    static const char
        pairs[] = /* both digits of a byte in one step: three of these make a signature */
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
        "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
        "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
        "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
        "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
        "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
        "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
        "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    for (size_t i = 0; i < 32; i++) {
        memcpy(out + 2 * i, pairs + 2 * (size_t)bytes[i], 2);
    }
    out[64] = '\0';
}
