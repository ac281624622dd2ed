/* fault.c - what a fault does to a request and to what it makes.
 *
 * While there is a plan, temporary triggers note what is made when: no handler knows of it. */
#include "cloud/fault.h"

#include "cloud/images.h"
#include "cloud/kms.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define NOTE(table)                                                                                \
    "CREATE TEMP TRIGGER fresh_" table " AFTER INSERT ON main." table                              \
    " BEGIN INSERT OR REPLACE INTO fresh VALUES(new.id, lunami_now(), lunami_serial()); END;"

static void now(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count, (void)values;
    const struct lnm_cloud *c = sqlite3_user_data(context);
    sqlite3_result_int64(context, c->fault_now_us);
}

static void serial(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count, (void)values;
    const struct lnm_cloud *c = sqlite3_user_data(context);
    sqlite3_result_int64(context, c->fault_serial);
}

static bool add_functions(struct lnm_cloud *c) {
    return sqlite3_create_function(c->db, "lunami_now", 0, SQLITE_UTF8, c, now, NULL, NULL) ==
               SQLITE_OK &&
           sqlite3_create_function(c->db, "lunami_serial", 0, SQLITE_UTF8, c, serial, NULL, NULL) ==
               SQLITE_OK;
}

static bool take_notes(struct lnm_cloud *c) {
    return add_functions(c) &&
           sqlite3_exec(c->db,
                        "CREATE TEMP TABLE fresh(id TEXT PRIMARY KEY, at INT, serial INT) WITHOUT"
                        " ROWID;" NOTE("images") NOTE("snapshots") NOTE("volumes")
                            NOTE("instances"),
                        NULL, NULL, NULL) == SQLITE_OK;
}

static void take_no_notes(struct lnm_cloud *c) {
    (void)sqlite3_exec(c->db,
                       "DROP TRIGGER fresh_images; DROP TRIGGER fresh_snapshots; DROP TRIGGER"
                       " fresh_volumes; DROP TRIGGER fresh_instances; DROP TABLE fresh;",
                       NULL, NULL, NULL);
}

static bool is_plan(const struct lnm_fault_plan *plan) {
    return plan != NULL && (plan->count > 0 || plan->skew_us != 0);
}

static bool has_stale(const struct lnm_fault_plan *plan) {
    size_t i = 0;
    while (plan != NULL && i < plan->count && plan->rules[i].kind != LNM_FAULT_STALE) {
        i++;
    }
    return plan != NULL && i < plan->count;
}

/* What both plans note goes on. */
static bool change_notes(struct lnm_cloud *c, const struct lnm_fault_plan *plan) {
    if (has_stale(c->faults) && !has_stale(plan)) {
        lnm_past_end(c);
    }
    if (is_plan(c->faults) && !is_plan(plan)) {
        take_no_notes(c);
    }
    return (is_plan(c->faults) || !is_plan(plan) || take_notes(c)) &&
           (has_stale(c->faults) || !has_stale(plan) || lnm_past_begin(c));
}

int lnm_fault_set(struct lnm_cloud *c, struct lnm_fault_plan *plan) {
    bool has = is_plan(plan), noted = change_notes(c, plan);
    struct lnm_fault_plan *kept = has && noted ? malloc(sizeof *kept) : NULL;
    if (c->faults != NULL) {
        lnm_fault_plan_free(c->faults);
        free(c->faults);
    }
    c->faults = kept;
    if (kept == NULL) {
        return has || !noted ? -1 : 0;
    }
    *kept = *plan;
    *plan = (struct lnm_fault_plan){0};
    return 0;
}

int64_t lnm_fault_skew(const struct lnm_cloud *c) {
    return c->faults != NULL ? c->faults->skew_us : 0;
}

#define FILE_MAX ((size_t)1 << 20)

static int read_file(struct lnm_buf *out, const char *path, struct lnm_err *err) {
    FILE *f = fopen(path, "rbe");
    size_t n = 0;
    if (f != NULL && lnm_buf_reserve(out, FILE_MAX) == 0) {
        n = fread(out->ptr, 1, FILE_MAX, f);
        out->len = n;
    }
    bool good = f != NULL && !ferror(f) && n < FILE_MAX;
    if (f != NULL) {
        (void)fclose(f);
    }
    return good ? 0
                : lnm_fail(err, LNM_EIO, "FaultPlan", "cannot read %s: %s", path,
                           n == FILE_MAX ? "it is larger than 1 MiB" : strerror(errno));
}

