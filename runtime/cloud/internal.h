/* internal.h - the local cloud as its own files see it.
 *
 * One thread serves (libmicrohttpd's own); handlers run there, one request at a time, each in one
 * SQLite transaction.  An action is added by a row in its file's table and a handler: the request
 * arrives decoded by the operation's row, the answer is built by the same row's names. */
#ifndef LUNAMI_CLOUD_INTERNAL_H
#define LUNAMI_CLOUD_INTERNAL_H

#include "aws/api.h"
#include "aws/record.h"
#include "aws/service_error.h"
#include "cloud/cloud.h"

#include <sqlite3.h>

#define LNM_CLOUD_STATEMENTS 512

struct lnm_cloud {
    struct MHD_Daemon *daemon;
    sqlite3 *db;
    int lock_fd;
    double speed;
    bool instant;
    char url[64];
    struct {
        const char *sql; /* compared by address: only literals are prepared */
        sqlite3_stmt *statement;
    } statements[LNM_CLOUD_STATEMENTS];
};

/* One request after it was authenticated. */
struct lnm_cloud_request {
    struct lnm_cloud *cloud;
    const struct lnm_service *service;
    const struct lnm_operation *op;
    char account[16], region[64];
    int64_t now_us;
    struct lnm_record in, out;
    struct lnm_service_error error;
    char request_id[40];
};

/* Returns 0 with the answer in r->out, or -1 after lnm_cloud_raise. */
typedef int lnm_cloud_handler(struct lnm_cloud_request *r);

struct lnm_cloud_action {
    const char *name;
    lnm_cloud_handler *handle;
};

extern const struct lnm_cloud_action lnm_cloud_images[], lnm_cloud_snapshots[], lnm_cloud_volumes[],
    lnm_cloud_instances[], lnm_cloud_tags[], lnm_cloud_account[], lnm_cloud_kms[], lnm_cloud_sts[];

/* ---- request.c --------------------------------------------------------------------------------
 */
/* Record the error to answer with; returns -1. */
LNM_API int lnm_cloud_raise(struct lnm_cloud_request *r, int status, const char *code,
                            const char *fmt, ...) LNM_PRINTF(4, 5);
LNM_API int
lnm_cloud_internal(struct lnm_cloud_request *r); /* 500 InternalError with SQLite's words */
/* Parameter of the request: empty when not given. [borrowed] */
LNM_API struct lnm_str lnm_cloud_param(const struct lnm_cloud_request *r, const char *name);
LNM_API bool lnm_cloud_given(const struct lnm_cloud_request *r, const char *name);
/* Decode, check and run one request, append its body to out; returns the HTTP status. */
LNM_API int lnm_cloud_run(struct lnm_buf *out, struct lnm_cloud_request *r, struct lnm_str body);
LNM_API void lnm_cloud_write_error(struct lnm_buf *out, struct lnm_cloud_request *r);

/* ---- auth.c -----------------------------------------------------------------------------------
 */
struct lnm_cloud_http {
    const char *method;
    struct lnm_str path, query, body;
    /* value of a header, or NULL. [borrowed] */
    const char *(*header)(void *arg, const char *name);
    void *arg;
};
/* Fill service, account and region; -1 after lnm_cloud_raise. */
LNM_API int lnm_cloud_authenticate(struct lnm_cloud_request *r, const struct lnm_cloud_http *http);

/* ---- schema.c ---------------------------------------------------------------------------------
 */
LNM_API int lnm_schema_migrate(struct lnm_cloud *c, struct lnm_err *err);

/* ---- store.c ----------------------------------------------------------------------------------
 */
LNM_API int lnm_store_open(struct lnm_cloud *c, const char *dir, struct lnm_err *err);
LNM_API void lnm_store_close(struct lnm_cloud *c);
LNM_API bool lnm_store_is_new(struct lnm_cloud *c);
/* A cached statement, reset, with args bound: 't' const char * (NULL: null), 's' struct lnm_str,
 * 'i' int64_t, one letter each. NULL on failure. */
LNM_API sqlite3_stmt *lnm_store_query(struct lnm_cloud *c, const char *sql, const char *types, ...);
/* The same, run to its end. 0 or -1. */
LNM_API int lnm_store_exec(struct lnm_cloud *c, const char *sql, const char *types, ...);
LNM_API const char *lnm_store_text(sqlite3_stmt *s, int column); /* "" for null */
LNM_API int64_t lnm_store_int(sqlite3_stmt *s, int column);
/* "ami-" and 17 random hex digits. */
LNM_API void lnm_store_id(char out[32], const char *prefix);
LNM_API void lnm_store_uuid(char out[40]);

