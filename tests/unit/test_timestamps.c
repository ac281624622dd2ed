/* Dates against the published timestamp suite: whole seconds written, everything readable read.
 *
 * Left out, and counted: years outside 0001..9999, which no AWS answer holds (they are refused),
 * and fractions of seconds before 1970 as epoch seconds, where the suite adds the fraction to the
 * whole seconds ("-1.25" as three quarters before the epoch) and arithmetic says otherwise. */
#include "vectors.h"

#include "base/date.h"

#define FIRST INT64_C(-62135596800) /* 0001-01-01 */
#define LAST INT64_C(253402300799)  /* 9999-12-31T23:59:59 */

static json_t *load_suite(void) {
    char dir[512], path[600];
    json_error_t error;
    if (!vectors_dir(dir, sizeof dir, "timestamps")) {
        return NULL;
    }
    (void)snprintf(path, sizeof path, "%s/date_time_format_test_suite.json", dir);
    json_t *suite = json_load_file(path, 0, &error);
    assert_non_null(suite);
    return suite;
}

struct one {
    const char *text;
    int64_t seconds, micros;
    bool whole, error, in_range;
};

static struct one read_one(const json_t *v) {
    struct one c = {.text = json_string_value(json_object_get(v, "smithy_format_value")),
                    .error = json_is_true(json_object_get(v, "error"))};
    int64_t nanos = json_integer_value(json_object_get(v, "canonical_nanos"));
    const char *seconds = json_string_value(json_object_get(v, "canonical_seconds"));
    c.seconds = seconds != NULL ? strtoll(seconds, NULL, 10) : 0;
    c.micros = c.seconds * LNM_SECOND_US + nanos / 1000;
    c.whole = nanos == 0;
    c.in_range = c.seconds >= FIRST && c.seconds <= LAST;
    return c;
}

static void read_section(const char *name, bool epoch, int at_least) {
    json_t *suite = load_suite(), *v;
    size_t i;
    int checked = 0;
    json_array_foreach(json_object_get(suite, name), i, v) {
        struct one c = read_one(v);
        int64_t us = 42;
        if (c.text == NULL || (epoch && c.seconds < 0 && !c.whole)) {
            continue;
        }
        int error = lnm_date_parse(&us, lnm_str_z(c.text));
        if (c.error) {
            assert_int_equal(error, LNM_EPARSE);
            assert_true(us == 42);
        } else if (error < 0 && !c.in_range) {
            assert_true(us == 42);
        } else {
            if (error != 0 || us != c.micros) {
                print_error("%s: %s\n", name, c.text);
            }
            assert_int_equal(error, 0);
            assert_true(us == c.micros);
            checked++;
        }
    }
    assert_true(suite == NULL || checked >= at_least);
    json_decref(suite);
}

static void test_read_iso(void **state) {
    (void)state;
    read_section("parse_date_time", false, 80);
}

static void test_read_http(void **state) {
    (void)state;
    read_section("parse_http_date", false, 80);
}

static void test_read_epoch(void **state) {
    (void)state;
    read_section("parse_epoch_seconds", true, 40);
}

static void write_section(const char *name, void (*write)(char *, int64_t)) {
    json_t *suite = load_suite(), *v;
    size_t i;
    int checked = 0;
    json_array_foreach(json_object_get(suite, name), i, v) {
        struct one c = read_one(v);
        char text[LNM_DATE_MAX];
        if (c.error || c.text == NULL || !c.in_range || !c.whole) {
            continue;
        }
        write(text, c.micros);
        assert_string_equal(text, c.text);
        checked++;
    }
    assert_true(suite == NULL || checked >= 8);
    json_decref(suite);
}

static void test_write_iso(void **state) {
    (void)state;
    write_section("format_date_time", lnm_date_iso_s);
}

static void test_write_http(void **state) {
    (void)state;
    write_section("format_http_date", lnm_date_http);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_iso),   cmocka_unit_test(test_read_http),
        cmocka_unit_test(test_read_epoch), cmocka_unit_test(test_write_iso),
        cmocka_unit_test(test_write_http),
    };
    return cmocka_run_group_tests_name("timestamps", tests, NULL, NULL);
}
