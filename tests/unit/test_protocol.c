/* The published protocol suites: EC2 Query and JSON 1.1, encoding and decoding, by types made of
 * their shapes. */
#include "vectors.h"

#include "aws/json.h"
#include "aws/query.h"
#include "aws/xml.h"
#include "base/date.h"
#include "base/text.h"

#include <math.h>

/* ---- types from shapes --------------------------------------------------------------------------
 */

enum form { EC2_IN, EC2_OUT, JSON_FORM };

static struct {
    char key[200];
    struct lnm_type *type;
} made[400];
static size_t made_count;
static void *owned[8000];
static size_t owned_count;

static void *keep(size_t size) {
    assert_true(owned_count < 8000);
    return owned[owned_count++] = calloc(1, size);
}

static void forget(void) {
    while (owned_count > 0) {
        free(owned[--owned_count]);
    }
    made_count = 0;
}

static const char *text(const json_t *o, const char *name) {
    return json_string_value(json_object_get(o, name));
}

static const char *capital(const char *s) {
    char *c = keep(strlen(s) + 1);
    memcpy(c, s, strlen(s));
    c[0] = (char)(c[0] >= 'a' && c[0] <= 'z' ? c[0] - 'a' + 'A' : c[0]);
    return c;
}

/* botocore's rule for EC2 requests: queryName, else locationName with a capital, else the member's.
 */
static const char *wire_of(const char *name, const json_t *member, enum form form) {
    const char *location = text(member, "locationName");
    if (form != EC2_IN) {
        return location != NULL ? location : name;
    }
    const char *query = text(member, "queryName");
    return query != NULL ? query : location != NULL ? capital(location) : capital(name);
}

static enum lnm_time_format time_of(const json_t *shape, const json_t *member) {
    const char *f = text(member, "timestampFormat");
    f = f != NULL ? f : text(shape, "timestampFormat");
    return f == NULL                   ? LNM_TIME_DEFAULT
           : strcmp(f, "iso8601") == 0 ? LNM_TIME_ISO8601
           : strcmp(f, "rfc822") == 0  ? LNM_TIME_HTTP
                                       : LNM_TIME_EPOCH;
}

static const struct lnm_type *type_of(const json_t *shapes, const char *name, const json_t *member,
                                      enum form form);

static void fill_struct(struct lnm_type *t, const json_t *shapes, const json_t *shape,
                        enum form form) {
    json_t *members = json_object_get(shape, "members"), *m;
    struct lnm_member *list = keep((json_object_size(members) + 1) * sizeof *list);
    const char *name;
    t->members = list;
    json_object_foreach(members, name, m) {
        list[t->member_count++] = (struct lnm_member){
            .name = name,
            .wire = wire_of(name, m, form),
            .type = type_of(shapes, text(m, "shape"), m, form),
            .flags = json_is_true(
                         json_object_get(json_object_get(shapes, text(m, "shape")), "flattened")) ||
                             json_is_true(json_object_get(m, "flattened"))
                         ? LNM_FLATTENED
                         : 0};
    }
}

static void fill_item(struct lnm_type *t, const json_t *shapes, const json_t *item,
                      enum form form) {
    struct lnm_member *m = keep(sizeof *m);
    const char *location = text(item, "locationName");
    *m = (struct lnm_member){.wire = location != NULL ? location : "member",
                             .type = type_of(shapes, text(item, "shape"), item, form)};
    t->item = m;
}

static enum lnm_kind kind_of(const char *type) {
    static const char *const words[] = {"string",  "integer",   "long",      "float", "double",
                                        "boolean", "timestamp", "blob",      "list",  "structure",
                                        "map",     "char",      "bigdecimal"};
    static const enum lnm_kind kinds[] = {
        LNM_STRING, LNM_INTEGER, LNM_INTEGER, LNM_FLOAT, LNM_FLOAT,  LNM_BOOLEAN, LNM_TIMESTAMP,
        LNM_BLOB,   LNM_LIST,    LNM_STRUCT,  LNM_MAP,   LNM_STRING, LNM_FLOAT};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], type) == 0) {
            return kinds[i];
        }
    }
    fail_msg("unknown type %s", type);
    return LNM_STRING;
}

