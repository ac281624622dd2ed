/* call.c - the life of one call, from its input to its result. Encoding and signing are in
 * request.c. */
#include "client/call_internal.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef LNM_CHECK_LEAKS
#define IDLE_MAX 0 /* so that a use after the end is seen */
#else
#define IDLE_MAX 64
#endif
#define KEPT_BYTES ((size_t)32 << 10) /* of a buffer */

/* ---- memory -------------------------------------------------------------------------------------
 * A call's struct and buffers go to the call that begins next: of a crowd's calls each finds them
 * in the processor's cache.
 */

static struct lnm_call *take_memory(struct lnm_session_root *r) {
    struct lnm_call *c = r->idle_calls;
    if (c == NULL) {
        return calloc(1, sizeof *c);
    }
    r->idle_calls = c->next;
    r->idle_call_count--;
    c->next = NULL;
    return c;
}

static struct lnm_buf empty(struct lnm_buf *b) {
    if (b->cap > KEPT_BYTES) {
        lnm_buf_cleanse(b);
    }
    lnm_buf_wipe(b);
    b->max = 0;
    return *b;
}

/* All of it is zero then, but for the two buffers' memory. */
static void give_memory(struct lnm_session_root *r, struct lnm_call *c) {
    struct lnm_buf text = empty(&c->text), body = empty(&c->request.message.body);
    memset(&c->request.message.body, 0, sizeof body);
    lnm_request_free(&c->request);
    memset(c, 0, sizeof *c);
    c->text = text;
    c->request.message.body = body;
    c->next = r->idle_calls;
    r->idle_calls = c;
    r->idle_call_count++;
}

static void free_memory(struct lnm_call *c) {
    lnm_buf_cleanse(&c->text);
    lnm_request_free(&c->request);
    free(c);
}

void lnm_session__free_calls(struct lnm_session_root *r) {
    while (r->idle_calls != NULL) {
        free_memory(take_memory(r));
    }
}

/* ---- life ---------------------------------------------------------------------------------------
 */

void lnm_call__finish(struct lnm_call *c, int result) {
    c->result = result;
    c->done = true;
    lnm_str_copy(c->err.operation, sizeof c->err.operation, lnm_str_z(c->op->name));
    lnm_call__settle_slot(c, result == 0);
    if (result < 0) {
        lnm_call__forget_answer(c);
    }
    c->on_done(c->arg, c); /* may free the call */
}

int lnm_call__send(struct lnm_call *c, struct lnm_err *err) {
    struct lnm_signed_request s;
    c->attempt++;
    c->sent_us = lnm_mono_us();
    if (c->session->root->identity != NULL) {
        c->serial = lnm_identity_serial(c->session->root->identity);
    }
    int error = lnm_request_sign(&s, c->session, &c->request, err);
    if (error == 0) {
        struct lnm_http_request q = {.method = c->request.method,
                                     .url = s.url,
                                     .headers = s.header_lines,
                                     .body = c->request.body,
                                     .bulk = c->payload != NULL,
                                     .secret = (c->op->flags & LNM_TELLS_KEYS) != 0,
                                     .once = !lnm_call__repeatable(c->op),
                                     .lane = &c->session->lane,
                                     .pool = c->session->root->pool,
                                     .sink = lnm_call__receive,
                                     .done = lnm_call__answered,
                                     .arg = c};
        error = lnm_http_start(&c->http, c->session->loop, &q, err);
    }
    lnm_request_forget_signed(c->session);
    return error;
}

int lnm_call_start(struct lnm_call **out, struct lnm_session *session,
                   const struct lnm_operation *op, const struct lnm_record *input,
                   lnm_call_fn *done, void *arg, struct lnm_err *err) {
    return lnm_call_start_raw(out, session, op, input, NULL, done, arg, err);
}

int lnm_call_start_raw(struct lnm_call **out, struct lnm_session *session,
                       const struct lnm_operation *op, const struct lnm_record *input,
                       struct lnm_payload *payload, lnm_call_fn *done, void *arg,
                       struct lnm_err *err) {
    struct lnm_call *c = take_memory(session->root);
    if (c == NULL) {
        return lnm_fail_nomem(err);
    }
    c->session = lnm_session_ref(session);
    c->op = op;
    c->on_done = done;
    c->arg = arg;
    c->payload = payload;
    int error = lnm_request_encode(&c->request, op, input, err);
    if (error == 0 && payload != NULL && payload->in == NULL) {
        c->request.body = payload->out;
        c->request.payload_hash = payload->out_hash;
    }
    if (error == 0) {
        lnm_call__note_limits(c, input);
        error = lnm_call__proceed(c, err); /* a mistake is the caller's at once */
    }
    if (error < 0) {
        lnm_call_free(c);
        return error;
    }
    *out = c;
    return 0;
}

int lnm_call_result(const struct lnm_call *c, const struct lnm_record **out, struct lnm_err *err) {
    if (!c->done) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "the call is still under way");
    }
    if (c->result < 0) {
        if (err != NULL) {
            *err = c->err;
        }
        return c->result;
    }
    *out = &c->record;
    return 0;
}

const char *lnm_call_encoded(const struct lnm_call *c) {
    return c->encoded;
}

int lnm_call_take(struct lnm_call *c, struct lnm_record *out, struct lnm_err *err) {
    if (!c->done || c->result < 0 || !c->has_record) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "the call has no answer to take");
    }
    *out = c->record;
    memset(&c->record, 0, sizeof c->record);
    c->has_record = false;
    return 0;
}

void lnm_call_free(struct lnm_call *c) {
    if (c == NULL) {
        return;
    }
    lnm_turn_leave(&c->turn);
    lnm_http_cancel(c->http);
    lnm_timer_cancel(c->timer);
    lnm_call__settle_slot(c, false);
    lnm_call__forget_answer(c);
    free(c->encoded);
    struct lnm_session *session = c->session;
    if (session->root->idle_call_count < IDLE_MAX) {
        give_memory(session->root, c);
    } else {
        free_memory(c);
    }
    lnm_session_unref(session);
}
