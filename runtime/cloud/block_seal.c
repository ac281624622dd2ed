/* block_seal.c - AES-256-GCM over blocks by OpenSSL. Source: NIST SP 800-38D; a data key serves far
 * fewer than the 2^32 blocks (2 PiB) that random 96-bit nonces allow it. */
#include "cloud/block_seal.h"

#include "cloud/gcm.h"

#include "aws/sigv4_hash.h"
#include "base/clock.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

enum { NONCE = 12, TAG = 16, HEAD = NONCE + TAG };
_Static_assert(HEAD + LNM_BLOCK_SUM == LNM_SEAL_MAX, "a seal is nonce, tag and encrypted sum");

static bool update(EVP_CIPHER_CTX *x, unsigned char *to, const unsigned char *from, size_t len) {
    int n = 0;
    return EVP_CipherUpdate(x, to, &n, from, (int)len) == 1;
}

/* Set the cipher up, with the lineage and the place as what is authenticated beside. */
static bool begin(EVP_CIPHER_CTX *x, const struct lnm_data_key *key, int64_t index,
                  const unsigned char *nonce, bool encrypt) {
    unsigned char place[8];
    for (int i = 0; i < 8; i++) {
        place[i] = (unsigned char)((uint64_t)index >> (56 - 8 * i));
    }
    return EVP_CipherInit_ex(x, lnm_gcm_cipher(), NULL, key->bytes, nonce, encrypt ? 1 : 0) == 1 &&
           update(x, NULL, (const unsigned char *)key->id, strlen(key->id)) &&
           update(x, NULL, place, sizeof place);
}

static bool encrypt(EVP_CIPHER_CTX *x, struct lnm_seal *seal, unsigned char *to,
                    const struct lnm_data_key *key, int64_t index, const unsigned char *data,
                    const unsigned char *sum) {
    int n = 0;
    lnm_random_secret(seal->bytes, NONCE);
    return begin(x, key, index, seal->bytes, true) &&
           update(x, seal->bytes + HEAD, sum, LNM_BLOCK_SUM) && update(x, to, data, LNM_BLOCK) &&
           EVP_EncryptFinal_ex(x, to + LNM_BLOCK, &n) == 1 &&
           EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_GET_TAG, TAG, seal->bytes + NONCE) == 1;
}

static bool decrypt(EVP_CIPHER_CTX *x, unsigned char *bytes, unsigned char *sum,
                    const struct lnm_data_key *key, int64_t index, const struct lnm_seal *seal) {
    int n = 0;
    return seal->len == LNM_SEAL_MAX && begin(x, key, index, seal->bytes, false) &&
           update(x, sum, seal->bytes + HEAD, LNM_BLOCK_SUM) &&
           update(x, bytes, bytes, LNM_BLOCK) &&
           EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_SET_TAG, TAG,
                               (void *)(uintptr_t)(seal->bytes + NONCE)) == 1 &&
           EVP_DecryptFinal_ex(x, bytes + LNM_BLOCK, &n) == 1;
}

const unsigned char *lnm_block_seal(struct lnm_seal *seal, unsigned char *scratch,
                                    const struct lnm_data_key *key, int64_t index,
                                    const unsigned char *data,
                                    const unsigned char sum[LNM_BLOCK_SUM]) {
    if (key->id[0] == '\0') {
        seal->len = LNM_BLOCK_SUM;
        memcpy(seal->bytes, sum, LNM_BLOCK_SUM);
        return data;
    }
    EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
    bool good = x != NULL && encrypt(x, seal, scratch, key, index, data, sum);
    EVP_CIPHER_CTX_free(x);
    seal->len = LNM_SEAL_MAX;
    return good ? scratch : NULL;
}

static bool open_plain(const unsigned char *bytes, unsigned char *sum,
                       const struct lnm_seal *seal) {
    lnm_sha256(sum, (struct lnm_str){(const char *)bytes, LNM_BLOCK});
    return seal->len == LNM_BLOCK_SUM && memcmp(sum, seal->bytes, LNM_BLOCK_SUM) == 0;
}

int lnm_block_open(unsigned char *bytes, unsigned char sum[LNM_BLOCK_SUM],
                   const struct lnm_data_key *key, int64_t index, const struct lnm_seal *seal) {
    bool good;
    if (key->id[0] == '\0') {
        good = open_plain(bytes, sum, seal);
    } else {
        EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
        if (x == NULL) {
            return LNM_EFAILED;
        }
        good = decrypt(x, bytes, sum, key, index, seal);
        EVP_CIPHER_CTX_free(x);
    }
    if (!good) { /* nothing of what was not proved is seen */
        memset(bytes, 0, LNM_BLOCK);
        memset(sum, 0, LNM_BLOCK_SUM);
    }
    return good ? 0 : LNM_EPARSE;
}

int lnm_block_sum(unsigned char sum[LNM_BLOCK_SUM], const struct lnm_data_key *key, int64_t index,
                  const struct lnm_seal *seal) {
    if (key->id[0] == '\0') {
        memcpy(sum, seal->bytes, LNM_BLOCK_SUM);
        return seal->len == LNM_BLOCK_SUM ? 0 : LNM_EPARSE;
    }
    EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
    bool good = x != NULL && seal->len == LNM_SEAL_MAX &&
                begin(x, key, index, seal->bytes, false) &&
                update(x, sum, seal->bytes + HEAD, LNM_BLOCK_SUM);
    EVP_CIPHER_CTX_free(x);
    return good ? 0 : LNM_EPARSE;
}
