/* json_write.c - a record as AWS JSON 1.1 text. */
#include "aws/json.h"

#include "base/date.h"

#include <stdlib.h>

#include <jansson.h>

static json_t *value_of(const struct lnm_record *r, uint32_t node);

static json_t *struct_of(const struct lnm_record *r, uint32_t node) {
    json_t *o = json_object();
    for (uint32_t i = lnm_record_first(r, node); i != 0; i = lnm_record_next(r, node, i)) {
        const struct lnm_member *m = lnm_record_member(r, i);
        if ((m->flags & LNM_NOT_IN_BODY) == 0) {
            (void)json_object_set_new(o, m->wire, value_of(r, i));
        }
    }
    return o;
}

static json_t *list_of(const struct lnm_record *r, uint32_t node) {
    json_t *a = json_array();
    for (uint32_t i = lnm_record_first(r, node); i != 0; i = lnm_record_next(r, node, i)) {
        (void)json_array_append_new(a, value_of(r, i));
    }
    return a;
}

static json_t *map_of(const struct lnm_record *r, uint32_t node) {
    json_t *o = json_object();
    for (uint32_t k = lnm_record_first(r, node); k != 0;) {
        uint32_t v = lnm_record_next(r, node, k);
        (void)json_object_set_new(o, lnm_record_str(r, k).ptr, value_of(r, v));
        k = lnm_record_next(r, node, v);
    }
    return o;
}

static json_t *timestamp_of(const struct lnm_type *type, struct lnm_str text) {
    int64_t us;
    char spelled[LNM_DATE_MAX];
    if (lnm_date_parse(&us, text) < 0) {
        return json_stringn(text.ptr, text.len);
    }
    if (type->time == LNM_TIME_ISO8601) {
        lnm_date_iso_s(spelled, us);
        return json_string(spelled);
    }
    if (type->time == LNM_TIME_HTTP) {
        lnm_date_http(spelled, us);
        return json_string(spelled);
    }
    return us % LNM_SECOND_US == 0 ? json_integer(us / LNM_SECOND_US) : json_real((double)us / 1e6);
}

static json_t *number_of(const struct lnm_type *type, struct lnm_str text) {
    int64_t n;
    if (lnm_str_int64(&n, text) == 0) {
        return json_integer(n);
    }
    char *end;
    double d = strtod(text.ptr, &end); /* a record's text is NUL-ended */
    bool whole = text.len > 0 && end == text.ptr + text.len && d - d == 0;
    return type->kind == LNM_FLOAT && whole ? json_real(d) : json_stringn(text.ptr, text.len);
}

static json_t *value_of(const struct lnm_record *r, uint32_t node) {
    const struct lnm_type *type = lnm_record_member(r, node)->type;
    switch (type->kind) {
    case LNM_STRUCT:
        return struct_of(r, node);
    case LNM_LIST:
        return list_of(r, node);
    case LNM_MAP:
        return map_of(r, node);
    default:
        break;
    }
    struct lnm_str text = lnm_record_str(r, node);
    switch (type->kind) {
    case LNM_BOOLEAN:
        return json_boolean(lnm_str_is(text, "true"));
    case LNM_INTEGER:
    case LNM_FLOAT:
        return number_of(type, text);
    case LNM_TIMESTAMP:
        return timestamp_of(type, text);
    default:
        return json_stringn(text.ptr, text.len);
    }
}

static int append(const char *bytes, size_t len, void *arg) {
    struct lnm_buf *out = arg;
    lnm_buf_add(out, bytes, len);
    return out->failed;
}

static int dump(struct lnm_buf *out, json_t *v, struct lnm_err *err) {
    int error =
        v == NULL ? -1 : json_dump_callback(v, append, out, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(v);
    if (error != 0 && out->failed == 0) {
        return lnm_fail(err, LNM_EINVAL, "SerializationException",
                        "a value cannot be spelt in JSON");
    }
    return lnm_buf_check(out, err);
}

int lnm_json_write(struct lnm_buf *out, const struct lnm_record *record, struct lnm_err *err) {
    int error = lnm_record_check(record, err);
    return error < 0 ? error : dump(out, struct_of(record, 0), err);
}

int lnm_json_write_error(struct lnm_buf *out, const struct lnm_service *service,
                         const struct lnm_service_error *e, struct lnm_err *err) {
    bool rest = service->protocol == LNM_PROTOCOL_REST_JSON;
    const char *reason = e->reason[0] != '\0' ? e->reason : NULL; /* NULL: left out */
    return dump(out,
                json_pack("{s:s, s:s, s:s*}", "__type", e->code, rest ? "Message" : "message",
                          e->message, "Reason", reason),
                err);
}
