/* whisper.c - attempts of one small exchange. */
#include "client/whisper.h"

#include <stdio.h>

#define RECEIVED_MAX ((size_t)64 << 10)

static int attempt(struct lnm_whisper *w, struct lnm_err *err);

/* Those of the exchange before are not sent again. */
static void forget_headers(struct lnm_whisper *w) {
    if (w->started) {
        lnm_buf_cleanse(&w->headers);
        w->started = false;
    }
}

int lnm_whisper_header(struct lnm_whisper *w, const char *name, struct lnm_str value,
                       struct lnm_err *err) {
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7f) {
            return lnm_fail(err, LNM_ECONFIG, "Configuration",
                            "the value for %s holds a line end or another control character", name);
        }
    }
    forget_headers(w);
    w->headers.secret = true;
    lnm_buf_addf(&w->headers, "%s: ", name);
    lnm_buf_adds(&w->headers, value);
    lnm_buf_addc(&w->headers, '\0');
    return lnm_buf_check(&w->headers, err);
}

static int on_bytes(void *arg, int status, const char *bytes, size_t len, struct lnm_err *err) {
    struct lnm_whisper *w = arg;
    (void)status;
    lnm_buf_add(&w->received, bytes, len);
    return lnm_buf_check(&w->received, err);
}

static void on_timer(void *arg) {
    struct lnm_whisper *w = arg;
    struct lnm_err err;
    w->timer = NULL;
    if (attempt(w, &err) < 0) {
        w->done(w->arg, 0, LNM_STR_NONE, &err);
    }
}

static bool is_transient(int status) {
    return status >= 500 || status == 429;
}

static void on_answer(void *arg, const struct lnm_http_answer *a) {
    struct lnm_whisper *w = arg;
    struct lnm_err err;
    w->http = NULL;
    bool dead = a->err != NULL &&
                (strcmp(a->err->name, "NotConnected") == 0 || strcmp(a->err->name, "Timeout") == 0);
    bool again = dead ? w->made < w->dead_ends
                      : (a->err != NULL || is_transient(a->status)) && w->made < w->attempts;
    if (again && lnm_timer_start(&w->timer, w->loop, w->pause_us, on_timer, w, &err) == 0) {
        return;
    }
    if (a->err != NULL) {
        err = *a->err; /* the answer goes with the exchange */
    }
    w->done(w->arg, a->status, lnm_buf_str(&w->received), a->err != NULL ? &err : NULL);
}

/* The pointers to the lines, for as long as it takes to start. */
static void point_at_lines(const char *lines[8], const struct lnm_buf *headers) {
    size_t n = 0, at = 0;
    while (at < headers->len && n < 7) {
        lines[n++] = headers->ptr + at;
        at += strlen(headers->ptr + at) + 1;
    }
    lines[n] = NULL;
}

static int attempt(struct lnm_whisper *w, struct lnm_err *err) {
    const char *lines[8];
    point_at_lines(lines, &w->headers);
    lnm_buf_cleanse(&w->received);
    lnm_buf_init(&w->received, RECEIVED_MAX);
    w->received.secret = true;
    w->made++;
    struct lnm_http_request q = {.method = w->method,
                                 .url = w->url,
                                 .headers = lines,
                                 .body = lnm_buf_str(&w->sent),
                                 .pool = w->pool,
                                 .connect_timeout_ms = w->timeout_ms,
                                 .timeout_ms = w->timeout_ms,
                                 .max_bytes = RECEIVED_MAX,
                                 .secret = true,
                                 .sink = on_bytes,
                                 .done = on_answer,
                                 .arg = w};
    return lnm_http_start(&w->http, w->loop, &q, err);
}

static void stop(struct lnm_whisper *w) {
    lnm_http_cancel(w->http);
    lnm_timer_cancel(w->timer);
    w->http = NULL;
    w->timer = NULL;
    lnm_buf_cleanse(&w->sent);
    lnm_buf_cleanse(&w->received);
}

int lnm_whisper_start(struct lnm_whisper *w, const char *method, const char *url,
                      struct lnm_str body, struct lnm_err *err) {
    forget_headers(w);
    stop(w);
    w->started = true;
    w->method = method;
    w->made = 0;
    int n = snprintf(w->url, sizeof w->url, "%s", url);
    if (n < 0 || (size_t)n >= sizeof w->url) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration", "the address is too long: %.100s", url);
    }
    w->sent.secret = true;
    lnm_buf_adds(&w->sent, body);
    int error = lnm_buf_check(&w->sent, err);
    return error < 0 ? error : attempt(w, err);
}

void lnm_whisper_end(struct lnm_whisper *w) {
    stop(w);
    lnm_buf_cleanse(&w->headers);
}

int lnm_whisper_refused(int status, struct lnm_err *err) {
    return lnm_fail(err, is_transient(status) ? LNM_ENET : LNM_ECREDS, "Credentials",
                    "it answered with status %d", status);
}