/* ---- lifecycle.c ------------------------------------------------------------------------------
 */
/* Bring everything of an account and region up to now. */
LNM_API int lnm_lifecycle_settle(struct lnm_cloud *c, const char *account, const char *region,
                                 int64_t now_us);
LNM_API int64_t lnm_lifecycle_due(const struct lnm_cloud *c, int64_t now_us, int64_t gib);

/* ---- kms_keys.c -------------------------------------------------------------------------------
 */
struct lnm_cloud_key {
    char id[48], account[16], region[64], arn[160], state[24], usage[24], spec[24], manager[12];
    char description[256];
    int64_t created_us, deletion_us;
    bool multi_region;
};
/* The key that text means for a caller in account and region: id, alias, key ARN or alias ARN.
 * False when there is none there (another region's key is none). Another account's is found by its
 * ARN: ask lnm_key_permits what the caller may do with it. alias/aws/ebs is made. */
LNM_API bool lnm_key_resolve(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                             const char *region, struct lnm_str text);
LNM_API bool lnm_key_usable(const struct lnm_cloud_key *k); /* by EBS, now */
/* May `account` do this with the key ("Decrypt", "CreateGrant", "DescribeKey" ...)? Its owner may;
 * others by the key's policy or a grant. */
LNM_API bool lnm_key_permits(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                             const char *account, const char *operation);
LNM_API bool lnm_key_default(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                             const char *region);
LNM_API int lnm_key_create(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                           const char *region, int64_t now_us);
LNM_API int lnm_key_alias(struct lnm_cloud *c, const struct lnm_cloud_key *k, const char *name,
                          int64_t now_us);

/* ---- filter.c ---------------------------------------------------------------------------------
 */
struct lnm_cloud_page {
    int64_t left;   /* items that still fit; -1: no limit */
    char after[64]; /* id to begin after */
    char last[64];  /* last id shown */
    bool more;
};
/* Does a row's attribute `name` match one of the patterns? 1, 0, or -1: no such filter. */
typedef int lnm_cloud_matches(void *row, const char *name, struct lnm_str pattern);
/* 1: all filters match, 0: not, -1: raised. */
LNM_API int lnm_filter_match(struct lnm_cloud_request *r, lnm_cloud_matches *matches, void *row);
LNM_API bool lnm_filter_listed(const struct lnm_cloud_request *r, const char *list, const char *id);
LNM_API int lnm_page_begin(struct lnm_cloud_page *p, struct lnm_cloud_request *r, const char *ids);
/* True when the item is still on this page. */
LNM_API bool lnm_page_take(struct lnm_cloud_page *p, const char *id);
LNM_API void lnm_page_end(const struct lnm_cloud_page *p, struct lnm_cloud_request *r);

/* ---- tags.c -----------------------------------------------------------------------------------
 */
LNM_API int lnm_tags_put(struct lnm_cloud_request *r, const char *resource, struct lnm_str key,
                         struct lnm_str value);
/* Write the request's tag specifications for resource_type onto a resource. */
LNM_API int lnm_tags_from_request(struct lnm_cloud_request *r, const char *resource_type,
                                  const char *resource);
/* Add the open struct's `tags` member. */
LNM_API void lnm_tags_show(struct lnm_cloud_request *r, const char *resource);
/* For filters tag:K and tag-key. 1, 0 or -1 as lnm_cloud_matches. */
LNM_API int lnm_tags_match(struct lnm_cloud *c, const char *resource, const char *filter,
                           struct lnm_str pattern);

/* ---- snapshots.c, images.c --------------------------------------------------------------------
 */
struct lnm_cloud_snapshot {
    char id[32], volume[32], description[300], key_arn[160], data_key[48];
    int64_t size, started_us, due_us;
    bool encrypted, doomed; /* doomed: it will end in error, whatever the key does */
};
LNM_API int lnm_snapshot_insert(struct lnm_cloud *c, const char *account, const char *region,
                                const struct lnm_cloud_snapshot *s);
LNM_API bool lnm_snapshot_get(struct lnm_cloud *c, const char *account, const char *region,
                              const char *id, struct lnm_cloud_snapshot *out, char state[16]);

/* ---- furnish.c --------------------------------------------------------------------------------
 */
LNM_API int lnm_cloud_furnish(struct lnm_cloud *c, struct lnm_err *err);

#endif
