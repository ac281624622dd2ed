/* iam.c - names, ids and pages of IAM. */
#include "cloud/iam.h"
#include "cloud/marker.h"

#include "aws/endpoint.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>

#define ITEMS 100
#define ITEMS_MOST 1000

static void fill(const struct lnm_cloud *c, unsigned char *out, size_t len) {
    if (c != NULL && c->seeded) {
        lnm_random_bytes(out, len);
    } else {
        lnm_random_secret(out, len);
    }
}

bool lnm_iam_random(const struct lnm_cloud *c, char *out, size_t len, const char *prefix) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    unsigned char bytes[128];
    size_t begun = strlen(prefix);
    bool good = len <= sizeof bytes;
    fill(c, bytes, good ? len : 0);
    memcpy(out, prefix, begun);
    for (size_t i = begun; good && i < len; i++) {
        out[i] = digits[bytes[i] % 36];
    }
    out[good ? len : 0] = '\0';
    return good;
}

static int invalid(struct lnm_cloud_request *r, const char *param, const char *constraint) {
    return lnm_cloud_raise(r, 400, "ValidationError",
                           "1 validation error detected: Value at '%s' failed to satisfy "
                           "constraint: Member must %s",
                           param, constraint);
}

int lnm_iam_name(struct lnm_cloud_request *r, char out[LNM_IAM_NAME_MAX], const char *param) {
    struct lnm_str name = lnm_cloud_param(r, param);
    bool good = name.len > 0 && name.len < LNM_IAM_NAME_MAX;
    for (size_t i = 0; good && i < name.len; i++) {
        good =
            isalnum((unsigned char)name.ptr[i]) != 0 || memchr("_+=,.@-", name.ptr[i], 7) != NULL;
    }
    (void)snprintf(out, LNM_IAM_NAME_MAX, "%.*s", (int)(good ? name.len : 0), name.ptr);
    return good ? 0 : invalid(r, param, "satisfy regular expression pattern: [\\w+=,.@-]{1,64}");
}

static void name_arn(struct lnm_iam_entity *e, const struct lnm_cloud_request *r,
                     const char *kind) {
    (void)snprintf(e->arn, sizeof e->arn, "arn:%s:iam::%s:%s%s%s",
                   lnm_partition(lnm_str_z(r->region)), r->account, kind, e->path, e->name);
}

void lnm_iam_read(struct lnm_iam_entity *out, sqlite3_stmt *s, const struct lnm_cloud_request *r,
                  const char *kind) {
    lnm_take(out->name, sizeof out->name, lnm_store_text(s, 0));
    lnm_take(out->id, sizeof out->id, lnm_store_text(s, 1));
    lnm_take(out->path, sizeof out->path, lnm_store_text(s, 2));
    out->created_us = lnm_store_int(s, 3);
    name_arn(out, r, kind);
}

bool lnm_iam_get(struct lnm_cloud_request *r, struct lnm_iam_entity *out, const char *kind,
                 const char *name) {
    static const char users[] =
        "SELECT name, id, path, created FROM users WHERE account = ?1 AND name = ?2";
    static const char roles[] =
        "SELECT name, id, path, created FROM roles WHERE account = ?1 AND name = ?2";
    sqlite3_stmt *s = lnm_store_query(r->cloud, strcmp(kind, "user") == 0 ? users : roles, "tt",
                                      r->account, name);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_iam_read(out, s, r, kind);
    }
    (void)sqlite3_reset(s);
    return found;
}

int lnm_iam_find(struct lnm_cloud_request *r, struct lnm_iam_entity *out, const char *kind,
                 const char *param) {
    char name[LNM_IAM_NAME_MAX];
    if (lnm_iam_name(r, name, param) < 0) {
        return -1;
    }
    return lnm_iam_get(r, out, kind, name)
               ? 0
               : lnm_cloud_raise(r, 404, "NoSuchEntity", "The %s with name %s cannot be found.",
                                 kind, name);
}

/* The administrator is nobody's row. */
static void administrator(struct lnm_cloud_request *r, struct lnm_iam_entity *out) {
    memset(out, 0, sizeof *out);
    lnm_take(out->name, sizeof out->name, "administrator");
    lnm_take(out->path, sizeof out->path, "/");
    lnm_take(out->id, sizeof out->id, r->user_id);
    name_arn(out, r, "user");
}

