/* watch.c - extra descriptors beside the transfers: a terminal, a child's pipe. */
#include "net/internal.h"

#include <stdlib.h>

int lnm_watch_start(struct lnm_watch **out, struct lnm_loop *loop, int fd, lnm_loop_fn *fn,
                    void *arg, struct lnm_err *err) {
    struct lnm_watch *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return lnm_fail_nomem(err);
    }
    *w = (struct lnm_watch){.loop = loop, .fd = fd, .fn = fn, .arg = arg, .next = loop->watches};
    if (lnm_external__watch(loop, fd, true) < 0) {
        free(w);
        return lnm_fail(err, LNM_EIO, "InputOutput", "descriptor %d cannot be waited for", fd);
    }
    loop->watches = w;
    loop->watch_count++;
    *out = w;
    return 0;
}

static void unlink_watch(struct lnm_loop *loop, struct lnm_watch *w) {
    struct lnm_watch **at = &loop->watches;
    while (*at != w) {
        at = &(*at)->next;
    }
    *at = w->next;
    loop->watch_count--;
}

void lnm_watch_cancel(struct lnm_watch *w) {
    if (w == NULL) {
        return;
    }
    if (w->loop != NULL) {
        (void)lnm_external__watch(w->loop, w->fd, false);
        unlink_watch(w->loop, w);
    }
    free(w);
}

int lnm_watch__fire(struct lnm_loop *loop) {
    int fired = 0;
    struct lnm_watch *w = loop->watches;
    while (w != NULL) {
        if (w->ready) { /* a callback may change the list: begin again after each */
            w->ready = false;
            w->fn(w->arg);
            fired++;
            w = loop->watches;
        } else {
            w = w->next;
        }
    }
    return fired;
}

void lnm_watch__detach_all(struct lnm_loop *loop) {
    for (struct lnm_watch *w = loop->watches; w != NULL; w = w->next) {
        w->loop = NULL;
    }
    loop->watches = NULL;
    loop->watch_count = 0;
}
