/* jwt.h - JSON Web Tokens of web identities, as AssumeRoleWithWebIdentity takes them.
 *
 * Tokens for the local cloud are signed HS256 with the secret "local", as requests are with that
 * secret: any test makes one in a few lines, and no issuer has to be asked for its keys. */
#ifndef LUNAMI_CLOUD_JWT_H
#define LUNAMI_CLOUD_JWT_H

#include "base/buf.h"

#define LNM_JWT_MAX 20000

struct lnm_jwt {
    char issuer[256], subject[256], authorized_party[256];
    struct lnm_buf audiences;                  /* each followed by a NUL: lnm_jwt_free */
    int64_t expires_s, not_before_s, issued_s; /* 0: it does not say */
    bool is_signed;                            /* HS256 with the local secret */
};

/* Read a token and say whether its signature is good. 0, or LNM_EPARSE for what is no JWT: three
 * parts of base64url, the first two objects of JSON with an algorithm, an issuer and an expiry. */
LNM_API int lnm_jwt_read(struct lnm_jwt *out, struct lnm_str token);
LNM_API void lnm_jwt_free(struct lnm_jwt *t);

#endif
