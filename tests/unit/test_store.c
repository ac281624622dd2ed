/* test_store.c - the local cloud's state: older schemas become newer ones with what is in them, no
 * Describe of a page reads a whole table, what is remembered of keys holds no longer than it
 * should, and what is due at once ends at once. */
#include "opened.h"

#include "aws/query.h"
#include "aws/sigv4_hash.h"
#include "cloud/blocks.h"
#include "cloud/data_keys.h"
#include "cloud/lifecycle.h"
#include "cloud/schema.h"

#include <stdio.h>

#define NOW_US INT64_C(1764000000000000)

static int open_furnished(void **state) {
    struct lnm_err err;
    return open_cloud(state) < 0 || lnm_cloud_furnish(*state, &err) < 0 ? -1 : 0;
}

/* ---- schemas ----------------------------------------------------------------------------------
 */

static const char of_the_first_version[] =
    "INSERT INTO images(id, account, region, name, state, created) VALUES('ami-1', '1', 'r', 'old',"
    " 'pending', 1);"
    "INSERT INTO devices(image, position, device, snapshot, size) VALUES('ami-1', 0, '/dev/xvda',"
    " 'snap-1', 8);"
    "INSERT INTO snapshots(id, account, region, state, started, due, doomed, size, encrypted)"
    " VALUES('snap-1', '1', 'r', 'pending', 1, 2, 0, 8, 0);"
    "INSERT INTO volumes(id, account, region, state, size, encrypted, created, due, doomed,"
    " instance, device) VALUES('vol-1', '1', 'r', 'in-use', 8, 0, 1, 1, 0, 'i-1', '/dev/xvda');"
    "INSERT INTO instances(id, account, region, image, state) VALUES('i-1', '1', 'r', 'ami-1',"
    " 'running');"
    "INSERT INTO tags VALUES('ami-1', 'k', 'v');";

