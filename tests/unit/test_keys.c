/* Keys from a terminal: whole ones only, however the bytes come. */
#include "host/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_key(struct lnm_keys *k, enum lnm_key kind, const char *bytes) {
    struct lnm_str key;
    assert_int_equal(lnm_keys_next(&key, k), kind);
    assert_int_equal(key.len, strlen(bytes));
    assert_memory_equal(key.ptr, bytes, key.len);
}

static void nothing(struct lnm_keys *k) {
    struct lnm_str key;
    assert_int_equal(lnm_keys_next(&key, k), LNM_KEY_NONE);
}

static void whole_keys(void **state) {
    (void)state;
    struct lnm_keys k = {0};
    nothing(&k);
    lnm_keys_add(&k, LNM_STR("a\xc3\xa9\x1b[A\x1bOH\x1b"
                             "f\x1b[1;5C\r"));
    expect_key(&k, LNM_KEY_BYTES, "a");
    expect_key(&k, LNM_KEY_BYTES, "\xc3\xa9");
    expect_key(&k, LNM_KEY_BYTES, "\x1b[A");
    expect_key(&k, LNM_KEY_BYTES, "\x1bOH");
    expect_key(&k, LNM_KEY_BYTES,
               "\x1b"
               "f");
    expect_key(&k, LNM_KEY_BYTES, "\x1b[1;5C");
    expect_key(&k, LNM_KEY_BYTES, "\r");
    nothing(&k);
    lnm_keys_free(&k);
}

/* Every way to cut the same bytes in two gives the same keys. */
static void cut_anywhere(void **state) {
    (void)state;
    static const char bytes[] = "x\xe6\x97\xa5\x1b[200~y\x1b[201~\xf0\x9f\x99\x82";
    static const size_t lengths[] = {1, 3, 6, 1, 6, 4};
    for (size_t at = 0; at < sizeof bytes; at++) {
        struct lnm_keys k = {0};
        struct lnm_str key;
        size_t n = 0;
        lnm_keys_add(&k, (struct lnm_str){bytes, at});
        for (int half = 0; half < 2; half++) {
            for (enum lnm_key kind; (kind = lnm_keys_next(&key, &k)) != LNM_KEY_NONE; n++) {
                assert_int_equal(key.len, lengths[n]);
                assert_int_equal(kind, n == 2   ? LNM_KEY_PASTE_BEGIN
                                       : n == 4 ? LNM_KEY_PASTE_END
                                                : LNM_KEY_BYTES);
            }
            if (half == 0) {
                lnm_keys_add(&k, (struct lnm_str){bytes + at, sizeof bytes - 1 - at});
            }
        }
        assert_int_equal(n, 6);
        lnm_keys_free(&k);
    }
}

static void broken_bytes(void **state) {
    (void)state;
    struct lnm_keys k = {0};
    struct lnm_str key;
    lnm_keys_add(&k, LNM_STR("\xff\xc3z"));
    expect_key(&k, LNM_KEY_BYTES, "\xff");
    expect_key(&k, LNM_KEY_BYTES, "\xc3");
    expect_key(&k, LNM_KEY_BYTES, "z");
    lnm_keys_add(&k, LNM_STR("\x1b[;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;"));
    assert_int_equal(lnm_keys_next(&key, &k),
                     LNM_KEY_BYTES); /* too long to be one: not waited for */
    lnm_keys_drop(&k);
    nothing(&k);
    lnm_keys_free(&k);
}

static void lines(void **state) {
    (void)state;
    struct lnm_keys k = {0};
    struct lnm_str line;
    assert_false(lnm_keys_line(&line, &k, true));
    lnm_keys_add(&k, LNM_STR("one\ntwo\r\n\nthr"));
    assert_true(lnm_keys_line(&line, &k, false) && lnm_str_is(line, "one"));
    assert_true(lnm_keys_line(&line, &k, false) && lnm_str_is(line, "two"));
    assert_true(lnm_keys_line(&line, &k, false) && line.len == 0);
    assert_false(lnm_keys_line(&line, &k, false));
    lnm_keys_add(&k, LNM_STR("ee"));
    assert_true(lnm_keys_line(&line, &k, true) && lnm_str_is(line, "three"));
    assert_false(lnm_keys_line(&line, &k, true));
    lnm_keys_free(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole_keys), cmocka_unit_test(cut_anywhere),
                                       cmocka_unit_test(broken_bytes), cmocka_unit_test(lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
