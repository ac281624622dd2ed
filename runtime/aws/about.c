/* about.c - versions as the libraries tell them. */
#include "aws/about.h"

#include <libxml/parser.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

const char *lnm_about_openssl(void) {
    return OpenSSL_version(OPENSSL_VERSION);
}

const char *lnm_about_libxml2(void) {
    return xmlParserVersion;
}

bool lnm_about_fips(void) {
    return EVP_default_properties_is_fips_enabled(NULL) == 1;
}

static bool holds_certificate(const char *path) {
    BIO *file = BIO_new_file(path, "r");
    X509 *first = file != NULL ? PEM_read_bio_X509(file, NULL, NULL, NULL) : NULL;
    bool found = first != NULL;
    X509_free(first);
    BIO_free(file);
    return found;
}

const char *lnm_about_trust(const char *path) {
    struct stat st;
    if (stat(path, &st) < 0 || access(path, R_OK) < 0) {
        return "cannot be read";
    }
    return S_ISDIR(st.st_mode) || holds_certificate(path) ? NULL : "holds no certificate (PEM)";
}