int lnm_fault_open(struct lnm_cloud *c, const char *path, struct lnm_err *err) {
    struct lnm_fault_plan plan = {0};
    struct lnm_buf text = {0};
    int error = read_file(&text, path, err);
    if (error == 0) {
        error = lnm_fault_plan_read(&plan, lnm_buf_str(&text), err);
    }
    if (error == 0 && lnm_fault_set(c, &plan) < 0) {
        error = lnm_fail(err, LNM_EIO, "FaultPlan", "the plan cannot be kept");
    }
    lnm_fault_plan_free(&plan);
    lnm_buf_free(&text);
    return error;
}

/* ---- instead of the request -------------------------------------------------------------------
 */

static int throttle(struct lnm_cloud_request *r) {
    return r->service == &lnm_ec2
               ? lnm_cloud_raise(r, 503, "RequestLimitExceeded", "Request limit exceeded.")
           : r->service->protocol == LNM_PROTOCOL_QUERY
               ? lnm_cloud_raise(r, 400, "Throttling", "Rate exceeded")
               : lnm_cloud_raise(r, 400, "ThrottlingException",
                                 "You have exceeded the rate at which you may call %s",
                                 r->service == &lnm_kms ? "KMS. Reduce the frequency of your calls."
                                                        : "this service.");
}

/* When was this made, as far as was noted? False: long ago. */
static bool is_fresh(const struct lnm_cloud_request *r, const char *id) {
    sqlite3_stmt *s = lnm_store_query(r->cloud, "SELECT at FROM temp.fresh WHERE id = ?1", "t", id);
    bool noted = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    bool fresh = noted && lnm_store_int(s, 0) + r->fault->duration_us > r->now_us;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return fresh;
}

static int check_id(struct lnm_cloud_request *r, struct lnm_str id) {
    char text[64];
    if (id.len == 0 || id.len >= sizeof text) {
        return 0;
    }
    lnm_take(text, sizeof text, id.ptr);
    return !is_fresh(r, text)                     ? 0
           : lnm_str_starts(id, LNM_STR("ami-"))  ? lnm_image_not_found(r, id)
           : lnm_str_starts(id, LNM_STR("snap-")) ? lnm_snapshot_not_found(r, id)
           : lnm_str_starts(id, LNM_STR("vol-"))  ? lnm_volume_not_found(r, id)
                                                  : lnm_instance_not_found(r, id);
}

static int expired_page(struct lnm_cloud_request *r) {
    if (r->service == &lnm_ebs) {
        lnm_take(r->error.reason, sizeof r->error.reason, "INVALID_PAGE_TOKEN");
        return lnm_cloud_raise(r, 400, "ValidationException", "The page token has expired");
    }
    return r->service == &lnm_kms   ? lnm_kms_bad_marker(r)
           : r->service == &lnm_iam ? lnm_cloud_raise(r, 400, "ValidationError", "Invalid marker")
                                    : lnm_cloud_raise(r, 400, "InvalidPaginationToken",
                                                      "The pagination token is not valid");
}

/* Ids that the request names: its members at the top, and the items of its lists there. */
static int check_ids(struct lnm_cloud_request *r) {
    int error = 0;
    for (uint32_t m = lnm_record_first(&r->in, 0); m != 0 && error == 0;
         m = lnm_record_next(&r->in, 0, m)) {
        const struct lnm_type *type = lnm_record_member(&r->in, m)->type;
        if (type->kind == LNM_STRING) {
            error = check_id(r, lnm_record_str(&r->in, m));
        }
        for (uint32_t i = type->kind == LNM_LIST && type->item->type->kind == LNM_STRING
                              ? lnm_record_first(&r->in, m)
                              : 0;
             i != 0 && error == 0; i = lnm_record_next(&r->in, m, i)) {
            error = check_id(r, lnm_record_str(&r->in, i));
        }
    }
    return error;
}

