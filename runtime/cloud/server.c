/* server.c - HTTP on loopback: libmicrohttpd hands in bytes, the request's answer goes out.
 *
 * One thread does it all, and keeps the database to itself but while it sleeps: it lets
 * libmicrohttpd read what has come. A request that only reads is answered at once; the others are
 * parked (their connections suspended), and when there is nothing more to read they are run as one
 * batch. Another thread waits for the disk (durable.h): their answers are sent when it has what
 * they tell, and the next batch is run in that time. */
#include "cloud/answer.h"
#include "cloud/copier.h"
#include "cloud/gcm.h"
#include "cloud/control.h"
#include "cloud/durable.h"
#include "cloud/door.h"
#include "cloud/lifecycle.h"
#include "cloud/queue.h"
#include "cloud/request_log.h"
#include "cloud/blocks.h"
#include "cloud/kms_material.h"
#include "cloud/policy.h"
#include "cloud/root_key.h"
#include "cloud/tls.h"
#include "cloud/limits.h"
#include "cloud/switches.h"
#include "cloud/thread.h"

#include "base/clock.h"
#include "base/virtual.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define YEAR_2026_US INT64_C(1767225600000000)
#define BODY_MAX ((size_t)4 << 20)

static void *on_uri(void *arg, const char *uri, struct MHD_Connection *connection) {
    (void)arg;
    struct lnm_talk *x = calloc(1, sizeof *x);
    if (x != NULL) {
        x->connection = connection;
        x->uri = strdup(uri);
        lnm_buf_init(&x->body, BODY_MAX);
    }
    return x;
}

static void on_end(void *arg, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode how) {
    (void)arg, (void)connection, (void)how;
    lnm_talk_free(*state);
    *state = NULL;
}

static const char *header(void *arg, const char *name) {
    return MHD_lookup_connection_value(arg, MHD_HEADER_KIND, name);
}

/* A page in a browser could otherwise talk to us by a name that it makes point here. */
static bool from_outside(struct MHD_Connection *connection) {
    const char *host = header(connection, "Host");
    if (header(connection, "Origin") != NULL || host == NULL) {
        return true;
    }
    size_t n = strcspn(host, ":");
    bool v6 = strncmp(host, "[::1]", 5) == 0;
    return !v6 && !(n == 9 && strncmp(host, "localhost", 9) == 0) && strncmp(host, "127.", 4) != 0;
}

static void split_uri(struct lnm_cloud_http *http, const char *uri) {
    http->query = lnm_str_cut(lnm_str_z(uri), '?', &http->path);
}

static enum MHD_Result refuse(struct MHD_Connection *connection, int status, const char *why) {
    struct lnm_buf body = {0};
    lnm_buf_addz(&body, why);
    return lnm_answer_text(connection, status, &body);
}

/* Who asks for what: 0, or -1 raised. */
static int prepare(struct lnm_cloud_request *r, struct lnm_talk *x, const char *method) {
    struct lnm_cloud_http http = {
        .method = method, .body = lnm_buf_str(&x->body), .header = header, .arg = x->connection};
    http.tls = strncmp(r->cloud->url, "https", 5) == 0;
    split_uri(&http, x->uri);
    return lnm_cloud_authenticate(r, &http) < 0 ? -1 : lnm_cloud_prepare(r, &http);
}

/* May a request be answered where it came in? What changes something waits for the batch, as all do
 * when time has brought something to its end, or may go on. */
static bool runs_at_once(const struct lnm_cloud *c, const struct lnm_cloud_request *r) {
    return (r->op->flags & LNM_MUTATES) == 0 && r->now_us < c->due_us &&
           c->time != LNM_TIME_SHARED && c->faults == NULL && c->log == NULL;
}

/* For clients outside, time goes on when they come back: to the next thing that is waited for. */
static void jump(struct lnm_cloud *c) {
    int64_t held_us = lnm_queue_next(c, false);
    int64_t next_us = held_us < c->work_us ? held_us : c->work_us;
    if (c->time == LNM_TIME_JUMPS && c->parked == NULL && next_us != LNM_NEVER &&
        !lnm_copies_run(c)) {
        lnm_virtual_move(next_us);
    }
}

