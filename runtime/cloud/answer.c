/* answer.c - an answer on its way out: whole, or as a fault wants it. */
#include "cloud/answer.h"
#include "cloud/fault.h"

#include "aws/rest.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

static void add_headers(struct MHD_Response *response, const struct lnm_cloud_request *r) {
    struct lnm_rest_message m = {.headers = r->headers};
    struct lnm_header h;
    size_t at = 0;
    while (lnm_rest_next_header(&h, &m, &at)) {
        (void)MHD_add_response_header(response, h.name.ptr, h.value.ptr);
    }
    if (r->error.code[0] != '\0' && r->service->protocol == LNM_PROTOCOL_REST_JSON) {
        (void)MHD_add_response_header(response, "x-amzn-ErrorType", r->error.code);
    }
}

/* `r` is NULL for what is no request of AWS's. */
static enum MHD_Result send_response(struct MHD_Connection *connection, int status,
                                     struct MHD_Response *response, const char *content_type,
                                     const struct lnm_cloud_request *r) {
    if (response == NULL) {
        return MHD_NO;
    }
    const struct lnm_fault_rule *f = r != NULL ? r->fault : NULL;
    int64_t skew_us = r != NULL ? lnm_fault_skew(r->cloud) : 0;
    char date[LNM_DATE_MAX];
    skew_us += f != NULL && f->kind == LNM_FAULT_SKEW ? f->duration_us : 0;
    lnm_date_http(date, lnm_now_us() + skew_us);
    (void)MHD_add_response_header(response, "Date", date);
    (void)MHD_add_response_header(response, "Content-Type", content_type);
    if (r != NULL) {
        (void)MHD_add_response_header(response, "x-amzn-RequestId", r->request_id);
        add_headers(response, r);
        (void)MHD_add_response_header(response, "Server", "AmazonEC2");
    }
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer(struct MHD_Connection *connection, int status, struct lnm_buf *body,
                              const char *content_type, const struct lnm_cloud_request *r) {
    size_t len = body->len;
    char *bytes = body->ptr;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        len, bytes != NULL ? bytes : (char *)(uintptr_t) "",
        bytes != NULL ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        lnm_buf_free(body);
    } else {
        memset(body, 0, sizeof *body); /* the response owns the bytes now */
    }
    return send_response(connection, status, response, content_type, r);
}

/* Gone without a word: the client sees a reset. */
static enum MHD_Result drop(const struct lnm_talk *x) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    if (info != NULL) {
        (void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    return MHD_NO;
}

/* An answer that a fault cuts off, or sends in two halves. */
static ssize_t read_faulty(void *arg, uint64_t at, char *to, size_t most) {
    struct lnm_talk *x = arg;
    const struct lnm_fault_rule *f = x->x.request->fault;
    uint64_t len = x->x.answer.len, end = x->fate == LNM_FATE_CUT ? (uint64_t)f->bytes : len;
    if (x->fate == LNM_FATE_SLOW && !x->halved) {
        end = len / 2;
        if (at >= end) {
            x->halved = true;
            lnm_queue_hold(x->x.request->cloud, x, lnm_now_us() + f->duration_us);
            return 0;
        }
    }
    if (at >= end) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t n = end - at < most ? (size_t)(end - at) : most;
    memcpy(to, x->x.answer.ptr + at, n);
    return (ssize_t)n;
}

/* The whole answer, and then the end. */
static ssize_t read_whole(void *arg, uint64_t at, char *to, size_t most) {
    const struct lnm_talk *x = arg;
    size_t left = x->x.answer.len - (size_t)at, n = left < most ? left : most;
    if (left == 0) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    memcpy(to, x->x.answer.ptr + at, n);
    return (ssize_t)n;
}

/* Its length is told wrongly; the connection ends with it. */
static enum MHD_Result send_length(struct lnm_talk *x, const char *type) {
    char told[24];
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 65536, read_whole, x, NULL);
    if (response == NULL) {
        return MHD_NO;
    }
    (void)snprintf(told, sizeof told, "%lld", (long long)x->x.request->fault->bytes);
    (void)MHD_set_response_options(
        response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT | MHD_RF_INSANITY_HEADER_CONTENT_LENGTH,
        MHD_RO_END);
    (void)MHD_add_response_header(response, "Content-Length", told);
    return send_response(x->connection, x->x.status, response, type, x->x.request);
}