int lnm_iam_find_user(struct lnm_cloud_request *r, struct lnm_iam_entity *out) {
    char identity[LNM_IDENTITY_MAX];
    struct lnm_str name = lnm_cloud_param(r, "user_name");
    if (r->administrator && (name.len == 0 || lnm_str_is(name, "administrator"))) {
        administrator(r, out);
        return 0;
    }
    if (name.len > 0) {
        return lnm_iam_find(r, out, "user", "user_name");
    }
    lnm_access_identity(identity, r->arn);
    return strncmp(identity, "user/", 5) == 0 && lnm_iam_get(r, out, "user", identity + 5)
               ? 0
               : lnm_cloud_raise(r, 400, "ValidationError",
                                 "Must specify userName when calling with non-User credentials");
}

static int check_path(struct lnm_cloud_request *r, struct lnm_str path) {
    bool good = path.len > 0 && path.len < LNM_IAM_PATH_MAX && path.ptr[0] == '/' &&
                path.ptr[path.len - 1] == '/';
    for (size_t i = 0; good && i < path.len; i++) {
        good = path.ptr[i] > ' ' && path.ptr[i] < 0x7f;
    }
    return good ? 0 : invalid(r, "path", "begin and end with /");
}

int lnm_iam_new(struct lnm_cloud_request *r, struct lnm_iam_entity *out, const char *kind,
                const char *prefix) {
    char param[16], title[8];
    struct lnm_str path = lnm_cloud_given(r, "path") ? lnm_cloud_param(r, "path") : LNM_STR("/");
    (void)snprintf(param, sizeof param, "%s_name", kind);
    memset(out, 0, sizeof *out);
    if (lnm_iam_name(r, out->name, param) < 0 || check_path(r, path) < 0) {
        return -1;
    }
    (void)snprintf(title, sizeof title, "%c%s", toupper((unsigned char)kind[0]), kind + 1);
    struct lnm_iam_entity other;
    if (strcmp(out->name, "administrator") == 0 || lnm_iam_get(r, &other, kind, out->name)) {
        return lnm_cloud_raise(r, 409, "EntityAlreadyExists", "%s with name %s already exists.",
                               title, out->name);
    }
    (void)snprintf(out->path, sizeof out->path, "%.*s", (int)path.len, path.ptr);
    out->created_us = r->now_us;
    name_arn(out, r, kind);
    return lnm_iam_random(r->cloud, out->id, 21, prefix) ? 0 : lnm_cloud_internal(r);
}

int lnm_iam_check_bare(struct lnm_cloud_request *r, const char *kind, const char *name) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT managed FROM identity_policies WHERE account = ?1 AND owner = ?2 || '/' || ?3"
        " AND managed < 3",
        "ttt", r->account, kind, name);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    bool managed = found && lnm_store_int(s, 0) != 0;
    (void)sqlite3_reset(s);
    return found ? lnm_cloud_raise(r, 409, "DeleteConflict", "Cannot delete entity, must %s first.",
                                   managed ? "detach all policies" : "delete policies")
                 : 0;
}

int lnm_iam_page(struct lnm_cloud_request *r, sqlite3_stmt *s, const char *list,
                 void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s)) {
    const struct lnm_marker_names names = {list, "marker", "is_truncated"};
    int64_t limit = lnm_record_get_int(&r->in, 0, "max_items", ITEMS);
    return limit < 1 || limit > ITEMS_MOST ? invalid(r, "maxItems", "have value from 1 to 1000")
                                           : lnm_marker_page(r, s, &names, limit, show_row);
}

struct lnm_str lnm_iam_marker(const struct lnm_cloud_request *r) {
    struct lnm_str marker = lnm_cloud_param(r, "marker");
    return marker.len > 0 ? marker : LNM_STR("");
}

void lnm_iam_show_time(struct lnm_record *out, const char *name, int64_t us) {
    char text[LNM_DATE_MAX];
    lnm_date_iso_s(text, us);
    lnm_record_setz(out, name, text);
}

void lnm_iam_show_document(struct lnm_record *out, const char *name, const char *document) {
    struct lnm_buf text = {0};
    lnm_text_percent(&text, lnm_str_z(document));
    lnm_record_set(out, name, lnm_buf_str(&text));
    lnm_buf_free(&text);
}
