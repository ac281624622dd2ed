/* loop.c - one step: let libcurl work, then run what is due. */
#include "net/internal.h"

#include "base/clock.h"
#include "base/virtual.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static CURLcode global_result;

static void global_init(void) {
    global_result = curl_global_init(CURL_GLOBAL_SSL);
}

void lnm_net__init(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, global_init);
}

static void wake(void *loop) {
    lnm_loop_wakeup(loop);
}

int lnm_loop_new(struct lnm_loop **out, struct lnm_err *err) {
    lnm_net__init();
    struct lnm_loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        return lnm_fail_nomem(err);
    }
    loop->epoll_fd = -1;
    loop->multi = global_result == CURLE_OK ? curl_multi_init() : NULL;
    if (loop->multi == NULL) {
        free(loop);
        return lnm_fail(err, LNM_ENOMEM, "OutOfMemory", "libcurl cannot be initialised");
    }
    (void)curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)LNM_LOOP_ACTIVE);
    lnm_virtual_listen(LNM_VIRTUAL_CLIENT, wake, loop);
    *out = loop;
    return 0;
}

void lnm_loop_free(struct lnm_loop *loop) {
    if (loop == NULL) {
        return;
    }
    lnm_virtual_listen(LNM_VIRTUAL_CLIENT, NULL, NULL);
    lnm_http__detach_all(loop);
    lnm_timer__detach_all(loop);
    lnm_watch__detach_all(loop);
    lnm_lane__detach_all(loop);
    lnm_pool_unref(loop->pool);
    (void)curl_multi_cleanup(loop->multi);
    if (loop->epoll_fd >= 0) {
        (void)close(loop->epoll_fd);
    }
    free(loop);
}

size_t lnm_loop_pending(const struct lnm_loop *loop) {
    return loop->http_count + lnm_lane__waiting(loop) + loop->timer_count + loop->watch_count;
}

void lnm_loop_wakeup(struct lnm_loop *loop) {
    (void)curl_multi_wakeup(loop->multi);
}

int lnm_loop__drain(struct lnm_loop *loop) {
    int done = 0, left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(loop->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            struct lnm_http *http = NULL;
            CURLcode result = message->data.result; /* gone once the handle is removed */
            (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&http);
            lnm_http__finished(http, result);
            done++;
        }
    }
    return done + lnm_lane__take_turns(loop);
}

static int least(int a, int64_t b) {
    if (b < 0) {
        return a;
    }
    return a < 0 || b < a ? (int)(b > INT_MAX ? INT_MAX : b) : a;
}

/* Timers are rounded up, so that a step does not wake just before one is due. */
static int64_t timer_ms(const struct lnm_loop *loop) {
    int64_t us = lnm_timer__next_us(loop);
    return us < 0 ? -1 : (us + 999) / 1000;
}

int lnm_loop_timeout_ms(struct lnm_loop *loop) {
    long curl_ms = -1;
    if (loop->epoll_fd >= 0) {
        int64_t left = loop->curl_due_us < 0 ? -1 : loop->curl_due_us - lnm_mono_us();
        curl_ms = loop->curl_due_us < 0 ? -1 : left > 0 ? (long)((left + 999) / 1000) : 0;
    } else {
        (void)curl_multi_timeout(loop->multi, &curl_ms);
    }
    return least(least(-1, timer_ms(loop)), curl_ms);
}

int lnm_loop__poll(struct lnm_loop *loop, int timeout_ms) {
    struct curl_waitfd few[16];
    unsigned n = 0;
    for (struct lnm_watch *w = loop->watches; w != NULL && n < 16; w = w->next) {
        few[n++] = (struct curl_waitfd){.fd = w->fd, .events = CURL_WAIT_POLLIN};
    }
    CURLMcode code = curl_multi_poll(loop->multi, few, n, timeout_ms, NULL);
    n = 0;
    for (struct lnm_watch *w = loop->watches; w != NULL && n < 16; w = w->next) {
        w->ready = few[n++].revents != 0;
    }
    return code == CURLM_OK ? 0 : -1;
}

static int own_step(struct lnm_loop *loop, int timeout_ms, struct lnm_err *err) {
    int running;
    CURLMcode code = curl_multi_perform(loop->multi, &running);
    int done = lnm_loop__drain(loop);
    if (done == 0 && code == CURLM_OK) {
        if (lnm_loop__poll(loop, timeout_ms < 0 ? 3600000 : timeout_ms) < 0) {
            return lnm_fail(err, LNM_EIO, "InputOutput", "waiting for the network failed");
        }
        code = curl_multi_perform(loop->multi, &running);
        done = lnm_loop__drain(loop);
    }
    return code == CURLM_OK
               ? done
               : lnm_fail(err, LNM_EIO, "InputOutput", "%s", curl_multi_strerror(code));
}

int lnm_loop_step(struct lnm_loop *loop, int timeout_ms, struct lnm_err *err) {
    if (lnm_loop_pending(loop) == 0) {
        return 0;
    }
    if (loop->stepping) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "a step inside a step");
    }
    loop->stepping = true;
    int done, wait = least(timeout_ms, timer_ms(loop));
    if (loop->epoll_fd >= 0) {
        int most = lnm_loop_timeout_ms(loop);
        done = lnm_external__step(loop, least(wait, most), err);
        done = done < 0 ? done : lnm_loop__drain(loop);
    } else {
        done = lnm_virtual_on() ? lnm_jump__step(loop, timeout_ms, err) : own_step(loop, wait, err);
    }
    if (done >= 0) {
        done += lnm_timer__fire(loop) + lnm_watch__fire(loop);
    }
    loop->stepping = false;
    return done;
}
