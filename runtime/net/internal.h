/* internal.h - the loop as its own files see it. */
#ifndef LUNAMI_NET_INTERNAL_H
#define LUNAMI_NET_INTERNAL_H

#include "net/http.h"

#include <curl/curl.h>

#define LNM_LOOP_IDLE_MAX 64 /* easy handles kept for reuse */

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
    size_t http_count;
    CURL *idle[LNM_LOOP_IDLE_MAX];
    size_t idle_count;
    bool stepping;
    int epoll_fd;        /* -1: libcurl polls; else see external.c */
    int64_t curl_due_us; /* external mode: when libcurl wants to be called, -1 never */
};

/* loop.c */
LNM_API int lnm_loop__drain(struct lnm_loop *loop); /* finished transfers: their callbacks */
/* timer.c */
LNM_API int64_t lnm_timer__next_us(const struct lnm_loop *loop); /* from now; -1: none */
LNM_API int lnm_timer__fire(struct lnm_loop *loop);
LNM_API void lnm_timer__detach_all(struct lnm_loop *loop);
/* watch.c */
LNM_API int lnm_watch__fire(struct lnm_loop *loop);
LNM_API void lnm_watch__detach_all(struct lnm_loop *loop);
/* http.c */
LNM_API void lnm_http__finished(struct lnm_http *http, CURLcode result);
LNM_API void lnm_http__detach_all(struct lnm_loop *loop);
/* external.c: another loop waits for us */
LNM_API int lnm_external__step(struct lnm_loop *loop, int timeout_ms, struct lnm_err *err);
LNM_API int lnm_external__watch(struct lnm_loop *loop, int fd, bool on);

#endif
