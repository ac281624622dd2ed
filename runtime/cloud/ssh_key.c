/* ssh_key.c - SSH keys: OpenSSL makes and reads them, here they get SSH's own wrapping. */
#include "cloud/ssh_key.h"

#include "base/text.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define BITS 2048u
#define TEXT_MAX ((size_t)16 << 10)
#define POINT 32 /* bytes of an Ed25519 key, public or private */

/* ---- SSH's wire: a length in four bytes and what is so long -------------------------------------
 */
static void put_u32(struct lnm_buf *b, uint32_t n) {
    unsigned char bytes[4] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16),
                              (unsigned char)(n >> 8), (unsigned char)n};
    lnm_buf_add(b, bytes, sizeof bytes);
}

static void put_string(struct lnm_buf *b, const void *bytes, size_t len) {
    put_u32(b, (uint32_t)len);
    lnm_buf_add(b, bytes, len);
}

/* A number: a zero byte before what would look negative. */
static void put_number(struct lnm_buf *b, const BIGNUM *n) {
    unsigned char bytes[1025] = {0};
    int len = BN_num_bytes(n) < 1024 ? BN_bn2bin(n, bytes + 1) : 0;
    bool high = (bytes[1] & 0x80) != 0;
    put_string(b, bytes + (high ? 0 : 1), (size_t)len + (high ? 1 : 0));
}

static bool take_string(struct lnm_str *from, struct lnm_str *out) {
    const unsigned char *p = (const unsigned char *)from->ptr;
    if (from->len < 4) {
        return false;
    }
    size_t len = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
    if (len > from->len - 4) {
        return false;
    }
    *out = (struct lnm_str){from->ptr + 4, len};
    *from = (struct lnm_str){from->ptr + 4 + len, from->len - 4 - len};
    return true;
}

/* The public half as SSH sends it. False for a key of another kind. */
static bool put_public(struct lnm_buf *b, const EVP_PKEY *key) {
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) {
        unsigned char point[POINT];
        size_t len = sizeof point;
        put_string(b, "ssh-ed25519", 11);
        bool good = EVP_PKEY_get_raw_public_key(key, point, &len) == 1;
        put_string(b, point, len);
        return good;
    }
    BIGNUM *n = NULL, *e = NULL;
    bool good = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
                EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
                EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1;
    if (good) {
        put_string(b, "ssh-rsa", 7);
        put_number(b, e);
        put_number(b, n);
    }
    BN_free(n);
    BN_free(e);
    return good;
}

/* ---- fingerprints ------------------------------------------------------------------------------
 */
static void digest(char out[64], const EVP_MD *kind, const void *bytes, size_t len) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    struct lnm_buf text = {.max = 128};
    (void)EVP_Digest(bytes, len, hash, &size, kind, NULL);
    if (kind == EVP_sha256()) {
        lnm_text_base64(&text, hash, size);
    }
    for (unsigned i = 0; i < size && kind != EVP_sha256(); i++) {
        lnm_buf_addf(&text, i == 0 ? "%02x" : ":%02x", hash[i]);
    }
    (void)snprintf(out, 64, "%s", lnm_buf_str(&text).ptr);
    lnm_buf_free(&text);
}

/* RSA: SHA-1 of the private key's DER when EC2 made it, MD5 of the public one's when it was given.
 * Ed25519: SHA-256 of what SSH sends, as ssh-keygen shows it. */
static bool fingerprint(struct lnm_ssh_key *out, EVP_PKEY *key, struct lnm_str wire, bool made) {
    unsigned char *der = NULL;
    if (out->ed25519) {
        digest(out->fingerprint, EVP_sha256(), wire.ptr, wire.len);
        return true;
    }
    PKCS8_PRIV_KEY_INFO *info = made ? EVP_PKEY2PKCS8(key) : NULL;
    int len = made ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : i2d_PUBKEY(key, &der);
    if (len > 0) {
        digest(out->fingerprint, made ? EVP_sha1() : EVP_md5(), der, (size_t)len);
        OPENSSL_clear_free(der, (size_t)len);
    }
    PKCS8_PRIV_KEY_INFO_free(info);
    return len > 0;
}

