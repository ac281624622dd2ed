/* test_batch.c - requests that come together: one that fails leaves no trace, however late it
 * fails, and the others are answered as if it had not been there. */
#include "opened.h"

#include "cloud/batch.h"
#include "cloud/lifecycle.h"

#include "base/clock.h"

#include <stdio.h>

#define MOST 8

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
