/* The published SigV4 suite: every case in header and query form, every intermediate value. */
#include "vectors.h"

#include "aws/sigv4.h"
#include "base/date.h"
#include "base/text.h"

#include <dirent.h>

#define HEADERS 40

struct test_case {
    char *request, *canonical, *to_sign, *signature;
    struct lnm_header headers[HEADERS];
    size_t header_count;
    struct lnm_signing_params p;
    struct lnm_str body, uri;
    char hash[65];
    const char *key_id, *secret, *token;
    bool omit_token;
    json_int_t expires;
};

static char *load(const char *dir, const char *form, const char *what) {
    char path[900];
    (void)snprintf(path, sizeof path, "%s/%s%s%s", dir, form, form[0] ? "-" : "", what);
    return vectors_read(path);
}

/* "GET /path?query HTTP/1.1", headers with folded lines, an empty line, the body. */
static void parse_request(struct test_case *t) {
    struct lnm_str rest = lnm_str_z(t->request), line;
    rest = lnm_str_cut(rest, '\n', &line);
    struct lnm_str tail = lnm_str_cut(line, ' ', &t->p.method);
    assert_true(tail.len > 9);
    struct lnm_str uri = {tail.ptr, tail.len - 9}; /* " HTTP/1.1" */
    t->p.query = lnm_str_cut(uri, '?', &t->p.path);
    while (rest.len > 0) {
        rest = lnm_str_cut(rest, '\n', &line);
        if (line.len == 0) {
            t->body = rest;
            return;
        }
        if (line.ptr[0] == ' ' || line.ptr[0] == '\t') { /* a folded header goes on */
            struct lnm_str *v = &t->headers[t->header_count - 1].value;
            v->len = (size_t)(line.ptr + line.len - v->ptr);
            continue;
        }
        assert_true(t->header_count < HEADERS - 4);
        struct lnm_header *h = &t->headers[t->header_count++];
        h->value = lnm_str_cut(line, ':', &h->name);
    }
}

static void setup(struct test_case *t, json_t *context) {
    json_t *creds = json_object_get(context, "credentials");
    int64_t when;
    char date[LNM_DATE_MAX];
    t->key_id = json_string_value(json_object_get(creds, "access_key_id"));
    t->secret = json_string_value(json_object_get(creds, "secret_access_key"));
    t->token = json_string_value(json_object_get(creds, "token"));
    t->omit_token = json_is_true(json_object_get(context, "omit_session_token"));
    t->expires = json_integer_value(json_object_get(context, "expiration_in_seconds"));
    t->p.region = lnm_str_z(json_string_value(json_object_get(context, "region")));
    t->p.service = lnm_str_z(json_string_value(json_object_get(context, "service")));
    t->p.normalize_path = json_is_true(json_object_get(context, "normalize"));
    t->p.double_encode_path = true;
    assert_int_equal(
        lnm_date_parse(&when, lnm_str_z(json_string_value(json_object_get(context, "timestamp")))),
        0);
    lnm_date_amz(date, when);
    memcpy(t->p.amz_date, date, sizeof t->p.amz_date);
    parse_request(t);
    t->p.headers = t->headers;
}

static void add_header(struct test_case *t, const char *name, const char *value) {
    t->headers[t->header_count++] = (struct lnm_header){lnm_str_z(name), lnm_str_z(value)};
}

static void compare(const struct lnm_buf *got, const char *wanted, const char *name,
                    const char *what) {
    if (strcmp(lnm_buf_str(got).ptr, wanted) != 0) {
        fail_msg("%s, %s:\n--- got\n%s\n--- wanted\n%s", name, what, lnm_buf_str(got).ptr, wanted);
    }
}

static void check_stages(struct test_case *t, const struct lnm_signing_key *key, const char *name) {
    struct lnm_buf canonical = {0}, to_sign = {0};
    struct lnm_err err;
    char signature[65];
    assert_int_equal(lnm_sigv4_canonical_request(&canonical, &t->p, &err), 0);
    compare(&canonical, t->canonical, name, "canonical request");
    assert_int_equal(lnm_sigv4_string_to_sign(&to_sign, &t->p, lnm_buf_str(&canonical), &err), 0);
    compare(&to_sign, t->to_sign, name, "string to sign");
    lnm_sigv4_signature(signature, key, lnm_buf_str(&to_sign));
    assert_string_equal(signature, t->signature);
    lnm_buf_free(&canonical);
    lnm_buf_free(&to_sign);
}

