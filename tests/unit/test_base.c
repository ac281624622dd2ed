/* The base layer: limits, sticky failure, encodings, escaping, dates, redaction. */
#include "vectors.h"

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"

#include <time.h>

static void test_buf_limit_is_sticky(void **state) {
    (void)state;
    struct lnm_buf b;
    struct lnm_err err;
    lnm_buf_init(&b, 8);
    lnm_buf_addz(&b, "12345678");
    assert_int_equal(lnm_buf_check(&b, &err), 0);
    assert_string_equal(b.ptr, "12345678");
    lnm_buf_addc(&b, '9');
    lnm_buf_addz(&b, "");
    lnm_buf_addc(&b, 'x');
    assert_int_equal(lnm_buf_check(&b, &err), LNM_ELIMIT);
    assert_null(b.ptr);
    lnm_buf_free(&b);
    lnm_buf_addz(&b, "again");
    assert_int_equal(lnm_buf_check(&b, &err), 0);
    lnm_buf_addf(&b, "%d", 12);
    assert_string_equal(b.ptr, "again12");
    lnm_buf_free(&b);
}

static void test_int64(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int error;
        int64_t value;
    } rows[] = {{"0", 0, 0},
                {"-1", 0, -1},
                {"9223372036854775807", 0, INT64_MAX},
                {"-9223372036854775808", 0, INT64_MIN},
                {"9223372036854775808", LNM_EPARSE, 0},
                {"-9223372036854775809", LNM_EPARSE, 0},
                {"", LNM_EPARSE, 0},
                {"-", LNM_EPARSE, 0},
                {"1x", LNM_EPARSE, 0},
                {" 1", LNM_EPARSE, 0},
                {"+1", LNM_EPARSE, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t v = 0;
        assert_int_equal(lnm_str_int64(&v, lnm_str_z(rows[i].text)), rows[i].error);
        assert_true(v == rows[i].value);
    }
}

static void test_glob(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool matches;
    } rows[] = {{"golden-*", "golden-2026", true},
                {"golden-*", "Golden-1", false},
                {"*", "", true},
                {"a?c", "abc", true},
                {"a?c", "ac", false},
                {"a\\*c", "a*c", true},
                {"a\\*c", "abc", false},
                {"*a*b*", "xxaxxbxx", true},
                {"*a*b", "aab ", false},
                {"", "", true},
                {"", "x", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(lnm_str_glob(lnm_str_z(rows[i].pattern), lnm_str_z(rows[i].text)),
                         rows[i].matches);
    }
    static char many[20001]; /* a pattern that naive matching would never end */
    memset(many, 'a', 20000);
    assert_false(lnm_str_glob(LNM_STR("*a*a*a*a*a*a*a*a*a*a*b"), (struct lnm_str){many, 20000}));
}

static void check_escape(const char *in, size_t len, const char *wanted) {
    struct lnm_buf b = {0};
    lnm_text_escape(&b, (struct lnm_str){in, len});
    assert_string_equal(lnm_buf_str(&b).ptr, wanted);
    lnm_buf_free(&b);
}

static void test_escape(void **state) {
    (void)state;
    check_escape("plain \xc3\xa9", 8, "plain \xc3\xa9");
    check_escape("\x1b]0;title\x07", 10, "\\u{1B}]0;title\\u{7}");
    check_escape("a\0b", 3, "a\\u{0}b");
    check_escape("\xc2\x9b", 2, "\\u{9B}"); /* C1 */
    check_escape("\xe2\x80\xae"
                 "gpj.exe",
                 10, "\\u{202E}gpj.exe"); /* right-to-left override */
    check_escape("\xe2\x80\xa8", 3, "\\u{2028}");
    check_escape("\xff\xc0\xaf", 3, "\\xFF\\xC0\\xAF"); /* not UTF-8, overlong */
    check_escape("\xed\xa0\x80", 3, "\\xED\\xA0\\x80"); /* a surrogate */
    check_escape("\xe2\x80", 2, "\\xE2\\x80");          /* cut short */
}

