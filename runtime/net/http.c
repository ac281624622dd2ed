/* http.c - one exchange: a handle of its pool, told what is new, and its answer. */
#include "net/internal.h"

#include "base/virtual.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_BYTES ((size_t)256 << 20)
#define BUFFER (16L << 10) /* libcurl's own */
#define BULK_BUFFER (128L << 10)
#define RETRY_AFTER_MAX_MS 60000

/* Where plain HTTP is spoken and no proxy is asked: this machine, and what it is told by its own
 * metadata services. */
static bool is_near(const char *host) {
    static const char *const near[] = {"localhost",       "[::1]",         "169.254.169.254",
                                       "[fd00:ec2::254]", "169.254.170.2", "169.254.170.23",
                                       "[fd00:ec2::23]"};
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++) {
        size_t n = strlen(near[i]);
        if (strncmp(host, near[i], n) == 0 && strchr(":/?#", host[n]) != NULL) { /* '\0' too */
            return true;
        }
    }
    return strncmp(host, "127.", 4) == 0 &&
           strspn(host, "0123456789.") == strcspn(host, ":/?#"); /* a literal: nobody is asked */
}

/* Whoever made the URL has said so already, but a transport that can send credentials checks again.
 */
static bool may_talk_to(const char *url) {
    return strncmp(url, "https://", 8) == 0 ||
           (strncmp(url, "http://", 7) == 0 && is_near(url + 7));
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg) {
    struct lnm_http *h = arg;
    size_t len = size * count; /* size is 1 */
    size_t max = h->request.max_bytes != 0 ? h->request.max_bytes : MAX_BYTES;
    long status = 0;
    if (len > max - h->received) {
        (void)lnm_fail(&h->err, LNM_ELIMIT, "TooLarge", "the answer is larger than %zu bytes", max);
        return 0;
    }
    h->received += len;
    (void)curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
    int error = h->request.sink != NULL
                    ? h->request.sink(h->request.arg, (int)status, bytes, len, &h->err)
                    : 0;
    if (h->request.secret) {
        explicit_bzero(bytes, len);
    }
    return error < 0 ? 0 : len;
}

static void keep(char *to, size_t size, struct lnm_str value) {
    value = lnm_str_trim(value);
    (void)snprintf(to, size, "%.*s", (int)(value.len < size ? value.len : size - 1), value.ptr);
}

/* A number of seconds, or of milliseconds; a date is not meant by any service of ours. */
static void keep_retry_after(struct lnm_http *h, struct lnm_str value, int64_t unit_ms) {
    int64_t n;
    if (lnm_str_int64(&n, lnm_str_trim(value)) == 0 && n > 0) {
        h->retry_after_ms = n > RETRY_AFTER_MAX_MS / unit_ms ? RETRY_AFTER_MAX_MS : n * unit_ms;
    }
}

static size_t on_header(char *bytes, size_t size, size_t count, void *arg) {
    struct lnm_http *h = arg;
    struct lnm_str name, line = {bytes, size * count};
    struct lnm_str value = lnm_str_cut(line, ':', &name);
    if (lnm_str_ieq(name, LNM_STR("date"))) {
        keep(h->date, sizeof h->date, value);
    } else if (lnm_str_ieq(name, LNM_STR("x-amzn-requestid")) ||
               lnm_str_ieq(name, LNM_STR("x-amz-request-id"))) {
        keep(h->request_id, sizeof h->request_id, value);
    } else if (lnm_str_ieq(name, LNM_STR("x-amzn-errortype"))) {
        keep(h->error_type, sizeof h->error_type, value);
    } else if (lnm_str_ieq(name, LNM_STR("retry-after"))) {
        keep_retry_after(h, value, 1000);
    } else if (lnm_str_ieq(name, LNM_STR("x-amz-retry-after"))) {
        keep_retry_after(h, value, 1);
    }
    return line.len;
}

/* ---- the handle -------------------------------------------------------------------------------
 */

