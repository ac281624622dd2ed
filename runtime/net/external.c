/* external.c - the loop as a guest of another loop: one epoll descriptor stands for all of ours.
 *
 * libcurl polls by itself at less cost (curl_multi_poll), so this mode is entered only when
 * somebody asks for the descriptor. */
#include "net/internal.h"

#include "base/clock.h"

#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_MAX 64

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_data) {
    struct lnm_loop *loop = arg;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    struct epoll_event e = {.events = (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0u) |
                                      (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0u),
                            .data.fd = fd};
    int action = socket_data != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(loop->epoll_fd, action, fd, &e) < 0) {
        (void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &e);
    }
    (void)curl_multi_assign(loop->multi, fd, loop);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *arg) {
    struct lnm_loop *loop = arg;
    (void)multi;
    loop->curl_due_us = timeout_ms < 0 ? -1 : lnm_mono_us() + (int64_t)timeout_ms * 1000;
    return 0;
}

int lnm_loop_pollfd(struct lnm_loop *loop, struct lnm_err *err) {
    if (loop->epoll_fd >= 0) {
        return loop->epoll_fd;
    }
    if (loop->http_count > 0) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument",
                        "ask for the descriptor before the first call is under way");
    }
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (loop->epoll_fd < 0) {
        return lnm_fail(err, LNM_EIO, "InputOutput", "no descriptor for epoll");
    }
    loop->curl_due_us = -1;
    (void)curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
    (void)curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    (void)curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
    for (struct lnm_watch *w = loop->watches; w != NULL; w = w->next) {
        (void)lnm_external__watch(loop, w->fd, true);
    }
    return loop->epoll_fd;
}

int lnm_external__watch(struct lnm_loop *loop, int fd, bool on) {
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    if (loop->epoll_fd < 0) {
        return 0;
    }
    return epoll_ctl(loop->epoll_fd, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, fd, &e);
}

static bool mark_watch(struct lnm_loop *loop, int fd) {
    for (struct lnm_watch *w = loop->watches; w != NULL; w = w->next) {
        if (w->fd == fd) {
            w->ready = true;
            return true;
        }
    }
    return false;
}

static int curl_mask(uint32_t events) {
    return (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
           (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
}

int lnm_external__step(struct lnm_loop *loop, int timeout_ms, struct lnm_err *err) {
    struct epoll_event events[EVENTS_MAX];
    int running;
    int n = epoll_wait(loop->epoll_fd, events, EVENTS_MAX, timeout_ms);
    (void)err;
    for (int i = 0; i < n; i++) {
        if (!mark_watch(loop, events[i].data.fd)) {
            (void)curl_multi_socket_action(loop->multi, events[i].data.fd,
                                           curl_mask(events[i].events), &running);
        }
    }
    if (loop->curl_due_us >= 0 && loop->curl_due_us <= lnm_mono_us()) {
        loop->curl_due_us = -1;
        (void)curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    return 0;
}
