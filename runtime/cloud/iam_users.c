/* iam_users.c - users and their access keys. Ids of access keys begin LKIA: AWS's AKIA is never
 * given and never taken. */
#include "cloud/iam.h"

#include <stdio.h>

#define KEYS_MOST 2

/* ---- users ------------------------------------------------------------------------------------
 */

static void show(struct lnm_cloud_request *r, const struct lnm_iam_entity *u) {
    struct lnm_record *out = &r->out;
    lnm_record_setz(out, "path", u->path);
    lnm_record_setz(out, "user_name", u->name);
    lnm_record_setz(out, "user_id", u->id);
    lnm_record_setz(out, "arn", u->arn);
    lnm_iam_show_time(out, "create_date", u->created_us);
    lnm_iam_boundary_show(r, "user", u->name);
}

static int answer(struct lnm_cloud_request *r, const struct lnm_iam_entity *u) {
    lnm_record_enter(&r->out, "user");
    show(r, u);
    lnm_record_close(&r->out);
    return 0;
}

static int create_user(struct lnm_cloud_request *r) {
    struct lnm_iam_entity u;
    if (lnm_iam_new(r, &u, "user", "AIDA") < 0 || lnm_iam_boundary_set(r, "user", u.name) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud,
                          "INSERT INTO users(account, name, id, path, created) VALUES(?1, ?2, ?3,"
                          " ?4, ?5)",
                          "tttti", r->account, u.name, u.id, u.path, u.created_us) < 0
               ? lnm_cloud_internal(r)
               : answer(r, &u);
}

static int get_user(struct lnm_cloud_request *r) {
    struct lnm_iam_entity u;
    return lnm_iam_find_user(r, &u) < 0 ? -1 : answer(r, &u);
}

static void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    struct lnm_iam_entity u;
    lnm_iam_read(&u, s, r, "user");
    lnm_record_item(&r->out);
    show(r, &u);
    lnm_record_close(&r->out);
}

static int list_users(struct lnm_cloud_request *r) {
    struct lnm_str prefix = lnm_cloud_param(r, "path_prefix");
    return lnm_iam_page(r,
                        lnm_store_query(r->cloud,
                                        "SELECT name, id, path, created FROM users WHERE account ="
                                        " ?1 AND name > ?2 AND substr(path, 1, length(?3)) = ?3"
                                        " ORDER BY name",
                                        "tss", r->account, lnm_iam_marker(r),
                                        prefix.len > 0 ? prefix : LNM_STR("/")),
                        "users", show_row);
}

static int64_t key_count(struct lnm_cloud_request *r, const char *user) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT count(*) FROM access_keys WHERE account = ?1 AND user = ?2", "tt",
        r->account, user);
    int64_t count = s != NULL && sqlite3_step(s) == SQLITE_ROW ? lnm_store_int(s, 0) : 0;
    (void)sqlite3_reset(s);
    return count;
}

