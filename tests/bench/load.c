/* load.c - one signed request again and again over N connections:
 * load PORT CONNECTIONS SECONDS BODY [COUNT] -> "requests/s p50-ms p99-ms errors".
 * COUNT: so many answers, however long they take (to count instructions). */
#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/date.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024
#define TIMES_MAX 4000000

struct connection {
    int fd;
    int64_t sent_us;
    struct lnm_buf in;
};

static struct connection connections[CONNECTIONS_MAX];
static float times[TIMES_MAX]; /* ms */
static size_t count, errors;
static struct lnm_buf request;
static struct sockaddr_in address = {.sin_family = AF_INET};
static int poller;

static void sign(const char *body) {
    char hash[65];
    struct lnm_signing_key key;
    struct lnm_buf authorization = {0}, scratch = {0};
    struct lnm_err err;
    struct lnm_signing_params p = {.method = LNM_STR("POST"),
                                   .path = LNM_STR("/"),
                                   .header_count = 3,
                                   .payload_hash = {hash, 64},
                                   .region = LNM_STR("us-east-1"),
                                   .service = LNM_STR("ec2")};
    char date[LNM_DATE_MAX];
    lnm_date_amz(date, lnm_now_us());
    memcpy(p.amz_date, date, sizeof p.amz_date);
    struct lnm_header headers[] = {
        {LNM_STR("Content-Type"), LNM_STR("application/x-www-form-urlencoded; charset=utf-8")},
        {LNM_STR("Host"), LNM_STR("127.0.0.1")},
        {LNM_STR("X-Amz-Date"), lnm_str_z(p.amz_date)}};
    p.headers = headers;
    lnm_sigv4_hash(hash, lnm_str_z(body));
    lnm_sigv4_signing_key(&key, LNM_STR("local"), p.amz_date, p.region, p.service);
    if (lnm_sigv4_authorization(&authorization, &scratch, &p, LNM_STR("LOCAL000000000001"), &key,
                                &err) < 0) {
        exit(1);
    }
    lnm_buf_addf(&request,
                 "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\nX-Amz-Date: %s\r\n"
                 "Authorization: %s\r\nContent-Length: %zu\r\n\r\n%s",
                 headers[0].value.ptr, p.amz_date, lnm_buf_str(&authorization).ptr, strlen(body),
                 body);
    lnm_buf_free(&authorization);
    lnm_buf_free(&scratch);
}

static void send_request(struct connection *c) {
    c->sent_us = lnm_mono_us();
    lnm_buf_reset(&c->in);
    if (send(c->fd, request.ptr, request.len, MSG_NOSIGNAL) != (ssize_t)request.len) {
        perror("send");
        exit(1);
    }
}

static void open_connection(struct connection *c) {
    int one = 1;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)&address, sizeof address) < 0) {
        perror("connect");
        exit(1);
    }
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &e);
    send_request(c);
}

/* Bytes of the whole answer, or 0 when its head is not there yet. */
static size_t whole(const struct connection *c) {
    const char *head = lnm_buf_str(&c->in).ptr, *end = strstr(head, "\r\n\r\n");
    const char *length = end != NULL ? strcasestr(head, "content-length:") : NULL;
    return length == NULL ? 0 : (size_t)(end - head) + 4 + strtoul(length + 15, NULL, 10);
}

static void finish(struct connection *c) {
    if (count < TIMES_MAX) {
        times[count++] = (float)(lnm_mono_us() - c->sent_us) / 1e3F;
    }
    errors += strncmp(c->in.ptr + 9, "200", 3) != 0;
}

static void on_readable(struct connection *c) {
    static char bytes[1 << 16];
    ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);
    if (n <= 0) { /* closed after an answer */
        (void)close(c->fd);
        open_connection(c);
        return;
    }
    lnm_buf_add(&c->in, bytes, (size_t)n);
    size_t need = whole(c);
    if (need > 0 && c->in.len >= need) {
        bool closes = strcasestr(c->in.ptr, "connection: close") != NULL;
        finish(c);
        if (closes) {
            (void)close(c->fd);
            open_connection(c);
        } else {
            send_request(c);
        }
    }
}

static int compare(const void *a, const void *b) {
    const float *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv) {
    if (argc < 5) {
        (void)fprintf(stderr, "usage: load PORT CONNECTIONS SECONDS BODY [COUNT]\n");
        return 2;
    }
    int n = atoi(argv[2]);
    address.sin_port = htons((uint16_t)atoi(argv[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sign(argv[4]);
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < n && i < CONNECTIONS_MAX; i++) {
        open_connection(&connections[i]);
    }
    int64_t begun = lnm_mono_us(), end = begun + (int64_t)(atof(argv[3]) * 1e6);
    size_t least = argc > 5 ? strtoul(argv[5], NULL, 10) : 1;
    while ((argc <= 5 && lnm_mono_us() < end) || count < least) {
        struct epoll_event ready[64];
        int some = epoll_wait(poller, ready, 64, 100);
        for (int i = 0; i < some; i++) {
            on_readable(ready[i].data.ptr);
        }
    }
    double seconds = (double)(lnm_mono_us() - begun) / 1e6;
    qsort(times, count, sizeof times[0], compare);
    (void)printf("%.0f %.3f %.3f %zu\n", (double)count / seconds,
                 count > 0 ? (double)times[count / 2] : 0,
                 count > 0 ? (double)times[count * 99 / 100] : 0, errors);
    return 0;
}