void lnm_http__free(struct lnm_http *h) {
    if (h->easy != NULL) {
        curl_easy_cleanup(h->easy);
    }
    lnm_buf_free(&h->url);
    lnm_buf_cleanse(&h->lines);
    lnm_buf_cleanse(&h->body);
    free(h);
}

static struct lnm_http *new_handle(struct lnm_pool *pool) {
    struct lnm_http *h = calloc(1, sizeof *h);
    if (h == NULL || (h->easy = lnm_pool__handle(pool)) == NULL) {
        free(h);
        return NULL;
    }
    (void)curl_easy_setopt(h->easy, CURLOPT_PRIVATE, h);
    (void)curl_easy_setopt(h->easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(h->easy, CURLOPT_WRITEDATA, h);
    (void)curl_easy_setopt(h->easy, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(h->easy, CURLOPT_HEADERDATA, h);
    (void)curl_easy_setopt(h->easy, CURLOPT_ERRORBUFFER, h->why);
    return h;
}

static struct lnm_http *take_handle(struct lnm_pool *pool) {
    struct lnm_http *h = pool->idle;
    if (h == NULL) {
        h = new_handle(pool);
    } else {
        pool->idle = h->next;
        pool->idle_count--;
    }
    if (h != NULL) {
        h->prev = h->next = NULL;
        h->pool = lnm_pool_ref(pool);
    }
    return h;
}

static void give_back(struct lnm_http *h) {
    struct lnm_pool *pool = h->pool;
    lnm_buf_wipe(&h->lines);
    lnm_buf_wipe(&h->body);
    h->pool = NULL;
    h->date[0] = h->request_id[0] = h->error_type[0] = h->why[0] = '\0';
    h->received = 0;
    h->retry_after_ms = 0;
    h->err.code = 0;
    h->finishing = false;
    if (pool->idle_count < LNM_POOL_IDLE_MAX) {
        h->next = pool->idle;
        pool->idle = h;
        pool->idle_count++;
    } else {
        lnm_http__free(h);
    }
    lnm_pool_unref(pool);
}

/* ---- the request ------------------------------------------------------------------------------
 */

/* No 100-continue round trip, and no Accept, which means nothing to AWS; libcurl takes no const. */
static char no_expect[] = "Expect:", no_accept[] = "Accept:";

static void link_header(struct lnm_http *h, size_t i, struct lnm_str line) {
    h->headers[i + 1].next = &h->headers[i + 2];
    h->headers[i + 2] = (struct curl_slist){h->lines.ptr + h->lines.len, NULL};
    lnm_buf_adds(&h->lines, line);
    lnm_buf_addc(&h->lines, '\0');
}

/* In virtual time requests say in which order they began: a server that has alike ones cannot tell
 * from anything else. */
static void set_headers_of(struct lnm_http *h, const char *const *headers, size_t n,
                           uint64_t serial) {
    char line[48];
    h->headers[0] = (struct curl_slist){no_expect, &h->headers[1]};
    h->headers[1] = (struct curl_slist){no_accept, NULL};
    for (size_t i = 0; i < n; i++) {
        link_header(h, i, lnm_str_z(headers[i]));
    }
    if (lnm_virtual_on()) {
        (void)snprintf(line, sizeof line, LNM_VIRTUAL_SERIAL ": %llu", (unsigned long long)serial);
        link_header(h, n, lnm_str_z(line));
    }
}

/* The lines as libcurl's list, which only reads it: no allocation for each. */
static int set_headers(struct lnm_http *h, const char *const *headers, uint64_t serial,
                       struct lnm_err *err) {
    size_t total = 48, n = 0;
    for (; headers[n] != NULL; n++) {
        total += strlen(headers[n]) + 1;
    }
    if (n > LNM_HTTP_HEADERS) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "%zu headers are too many", n);
    }
    if (lnm_buf_reserve(&h->lines, total) < 0) { /* at once: growing would leave a copy behind */
        return lnm_buf_check(&h->lines, err);
    }
    set_headers_of(h, headers, n, serial);
    (void)curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, h->headers);
    return 0;
}

