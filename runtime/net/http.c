/* http.c - one exchange: a libcurl easy handle with every risky feature off. */
#include "net/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define CA_DIRECTORY "/etc/ssl/certs"
#define MAX_BYTES ((size_t)256 << 20)
#define BULK_BUFFER (128L << 10)

struct lnm_http {
    struct lnm_loop *loop; /* NULL: the loop is gone */
    CURL *easy;
    struct curl_slist *headers;
    struct lnm_buf body;             /* the copy of a request's that is not bulk */
    struct lnm_http_request request; /* method, url and headers are not kept */
    size_t received;
    char date[64], request_id[80], error_type[128];
    struct lnm_err err;
    bool finishing; /* inside done(): cancelling does nothing */
    struct lnm_http *prev, *next;
};

/* "http://" is for literal loopback only; whoever made the URL has said so already, but a transport
 * that can send credentials checks again. */
static bool may_talk_to(const char *url) {
    static const char *const plain[] = {"http://127.", "http://localhost", "http://[::1]"};
    if (strncmp(url, "https://", 8) == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        size_t n = strlen(plain[i]);
        if (strncmp(url, plain[i], n) == 0) {
            size_t host = strcspn(url + 7, ":/?#") + 7;
            size_t digits = strspn(url + 7, "0123456789.") + 7;
            bool ends = strchr(":/?#", url[n]) != NULL; /* '\0' too */
            return i == 0 ? host == digits : ends;
        }
    }
    return false;
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
    if (h->request.sink != NULL &&
        h->request.sink(h->request.arg, (int)status, bytes, len, &h->err) < 0) {
        return 0;
    }
    return len;
}

static void keep(char *to, size_t size, struct lnm_str value) {
    value = lnm_str_trim(value);
    (void)snprintf(to, size, "%.*s", (int)(value.len < size ? value.len : size - 1), value.ptr);
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
    }
    return line.len;
}

static int add_headers(struct lnm_http *h, const char *const *headers) {
    struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* no 100-continue round trip */
    for (; list != NULL && *headers != NULL; headers++) {
        struct curl_slist *longer = curl_slist_append(list, *headers);
        if (longer == NULL) {
            curl_slist_free_all(list);
        }
        list = longer;
    }
    h->headers = list;
    return list != NULL ? 0 : LNM_ENOMEM;
}

static bool is_directory(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A hashed directory (openssl rehash) is better than a bundle: only the root that is needed is
 * read, and reading all of them is most of a short run over TLS. */
static void set_trust(CURL *e, const char *given) {
    const char *trust = given != NULL && given[0] != '\0' ? given : CA_DIRECTORY;
    (void)curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (is_directory(trust)) {
        (void)curl_easy_setopt(e, CURLOPT_CAINFO, NULL);
        (void)curl_easy_setopt(e, CURLOPT_CAPATH, trust);
    } else if (trust == given) {
        (void)curl_easy_setopt(e, CURLOPT_CAINFO, trust);
        (void)curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
    }
}

static void set_limits(CURL *e, const struct lnm_http_request *q) {
    (void)curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
                           (long)(q->connect_timeout_ms > 0 ? q->connect_timeout_ms : 10000));
    (void)curl_easy_setopt(e, CURLOPT_TIMEOUT_MS,
                           (long)(q->timeout_ms > 0 ? q->timeout_ms : 60000));
    (void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L);
    (void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, 30L);
    (void)curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "");
    (void)curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

