/* Materials of KMS keys: what is sealed opens again, and nothing else does. */
#include "vectors.h"

#include "cloud/gcm.h"
#include "cloud/kms_material.h"
#include "cloud/lifecycle.h"
#include "cloud/root_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONTEXT LNM_STR("context")

static int open_cloud(struct lnm_cloud *c, const char *dir, struct lnm_err *err) {
    memset(c, 0, sizeof *c);
    c->lock_fd = -1;
    int error = lnm_store_open(c, dir, err);
    return error < 0 ? error : lnm_kms_material_open(c, dir, err);
}

static void close_cloud(struct lnm_cloud *c) {
    lnm_store_close(c);
    lnm_root_key_close(c->root);
}

static struct lnm_cloud_key new_key(struct lnm_cloud *c) {
    struct lnm_cloud_key k = {.state = "Enabled",
                              .usage = "ENCRYPT_DECRYPT",
                              .manager = "CUSTOMER",
                              .spec = "SYMMETRIC_DEFAULT"};
    assert_int_equal(lnm_key_create(c, &k, "000000000001", "us-east-1", 1), 0);
    return k;
}

static void test_gcm_opens_what_it_sealed_and_nothing_else(void **state) {
    static const unsigned char key[LNM_GCM_KEY] = {1}, other[LNM_GCM_KEY] = {2};
    struct lnm_buf sealed = {0}, again = {0}, opened = {0};
    (void)state;
    assert_int_equal(lnm_gcm_seal(&sealed, key, LNM_STR("plain"), CONTEXT), 0);
    assert_int_equal(lnm_gcm_seal(&again, key, LNM_STR("plain"), CONTEXT), 0);
    assert_int_equal(sealed.len, 5 + LNM_GCM_OVERHEAD);
    assert_memory_not_equal(sealed.ptr, again.ptr, sealed.len);
    assert_int_equal(lnm_gcm_open(&opened, key, lnm_buf_str(&sealed), CONTEXT), 0);
    assert_true(lnm_str_is(lnm_buf_str(&opened), "plain"));
    lnm_buf_reset(&opened);
    assert_int_equal(lnm_gcm_open(&opened, other, lnm_buf_str(&sealed), CONTEXT), LNM_EPARSE);
    assert_int_equal(lnm_gcm_open(&opened, key, lnm_buf_str(&sealed), LNM_STR("")), LNM_EPARSE);
    for (size_t n = 0; n < sealed.len; n++) {
        assert_int_equal(lnm_gcm_open(&opened, key, (struct lnm_str){sealed.ptr, n}, CONTEXT),
                         LNM_EPARSE);
    }
    assert_int_equal(opened.len, 0);
    lnm_buf_free(&sealed);
    lnm_buf_free(&again);
    lnm_buf_free(&opened);
}

static void test_any_changed_bit_is_noticed(void **state) {
    struct lnm_cloud c;
    struct lnm_err err;
    struct lnm_buf blob = {0}, plain = {0};
    (void)state;
    assert_int_equal(open_cloud(&c, NULL, &err), 0);
    struct lnm_cloud_key k = new_key(&c), second = new_key(&c);
    assert_int_equal(lnm_kms_seal(&c, &blob, &k, LNM_STR("a data key"), CONTEXT), 0);
    assert_int_equal(lnm_kms_open(&c, &plain, &k, lnm_buf_str(&blob), CONTEXT), 0);
    assert_true(lnm_str_is(lnm_buf_str(&plain), "a data key"));
    lnm_buf_cleanse(&plain);
    assert_int_equal(lnm_kms_open(&c, &plain, &second, lnm_buf_str(&blob), CONTEXT), LNM_ENOTFOUND);
    assert_int_equal(lnm_kms_open(&c, &plain, &k, lnm_buf_str(&blob), LNM_STR("Context")),
                     LNM_EPARSE);
    for (size_t bit = 0; bit < blob.len * 8; bit++) {
        blob.ptr[bit / 8] = (char)(blob.ptr[bit / 8] ^ 1 << bit % 8);
        assert_int_not_equal(lnm_kms_open(&c, &plain, &k, lnm_buf_str(&blob), CONTEXT), 0);
        blob.ptr[bit / 8] = (char)(blob.ptr[bit / 8] ^ 1 << bit % 8);
    }
    assert_int_equal(plain.len, 0);
    lnm_buf_free(&blob);
    lnm_buf_cleanse(&plain);
    close_cloud(&c);
}