static void test_base64(void **state) {
    (void)state;
    static const struct {
        const char *plain, *coded;
    } rows[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
    static const char *const bad[] = {"Zg",   "Zg=",  "Z===", "Zm8",     "Zm9v\n",
                                      "Zh==", "Zm9=", "====", "Zg==Zg=="};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lnm_buf b = {0}, back = {0};
        lnm_text_base64(&b, (const unsigned char *)rows[i].plain, strlen(rows[i].plain));
        assert_string_equal(lnm_buf_str(&b).ptr, rows[i].coded);
        assert_int_equal(lnm_text_unbase64(&back, lnm_buf_str(&b)), 0);
        assert_string_equal(lnm_buf_str(&back).ptr, rows[i].plain);
        lnm_buf_free(&b);
        lnm_buf_free(&back);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct lnm_buf b = {0};
        assert_int_equal(lnm_text_unbase64(&b, lnm_str_z(bad[i])), LNM_EPARSE);
        lnm_buf_free(&b);
    }
}

static void test_percent(void **state) {
    (void)state;
    struct lnm_buf b = {0}, back = {0};
    lnm_text_percent(&b, LNM_STR("a b/c~\xc3\xa9+"));
    assert_string_equal(b.ptr, "a%20b%2Fc~%C3%A9%2B");
    assert_int_equal(lnm_text_unpercent(&back, lnm_buf_str(&b), false), 0);
    assert_string_equal(back.ptr, "a b/c~\xc3\xa9+");
    lnm_buf_reset(&back);
    assert_int_equal(lnm_text_unpercent(&back, LNM_STR("a+b"), true), 0);
    assert_string_equal(back.ptr, "a b");
    assert_int_equal(lnm_text_unpercent(&back, LNM_STR("%4"), false), LNM_EPARSE);
    assert_int_equal(lnm_text_unpercent(&back, LNM_STR("%zz"), false), LNM_EPARSE);
    lnm_buf_free(&b);
    lnm_buf_free(&back);
}

static void test_dates(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } good[] = {{"1970-01-01T00:00:00Z", 0},
                {"2019-12-16T23:48:18.5Z", INT64_C(1576540098500000)},
                {"2019-12-17T00:48:18+01:00", INT64_C(1576540098000000)},
                {"1969-12-31T23:59:59Z", -1000000},
                {"2000-02-29T12:00:00Z", INT64_C(951825600000000)},
                {"Tue, 29 Apr 2014 18:30:38 GMT", INT64_C(1398796238000000)},
                {"1422172800", INT64_C(1422172800000000)},
                {"1.5", 1500000},
                {"-1.5", -1500000},
                {"2038-01-19T03:14:08Z", INT64_C(2147483648000000)}};
    static const char *const bad[] = {"",
                                      "2019-13-01T00:00:00Z",
                                      "2019-02-29T00:00:00Z",
                                      "2019-01-01T25:00:00Z",
                                      "2019-01-01",
                                      "1e9",
                                      "Tue, 31 Apr 2014 18:30:38 GMT",
                                      "2019-01-01T00:00:00",
                                      "99999999999999999999",
                                      "2019-01-01T00:00:00+24:00"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t us = 0;
        assert_int_equal(lnm_date_parse(&us, lnm_str_z(good[i].text)), 0);
        assert_true(us == good[i].us);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t us = 7;
        assert_int_equal(lnm_date_parse(&us, lnm_str_z(bad[i])), LNM_EPARSE);
        assert_true(us == 7);
    }
    char text[LNM_DATE_MAX];
    lnm_date_http(text, INT64_C(1398796238000000));
    assert_string_equal(text, "Tue, 29 Apr 2014 18:30:38 GMT");
    lnm_date_amz(text, INT64_C(1440938160000000));
    assert_string_equal(text, "20150830T123600Z");
    lnm_date_iso(text, -500000);
    assert_string_equal(text, "1969-12-31T23:59:59.500Z");
}

