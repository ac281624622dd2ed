/* iam_managed.c - policies that stand by themselves: an account's own, made here, and AWS's. What
 * is attached is a copy: a policy has one version, so it never changes. */
#include "cloud/iam.h"

#include "aws/endpoint.h"

#include <ctype.h>
#include <stdio.h>

#define DOCUMENT_MAX 6144
#define NAME_MAX_LEN 128

/* arn:PARTITION:iam::aws:policy/NAME */
static bool find_aws(const struct lnm_cloud_request *r, struct lnm_iam_policy *out,
                     struct lnm_str arn) {
    char prefix[64];
    int len = snprintf(prefix, sizeof prefix, "arn:%s:iam::aws:policy/",
                       lnm_partition(lnm_str_z(r->region)));
    if (!lnm_str_starts(arn, (struct lnm_str){prefix, (size_t)len})) {
        return false;
    }
    const char *document =
        lnm_access_managed((struct lnm_str){arn.ptr + len, arn.len - (size_t)len});
    out->kind = LNM_POLICY_OF_AWS;
    (void)snprintf(out->name, sizeof out->name, "%.*s", (int)arn.len - len, arn.ptr + len);
    lnm_buf_addz(&out->document, document != NULL ? document : "");
    return document != NULL;
}

static bool find_own(struct lnm_cloud_request *r, struct lnm_iam_policy *out, struct lnm_str arn) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT document FROM managed_policies WHERE account = ?1 AND arn = ?2", "ts",
        r->account, arn);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        out->kind = LNM_POLICY_OF_ACCOUNT;
        (void)snprintf(out->name, sizeof out->name, "%.*s", (int)arn.len, arn.ptr);
        lnm_buf_addz(&out->document, lnm_store_text(s, 0));
    }
    (void)sqlite3_reset(s);
    return found;
}

int lnm_iam_policy_find(struct lnm_cloud_request *r, struct lnm_iam_policy *out,
                        const char *param) {
    struct lnm_str arn = lnm_cloud_param(r, param);
    memset(out, 0, sizeof *out);
    return arn.len < sizeof out->name && (find_aws(r, out, arn) || find_own(r, out, arn))
               ? 0
               : lnm_cloud_raise(r, 404, "NoSuchEntity",
                                 "Policy %.*s does not exist or is not attachable.",
                                 (int)(arn.len < 200 ? arn.len : 200), arn.ptr);
}

int lnm_iam_policy_attach(struct lnm_cloud_request *r, const struct lnm_iam_policy *p,
                          const char *identity) {
    return lnm_store_exec(r->cloud,
                          "INSERT OR REPLACE INTO identity_policies(account, owner, managed, name,"
                          " document) VALUES(?1, ?2, ?3, ?4, ?5)",
                          "ttits", r->account, identity, (int64_t)p->kind, p->name,
                          lnm_buf_str(&p->document)) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

/* ---- boundaries -------------------------------------------------------------------------------
 */

int lnm_iam_boundary_set(struct lnm_cloud_request *r, const char *kind, const char *name) {
    struct lnm_iam_policy p;
    char identity[LNM_IDENTITY_MAX];
    if (!lnm_cloud_given(r, "permissions_boundary")) {
        return 0;
    }
    int error = lnm_iam_policy_find(r, &p, "permissions_boundary");
    if (error == 0) {
        struct lnm_str arn = lnm_cloud_param(r, "permissions_boundary");
        p.kind = LNM_POLICY_BOUNDARY;
        (void)snprintf(p.name, sizeof p.name, "%.*s", (int)arn.len, arn.ptr);
        (void)snprintf(identity, sizeof identity, "%s/%s", kind, name);
        error = lnm_iam_policy_attach(r, &p, identity);
    }
    lnm_buf_free(&p.document);
    return error;
}

int lnm_iam_boundary_forget(struct lnm_cloud_request *r, const char *kind, const char *name) {
    return lnm_store_exec(r->cloud,
                          "DELETE FROM identity_policies WHERE account = ?1 AND owner = ?2 || '/'"
                          " || ?3 AND managed = 3",
                          "ttt", r->account, kind, name) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

void lnm_iam_boundary_show(struct lnm_cloud_request *r, const char *kind, const char *name) {
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT name FROM identity_policies WHERE account = ?1 AND"
                                      " owner = ?2 || '/' || ?3 AND managed = 3",
                                      "ttt", r->account, kind, name);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_record_enter(&r->out, "permissions_boundary");
        lnm_record_setz(&r->out, "permissions_boundary_type", "Policy");
        lnm_record_setz(&r->out, "permissions_boundary_arn", lnm_store_text(s, 0));
        lnm_record_close(&r->out);
    }
    (void)sqlite3_reset(s);
}