static const struct lnm_type *type_of(const json_t *shapes, const char *name, const json_t *member,
                                      enum form form) {
    const json_t *shape = json_object_get(shapes, name);
    enum lnm_time_format format = time_of(shape, member);
    char key[200];
    (void)snprintf(key, sizeof key, "%.150s %d", name, format);
    for (size_t i = 0; i < made_count; i++) {
        if (strcmp(made[i].key, key) == 0) {
            return made[i].type; /* shapes may be recursive */
        }
    }
    assert_true(made_count < 400);
    struct lnm_type *t = keep(sizeof *t);
    t->kind = kind_of(text(shape, "type"));
    t->time = format;
    memcpy(made[made_count].key, key, sizeof key);
    made[made_count++].type = t;
    if (t->kind == LNM_STRUCT) {
        fill_struct(t, shapes, shape, form);
    } else if (t->kind == LNM_LIST) {
        fill_item(t, shapes, json_object_get(shape, "member"), form);
    } else if (t->kind == LNM_MAP) {
        fill_item(t, shapes, json_object_get(shape, "value"), form);
    }
    return t;
}

/* ---- values -------------------------------------------------------------------------------------
 */

static void put(struct lnm_record *r, const struct lnm_member *m, const json_t *v);

static void put_struct(struct lnm_record *r, const struct lnm_type *t, const json_t *v) {
    for (size_t i = 0; i < t->member_count; i++) {
        const json_t *child = json_object_get(v, t->members[i].name);
        if (child != NULL && !json_is_null(child)) {
            put(r, &t->members[i], child);
        }
    }
}

static void put_container(struct lnm_record *r, const struct lnm_member *m, const json_t *v) {
    static const struct lnm_type key_type = {.kind = LNM_STRING};
    static const struct lnm_member key = {.name = "key", .wire = "key", .type = &key_type};
    const char *name;
    json_t *child;
    lnm_record_open(r, m);
    if (m->type->kind == LNM_STRUCT) {
        put_struct(r, m->type, v);
    } else if (m->type->kind == LNM_LIST) {
        for (size_t i = 0; i < json_array_size(v); i++) {
            put(r, m->type->item, json_array_get(v, i));
        }
    } else {
        json_object_foreach((json_t *)(uintptr_t)v, name, child) {
            lnm_record_text(r, &key, lnm_str_z(name));
            put(r, m->type->item, child);
        }
    }
    lnm_record_close(r);
}

static void put(struct lnm_record *r, const struct lnm_member *m, const json_t *v) {
    char number[40];
    enum lnm_kind kind = m->type->kind;
    if (kind == LNM_STRUCT || kind == LNM_LIST || kind == LNM_MAP) {
        put_container(r, m, v);
    } else if (kind == LNM_BLOB) {
        struct lnm_buf b = {0};
        lnm_text_base64(&b, (const unsigned char *)json_string_value(v), json_string_length(v));
        lnm_record_text(r, m, lnm_buf_str(&b));
        lnm_buf_free(&b);
    } else if (json_is_boolean(v)) {
        lnm_record_bool(r, m, json_is_true(v));
    } else if (json_is_integer(v)) {
        lnm_record_int(r, m, json_integer_value(v));
    } else if (json_is_real(v)) {
        (void)snprintf(number, sizeof number, "%.17g", json_real_value(v));
        double back;
        for (int digits = 1; digits < 17; digits++) { /* the shortest that reads back the same */
            (void)snprintf(number, sizeof number, "%.*g", digits, json_real_value(v));
            back = strtod(number, NULL);
            if (!(back < json_real_value(v)) && !(back > json_real_value(v))) {
                break;
            }
        }
        lnm_record_text(r, m, lnm_str_z(number));
    } else {
        lnm_record_text(r, m, (struct lnm_str){json_string_value(v), json_string_length(v)});
    }
}

static json_t *get(const struct lnm_record *r, uint32_t node);

static json_t *get_container(const struct lnm_record *r, uint32_t node, enum lnm_kind kind) {
    json_t *v = kind == LNM_LIST ? json_array() : json_object();
    for (uint32_t i = lnm_record_first(r, node); i != 0; i = lnm_record_next(r, node, i)) {
        if (kind == LNM_STRUCT) {
            (void)json_object_set_new(v, lnm_record_member(r, i)->name, get(r, i));
        } else if (kind == LNM_LIST) {
            (void)json_array_append_new(v, get(r, i));
        } else {
            uint32_t value = lnm_record_next(r, node, i);
            (void)json_object_set_new(v, lnm_record_str(r, i).ptr, get(r, value));
            i = value;
        }
    }
    return v;
}

