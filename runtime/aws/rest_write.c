/* rest_write.c - a record as the parts of an HTTP message. */
#include "aws/rest.h"

#include "aws/json.h"
#include "base/text.h"

/* The value of the path member that a template calls `wire`. */
static int add_label(struct lnm_buf *out, const struct lnm_record *r, struct lnm_str wire,
                     struct lnm_err *err) {
    const struct lnm_member *m = lnm_type_wire(r->root.type, wire);
    struct lnm_str value = m != NULL ? lnm_record_get(r, 0, m->name) : LNM_STR_NONE;
    if (value.len == 0) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "%s must be given",
                        m != NULL ? m->name : "a part of the path");
    }
    lnm_text_percent(out, value);
    return 0;
}

static int write_path(struct lnm_buf *out, const char *template, const struct lnm_record *r,
                      struct lnm_err *err) {
    struct lnm_str rest = lnm_str_z(template), head;
    while (rest.len > 0) {
        rest = lnm_str_cut(rest, '{', &head);
        lnm_buf_adds(out, head);
        if (rest.len > 0) {
            rest = lnm_str_cut(rest, '}', &head);
            int error = add_label(out, r, head, err);
            if (error < 0) {
                return error;
            }
        }
    }
    return 0;
}

static void write_parameter(struct lnm_buf *out, const struct lnm_member *m, struct lnm_str value) {
    lnm_buf_addz(out, out->len > 0 ? "&" : "");
    lnm_text_percent(out, lnm_str_z(m->wire));
    lnm_buf_addc(out, '=');
    lnm_text_percent(out, value);
}

static int write_header(struct lnm_buf *out, const struct lnm_member *m, struct lnm_str value,
                        struct lnm_err *err) {
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7f) {
            return lnm_fail(err, LNM_EINVAL, "InvalidArgument",
                            "%s cannot hold a control character", m->name);
        }
    }
    lnm_buf_add(out, m->wire, strlen(m->wire) + 1);
    lnm_buf_adds(out, value);
    lnm_buf_addc(out, '\0');
    return 0;
}

static int write_members(struct lnm_rest_message *out, const struct lnm_record *r,
                         struct lnm_err *err) {
    int error = 0;
    for (uint32_t i = lnm_record_first(r, 0); i != 0 && error == 0; i = lnm_record_next(r, 0, i)) {
        const struct lnm_member *m = lnm_record_member(r, i);
        if ((m->flags & LNM_IN_QUERY) != 0) {
            write_parameter(&out->query, m, lnm_record_str(r, i));
        } else if ((m->flags & LNM_IN_HEADER) != 0) {
            error = write_header(&out->headers, m, lnm_record_str(r, i), err);
        }
    }
    return error;
}

bool lnm_rest_has_json(const struct lnm_type *t) {
    for (size_t i = 0; i < t->member_count; i++) {
        if ((t->members[i].flags & LNM_NOT_IN_BODY) == 0) {
            return true;
        }
    }
    return false;
}

int lnm_rest_write(struct lnm_rest_message *out, const struct lnm_operation *op,
                   const struct lnm_record *record, struct lnm_err *err) {
    const struct lnm_type *type = record->root.type;
    int error = lnm_record_check(record, err);
    if (error == 0 && type == op->input) {
        error = write_path(&out->path, lnm_operation_route(op)->path, record, err);
    }
    if (error == 0) {
        error = write_members(out, record, err);
    }
    if (error == 0 && lnm_rest_has_json(type)) {
        error = lnm_json_write(&out->body, record, err);
    }
    if (error == 0 && (error = lnm_buf_check(&out->path, err)) == 0 &&
        (error = lnm_buf_check(&out->query, err)) == 0) {
        error = lnm_buf_check(&out->headers, err);
    }
    return error;
}

bool lnm_rest_next_header(struct lnm_header *out, const struct lnm_rest_message *m, size_t *at) {
    if (*at >= m->headers.len) {
        return false;
    }
    out->name = lnm_str_z(m->headers.ptr + *at);
    out->value = lnm_str_z(out->name.ptr + out->name.len + 1);
    *at += out->name.len + 1 + out->value.len + 1;
    return true;
}

void lnm_rest_message_free(struct lnm_rest_message *m) {
    lnm_buf_free(&m->path);
    lnm_buf_free(&m->query);
    lnm_buf_free(&m->headers);
    lnm_buf_cleanse(&m->body);
}
