/* pool.h - the connections of one credential set, and how they are made.
 *
 * Nothing of one pool is used for another: no connection, no TLS session. Proxies are those of
 * HTTPS_PROXY, ALL_PROXY and NO_PROXY (read by libcurl), never for loopback and metadata addresses.
 */
#ifndef LUNAMI_NET_POOL_H
#define LUNAMI_NET_POOL_H

#include "base/err.h"

struct lnm_pool; /* reference-counted */

struct lnm_pool_options {
    const char *ca_bundle;      /* a file, a hashed directory; NULL or empty: the system's */
    int64_t connect_timeout_ms; /* 0: 10 s */
    int64_t timeout_ms;         /* whole exchange; 0: 60 s */
};

LNM_API int lnm_pool_new(struct lnm_pool **out, const struct lnm_pool_options *options,
                         struct lnm_err *err);
/* Another one, made the same way. */
LNM_API int lnm_pool_new_like(struct lnm_pool **out, const struct lnm_pool *pool,
                              struct lnm_err *err);
LNM_API const char *
lnm_pool_trust(const struct lnm_pool *pool); /* "": what libcurl was built with */
LNM_API const char *lnm_pool_library(void);  /* "libcurl/7.88.1 OpenSSL/3.0.22 ..." */
LNM_API struct lnm_pool *lnm_pool_ref(struct lnm_pool *pool);
LNM_API void lnm_pool_unref(struct lnm_pool *pool); /* NULL is fine */

#endif
