/* about.c - versions as the libraries tell them. */
#include "aws/about.h"

#include <libxml/parser.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

const char *lnm_about_openssl(void) {
    return OpenSSL_version(OPENSSL_VERSION);
}

const char *lnm_about_libxml2(void) {
    return xmlParserVersion;
}

bool lnm_about_fips(void) {
    return EVP_default_properties_is_fips_enabled(NULL) == 1;
}