static int finish(struct lnm_ssh_key *out, EVP_PKEY *key, bool made) {
    struct lnm_buf wire = {.max = TEXT_MAX};
    out->ed25519 = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
    bool good = put_public(&wire, key) && fingerprint(out, key, lnm_buf_str(&wire), made);
    lnm_buf_addz(&out->line, out->ed25519 ? "ssh-ed25519 " : "ssh-rsa ");
    lnm_text_base64(&out->line, (const unsigned char *)lnm_buf_str(&wire).ptr, wire.len);
    good = good && wire.failed == 0 && out->line.failed == 0;
    lnm_buf_free(&wire);
    return good ? 0 : LNM_EPARSE;
}

/* ---- making ------------------------------------------------------------------------------------
 */

/* OpenSSH's private key file, not under a passphrase: the key twice over, behind two equal numbers
 * that would differ after a wrong passphrase. */
static bool write_ed25519(struct lnm_buf *out, const EVP_PKEY *key) {
    static const char head[] = "openssh-key-v1";
    unsigned char pair[2 * POINT];
    size_t len = POINT, point = POINT;
    struct lnm_buf all = {.max = TEXT_MAX}, inner = {.max = TEXT_MAX}, wire = {.max = TEXT_MAX},
                   text = {.max = TEXT_MAX};
    bool good = EVP_PKEY_get_raw_private_key(key, pair, &len) == 1 &&
                EVP_PKEY_get_raw_public_key(key, pair + POINT, &point) == 1 &&
                put_public(&wire, key);
    uint32_t check = (uint32_t)pair[0] << 8 | pair[1];
    put_u32(&inner, check);
    put_u32(&inner, check);
    put_string(&inner, "ssh-ed25519", 11);
    put_string(&inner, pair + POINT, POINT);
    put_string(&inner, pair, sizeof pair);
    put_string(&inner, "", 0); /* the comment */
    for (char pad = 1; inner.len % 8 != 0; pad++) {
        lnm_buf_addc(&inner, pad);
    }
    lnm_buf_add(&all, head, sizeof head);
    put_string(&all, "none", 4); /* cipher */
    put_string(&all, "none", 4); /* how the key for it is made */
    put_string(&all, "", 0);
    put_u32(&all, 1);
    put_string(&all, lnm_buf_str(&wire).ptr, wire.len);
    put_string(&all, lnm_buf_str(&inner).ptr, inner.len);
    lnm_text_base64(&text, (const unsigned char *)lnm_buf_str(&all).ptr, all.len);
    lnm_buf_addz(out, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    for (size_t i = 0; i < text.len; i += 70) {
        lnm_buf_add(out, text.ptr + i, text.len - i < 70 ? text.len - i : 70);
        lnm_buf_addc(out, '\n');
    }
    lnm_buf_addz(out, "-----END OPENSSH PRIVATE KEY-----");
    OPENSSL_cleanse(pair, sizeof pair);
    lnm_buf_cleanse(&inner);
    lnm_buf_cleanse(&all);
    lnm_buf_cleanse(&text);
    lnm_buf_free(&wire);
    return good && out->failed == 0;
}

static bool write_rsa(struct lnm_buf *out, EVP_PKEY *key) {
    BIO *bio = BIO_new(BIO_s_secmem());
    char *text = NULL;
    bool good = bio != NULL &&
                PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
    long len = good ? BIO_get_mem_data(bio, &text) : 0;
    while (len > 0 && text[len - 1] == '\n') {
        len--;
    }
    lnm_buf_add(out, len > 0 ? text : "", (size_t)len);
    BIO_free(bio);
    return good && out->failed == 0;
}

int lnm_ssh_key_make(struct lnm_ssh_key *out, bool ed25519) {
    memset(out, 0, sizeof *out);
    EVP_PKEY *key = ed25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                            : EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)BITS);
    bool good = key != NULL && finish(out, key, true) == 0 &&
                (ed25519 ? write_ed25519(&out->private, key) : write_rsa(&out->private, key));
    EVP_PKEY_free(key);
    if (!good) {
        lnm_ssh_key_free(out);
    }
    return good ? 0 : LNM_ENOMEM;
}