static json_t *get(const struct lnm_record *r, uint32_t node) {
    enum lnm_kind kind = lnm_record_member(r, node)->type->kind;
    struct lnm_str s = kind == LNM_STRUCT || kind == LNM_LIST || kind == LNM_MAP
                           ? LNM_STR_NONE
                           : lnm_record_str(r, node);
    int64_t n;
    if (kind == LNM_STRUCT || kind == LNM_LIST || kind == LNM_MAP) {
        return get_container(r, node, kind);
    }
    if (kind == LNM_BOOLEAN) {
        return json_boolean(lnm_str_is(s, "true"));
    }
    if (kind == LNM_TIMESTAMP) {
        assert_int_equal(lnm_date_parse(&n, s), 0);
        return json_real((double)n / 1e6);
    }
    if (kind == LNM_BLOB) {
        struct lnm_buf b = {0};
        assert_int_equal(lnm_text_unbase64(&b, s), 0);
        json_t *v = json_stringn(lnm_buf_str(&b).ptr, b.len);
        lnm_buf_free(&b);
        return v;
    }
    if (kind == LNM_INTEGER && lnm_str_int64(&n, s) == 0) {
        return json_integer(n);
    }
    char *end;
    double d = strtod(s.len > 0 ? s.ptr : "", &end);
    return kind == LNM_FLOAT && s.len > 0 && *end == '\0' && isfinite(d)
               ? json_real(d)
               : json_stringn(s.ptr, s.len);
}

/* Equal, numbers by value; nulls of the wanted side are absent ones. */
static bool same(const json_t *a, const json_t *b) {
    const char *name;
    json_t *child;
    if (json_is_number(a) && json_is_number(b)) {
        return fabs(json_number_value(a) - json_number_value(b)) < 1e-6;
    }
    if (json_is_object(a) && json_is_object(b)) {
        size_t wanted = 0;
        json_object_foreach((json_t *)(uintptr_t)b, name, child) {
            if (!json_is_null(child)) {
                wanted++;
                if (!same(json_object_get(a, name), child)) {
                    return false;
                }
            }
        }
        return json_object_size(a) == wanted;
    }
    if (json_is_array(a) && json_is_array(b)) {
        bool ok = json_array_size(a) == json_array_size(b);
        for (size_t i = 0; ok && i < json_array_size(a); i++) {
            ok = same(json_array_get(a, i), json_array_get(b, i));
        }
        return ok;
    }
    return a != NULL && json_equal(a, b);
}

static int failures;

static void differ(const char *id, json_t *got, const json_t *wanted) {
    char *g = json_dumps(got, JSON_ENCODE_ANY | JSON_SORT_KEYS),
         *w = json_dumps(wanted, JSON_ENCODE_ANY | JSON_SORT_KEYS);
    print_message("%s: got %s, wanted %s\n", id, g != NULL ? g : "-", w != NULL ? w : "-");
    free(g);
    free(w);
    failures++;
}

/* ---- the suites
 * ---------------------------------------------------------------------------------- */