static enum MHD_Result control(struct lnm_cloud *c, struct lnm_talk *x, const char *method) {
    struct lnm_buf said = {0};
    int status = lnm_control(c, method, x->uri, lnm_buf_str(&x->body), &said);
    return lnm_answer_text(x->connection, status, &said);
}

static enum MHD_Result serve(struct lnm_cloud *c, struct lnm_talk *x, const char *method) {
    struct lnm_cloud_request *r = x->x.request = lnm_cloud_request_new(c);
    if (r == NULL) {
        return MHD_NO;
    }
    jump(c);
    const char *serial = header(x->connection, LNM_VIRTUAL_SERIAL);
    (void)lnm_str_int64(&x->serial, lnm_str_z(serial != NULL ? serial : ""));
    r->now_us = lnm_now_us();
    if (prepare(r, x, method) < 0) {
        x->x.status = r->error.status;
        lnm_store_uuid(r->request_id);
        lnm_cloud_write_error(&x->x.answer, r);
        lnm_request_log_add(c->log, r, x->x.status);
        lnm_request_log_flush(c->log);
    } else if (runs_at_once(c, r)) {
        lnm_batch_run(c, &x->x);
        if (lnm_queue_keep(c, x)) {
            return MHD_YES;
        }
    } else {
        lnm_queue_park(c, x);
        return MHD_YES;
    }
    return lnm_answer_talk(x);
}

static void wait(struct lnm_cloud *c) {
    struct pollfd ready[2] = {{.fd = c->epoll_fd, .events = POLLIN},
                              {.fd = c->wake_fd, .events = POLLIN}};
    MHD_UNSIGNED_LONG_LONG left;
    eventfd_t woken;
    int most = lnm_queue_busy(c) ? 2 : 1000, shut = lnm_door_look(c);
    if (shut >= 0) { /* libmicrohttpd would be woken without end */
        ready[0].fd = -1;
        most = shut < most ? shut : most;
    }
    if (MHD_get_timeout(c->daemon, &left) == MHD_YES && left < (unsigned)most) {
        most = (int)left;
    }
    if (c->held != NULL && c->time == LNM_TIME_REAL) {
        int64_t held = (lnm_queue_next(c, false) - lnm_now_us() + 999) / 1000;
        most = held < 0 ? 0 : held < most ? (int)held : most;
    }
    lnm_store_leave(c);
    (void)poll(ready, 2, most);
    lnm_store_enter(c);
    if (ready[1].revents != 0) {
        (void)eventfd_read(c->wake_fd, &woken);
    }
}

/* Clients outside do not wait in vain: when all that they wait for is held, time goes on. */
static void pass_holds(const struct lnm_cloud *c) {
    int64_t until_us = lnm_queue_next(c, true);
    if (c->time == LNM_TIME_JUMPS && c->parked == NULL && until_us != LNM_NEVER) {
        lnm_virtual_move(until_us);
    }
}

static void *run_thread(void *arg) {
    struct lnm_cloud *c = arg;
    if (c->seeded) {
        lnm_random_seed(c->seed + 1); /* not what the client's thread draws */
    }
    lnm_store_enter(c);
    while (!atomic_load(&c->stop)) {
        bool more;
        wait(c);
        do {
            lnm_queue_deliver(c);
            (void)MHD_run(c->daemon);
            pass_holds(c);
            more = lnm_queue_release(c);
        } while (lnm_queue_run(c) || more);
    }
    (void)lnm_durable_wait(c);
    lnm_queue_deliver(c);
    (void)MHD_run(c->daemon); /* they are sent */
    (void)lnm_store_keep_time(c);
    lnm_queue_drop(c);
    lnm_store_leave(c);
    return NULL;
}

