/* request_log.c - a line of JSON for each request. */
#include "cloud/fault.h"
#include "cloud/request_log.h"

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct lnm_request_log {
    int fd;
    struct lnm_buf lines;
};

int lnm_request_log_open(struct lnm_request_log **out, const char *path, struct lnm_err *err) {
    struct lnm_request_log *log = calloc(1, sizeof *log);
    if (log == NULL) {
        return lnm_fail_nomem(err);
    }
    log->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log->fd < 0) {
        free(log);
        return lnm_fail(err, LNM_EIO, "LocalCloud", "cannot write the log %s: %s", path,
                        strerror(errno));
    }
    *out = log;
    return 0;
}

void lnm_request_log_close(struct lnm_request_log *log) {
    if (log != NULL) {
        (void)close(log->fd);
        lnm_buf_free(&log->lines);
        free(log);
    }
}

static void add_value(struct lnm_buf *out, const struct lnm_record *r, uint32_t node);

static void add_members(struct lnm_buf *out, const struct lnm_record *r, uint32_t node) {
    enum lnm_kind kind = lnm_record_member(r, node)->type->kind;
    const char *comma = "";
    lnm_buf_addc(out, kind == LNM_LIST ? '[' : '{');
    for (uint32_t i = lnm_record_first(r, node); i != 0; i = lnm_record_next(r, node, i)) {
        lnm_buf_addz(out, comma);
        comma = ",";
        if (kind == LNM_MAP) { /* a key, then its value */
            lnm_text_json(out, lnm_record_str(r, i));
            i = lnm_record_next(r, node, i);
        } else if (kind == LNM_STRUCT) {
            lnm_text_json(out, lnm_str_z(lnm_record_member(r, i)->name));
        }
        if (kind != LNM_LIST) {
            lnm_buf_addc(out, ':');
        }
        add_value(out, r, i);
    }
    lnm_buf_addc(out, kind == LNM_LIST ? ']' : '}');
}

/* A presigned URL holds a signature. */
static bool is_secret(const struct lnm_member *m) {
    return (m->flags & LNM_SECRET) != 0 ||
           (m->name != NULL && strcmp(m->name, "presigned_url") == 0);
}

/* What the cloud has sealed with its keys is another text each time, whatever the seed. */
static bool is_sealed(const struct lnm_member *m) {
    static const char *const names[] = {"block_token", "ciphertext_blob", "encoded_message"};
    bool sealed = m->name != NULL && strcmp(m->name, "next_token") == 0 &&
                  (m->flags & LNM_IN_QUERY) != 0; /* of EBS */
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        sealed = sealed || (m->name != NULL && strcmp(m->name, names[i]) == 0);
    }
    return sealed;
}

static void add_value(struct lnm_buf *out, const struct lnm_record *r, uint32_t node) {
    const struct lnm_member *m = lnm_record_member(r, node);
    enum lnm_kind kind = m->type->kind;
    if (is_secret(m) || is_sealed(m)) {
        lnm_buf_addz(out, is_secret(m) ? "\"(secret)\"" : "\"(sealed)\"");
    } else if (kind == LNM_STRUCT || kind == LNM_LIST || kind == LNM_MAP) {
        add_members(out, r, node);
    } else {
        lnm_text_json(out, lnm_record_str(r, node));
    }
}

static void add_text(struct lnm_buf *out, const char *before, const char *name, const char *value) {
    lnm_buf_addf(out, "%s\"%s\":", before, name);
    lnm_text_json(out, lnm_str_z(value));
}

void lnm_request_log_add(struct lnm_request_log *log, const struct lnm_cloud_request *r,
                         int status) {
    char time[LNM_DATE_MAX];
    if (log == NULL) {
        return;
    }
    lnm_date_iso(time, r->now_us);
    add_text(&log->lines, "{", "time", time);
    add_text(&log->lines, ",", "account", r->account);
    add_text(&log->lines, ",", "region", r->region);
    add_text(&log->lines, ",", "service", r->service != NULL ? r->service->name : "");
    add_text(&log->lines, ",", "action", r->op != NULL ? r->op->name : "");
    lnm_buf_addz(&log->lines, ",\"parameters\":");
    if (r->in.count > 0) {
        add_members(&log->lines, &r->in, 0);
    } else {
        lnm_buf_addz(&log->lines, "{}");
    }
    lnm_buf_addf(&log->lines, ",\"status\":%d", status);
    add_text(&log->lines, ",", "error", r->error.code);
    add_text(&log->lines, ",", "fault", r->fault != NULL ? lnm_fault_name(r->fault->kind) : "");
    lnm_buf_addz(&log->lines, "}\n");
}

void lnm_request_log_flush(struct lnm_request_log *log) {
    if (log != NULL && log->lines.len > 0) {
        if (write(log->fd, log->lines.ptr, log->lines.len) != (ssize_t)log->lines.len) {
            lnm_log(LNM_LOG_WARN, "the request log cannot be written: %s", strerror(errno));
        }
        lnm_buf_reset(&log->lines);
    }
}