static int delete_user(struct lnm_cloud_request *r) {
    struct lnm_iam_entity u;
    if (lnm_iam_find(r, &u, "user", "user_name") < 0) {
        return -1;
    }
    if (key_count(r, u.name) > 0) {
        return lnm_cloud_raise(r, 409, "DeleteConflict",
                               "Cannot delete entity, must delete access keys first.");
    }
    if (lnm_iam_check_bare(r, "user", u.name) < 0 ||
        lnm_iam_boundary_forget(r, "user", u.name) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud, "DELETE FROM users WHERE account = ?1 AND name = ?2", "tt",
                          r->account, u.name) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

/* ---- access keys ------------------------------------------------------------------------------
 */

static int create_key(struct lnm_cloud_request *r) {
    struct lnm_iam_entity u;
    char id[21], secret[41];
    if (lnm_iam_find_user(r, &u) < 0) {
        return -1;
    }
    if (key_count(r, u.name) >= KEYS_MOST) {
        return lnm_cloud_raise(r, 409, "LimitExceeded",
                               "Cannot exceed quota for AccessKeysPerUser: %d", KEYS_MOST);
    }
    if (!lnm_iam_random(r->cloud, id, 20, "LKIA") || !lnm_iam_random(NULL, secret, 40, "") ||
        lnm_store_exec(r->cloud,
                       "INSERT INTO access_keys(id, account, user, secret, status, created)"
                       " VALUES(?1, ?2, ?3, ?4, 'Active', ?5)",
                       "tttti", id, r->account, u.name, secret, r->now_us) < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_record_enter(&r->out, "access_key");
    lnm_record_setz(&r->out, "user_name", u.name);
    lnm_record_setz(&r->out, "access_key_id", id);
    lnm_record_setz(&r->out, "status", "Active");
    lnm_record_setz(&r->out, "secret_access_key", secret);
    lnm_iam_show_time(&r->out, "create_date", r->now_us);
    lnm_record_close(&r->out);
    return 0;
}

/* id, user, status, created */
static void show_key(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    lnm_record_item(&r->out);
    lnm_record_setz(&r->out, "user_name", lnm_store_text(s, 1));
    lnm_record_setz(&r->out, "access_key_id", lnm_store_text(s, 0));
    lnm_record_setz(&r->out, "status", lnm_store_text(s, 2));
    lnm_iam_show_time(&r->out, "create_date", lnm_store_int(s, 3));
    lnm_record_close(&r->out);
}

static int list_keys(struct lnm_cloud_request *r) {
    struct lnm_iam_entity u;
    return lnm_iam_find_user(r, &u) < 0
               ? -1
               : lnm_iam_page(r,
                              lnm_store_query(r->cloud,
                                              "SELECT id, user, status, created FROM access_keys"
                                              " WHERE account = ?1 AND user = ?2 AND id > ?3"
                                              " ORDER BY id",
                                              "tts", r->account, u.name, lnm_iam_marker(r)),
                              "access_key_metadata", show_key);
}

/* Run a statement on the access key of the request: account, user, id, status. */
static int change_key(struct lnm_cloud_request *r, const char *sql, struct lnm_str status) {
    struct lnm_iam_entity u;
    struct lnm_str id = lnm_cloud_param(r, "access_key_id");
    if (lnm_iam_find_user(r, &u) < 0) {
        return -1;
    }
    if (lnm_store_exec(r->cloud, sql, status.len > 0 ? "ttss" : "tts", r->account, u.name, id,
                       status) < 0) {
        return lnm_cloud_internal(r);
    }
    return sqlite3_changes(r->cloud->db) > 0
               ? 0
               : lnm_cloud_raise(r, 404, "NoSuchEntity",
                                 "The Access Key with id %.40s cannot be found.", id.ptr);
}

static int update_key(struct lnm_cloud_request *r) {
    struct lnm_str status = lnm_cloud_param(r, "status");
    if (!lnm_str_is(status, "Active") && !lnm_str_is(status, "Inactive")) {
        return lnm_cloud_raise(r, 400, "ValidationError",
                               "1 validation error detected: Value at 'status' failed to satisfy "
                               "constraint: Member must satisfy enum value set: [Active, "
                               "Inactive]");
    }
    return change_key(r,
                      "UPDATE access_keys SET status = ?4 WHERE account = ?1 AND user = ?2 AND"
                      " id = ?3",
                      status);
}

static int delete_key(struct lnm_cloud_request *r) {
    return change_key(r, "DELETE FROM access_keys WHERE account = ?1 AND user = ?2 AND id = ?3",
                      LNM_STR_NONE);
}

const struct lnm_cloud_action lnm_cloud_iam_users[] = {{"CreateAccessKey", create_key},
                                                       {"CreateUser", create_user},
                                                       {"DeleteAccessKey", delete_key},
                                                       {"DeleteUser", delete_user},
                                                       {"GetUser", get_user},
                                                       {"ListAccessKeys", list_keys},
                                                       {"ListUsers", list_users},
                                                       {"UpdateAccessKey", update_key},
                                                       {NULL, NULL}};