/* ---- reading -----------------------------------------------------------------------------------
 */
static EVP_PKEY *rsa_of(struct lnm_str exponent, struct lnm_str modulus) {
    EVP_PKEY *key = NULL;
    BIGNUM *e = BN_bin2bn((const unsigned char *)exponent.ptr, (int)exponent.len, NULL),
           *n = BN_bin2bn((const unsigned char *)modulus.ptr, (int)modulus.len, NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM *params = NULL;
    if (build != NULL && context != NULL && e != NULL && n != NULL &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1) {
        params = OSSL_PARAM_BLD_to_param(build);
    }
    if (params != NULL && EVP_PKEY_fromdata_init(context) == 1) {
        (void)EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    BN_free(e);
    BN_free(n);
    return key;
}

static EVP_PKEY *from_wire(struct lnm_str wire) {
    struct lnm_str kind, a, b;
    if (!take_string(&wire, &kind) || !take_string(&wire, &a)) {
        return NULL;
    }
    if (lnm_str_is(kind, "ssh-ed25519") && a.len == POINT && wire.len == 0) {
        return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)a.ptr,
                                           a.len);
    }
    return lnm_str_is(kind, "ssh-rsa") && take_string(&wire, &b) && wire.len == 0 && a.len <= 8
               ? rsa_of(a, b)
               : NULL;
}

static EVP_PKEY *from_bytes(struct lnm_str bytes) {
    const unsigned char *p = (const unsigned char *)bytes.ptr;
    EVP_PKEY *key = from_wire(bytes);
    return key != NULL ? key : d2i_PUBKEY(NULL, &p, (long)bytes.len);
}

/* The base64 part: the second word of OpenSSH's line; else every line that is neither a marker nor
 * a header. */
static void strip(struct lnm_buf *out, struct lnm_str text) {
    struct lnm_str line, word;
    if (lnm_str_starts(text, LNM_STR("ssh-"))) {
        (void)lnm_str_cut(lnm_str_trim(lnm_str_cut(text, ' ', &word)), ' ', &word);
        lnm_buf_adds(out, lnm_str_trim(word));
        return;
    }
    while (text.len > 0) {
        text = lnm_str_cut(text, '\n', &line);
        line = lnm_str_trim(line);
        if (line.len > 0 && line.ptr[0] != '-' && memchr(line.ptr, ':', line.len) == NULL) {
            lnm_buf_adds(out, line);
        }
    }
}

int lnm_ssh_key_read(struct lnm_ssh_key *out, struct lnm_str text) {
    struct lnm_buf base64 = {.max = TEXT_MAX}, bytes = {.max = TEXT_MAX};
    EVP_PKEY *key = NULL;
    memset(out, 0, sizeof *out);
    if (text.len < TEXT_MAX) {
        strip(&base64, lnm_str_trim(text));
    }
    if (base64.len > 0 && lnm_text_unbase64(&bytes, lnm_buf_str(&base64)) == 0) {
        key = from_bytes(lnm_buf_str(&bytes));
    }
    int bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;
    bool ed25519 = key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
    int error = ed25519 || bits == 1024 || bits == 2048 || bits == 4096 ? finish(out, key, false)
                                                                        : LNM_EPARSE;
    EVP_PKEY_free(key);
    lnm_buf_free(&base64);
    lnm_buf_free(&bytes);
    if (error < 0) {
        lnm_ssh_key_free(out);
    }
    return error;
}

void lnm_ssh_key_free(struct lnm_ssh_key *k) {
    lnm_buf_free(&k->line);
    lnm_buf_cleanse(&k->private);
}