static void test_older_materials_open_newer_ones_seal(void **state) {
    struct lnm_cloud c;
    struct lnm_err err;
    char first[LNM_MATERIAL_ID + 1], second[LNM_MATERIAL_ID + 1], named[LNM_MATERIAL_ID + 1];
    struct lnm_buf old = {0}, young = {0}, plain = {0};
    (void)state;
    assert_int_equal(open_cloud(&c, NULL, &err), 0);
    struct lnm_cloud_key k = new_key(&c);
    assert_int_equal(lnm_kms_seal(&c, &old, &k, LNM_STR("old"), CONTEXT), 0);
    lnm_kms_material_id(first, &c, &k);
    assert_int_equal(lnm_kms_material_make(&c, &k, 2), 0);
    lnm_kms_material_id(second, &c, &k);
    assert_string_not_equal(first, second);
    assert_int_equal(lnm_kms_seal(&c, &young, &k, LNM_STR("young"), CONTEXT), 0);
    assert_true(lnm_kms_blob_material(named, lnm_buf_str(&old)));
    assert_string_equal(named, first);
    assert_true(lnm_kms_blob_material(named, lnm_buf_str(&young)));
    assert_string_equal(named, second);
    assert_int_equal(lnm_kms_open(&c, &plain, &k, lnm_buf_str(&old), CONTEXT), 0);
    assert_int_equal(lnm_kms_open(&c, &plain, &k, lnm_buf_str(&young), CONTEXT), 0);
    assert_true(lnm_str_is(lnm_buf_str(&plain), "oldyoung"));
    lnm_buf_free(&old);
    lnm_buf_free(&young);
    lnm_buf_cleanse(&plain);
    close_cloud(&c);
}

static void test_a_deleted_key_opens_nothing(void **state) {
    struct lnm_cloud c;
    struct lnm_err err;
    struct lnm_buf blob = {0}, plain = {0};
    (void)state;
    assert_int_equal(open_cloud(&c, NULL, &err), 0);
    struct lnm_cloud_key k = new_key(&c);
    assert_int_equal(lnm_kms_seal(&c, &blob, &k, LNM_STR("lost"), CONTEXT), 0);
    assert_int_equal(
        lnm_store_exec(&c, "UPDATE keys SET state = 'PendingDeletion', deletion = 10", ""), 0);
    assert_int_equal(lnm_lifecycle_settle(&c, 9), 0);
    assert_int_equal(lnm_kms_open(&c, &plain, &k, lnm_buf_str(&blob), CONTEXT), 0);
    assert_int_equal(lnm_lifecycle_settle(&c, 10), 0);
    assert_int_equal(lnm_kms_open(&c, &plain, &k, lnm_buf_str(&blob), CONTEXT), LNM_ENOTFOUND);
    assert_int_equal(lnm_kms_seal(&c, &blob, &k, LNM_STR("x"), CONTEXT), LNM_ENOTFOUND);
    lnm_buf_free(&blob);
    lnm_buf_cleanse(&plain);
    close_cloud(&c);
}

static void remove_folder(const char *dir) {
    static const char *const left[] = {"root.key", "state.db", "lock"};
    char path[64];
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, left[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(dir), 0);
}

/* What starting on the folder says. */
static void assert_start(const char *dir, const char *said) {
    struct lnm_cloud c;
    struct lnm_err err = {0};
    int error = open_cloud(&c, dir, &err);
    if (said == NULL) {
        assert_int_equal(error, 0);
    } else {
        assert_int_equal(error, LNM_EIO);
        assert_non_null(strstr(err.message, "root.key"));
        assert_non_null(strstr(err.message, said));
    }
    close_cloud(&c);
}

static void put(const char *path, const void *bytes, size_t len) {
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static void test_the_root_key_of_a_folder(void **state) {
    char dir[] = "/tmp/lunami-root-XXXXXX", path[64], saved[64], other[32] = "another folder's key";
    struct stat info;
    (void)state;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/root.key", dir);
    (void)snprintf(saved, sizeof saved, "%s/saved", dir);
    assert_start(dir, NULL);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_size, LNM_GCM_KEY);
    assert_start(dir, NULL);
    assert_int_equal(chmod(path, 0640), 0);
    assert_start(dir, "chmod 600");
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(rename(path, saved), 0);
    assert_start(dir, "is missing");
    put(path, "short", 5);
    assert_int_equal(chmod(path, 0600), 0);
    assert_start(dir, "is not a root key of 32 bytes");
    put(path, other, sizeof other);
    assert_start(dir, "is the root key of another folder");
    assert_int_equal(rename(saved, path), 0);
    assert_start(dir, NULL);
    remove_folder(dir);
}

/* A folder of before keys had materials gets them. */
static void test_an_older_folder_is_furnished(void **state) {
    char dir[] = "/tmp/lunami-root-XXXXXX";
    struct lnm_cloud c;
    struct lnm_err err;
    struct lnm_buf blob = {0};
    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(open_cloud(&c, dir, &err), 0);
    struct lnm_cloud_key k = new_key(&c);
    assert_int_equal(lnm_store_exec(&c, "DELETE FROM materials", ""), 0);
    assert_int_equal(lnm_store_exec(&c, "DELETE FROM root_proof", ""), 0);
    close_cloud(&c);
    assert_int_equal(open_cloud(&c, dir, &err), 0);
    assert_int_equal(lnm_kms_seal(&c, &blob, &k, LNM_STR("x"), CONTEXT), 0);
    close_cloud(&c);
    lnm_buf_free(&blob);
    remove_folder(dir);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gcm_opens_what_it_sealed_and_nothing_else),
        cmocka_unit_test(test_any_changed_bit_is_noticed),
        cmocka_unit_test(test_older_materials_open_newer_ones_seal),
        cmocka_unit_test(test_a_deleted_key_opens_nothing),
        cmocka_unit_test(test_the_root_key_of_a_folder),
        cmocka_unit_test(test_an_older_folder_is_furnished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
