/* jump.c - a step in virtual time: what has come is told when all has come, in the order of
 * starting; when nothing is on its way, time jumps. */
#include "net/internal.h"

#include "base/clock.h"
#include "base/virtual.h"

static void land(struct lnm_loop *loop) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(loop->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            struct lnm_http *http = NULL;
            CURLcode result = message->data.result;
            (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&http);
            http->landed = true;
            http->result = result;
            lnm_virtual_fly(-1);
        }
    }
}

/* The one that was started first of those that have landed, or NULL. */
static struct lnm_http *first_landed(const struct lnm_loop *loop) {
    struct lnm_http *first = NULL;
    for (struct lnm_http *h = loop->https; h != NULL; h = h->next) {
        if (h->landed && (first == NULL || h->serial < first->serial)) {
            first = h;
        }
    }
    return first;
}

static int deliver(struct lnm_loop *loop) {
    struct lnm_http *h;
    int done = 0;
    while ((h = first_landed(loop)) != NULL) {
        lnm_http__finished(h, h->result);
        done++;
    }
    return done + lnm_lane__take_turns(loop);
}

/* When the loop wants to be woken, of lnm_mono_us; -1: never. */
static int64_t due(const struct lnm_loop *loop, int timeout_ms) {
    int64_t now = lnm_mono_us(), timer = lnm_timer__next_us(loop);
    int64_t most = timeout_ms < 0 ? -1 : (int64_t)timeout_ms * 1000;
    int64_t wait = timer < 0 || (most >= 0 && most < timer) ? most : timer;
    return wait < 0 ? -1 : now + wait;
}

/* Has one of the extra descriptors something to say? */
static bool is_watch_ready(struct lnm_loop *loop) {
    const struct lnm_watch *w = loop->watches;
    if (w != NULL && lnm_loop__poll(loop, 0) < 0) {
        return true; /* the next step says what is wrong */
    }
    while (w != NULL && !w->ready) {
        w = w->next;
    }
    return w != NULL;
}

int lnm_jump__step(struct lnm_loop *loop, int timeout_ms, struct lnm_err *err) {
    int running, done = 0;
    if (lnm_timer__next_us(loop) == 0) {
        return 0; /* what is due starts its requests before those that have begun leave */
    }
    if (curl_multi_perform(loop->multi, &running) != CURLM_OK) {
        return lnm_fail(err, LNM_EIO, "InputOutput", "libcurl failed");
    }
    land(loop);
    bool idle = lnm_virtual_idle();
    if (idle) {
        done = deliver(loop);
    }
    if (done > 0 || (idle && (is_watch_ready(loop) || lnm_virtual_jump(due(loop, timeout_ms))))) {
        return done;
    }
    return lnm_loop__poll(loop, timeout_ms == 0 ? 0 : 1000) < 0
               ? lnm_fail(err, LNM_EIO, "InputOutput", "waiting for the network failed")
               : 0;
}