/* The signed request must hold the very Authorization line that we make. */
static void check_header_form(struct test_case *t, const struct lnm_signing_key *key,
                              const char *name, const char *dir) {
    struct lnm_buf line = {0}, scratch = {0};
    struct lnm_err err;
    char *signed_request = load(dir, "header", "signed-request.txt");
    check_stages(t, key, name);
    lnm_buf_addz(&line, "Authorization:");
    assert_int_equal(
        lnm_sigv4_authorization(&line, &scratch, &t->p, lnm_str_z(t->key_id), key, &err), 0);
    lnm_buf_addc(&line, '\n');
    if (strstr(signed_request, lnm_buf_str(&line).ptr) == NULL) {
        fail_msg("%s: %s is not in\n%s", name, lnm_buf_str(&line).ptr, signed_request);
    }
    lnm_buf_free(&line);
    lnm_buf_free(&scratch);
    free(signed_request);
}

static void check_query_form(struct test_case *t, const struct lnm_signing_key *key,
                             const char *name, const char *dir) {
    struct lnm_buf query = {0}, scratch = {0};
    struct lnm_err err;
    char *signed_request = load(dir, "query", "signed-request.txt");
    const char *token = t->token != NULL && !t->omit_token ? t->token : "";
    assert_int_equal(lnm_sigv4_presign(&query, &scratch, &t->p, lnm_str_z(t->key_id),
                                       lnm_str_z(token), (unsigned)t->expires, key, &err),
                     0);
    const char *mark = strstr(lnm_buf_str(&query).ptr, "X-Amz-Signature=");
    assert_non_null(mark);
    assert_string_equal(mark + strlen("X-Amz-Signature="), t->signature);
    assert_non_null(strstr(signed_request, mark)); /* other parameters: their order is free */
    struct lnm_signing_params whole = t->p;
    whole.query = (struct lnm_str){query.ptr, (size_t)(mark - query.ptr) - 1};
    struct test_case copy = *t;
    copy.p = whole;
    check_stages(&copy, key, name);
    lnm_buf_free(&query);
    lnm_buf_free(&scratch);
    free(signed_request);
}

static void one_form(const char *root, const char *name, const char *form) {
    char dir[700], path[800], date8[9] = {0};
    struct test_case t = {0};
    struct lnm_signing_key key;
    (void)snprintf(dir, sizeof dir, "%s/%s", root, name);
    (void)snprintf(path, sizeof path, "%s/context.json", dir);
    json_t *context = json_load_file(path, 0, NULL);
    assert_non_null(context);
    t.request = load(dir, "", "request.txt");
    t.canonical = load(dir, form, "canonical-request.txt");
    t.to_sign = load(dir, form, "string-to-sign.txt");
    t.signature = load(dir, form, "signature.txt");
    setup(&t, context);
    bool header = strcmp(form, "header") == 0;
    bool sign_body = json_is_true(json_object_get(context, "sign_body"));
    lnm_sigv4_hash(t.hash, t.body);
    t.p.payload_hash = lnm_str_z(t.hash);
    if (header) {
        add_header(&t, "X-Amz-Date", t.p.amz_date);
        if (sign_body) {
            add_header(&t, "x-amz-content-sha256", t.hash);
        }
        if (t.token != NULL && !t.omit_token) {
            add_header(&t, "X-Amz-Security-Token", t.token);
        }
    }
    t.p.header_count = t.header_count;
    memcpy(date8, t.p.amz_date, 8);
    lnm_sigv4_signing_key(&key, lnm_str_z(t.secret), date8, t.p.region, t.p.service);
    if (header) {
        check_header_form(&t, &key, name, dir);
    } else {
        check_query_form(&t, &key, name, dir);
    }
    lnm_sigv4_signing_key_cleanse(&key);
    json_decref(context);
    free(t.request);
    free(t.canonical);
    free(t.to_sign);
    free(t.signature);
}

static void all_cases(const char *form) {
    char root[400];
    int count = 0;
    if (!vectors_dir(root, sizeof root, "sigv4")) {
        skip();
    }
    DIR *d = opendir(root);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        char probe[700];
        (void)snprintf(probe, sizeof probe, "%s/%s/context.json", root, e->d_name);
        if (e->d_name[0] != '.' && access(probe, R_OK) == 0) {
            one_form(root, e->d_name, form);
            count++;
        }
    }
    closedir(d);
    assert_int_equal(count, 38);
}

static void test_header_form(void **state) {
    (void)state;
    all_cases("header");
}

static void test_query_form(void **state) {
    (void)state;
    all_cases("query");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_header_form),
                                       cmocka_unit_test(test_query_form)};
    return cmocka_run_group_tests_name("sigv4_vectors", tests, NULL, NULL);
}