/* ---- the account's ----------------------------------------------------------------------------
 */

static int64_t count_uses(struct lnm_cloud_request *r, const char *arn, enum lnm_policy_kind kind) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT count(*) FROM identity_policies WHERE account = ?1 AND name = ?2 AND managed = ?3",
        "tti", r->account, arn, (int64_t)kind);
    int64_t count = s != NULL && sqlite3_step(s) == SQLITE_ROW ? lnm_store_int(s, 0) : 0;
    (void)sqlite3_reset(s);
    return count;
}

#define COLUMNS                                                                                    \
    "SELECT arn, name, id, path, description, created FROM managed_policies WHERE account = ?1"

/* The fields of a row of COLUMNS, into the struct that is open. */
static void show(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    struct lnm_record *out = &r->out;
    char arn[LNM_IAM_ARN_MAX];
    lnm_take(arn, sizeof arn, lnm_store_text(s, 0));
    lnm_record_setz(out, "policy_name", lnm_store_text(s, 1));
    lnm_record_setz(out, "policy_id", lnm_store_text(s, 2));
    lnm_record_setz(out, "arn", arn);
    lnm_record_setz(out, "path", lnm_store_text(s, 3));
    lnm_record_setz(out, "description",
                    lnm_store_text(s, 4)[0] != '\0' ? lnm_store_text(s, 4) : NULL);
    lnm_record_setz(out, "default_version_id", "v1");
    lnm_record_set_bool(out, "is_attachable", true);
    lnm_iam_show_time(out, "create_date", lnm_store_int(s, 5));
    lnm_iam_show_time(out, "update_date", lnm_store_int(s, 5));
    lnm_record_set_int(out, "attachment_count", count_uses(r, arn, LNM_POLICY_OF_ACCOUNT));
    lnm_record_set_int(out, "permissions_boundary_usage_count",
                       count_uses(r, arn, LNM_POLICY_BOUNDARY));
}

static int answer(struct lnm_cloud_request *r, struct lnm_str arn) {
    sqlite3_stmt *s = lnm_store_query(r->cloud, COLUMNS " AND arn = ?2", "ts", r->account, arn);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_record_enter(&r->out, "policy");
        show(r, s);
        lnm_record_close(&r->out);
    }
    (void)sqlite3_reset(s);
    return found ? 0
                 : lnm_cloud_raise(r, 404, "NoSuchEntity", "Policy %.*s was not found.",
                                   (int)(arn.len < 200 ? arn.len : 200), arn.ptr);
}

static int invalid(struct lnm_cloud_request *r, const char *param) {
    return lnm_cloud_raise(r, 400, "ValidationError",
                           "1 validation error detected: Value at '%s' failed to satisfy "
                           "constraint: Member must satisfy its regular expression pattern",
                           param);
}

static int check_new(struct lnm_cloud_request *r, struct lnm_str name, struct lnm_str path,
                     struct lnm_str document) {
    bool good = name.len > 0 && name.len <= NAME_MAX_LEN;
    for (size_t i = 0; good && i < name.len; i++) {
        good =
            isalnum((unsigned char)name.ptr[i]) != 0 || memchr("_+=,.@-", name.ptr[i], 7) != NULL;
    }
    if (!good) {
        return invalid(r, "policyName");
    }
    if (path.len == 0 || path.len > 512 || path.ptr[0] != '/' || path.ptr[path.len - 1] != '/') {
        return invalid(r, "path");
    }
    if (document.len > DOCUMENT_MAX) {
        return lnm_cloud_raise(r, 409, "LimitExceeded", "Cannot exceed quota for PolicySize: %d",
                               DOCUMENT_MAX);
    }
    return lnm_policy_valid(document, false)
               ? 0
               : lnm_cloud_raise(r, 400, "MalformedPolicyDocument",
                                 "The policy is not a policy document with actions and resources");
}

