/* test_rest.c - REST-JSON both ways, by the rows of the EBS direct APIs. What is expected is what
 * botocore 1.43 sends for the same call, and reads. */
#include "vectors.h"

#include "aws/json.h"
#include "aws/rest.h"

static const struct lnm_operation *action(const char *name) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_ebs, lnm_str_z(name));
    assert_non_null(op);
    return op;
}

static void begin(struct lnm_record *r, const struct lnm_type *type) {
    assert_int_equal(lnm_record_init(r, type, 0), 0);
}

/* Close the record, write and free it. */
static int write_out(struct lnm_rest_message *m, const struct lnm_operation *op,
                     struct lnm_record *r, struct lnm_err *err) {
    memset(m, 0, sizeof *m);
    lnm_record_close(r);
    int error = lnm_rest_write(m, op, r, err);
    lnm_record_free(r);
    return error;
}

static void check_headers(const struct lnm_rest_message *m, const char *wanted) {
    struct lnm_buf got = {0};
    struct lnm_header h;
    for (size_t at = 0; lnm_rest_next_header(&h, m, &at);) {
        lnm_buf_addf(&got, "%s: %s\n", h.name.ptr, h.value.ptr);
    }
    assert_string_equal(lnm_buf_str(&got).ptr, wanted);
    lnm_buf_free(&got);
}

static void check_message(struct lnm_rest_message *m, const char *path, const char *query,
                          const char *headers, const char *body) {
    assert_string_equal(lnm_buf_str(&m->path).ptr, path);
    assert_string_equal(lnm_buf_str(&m->query).ptr, query);
    check_headers(m, headers);
    assert_string_equal(lnm_buf_str(&m->body).ptr, body);
    lnm_rest_message_free(m);
}

static void test_write_requests(void **state) {
    (void)state;
    struct lnm_rest_message m;
    struct lnm_record r;
    struct lnm_err err;
    begin(&r, action("StartSnapshot")->input);
    lnm_record_set_int(&r, "volume_size", 8);
    lnm_record_set_bool(&r, "encrypted", true);
    lnm_record_enter(&r, "tags");
    lnm_record_item(&r);
    lnm_record_setz(&r, "key", "Name");
    lnm_record_setz(&r, "value", "caf\xc3\xa9");
    lnm_record_close(&r);
    lnm_record_close(&r);
    assert_int_equal(write_out(&m, action("StartSnapshot"), &r, &err), 0);
    check_message(&m, "/snapshots", "", "",
                  "{\"VolumeSize\":8,\"Encrypted\":true,"
                  "\"Tags\":[{\"Key\":\"Name\",\"Value\":\"caf\xc3\xa9\"}]}");

    begin(&r, action("PutSnapshotBlock")->input);
    lnm_record_setz(&r, "snapshot_id", "snap-0abc");
    lnm_record_set_int(&r, "block_index", 1000);
    lnm_record_set_int(&r, "data_length", 524288);
    lnm_record_setz(&r, "checksum", "a+b/c=");
    lnm_record_setz(&r, "checksum_algorithm", "SHA256");
    assert_int_equal(write_out(&m, action("PutSnapshotBlock"), &r, &err), 0);
    check_message(&m, "/snapshots/snap-0abc/blocks/1000", "",
                  "x-amz-Data-Length: 524288\nx-amz-Checksum: a+b/c=\n"
                  "x-amz-Checksum-Algorithm: SHA256\n",
                  "");

    begin(&r, action("ListChangedBlocks")->input);
    lnm_record_setz(&r, "second_snapshot_id", "a/b c");
    lnm_record_setz(&r, "next_token", "x+/=&");
    lnm_record_set_int(&r, "starting_block_index", 0);
    assert_int_equal(write_out(&m, action("ListChangedBlocks"), &r, &err), 0);
    check_message(&m, "/snapshots/a%2Fb%20c/changedblocks",
                  "pageToken=x%2B%2F%3D%26&startingBlockIndex=0", "", "");

    begin(&r, action("CompleteSnapshot")->input);
    lnm_record_setz(&r, "snapshot_id", "snap-1");
    lnm_record_set_int(&r, "changed_blocks_count", 3);
    assert_int_equal(write_out(&m, action("CompleteSnapshot"), &r, &err), 0);
    check_message(&m, "/snapshots/completion/snap-1", "", "x-amz-ChangedBlocksCount: 3\n", "");
}

