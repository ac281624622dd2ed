/* test_lists.c - how the local cloud reads what a list is made of. */
#include "cloud/scan.h"
#include "cloud/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int open_cloud(void **state) {
    struct lnm_cloud *c = calloc(1, sizeof *c);
    struct lnm_err err;
    c->lock_fd = -1;
    *state = c;
    int error = lnm_store_open(c, NULL, &err);
    lnm_store_enter(c);
    return error;
}

static int close_cloud(void **state) {
    struct lnm_cloud *c = *state;
    lnm_store_leave(c);
    lnm_store_close(c);
    free(c);
    return 0;
}

/* ---- walks ------------------------------------------------------------------------------------
 */

#define TAGS "SELECT resource, key FROM tags WHERE resource >= ?1 ORDER BY resource, key"

/* The keys of the rows that a walk has of an id, one after the other. */
static void check(struct lnm_walk *w, struct lnm_cloud *c, const char *id, const char *wanted) {
    struct lnm_buf keys = {0};
    sqlite3_stmt *s = lnm_walk_to(w, c, id);
    for (bool more = s != NULL; more; more = lnm_walk_next(w, id)) {
        lnm_buf_addz(&keys, lnm_store_text(s, 1));
    }
    assert_string_equal(lnm_buf_str(&keys).ptr, wanted);
    lnm_buf_free(&keys);
}

static void test_walk(void **state) {
    struct lnm_cloud *c = *state;
    struct lnm_walk w = {.sql = TAGS};
    assert_int_equal(sqlite3_exec(c->db,
                                  "INSERT INTO tags VALUES('b', '1', ''), ('c', '2', ''),"
                                  " ('c', '3', ''), ('c', '4', ''), ('e', '5', ''), ('f', '6', ''),"
                                  " ('g', '7', ''), ('g', '8', ''), ('z', '9', '')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    for (int round = 0; round < 2; round++) {
        check(&w, c, "a", "");
        check(&w, c, "b", "1");
        check(&w, c, "c", "234");
        check(&w, c, "d", "");
        check(&w, c, "da", "");
        check(&w, c, "e", "5");
        check(&w, c, "g", "78"); /* what lies between is passed over */
        check(&w, c, "h", "");
        lnm_walk_end(&w);
    }
    check(&w, c, "c", "234");
    check(&w, c, "z", "9");
    check(&w, c, "zz", "");
    check(&w, c, "zzz", "");
    lnm_walk_end(&w);
    lnm_walk_end(&w);
    assert_int_equal(sqlite3_exec(c->db, "DELETE FROM tags", NULL, NULL, NULL), SQLITE_OK);
    check(&w, c, "c", "");
    lnm_walk_end(&w);
}

/* The first row of an id, those after it left alone. */
static void test_walk_leaves_rows(void **state) {
    struct lnm_cloud *c = *state;
    struct lnm_walk w = {.sql = TAGS};
    assert_int_equal(sqlite3_exec(c->db,
                                  "INSERT INTO tags VALUES('b', '1', ''), ('b', '2', ''),"
                                  " ('b', '3', ''), ('c', '4', '')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_string_equal(lnm_store_text(lnm_walk_to(&w, c, "b"), 1), "1");
    assert_string_equal(lnm_store_text(lnm_walk_to(&w, c, "c"), 1), "4");
    assert_false(lnm_walk_next(&w, "c"));
    sqlite3_stmt *s = lnm_walk_to(&w, c, "d");
    assert_null(s);
    lnm_walk_end(&w);
}

/* A list that is made leaves nothing half read: that would keep SQLite from writing its log back.
 */
static void test_walk_ends(void **state) {
    struct lnm_cloud *c = *state;
    struct lnm_walk w = {.sql = TAGS};
    assert_int_equal(sqlite3_exec(c->db, "INSERT INTO tags VALUES('b', '1', ''), ('c', '2', '')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_stmt *s = lnm_walk_to(&w, c, "b");
    assert_true(sqlite3_stmt_busy(s));
    lnm_walk_end(&w);
    assert_false(sqlite3_stmt_busy(s));
}

/* ---- scans ------------------------------------------------------------------------------------
 */

/* The ids that a scan gives, one after the other. */
static void check_scan(struct lnm_cloud *c, const char *form, const char *after,
                       const char *wanted) {
    static const struct lnm_scan_kind kind = {.ids = "image_ids", .id_filter = "image-id"};
    struct lnm_cloud_request r = {.cloud = c, .service = &lnm_ec2};
    struct lnm_cloud_http http = {.method = "POST", .path = LNM_STR("/"), .body = lnm_str_z(form)};
    struct lnm_scan scan;
    struct lnm_buf ids = {0};
    const char *id;
    assert_int_equal(lnm_cloud_prepare(&r, &http), 0);
    assert_int_equal(lnm_scan_begin(&scan, &r, &kind, after), 0);
    while ((id = lnm_scan_next(&scan)) != NULL) {
        lnm_buf_addf(&ids, "%s ", id);
    }
    assert_false(scan.failed);
    assert_string_equal(lnm_buf_str(&ids).ptr, wanted);
    lnm_scan_end(&scan);
    lnm_buf_free(&ids);
    lnm_record_free(&r.in);
    lnm_record_free(&r.out);
}

#define LONG "ami-00000000000000000000000000000000000"

static void test_named_ids(void **state) {
    static const char list[] = "Action=DescribeImages&ImageId.1=c&ImageId.2=a&ImageId.3=c"
                               "&ImageId.4=" LONG "&ImageId.5=b&ImageId.6=";
    static const char filter[] = "Action=DescribeImages&Filter.1.Name=image-id&Filter.1.Value.1=z"
                                 "&Filter.1.Value.2=y&Filter.1.Value.3=z";
    struct lnm_cloud *c = *state;
    lnm_cloud_index_actions();
    check_scan(c, list, "", "a b c ");
    check_scan(c, list, "a", "b c ");
    check_scan(c, list, "c", "");
    check_scan(c, filter, "", "y z ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_walk, open_cloud, close_cloud),
        cmocka_unit_test_setup_teardown(test_walk_leaves_rows, open_cloud, close_cloud),
        cmocka_unit_test_setup_teardown(test_walk_ends, open_cloud, close_cloud),
        cmocka_unit_test_setup_teardown(test_named_ids, open_cloud, close_cloud)};
    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