/* What was written by the first version is there, and goes on, from whatever version in between. */
static void test_every_version_becomes_the_newest(void **state) {
    int64_t newest = number(*state, "PRAGMA user_version");
    assert_true(newest > 5);
    for (int64_t between = 1; between <= newest; between++) {
        struct lnm_cloud *c = calloc(1, sizeof *c);
        struct lnm_err err;
        assert_int_equal(sqlite3_open(":memory:", &c->db), SQLITE_OK);
        assert_int_equal(lnm_schema_migrate_to(c, 1, &err), 0);
        assert_int_equal(sqlite3_exec(c->db, of_the_first_version, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(lnm_schema_migrate_to(c, between, &err), 0);
        assert_int_equal(number(c, "PRAGMA user_version"), between);
        assert_int_equal(lnm_schema_migrate(c, &err), 0);
        assert_int_equal(number(c, "PRAGMA user_version"), newest);
        assert_int_equal(number(c, "SELECT count(*) FROM volumes WHERE attach_state = 'attached'"),
                         1);
        assert_int_equal(number(c, "SELECT count(*) FROM tags WHERE value = 'v'"), 1);
        lnm_store_close(c);
        free(c);
    }
}

/* A new file, which is made at once, is what all steps come to. */
static void test_a_new_file_is_as_the_steps_leave_it(void **state) {
    static const char *const asked[] = {
        "SELECT group_concat(type || name || sql, '\n') FROM (SELECT * FROM sqlite_schema WHERE"
        " sql IS NOT NULL ORDER BY name)",
        "SELECT group_concat(next) FROM slots"};
    struct lnm_err err;
    sqlite3_stmt *a = NULL, *b = NULL;
    struct lnm_cloud *c = calloc(1, sizeof *c), *new = calloc(1, sizeof *new);
    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &c->db), SQLITE_OK);
    assert_int_equal(sqlite3_open(":memory:", &new->db), SQLITE_OK);
    assert_int_equal(lnm_schema_migrate_to(c, lnm_schema_newest(), &err), 0);
    assert_int_equal(lnm_schema_copy(new), 0);
    assert_int_equal(lnm_schema_version(new), lnm_schema_version(c));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(sqlite3_prepare_v2(c->db, asked[i], -1, &a, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_prepare_v2(new->db, asked[i], -1, &b, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(a), SQLITE_ROW);
        assert_int_equal(sqlite3_step(b), SQLITE_ROW);
        assert_string_equal((const char *)sqlite3_column_text(a, 0),
                            (const char *)sqlite3_column_text(b, 0));
        (void)sqlite3_finalize(a);
        (void)sqlite3_finalize(b);
    }
    assert_int_equal(sqlite3_prepare_v2(new->db, "PRAGMA integrity_check", -1, &a, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(a), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(a, 0), "ok");
    (void)sqlite3_finalize(a);
    lnm_store_close(c);
    lnm_store_close(new);
    free(c);
    free(new);
}

/* Where the pages cannot be copied, the steps are taken. */
static void test_pages_of_another_size(void **state) {
    struct lnm_err err;
    struct lnm_cloud *c = calloc(1, sizeof *c);
    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &c->db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(c->db, "PRAGMA page_size = 1024; CREATE TABLE x(y); DROP TABLE x",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(lnm_schema_copy(c), -1);
    assert_int_equal(lnm_schema_migrate(c, &err), 0);
    assert_int_equal(lnm_schema_version(c), lnm_schema_newest());
    lnm_store_close(c);
    free(c);
}

static void test_a_newer_version_is_refused(void **state) {
    struct lnm_cloud *c = *state;
    struct lnm_err err = {0};
    assert_int_equal(sqlite3_exec(c->db, "PRAGMA user_version = 9999", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(lnm_schema_migrate(c, &err), LNM_EIO);
    assert_non_null(strstr(err.message, "newer lunami"));
}

/* ---- what is read -----------------------------------------------------------------------------
 */

static void ask(struct lnm_cloud *c, const char *form) {
    struct lnm_buf answer = {0};
    struct lnm_cloud_request r = {.cloud = c,
                                  .service = &lnm_ec2,
                                  .account = LNM_CLOUD_ACCOUNT,
                                  .region = "us-east-1",
                                  .administrator = true,
                                  .now_us = NOW_US};
    struct lnm_cloud_http http = {.method = "POST", .path = LNM_STR("/"), .body = lnm_str_z(form)};
    assert_int_equal(lnm_cloud_prepare(&r, &http), 0);
    int status = lnm_cloud_perform(&answer, &r);
    if (status != 200) {
        fail_msg("%s: %s", form, lnm_buf_str(&answer).ptr);
    }
    lnm_record_free(&r.in);
    lnm_record_free(&r.out);
    lnm_buf_free(&answer);
}

/* A step of a plan that reads all rows of what grows with an account, or sorts what could be read
 * in its order. The first row of an index, for the next event, is no such thing. */
static bool reads_all(const char *step, const char *sql) {
    static const char *const tables[] = {"images", "snapshots", "volumes",    "instances",
                                         "tags",   "devices",   "permissions"};
    const char *scan = strncmp(step, "SCAN ", 5) == 0 ? step + 5 : NULL;
    bool found = strstr(step, "USE TEMP B-TREE") != NULL && strstr(sql, "> ?3") != NULL;
    for (size_t i = 0; scan != NULL && i < sizeof tables / sizeof tables[0]; i++) {
        size_t len = strlen(tables[i]);
        found = found ||
                (strncmp(scan, tables[i], len) == 0 && (scan[len] == '\0' || scan[len] == ' '));
    }
    size_t len = strlen(sql);
    bool first = strstr(step, "INDEX") != NULL && strcmp(sql + len - 7, "LIMIT 1") == 0;
    return found && !first;
}

/* The plans of all statements that were prepared so far. */
static void check_plans(struct lnm_cloud *c) {
    int seen = 0;
    for (size_t i = 0; i < LNM_CLOUD_STATEMENTS; i++) {
        const char *sql = c->statements[i].sql;
        if (sql == NULL || strncmp(sql, "SELECT", 6) != 0) {
            continue;
        }
        char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
        sqlite3_stmt *s = NULL;
        assert_int_equal(sqlite3_prepare_v2(c->db, explain, -1, &s, NULL), SQLITE_OK);
        while (sqlite3_step(s) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(s, 3);
            if (reads_all(step, sql)) {
                fail_msg("%s\n  in: %s", step, sql);
            }
        }
        (void)sqlite3_finalize(s);
        sqlite3_free(explain);
        seen++;
    }
    assert_true(seen > 10);
}

/* A statement that is left half read would keep SQLite from writing its log back. */
static void check_nothing_is_open(struct lnm_cloud *c, const char *form) {
    for (sqlite3_stmt *s = sqlite3_next_stmt(c->db, NULL); s != NULL;
         s = sqlite3_next_stmt(c->db, s)) {
        if (sqlite3_stmt_busy(s)) {
            fail_msg("%s leaves open: %s", form, sqlite3_sql(s));
        }
    }
}

#define BY_SNAPSHOT                                                                                \
    "Action=DescribeImages&Filter.1.Name=block-device-mapping.snapshot-id"                         \
    "&Filter.1.Value.1=snap-0a000000000000003"

static void test_pages_read_by_indexes(void **state) {
    static const char *const forms[] = {
        "Action=DescribeImages&Owner.1=self&MaxResults=100",
        "Action=DescribeImages&MaxResults=100&NextToken=YWZ0ZXI6YW1pLTBhMDAwMDAwMDAwMDAwMDAz",
        "Action=DescribeImages&ImageId.1=ami-0a000000000000002",
        "Action=DescribeImages&Filter.1.Name=name&Filter.1.Value.1=golden-2026-11",
        "Action=DescribeImages&Filter.1.Name=tag:role&Filter.1.Value.1=web&MaxResults=5",
        BY_SNAPSHOT,
        "Action=DescribeSnapshots&Owner.1=self&MaxResults=100",
        "Action=DescribeSnapshots&SnapshotId.1=snap-0a000000000000003",
        "Action=DescribeSnapshots&Filter.1.Name=tag:role&Filter.1.Value.1=web&MaxResults=5",
        "Action=DescribeVolumes&MaxResults=100",
        "Action=DescribeVolumes&Filter.1.Name=volume-id&Filter.1.Value.1=vol-0a000000000000003",
        "Action=DescribeVolumes&Filter.1.Name=tag:role&Filter.1.Value.1=web",
        "Action=DescribeVolumes&Filter.1.Name=attachment.instance-id&Filter.1.Value.1=i-0a00",
        "Action=DescribeInstances&MaxResults=100",
        "Action=DescribeTags&MaxResults=100",
        "Action=DescribeTags&Filter.1.Name=resource-id&Filter.1.Value.1=ami-0a000000000000002",
        "Action=DescribeTags&Filter.1.Name=tag:role&Filter.1.Value.1=web",
        "Action=DescribeInstances&Filter.1.Name=tag:role&Filter.1.Value.1=web",
        "Action=DescribeInstances&Filter.1.Name=instance-id&Filter.1.Value.1=i-0a000000000000003"};
    struct lnm_cloud *c = *state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        ask(c, forms[i]);
        check_nothing_is_open(c, forms[i]);
    }
    assert_int_equal(lnm_lifecycle_settle(c, NOW_US), 0);
    check_plans(c);
}

/* ---- what is furnished -------------------------------------------------------------------------
 */

/* Blocks are hashed when they are written, the furnished ones beforehand: by what is there. */
static void test_furnished_blocks_are_hashed_as_they_are(void **state) {
    struct lnm_cloud *c = *state;
    unsigned char *bytes = malloc(LNM_BLOCK), sum[LNM_BLOCK_SUM], want[LNM_BLOCK_SUM];
    int count = 0;
    sqlite3_stmt *s = lnm_store_query(
        c,
        "SELECT s.map, b.idx, ifnull(s.data_key, ''), min(s.id) FROM snapshots s JOIN blocks b"
        " ON b.map = s.map GROUP BY 1, 2",
        "");
    assert_true(bytes != NULL && s != NULL);
    for (; sqlite3_step(s) == SQLITE_ROW; count++) {
        struct lnm_data_key key;
        bool plain = lnm_store_text(s, 2)[0] == '\0';
        assert_int_equal(lnm_data_key_open(c, &key, LNM_CLOUD_ACCOUNT, lnm_store_text(s, 2)), 0);
        assert_int_equal(
            lnm_block_read(c, bytes, sum, lnm_store_int(s, 0), lnm_store_int(s, 1), &key), 1);
        lnm_sha256(want, (struct lnm_str){(const char *)bytes, LNM_BLOCK});
        assert_memory_equal(sum, want, sizeof sum);
        const char *id = lnm_store_text(s, 3);
        bool named = memcmp(bytes, id, strlen(id)) == 0;
        assert_true(plain || named);
    }
    assert_int_equal(count, 6);
    (void)sqlite3_reset(s);
    free(bytes);
}

/* ---- what is remembered ------------------------------------------------------------------------
 */

static bool is_enabled(struct lnm_cloud *c, const char *name) {
    struct lnm_cloud_key k;
    return lnm_key_resolve(c, &k, LNM_CLOUD_ACCOUNT, "us-east-1", lnm_str_z(name)) &&
           strcmp(k.state, "Enabled") == 0;
}

static void run(struct lnm_cloud *c, const char *sql) {
    if (lnm_store_exec(c, sql, "") < 0) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(c->db));
    }
}

#define OF_ONE " WHERE region = 'us-east-1' AND id = '00000000-0000-4000-8000-000000000001'"

/* Asked again and again, a key is as it is now: changed, undone, and named by another alias. */
static void test_keys_are_as_they_are_now(void **state) {
    struct lnm_cloud *c = *state;
    assert_true(is_enabled(c, "alias/one") && is_enabled(c, "alias/one"));
    uint64_t changes = c->key_changes;
    run(c, "UPDATE snapshots SET description = 'of no key'");
    assert_int_equal(c->key_changes, changes);
    run(c, "BEGIN");
    run(c, "SAVEPOINT request");
    run(c, "UPDATE keys SET state = 'Disabled'" OF_ONE);
    assert_false(is_enabled(c, "alias/one"));
    run(c, "ROLLBACK TO request");
    assert_true(is_enabled(c, "alias/one"));
    run(c, "UPDATE keys SET state = 'Disabled'" OF_ONE);
    assert_false(is_enabled(c, "alias/one"));
    run(c, "ROLLBACK");
    assert_true(is_enabled(c, "alias/one"));
    run(c, "UPDATE aliases SET key = '00000000-0000-4000-8000-000000000005' WHERE name = "
           "'alias/one'");
    assert_false(is_enabled(c, "alias/one")); /* alias/retired's */
}

static void test_defaults_are_as_they_are_now(void **state) {
    struct lnm_cloud *c = *state;
    struct lnm_cloud_key k;
    assert_true(lnm_key_default(c, &k, LNM_CLOUD_ACCOUNT, "us-east-1"));
    assert_string_equal(k.manager, "AWS");
    ask(c, "Action=ModifyEbsDefaultKmsKeyId&KmsKeyId=alias/two");
    assert_true(lnm_key_default(c, &k, LNM_CLOUD_ACCOUNT, "us-east-1"));
    assert_string_equal(k.id, "00000000-0000-4000-8000-000000000002");
    assert_true(lnm_key_default(c, &k, LNM_CLOUD_ACCOUNT, "eu-west-1"));
    assert_string_equal(k.manager, "AWS");
    ask(c, "Action=ResetEbsDefaultKmsKeyId");
    assert_true(lnm_key_default(c, &k, LNM_CLOUD_ACCOUNT, "us-east-1"));
    assert_string_equal(k.manager, "AWS");
}

/* ---- what ends ---------------------------------------------------------------------------------
 */

#define ARN "arn:aws:kms:us-east-1:" LNM_CLOUD_ACCOUNT ":key/00000000-0000-4000-8000-0000000000"

/* `map` 7 is still copied. */
static void make(struct lnm_cloud *c, int n, int64_t due_us, const char *key, int doomed, int map) {
    char id[32];
    (void)snprintf(id, sizeof id, "vol-%d", n);
    assert_int_equal(
        lnm_store_exec(c,
                       "INSERT INTO volumes(id, account, region, state, encrypted, key_arn, due,"
                       " doomed, map) VALUES(?1, '" LNM_CLOUD_ACCOUNT "', 'us-east-1', 'creating',"
                       " ?2, ?3, ?4, ?5, nullif(?6, 0))",
                       "titiii", id, (int64_t)(key != NULL), key, due_us, (int64_t)doomed,
                       (int64_t)map),
        0);
}

/* What it is now: "" when it is gone. */
static const char *state_of(struct lnm_cloud *c, int n) {
    static char state[16];
    char id[32];
    (void)snprintf(id, sizeof id, "vol-%d", n);
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT " LNM_VOLUME_STATE " FROM volumes WHERE id = ?1", "t", id);
    lnm_take(state, sizeof state, lnm_store_text(sqlite3_step(s) == SQLITE_ROW ? s : NULL, 0));
    (void)sqlite3_reset(s);
    return state;
}

/* Many that are due: each ends as it would have alone, and none before its time. */
static void test_what_is_due_together_ends_as_it_would_alone(void **state) {
    static const char *const ends[] = {"available", "available", "",          "",
                                       "creating",  "available", "available", "creating"};
    struct lnm_cloud *c = *state;
    run(c, "INSERT INTO copies(account, source, target, next) VALUES('1', 1, 7, 0)");
    make(c, 1, NOW_US - 5, ARN "01", 0, 0);
    make(c, 2, NOW_US - 4, NULL, 0, 0);
    make(c, 3, NOW_US - 4, ARN "01", 1, 0); /* doomed */
    make(c, 4, NOW_US - 3, ARN "05", 0, 0); /* under a disabled key */
    make(c, 5, NOW_US - 2, ARN "01", 0, 7);
    make(c, 6, NOW_US, ARN "01", 0, 0);
    make(c, 7, NOW_US, ARN "02", 0, 0);
    make(c, 8, NOW_US + 1, ARN "01", 0, 0);
    assert_int_equal(lnm_lifecycle_look(c), 0);
    assert_true(c->due_us == NOW_US - 5);
    assert_string_equal(state_of(c, 1), "creating");
    assert_int_equal(lnm_lifecycle_settle(c, NOW_US), 0);
    for (int i = 0; i < 8; i++) {
        assert_string_equal(state_of(c, i + 1), ends[i]);
    }
    assert_true(c->due_us == NOW_US + 1);
    assert_int_equal(number(c, "SELECT count(*) FROM volumes WHERE id = 'vol-5' AND due IS NULL"),
                     1);
}

/* Those that are ready stay so when a clock is set back, and a new one has its time. */
static void test_a_clock_that_is_set_back(void **state) {
    struct lnm_cloud *c = *state;
    make(c, 1, NOW_US - 1, ARN "01", 0, 0);
    assert_int_equal(lnm_lifecycle_settle(c, NOW_US), 0);
    assert_true(c->settled_us == NOW_US - 1);
    assert_int_equal(lnm_lifecycle_begin(c, NOW_US - 500), 0);
    make(c, 2, NOW_US - 500, ARN "05", 0, 0); /* under a disabled key */
    assert_int_equal(lnm_lifecycle_look(c), 0);
    assert_string_equal(state_of(c, 1), "available");
    assert_string_equal(state_of(c, 2), "creating");
    assert_true(c->due_us == NOW_US - 500);
    assert_int_equal(lnm_lifecycle_settle(c, NOW_US - 400), 0);
    assert_string_equal(state_of(c, 1), "available");
    assert_string_equal(state_of(c, 2), "");
}

/* What was undone is not known. */
static void test_how_far_it_has_looked_is_undone(void **state) {
    struct lnm_cloud *c = *state;
    make(c, 1, NOW_US - 1, ARN "01", 0, 0);
    run(c, "BEGIN");
    assert_int_equal(lnm_lifecycle_settle(c, NOW_US), 0);
    run(c, "ROLLBACK");
    assert_string_equal(state_of(c, 1), "creating");
    assert_int_equal(lnm_lifecycle_begin(c, NOW_US - 2), 0);
    assert_true(c->settled_us == 0);
    assert_int_equal(lnm_lifecycle_settle(c, NOW_US), 0);
    assert_string_equal(state_of(c, 1), "available");
}

/* A key that is disabled in between is asked again. */
static void test_a_key_is_asked_again_when_it_changed(void **state) {
    struct lnm_cloud *c = *state;
    make(c, 1, NOW_US - 5, ARN "01", 0, 0);
    make(c, 2, NOW_US - 1, ARN "01", 0, 0);
    assert_int_equal(lnm_lifecycle_settle(c, NOW_US - 4), 0);
    run(c, "UPDATE keys SET state = 'Disabled'" OF_ONE);
    assert_int_equal(lnm_lifecycle_settle(c, NOW_US), 0);
    assert_string_equal(state_of(c, 1), "available");
    assert_string_equal(state_of(c, 2), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_furnished_blocks_are_hashed_as_they_are,
                                        open_furnished, close_cloud),
        cmocka_unit_test_setup_teardown(test_keys_are_as_they_are_now, open_furnished, close_cloud),
        cmocka_unit_test_setup_teardown(test_defaults_are_as_they_are_now, open_furnished,
                                        close_cloud),
        cmocka_unit_test_setup_teardown(test_what_is_due_together_ends_as_it_would_alone,
                                        open_furnished, close_cloud),
        cmocka_unit_test_setup_teardown(test_a_clock_that_is_set_back, open_furnished, close_cloud),
        cmocka_unit_test_setup_teardown(test_how_far_it_has_looked_is_undone, open_furnished,
                                        close_cloud),
        cmocka_unit_test_setup_teardown(test_a_key_is_asked_again_when_it_changed, open_furnished,
                                        close_cloud),
        cmocka_unit_test_setup_teardown(test_every_version_becomes_the_newest, open_furnished,
                                        close_cloud),
        cmocka_unit_test(test_a_new_file_is_as_the_steps_leave_it),
        cmocka_unit_test(test_pages_of_another_size),
        cmocka_unit_test_setup_teardown(test_a_newer_version_is_refused, open_furnished,
                                        close_cloud),
        cmocka_unit_test_setup_teardown(test_pages_read_by_indexes, open_furnished, close_cloud)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
