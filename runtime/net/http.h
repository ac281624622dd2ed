/* http.h - one HTTP exchange on a loop, by libcurl.
 *
 * https only, except for literal loopback and the metadata addresses; TLS 1.2 or later with peer
 * and host verified; no redirects, netrc, cookies, or proxies for loopback.  libcurl never sees a
 * secret key. */
#ifndef LUNAMI_NET_HTTP_H
#define LUNAMI_NET_HTTP_H

#include "base/buf.h"
#include "net/lane.h"
#include "net/pool.h"

#define LNM_HTTP_HEADERS 14 /* that a request may have */

struct lnm_http;

struct lnm_http_answer {
    const struct lnm_http *http;
    int status;                /* 0: no answer, see err */
    struct lnm_str date;       /* Date header, or empty */
    struct lnm_str request_id; /* x-amzn-requestid or x-amz-request-id header, or empty */
    struct lnm_str error_type; /* x-amzn-errortype header, or empty */
    int64_t retry_after_ms;    /* Retry-After or x-amz-retry-after header; 0: none */
    bool sent;                 /* the request may have reached the server */
    const struct lnm_err *err; /* NULL when a whole answer was read; else LNM_ENET (with name
                                  "Timeout", "NotConnected", "NotTrusted", "ProxyRefused" or
                                  "Network"), LNM_ELIMIT, or the sink's failure */
};

struct lnm_http_request {
    const char *method; /* "POST", "GET", "PUT" */
    const char *url;
    const char *const *headers; /* "Name: value" lines, NULL-ended; copied */
    struct lnm_str body;        /* copied, unless bulk */
    bool bulk; /* large bodies: the request's stays the caller's, who keeps it until the exchange is
                  over; larger buffers */
    bool once; /* never sent twice: libcurl repeats by itself what a kept connection swallowed, so
                  it gets a new one */
    bool secret; /* libcurl's copy of the answer's body is wiped as soon as the sink has it */
    struct lnm_lane *lane;      /* stays until the exchange is over; NULL: the loop's own */
    struct lnm_pool *pool;      /* referenced; NULL: the loop's own, with the system's CAs */
    int64_t connect_timeout_ms; /* 0: the pool's */
    int64_t timeout_ms;         /* whole exchange; 0: the pool's */
    size_t max_bytes;           /* of the answer's body; 0: 256 MiB */
    /* Called from inside libcurl for each piece of the body: must not touch the loop, nor Lua.
     * Returns 0, or negative with *err filled in to end the exchange. */
    int (*sink)(void *arg, int status, const char *bytes, size_t len, struct lnm_err *err);
    /* Called once, from lnm_loop_step; the exchange is freed after it returns. */
    void (*done)(void *arg, const struct lnm_http_answer *answer);
    void *arg;
};

LNM_API int lnm_http_start(struct lnm_http **out, struct lnm_loop *loop,
                           const struct lnm_http_request *request, struct lnm_err *err);
/* A header of the answer, inside done() only; NULL when there is none. [borrowed] */
LNM_API const char *lnm_http_header(const struct lnm_http_answer *answer, const char *name);
LNM_API void lnm_http_cancel(struct lnm_http *http); /* frees; done is not called; NULL is fine */

#endif
