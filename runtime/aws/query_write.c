/* query_write.c - a record as an AWS Query form body. */
#include "aws/query.h"

#include "base/date.h"
#include "base/text.h"

#include <stdio.h>

#define FIRST_BYTES 200 /* more than most bodies have */

/* The prefix of the parameter that is being written ("BlockDeviceMapping.1.Ebs") grows and shrinks
 * in one buffer; `dialect` is the protocol. */
struct writer {
    struct lnm_buf *out;
    struct lnm_buf path;
    const struct lnm_record *in;
    bool flat; /* EC2: lists are always flattened and an empty one is not sent */
};

static void write_node(struct writer *w, uint32_t node);

static void pair(struct writer *w, struct lnm_str value) {
    lnm_buf_addc(w->out, '&');
    lnm_text_percent(w->out, lnm_buf_str(&w->path));
    lnm_buf_addc(w->out, '=');
    lnm_text_percent(w->out, value);
}

static size_t push(struct writer *w, const char *name) {
    size_t before = w->path.len;
    if (before > 0) {
        lnm_buf_addc(&w->path, '.');
    }
    lnm_buf_addz(&w->path, name);
    return before;
}

static void pop(struct writer *w, size_t before) {
    if (w->path.failed == 0 && w->path.ptr != NULL) {
        w->path.len = before;
        w->path.ptr[before] = '\0';
    }
}

static void write_struct(struct writer *w, uint32_t node) {
    for (uint32_t i = lnm_record_first(w->in, node); i != 0; i = lnm_record_next(w->in, node, i)) {
        size_t before = push(w, lnm_record_member(w->in, i)->wire);
        write_node(w, i);
        pop(w, before);
    }
}

static void write_list(struct writer *w, uint32_t node) {
    const struct lnm_member *m = lnm_record_member(w->in, node);
    bool flattened = w->flat || (m->flags & LNM_FLATTENED) != 0;
    size_t outer = w->path.len;
    unsigned n = 0;
    if (lnm_record_first(w->in, node) == 0) {
        if (!w->flat) {
            pair(w, LNM_STR_NONE);
        }
        return;
    }
    if (!flattened) {
        const char *item = m->type->item->wire;
        (void)push(w, item != NULL ? item : "member");
    }
    for (uint32_t i = lnm_record_first(w->in, node); i != 0; i = lnm_record_next(w->in, node, i)) {
        char index[LNM_STR_DECIMAL_MAX + 1];
        *lnm_str_decimal(index, ++n, 1) = '\0';
        size_t before = push(w, index);
        write_node(w, i);
        pop(w, before);
    }
    pop(w, outer);
}

static void write_map(struct writer *w, uint32_t node) {
    unsigned n = 0;
    for (uint32_t k = lnm_record_first(w->in, node); k != 0;) {
        uint32_t v = lnm_record_next(w->in, node, k);
        char name[32];
        (void)snprintf(name, sizeof name, "entry.%u.key", ++n);
        size_t before = push(w, name);
        pair(w, lnm_record_str(w->in, k));
        pop(w, before);
        (void)snprintf(name, sizeof name, "entry.%u.value", n);
        before = push(w, name);
        write_node(w, v);
        pop(w, before);
        k = lnm_record_next(w->in, node, v);
    }
}

static void write_timestamp(struct writer *w, const struct lnm_type *type, struct lnm_str text) {
    int64_t us;
    char spelled[LNM_DATE_MAX];
    if (lnm_date_parse(&us, text) < 0) {
        pair(w, text); /* the service will say what is wrong with it */
        return;
    }
    if (type->time == LNM_TIME_EPOCH) {
        (void)snprintf(spelled, sizeof spelled, "%lld", (long long)(us / LNM_SECOND_US));
    } else if (type->time == LNM_TIME_HTTP) {
        lnm_date_http(spelled, us);
    } else if (us % LNM_SECOND_US != 0) {
        lnm_date_iso(spelled, us);
    } else {
        lnm_date_iso_s(spelled, us);
    }
    pair(w, lnm_str_z(spelled));
}

static void write_node(struct writer *w, uint32_t node) {
    const struct lnm_type *type = lnm_record_member(w->in, node)->type;
    switch (type->kind) {
    case LNM_STRUCT:
        write_struct(w, node);
        break;
    case LNM_LIST:
        write_list(w, node);
        break;
    case LNM_MAP:
        write_map(w, node);
        break;
    case LNM_TIMESTAMP:
        write_timestamp(w, type, lnm_record_str(w->in, node));
        break;
    default:
        pair(w, lnm_record_str(w->in, node));
    }
}

int lnm_query_write(struct lnm_buf *out, const struct lnm_operation *op,
                    const struct lnm_record *input, struct lnm_err *err) {
    struct writer w = {.out = out, .in = input, .flat = op->service->protocol == LNM_PROTOCOL_EC2};
    int error = lnm_record_check(input, err);
    if (error < 0) {
        return error;
    }
    (void)lnm_buf_reserve(out, FIRST_BYTES);
    lnm_buf_addz(out, "Action=");
    lnm_buf_addz(out, op->name);
    lnm_buf_addz(out, "&Version=");
    lnm_buf_addz(out, op->service->version);
    write_struct(&w, 0);
    error = lnm_buf_check(&w.path, err);
    lnm_buf_free(&w.path);
    return error < 0 ? error : lnm_buf_check(out, err);
}