static int set_url(struct lnm_http *h, const char *url, struct lnm_err *err) {
    if (lnm_str_is(lnm_buf_str(&h->url), url)) {
        return 0; /* as the last one */
    }
    if (!may_talk_to(url)) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "plain HTTP is spoken to loopback addresses only: use https://");
    }
    lnm_buf_reset(&h->url);
    lnm_buf_addz(&h->url, url);
    (void)curl_easy_setopt(h->easy, CURLOPT_PROXY, is_near(strstr(url, "//") + 2) ? "" : NULL);
    return curl_easy_setopt(h->easy, CURLOPT_URL, url) == CURLE_OK ? lnm_buf_check(&h->url, err)
                                                                   : lnm_fail_nomem(err);
}

static void set_method(struct lnm_http *h, const char *method, bool has_body) {
    if (strcmp(h->method, method) != 0 || h->has_body != has_body) {
        bool plain = strcmp(method, has_body ? "POST" : "GET") == 0;
        (void)snprintf(h->method, sizeof h->method, "%s", method);
        h->has_body = has_body;
        (void)curl_easy_setopt(h->easy, has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
        (void)curl_easy_setopt(h->easy, CURLOPT_CUSTOMREQUEST, plain ? NULL : method);
    }
}

static int set_body(struct lnm_http *h, const struct lnm_http_request *q, struct lnm_err *err) {
    bool has_body = q->body.len > 0 || strcmp(q->method, "GET") != 0; /* an empty one is one */
    set_method(h, q->method, has_body);
    if (!q->bulk) {
        lnm_buf_adds(&h->body, q->body);
    }
    if (has_body) {
        struct lnm_str body = q->bulk && q->body.len > 0 ? q->body : lnm_buf_str(&h->body);
        (void)curl_easy_setopt(h->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
        (void)curl_easy_setopt(h->easy, CURLOPT_POSTFIELDS, body.ptr);
    }
    if (h->bulk != q->bulk) {
        h->bulk = q->bulk;
        (void)curl_easy_setopt(h->easy, CURLOPT_BUFFERSIZE, q->bulk ? BULK_BUFFER : BUFFER);
        (void)curl_easy_setopt(h->easy, CURLOPT_UPLOAD_BUFFERSIZE, q->bulk ? BULK_BUFFER : BUFFER);
    }
    return lnm_buf_check(&h->body, err);
}

static int set_request(struct lnm_http *h, const struct lnm_http_request *q, uint64_t serial,
                       struct lnm_err *err) {
    int error = set_url(h, q->url, err);
    error = error < 0 ? error : set_headers(h, q->headers, serial, err);
    error = error < 0 ? error : set_body(h, q, err);
    long connect =
        q->connect_timeout_ms > 0 ? (long)q->connect_timeout_ms : h->pool->connect_timeout_ms;
    (void)curl_easy_setopt(h->easy, CURLOPT_CONNECTTIMEOUT_MS, connect);
    (void)curl_easy_setopt(h->easy, CURLOPT_TIMEOUT_MS,
                           q->timeout_ms > 0 ? (long)q->timeout_ms : h->pool->timeout_ms);
    if (h->once != q->once) {
        h->once = q->once;
        (void)curl_easy_setopt(h->easy, CURLOPT_FRESH_CONNECT, q->once ? 1L : 0L);
    }
    h->request = *q;
    return error;
}

static void link_http(struct lnm_http *h, struct lnm_loop *loop) {
    h->loop = loop;
    h->next = loop->https;
    if (h->next != NULL) {
        h->next->prev = h;
    }
    loop->https = h;
    loop->http_count++;
    lnm_lane__begun(h->request.lane);
    h->serial = loop->http_serial++;
    h->landed = false;
    lnm_virtual_fly(1);
}

static void leave_lane(struct lnm_http *h) {
    if (h->request.lane != NULL) {
        lnm_lane__ended(h->request.lane, h->loop);
        h->request.lane = NULL;
    }
}

static void unlink_http(struct lnm_http *h) {
    struct lnm_loop *loop = h->loop;
    *(h->prev != NULL ? &h->prev->next : &loop->https) = h->next;
    if (h->next != NULL) {
        h->next->prev = h->prev;
    }
    loop->http_count--;
    leave_lane(h);
    h->loop = NULL;
    if (!h->landed) {
        lnm_virtual_fly(-1);
    }
}

static void free_http(struct lnm_http *h) {
    struct lnm_loop *loop = h->loop;
    if (loop != NULL) {
        unlink_http(h);
        (void)curl_multi_remove_handle(loop->multi, h->easy);
    }
    give_back(h);
}

/* The request's pool, or the loop's own. [borrowed] */
static struct lnm_pool *pool_of(struct lnm_loop *loop, const struct lnm_http_request *q,
                                struct lnm_err *err) {
    static const struct lnm_pool_options plain;
    if (q->pool != NULL) {
        return q->pool;
    }
    if (loop->pool == NULL) {
        (void)lnm_pool_new(&loop->pool, &plain, err);
    }
    return loop->pool;
}

int lnm_http_start(struct lnm_http **out, struct lnm_loop *loop, const struct lnm_http_request *q,
                   struct lnm_err *err) {
    struct lnm_pool *pool = pool_of(loop, q, err);
    struct lnm_http *h = pool != NULL ? take_handle(pool) : NULL;
    if (h == NULL) {
        return lnm_fail_nomem(err);
    }
    int error = set_request(h, q, loop->http_serial, err);
    if (error == 0 && curl_multi_add_handle(loop->multi, h->easy) != CURLM_OK) {
        error = lnm_fail_nomem(err);
    }
    if (error < 0) {
        give_back(h);
        return error;
    }
    h->request.lane = q->lane != NULL ? q->lane : &loop->lane;
    link_http(h, loop);
    *out = h;
    return 0;
}

void lnm_http_cancel(struct lnm_http *h) {
    if (h != NULL && !h->finishing) {
        free_http(h);
    }
}

/* ---- the end ----------------------------------------------------------------------------------
 */

/* Set when all is ready for the request's first byte: before, nobody has seen anything of it. */
static bool was_sent(struct lnm_http *h) {
    curl_off_t began = 0;
    (void)curl_easy_getinfo(h->easy, CURLINFO_PRETRANSFER_TIME_T, &began);
    return began > 0;
}

void lnm_http__finished(struct lnm_http *h, CURLcode result) {
    long status = 0;
    (void)curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
    struct lnm_http_answer answer = {.http = h,
                                     .status = (int)status,
                                     .date = lnm_str_z(h->date),
                                     .request_id = lnm_str_z(h->request_id),
                                     .error_type = lnm_str_z(h->error_type),
                                     .retry_after_ms = h->retry_after_ms,
                                     .sent = was_sent(h)};
    if (result != CURLE_OK) {
        lnm_http__explain(h, result);
        answer.err = &h->err;
    }
    h->finishing = true;
    leave_lane(h); /* whose lane it is may go in done() */
    h->request.done(h->request.arg, &answer);
    free_http(h);
}

const char *lnm_http_header(const struct lnm_http_answer *answer, const char *name) {
    struct curl_header *found;
    CURLHcode result = curl_easy_header(answer->http->easy, name, 0, CURLH_HEADER, -1, &found);
    return result == CURLHE_OK ? found->value : NULL;
}

void lnm_http__detach_all(struct lnm_loop *loop) {
    while (loop->https != NULL) {
        struct lnm_http *h = loop->https;
        unlink_http(h);
        (void)curl_multi_remove_handle(loop->multi, h->easy);
    }
}
