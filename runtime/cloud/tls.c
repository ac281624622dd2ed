/* tls.c - a certificate authority that lives as long as the server, and the certificate that it
 * gives: https on loopback for clients that are to be tried with it. */
#include "cloud/tls.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

#define DAY_S (24L * 60 * 60)

static bool extend(X509 *to, X509 *issuer, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, to, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool added = e != NULL && X509_add_ext(to, e, -1) == 1;
    X509_EXTENSION_free(e);
    return added;
}

static bool set_names(X509 *x, X509 *issuer, const char *name) {
    X509_NAME *subject = X509_get_subject_name(x);
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(x, X509_get_subject_name(issuer != NULL ? issuer : x)) == 1;
}

/* A certificate for `key`, named, from yesterday (clocks differ) for thirty days; not signed yet.
 */
static X509 *certificate(EVP_PKEY *key, X509 *issuer, const char *name) {
    X509 *x = X509_new();
    unsigned char serial[8];
    lnm_random_bytes(serial, sizeof serial);
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    bool made = x != NULL && number != NULL && X509_set_version(x, X509_VERSION_3) == 1 &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x)) != NULL &&
                X509_gmtime_adj(X509_getm_notBefore(x), -DAY_S) != NULL &&
                X509_gmtime_adj(X509_getm_notAfter(x), 30 * DAY_S) != NULL &&
                X509_set_pubkey(x, key) == 1 && set_names(x, issuer, name);
    BN_free(number);
    if (!made) {
        X509_free(x);
        x = NULL;
    }
    return x;
}

static X509 *make_authority(EVP_PKEY *key) {
    X509 *x = certificate(key, NULL, "lunami local cloud, throwaway CA");
    if (x != NULL && (!extend(x, x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
                      !extend(x, x, NID_key_usage, "critical,keyCertSign") ||
                      !extend(x, x, NID_subject_key_identifier, "hash") ||
                      X509_sign(x, key, EVP_sha256()) == 0)) {
        X509_free(x);
        x = NULL;
    }
    return x;
}

static X509 *make_server(EVP_PKEY *key, X509 *authority, EVP_PKEY *signing) {
    X509 *x = certificate(key, authority, "lunami local cloud");
    if (x != NULL &&
        (!extend(x, authority, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") ||
         !extend(x, authority, NID_basic_constraints, "critical,CA:FALSE") ||
         !extend(x, authority, NID_ext_key_usage, "serverAuth") ||
         !extend(x, authority, NID_authority_key_identifier, "keyid") ||
         X509_sign(x, signing, EVP_sha256()) == 0)) {
        X509_free(x);
        x = NULL;
    }
    return x;
}

static int write_file(const char *path, const char *bytes, size_t len, struct lnm_err *err) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool written = fd >= 0 && write(fd, bytes, len) == (ssize_t)len;
    if ((fd >= 0 && close(fd) != 0) || !written) {
        return lnm_fail(err, LNM_EIO, "LocalCloud",
                        "cannot write the CA's certificate to %s: name a file that can be written",
                        path);
    }
    return 0;
}

/* What a memory BIO holds, as text of its own. */
static char *text_of(BIO *bio) {
    char *bytes;
    long len = BIO_get_mem_data(bio, &bytes);
    char *text = len > 0 ? malloc((size_t)len + 1) : NULL;
    if (text != NULL) {
        memcpy(text, bytes, (size_t)len);
        text[len] = '\0';
    }
    return text;
}

/* OpenSSL's objects of one authority and one server. */
struct made {
    EVP_PKEY *authority_key, *key;
    X509 *authority, *server;
    BIO *authority_pem, *server_pem, *key_pem;
};

static bool make(struct made *m) {
    m->authority_key = EVP_EC_gen("P-256");
    m->key = EVP_EC_gen("P-256");
    m->authority_pem = BIO_new(BIO_s_mem());
    m->server_pem = BIO_new(BIO_s_mem());
    m->key_pem = BIO_new(BIO_s_secmem());
    if (m->authority_key == NULL || m->key == NULL || m->authority_pem == NULL ||
        m->server_pem == NULL || m->key_pem == NULL) {
        return false;
    }
    m->authority = make_authority(m->authority_key);
    m->server = m->authority != NULL ? make_server(m->key, m->authority, m->authority_key) : NULL;
    return m->server != NULL && PEM_write_bio_X509(m->authority_pem, m->authority) == 1 &&
           PEM_write_bio_X509(m->server_pem, m->server) == 1 &&
           PEM_write_bio_PrivateKey(m->key_pem, m->key, NULL, NULL, 0, NULL, NULL) == 1;
}

static void unmake(struct made *m) {
    BIO_free(m->authority_pem);
    BIO_free(m->server_pem);
    BIO_free(m->key_pem);
    X509_free(m->authority);
    X509_free(m->server);
    EVP_PKEY_free(m->authority_key);
    EVP_PKEY_free(m->key);
}

int lnm_tls_make(struct lnm_tls *out, const char *authority_path, struct lnm_err *err) {
    struct made m = {0};
    memset(out, 0, sizeof *out);
    int error = 0;
    if (make(&m)) {
        char *pem;
        long len = BIO_get_mem_data(m.authority_pem, &pem);
        error = write_file(authority_path, pem, (size_t)len, err);
        out->certificate = text_of(m.server_pem);
        out->key = text_of(m.key_pem);
    }
    if (error == 0 && (out->certificate == NULL || out->key == NULL)) {
        error = lnm_fail(err, LNM_EIO, "LocalCloud", "OpenSSL cannot make a certificate");
    }
    unmake(&m);
    return error;
}

void lnm_tls_free(struct lnm_tls *tls) {
    if (tls->key != NULL) {
        OPENSSL_cleanse(tls->key, strlen(tls->key));
    }
    free(tls->key);
    free(tls->certificate);
    memset(tls, 0, sizeof *tls);
}
