/* call.c - the life of one call: attempts, answers, retries. Encoding and signing are in request.c.
 */
#include "client/call.h"

#include "aws/json.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "client/request.h"
#include "net/http.h"

#include <stdio.h>
#include <stdlib.h>

#define ERROR_BODY_MAX ((size_t)256 << 10)
#define JSON_BODY_MAX ((size_t)32 << 20)

struct lnm_call {
    struct lnm_session *session;
    const struct lnm_operation *op;
    lnm_call_fn *on_done;
    void *arg;
    struct lnm_request request;  /* encoded once: the same token for every attempt */
    struct lnm_payload *payload; /* NULL: no raw body */
    struct lnm_http *http;
    struct lnm_turn turn; /* while it waits to be sent */
    struct lnm_timer *timer;
    struct lnm_xml_reader *reader; /* while a good XML answer streams in */
    struct lnm_buf text;           /* JSON answers and every error document */
    struct lnm_record record;
    bool has_record, done, skew_corrected;
    unsigned attempt;
    int last_cost;
    int result;
    struct lnm_err err;
};

static void go(void *arg);

static void forget_answer(struct lnm_call *c) {
    if (c->reader != NULL) {
        lnm_session__give_reader(c->session, c->reader);
        c->reader = NULL;
    }
    lnm_record_free(&c->record);
    c->has_record = false;
    lnm_buf_free(&c->text);
    if (c->payload != NULL) {
        c->payload->in_len = 0;
    }
}

static void finish(struct lnm_call *c, int result) {
    c->result = result;
    c->done = true;
    (void)snprintf(c->err.operation, sizeof c->err.operation, "%s", c->op->name);
    if (result < 0) {
        forget_answer(c);
    }
    c->on_done(c->arg, c); /* may free the call */
}

/* ---- receiving --------------------------------------------------------------------------------
 */

static bool is_good(int status) {
    return status >= 200 && status < 300;
}

static bool speaks_xml(const struct lnm_call *c) {
    enum lnm_protocol protocol = c->op->service->protocol;
    return protocol == LNM_PROTOCOL_EC2 || protocol == LNM_PROTOCOL_QUERY;
}

static int take_payload(struct lnm_payload *p, const char *bytes, size_t len, struct lnm_err *err) {
    if (len > p->in_max - p->in_len) {
        return lnm_fail(err, LNM_ELIMIT, "TooLarge", "the answer is larger than %zu bytes",
                        p->in_max);
    }
    memcpy(p->in + p->in_len, bytes, len);
    p->in_len += len;
    return 0;
}

/* From inside libcurl: only collects or decodes. */
static int on_bytes(void *arg, int status, const char *bytes, size_t len, struct lnm_err *err) {
    struct lnm_call *c = arg;
    bool good = is_good(status);
    if (good && c->payload != NULL && c->payload->in != NULL) {
        return take_payload(c->payload, bytes, len, err);
    }
    if (!good || !speaks_xml(c)) {
        size_t max = good ? JSON_BODY_MAX : ERROR_BODY_MAX;
        if (c->text.max == 0) {
            lnm_buf_init(&c->text, max);
        }
        if (good || len <= max - c->text.len) {
            lnm_buf_add(&c->text, bytes, len); /* an error page that is too long is cut */
        }
        return lnm_buf_check(&c->text, err);
    }
    if (c->reader == NULL) {
        int error = lnm_session__take_reader(&c->reader, c->session, err);
        if (error == 0) {
            error = lnm_xml_reader_begin(c->reader, c->op, &c->record, err);
        }
        if (error < 0) {
            return error;
        }
        c->has_record = true;
    }
    return lnm_xml_reader_feed(c->reader, bytes, len, err);
}

static const char *answer_header(void *arg, const char *name) {
    return lnm_http_header(arg, name);
}

static int read_json(struct lnm_call *c, const struct lnm_http_answer *a, struct lnm_err *err) {
    struct lnm_rest_source source = {
        .body = lnm_buf_str(&c->text), .header = answer_header, .arg = (void *)(uintptr_t)a};
    if (lnm_record_init(&c->record, c->op->output, JSON_BODY_MAX) < 0) {
        return lnm_fail_nomem(err);
    }
    c->has_record = true;
    int error = c->op->service->protocol == LNM_PROTOCOL_REST_JSON
                    ? lnm_rest_read(&c->record, c->op, &source, err)
                    : lnm_json_read(&c->record, source.body, err);
    lnm_record_close(&c->record);
    return error;
}

