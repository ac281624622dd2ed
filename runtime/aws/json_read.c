/* json_read.c - AWS JSON 1.1 text as a record, and its errors. */
#include "aws/json.h"

#include <stdio.h>

#include <jansson.h>

struct reader {
    struct lnm_record *out;
    struct lnm_err *err;
};

static int read_value(struct reader *r, const struct lnm_member *m, const json_t *v, int depth);

static int mismatch(struct reader *r, const struct lnm_member *m) {
    return lnm_fail(r->err, LNM_EPARSE, "SerializationException",
                    "%s has a value of the wrong type", m->wire != NULL ? m->wire : "an item");
}

static int read_struct(struct reader *r, const struct lnm_type *type, const json_t *v, int depth) {
    for (size_t i = 0; i < type->member_count; i++) {
        const struct lnm_member *m = &type->members[i];
        const json_t *child =
            (m->flags & LNM_NOT_IN_BODY) == 0 ? json_object_get(v, m->wire) : NULL;
        int error = child == NULL || json_is_null(child) ? 0 : read_value(r, m, child, depth);
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

static int read_list(struct reader *r, const struct lnm_member *item, const json_t *v, int depth) {
    for (size_t i = 0; i < json_array_size(v); i++) {
        const json_t *child = json_array_get(v, i);
        int error = json_is_null(child) ? 0 : read_value(r, item, child, depth);
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

static int read_map(struct reader *r, const struct lnm_member *value, const json_t *v, int depth) {
    static const struct lnm_type key_type = {.kind = LNM_STRING};
    static const struct lnm_member key_member = {.name = "key", .wire = "key", .type = &key_type};
    const char *key;
    json_t *child;
    json_object_foreach((json_t *)(uintptr_t)v, key, child) {
        if (json_is_null(child)) {
            continue;
        }
        lnm_record_text(r->out, &key_member, lnm_str_z(key));
        int error = read_value(r, value, child, depth);
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

static int read_container(struct reader *r, const struct lnm_member *m, const json_t *v,
                          int depth) {
    bool list = m->type->kind == LNM_LIST;
    if (list ? !json_is_array(v) : !json_is_object(v)) {
        return mismatch(r, m);
    }
    if (depth >= LNM_RECORD_DEPTH) {
        return lnm_fail(r->err, LNM_ELIMIT, "TooLarge", "nested too deep");
    }
    lnm_record_open(r->out, m);
    int error = list                       ? read_list(r, m->type->item, v, depth + 1)
                : m->type->kind == LNM_MAP ? read_map(r, m->type->item, v, depth + 1)
                                           : read_struct(r, m->type, v, depth + 1);
    lnm_record_close(r->out);
    return error;
}

static int read_number(struct reader *r, const struct lnm_member *m, const json_t *v) {
    if (json_is_integer(v)) {
        lnm_record_int(r->out, m, json_integer_value(v));
        return 0;
    }
    double d = json_real_value(v);
    if (m->type->kind == LNM_INTEGER) {
        if (!(d >= -9e15 && d <= 9e15) || (double)(int64_t)d < d || (double)(int64_t)d > d) {
            return mismatch(r, m);
        }
        lnm_record_int(r->out, m, (int64_t)d);
        return 0;
    }
    char text[40];
    int n = m->type->kind == LNM_TIMESTAMP ? snprintf(text, sizeof text, "%.6f", d)
                                           : snprintf(text, sizeof text, "%.17g", d);
    lnm_record_text(r->out, m, (struct lnm_str){text, (size_t)n});
    return 0;
}

static int read_value(struct reader *r, const struct lnm_member *m, const json_t *v, int depth) {
    enum lnm_kind kind = m->type->kind;
    bool number = kind == LNM_INTEGER || kind == LNM_FLOAT || kind == LNM_TIMESTAMP;
    bool text =
        kind == LNM_STRING || kind == LNM_BLOB || kind == LNM_TIMESTAMP || kind == LNM_FLOAT;
    if (kind == LNM_STRUCT || kind == LNM_LIST || kind == LNM_MAP) {
        return read_container(r, m, v, depth);
    }
    if (kind == LNM_BOOLEAN && json_is_boolean(v)) {
        lnm_record_bool(r->out, m, json_is_true(v));
        return 0;
    }
    if (number && json_is_number(v)) {
        return read_number(r, m, v);
    }
    if (text && json_is_string(v)) {
        lnm_record_text(r->out, m, (struct lnm_str){json_string_value(v), json_string_length(v)});
        return 0;
    }
    return mismatch(r, m);
}

static json_t *parse(struct lnm_str text, struct lnm_err *err) {
    json_error_t why;
    json_t *v = json_loadb(text.len > 0 ? text.ptr : "{}", text.len > 0 ? text.len : 2,
                           JSON_REJECT_DUPLICATES, &why);
    if (v == NULL || !json_is_object(v)) {
        json_decref(v);
        (void)lnm_fail(err, LNM_EPARSE, "SerializationException", "not a JSON object");
        return NULL;
    }
    return v;
}

int lnm_json_read(struct lnm_record *out, struct lnm_str text, struct lnm_err *err) {
    struct reader r = {out, err};
    json_t *v = parse(text, err);
    if (v == NULL) {
        return LNM_EPARSE;
    }
    int error = read_struct(&r, out->root.type, v, 1);
    json_decref(v);
    return error < 0 ? error : lnm_record_check(out, err);
}

/* "com.amazonaws.kms#NotFoundException:http://..." -> "NotFoundException" */
static void set_code(struct lnm_service_error *e, struct lnm_str type) {
    struct lnm_str head, rest = lnm_str_cut(type, '#', &head);
    struct lnm_str code = rest.len > 0 ? rest : head;
    (void)lnm_str_cut(code, ':', &code);
    (void)snprintf(e->code, sizeof e->code, "%.*s", (int)(code.len < 90 ? code.len : 90), code.ptr);
}

int lnm_json_read_error(struct lnm_service_error *e, struct lnm_str body,
                        struct lnm_str error_type_header, struct lnm_err *err) {
    memset(e, 0, sizeof *e);
    json_t *v = parse(body, err);
    const char *type = json_string_value(json_object_get(v, "__type"));
    type = type != NULL ? type : json_string_value(json_object_get(v, "code"));
    if (error_type_header.len > 0) {
        set_code(e, error_type_header);
    } else if (type != NULL) {
        set_code(e, lnm_str_z(type));
    }
    const char *message = json_string_value(json_object_get(v, "message"));
    message = message != NULL ? message : json_string_value(json_object_get(v, "Message"));
    (void)snprintf(e->message, sizeof e->message, "%s", message != NULL ? message : "");
    const char *reason = json_string_value(json_object_get(v, "Reason"));
    (void)snprintf(e->reason, sizeof e->reason, "%s", reason != NULL ? reason : "");
    int error = v == NULL && e->code[0] == '\0' ? LNM_EPARSE : 0;
    json_decref(v);
    return error;
}
