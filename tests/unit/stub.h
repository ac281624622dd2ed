/* stub.h - an HTTP server on loopback that answers as a test says: to see what a client makes of
 * it. */
#ifndef LUNAMI_TESTS_STUB_H
#define LUNAMI_TESTS_STUB_H

#include "vectors.h"

#include "base/buf.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>

struct stub;
/* Append the answer's body and return its status. Called in the server's thread, one at a time. */
typedef int stub_answer(struct stub *s, const char *body, struct lnm_buf *out);

struct stub {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    stub_answer *answer;
    char url[64];
    int requests;
    void *arg;
    /* the request that is answered now, and headers to answer with */
    const char *method, *path;
    size_t body_len;
    struct MHD_Connection *connection;
    char headers[4][2][100];
    int header_count;
};

struct stub_request {
    struct lnm_buf body;
};

static inline const char *stub_header(const struct stub *s, const char *name) {
    return MHD_lookup_connection_value(s->connection, MHD_HEADER_KIND, name);
}

/* A header of the answer. */
static inline void stub_set(struct stub *s, const char *name, const char *value) {
    int n = s->header_count++;
    (void)snprintf(s->headers[n][0], sizeof s->headers[n][0], "%s", name);
    (void)snprintf(s->headers[n][1], sizeof s->headers[n][1], "%s", value);
}

static inline enum MHD_Result stub_reply(struct MHD_Connection *connection, struct stub *s,
                                         struct stub_request *q, const char *method,
                                         const char *path) {
    struct lnm_buf out = {0};
    (void)pthread_mutex_lock(&s->lock);
    s->requests++;
    s->method = method;
    s->path = path;
    s->body_len = q->body.len;
    s->connection = connection;
    s->header_count = 0;
    unsigned status = (unsigned)s->answer(s, lnm_buf_str(&q->body).ptr, &out);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(out.len, out.ptr, MHD_RESPMEM_MUST_COPY);
    for (int i = 0; i < s->header_count; i++) {
        (void)MHD_add_response_header(response, s->headers[i][0], s->headers[i][1]);
    }
    (void)pthread_mutex_unlock(&s->lock);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    lnm_buf_free(&out);
    return result;
}

static inline enum MHD_Result stub_access(void *arg, struct MHD_Connection *connection,
                                          const char *url, const char *method, const char *version,
                                          const char *data, size_t *len, void **state) {
    struct stub_request *q = *state;
    (void)version;
    if (q == NULL) {
        *state = calloc(1, sizeof *q);
        return *state != NULL ? MHD_YES : MHD_NO;
    }
    if (*len > 0) {
        lnm_buf_add(&q->body, data, *len);
        *len = 0;
        return MHD_YES;
    }
    return stub_reply(connection, arg, q, method, url);
}

static inline void stub_completed(void *arg, struct MHD_Connection *connection, void **state,
                                  enum MHD_RequestTerminationCode why) {
    struct stub_request *q = *state;
    (void)arg, (void)connection, (void)why;
    if (q != NULL) {
        lnm_buf_free(&q->body);
        free(q);
    }
}

static inline void stub_start(struct stub *s, stub_answer *answer, void *arg) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *s = (struct stub){.answer = answer, .arg = arg};
    (void)pthread_mutex_init(&s->lock, NULL);
    s->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, stub_access, s,
                                 MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_NOTIFY_COMPLETED,
                                 stub_completed, NULL, MHD_OPTION_END);
    assert_non_null(s->daemon);
    (void)snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d",
                   MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
}

static inline void stub_stop(struct stub *s) {
    MHD_stop_daemon(s->daemon);
    (void)pthread_mutex_destroy(&s->lock);
}

#endif
