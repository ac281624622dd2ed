/* pool.c - a share of libcurl's with its idle handles, on which every risky feature is off. */
#include "net/internal.h"

#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/stat.h>

#define CA_DIRECTORY "/etc/ssl/certs"
#define CONNECT_TIMEOUT_MS 10000
#define TIMEOUT_MS 60000
#define LOW_SPEED_BYTES 64L /* a second, over so many seconds: slower is as good as dead */
#define LOW_SPEED_S 30L

static bool is_directory(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A hashed directory (openssl rehash) is better than a bundle: only the root that is needed is
 * read, and reading all of them is most of a short run over TLS. */
static int choose_trust(struct lnm_pool *pool, const char *given) {
    bool named = given != NULL && given[0] != '\0';
    const char *trust = named ? given : CA_DIRECTORY;
    pool->trust_is_directory = is_directory(trust);
    if (named || pool->trust_is_directory) {
        pool->trust = strdup(trust);
        return pool->trust != NULL ? 0 : LNM_ENOMEM;
    }
    return 0; /* what libcurl was built with */
}

static int share_everything(struct lnm_pool *pool) {
    pool->share = curl_share_init();
    return pool->share != NULL &&
                   curl_share_setopt(pool->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT) ==
                       CURLSHE_OK &&
                   curl_share_setopt(pool->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) ==
                       CURLSHE_OK &&
                   curl_share_setopt(pool->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS) == CURLSHE_OK
               ? 0
               : LNM_ENOMEM;
}

int lnm_pool_new(struct lnm_pool **out, const struct lnm_pool_options *o, struct lnm_err *err) {
    struct lnm_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return lnm_fail_nomem(err);
    }
    pool->refs = 1;
    pool->connect_timeout_ms =
        (long)(o->connect_timeout_ms > 0 ? o->connect_timeout_ms : CONNECT_TIMEOUT_MS);
    pool->timeout_ms = (long)(o->timeout_ms > 0 ? o->timeout_ms : TIMEOUT_MS);
    lnm_net__init();
    if (choose_trust(pool, o->ca_bundle) < 0 || share_everything(pool) < 0) {
        lnm_pool_unref(pool);
        return lnm_fail_nomem(err);
    }
    *out = pool;
    return 0;
}

int lnm_pool_new_like(struct lnm_pool **out, const struct lnm_pool *pool, struct lnm_err *err) {
    struct lnm_pool_options o = {pool->trust, pool->connect_timeout_ms, pool->timeout_ms};
    return lnm_pool_new(out, &o, err);
}

const char *lnm_pool_trust(const struct lnm_pool *pool) {
    return pool->trust != NULL ? pool->trust : "";
}

const char *lnm_pool_library(void) {
    return curl_version();
}

struct lnm_pool *lnm_pool_ref(struct lnm_pool *pool) {
    pool->refs++;
    return pool;
}

void lnm_pool_unref(struct lnm_pool *pool) {
    if (pool == NULL || --pool->refs > 0) {
        return;
    }
    while (pool->idle != NULL) {
        struct lnm_http *h = pool->idle;
        pool->idle = h->next;
        lnm_http__free(h);
    }
    (void)curl_share_cleanup(pool->share);
    free(pool->trust);
    free(pool);
}

static void set_trust(CURL *e, const struct lnm_pool *pool) {
    (void)curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(e, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (pool->trust != NULL) {
        const char *file = pool->trust_is_directory ? NULL : pool->trust;
        const char *directory = pool->trust_is_directory ? pool->trust : NULL;
        (void)curl_easy_setopt(e, CURLOPT_CAINFO, file);
        (void)curl_easy_setopt(e, CURLOPT_CAPATH, directory);
        (void)curl_easy_setopt(e, CURLOPT_PROXY_CAINFO, file);
        (void)curl_easy_setopt(e, CURLOPT_PROXY_CAPATH, directory);
    }
}

/* Else the last answer that told keys would stay in the connection's buffer. */
static CURLcode keep_no_plaintext(CURL *e, void *tls, void *arg) {
    (void)e, (void)arg;
    (void)SSL_CTX_set_options(tls, SSL_OP_CLEANSE_PLAINTEXT);
    return CURLE_OK;
}

/* Only where libcurl's TLS is our OpenSSL: another one's context is no SSL_CTX. */
static void set_cleansing(CURL *e) {
    const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
    if (tls != NULL && strncmp(tls, "OpenSSL/3", 9) == 0) {
        (void)curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, keep_no_plaintext);
    }
}

static void set_limits(CURL *e) {
    (void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, LOW_SPEED_BYTES);
    (void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, LOW_SPEED_S);
    (void)curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L); /* the resolver's thread is not waited for */
    (void)curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "");
    (void)curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(e, CURLOPT_USERAGENT, "lunami/0.1");
}

CURL *lnm_pool__handle(const struct lnm_pool *pool) {
    CURL *e = curl_easy_init();
    if (e != NULL) {
        set_limits(e);
        set_trust(e, pool);
        set_cleansing(e);
        (void)curl_easy_setopt(e, CURLOPT_SHARE, pool->share);
    }
    return e;
}
