/* tls.h - what the server needs to speak https: a throwaway CA, made at start and gone with it. */
#ifndef LUNAMI_CLOUD_TLS_H
#define LUNAMI_CLOUD_TLS_H

#include "base/clock.h"
#include "base/err.h"

struct lnm_tls {
    char *certificate, *key; /* PEM, for 127.0.0.1, ::1 and localhost */
};

/* Make a CA, write its certificate (PEM) to authority_path, and a server's certificate and key
 * signed by it; the CA's key is dropped. LNM_EIO names the file. *out is to be freed in every case.
 */
LNM_API int lnm_tls_make(struct lnm_tls *out, const char *authority_path, struct lnm_err *err);
LNM_API void lnm_tls_free(struct lnm_tls *tls); /* the key is cleansed */

#endif
