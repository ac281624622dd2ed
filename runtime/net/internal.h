/* internal.h - the loop as its own files see it. */
#ifndef LUNAMI_NET_INTERNAL_H
#define LUNAMI_NET_INTERNAL_H

#include "base/buf.h"
#include "net/http.h"

#include <curl/curl.h>

#define LNM_POOL_IDLE_MAX 256 /* handles kept for reuse */
#define LNM_LOOP_ACTIVE 256   /* exchanges that libcurl has at once; connections that it keeps */

struct lnm_pool {
    size_t refs;
    CURLSH *share;
    char *trust; /* NULL: libcurl's own */
    bool trust_is_directory;
    long connect_timeout_ms, timeout_ms;
    struct lnm_http *idle; /* by next */
    size_t idle_count;
};

/* One exchange, and between two the handle that the next one takes: what the last one has set, and
 * the memory that it needed. */
struct lnm_http {
    struct lnm_loop *loop; /* NULL: idle, or the loop is gone */
    struct lnm_pool *pool;
    CURL *easy;
    struct lnm_buf url, lines, body; /* url: as the handle has it */
    char method[8];
    bool has_body, bulk, once;                       /* as the handle has them */
    struct curl_slist headers[LNM_HTTP_HEADERS + 3]; /* point into lines */
    struct lnm_http_request request;                 /* method, url, headers, body are not kept */
    size_t received;
    int64_t retry_after_ms;
    char date[64], request_id[80], error_type[128], why[CURL_ERROR_SIZE];
    struct lnm_err err;
    bool finishing; /* inside done(): cancelling does nothing */
    bool landed;    /* virtual time: its answer is here, and waits for those of the others */
    CURLcode result;
    uint64_t serial;
    struct lnm_http *prev, *next;
};

struct lnm_timer {
    struct lnm_loop *loop; /* NULL: the loop is gone */
    int64_t due_us;        /* monotonic */
    uint64_t serial;       /* equal times fire in the order of starting */
    size_t at;             /* place in the heap */
    lnm_loop_fn *fn;
    void *arg;
};

struct lnm_watch {
    struct lnm_loop *loop; /* NULL: the loop is gone, or cancelled while a step was under way */
    int fd;
    bool ready;
    lnm_loop_fn *fn;
    void *arg;
    struct lnm_watch *next;
};

struct lnm_loop {
    CURLM *multi;
    struct lnm_timer **heap;
    size_t timer_count, timer_cap;
    uint64_t serial;
    struct lnm_watch *watches;
    size_t watch_count;
    struct lnm_http *https; /* those under way */
    uint64_t http_serial;
    size_t http_count;
    struct lnm_pool *pool;                     /* of requests that name none; NULL: none came yet */
    struct lnm_lane lane;                      /* of requests that name none */
    struct lnm_lane *lanes_first, *lanes_last; /* those that wait for room */
    const struct lnm_lane *calling;            /* the one whose turn it is now */
    bool stepping;
    int epoll_fd;        /* -1: libcurl polls; else see external.c */
    int64_t curl_due_us; /* external mode: when libcurl wants to be called, -1 never */
};

/* loop.c */
LNM_API void lnm_net__init(void);                   /* libcurl, once */
LNM_API int lnm_loop__drain(struct lnm_loop *loop); /* finished transfers: their callbacks */
LNM_API int lnm_loop__poll(struct lnm_loop *loop, int timeout_ms); /* 0, or -1 */
/* jump.c: a step in virtual time */
LNM_API int lnm_jump__step(struct lnm_loop *loop, int timeout_ms, struct lnm_err *err);
/* timer.c */
LNM_API int64_t lnm_timer__next_us(const struct lnm_loop *loop); /* from now; -1: none */
LNM_API int lnm_timer__fire(struct lnm_loop *loop);
LNM_API void lnm_timer__detach_all(struct lnm_loop *loop);
/* watch.c */
LNM_API int lnm_watch__fire(struct lnm_loop *loop);
LNM_API void lnm_watch__detach_all(struct lnm_loop *loop);
/* lane.c */
LNM_API void lnm_lane__begun(struct lnm_lane *lane);
LNM_API void lnm_lane__ended(struct lnm_lane *lane, struct lnm_loop *loop);
LNM_API int lnm_lane__take_turns(struct lnm_loop *loop); /* who may start now: how many did */
LNM_API size_t lnm_lane__waiting(const struct lnm_loop *loop);
LNM_API void lnm_lane__detach_all(struct lnm_loop *loop);
/* pool.c */
LNM_API CURL *lnm_pool__handle(const struct lnm_pool *pool); /* NULL: no memory */
/* http.c */
LNM_API void lnm_http__free(struct lnm_http *http); /* one that no loop has */
/* Fill h->err, unless it says already what failed. */
LNM_API void lnm_http__explain(struct lnm_http *h, CURLcode result);
LNM_API void lnm_http__finished(struct lnm_http *http, CURLcode result);
LNM_API void lnm_http__detach_all(struct lnm_loop *loop);
/* external.c: another loop waits for us */
LNM_API int lnm_external__step(struct lnm_loop *loop, int timeout_ms, struct lnm_err *err);
LNM_API int lnm_external__watch(struct lnm_loop *loop, int fd, bool on);

#endif