static int create_policy(struct lnm_cloud_request *r) {
    char arn[LNM_IAM_ARN_MAX], id[22];
    struct lnm_str name = lnm_cloud_param(r, "policy_name"),
                   document = lnm_cloud_param(r, "policy_document"),
                   path = lnm_cloud_given(r, "path") ? lnm_cloud_param(r, "path") : LNM_STR("/");
    if (check_new(r, name, path, document) < 0) {
        return -1;
    }
    (void)snprintf(arn, sizeof arn, "arn:%s:iam::%s:policy%.*s%.*s",
                   lnm_partition(lnm_str_z(r->region)), r->account, (int)path.len, path.ptr,
                   (int)name.len, name.ptr);
    if (!lnm_iam_random(r->cloud, id, 21, "ANPA") ||
        lnm_store_exec(
            r->cloud,
            "INSERT INTO managed_policies(account, name, arn, id, path, description, document,"
            " created) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
            "tsttsssi", r->account, name, arn, id, path, lnm_cloud_param(r, "description"),
            document, r->now_us) < 0) {
        return lnm_cloud_internal(r);
    }
    return sqlite3_changes(r->cloud->db) == 0
               ? lnm_cloud_raise(r, 409, "EntityAlreadyExists",
                                 "A policy called %.*s already exists. Duplicate names are not "
                                 "allowed.",
                                 (int)name.len, name.ptr)
               : answer(r, lnm_str_z(arn));
}

static int get_policy(struct lnm_cloud_request *r) {
    return answer(r, lnm_cloud_param(r, "policy_arn"));
}

static int get_version(struct lnm_cloud_request *r) {
    struct lnm_iam_policy p;
    int error = lnm_iam_policy_find(r, &p, "policy_arn");
    if (error == 0 && !lnm_str_is(lnm_cloud_param(r, "version_id"), "v1")) {
        error = lnm_cloud_raise(r, 404, "NoSuchEntity", "The policy has only the version v1.");
    }
    if (error == 0) {
        lnm_record_enter(&r->out, "policy_version");
        lnm_iam_show_document(&r->out, "document", lnm_buf_str(&p.document).ptr);
        lnm_record_setz(&r->out, "version_id", "v1");
        lnm_record_set_bool(&r->out, "is_default_version", true);
        lnm_record_close(&r->out);
    }
    lnm_buf_free(&p.document);
    return error;
}

static int delete_found(struct lnm_cloud_request *r, const struct lnm_iam_policy *p) {
    if (p->kind != LNM_POLICY_OF_ACCOUNT) {
        return lnm_cloud_raise(r, 403, "AccessDenied", "AWS's own policies cannot be deleted.");
    }
    if (count_uses(r, p->name, LNM_POLICY_OF_ACCOUNT) +
            count_uses(r, p->name, LNM_POLICY_BOUNDARY) >
        0) {
        return lnm_cloud_raise(r, 409, "DeleteConflict",
                               "Cannot delete a policy attached to entities.");
    }
    return lnm_store_exec(r->cloud, "DELETE FROM managed_policies WHERE account = ?1 AND arn = ?2",
                          "tt", r->account, p->name) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int delete_policy(struct lnm_cloud_request *r) {
    struct lnm_iam_policy p;
    int error = lnm_iam_policy_find(r, &p, "policy_arn");
    error = error < 0 ? error : delete_found(r, &p);
    lnm_buf_free(&p.document);
    return error;
}

static void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    lnm_record_item(&r->out);
    show(r, s);
    lnm_record_close(&r->out);
}

/* Those of the account: which of AWS's there are, docs/local-cloud.md says. */
static int list_policies(struct lnm_cloud_request *r) {
    struct lnm_str prefix = lnm_cloud_param(r, "path_prefix");
    bool none = lnm_str_is(lnm_cloud_param(r, "scope"), "AWS");
    bool attached = lnm_record_get_bool(&r->in, 0, "only_attached", false);
    return lnm_iam_page(
        r,
        lnm_store_query(r->cloud,
                        COLUMNS " AND arn > ?2 AND substr(path, 1, length(?3)) = ?3 AND NOT ?4"
                                " AND (NOT ?5 OR EXISTS(SELECT 1 FROM identity_policies AS i"
                                " WHERE i.account = ?1 AND i.name = arn AND managed = 2))"
                                " ORDER BY arn",
                        "tssii", r->account, lnm_iam_marker(r),
                        prefix.len > 0 ? prefix : LNM_STR("/"), (int64_t)none, (int64_t)attached),
        "policies", show_row);
}

const struct lnm_cloud_action lnm_cloud_iam_managed[] = {
    {"CreatePolicy", create_policy},   {"DeletePolicy", delete_policy}, {"GetPolicy", get_policy},
    {"GetPolicyVersion", get_version}, {"ListPolicies", list_policies}, {NULL, NULL}};