/* The C library's own spelling of instants of four thousand years. */
static void test_spelt_dates(void **state) {
    (void)state;
    for (int64_t s = INT64_C(-60000000000); s < INT64_C(70000000000); s += INT64_C(86399 * 1013)) {
        char wanted[64], text[LNM_DATE_MAX];
        time_t t = (time_t)s;
        struct tm *parts = gmtime(&t);
        lnm_date_iso(text, s * LNM_SECOND_US + 7999);
        assert_int_not_equal(strftime(wanted, sizeof wanted, "%Y-%m-%dT%H:%M:%S.007Z", parts), 0);
        assert_string_equal(text + strspn(text, "0"), wanted);
        lnm_date_iso_s(text, s * LNM_SECOND_US);
        assert_int_not_equal(strftime(wanted, sizeof wanted, "%Y-%m-%dT%H:%M:%SZ", parts), 0);
        assert_string_equal(text + strspn(text, "0"), wanted);
        lnm_date_http(text, s * LNM_SECOND_US);
        assert_int_not_equal(strftime(wanted, sizeof wanted, "%a, %d %b", parts), 0);
        assert_memory_equal(text, wanted, strlen(wanted));
        assert_int_not_equal(strftime(wanted, sizeof wanted, " %H:%M:%S GMT", parts), 0);
        assert_string_equal(text + 16, wanted);
        lnm_date_amz(text, s * LNM_SECOND_US);
        assert_int_not_equal(strftime(wanted, sizeof wanted, "%Y%m%dT%H%M%SZ", parts), 0);
        assert_string_equal(text + strspn(text, "0"), wanted);
    }
}

static void test_decimal(void **state) {
    (void)state;
    static const int64_t values[] = {0, 7, 10, 99, 100, -1, -10, 123456789, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char wanted[32], text[LNM_STR_DECIMAL_MAX + 1];
        *lnm_str_decimal(text, values[i], 1) = '\0';
        (void)snprintf(wanted, sizeof wanted, "%lld", (long long)values[i]);
        assert_string_equal(text, wanted);
        if (values[i] >= 0) {
            *lnm_str_decimal(text, values[i], 6) = '\0';
            (void)snprintf(wanted, sizeof wanted, "%06lld", (long long)values[i]);
            assert_string_equal(text, wanted);
        }
    }
}

static void check_redacted(const char *line) {
    struct lnm_buf b = {0};
    lnm_log_redact(&b, lnm_str_z(line));
    if (strstr(lnm_buf_str(&b).ptr, "planted") != NULL) {
        fail_msg("%s became %s", line, b.ptr);
    }
    assert_non_null(strstr(b.ptr, "[redacted]"));
    lnm_buf_free(&b);
}

static void test_redaction(void **state) {
    (void)state;
    check_redacted("Authorization: AWS4-HMAC-SHA256 Credential=planted, Signature=planted");
    check_redacted("https://h/?X-Amz-Signature=planted&x=1");
    check_redacted("https://h/?x=1&X-Amz-Security-Token=planted%2F&X-Amz-Credential=planted");
    check_redacted("{\"SecretAccessKey\": \"planted/+=\", \"Token\": 1}");
    check_redacted("<SecretAccessKey>planted</SecretAccessKey>");
    check_redacted("aws_secret_access_key = planted");
    struct lnm_buf b = {0};
    lnm_log_redact(&b, LNM_STR("nothing here"));
    assert_string_equal(b.ptr, "nothing here");
    lnm_buf_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_buf_limit_is_sticky),
                                       cmocka_unit_test(test_int64),
                                       cmocka_unit_test(test_glob),
                                       cmocka_unit_test(test_escape),
                                       cmocka_unit_test(test_base64),
                                       cmocka_unit_test(test_percent),
                                       cmocka_unit_test(test_dates),
                                       cmocka_unit_test(test_spelt_dates),
                                       cmocka_unit_test(test_decimal),
                                       cmocka_unit_test(test_redaction)};
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