static void wake(void *arg) {
    const struct lnm_cloud *c = arg;
    (void)eventfd_write(c->wake_fd, 1);
}

/* The body's whole room at once, when its length is told. */
static void reserve(struct lnm_talk *x) {
    const char *length = header(x->connection, "Content-Length");
    int64_t bytes = 0;
    if (length != NULL && lnm_str_int64(&bytes, lnm_str_z(length)) == 0 && bytes > 0 &&
        (uint64_t)bytes <= BODY_MAX) {
        (void)lnm_buf_reserve(&x->body, (size_t)bytes);
    }
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state) {
    struct lnm_talk *x = *state;
    (void)url, (void)version;
    if (x == NULL || (x->uri == NULL && x->fate != LNM_FATE_DROP)) {
        return MHD_NO;
    }
    if (x->x.status != 0 || x->fate == LNM_FATE_DROP) {
        return lnm_answer_talk(x);
    }
    if (!x->begun) {
        x->begun = true;
        reserve(x);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        lnm_buf_add(&x->body, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (x->body.failed != 0) {
        return refuse(connection, 413, "the request is too large\n");
    }
    if (from_outside(connection)) {
        return refuse(connection, 403, "the local cloud answers to loopback names only\n");
    }
    /* what is signed under the same prefix is a request (local.h) */
    if (strncmp(x->uri, LNM_CONTROL_PREFIX, sizeof LNM_CONTROL_PREFIX - 1) == 0 &&
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization") == NULL) {
        return control(arg, x, method);
    }
    return serve(arg, x, method);
}

/* Nobody listens yet: `tls` says whether it will be https. */
static struct MHD_Daemon *listen_on(struct lnm_cloud *c, int port, const struct lnm_tls *tls) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, tls->certificate},
        {MHD_OPTION_HTTPS_PRIORITIES, 0,
         (void *)(uintptr_t) "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL}};
    bool https = tls->key != NULL;
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK |
            (https ? MHD_USE_TLS : MHD_NO_FLAG),
        (uint16_t)port, NULL, NULL, on_request, c, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
        MHD_OPTION_CONNECTION_LIMIT, 1024u, MHD_OPTION_CONNECTION_TIMEOUT, 300u, MHD_OPTION_ARRAY,
        https ? secure : secure + 3, MHD_OPTION_END);
}

static int start_daemon(struct lnm_cloud *c, const struct lnm_cloud_options *options,
                        struct lnm_err *err) {
    struct lnm_tls tls = {0};
    int error = options->tls_ca != NULL ? lnm_tls_make(&tls, options->tls_ca, err) : 0;
    if (error == 0) {
        c->daemon = listen_on(c, options->port, &tls);
    }
    lnm_tls_free(&tls);
    if (error == 0 && c->daemon == NULL) {
        error =
            lnm_fail(err, LNM_EIO, "LocalCloud",
                     "cannot listen on 127.0.0.1 port %d: is it in use? --port 0 takes a free one",
                     options->port);
    }
    if (error == 0) {
        const union MHD_DaemonInfo *info =
            MHD_get_daemon_info(c->daemon, MHD_DAEMON_INFO_BIND_PORT);
        c->port = info != NULL ? info->port : 0;
        (void)snprintf(c->url, sizeof c->url, "http%s://127.0.0.1:%u",
                       options->tls_ca != NULL ? "s" : "", c->port);
        info = MHD_get_daemon_info(c->daemon, MHD_DAEMON_INFO_EPOLL_FD);
        c->epoll_fd = info != NULL ? info->epoll_fd : -1;
    }
    return error;
}

static int start_thread(struct lnm_cloud *c, struct lnm_err *err) {
    c->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    lnm_virtual_listen(LNM_VIRTUAL_SERVER, wake, c);
    c->running = c->wake_fd >= 0 && lnm_thread_start(&c->thread, run_thread, c);
    return c->running ? 0 : lnm_fail(err, LNM_EIO, "LocalCloud", "cannot start a thread to serve");
}

