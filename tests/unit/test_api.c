/* test_api.c - the operation rows: whole, ordered, without double names, and found by name. */
#include "aws/api.h"
#include "aws/api_types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

typedef void check_type(const struct lnm_operation *op, const struct lnm_type *t, bool input);

/* Call check for a type and every type below it. */
static void each_type(const struct lnm_operation *op, const struct lnm_type *t, bool input,
                      int depth, check_type *check) {
    if (depth > 12) {
        fail_msg("%s: types nest too deep, or in a circle", op->name);
    }
    check(op, t, input);
    if (t->item != NULL) {
        each_type(op, t->item->type, input, depth + 1, check);
    }
    for (size_t i = 0; i < t->member_count; i++) {
        each_type(op, t->members[i].type, input, depth + 1, check);
    }
}

static void each_row(check_type *check) {
    const struct lnm_operation *op;
    for (size_t s = 0; s < LNM_SERVICE_COUNT; s++) {
        for (size_t n = 0; (op = lnm_operation_nth(lnm_services[s], n)) != NULL; n++) {
            each_type(op, op->input, true, 0, check);
            each_type(op, op->output, false, 0, check);
        }
    }
}

static void test_services(void **state) {
    (void)state;
    for (size_t s = 0; s < LNM_SERVICE_COUNT; s++) {
        const struct lnm_service *service = lnm_services[s];
        assert_ptr_equal(lnm_service_find(lnm_str_z(service->name)), service);
        assert_non_null(service->id);
        assert_non_null(service->version);
        bool json = service->protocol == LNM_PROTOCOL_JSON11;
        assert_int_equal(service->target_prefix != NULL, json);
        bool rest = service->protocol == LNM_PROTOCOL_REST_JSON;
        assert_int_equal(service->xmlns != NULL, !json && !rest);
        assert_int_equal(service->routes != NULL, rest);
        assert_true(!rest || service->group_count == 1);
        assert_true(service->group_count > 0);
    }
    assert_null(lnm_service_find(LNM_STR("s3")));
    assert_null(lnm_service_find(LNM_STR("EC2")));
    assert_null(lnm_service_find(LNM_STR_NONE));
}

static void test_rows_are_whole(void **state) {
    (void)state;
    const struct lnm_operation *op;
    for (size_t s = 0; s < LNM_SERVICE_COUNT; s++) {
        for (size_t n = 0; (op = lnm_operation_nth(lnm_services[s], n)) != NULL; n++) {
            assert_ptr_equal(op->service, lnm_services[s]);
            assert_non_null(op->input);
            assert_non_null(op->output);
            assert_int_equal(op->input->kind, LNM_STRUCT);
            assert_int_equal(op->output->kind, LNM_STRUCT);
            assert_non_null(op->help);
            assert_true(op->help[0] != '\0');
        }
    }
}

static void test_rows_are_ordered(void **state) {
    (void)state;
    for (size_t s = 0; s < LNM_SERVICE_COUNT; s++) {
        for (size_t g = 0; g < lnm_services[s]->group_count; g++) {
            const struct lnm_operation_group *group = &lnm_services[s]->groups[g];
            assert_true(group->count > 0);
            for (size_t i = 1; i < group->count; i++) {
                assert_true(strcmp(group->rows[i - 1].name, group->rows[i].name) < 0);
            }
        }
    }
}

static void test_find(void **state) {
    (void)state;
    const struct lnm_operation *op;
    for (size_t s = 0; s < LNM_SERVICE_COUNT; s++) {
        for (size_t n = 0; (op = lnm_operation_nth(lnm_services[s], n)) != NULL; n++) {
            /* An action of the same name in a second group would be shadowed. */
            assert_ptr_equal(lnm_operation_find(lnm_services[s], lnm_str_z(op->name)), op);
        }
    }
    assert_null(lnm_operation_find(&lnm_ec2, LNM_STR("CopyImag")));
    assert_null(lnm_operation_find(&lnm_ec2, LNM_STR("CopyImages")));
    assert_null(lnm_operation_find(&lnm_ec2, LNM_STR("copyimage")));
    assert_null(lnm_operation_find(&lnm_ec2, LNM_STR("AAA")));
    assert_null(lnm_operation_find(&lnm_ec2, LNM_STR("zzz")));
    assert_null(lnm_operation_find(&lnm_ec2, (struct lnm_str){"CopyImage\0", 10}));
    assert_null(lnm_operation_find(&lnm_ec2, LNM_STR("")));
    assert_null(lnm_operation_find(&lnm_ec2, LNM_STR_NONE));
    assert_null(lnm_operation_find(&lnm_kms, LNM_STR("CopyImage")));
}