/* A whole good answer. Returns 0, LNM_ESERVICE with *e, or what made it unreadable. */
static int read_good(struct lnm_call *c, const struct lnm_http_answer *a,
                     struct lnm_service_error *e, struct lnm_err *err) {
    bool is_error = false;
    struct lnm_str request_id;
    if (!speaks_xml(c)) {
        return read_json(c, a, err);
    }
    if (c->reader == NULL) {
        return lnm_fail(err, LNM_EPARSE, "UnreadableAnswer", "the answer of %s is empty",
                        c->op->name);
    }
    int error = lnm_xml_reader_end(c->reader, &is_error, e, &request_id, err);
    lnm_session__give_reader(c->session, c->reader);
    c->reader = NULL;
    return error < 0 ? error : is_error ? LNM_ESERVICE : 0;
}

/* An error document, or a page of a proxy: then *e has no code. */
static void read_error(struct lnm_call *c, const struct lnm_http_answer *a,
                       struct lnm_service_error *e) {
    struct lnm_str text = lnm_buf_str(&c->text), request_id;
    struct lnm_err ignored;
    memset(e, 0, sizeof *e);
    if (!speaks_xml(c)) {
        (void)lnm_json_read_error(e, text, a->error_type, &ignored);
    } else if (text.len > 0 && lnm_session__take_reader(&c->reader, c->session, &ignored) == 0) {
        bool is_error = false;
        if (lnm_xml_reader_begin(c->reader, c->op, &c->record, &ignored) == 0 &&
            lnm_xml_reader_feed(c->reader, text.ptr, text.len, &ignored) == 0) {
            (void)lnm_xml_reader_end(c->reader, &is_error, e, &request_id, &ignored);
        }
        lnm_session__give_reader(c->session, c->reader);
        c->reader = NULL;
    }
    e->status = a->status;
    if (e->request_id[0] == '\0') {
        (void)snprintf(e->request_id, sizeof e->request_id, "%.*s", (int)a->request_id.len,
                       a->request_id.ptr);
    }
}

static void service_failure(struct lnm_call *c, const struct lnm_service_error *e) {
    bool coded = e->code[0] != '\0';
    char name[16];
    (void)snprintf(name, sizeof name, "HTTP%d", e->status);
    (void)lnm_fail(&c->err, LNM_ESERVICE, coded ? e->code : name, "%s",
                   e->message[0] != '\0' ? e->message
                   : coded               ? "(no message)"
                                         : "the service answered without saying why");
    if (e->reason[0] != '\0') {
        size_t len = strlen(c->err.message);
        (void)snprintf(c->err.message + len, sizeof c->err.message - len, " (%s)", e->reason);
    }
    c->err.status = e->status;
    (void)snprintf(c->err.request_id, sizeof c->err.request_id, "%s", e->request_id);
}

/* ---- retrying ---------------------------------------------------------------------------------
 */

/* May the same request be sent again, although the first may have been carried out? */
static bool repeat_is_safe(const struct lnm_operation *op) {
    if ((op->flags & LNM_MUTATES) == 0 || (op->flags & LNM_REPEATABLE) != 0) {
        return true;
    }
    for (size_t i = 0; i < op->input->member_count; i++) {
        if ((op->input->members[i].flags & LNM_TOKEN) != 0) {
            return true;
        }
    }
    return false;
}

static void on_timer(void *arg) {
    struct lnm_call *c = arg;
    c->timer = NULL;
    go(c);
}

static double random01(void) {
    return (double)(lnm_random_u64() >> 11) / 9007199254740992.0;
}

/* The server refused the signature and its clock is far from ours: sign by its clock, once. */
static bool learn_skew(struct lnm_call *c, struct lnm_str date) {
    int64_t server;
    struct lnm_session_root *root = c->session->root;
    if (c->skew_corrected || lnm_date_parse(&server, date) < 0 ||
        !lnm_retry_skewed(server, lnm_now_us() + root->skew_us)) {
        return false;
    }
    root->skew_us = server - lnm_now_us();
    root->skew_known = true;
    c->skew_corrected = true;
    return true;
}

static void outcome_unknown(struct lnm_call *c) {
    char message[sizeof c->err.message];
    (void)snprintf(message, sizeof message,
                   "%.600s; whether %s was carried out is unknown and it has "
                   "no token, so it was not repeated: look before you start it again",
                   c->err.message, c->op->name);
    memcpy(c->err.message, message, sizeof message);
}

