/* trace.c - writing down what was asked and how it went. */
#include "client/trace.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/text.h"
#include "client/call_internal.h"

#include <fcntl.h>
#include <unistd.h>

static int file = -1;

int lnm_trace_open(const char *path, struct lnm_err *err) {
    lnm_trace_close();
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    return file >= 0 ? 0
                     : lnm_fail(err, LNM_EIO, "InputOutput",
                                "the trace cannot be written to %s: name a file of your own", path);
}

void lnm_trace_close(void) {
    if (file >= 0) {
        (void)close(file);
    }
    file = -1;
}

static void add_text(struct lnm_buf *out, const char *name, struct lnm_str value) {
    if (value.len > 0) {
        lnm_buf_addf(out, ",\"%s\":", name);
        lnm_text_json(out, value);
    }
}

static void add_failure(struct lnm_buf *out, const struct lnm_err *e) {
    struct lnm_buf message = {0};
    lnm_log_redact(&message, lnm_str_z(e->message));
    add_text(out, "error", lnm_str_z(e->name));
    add_text(out, "message", lnm_buf_str(&message));
    lnm_buf_free(&message);
}

static struct lnm_str request_id(const struct lnm_call *c, const struct lnm_http_answer *a,
                                 bool failed) {
    return failed && c->err.request_id[0] != '\0' ? lnm_str_z(c->err.request_id) : a->request_id;
}

static void write_line(const struct lnm_call *c, const struct lnm_http_answer *a, bool failed,
                       int64_t took_us) {
    char time[LNM_DATE_MAX];
    struct lnm_buf line = {0};
    const struct lnm_place *place = NULL;
    lnm_date_iso(time, lnm_now_us() - took_us);
    lnm_buf_addf(&line, "{\"time\":\"%s\",\"service\":\"%s\",\"action\":\"%s\"", time,
                 c->op->service->name, c->op->name);
    add_text(&line, "region", lnm_str_z(lnm_session_region(c->session)));
    if (lnm_session__place(&place, c->session, c->op->service, NULL) == 0) {
        add_text(&line, "endpoint", lnm_str_z(place->url));
    }
    lnm_buf_addf(&line, ",\"attempt\":%u,\"status\":%d,\"duration_ms\":%.1f", c->attempt, a->status,
                 (double)took_us / 1e3);
    add_text(&line, "request_id", request_id(c, a, failed));
    if (failed) {
        add_failure(&line, &c->err);
    }
    lnm_buf_addz(&line, "}\n");
    if (line.failed == 0 && write(file, line.ptr, line.len) < 0) {
        lnm_log(LNM_LOG_WARN, "the trace cannot be written any more");
        lnm_trace_close();
    }
    lnm_buf_free(&line);
}

void lnm_trace_attempt(const struct lnm_call *c, const struct lnm_http_answer *a, bool failed) {
    if (file < 0 && !lnm_log_on(LNM_LOG_INFO)) {
        return;
    }
    int64_t took_us = lnm_mono_us() - c->sent_us;
    struct lnm_str id = request_id(c, a, failed);
    lnm_log(LNM_LOG_INFO, "%s %s: %d%s%s, attempt %u, %d ms, request %.*s",
            lnm_session_region(c->session), c->op->name, a->status, failed ? " " : "",
            failed ? c->err.name : "", c->attempt, (int)(took_us / 1000), (int)id.len, id.ptr);
    if (file >= 0) {
        write_line(c, a, failed, took_us);
    }
}
