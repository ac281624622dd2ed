/* rest_read.c - the parts of an HTTP message as a record, and which action a path asks for. */
#include "aws/rest.h"

#include "aws/json.h"
#include "base/text.h"

#define PARAMETERS_MAX 100

/* ---- paths ------------------------------------------------------------------------------------
 */

static bool is_label(struct lnm_str segment) {
    return segment.len > 2 && segment.ptr[0] == '{';
}

/* Does the path have the template's segments, and something for each label? */
static bool matches(struct lnm_str template, struct lnm_str path) {
    struct lnm_str wanted, given;
    while (template.len > 0 && path.len > 0) {
        template = lnm_str_cut(template, '/', &wanted);
        path = lnm_str_cut(path, '/', &given);
        if (is_label(wanted) ? given.len == 0 : !lnm_str_eq(wanted, given)) {
            return false;
        }
    }
    return template.len == 0 && path.len == 0;
}

const struct lnm_operation *lnm_rest_find(const struct lnm_service *service, struct lnm_str method,
                                          struct lnm_str path) {
    const struct lnm_operation *op;
    for (size_t i = 0; (op = lnm_operation_nth(service, i)) != NULL; i++) {
        const struct lnm_route *route = lnm_operation_route(op);
        if (lnm_str_is(method, route->method) && matches(lnm_str_z(route->path), path)) {
            return op;
        }
    }
    return NULL;
}

/* ---- values -----------------------------------------------------------------------------------
 */

static int mismatch(const struct lnm_member *m, struct lnm_err *err) {
    return lnm_fail(err, LNM_EPARSE, "SerializationException", "%s has a value of the wrong type",
                    m->wire);
}

static int add_value(struct lnm_record *out, const struct lnm_member *m, struct lnm_str value,
                     struct lnm_err *err) {
    int64_t n;
    switch (m->type->kind) {
    case LNM_INTEGER:
        if (lnm_str_int64(&n, value) < 0) {
            return mismatch(m, err);
        }
        lnm_record_int(out, m, n);
        return 0;
    case LNM_BOOLEAN:
        if (!lnm_str_is(value, "true") && !lnm_str_is(value, "false")) {
            return mismatch(m, err);
        }
        break;
    default:
        break;
    }
    lnm_record_text(out, m, value);
    return 0;
}

static int add_encoded(struct lnm_record *out, const struct lnm_member *m, struct lnm_str value,
                       bool plus_is_space, struct lnm_err *err) {
    struct lnm_buf plain = {0};
    int bad = lnm_text_unpercent(&plain, value, plus_is_space);
    int error = lnm_buf_check(&plain, err);
    error = error == 0 && bad < 0 ? mismatch(m, err) : error;
    if (error == 0) {
        error = add_value(out, m, lnm_buf_str(&plain), err);
    }
    lnm_buf_free(&plain);
    return error;
}

/* ---- where they stand --------------------------------------------------------------------------
 */

static int read_path(struct lnm_record *out, const char *template, struct lnm_str path,
                     struct lnm_err *err) {
    struct lnm_str rest = lnm_str_z(template), wanted, given;
    int error = 0;
    while (rest.len > 0 && error == 0) {
        rest = lnm_str_cut(rest, '/', &wanted);
        path = lnm_str_cut(path, '/', &given);
        if (is_label(wanted)) {
            const struct lnm_member *m =
                lnm_type_wire(out->root.type, (struct lnm_str){wanted.ptr + 1, wanted.len - 2});
            error = add_encoded(out, m, given, false, err);
        }
    }
    return error;
}

/* The member that a query's name stands for. Of two that are equal the first counts. */
static const struct lnm_member *parameter(const struct lnm_record *out, struct lnm_str name) {
    const struct lnm_member *m = lnm_type_wire(out->root.type, name);
    bool fits = m != NULL && (m->flags & LNM_IN_QUERY) != 0;
    return fits && lnm_record_find(out, 0, m->name) == 0 ? m : NULL;
}

static int read_query(struct lnm_record *out, struct lnm_str query, struct lnm_err *err) {
    int error = 0;
    for (int i = 0; query.len > 0 && error == 0; i++) {
        struct lnm_str one, name;
        query = lnm_str_cut(query, '&', &one);
        struct lnm_str value = lnm_str_cut(one, '=', &name);
        const struct lnm_member *m = parameter(out, name); /* no name needs an escape */
        if (i == PARAMETERS_MAX) {
            error = lnm_fail(err, LNM_ELIMIT, "TooLarge", "more than %d parameters", i);
        } else if (m != NULL) {
            error = add_encoded(out, m, value, true, err);
        }
    }
    return error;
}

static int read_headers(struct lnm_record *out, const struct lnm_rest_source *source,
                        struct lnm_err *err) {
    const struct lnm_type *type = out->root.type;
    int error = 0;
    for (size_t i = 0; i < type->member_count && error == 0; i++) {
        const struct lnm_member *m = &type->members[i];
        const char *value =
            (m->flags & LNM_IN_HEADER) != 0 ? source->header(source->arg, m->wire) : NULL;
        if (value != NULL) {
            error = add_value(out, m, lnm_str_trim(lnm_str_z(value)), err);
        }
    }
    return error;
}

int lnm_rest_read(struct lnm_record *out, const struct lnm_operation *op,
                  const struct lnm_rest_source *source, struct lnm_err *err) {
    const struct lnm_type *type = out->root.type;
    int error = 0;
    if (type == op->input) {
        error = read_path(out, lnm_operation_route(op)->path, source->path, err);
        error = error < 0 ? error : read_query(out, source->query, err);
    }
    if (error == 0) {
        error = read_headers(out, source, err);
    }
    if (error == 0 && lnm_rest_has_json(type)) {
        error = lnm_json_read(out, source->body, err);
    }
    return error < 0 ? error : lnm_record_check(out, err);
}