/* c->err says what went wrong with this attempt: try again, or end. */
static void retry_or_end(struct lnm_call *c, enum lnm_retry_kind kind, bool sent,
                         struct lnm_str date) {
    struct lnm_session_root *root = c->session->root;
    bool unknown = sent && (kind == LNM_RETRY_TRANSIENT || kind == LNM_RETRY_TIMEOUT);
    int64_t delay = 0;
    c->err.retryable = kind != LNM_RETRY_NO && kind != LNM_RETRY_SKEW;
    if (unknown && !repeat_is_safe(c->op)) {
        c->err.retryable = false;
        outcome_unknown(c);
        finish(c, c->err.code);
        return;
    }
    bool again = kind == LNM_RETRY_SKEW
                     ? learn_skew(c, date)
                     : kind != LNM_RETRY_NO && c->attempt < root->max_attempts &&
                           lnm_retry_quota_take(&root->quota, kind, &c->last_cost);
    if (again && kind != LNM_RETRY_SKEW) {
        delay = lnm_retry_delay_us(c->attempt, random01());
    }
    if (!again) {
        finish(c, c->err.code);
        return;
    }
    lnm_log(LNM_LOG_INFO, "%s: %s; attempt %u in %d ms", c->op->name, c->err.name, c->attempt + 1,
            (int)(delay / 1000));
    forget_answer(c);
    struct lnm_err err;
    if (lnm_timer_start(&c->timer, c->session->loop, delay, on_timer, c, &err) < 0) {
        c->err = err;
        finish(c, err.code);
    }
}

static void on_answer(void *arg, const struct lnm_http_answer *a) {
    struct lnm_call *c = arg;
    struct lnm_service_error e;
    c->http = NULL;
    if (a->err != NULL) {
        bool timeout = strcmp(a->err->name, "Timeout") == 0;
        bool hopeless = strcmp(a->err->name, "NotTrusted") == 0 ||
                        strcmp(a->err->name, "ProxyRefused") == 0 || a->err->code == LNM_ELIMIT;
        c->err = *a->err;
        retry_or_end(c,
                     hopeless  ? LNM_RETRY_NO
                     : timeout ? LNM_RETRY_TIMEOUT
                               : LNM_RETRY_TRANSIENT,
                     a->sent, a->date);
        return;
    }
    int error = LNM_ESERVICE;
    if (is_good(a->status)) {
        error = read_good(c, a, &e, &c->err);
    } else {
        read_error(c, a, &e);
    }
    if (error == 0) {
        lnm_retry_quota_success(&c->session->root->quota, c->last_cost);
        lnm_record_shrink(&c->record);
        finish(c, 0);
    } else if (error != LNM_ESERVICE) {
        retry_or_end(c, error == LNM_EPARSE ? LNM_RETRY_TRANSIENT : LNM_RETRY_NO, true, a->date);
    } else {
        e.status = a->status;
        service_failure(c, &e);
        retry_or_end(c, lnm_retry_classify(a->status, lnm_str_z(e.code)), true, a->date);
    }
}

/* ---- sending ----------------------------------------------------------------------------------
 */

static int send_attempt(struct lnm_call *c, struct lnm_err *err) {
    struct lnm_signed_request s;
    c->attempt++;
    int error = lnm_request_sign(&s, c->session, &c->request, err);
    if (error == 0) {
        struct lnm_http_request q = {.method = c->request.method,
                                     .url = s.url.ptr,
                                     .headers = s.header_lines,
                                     .body = c->request.body,
                                     .bulk = c->payload != NULL,
                                     .pool = c->session->root->pool,
                                     .sink = on_bytes,
                                     .done = on_answer,
                                     .arg = c};
        error = lnm_http_start(&c->http, c->session->loop, &q, err);
    }
    lnm_request_free_signed(&s);
    return error;
}

/* Send the next attempt as soon as there is room for it. */
static void go(void *arg) {
    struct lnm_call *c = arg;
    if (lnm_http_room(c->session->loop, &c->turn, go, c)) {
        int error = send_attempt(c, &c->err);
        if (error < 0) {
            finish(c, error);
        }
    }
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
    struct lnm_call *c = calloc(1, sizeof *c);
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
    if (error == 0 && lnm_http_room(session->loop, &c->turn, go, c)) {
        error = send_attempt(c, err); /* a mistake is the caller's at once */
    }
    if (error < 0) {
        lnm_call_free(c);
        return error;
    }
    *out = c;
    return 0;
}

bool lnm_call_done(const struct lnm_call *c) {
    return c->done;
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

int lnm_call_take(struct lnm_call *c, struct lnm_record *out, struct lnm_err *err) {
    if (!c->done || c->result < 0 || !c->has_record) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "the call has no answer to take");
    }
    *out = c->record;
    memset(&c->record, 0, sizeof c->record);
    c->has_record = false;
    return 0;
}

unsigned lnm_call_attempts(const struct lnm_call *c) {
    return c->attempt;
}

void lnm_call_free(struct lnm_call *c) {
    if (c == NULL) {
        return;
    }
    lnm_turn_leave(&c->turn);
    lnm_http_cancel(c->http);
    lnm_timer_cancel(c->timer);
    forget_answer(c);
    lnm_request_free(&c->request);
    lnm_session_unref(c->session);
    free(c);
}
