/* iam_roles.c - roles and who may assume them. */
#include "cloud/iam.h"

#define DURATION_LEAST 3600
#define DURATION_MOST 43200
#define DESCRIPTION_MAX 1000

static void show(struct lnm_cloud_request *r, const struct lnm_iam_entity *e) {
    struct lnm_record *out = &r->out;
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT trust, description, max_duration FROM roles WHERE account = ?1 AND name = ?2", "tt",
        r->account, e->name);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    lnm_record_setz(out, "path", e->path);
    lnm_record_setz(out, "role_name", e->name);
    lnm_record_setz(out, "role_id", e->id);
    lnm_record_setz(out, "arn", e->arn);
    lnm_iam_show_time(out, "create_date", e->created_us);
    if (found) {
        lnm_iam_show_document(out, "assume_role_policy_document", lnm_store_text(s, 0));
        lnm_record_setz(out, "description",
                        lnm_store_text(s, 1)[0] != '\0' ? lnm_store_text(s, 1) : NULL);
        lnm_record_set_int(out, "max_session_duration", lnm_store_int(s, 2));
    }
    (void)sqlite3_reset(s);
    lnm_iam_boundary_show(r, "role", e->name);
}

static int answer(struct lnm_cloud_request *r, const struct lnm_iam_entity *e) {
    lnm_record_enter(&r->out, "role");
    show(r, e);
    lnm_record_close(&r->out);
    return 0;
}

static int check_trust(struct lnm_cloud_request *r, struct lnm_str trust) {
    return lnm_policy_valid(trust, true)
               ? 0
               : lnm_cloud_raise(r, 400, "MalformedPolicyDocument",
                                 "The trust policy is not a policy document with principals");
}

/* Seconds, 0 when not given, -1 raised. */
static int64_t duration(struct lnm_cloud_request *r) {
    int64_t seconds = lnm_record_get_int(&r->in, 0, "max_session_duration", 0);
    if (!lnm_cloud_given(r, "max_session_duration") ||
        (seconds >= DURATION_LEAST && seconds <= DURATION_MOST)) {
        return seconds;
    }
    return lnm_cloud_raise(r, 400, "ValidationError",
                           "1 validation error detected: Value '%lld' at 'maxSessionDuration' "
                           "failed to satisfy constraint: Member must have value from %d to %d",
                           (long long)seconds, DURATION_LEAST, DURATION_MOST);
}

static int check_description(struct lnm_cloud_request *r) {
    return lnm_cloud_param(r, "description").len <= DESCRIPTION_MAX
               ? 0
               : lnm_cloud_raise(r, 400, "ValidationError",
                                 "1 validation error detected: Value at 'description' failed to "
                                 "satisfy constraint: Member must have length less than or equal "
                                 "to %d",
                                 DESCRIPTION_MAX);
}

static int create_role(struct lnm_cloud_request *r) {
    struct lnm_iam_entity e;
    struct lnm_str trust = lnm_cloud_param(r, "assume_role_policy_document");
    int64_t seconds = duration(r);
    if (seconds < 0 || check_description(r) < 0 || lnm_iam_new(r, &e, "role", "AROA") < 0 ||
        check_trust(r, trust) < 0 || lnm_iam_boundary_set(r, "role", e.name) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud,
                          "INSERT INTO roles(account, name, id, trust, path, description,"
                          " max_duration, created) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                          "tttstsii", r->account, e.name, e.id, trust, e.path,
                          lnm_cloud_param(r, "description"), seconds > 0 ? seconds : DURATION_LEAST,
                          e.created_us) < 0
               ? lnm_cloud_internal(r)
               : answer(r, &e);
}

static int get_role(struct lnm_cloud_request *r) {
    struct lnm_iam_entity e;
    return lnm_iam_find(r, &e, "role", "role_name") < 0 ? -1 : answer(r, &e);
}

static void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    struct lnm_iam_entity e;
    lnm_iam_read(&e, s, r, "role");
    lnm_record_item(&r->out);
    show(r, &e);
    lnm_record_close(&r->out);
}

static int list_roles(struct lnm_cloud_request *r) {
    struct lnm_str prefix = lnm_cloud_param(r, "path_prefix");
    return lnm_iam_page(r,
                        lnm_store_query(r->cloud,
                                        "SELECT name, id, path, created FROM roles WHERE account ="
                                        " ?1 AND name > ?2 AND substr(path, 1, length(?3)) = ?3"
                                        " ORDER BY name",
                                        "tss", r->account, lnm_iam_marker(r),
                                        prefix.len > 0 ? prefix : LNM_STR("/")),
                        "roles", show_row);
}

static int update_role(struct lnm_cloud_request *r) {
    struct lnm_iam_entity e;
    int64_t seconds = duration(r);
    if (seconds < 0 || check_description(r) < 0 || lnm_iam_find(r, &e, "role", "role_name") < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud,
                          "UPDATE roles SET max_duration = CASE WHEN ?3 > 0 THEN ?3 ELSE"
                          " max_duration END, description = CASE WHEN ?4 <> '' THEN ?4 ELSE"
                          " description END WHERE account = ?1 AND name = ?2",
                          "ttis", r->account, e.name, seconds,
                          lnm_cloud_given(r, "description") ? lnm_cloud_param(r, "description")
                                                            : LNM_STR("")) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int update_trust(struct lnm_cloud_request *r) {
    struct lnm_iam_entity e;
    struct lnm_str trust = lnm_cloud_param(r, "policy_document");
    if (lnm_iam_find(r, &e, "role", "role_name") < 0 || check_trust(r, trust) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud, "UPDATE roles SET trust = ?3 WHERE account = ?1 AND name = ?2",
                          "tts", r->account, e.name, trust) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int delete_role(struct lnm_cloud_request *r) {
    struct lnm_iam_entity e;
    if (lnm_iam_find(r, &e, "role", "role_name") < 0 || lnm_iam_check_bare(r, "role", e.name) < 0 ||
        lnm_iam_boundary_forget(r, "role", e.name) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud, "DELETE FROM roles WHERE account = ?1 AND name = ?2", "tt",
                          r->account, e.name) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

const struct lnm_cloud_action lnm_cloud_iam_roles[] = {{"CreateRole", create_role},
                                                       {"DeleteRole", delete_role},
                                                       {"GetRole", get_role},
                                                       {"ListRoles", list_roles},
                                                       {"UpdateRole", update_role},
                                                       {"UpdateAssumeRolePolicy", update_trust},
                                                       {NULL, NULL}};
