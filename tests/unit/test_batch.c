/* test_batch.c - requests that come together: one that fails leaves no trace, however late it
 * fails, and the others are answered as if it had not been there. */
#include "cloud/batch.h"
#include "cloud/blocks.h"
#include "cloud/kms_material.h"
#include "cloud/lifecycle.h"
#include "cloud/policy.h"
#include "cloud/root_key.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MOST 8

static int open_cloud(void **state) {
    struct lnm_cloud *c = calloc(1, sizeof *c);
    struct lnm_err err;
    c->lock_fd = -1;
    c->speed = 1;
    lnm_cloud_index_actions();
    *state = c;
    int error = lnm_store_open(c, NULL, &err);
    lnm_store_enter(c);
    return error < 0 || lnm_kms_material_open(c, NULL, &err) < 0 ||
                   lnm_blocks_open(c, NULL, &err) < 0
               ? -1
               : 0;
}

static int close_cloud(void **state) {
    struct lnm_cloud *c = *state;
    lnm_store_leave(c);
    lnm_blocks_close(c);
    lnm_store_close(c);
    lnm_root_key_close(c->root);
    lnm_policy_free(c->managed_policy);
    lnm_policies_forget(&c->policies);
    free(c);
    return 0;
}

static int64_t number(struct lnm_cloud *c, const char *sql) {
    sqlite3_stmt *s = lnm_store_query(c, sql, "");
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    (void)sqlite3_reset(s);
    return n;
}

/* Run forms as one batch; their statuses go into `got`, in their order. */
static void run(struct lnm_cloud *c, const char *const *forms, int *got) {
    struct lnm_exchange x[MOST] = {0};
    struct lnm_cloud_request r[MOST] = {0};
    size_t n = 0;
    for (; forms[n] != NULL; n++) {
        struct lnm_cloud_http http = {
            .method = "POST", .path = LNM_STR("/"), .body = lnm_str_z(forms[n])};
        r[n] = (struct lnm_cloud_request){.cloud = c,
                                          .service = &lnm_ec2,
                                          .account = LNM_CLOUD_ACCOUNT,
                                          .region = "us-east-1",
                                          .administrator = true};
        assert_int_equal(lnm_cloud_prepare(&r[n], &http), 0);
        x[n].request = &r[n];
        x[n].next = forms[n + 1] != NULL ? &x[n + 1] : NULL;
    }
    lnm_batch_run(c, x);
    for (size_t i = 0; i < n; i++) {
        const char *answer = lnm_buf_str(&x[i].answer).ptr, *head = "<?xml";
        got[i] = x[i].status;
        assert_ptr_equal(strstr(answer, head), answer); /* one answer, from its beginning */
        assert_null(strstr(answer + 1, head));
        assert_true((x[i].status < 300) == (strstr(answer, "<volumeId>vol-") != NULL));
        lnm_buf_free(&x[i].answer);
        lnm_record_free(&r[i].in);
        lnm_record_free(&r[i].out);
    }
}

static bool has_prepared(const struct lnm_cloud *c, const char *sql) {
    for (size_t i = 0; i < LNM_CLOUD_STATEMENTS; i++) {
        if (c->statements[i].sql != NULL && strcmp(c->statements[i].sql, sql) == 0) {
            return true;
        }
    }
    return false;
}

#define CREATE                                                                                     \
    "Action=CreateVolume&Version=2016-11-15&AvailabilityZone=us-east-1a&Size=1&Encrypted=true"
#define TAGGED(type)                                                                               \
    CREATE "&ClientToken=t&TagSpecification.1.ResourceType=" type                                  \
           "&TagSpecification.1.Tag.1.Key=k&TagSpecification.1.Tag.1.Value=v"