/* A lost row is noticed here. */
static void test_expected_actions(void **state) {
    (void)state;
    static const struct {
        const struct lnm_service *service;
        const char *names;
    } expected[] = {
        {&lnm_ebs, "StartSnapshot PutSnapshotBlock CompleteSnapshot ListSnapshotBlocks "
                   "ListChangedBlocks GetSnapshotBlock"},
        {&lnm_ec2, "RegisterImage CopyImage CreateImage DescribeImages DeregisterImage "
                   "ModifyImageAttribute DescribeSnapshots CreateSnapshot CopySnapshot "
                   "DeleteSnapshot ModifySnapshotAttribute CreateVolume DeleteVolume "
                   "DescribeVolumes AttachVolume DetachVolume CreateTags DeleteTags "
                   "DescribeInstances RunInstances TerminateInstances DescribeRegions "
                   "DescribeAvailabilityZones GetEbsEncryptionByDefault GetEbsDefaultKmsKeyId"},
        {&lnm_kms,
         "CreateKey CreateAlias DescribeKey ListAliases ListKeys DisableKey EnableKey "
         "ScheduleKeyDeletion CancelKeyDeletion Decrypt Encrypt ReEncrypt GenerateDataKey "
         "ReplicateKey EnableKeyRotation"},
        {&lnm_sts, "GetCallerIdentity AssumeRole AssumeRoleWithWebIdentity "
                   "DecodeAuthorizationMessage GetSessionToken"}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct lnm_str name, rest = lnm_str_z(expected[i].names);
        while (rest.len > 0) {
            rest = lnm_str_cut(rest, ' ', &name);
            if (lnm_operation_find(expected[i].service, name) == NULL) {
                fail_msg("no row for %.*s", (int)name.len, name.ptr);
            }
        }
    }
}

static bool is_snake(const char *name) {
    return name[0] != '\0' && name[0] != '_' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static void check_members(const struct lnm_operation *op, const struct lnm_type *t, bool input) {
    for (size_t i = 0; i < t->member_count; i++) {
        const struct lnm_member *m = &t->members[i];
        if (m->name == NULL || m->wire == NULL || m->type == NULL) {
            fail_msg("%s: a member lacks its name, wire name or type", op->name);
        } else if (!is_snake(m->name) || m->wire[0] == '\0') {
            fail_msg("%s: name '%s', wire name '%s'", op->name, m->name, m->wire);
        } else if (i > 0 && strcmp(m[-1].name, m->name) >= 0) {
            fail_msg("%s: '%s' stands after '%s'", op->name, m->name, m[-1].name);
        } else if (input && (m->help == NULL || m->help[0] == '\0')) {
            fail_msg("%s: '%s' has no line of help", op->name, m->name);
        } else if (!input && (m->flags & (LNM_REQUIRED | LNM_TOKEN)) != 0) {
            fail_msg("%s: '%s' of the answer is marked as an input", op->name, m->name);
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(t->members[j].wire, m->wire) == 0) {
                fail_msg("%s: two members are '%s' on the wire", op->name, m->wire);
            }
        }
    }
}

static void test_members(void **state) {
    (void)state;
    each_row(check_members);
}

static void check_shape(const struct lnm_operation *op, const struct lnm_type *t, bool input) {
    (void)input;
    bool holds_items = t->kind == LNM_LIST || t->kind == LNM_MAP;
    if (holds_items != (t->item != NULL) ||
        (holds_items &&
         (t->item->type == NULL || t->item->wire == NULL || t->item->name != NULL))) {
        fail_msg("%s: a list and its item do not fit", op->name);
    }
    if ((t->member_count > 0) != (t->members != NULL) ||
        (t->member_count > 0 && t->kind != LNM_STRUCT)) {
        fail_msg("%s: a struct and its members do not fit", op->name);
    }
}

static void test_shapes(void **state) {
    (void)state;
    each_row(check_shape);
}

