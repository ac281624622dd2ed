/* opened.h - a cloud in memory that nobody serves: its state, keys and blocks, entered and empty.
 */
#ifndef LUNAMI_TESTS_OPENED_H
#define LUNAMI_TESTS_OPENED_H

#include "cloud/blocks.h"
#include "cloud/internal.h"
#include "cloud/kms_material.h"
#include "cloud/policies.h"
#include "cloud/policy.h"
#include "cloud/root_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static inline int open_cloud(void **state) {
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

static inline int close_cloud(void **state) {
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

static inline int64_t number(struct lnm_cloud *c, const char *sql) {
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(c->db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    (void)sqlite3_finalize(s);
    return n;
}

#endif