static void test_good_ones_need_no_savepoint(void **state) {
    static const char *const forms[] = {CREATE, TAGGED("volume"), CREATE, NULL};
    struct lnm_cloud *c = *state;
    int got[MOST];
    run(c, forms, got);
    assert_true(got[0] == 200 && got[1] == 200 && got[2] == 200);
    assert_int_equal(number(c, "SELECT count(DISTINCT id) FROM volumes"), 3);
    assert_false(has_prepared(c, "SAVEPOINT request"));
}

/* The second has made a volume and kept its token when its tags are refused. */
static void test_one_that_fails_late_leaves_no_trace(void **state) {
    static const char *const forms[] = {CREATE, TAGGED("image"), CREATE, TAGGED("volume"), NULL};
    struct lnm_cloud *c = *state;
    int got[MOST];
    run(c, forms, got);
    assert_true(got[0] == 200 && got[1] == 400 && got[2] == 200 && got[3] == 200);
    assert_int_equal(number(c, "SELECT count(DISTINCT id) FROM volumes"), 3);
    assert_int_equal(number(c, "SELECT count(*) FROM tags"), 1);
    assert_int_equal(number(c, "SELECT count(*) FROM tokens"), 1);
    assert_int_equal(number(c, "SELECT count(*) FROM keys WHERE manager = 'AWS'"), 1);
    assert_true(has_prepared(c, "SAVEPOINT request"));
}

static void test_a_dry_run_leaves_no_trace(void **state) {
    static const char *const forms[] = {CREATE "&DryRun=true", CREATE, TAGGED("volume") "&DryRun=1",
                                        NULL};
    struct lnm_cloud *c = *state;
    int got[MOST];
    run(c, forms, got);
    assert_true(got[0] == 412 && got[1] == 200 && got[2] == 412);
    assert_int_equal(number(c, "SELECT count(*) FROM volumes"), 1);
    assert_int_equal(number(c, "SELECT count(*) FROM tokens"), 0);
}

static void test_one_alone_that_fails_leaves_no_trace(void **state) {
    static const char *const forms[] = {TAGGED("image"), NULL};
    struct lnm_cloud *c = *state;
    int got[MOST];
    assert_int_equal(lnm_lifecycle_look(c), 0);
    run(c, forms, got);
    assert_int_equal(got[0], 400);
    assert_int_equal(number(c, "SELECT count(*) FROM volumes"), 0);
    assert_int_equal(number(c, "SELECT count(*) FROM keys"), 0);
    assert_false(has_prepared(c, "SAVEPOINT request"));
}

/* What had come to its end for the batch comes to it again when the batch is run again. */
static void test_what_was_due_is_due_again(void **state) {
    static const char *const first[] = {CREATE, NULL}, *const then[] = {CREATE, TAGGED("image"),
                                                                        NULL};
    struct lnm_cloud *c = *state;
    int got[MOST];
    run(c, first, got);
    assert_int_equal(lnm_store_exec(c, "UPDATE volumes SET due = 1", ""), 0);
    assert_int_equal(lnm_lifecycle_look(c), 0);
    run(c, then, got);
    assert_true(got[0] == 200 && got[1] == 400);
    assert_int_equal(
        number(c, "SELECT count(*) FROM volumes WHERE 'available' = " LNM_VOLUME_STATE), 1);
    assert_int_equal(number(c, "SELECT count(*) FROM volumes WHERE 'creating' = " LNM_VOLUME_STATE),
                     1);
    assert_true(c->due_us > lnm_now_us() && c->due_us < LNM_NEVER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_good_ones_need_no_savepoint, open_cloud, close_cloud),
        cmocka_unit_test_setup_teardown(test_one_that_fails_late_leaves_no_trace, open_cloud,
                                        close_cloud),
        cmocka_unit_test_setup_teardown(test_a_dry_run_leaves_no_trace, open_cloud, close_cloud),
        cmocka_unit_test_setup_teardown(test_one_alone_that_fails_leaves_no_trace, open_cloud,
                                        close_cloud),
        cmocka_unit_test_setup_teardown(test_what_was_due_is_due_again, open_cloud, close_cloud)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
