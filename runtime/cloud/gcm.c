/* gcm.c - AES-256-GCM by OpenSSL. Source: NIST SP 800-38D, with random 96-bit nonces. */
#include "cloud/gcm.h"
#include "cloud/thread.h"

#include "base/clock.h"

#include <openssl/evp.h>
#include <pthread.h>

#define NONCE 12
#define TAG 16
#define TEXT_MAX ((size_t)1 << 30) /* OpenSSL counts in int */

static EVP_CIPHER *fetched;

static void fetch(void) {
    fetched = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
}

const EVP_CIPHER *lnm_gcm_cipher(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, fetch);
    return fetched != NULL ? fetched : EVP_aes_256_gcm();
}

static void *prepare(void *arg) {
    (void)lnm_gcm_cipher();
    return arg;
}

void lnm_gcm_prepare(void) {
    pthread_t thread;
    if (lnm_thread_start(&thread, prepare, NULL)) {
        (void)pthread_detach(thread);
    }
}

static bool start(EVP_CIPHER_CTX *x, const unsigned char *key, const unsigned char *nonce,
                  struct lnm_str aad, bool encrypt) {
    int n = 0;
    return EVP_CipherInit_ex(x, lnm_gcm_cipher(), NULL, key, nonce, encrypt ? 1 : 0) == 1 &&
           (aad.len == 0 ||
            EVP_CipherUpdate(x, NULL, &n, (const unsigned char *)aad.ptr, (int)aad.len) == 1);
}

static bool encrypt(EVP_CIPHER_CTX *x, unsigned char *to, const unsigned char *key,
                    struct lnm_str plain, struct lnm_str aad) {
    int n = 0, last = 0;
    lnm_random_secret(to, NONCE);
    return start(x, key, to, aad, true) &&
           EVP_EncryptUpdate(x, to + NONCE, &n, (const unsigned char *)plain.ptr, (int)plain.len) ==
               1 &&
           EVP_EncryptFinal_ex(x, to + NONCE + n, &last) == 1 &&
           EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_GET_TAG, TAG, to + NONCE + plain.len) == 1;
}

static bool decrypt(EVP_CIPHER_CTX *x, unsigned char *to, const unsigned char *key,
                    struct lnm_str sealed, struct lnm_str aad) {
    const unsigned char *from = (const unsigned char *)sealed.ptr;
    size_t len = sealed.len - LNM_GCM_OVERHEAD;
    int n = 0, last = 0;
    return start(x, key, from, aad, false) &&
           EVP_DecryptUpdate(x, to, &n, from + NONCE, (int)len) == 1 &&
           EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_SET_TAG, TAG,
                               (void *)(uintptr_t)(from + NONCE + len)) == 1 &&
           EVP_DecryptFinal_ex(x, to + n, &last) == 1;
}

int lnm_gcm_seal(struct lnm_buf *out, const unsigned char key[LNM_GCM_KEY], struct lnm_str plain,
                 struct lnm_str aad) {
    int error = plain.len > TEXT_MAX || aad.len > TEXT_MAX
                    ? LNM_ELIMIT
                    : lnm_buf_reserve(out, plain.len + LNM_GCM_OVERHEAD);
    if (error < 0) {
        return error;
    }
    EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
    bool good = x != NULL && encrypt(x, (unsigned char *)out->ptr + out->len, key, plain, aad);
    EVP_CIPHER_CTX_free(x);
    out->len += good ? plain.len + LNM_GCM_OVERHEAD : 0;
    out->ptr[out->len] = '\0';
    return good ? 0 : LNM_EFAILED;
}

int lnm_gcm_open(struct lnm_buf *out, const unsigned char key[LNM_GCM_KEY], struct lnm_str sealed,
                 struct lnm_str aad) {
    if (sealed.len < LNM_GCM_OVERHEAD || sealed.len > TEXT_MAX || aad.len > TEXT_MAX) {
        return LNM_EPARSE;
    }
    size_t len = sealed.len - LNM_GCM_OVERHEAD;
    int error = lnm_buf_reserve(out, len);
    if (error < 0) {
        return error;
    }
    EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
    bool good = x != NULL && decrypt(x, (unsigned char *)out->ptr + out->len, key, sealed, aad);
    EVP_CIPHER_CTX_free(x);
    if (!good) { /* what was deciphered before the tag was looked at is nobody's to see */
        memset(out->ptr + out->len, 0, len);
    }
    out->len += good ? len : 0;
    out->ptr[out->len] = '\0';
    return good ? 0 : LNM_EPARSE;
}