static bool left_out(const char *id) {
    static const char *const ids[] = {
        "Ec2QueryHostWithPath",  /* endpoint paths: EC2, KMS and STS have none */
        "Ec2QueryEndpointTrait", /* host prefixes: none of the three has one */
        "Ec2QueryEndpointTraitWithHostLabel",
        "AwsJson11EndpointTrait",
        "AwsJson11EndpointTraitWithHostLabel",
        "AwsJson11HostWithPath",
        "Ec2ProtocolIdempotencyTokenAutoFill", /* filled in by client/request.c, not by the codec */
        "SDKAppliedContentEncoding_ec2Query",
        "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query",
        "SDKAppliedContentEncoding_awsJson1_1", /* compressed requests: none of the three takes them
                                                 */
        "SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1",
        "Ec2XmlEnums",
        "Ec2XmlIntEnums",                /* hold an XML map: no EC2 or STS answer has one */
        "PutAndGetInlineDocumentsInput", /* document types: none of the three services has one */
        NULL};
    for (size_t i = 0; ids[i] != NULL; i++) {
        if (strcmp(ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* Pairs of a form body, sorted, one a line: compared as a set. */
static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted_form(const char *form) {
    char *copy = strdup(form), *parts[500], *save = NULL;
    size_t n = 0;
    struct lnm_buf out = {0};
    for (char *p = strtok_r(copy, "&", &save); p != NULL && n < 500;
         p = strtok_r(NULL, "&", &save)) {
        struct lnm_buf plain = {0};
        (void)lnm_text_unpercent(&plain, lnm_str_z(p), true);
        parts[n++] = strdup(lnm_buf_str(&plain).ptr);
        lnm_buf_free(&plain);
    }
    qsort(parts, n, sizeof parts[0], by_text);
    for (size_t i = 0; i < n; i++) {
        lnm_buf_addf(&out, "%s\n", parts[i]);
        free(parts[i]);
    }
    free(copy);
    char *result = strdup(lnm_buf_str(&out).ptr);
    lnm_buf_free(&out);
    return result;
}

static void check_form(const char *id, const char *got, const char *wanted) {
    char *a = sorted_form(got), *b = sorted_form(wanted);
    if (strcmp(a, b) != 0) {
        print_message("%s: got\n%s\nwanted\n%s\n", id, a, b);
        failures++;
    }
    free(a);
    free(b);
}

static struct lnm_service service_for(const json_t *suite, enum form form) {
    const char *version = text(json_object_get(suite, "metadata"), "apiVersion");
    return (struct lnm_service){.name = "test",
                                .version = version,
                                .xmlns = "x",
                                .protocol =
                                    form == JSON_FORM ? LNM_PROTOCOL_JSON11 : LNM_PROTOCOL_EC2};
}

/* No body stands for an empty object. */
static const char *body_of(const json_t *wanted) {
    const char *body = text(wanted, "body");
    return body != NULL && body[0] != '\0' ? body : "{}";
}

static void encode_case(const json_t *suite, const json_t *c, enum form form) {
    static const struct lnm_type nothing = {.kind = LNM_STRUCT};
    const json_t *given = json_object_get(c, "given"), *shapes = json_object_get(suite, "shapes");
    const json_t *wanted = json_object_get(c, "serialized");
    const char *shape = text(json_object_get(given, "input"), "shape"), *id = text(c, "id");
    struct lnm_service service = service_for(suite, form);
    struct lnm_operation op = {.name = text(given, "name"), .service = &service};
    struct lnm_record in = {0};
    struct lnm_buf out = {0};
    struct lnm_err err;
    op.input = shape != NULL ? type_of(shapes, shape, NULL, form) : &nothing;
    assert_int_equal(lnm_record_init(&in, op.input, 0), 0);
    put_struct(&in, op.input, json_object_get(c, "params"));
    lnm_record_close(&in);
    if (form == JSON_FORM) {
        assert_int_equal(lnm_json_write(&out, &in, &err), 0);
        json_t *got = json_loadb(out.ptr, out.len, 0, NULL);
        json_t *body = json_loads(body_of(wanted), 0, NULL);
        if (!same(got, body)) {
            differ(id, got, body);
        }
        json_decref(got);
        json_decref(body);
    } else {
        assert_int_equal(lnm_query_write(&out, &op, &in, &err), 0);
        check_form(id, lnm_buf_str(&out).ptr, text(wanted, "body"));
    }
    lnm_buf_free(&out);
    lnm_record_free(&in);
}

static void check_error(const json_t *c, const struct lnm_service_error *e) {
    const json_t *response = json_object_get(c, "response");
    const char *code = text(c, "errorCode"), *message = text(c, "errorMessage");
    (void)response;
    if (code != NULL && strcmp(code, e->code) != 0) {
        print_message("%s: code '%s', wanted '%s'\n", text(c, "id"), e->code, code);
        failures++;
    }
    if (message != NULL && message[0] != '\0' && strcmp(message, e->message) != 0) {
        print_message("%s: message '%s', wanted '%s'\n", text(c, "id"), e->message, message);
        failures++;
    }
}

static struct lnm_str header_of(const json_t *response, const char *wanted) {
    const char *name;
    json_t *v;
    json_object_foreach(json_object_get(response, "headers"), name, v) {
        if (lnm_str_ieq(lnm_str_z(name), lnm_str_z(wanted))) {
            return lnm_str_z(json_string_value(v));
        }
    }
    return LNM_STR_NONE;
}

static void compare_result(const json_t *c, const struct lnm_record *r) {
    json_t *got = get(r, 0);
    const json_t *wanted = json_object_get(c, "result");
    if (!same(got, wanted)) {
        differ(text(c, "id"), got, wanted);
    }
    json_decref(got);
}

static void decode_xml(const json_t *c, const struct lnm_operation *op, const char *body,
                       bool wants_error) {
    struct lnm_xml_reader *reader;
    struct lnm_record r = {0};
    struct lnm_service_error e = {0};
    struct lnm_str id;
    struct lnm_err err;
    bool is_error = false;
    assert_int_equal(lnm_xml_reader_new(&reader, NULL, &err), 0);
    assert_int_equal(lnm_xml_reader_begin(reader, op, &r, &err), 0);
    int error = lnm_xml_reader_feed(reader, body, strlen(body), &err);
    error = error < 0 ? error : lnm_xml_reader_end(reader, &is_error, &e, &id, &err);
    if (error < 0 || is_error != wants_error) {
        print_message("%s: %s\n", text(c, "id"), error < 0 ? err.message : "error or no error?");
        failures++;
    } else if (wants_error) {
        check_error(c, &e);
    } else {
        compare_result(c, &r);
    }
    lnm_record_free(&r);
    lnm_xml_reader_free(reader);
}

static void decode_json(const json_t *c, const struct lnm_operation *op, const json_t *response,
                        bool wants_error) {
    const char *body = text(response, "body");
    struct lnm_service_error e;
    struct lnm_record r = {0};
    struct lnm_err err;
    struct lnm_str s = lnm_str_z(body);
    if (wants_error) {
        assert_int_equal(lnm_json_read_error(&e, s, header_of(response, "x-amzn-errortype"), &err),
                         0);
        check_error(c, &e);
        return;
    }
    assert_int_equal(lnm_record_init(&r, op->output, 0), 0);
    if (lnm_json_read(&r, s, &err) < 0) {
        print_message("%s: %s\n", text(c, "id"), err.message);
        failures++;
    } else {
        lnm_record_close(&r);
        compare_result(c, &r);
    }
    lnm_record_free(&r);
}

static void decode_case(const json_t *suite, const json_t *c, enum form form) {
    static const struct lnm_type nothing = {.kind = LNM_STRUCT};
    const json_t *given = json_object_get(c, "given"), *response = json_object_get(c, "response");
    const char *shape = text(json_object_get(given, "output"), "shape");
    struct lnm_service service = service_for(suite, form);
    struct lnm_operation op = {.name = text(given, "name"), .service = &service};
    bool wants_error = json_integer_value(json_object_get(response, "status_code")) >= 300;
    op.output =
        shape != NULL ? type_of(json_object_get(suite, "shapes"), shape, NULL, form) : &nothing;
    if (form == JSON_FORM) {
        decode_json(c, &op, response, wants_error);
    } else {
        decode_xml(c, &op, text(response, "body"), wants_error);
    }
}

static void run_file(const char *name, enum form form, bool encode, int least) {
    char dir[400], path[500];
    int count = 0;
    if (!vectors_dir(dir, sizeof dir, "protocol")) {
        skip();
    }
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    json_t *suites = json_load_file(path, 0, NULL);
    assert_non_null(suites);
    failures = 0;
    for (size_t i = 0; i < json_array_size(suites); i++) {
        const json_t *suite = json_array_get(suites, i), *cases = json_object_get(suite, "cases");
        for (size_t k = 0; k < json_array_size(cases); k++) {
            const json_t *c = json_array_get(cases, k);
            if (!left_out(text(c, "id"))) {
                (encode ? encode_case : decode_case)(suite, c, form);
                count++;
            }
        }
        forget();
    }
    json_decref(suites);
    assert_int_equal(failures, 0);
    assert_true(count >= least);
}

static void test_input_ec2(void **state) {
    (void)state;
    run_file("input-ec2.json", EC2_IN, true, 22);
}

static void test_output_ec2(void **state) {
    (void)state;
    run_file("output-ec2.json", EC2_OUT, false, 26);
}

static void test_input_json(void **state) {
    (void)state;
    run_file("input-json11.json", JSON_FORM, true, 40);
}

static void test_output_json(void **state) {
    (void)state;
    run_file("output-json11.json", JSON_FORM, false, 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_input_ec2), cmocka_unit_test(test_output_ec2),
        cmocka_unit_test(test_input_json), cmocka_unit_test(test_output_json)};
    return cmocka_run_group_tests_name("protocol", tests, NULL, NULL);
}