int lnm_fault_before(struct lnm_cloud_request *r) {
    if (r->cloud->faults != NULL) {
        r->cloud->fault_now_us = r->now_us;
        r->cloud->fault_serial++;
    }
    if (r->fault == NULL) {
        return 0;
    }
    switch (r->fault->kind) {
    case LNM_FAULT_THROTTLE:
        return throttle(r);
    case LNM_FAULT_ERROR:
        return lnm_cloud_raise(r, r->fault->status, r->fault->code, "%s", r->fault->message);
    case LNM_FAULT_EXPIRED:
        return lnm_cloud_expired_token(r);
    case LNM_FAULT_LAG:
        return r->fault->index == LNM_LAG_ALL || r->fault->index == LNM_LAG_ID ? check_ids(r) : 0;
    case LNM_FAULT_EXPIRED_PAGE:
        return expired_page(r);
    case LNM_FAULT_STALE:
        return lnm_past_enter(r->cloud, r->now_us - r->fault->duration_us) < 0
                   ? lnm_cloud_internal(r)
                   : 0;
    default:
        return 0;
    }
}

/* ---- what is made -----------------------------------------------------------------------------
 */

#define MADE " WHERE id IN (SELECT id FROM temp.fresh WHERE serial = lunami_serial())"

static int stick(struct lnm_cloud *c) {
    return lnm_store_exec(c, "UPDATE snapshots SET due = NULL" MADE, "") < 0 ||
                   lnm_store_exec(c, "UPDATE volumes SET due = NULL" MADE, "") < 0 ||
                   lnm_store_exec(c, "UPDATE instances SET due = NULL" MADE, "") < 0
               ? -1
               : 0;
}

/* "Client.X: …" and "Server.X: …" say the code, too. */
#define CODED "(?1 GLOB 'Client.*:*' OR ?1 GLOB 'Server.*:*')"

static int doom(struct lnm_cloud *c, const char *message) {
    return lnm_store_exec(c, "UPDATE snapshots SET doomed = 1, message = ?1" MADE, "t", message) <
                       0 ||
                   lnm_store_exec(c, "UPDATE images SET reason = ?1" MADE, "t", message) < 0 ||
                   lnm_store_exec(c, "UPDATE volumes SET doomed = 1" MADE, "") < 0 ||
                   lnm_store_exec(c,
                                  "UPDATE instances SET doomed = 1, reason_code = iif(" CODED
                                  ", substr(?1, 1, instr(?1, ':') - 1), NULL), reason = iif(" CODED
                                  ", ?1, NULL)" MADE,
                                  "t", message) < 0
               ? -1
               : 0;
}

int lnm_fault_after(struct lnm_cloud_request *r) {
    enum lnm_fault_kind kind = r->fault != NULL ? r->fault->kind : LNM_FAULT_NONE;
    int error = kind == LNM_FAULT_STUCK   ? stick(r->cloud)
                : kind == LNM_FAULT_FAIL  ? doom(r->cloud, r->fault->message)
                : kind == LNM_FAULT_STALE ? lnm_past_leave(r->cloud)
                                          : 0;
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

bool lnm_fault_empties(const struct lnm_cloud_request *r) {
    return r->fault != NULL && r->fault->kind == LNM_FAULT_EMPTY_PAGE;
}

struct lnm_str lnm_fault_next_page(const struct lnm_cloud_request *r, struct lnm_str next) {
    if (r->fault == NULL || r->fault->kind != LNM_FAULT_SAME_PAGE) {
        return next;
    }
    struct lnm_str token = lnm_cloud_param(r, "next_token");
    return token.len > 0 ? token : lnm_cloud_param(r, "marker");
}

static bool names_a_tag(const struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "filters");
    uint32_t f = list != 0 ? lnm_record_first(&r->in, list) : 0;
    while (f != 0 && !lnm_str_starts(lnm_record_get(&r->in, f, "name"), LNM_STR("tag"))) {
        f = lnm_record_next(&r->in, list, f);
    }
    return f != 0;
}

bool lnm_fault_hides(const struct lnm_cloud_request *r, const char *ids, const char *id) {
    const struct lnm_fault_rule *f = r->fault;
    uint32_t listed = f != NULL ? lnm_record_find(&r->in, 0, ids) : 0;
    return f != NULL && f->kind == LNM_FAULT_LAG && f->index != LNM_LAG_ID &&
           (listed == 0 || lnm_record_first(&r->in, listed) == 0) &&
           (f->index != LNM_LAG_TAG || names_a_tag(r)) && is_fresh(r, id);
}