static const struct lnm_member *input(const struct lnm_service *service, const char *action,
                                      const char *name) {
    const struct lnm_operation *op = lnm_operation_find(service, lnm_str_z(action));
    assert_non_null(op);
    for (size_t i = 0; i < op->input->member_count; i++) {
        if (strcmp(op->input->members[i].name, name) == 0) {
            return &op->input->members[i];
        }
    }
    fail_msg("%s has no '%s'", action, name);
    return NULL;
}

static void test_flags(void **state) {
    (void)state;
    assert_int_equal(input(&lnm_ec2, "CopyImage", "name")->flags, LNM_REQUIRED);
    assert_int_equal(input(&lnm_ec2, "CopyImage", "source_image_id")->flags, LNM_REQUIRED);
    assert_int_equal(input(&lnm_ec2, "CopyImage", "kms_key_id")->flags, 0);
    assert_int_equal(input(&lnm_ec2, "CreateTags", "resources")->flags, LNM_REQUIRED);
    assert_int_equal(input(&lnm_ec2, "DeleteTags", "tags")->flags, 0);
    assert_int_equal(input(&lnm_kms, "DescribeKey", "key_id")->flags, LNM_REQUIRED);
    /* The three actions of EC2 that take a token, and secrets that no log may show. */
    assert_int_equal(input(&lnm_ec2, "CopyImage", "client_token")->flags, LNM_TOKEN);
    assert_int_equal(input(&lnm_ec2, "CreateVolume", "client_token")->flags, LNM_TOKEN);
    assert_int_equal(input(&lnm_ec2, "RunInstances", "client_token")->flags, LNM_TOKEN);
    assert_int_equal(input(&lnm_ebs, "StartSnapshot", "client_token")->flags, LNM_TOKEN);
    assert_int_equal(input(&lnm_ec2, "CopySnapshot", "presigned_url")->flags, LNM_SECRET);
    assert_int_equal(input(&lnm_sts, "AssumeRole", "token_code")->flags, LNM_SECRET);
}

static bool begins(const char *name, const char *word) {
    return strncmp(name, word, strlen(word)) == 0;
}

static bool is_read(const char *name) {
    static const char *const words[] = {"Assume",   "Decode", "Decrypt", "Describe", "Encrypt",
                                        "Generate", "Get",    "List",    "ReEncrypt"};
    bool read = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        read = read || begins(name, words[i]);
    }
    return read;
}

/* What only reads or computes never mutates; everything else says that it does. */
static void test_mutates(void **state) {
    (void)state;
    const struct lnm_operation *op;
    for (size_t s = 0; s < LNM_SERVICE_COUNT; s++) {
        for (size_t n = 0; (op = lnm_operation_nth(lnm_services[s], n)) != NULL; n++) {
            if (((op->flags & LNM_MUTATES) != 0) == is_read(op->name)) {
                fail_msg("%s: its mark for changing things is wrong", op->name);
            }
            if ((op->flags & LNM_REPEATABLE) != 0) {
                assert_true((op->flags & LNM_MUTATES) != 0);
            }
        }
    }
}

static void test_paged(void **state) {
    (void)state;
    const struct lnm_operation *op;
    for (size_t s = 0; s < LNM_SERVICE_COUNT; s++) {
        for (size_t n = 0; (op = lnm_operation_nth(lnm_services[s], n)) != NULL; n++) {
            bool json = op->service->protocol == LNM_PROTOCOL_JSON11;
            const char *token = json || op->service == &lnm_iam ? "marker" : "next_token";
            bool has = false;
            for (size_t i = 0; i < op->input->member_count; i++) {
                has = has || strcmp(op->input->members[i].name, token) == 0;
            }
            assert_int_equal((op->flags & LNM_PAGED) != 0, has);
        }
    }
}

static void test_nth(void **state) {
    (void)state;
    assert_string_equal(lnm_operation_nth(&lnm_ec2, 0)->name, "CopyImage");
    assert_string_equal(lnm_operation_nth(&lnm_ec2, LNM_EC2_IMAGE_COUNT)->name, "CopySnapshot");
    assert_null(lnm_operation_nth(&lnm_sts, 5));
    assert_null(lnm_operation_nth(&lnm_sts, (size_t)-1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_services),
        cmocka_unit_test(test_rows_are_whole),
        cmocka_unit_test(test_rows_are_ordered),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_expected_actions),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_mutates),
        cmocka_unit_test(test_paged),
        cmocka_unit_test(test_nth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