static void stop_thread(struct lnm_cloud *c) {
    lnm_virtual_listen(LNM_VIRTUAL_SERVER, NULL, NULL);
    if (c->running) {
        atomic_store(&c->stop, true);
        wake(c);
        (void)pthread_join(c->thread, NULL);
    }
}

/* Entered: a copy that an earlier process had begun may go on at once. */
static int open_state(struct lnm_cloud *c, const struct lnm_cloud_options *options,
                      struct lnm_err *err) {
    int error = lnm_store_open(c, options->state_dir, err);
    lnm_store_enter(c);
    if (error == 0) {
        lnm_store_go_on(c);
    }
    error = error < 0 ? error : lnm_kms_material_open(c, options->state_dir, err);
    error = error < 0 ? error : lnm_blocks_open(c, options->state_dir, err);
    if (error == 0 && !options->empty && lnm_store_is_new(c)) {
        error = lnm_cloud_furnish(c, err);
    }
    if (error == 0 && lnm_lifecycle_look(c) < 0) {
        error = lnm_fail(err, LNM_EIO, "LocalCloud", "the local cloud's state cannot be read: %s",
                         sqlite3_errmsg(c->db));
    }
    if (error == 0 && options->state_dir != NULL && options->time == LNM_TIME_REAL) {
        error = lnm_durable_open(c, options->state_dir, err);
    }
    if (error == 0 && options->faults != NULL) {
        error = lnm_fault_open(c, options->faults, err);
    }
    if (error == 0 && options->log != NULL) {
        error = lnm_request_log_open(&c->log, options->log, err);
    }
    lnm_store_leave(c);
    return error;
}

/* A seed's virtual time begins at one and the same moment. */
static void start_time(const struct lnm_cloud_options *options) {
    if (options->time != LNM_TIME_REAL) {
        lnm_virtual_start(options->seeded ? YEAR_2026_US : lnm_real_us());
    }
    if (options->seeded) {
        lnm_random_seed(options->seed);
    }
}

int lnm_cloud_start(struct lnm_cloud **out, const struct lnm_cloud_options *options,
                    struct lnm_err *err) {
    struct lnm_cloud *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return lnm_fail_nomem(err);
    }
    c->lock_fd = c->wake_fd = -1;
    c->parked_end = &c->parked;
    c->unsent_end = &c->unsent;
    c->speed = options->speed > 0 ? options->speed : 1;
    c->instant = options->instant;
    c->as_aws = options->as_aws;
    c->time = options->time;
    c->seeded = options->seeded;
    c->seed = options->seed;
    lnm_gcm_prepare();
    start_time(options);
    lnm_cloud_index_actions();
    int error = lnm_switches_read(c, options->switches, err);
    if (error == 0 && options->limits != NULL) {
        error = lnm_limits_open(&c->limits, options->limits, err);
    }
    error = error < 0 ? error : open_state(c, options, err);
    if (error == 0) {
        error = start_daemon(c, options, err);
    }
    error = error < 0 ? error : start_thread(c, err);
    if (error < 0) {
        lnm_cloud_stop(c);
        return error;
    }
    *out = c;
    return 0;
}

void lnm_cloud_stop(struct lnm_cloud *c) {
    if (c == NULL) {
        return;
    }
    stop_thread(c);
    if (c->daemon != NULL) {
        MHD_stop_daemon(c->daemon);
    }
    lnm_blocks_close(c);
    (void)lnm_fault_set(c, NULL);
    lnm_request_log_close(c->log);
    lnm_durable_close(c);
    if (c->wake_fd >= 0) {
        (void)close(c->wake_fd);
    }
    lnm_store_close(c);
    lnm_root_key_close(c->root);
    lnm_limits_close(c->limits);
    lnm_day_keys_cleanse(&c->day_keys);
    lnm_policy_free(c->managed_policy);
    lnm_policies_forget(&c->policies);
    lnm_cloud_request_forget(c);
    free(c);
}

const char *lnm_cloud_url(const struct lnm_cloud *c) {
    return c->url;
}