static void test_write_answers(void **state) {
    (void)state;
    struct lnm_rest_message m;
    struct lnm_record r;
    struct lnm_err err;
    begin(&r, action("ListSnapshotBlocks")->output);
    lnm_record_set_int(&r, "block_size", 524288);
    lnm_record_enter(&r, "blocks");
    lnm_record_item(&r);
    lnm_record_set_int(&r, "block_index", 0);
    lnm_record_setz(&r, "block_token", "AAAB");
    lnm_record_close(&r);
    lnm_record_close(&r);
    lnm_record_setz(&r, "expiry_time", "2026-11-24T00:00:00Z");
    assert_int_equal(write_out(&m, action("ListSnapshotBlocks"), &r, &err), 0);
    check_message(&m, "", "", "",
                  "{\"BlockSize\":524288,\"Blocks\":[{\"BlockIndex\":0,\"BlockToken\":\"AAAB\"}],"
                  "\"ExpiryTime\":1795478400}");
    begin(&r, action("GetSnapshotBlock")->output);
    lnm_record_setz(&r, "checksum", "abc=");
    lnm_record_set_int(&r, "data_length", 524288);
    assert_int_equal(write_out(&m, action("GetSnapshotBlock"), &r, &err), 0);
    check_message(&m, "", "", "x-amz-Checksum: abc=\nx-amz-Data-Length: 524288\n", "");
}

/* No part of a path may be missing, and no header may begin another one. */
static void test_write_refuses(void **state) {
    (void)state;
    struct lnm_rest_message m;
    struct lnm_record r;
    struct lnm_err err;
    begin(&r, action("ListSnapshotBlocks")->input);
    assert_int_equal(write_out(&m, action("ListSnapshotBlocks"), &r, &err), LNM_EINVAL);
    assert_string_equal(err.message, "snapshot_id must be given");
    lnm_rest_message_free(&m);
    begin(&r, action("ListSnapshotBlocks")->input);
    lnm_record_setz(&r, "snapshot_id", "");
    assert_int_equal(write_out(&m, action("ListSnapshotBlocks"), &r, &err), LNM_EINVAL);
    lnm_rest_message_free(&m);
    begin(&r, action("CompleteSnapshot")->input);
    lnm_record_setz(&r, "snapshot_id", "snap-1");
    lnm_record_setz(&r, "checksum", "a\r\nX-Evil: 1");
    assert_int_equal(write_out(&m, action("CompleteSnapshot"), &r, &err), LNM_EINVAL);
    assert_string_equal(err.message, "checksum cannot hold a control character");
    lnm_rest_message_free(&m);
}