static void write_all(int fd, struct lnm_str bytes) {
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    while (bytes.len > 0 && poll(&ready, 1, 1000) == 1) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n < 0) {
            return;
        }
        bytes = (struct lnm_str){bytes.ptr + n, bytes.len - (size_t)n};
    }
}

/* Bytes may go past libmicrohttpd where nothing is sealed, and where nobody counts what is on its
 * way. */
static bool has_bare_wire(const struct lnm_cloud *c) {
    return strncmp(c->url, "https", 5) != 0 && c->time != LNM_TIME_SHARED;
}

/* Past libmicrohttpd, which will send it again: so a client is told twice what it asked once. */
static void send_once_more(const struct lnm_talk *x, const char *type) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct lnm_buf out = {0};
    lnm_buf_addf(&out, "HTTP/1.1 %d OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                 x->x.status, type, x->x.answer.len);
    lnm_buf_adds(&out, lnm_buf_str(&x->x.answer));
    if (info != NULL && out.failed == 0 && has_bare_wire(x->x.request->cloud)) {
        write_all(info->connect_fd, lnm_buf_str(&out));
    }
    lnm_buf_free(&out);
}

static enum MHD_Result send_html(struct lnm_talk *x) {
    int status = x->x.request->fault->status;
    struct lnm_buf page = {0};
    lnm_buf_addf(&page,
                 "<html>\r\n<head><title>%d</title></head>\r\n<body>\r\n<center><h1>%d</h1>"
                 "</center>\r\n<hr/><center>proxy</center>\r\n</body>\r\n</html>\r\n",
                 status, status);
    return answer(x->connection, status, &page, "text/html", NULL);
}

static const char *content_type(const struct lnm_cloud_request *r) {
    switch (r->service != NULL ? r->service->protocol : LNM_PROTOCOL_EC2) {
    case LNM_PROTOCOL_JSON11:
        return "application/x-amz-json-1.1";
    case LNM_PROTOCOL_REST_JSON:
        return r->op != NULL && !lnm_rest_has_json(r->op->output) ? "application/octet-stream"
                                                                  : "application/json";
    default:
        return "text/xml;charset=UTF-8";
    }
}

enum MHD_Result lnm_answer_talk(struct lnm_talk *x) {
    struct lnm_cloud_request *r = x->x.request;
    if (x->fate == LNM_FATE_DROP) {
        return drop(x);
    }
    lnm_log(LNM_LOG_INFO, "%s %s %s %s: %d %s", r->account, r->region,
            r->service != NULL ? r->service->name : "-", r->op != NULL ? r->op->name : "-",
            x->x.status, r->error.code);
    if (x->fate == LNM_FATE_HTML) {
        return send_html(x);
    }
    if (r->fault != NULL && r->fault->kind == LNM_FAULT_LENGTH) {
        return send_length(x, content_type(r));
    }
    if (r->fault != NULL && r->fault->kind == LNM_FAULT_REPEAT) {
        send_once_more(x, content_type(r));
    }
    if (x->fate == LNM_FATE_CUT || x->fate == LNM_FATE_SLOW) {
        struct MHD_Response *response =
            MHD_create_response_from_callback(x->x.answer.len, 1024, read_faulty, x, NULL);
        return send_response(x->connection, x->x.status, response, content_type(r), r);
    }
    return answer(x->connection, x->x.status, &x->x.answer, content_type(r), r);
}

enum MHD_Result lnm_answer_text(struct MHD_Connection *connection, int status,
                                struct lnm_buf *text) {
    return answer(connection, status, text, "text/plain", NULL);
}
