/* throughput.c - requests a second on kept connections, from one thread:
 *
 *     throughput MODE URL CONNECTIONS REQUESTS -> "REQUESTS_PER_S CPU_US_A_REQUEST"
 *
 * plain   libcurl's multi interface with curl_multi_poll, the same headers each time, nothing
 * signed signed  lunami's requests: encoded, signed, sent; the answer's bytes are counted calls
 * lunami's calls: the same, with the answer decoded into a record */
#include "base/clock.h"
#include "client/call.h"
#include "client/hub.h"
#include "client/request.h"
#include "net/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static long total, started, finished;
static size_t received;

static void give_up(const char *why) {
    (void)fprintf(stderr, "throughput: %s\n", why);
    exit(1);
}

/* ---- plain --------------------------------------------------------------------------------------
 */
static const char body[] = "Action=DescribeImages&Version=2016-11-15&Owner.1=self";

static size_t count_bytes(char *bytes, size_t size, size_t n, void *arg) {
    (void)bytes, (void)arg;
    received += size * n;
    return size * n;
}

/* As many bytes as a signed request has. */
static struct curl_slist *constant_headers(void) {
    static const char *const lines[] = {
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
        "X-Amz-Date: 20261124T120000Z",
        "Authorization: AWS4-HMAC-SHA256 "
        "Credential=AKIDEXAMPLE/20261124/us-east-1/ec2/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "Accept:"};
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        list = curl_slist_append(list, lines[i]);
    }
    return list;
}

static void begin_plain(CURLM *multi, CURL *easy) {
    started++;
    if (curl_multi_add_handle(multi, easy) != CURLM_OK) {
        give_up("libcurl");
    }
}

static void drain_plain(CURLM *multi) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        if (message->data.result != CURLE_OK) {
            give_up(curl_easy_strerror(message->data.result));
        }
        (void)curl_multi_remove_handle(multi, easy);
        finished++;
        if (started < total) {
            begin_plain(multi, easy);
        }
    }
}

static void plain(const char *url, int connections) {
    int running;
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();
    struct curl_slist *headers = constant_headers();
    (void)curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)connections);
    for (int i = 0; i < connections && started < total; i++) {
        CURL *easy = curl_easy_init();
        (void)curl_easy_setopt(easy, CURLOPT_URL, url);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
        (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count_bytes);
        (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        begin_plain(multi, easy);
    }
    while (finished < total) {
        (void)curl_multi_perform(multi, &running);
        drain_plain(multi);
        if (finished < total) {
            (void)curl_multi_poll(multi, NULL, 0, 1000, NULL);
        }
    }
}

/* ---- lunami -------------------------------------------------------------------------------------
 */
static struct lnm_loop *loop;
static struct lnm_session *session;
static const struct lnm_operation *op;
static struct lnm_record input;

static void check(int code, const struct lnm_err *err) {
    if (code < 0) {
        give_up(err->message);
    }
}

static void open_session(const char *url) {
    struct lnm_err err;
    struct lnm_hub *hub;
    op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeImages"));
    check(lnm_loop_new(&loop, &err), &err);
    check(lnm_hub_new(&hub, loop, &err), &err);
    struct lnm_session_options o = {.endpoint_url = url,
                                    .region = "us-east-1",
                                    .access_key_id = "AKIDEXAMPLE",
                                    .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                    .hub = hub};
    check(lnm_session_new(&session, loop, &o, &err), &err);
    check(lnm_record_init(&input, op->input, 4096), &err);
    lnm_record_enter(&input, "owners");
    lnm_record_add(&input, LNM_STR("self"));
    lnm_record_close(&input);
    lnm_record_close(&input);
}

static void begin_signed(void);

static int count_piece(void *arg, int status, const char *bytes, size_t len, struct lnm_err *err) {
    (void)arg, (void)status, (void)bytes, (void)err;
    received += len;
    return 0;
}

static void signed_done(void *arg, const struct lnm_http_answer *answer) {
    (void)arg;
    if (answer->err != NULL) {
        give_up(answer->err->message);
    }
    finished++;
    if (started < total) {
        begin_signed();
    }
}

static void begin_signed(void) {
    struct lnm_request request = {0};
    struct lnm_signed_request s;
    struct lnm_http *http;
    struct lnm_err err;
    started++;
    check(lnm_request_encode(&request, op, &input, &err), &err);
    check(lnm_request_sign(&s, session, &request, &err), &err);
    struct lnm_http_request q = {.method = request.method,
                                 .url = s.url,
                                 .headers = s.header_lines,
                                 .body = request.body,
                                 .pool = session->root->pool,
                                 .sink = count_piece,
                                 .done = signed_done};
    check(lnm_http_start(&http, loop, &q, &err), &err);
    lnm_request_forget_signed(session);
    lnm_request_free(&request);
}

static void begin_call(void);

static void call_done(void *arg, struct lnm_call *call) {
    const struct lnm_record *answer;
    struct lnm_err err;
    (void)arg;
    check(lnm_call_result(call, &answer, &err), &err);
    lnm_call_free(call);
    finished++;
    if (started < total) {
        begin_call();
    }
}

static void begin_call(void) {
    struct lnm_call *call;
    struct lnm_err err;
    started++;
    check(lnm_call_start(&call, session, op, &input, call_done, NULL, &err), &err);
}

static void ours(const char *url, int connections, void (*begin)(void)) {
    struct lnm_err err;
    open_session(url);
    for (int i = 0; i < connections && started < total; i++) {
        begin();
    }
    while (finished < total) {
        check(lnm_loop_step(loop, 1000, &err), &err);
    }
}

int main(int argc, char **argv) {
    if (argc < 5) {
        (void)fprintf(stderr, "usage: throughput plain|signed|calls URL CONNECTIONS REQUESTS\n");
        return 2;
    }
    int connections = (int)strtol(argv[3], NULL, 10);
    total = strtol(argv[4], NULL, 10);
    int64_t began = lnm_mono_us();
    if (strcmp(argv[1], "plain") == 0) {
        plain(argv[2], connections);
    } else {
        ours(argv[2], connections, strcmp(argv[1], "calls") == 0 ? begin_call : begin_signed);
    }
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    (void)printf("%.0f %.2f\n", (double)finished / ((double)(lnm_mono_us() - began) / 1e6),
                 cpu / (double)finished);
    return 0;
}