static void test_find(void **state) {
    (void)state;
    static const struct {
        const char *method, *path, *name;
    } rows[] = {
        {"POST", "/snapshots", "StartSnapshot"},
        {"POST", "/snapshots/completion/snap-1", "CompleteSnapshot"},
        {"PUT", "/snapshots/snap-1/blocks/0", "PutSnapshotBlock"},
        {"GET", "/snapshots/snap-1/blocks/0", "GetSnapshotBlock"},
        {"GET", "/snapshots/snap-1/blocks", "ListSnapshotBlocks"},
        {"GET", "/snapshots/snap-1/changedblocks", "ListChangedBlocks"},
        {"GET", "/snapshots", NULL},
        {"POST", "/snapshots/completion", NULL},
        {"POST", "/snapshots/completion/", NULL},
        {"GET", "/snapshots//blocks", NULL},
        {"GET", "/snapshots/snap-1/blocks/0/1", NULL},
        {"GET", "/snapshots/snap-1/block", NULL},
        {"DELETE", "/snapshots/snap-1/blocks/0", NULL},
        {"GET", "", NULL},
        {"GET", "/", NULL},
        {"GET", "snapshots/snap-1/blocks", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct lnm_operation *op =
            lnm_rest_find(&lnm_ebs, lnm_str_z(rows[i].method), lnm_str_z(rows[i].path));
        if (rows[i].name == NULL ? op != NULL : op == NULL || strcmp(op->name, rows[i].name) != 0) {
            fail_msg("%s %s asks for %s", rows[i].method, rows[i].path, op ? op->name : "nothing");
        }
    }
}

/* `arg` is "name\0value\0name\0value\0\0". */
static const char *lookup(void *arg, const char *name) {
    for (const char *at = arg; *at != '\0';) {
        const char *value = at + strlen(at) + 1;
        if (lnm_str_ieq(lnm_str_z(at), lnm_str_z(name))) {
            return value;
        }
        at = value + strlen(value) + 1;
    }
    return NULL;
}

static int read_in(struct lnm_record *r, const char *name, bool input, const char *path,
                   const char *query, const char *headers, const char *body, struct lnm_err *err) {
    const struct lnm_operation *op = action(name);
    struct lnm_rest_source s = {lnm_str_z(path), lnm_str_z(query), lnm_str_z(body), lookup,
                                (void *)(uintptr_t)headers};
    begin(r, input ? op->input : op->output);
    int error = lnm_rest_read(r, op, &s, err);
    lnm_record_close(r);
    return error;
}

static void test_read_requests(void **state) {
    (void)state;
    struct lnm_record r;
    struct lnm_err err;
    assert_int_equal(read_in(&r, "ListChangedBlocks", true, "/snapshots/a%2Fb/changedblocks",
                             "firstSnapshotId=snap-2&maxResults=100&other=1&maxResults=7&"
                             "secondSnapshotId=evil&pageToken=a%2Bb+c",
                             "", "", &err),
                     0);
    assert_true(lnm_str_is(lnm_record_get(&r, 0, "second_snapshot_id"), "a/b"));
    assert_true(lnm_str_is(lnm_record_get(&r, 0, "first_snapshot_id"), "snap-2"));
    assert_true(lnm_str_is(lnm_record_get(&r, 0, "next_token"), "a+b c"));
    assert_int_equal(lnm_record_get_int(&r, 0, "max_results", 0), 100);
    lnm_record_free(&r);
    assert_int_equal(read_in(&r, "CompleteSnapshot", true, "/snapshots/completion/snap-1", "",
                             "X-AMZ-changedblockscount\0 12 \0x-amz-checksum\0abc=\0", "", &err),
                     0);
    assert_int_equal(lnm_record_get_int(&r, 0, "changed_blocks_count", 0), 12);
    assert_true(lnm_str_is(lnm_record_get(&r, 0, "checksum"), "abc="));
    assert_int_equal(lnm_record_find(&r, 0, "checksum_algorithm"), 0);
    lnm_record_free(&r);
    /* What stands elsewhere is not taken from the body; a payload is not looked at. */
    assert_int_equal(read_in(&r, "StartSnapshot", true, "/snapshots", "VolumeSize=3", "",
                             "{\"VolumeSize\":8,\"snapshotId\":\"x\"}", &err),
                     0);
    assert_int_equal(lnm_record_get_int(&r, 0, "volume_size", 0), 8);
    lnm_record_free(&r);
    assert_int_equal(read_in(&r, "PutSnapshotBlock", true, "/snapshots/snap-1/blocks/5", "", "",
                             "\x01\x02 not JSON", &err),
                     0);
    assert_int_equal(lnm_record_get_int(&r, 0, "block_index", 0), 5);
    lnm_record_free(&r);
}

static void test_read_refuses(void **state) {
    (void)state;
    struct lnm_record r;
    struct lnm_err err;
    static const struct {
        const char *name, *path, *query, *headers, *body;
    } rows[] = {
        {"PutSnapshotBlock", "/snapshots/snap-1/blocks/five", "", "", ""},
        {"PutSnapshotBlock", "/snapshots/snap-1/blocks/5%", "", "", ""},
        {"PutSnapshotBlock", "/snapshots/snap-1/blocks/5", "", "x-amz-Data-Length\0many\0", ""},
        {"ListSnapshotBlocks", "/snapshots/snap-1/blocks", "maxResults=x", "", ""},
        {"ListSnapshotBlocks", "/snapshots/snap-1/blocks", "maxResults=", "", ""},
        {"StartSnapshot", "/snapshots", "", "", "not JSON"},
        {"StartSnapshot", "/snapshots", "", "", "{\"VolumeSize\":\"8\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int error = read_in(&r, rows[i].name, true, rows[i].path, rows[i].query, rows[i].headers,
                            rows[i].body, &err);
        assert_int_equal(error, LNM_EPARSE);
        assert_string_equal(err.name, "SerializationException");
        lnm_record_free(&r);
    }
}

static void test_read_answers(void **state) {
    (void)state;
    struct lnm_record r;
    struct lnm_err err;
    assert_int_equal(read_in(&r, "GetSnapshotBlock", false, "", "",
                             "x-amz-Checksum\0abc=\0x-amz-Data-Length\0"
                             "524288\0",
                             "", &err),
                     0);
    assert_true(lnm_str_is(lnm_record_get(&r, 0, "checksum"), "abc="));
    assert_int_equal(lnm_record_get_int(&r, 0, "data_length", 0), 524288);
    lnm_record_free(&r);
    assert_int_equal(
        read_in(&r, "PutSnapshotBlock", false, "", "", "x-amz-Checksum\0abc=\0", "{}", &err), 0);
    assert_true(lnm_str_is(lnm_record_get(&r, 0, "checksum"), "abc="));
    lnm_record_free(&r);
    assert_int_equal(read_in(&r, "StartSnapshot", false, "", "", "",
                             "{\"SnapshotId\":\"snap-1\",\"BlockSize\":524288,"
                             "\"StartTime\":1795478400.5,\"Status\":\"pending\"}",
                             &err),
                     0);
    assert_true(lnm_str_is(lnm_record_get(&r, 0, "snapshot_id"), "snap-1"));
    assert_true(lnm_str_is(lnm_record_get(&r, 0, "status"), "pending"));
    lnm_record_free(&r);
}

static void test_errors(void **state) {
    (void)state;
    struct lnm_service_error e = {
        .code = "ValidationException", .message = "no", .reason = "INVALID_BLOCK_TOKEN"};
    struct lnm_buf out = {0};
    struct lnm_err err;
    assert_int_equal(lnm_json_write_error(&out, &lnm_ebs, &e, &err), 0);
    assert_string_equal(out.ptr, "{\"__type\":\"ValidationException\",\"Message\":\"no\","
                                 "\"Reason\":\"INVALID_BLOCK_TOKEN\"}");
    memset(&e, 0, sizeof e);
    assert_int_equal(lnm_json_read_error(&e, LNM_STR("{\"Message\":\"no\",\"Reason\":\"R\"}"),
                                         LNM_STR("ValidationException:http://x/"), &err),
                     0);
    assert_string_equal(e.code, "ValidationException");
    assert_string_equal(e.message, "no");
    assert_string_equal(e.reason, "R");
    lnm_buf_reset(&out);
    e.reason[0] = '\0';
    assert_int_equal(lnm_json_write_error(&out, &lnm_kms, &e, &err), 0);
    assert_string_equal(out.ptr, "{\"__type\":\"ValidationException\",\"message\":\"no\"}");
    lnm_buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_requests), cmocka_unit_test(test_write_answers),
        cmocka_unit_test(test_write_refuses),  cmocka_unit_test(test_find),
        cmocka_unit_test(test_read_requests),  cmocka_unit_test(test_read_refuses),
        cmocka_unit_test(test_read_answers),   cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
