/* ready.c - somebody who waits for a session's credentials. */
#include "client/ready.h"

#include "client/internal.h"

#include <stdlib.h>

struct lnm_ready {
    struct lnm_session *session;
    struct lnm_turn turn;
    struct lnm_timer *timer;
    lnm_loop_fn *fn;
    void *arg;
    struct lnm_err err; /* its code: how it ended */
};

static void on_credentials(void *arg) {
    struct lnm_ready *r = arg;
    lnm_err_clear(&r->err);
    (void)lnm_identity_outcome(r->session->root->identity, &r->err);
    r->fn(r->arg);
}

static void on_timer(void *arg) {
    struct lnm_ready *r = arg;
    r->timer = NULL;
    r->fn(r->arg);
}

int lnm_ready_start(struct lnm_ready **out, struct lnm_session *session, lnm_loop_fn *fn, void *arg,
                    struct lnm_err *err) {
    struct lnm_ready *r = calloc(1, sizeof *r);
    if (r == NULL) {
        return lnm_fail_nomem(err);
    }
    r->session = lnm_session_ref(session);
    r->fn = fn;
    r->arg = arg;
    if (lnm_identity_need(session->root->identity, &r->turn, on_credentials, r, &r->err) != 1) {
        int error = lnm_timer_start(&r->timer, session->loop, 0, on_timer, r, err);
        if (error < 0) {
            lnm_ready_free(r);
            return error;
        }
    }
    *out = r;
    return 0;
}

int lnm_ready_result(const struct lnm_ready *r, struct lnm_err *err) {
    if (r->err.code < 0) {
        *err = r->err;
    }
    return r->err.code;
}

void lnm_ready_free(struct lnm_ready *r) {
    if (r != NULL) {
        lnm_turn_leave(&r->turn);
        lnm_timer_cancel(r->timer);
        lnm_session_unref(r->session);
        free(r);
    }
}
