/* answer.c - what a service sends back: decoded as it comes in, or collected and then decoded. */
#include "client/call_internal.h"

#include "aws/json.h"

#include <stdio.h>
#include <stdlib.h>

#define ERROR_BODY_MAX ((size_t)256 << 10)
#define JSON_BODY_MAX ((size_t)32 << 20)
#define WHOLE_MAX ((size_t)4 << 20) /* of good XML: what is longer is decoded as it comes in */

void lnm_call__forget_answer(struct lnm_call *c) {
    if (c->reader != NULL) {
        lnm_session__give_reader(c->session, c->reader);
        c->reader = NULL;
    }
    lnm_record_cleanse(&c->record);
    c->has_record = false;
    lnm_buf_wipe(&c->text);
    if (c->payload != NULL) {
        c->payload->in_len = 0;
    }
}

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

/* A document that has become too long to be read as a whole: by a reader of its own from here on.
 */
static int begin_stream(struct lnm_call *c, struct lnm_err *err) {
    int error = lnm_session__take_reader(&c->reader, c->session, err);
    error = error < 0 ? error : lnm_xml_reader_begin(c->reader, c->op, &c->record, err);
    if (error == 0) {
        c->has_record = true;
        error = lnm_xml_reader_feed(c->reader, lnm_buf_str(&c->text).ptr, c->text.len, err);
        lnm_buf_cleanse(&c->text);
    }
    return error;
}

/* A whole document is parsed where it is, which costs libxml2 three quarters of what pieces cost
 * it. And a crowd's answers arrive together: one reader after the other stays in the processor's
 * cache, one for each call does not. A page of a thousand images is whole, too. */
static int take_xml(struct lnm_call *c, const char *bytes, size_t len, struct lnm_err *err) {
    if (c->reader == NULL && len <= WHOLE_MAX - c->text.len) {
        c->text.secret = (c->op->flags & LNM_TELLS_KEYS) != 0;
        lnm_buf_add(&c->text, bytes, len);
        return lnm_buf_check(&c->text, err);
    }
    int error = c->reader == NULL ? begin_stream(c, err) : 0;
    return error < 0 ? error : lnm_xml_reader_feed(c->reader, bytes, len, err);
}

/* From inside libcurl: only collects or decodes. */
int lnm_call__receive(void *arg, int status, const char *bytes, size_t len, struct lnm_err *err) {
    struct lnm_call *c = arg;
    bool good = is_good(status);
    if (good && c->payload != NULL && c->payload->in != NULL) {
        return take_payload(c->payload, bytes, len, err);
    }
    if (!good || !speaks_xml(c)) {
        size_t max = good ? JSON_BODY_MAX : ERROR_BODY_MAX;
        c->text.max = max;
        if (good || len <= max - c->text.len) {
            lnm_buf_add(&c->text, bytes, len); /* an error page that is too long is cut */
        }
        return lnm_buf_check(&c->text, err);
    }
    return take_xml(c, bytes, len, err);
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

/* What has been collected. */
static int read_whole(struct lnm_call *c, bool *is_error, struct lnm_service_error *e,
                      struct lnm_err *err) {
    struct lnm_str request_id;
    int error = lnm_session__take_reader(&c->reader, c->session, err);
    if (error == 0) {
        c->has_record = true;
        error = lnm_xml_reader_whole(c->reader, c->op, &c->record, lnm_buf_str(&c->text), is_error,
                                     e, &request_id, err);
        lnm_buf_wipe(&c->text);
    }
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
    if (c->reader == NULL && c->text.len == 0) {
        return lnm_fail(err, LNM_EPARSE, "UnreadableAnswer", "the answer of %s is empty",
                        c->op->name);
    }
    int error = c->reader != NULL ? lnm_xml_reader_end(c->reader, &is_error, e, &request_id, err)
                                  : read_whole(c, &is_error, e, err);
    lnm_session__give_reader(c->session, c->reader);
    c->reader = NULL;
    return error < 0 ? error : is_error ? LNM_ESERVICE : 0;
}

/* The reason of a refusal, which AWS has encoded, may be longer than an error's text: it is kept
 * whole. */
static void keep_encoded(struct lnm_call *c) {
    static const char mark[] = "Encoded authorization failure message: ";
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=";
    const char *at = c->text.len > 0 ? strstr(lnm_buf_str(&c->text).ptr, mark) : NULL;
    free(c->encoded);
    c->encoded = NULL;
    if (at != NULL) {
        at += sizeof mark - 1;
        c->encoded = strndup(at, strspn(at, digits)); /* no memory: the hint says enough */
    }
}

/* An error document, or a page of a proxy: then *e has no code. */
static void read_error(struct lnm_call *c, const struct lnm_http_answer *a,
                       struct lnm_service_error *e) {
    struct lnm_err ignored;
    bool is_error = false;
    memset(e, 0, sizeof *e);
    keep_encoded(c);
    if (!speaks_xml(c)) {
        (void)lnm_json_read_error(e, lnm_buf_str(&c->text), a->error_type, &ignored);
    } else if (c->text.len > 0) {
        (void)read_whole(c, &is_error, e, &ignored);
        lnm_session__give_reader(c->session, c->reader);
        c->reader = NULL;
    }
    e->status = a->status;
    if (e->request_id[0] == '\0') {
        (void)snprintf(e->request_id, sizeof e->request_id, "%.*s", (int)a->request_id.len,
                       a->request_id.ptr);
    }
}

/* What to say when the service says nothing. */
static const char *silence(bool coded, int status) {
    return coded ? "(no message)"
           : status >= 300 && status < 400
               ? "the service redirects elsewhere, which is not followed: check the endpoint's URL"
               : "the service answered without saying why";
}

static void service_failure(struct lnm_call *c, const struct lnm_service_error *e) {
    bool coded = e->code[0] != '\0';
    char name[16];
    (void)snprintf(name, sizeof name, "HTTP%d", e->status);
    (void)lnm_fail(&c->err, LNM_ESERVICE, coded ? e->code : name, "%s",
                   e->message[0] != '\0' ? e->message : silence(coded, e->status));
    if (e->reason[0] != '\0') {
        size_t len = strlen(c->err.message);
        (void)snprintf(c->err.message + len, sizeof c->err.message - len, " (%s)", e->reason);
    }
    c->err.status = e->status;
    (void)snprintf(c->err.request_id, sizeof c->err.request_id, "%s", e->request_id);
}

int lnm_call__read(struct lnm_call *c, const struct lnm_http_answer *a,
                   struct lnm_service_error *e) {
    int error = LNM_ESERVICE;
    if (is_good(a->status)) {
        error = read_good(c, a, e, &c->err);
    } else {
        read_error(c, a, e);
    }
    if (error == LNM_ESERVICE) {
        e->status = a->status;
        service_failure(c, e);
    }
    return error;
}