static void set_body(struct lnm_http *h, const struct lnm_http_request *q) {
    struct lnm_str body = q->bulk ? q->body : lnm_buf_str(&h->body);
    bool post = strcmp(q->method, "POST") == 0;
    if (post || body.len > 0) {
        (void)curl_easy_setopt(h->easy, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(h->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
        (void)curl_easy_setopt(h->easy, CURLOPT_POSTFIELDS, body.len > 0 ? body.ptr : "");
    }
    if (!post && strcmp(q->method, "GET") != 0) {
        (void)curl_easy_setopt(h->easy, CURLOPT_CUSTOMREQUEST, q->method);
    }
    if (q->bulk) {
        (void)curl_easy_setopt(h->easy, CURLOPT_BUFFERSIZE, BULK_BUFFER);
        (void)curl_easy_setopt(h->easy, CURLOPT_UPLOAD_BUFFERSIZE, BULK_BUFFER);
    }
}

static void set_options(struct lnm_http *h, const struct lnm_http_request *q) {
    CURL *e = h->easy;
    bool plain = strncmp(q->url, "http://", 7) == 0;
    (void)curl_easy_setopt(e, CURLOPT_URL, q->url);
    (void)curl_easy_setopt(e, CURLOPT_PRIVATE, h);
    (void)curl_easy_setopt(e, CURLOPT_HTTPHEADER, h->headers);
    (void)curl_easy_setopt(e, CURLOPT_USERAGENT, "lunami/0.1");
    (void)curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(e, CURLOPT_WRITEDATA, h);
    (void)curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(e, CURLOPT_HEADERDATA, h);
    set_limits(e, q);
    if (plain) {
        (void)curl_easy_setopt(e, CURLOPT_PROXY, ""); /* loopback goes through no proxy */
    } else {
        set_trust(e, q->ca_bundle);
    }
    set_body(h, q);
}

static void unlink_http(struct lnm_http *h) {
    struct lnm_loop *loop = h->loop;
    *(h->prev != NULL ? &h->prev->next : &loop->https) = h->next;
    if (h->next != NULL) {
        h->next->prev = h->prev;
    }
    loop->http_count--;
    h->loop = NULL;
}

static void give_back(struct lnm_loop *loop, CURL *easy) {
    if (loop->idle_count < LNM_LOOP_IDLE_MAX) {
        curl_easy_reset(easy); /* connections live in the multi handle and stay */
        loop->idle[loop->idle_count++] = easy;
    } else {
        curl_easy_cleanup(easy);
    }
}

static void free_http(struct lnm_http *h) {
    struct lnm_loop *loop = h->loop;
    if (loop != NULL) {
        unlink_http(h);
        (void)curl_multi_remove_handle(loop->multi, h->easy);
        give_back(loop, h->easy);
    } else if (h->easy != NULL) {
        curl_easy_cleanup(h->easy);
    }
    curl_slist_free_all(h->headers);
    lnm_buf_cleanse(&h->body);
    free(h);
}

int lnm_http_start(struct lnm_http **out, struct lnm_loop *loop, const struct lnm_http_request *q,
                   struct lnm_err *err) {
    if (!may_talk_to(q->url)) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "plain HTTP is spoken to loopback addresses only: use https://");
    }
    struct lnm_http *h = calloc(1, sizeof *h);
    if (h == NULL) {
        return lnm_fail_nomem(err);
    }
    h->request = *q;
    h->request.headers = NULL;
    if (!q->bulk) {
        lnm_buf_adds(&h->body, q->body);
    }
    h->easy = loop->idle_count > 0 ? loop->idle[--loop->idle_count] : curl_easy_init();
    if (h->easy == NULL || h->body.failed != 0 || add_headers(h, q->headers) < 0) {
        free_http(h);
        return lnm_fail_nomem(err);
    }
    set_options(h, q);
    if (curl_multi_add_handle(loop->multi, h->easy) != CURLM_OK) {
        free_http(h);
        return lnm_fail_nomem(err);
    }
    h->loop = loop;
    h->next = loop->https;
    if (h->next != NULL) {
        h->next->prev = h;
    }
    loop->https = h;
    loop->http_count++;
    *out = h;
    return 0;
}

void lnm_http_cancel(struct lnm_http *h) {
    if (h != NULL && !h->finishing) {
        free_http(h);
    }
}

/* libcurl's failure as ours: what happened, and what to look at. */
static void explain(struct lnm_http *h, CURLcode result) {
    if (h->err.code != 0) {
        return; /* the sink or the size cap has said it better */
    }
    const char *why = curl_easy_strerror(result);
    const char *remedy = "";
    const char *name = "Network";
    if (result == CURLE_OPERATION_TIMEDOUT) {
        name = "Timeout";
    } else if (result == CURLE_COULDNT_CONNECT) {
        name = "NotConnected";
    } else if (result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_COULDNT_RESOLVE_PROXY) {
        name = "NotConnected";
        remedy = ": check the region's name and the network";
    } else if (result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE) {
        name = "NotTrusted";
        remedy = ": if a proxy opens TLS here, name its CA in AWS_CA_BUNDLE";
    }
    (void)lnm_fail(&h->err, LNM_ENET, name, "%s%s", why, remedy);
}

void lnm_http__finished(struct lnm_http *h, CURLcode result) {
    long status = 0;
    (void)curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
    struct lnm_http_answer answer = {.http = h,
                                     .status = (int)status,
                                     .date = lnm_str_z(h->date),
                                     .request_id = lnm_str_z(h->request_id),
                                     .error_type = lnm_str_z(h->error_type)};
    if (result != CURLE_OK) {
        explain(h, result);
        answer.err = &h->err;
    }
    h->finishing = true;
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
