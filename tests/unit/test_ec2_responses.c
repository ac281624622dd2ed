/* Recorded EC2 answers with their parsed form, for the actions that have rows: every expected value
 * that a row knows must be in the record, with the same type and text. */
#include "vectors.h"

#include "aws/xml.h"

#include <ctype.h>
#include <dirent.h>

static int compared, failures;

/* "SnapshotId" -> "snapshot_id", as the rows spell the model's names */
static void snake(char *to, size_t size, const char *name) {
    size_t n = 0;
    for (size_t i = 0; name[i] != '\0' && n + 2 < size; i++) {
        bool upper = isupper((unsigned char)name[i]) != 0;
        bool after =
            i > 0 && (islower((unsigned char)name[i - 1]) || isdigit((unsigned char)name[i - 1]));
        bool before = i > 0 && upper && islower((unsigned char)name[i + 1]);
        if (upper && (after || before)) {
            to[n++] = '_';
        }
        to[n++] = (char)tolower((unsigned char)name[i]);
    }
    to[n] = '\0';
}

static void compare(const struct lnm_record *r, uint32_t node, const json_t *wanted,
                    const char *where);

static void compare_members(const struct lnm_record *r, uint32_t node, const json_t *wanted,
                            const char *where) {
    const struct lnm_type *type = lnm_record_member(r, node)->type;
    const char *name;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)wanted, name, v) {
        char spelled[80], path[400];
        snake(spelled, sizeof spelled, name);
        if (lnm_type_member(type, lnm_str_z(spelled)) == NULL) {
            continue; /* left out of the row on purpose (networking); tests/cloud/rows_model.py
                         lists them */
        }
        (void)snprintf(path, sizeof path, "%.300s.%s", where, spelled);
        uint32_t child = lnm_record_find(r, node, spelled);
        bool empty = json_is_array(v) && json_array_size(v) == 0;
        if (child == 0 && !empty) {
            print_message("%s is missing\n", path);
            failures++;
        } else if (child != 0) {
            compare(r, child, v, path);
        }
    }
}

static void compare_items(const struct lnm_record *r, uint32_t node, const json_t *wanted,
                          const char *where) {
    uint32_t i = lnm_record_first(r, node);
    if (r->nodes[node].len != json_array_size(wanted)) {
        print_message("%s has %u items, not %zu\n", where, r->nodes[node].len,
                      json_array_size(wanted));
        failures++;
        return;
    }
    for (size_t k = 0; k < json_array_size(wanted); k++, i = lnm_record_next(r, node, i)) {
        compare(r, i, json_array_get(wanted, k), where);
    }
}

static void compare(const struct lnm_record *r, uint32_t node, const json_t *wanted,
                    const char *where) {
    char text[64];
    if (json_is_object(wanted)) {
        compare_members(r, node, wanted, where);
        return;
    }
    if (json_is_array(wanted)) {
        compare_items(r, node, wanted, where);
        return;
    }
    const char *expect = json_string_value(wanted);
    if (json_is_integer(wanted)) {
        (void)snprintf(text, sizeof text, "%lld", (long long)json_integer_value(wanted));
        expect = text;
    } else if (json_is_boolean(wanted)) {
        expect = json_is_true(wanted) ? "true" : "false";
    }
    compared++;
    if (expect == NULL || !lnm_str_is(lnm_record_str(r, node), expect)) {
        print_message("%s is '%s', not '%s'\n", where, lnm_record_str(r, node).ptr,
                      expect != NULL ? expect : "?");
        failures++;
    }
}

/* "ec2-describe-snapshots.xml" -> "DescribeSnapshots" */
static void action_of(char *to, size_t size, const char *file) {
    size_t n = 0;
    bool upper = true;
    for (const char *p = file + 4; *p != '.' && n + 1 < size; p++) {
        if (*p == '-') {
            upper = true;
        } else {
            to[n++] = upper ? (char)toupper((unsigned char)*p) : *p;
            upper = false;
        }
    }
    to[n] = '\0';
}

static bool check_file(const char *dir, const char *file) {
    char action[80], path[900];
    struct lnm_xml_reader *reader;
    struct lnm_record r = {0};
    struct lnm_service_error e;
    struct lnm_str id;
    struct lnm_err err;
    bool is_error = false;
    action_of(action, sizeof action, file);
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, lnm_str_z(action));
    if (op == NULL) {
        return false;
    }
    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    char *xml = vectors_read(path);
    memcpy(path + strlen(path) - 3, "json", 5);
    json_t *wanted = json_load_file(path, 0, NULL);
    assert_non_null(wanted);
    (void)json_object_del(wanted, "ResponseMetadata");
    assert_int_equal(lnm_xml_reader_new(&reader, NULL, &err), 0);
    assert_int_equal(lnm_xml_reader_begin(reader, op, &r, &err), 0);
    assert_int_equal(lnm_xml_reader_feed(reader, xml, strlen(xml), &err), 0);
    assert_int_equal(lnm_xml_reader_end(reader, &is_error, &e, &id, &err), 0);
    assert_false(is_error);
    assert_true(id.len > 0);
    compare(&r, 0, wanted, action);
    lnm_record_free(&r);
    lnm_xml_reader_free(reader);
    json_decref(wanted);
    free(xml);
    return true;
}

static void test_recorded_answers(void **state) {
    (void)state;
    char dir[400];
    int files = 0;
    if (!vectors_dir(dir, sizeof dir, "ec2-responses")) {
        skip();
    }
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot != NULL && strcmp(dot, ".xml") == 0 && strncmp(entry->d_name, "ec2-", 4) == 0) {
            files += check_file(dir, entry->d_name) ? 1 : 0;
        }
    }
    closedir(d);
    print_message("%d answers, %d values\n", files, compared);
    assert_int_equal(failures, 0);
    assert_true(files >= 5 && compared >= 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_recorded_answers)};
    return cmocka_run_group_tests_name("ec2_responses", tests, NULL, NULL);
}
