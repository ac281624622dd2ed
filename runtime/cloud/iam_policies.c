/* iam_policies.c - what users and roles may: policies of their own, and those that are attached. */
#include "cloud/iam.h"

#include "aws/endpoint.h"

#include <stdio.h>

#define POLICY_MAX_USER 2048
#define POLICY_MAX_ROLE 10240

/* Whose policies a request is about. */
struct owner {
    const char *kind, *param;
    char identity[LNM_IDENTITY_MAX];
};

static int find_owner(struct lnm_cloud_request *r, struct owner *o) {
    struct lnm_iam_entity e;
    bool user = lnm_type_member(r->op->input, LNM_STR("user_name")) != NULL;
    o->kind = user ? "user" : "role";
    o->param = user ? "user_name" : "role_name";
    if (lnm_iam_find(r, &e, o->kind, o->param) < 0) {
        return -1;
    }
    (void)snprintf(o->identity, sizeof o->identity, "%s/%s", o->kind, e.name);
    return 0;
}

static int no_policy(struct lnm_cloud_request *r, const struct owner *o, struct lnm_str name) {
    return lnm_cloud_raise(r, 404, "NoSuchEntity", "The %s policy with name %.*s cannot be found.",
                           o->kind, (int)(name.len < 128 ? name.len : 128), name.ptr);
}

/* ---- their own --------------------------------------------------------------------------------
 */

static int put_policy(struct lnm_cloud_request *r) {
    struct owner o;
    struct lnm_str name = lnm_cloud_param(r, "policy_name");
    struct lnm_str document = lnm_cloud_param(r, "policy_document");
    if (find_owner(r, &o) < 0) {
        return -1;
    }
    size_t most = strcmp(o.kind, "user") == 0 ? POLICY_MAX_USER : POLICY_MAX_ROLE;
    if (document.len > most) {
        return lnm_cloud_raise(r, 409, "LimitExceeded",
                               "Maximum policy size of %zu bytes exceeded for %s", most,
                               o.identity);
    }
    if (name.len > 128 || !lnm_policy_valid(document, false)) {
        return lnm_cloud_raise(r, 400, "MalformedPolicyDocument",
                               "The policy is not a policy document with actions and resources");
    }
    return lnm_store_exec(r->cloud,
                          "INSERT OR REPLACE INTO identity_policies(account, owner, managed, name,"
                          " document) VALUES(?1, ?2, 0, ?3, ?4)",
                          "ttss", r->account, o.identity, name, document) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int get_policy(struct lnm_cloud_request *r) {
    struct owner o;
    struct lnm_str name = lnm_cloud_param(r, "policy_name");
    if (find_owner(r, &o) < 0) {
        return -1;
    }
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT document FROM identity_policies WHERE account = ?1"
                                      " AND owner = ?2 AND managed = 0 AND name = ?3",
                                      "tts", r->account, o.identity, name);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_record_set(&r->out, o.param, lnm_cloud_param(r, o.param));
        lnm_record_set(&r->out, "policy_name", name);
        lnm_iam_show_document(&r->out, "policy_document", lnm_store_text(s, 0));
    }
    (void)sqlite3_reset(s);
    return found ? 0 : no_policy(r, &o, name);
}

static int remove_policy(struct lnm_cloud_request *r, const struct owner *o,
                         enum lnm_policy_kind kind, struct lnm_str name) {
    if (lnm_store_exec(r->cloud,
                       "DELETE FROM identity_policies WHERE account = ?1 AND owner = ?2 AND"
                       " managed = ?3 AND name = ?4",
                       "ttis", r->account, o->identity, (int64_t)kind, name) < 0) {
        return lnm_cloud_internal(r);
    }
    return sqlite3_changes(r->cloud->db) > 0 ? 0 : no_policy(r, o, name);
}

static int delete_policy(struct lnm_cloud_request *r) {
    struct owner o;
    return find_owner(r, &o) < 0
               ? -1
               : remove_policy(r, &o, LNM_POLICY_INLINE, lnm_cloud_param(r, "policy_name"));
}

static int list(struct lnm_cloud_request *r, bool managed, const char *member,
                void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s)) {
    struct owner o;
    return find_owner(r, &o) < 0
               ? -1
               : lnm_iam_page(
                     r,
                     lnm_store_query(r->cloud,
                                     "SELECT name FROM identity_policies WHERE account ="
                                     " ?1 AND owner = ?2 AND (managed > 0) = ?3 AND managed < 3"
                                     " AND name > ?4"
                                     " ORDER BY name",
                                     "ttis", r->account, o.identity, (int64_t)managed,
                                     lnm_iam_marker(r)),
                     member, show_row);
}

static void show_name(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    lnm_record_add(&r->out, lnm_str_z(lnm_store_text(s, 0)));
}

static int list_policies(struct lnm_cloud_request *r) {
    return list(r, false, "policy_names", show_name);
}

/* ---- attached ---------------------------------------------------------------------------------
 */

static int attach(struct lnm_cloud_request *r) {
    struct owner o;
    struct lnm_iam_policy p;
    if (find_owner(r, &o) < 0) {
        return -1;
    }
    int error = lnm_iam_policy_find(r, &p, "policy_arn");
    error = error < 0 ? error : lnm_iam_policy_attach(r, &p, o.identity);
    lnm_buf_free(&p.document);
    return error;
}

static int detach(struct lnm_cloud_request *r) {
    struct owner o;
    struct lnm_iam_policy p;
    if (find_owner(r, &o) < 0) {
        return -1;
    }
    int error = lnm_iam_policy_find(r, &p, "policy_arn");
    error = error < 0 ? error : remove_policy(r, &o, p.kind, lnm_str_z(p.name));
    lnm_buf_free(&p.document);
    return error;
}

/* AWS's are kept by their names, the account's by their ARNs. */
static void show_attached(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    char arn[LNM_IAM_ARN_MAX];
    const char *name = lnm_store_text(s, 0), *slash = strrchr(name, '/');
    if (slash == NULL) {
        (void)snprintf(arn, sizeof arn, "arn:%s:iam::aws:policy/%s",
                       lnm_partition(lnm_str_z(r->region)), name);
    } else {
        lnm_take(arn, sizeof arn, name);
    }
    lnm_record_item(&r->out);
    lnm_record_setz(&r->out, "policy_name", slash != NULL ? slash + 1 : name);
    lnm_record_setz(&r->out, "policy_arn", arn);
    lnm_record_close(&r->out);
}

static int list_attached(struct lnm_cloud_request *r) {
    return list(r, true, "attached_policies", show_attached);
}

const struct lnm_cloud_action lnm_cloud_iam_policies[] = {
    {"AttachRolePolicy", attach},
    {"AttachUserPolicy", attach},
    {"DeleteRolePolicy", delete_policy},
    {"DeleteUserPolicy", delete_policy},
    {"DetachRolePolicy", detach},
    {"DetachUserPolicy", detach},
    {"GetRolePolicy", get_policy},
    {"GetUserPolicy", get_policy},
    {"ListAttachedRolePolicies", list_attached},
    {"ListAttachedUserPolicies", list_attached},
    {"ListRolePolicies", list_policies},
    {"ListUserPolicies", list_policies},
    {"PutRolePolicy", put_policy},
    {"PutUserPolicy", put_policy},
    {NULL, NULL}};
