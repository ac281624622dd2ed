/* internal.h - the local cloud as its own files see it.
 *
 * One thread serves; handlers run there, one request at a time; what one that fails has written is
 * undone (batch.h).  What takes long about blocks is done by another (copier.h).  An action is
 * added by a row in its file's table and a handler: the request arrives decoded by the operation's
 * row, the answer is built by the same row's names. */
#ifndef LUNAMI_CLOUD_INTERNAL_H
#define LUNAMI_CLOUD_INTERNAL_H

#include "aws/api.h"
#include "aws/record.h"
#include "aws/service_error.h"
#include "cloud/cloud.h"
#include "cloud/day_keys.h"
#include "cloud/policies.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#define LNM_CLOUD_STATEMENTS 512
#define LNM_EVENT_KINDS 11

/* Tables of which something is remembered, in groups: who writes one of a group is noted. */
enum lnm_tables {
    LNM_TABLES_KEYS = 1, /* what keys there are, their names, what may be done with them */
    LNM_TABLES_SNAPSHOTS = 2,
    LNM_TABLES_VOLUMES = 4,
    LNM_TABLES_INSTANCES = 8,
    LNM_TABLES_MODIFICATIONS = 16,
    LNM_TABLES_SETTLED = 32,
    LNM_TABLES_ALL = 63
};

#define LNM_NEVER INT64_MAX

/* What time will do (lifecycle.h). */
struct lnm_event {
    int64_t due_us;
    int64_t until_us; /* what ends just so and is due by then may end with it */
    char id[48], account[16], region[64];
};

struct lnm_cloud {
    struct MHD_Daemon *daemon;
    pthread_t thread;
    bool running;
    atomic_bool stop;
    int epoll_fd, wake_fd; /* libmicrohttpd's, and an eventfd: the thread shall look up */
    struct lnm_exchange *parked, **parked_end; /* to be run in the next batch */
    int parked_count;
    struct lnm_exchange *unsent, **unsent_end; /* answered, when what they tell is on the disk */
    struct lnm_durable *durable;               /* NULL: a commit waits for the disk itself */
    struct lnm_exchange *held;                 /* by faults, until their times */
    struct lnm_fault_plan *faults;             /* NULL: none */
    int64_t fault_now_us, fault_serial;        /* of what is run */
    int64_t shut_until_us;                     /* of real time: connections are refused; 0: taken */
    uint16_t port;
    struct lnm_request_log *log;
    bool busy; /* virtual time was told that blocks are copied */
    sqlite3 *db;
    int64_t due_us, work_us; /* when the next thing is due, and the next that is waited for */
    struct lnm_event next[LNM_EVENT_KINDS]; /* of every kind, as of the last look (lifecycle.c) */
    uint32_t touched, *noting; /* enum lnm_tables: written since then; of what is being prepared */
    int64_t settled_us;        /* `settled`, as of the last look; LNM_NEVER: it is to be read */
    uint64_t key_changes; /* counts what was written of keys: what is remembered holds that long */
    pthread_mutex_t lock, turn; /* see lnm_store_enter */
    struct lnm_day_keys day_keys;
    struct lnm_policies policies;      /* of identities, sessions and keys */
    struct lnm_policy *managed_policy; /* of the AWS managed key that was asked last, or NULL */
    char managed_key[160];             /* its ARN */
    struct {
        uint64_t changes;
        char arn[160], account[16], region[64];
        bool works;
    } asked; /* the key that was asked last by what comes to its end (lifecycle.c) */
    struct lnm_key_memo *keys; /* those found last (key_memo.c) */
    struct lnm_root_key *root; /* wraps the keys' materials */
    struct lnm_blocks *blocks;
    struct lnm_cloud_request *spare; /* see lnm_cloud_request_free; NULL: none */
    struct lnm_cloud_limits *limits; /* NULL: none */
    unsigned char switches[16];      /* by enum lnm_switch: which of its values */
    int lock_fd;
    double speed;
    bool instant, as_aws;
    enum lnm_cloud_time time;
    bool seeded;
    uint64_t seed;
    char url[64];
    struct {
        const char *sql; /* compared by address: only literals are prepared */
        sqlite3_stmt *statement;
        uint32_t writes; /* enum lnm_tables */
    } statements[LNM_CLOUD_STATEMENTS];
};

/* One request after it was authenticated. */
struct lnm_cloud_request {
    struct lnm_cloud *cloud;
    const struct lnm_service *service;
    const struct lnm_operation *op;
    const struct lnm_cloud_action *action;
    char account[16], region[64];
    char arn[256], user_id[128];    /* who asks */
    bool administrator;             /* of the account: no policy of his own limits him */
    bool temporary;                 /* his credentials are */
    char session[24];               /* key id of credentials with a session policy, or "" */
    char source_identity[65];       /* of his session, or "" */
    struct lnm_buf tags, tag_facts; /* of his session (sts_tags.h) */
    int64_t now_us;
    struct lnm_fault_rule *fault; /* that it met; NULL: none [owned] */
    struct lnm_record in, out;
    struct lnm_str body;             /* as it came [borrowed] */
    char token_hash[65];             /* of what its client token is for, once asked for; or "" */
    char body_hash[65];              /* its SHA-256 in hex; empty with presigned requests */
    struct lnm_buf payload, headers; /* REST: a raw body to answer with, headers of the answer */
    struct lnm_service_error error;
    bool stands; /* what was done stays, although the answer is an error */
    char request_id[40];
};

/* Returns 0 with the answer in r->out, or -1 after lnm_cloud_raise. */
typedef int lnm_cloud_handler(struct lnm_cloud_request *r);

struct lnm_cloud_http;

struct lnm_cloud_action {
    const char *name;
    lnm_cloud_handler *handle;
};

extern const struct lnm_cloud_action lnm_cloud_images[], lnm_cloud_image_states[],
    lnm_cloud_snapshots[], lnm_cloud_sharing[], lnm_cloud_volumes[], lnm_cloud_attachments[],
    lnm_cloud_instances[], lnm_cloud_instance_states[], lnm_cloud_launch_options[],
    lnm_cloud_snapshot_sets[], lnm_cloud_tags[], lnm_cloud_account[], lnm_cloud_ebs_defaults[],
    lnm_cloud_kms[], lnm_cloud_kms_aliases[], lnm_cloud_kms_grants[], lnm_cloud_kms_policies[],
    lnm_cloud_kms_tags[], lnm_cloud_kms_crypto[], lnm_cloud_kms_data_keys[],
    lnm_cloud_kms_rotation[], lnm_cloud_kms_replicas[], lnm_cloud_ebs_read[], lnm_cloud_ebs_write[],
    lnm_cloud_storage[], lnm_cloud_volume_blocks[], lnm_cloud_sts[], lnm_cloud_sts_roles[],
    lnm_cloud_sts_web[], lnm_cloud_iam_users[], lnm_cloud_iam_roles[], lnm_cloud_iam_policies[],
    lnm_cloud_iam_providers[], lnm_cloud_iam_alias[], lnm_cloud_iam_managed[];

/* Copy text, cut to fit. */
static inline void lnm_take(char *to, size_t size, const char *text) {
    size_t len = strlen(text) < size ? strlen(text) : size - 1;
    memcpy(to, text, len);
    to[len] = '\0';
}

/* ---- request.c --------------------------------------------------------------------------------
 */
/* NULL: no memory. */
LNM_API struct lnm_cloud_request *lnm_cloud_request_new(struct lnm_cloud *c);
/* The cloud keeps one, with what its records have grown to, for the next. NULL is fine. */
LNM_API void lnm_cloud_request_free(struct lnm_cloud_request *r);
LNM_API void lnm_cloud_request_forget(struct lnm_cloud *c); /* the one that is kept */
/* Record the error to answer with; returns -1. */
LNM_API int lnm_cloud_raise(struct lnm_cloud_request *r, int status, const char *code,
                            const char *fmt, ...) LNM_PRINTF(4, 5);
LNM_API int
lnm_cloud_internal(struct lnm_cloud_request *r); /* 500 InternalError with SQLite's words */
/* Parameter of the request: empty when not given. [borrowed] */
LNM_API struct lnm_str lnm_cloud_param(const struct lnm_cloud_request *r, const char *name);
LNM_API bool lnm_cloud_given(const struct lnm_cloud_request *r, const char *name);
/* Make the index of all actions: once, before any request. */
LNM_API void lnm_cloud_index_actions(void);
/* Find the action, decode and check its parameters. 0 or -1 raised. */
LNM_API int lnm_cloud_prepare(struct lnm_cloud_request *r, const struct lnm_cloud_http *http);
/* Run a prepared request in the open transaction and append its answer to out; returns the HTTP
 * status: from 300 on what it did must be undone. */
LNM_API int lnm_cloud_perform(struct lnm_buf *out, struct lnm_cloud_request *r);
/* What it was answered is forgotten, so that it can be performed again. */
LNM_API void lnm_cloud_forget(struct lnm_cloud_request *r);
LNM_API void lnm_cloud_write_error(struct lnm_buf *out, struct lnm_cloud_request *r);

/* ---- auth.c -----------------------------------------------------------------------------------
 */
struct lnm_cloud_http {
    const char *method;
    bool tls;
    struct lnm_str path, query, body;
    /* value of a header, or NULL. [borrowed] */
    const char *(*header)(void *arg, const char *name);
    void *arg;
};
/* Raise what the service says of an expired token. */
LNM_API int lnm_cloud_expired_token(struct lnm_cloud_request *r);
/* Fill service, account and region; -1 after lnm_cloud_raise. */
LNM_API int lnm_cloud_authenticate(struct lnm_cloud_request *r, const struct lnm_cloud_http *http);

/* ---- presigned.c ------------------------------------------------------------------------------
 */
/* Is the URL a valid request of the same account to copy that snapshot of that region to here? */
LNM_API bool lnm_cloud_presigned(const struct lnm_cloud_request *r, struct lnm_str url,
                                 const char *region, const char *snapshot);

/* ---- store.c ----------------------------------------------------------------------------------
 */
LNM_API int lnm_store_open(struct lnm_cloud *c, const char *dir, struct lnm_err *err);
LNM_API void lnm_store_close(struct lnm_cloud *c);
/* A folder keeps the virtual time that it has reached, and goes on at it; a seed does not give
 * again what is there. */
LNM_API int lnm_store_keep_time(struct lnm_cloud *c); /* 0 or -1 */
LNM_API void lnm_store_go_on(struct lnm_cloud *c);
/* Who uses the database has entered: the thread that serves, while it has something to do, and the
 * copier for a transaction at a time. They take turns: neither can keep the other out. */
LNM_API void lnm_store_enter(struct lnm_cloud *c);
LNM_API void lnm_store_leave(struct lnm_cloud *c);
LNM_API bool lnm_store_is_new(struct lnm_cloud *c);
/* Nothing holds that is remembered of tables: a transaction was undone by SQLite itself. */
LNM_API void lnm_store_doubt(struct lnm_cloud *c);
/* A cached statement, reset, with args bound: 't' const char * (NULL: null), 's' struct lnm_str,
 * 'b' struct lnm_str as a blob, 'i' int64_t, one letter each. NULL on failure. */
LNM_API sqlite3_stmt *lnm_store_query(struct lnm_cloud *c, const char *sql, const char *types, ...);
/* The same, run to its end. 0 or -1. */
LNM_API int lnm_store_exec(struct lnm_cloud *c, const char *sql, const char *types, ...);
/* "" and 0 for null, and without a statement */
LNM_API const char *lnm_store_text(sqlite3_stmt *s, int column);
LNM_API int64_t lnm_store_int(sqlite3_stmt *s, int column);
LNM_API struct lnm_str lnm_store_blob(sqlite3_stmt *s, int column); /* [borrowed] of the row */
/* Is it the prefix and hex digits? */
LNM_API bool lnm_store_is_id(struct lnm_str id, const char *prefix);
/* "ami-" and 17 hex digits, after those of all ids made before. */
LNM_API void lnm_store_id(char out[32], const char *prefix);
LNM_API void lnm_store_uuid(char out[40]);

/* Can the account encrypt with this key now? */
LNM_API bool lnm_key_works(struct lnm_cloud *c, const char *account, const char *region,
                           const char *arn);

/* ---- kms_keys.c -------------------------------------------------------------------------------
 */
struct lnm_cloud_key {
    char id[48], account[16], region[64], arn[160], state[24], usage[24], spec[24], manager[12];
    char description[256];
    char primary_region[64]; /* of a multi-Region key */
    int64_t created_us, deletion_us, window_days;
    bool multi_region;
};
/* The key that text means for a caller in account and region: id, alias, key ARN or alias ARN.
 * False when there is none there (another region's key is none). Another account's is found by its
 * ARN: ask lnm_key_permits what the caller may do with it. alias/aws/ebs is made. */
LNM_API bool lnm_key_resolve(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                             const char *region, struct lnm_str text);
LNM_API bool lnm_key_usable(const struct lnm_cloud_key *k); /* by EBS, now */
/* May anybody of `account` do this with the key through EC2 ("Decrypt", "CreateGrant" ...)? By the
 * key's policy or a grant: what is asked again when work ends. */
LNM_API bool lnm_key_permits(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                             const char *account, const char *operation);
/* May the caller, through EC2? */
LNM_API bool lnm_key_allows(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                            const char *operation);
LNM_API bool lnm_key_managed(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                             const char *region); /* alias/aws/ebs, made when first needed */
LNM_API int lnm_key_create(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                           const char *region, int64_t now_us);
LNM_API int lnm_key_alias(struct lnm_cloud *c, const struct lnm_cloud_key *k, const char *name,
                          int64_t now_us);

/* ---- ebs_defaults.c ---------------------------------------------------------------------------
 */
/* What a request says about the encryption of one new volume or snapshot, and what it is made of.
 */
struct lnm_ebs_wish {
    bool encrypt;            /* Encrypted=true */
    struct lnm_str key;      /* KmsKeyId, or empty */
    bool from_encrypted;     /* the source is */
    const char *from_key;    /* its key's ARN */
    bool keeps;              /* the source's key is kept when nothing is said */
    bool managed;            /* the fallback is alias/aws/ebs itself (CopySnapshot) */
    bool copy;               /* of a snapshot: it needs more permissions than a volume */
    const char *from_region; /* NULL: here */
};
struct lnm_ebs_outcome {
    bool encrypted, doomed; /* doomed: no key that the caller may use; it fails later */
    bool denied;            /* because he may not, not because there is none */
    char key_arn[160];
    const char *why; /* what a doomed copy tells; NULL: that the key is not accessible */
};
/* The outcome tables' one rule, for the caller in the region of the new thing. */
LNM_API void lnm_ebs_decide(struct lnm_ebs_outcome *out, struct lnm_cloud_request *r,
                            const struct lnm_ebs_wish *wish);
/* KmsKeyId without Encrypted is an error; `given`/`encrypt` as in the request. -1 raised. */
LNM_API int lnm_ebs_check(struct lnm_cloud_request *r, bool encrypt, struct lnm_str key);
/* Encrypted=false at a node of the request, of something that is: -1 raised. */
LNM_API int lnm_ebs_check_plain(struct lnm_cloud_request *r, uint32_t at, bool from_encrypted);
/* The account's default key of a region; false when what was set names none. */
LNM_API bool lnm_key_default(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                             const char *region);

/* ---- sharing.c --------------------------------------------------------------------------------
 */
/* May the account launch this image, or make volumes of this snapshot, of somebody else's? */
LNM_API bool lnm_share_allows(struct lnm_cloud *c, const char *resource, const char *account);
/* Is it shared with this grantee by name: an account, or "all"? */
LNM_API bool lnm_share_names(struct lnm_cloud *c, const char *resource, struct lnm_str grantee);
/* Is it shared by name with one of those that the request's `list` names? None named: yes. */
LNM_API bool lnm_share_listed(const struct lnm_cloud_request *r, const char *list,
                              const char *resource);
LNM_API bool lnm_share_public(struct lnm_cloud *c, const char *resource);
LNM_API int lnm_share_forget(struct lnm_cloud *c, const char *resource); /* all permissions */

/* ---- filter.c ---------------------------------------------------------------------------------
 */
struct lnm_cloud_page {
    int64_t left;    /* items that still fit; -1: no limit */
    char after[192]; /* id to begin after */
    char last[192];  /* last id looked at */
    int looks;
    bool more, listed; /* the request lists ids */
};
/* Does a row's attribute `name` match one of the patterns? 1, 0, or -1: no such filter. */
typedef int lnm_cloud_matches(void *row, const char *name, struct lnm_str pattern);
/* Are the request's filters known and within their limits? `row` holds no statement: every column
 * reads as empty. 0 or -1 raised. */
LNM_API int lnm_filter_check(struct lnm_cloud_request *r, lnm_cloud_matches *matches, void *row);
/* Do all (checked) filters match? */
LNM_API bool lnm_filter_match(struct lnm_cloud_request *r, lnm_cloud_matches *matches, void *row);
LNM_API bool lnm_filter_listed(const struct lnm_cloud_request *r, const char *list, const char *id);
/* Is an owner among those that `list` names, "self" meaning the caller? None named: yes. */
LNM_API bool lnm_filter_owner(const struct lnm_cloud_request *r, const char *list,
                              const char *owner);
LNM_API int lnm_page_begin(struct lnm_cloud_page *p, struct lnm_cloud_request *r, const char *ids);
/* The rows of a Describe: those of statement s (first column: the id) that are among the ids listed
 * in the request, match its filters, and fit on the page, as items of `list`. */
struct lnm_cloud_listing {
    const char *ids, *list;
    bool (*load)(void *row, const char *id); /* for lnm_page_scan; false: not for this account */
    lnm_cloud_matches *matches;
    bool (*belongs)(void *row); /* besides ids and filters; NULL: every row does */
    bool (*joins)(void *row);   /* part of the item before, on the same page; NULL: none is */
    void (*show)(void *row);
    void (*end)(void *row); /* after the last one; NULL: nothing is to be done */
    void *row;
};
LNM_API int lnm_page_show(struct lnm_cloud_page *p, struct lnm_cloud_request *r, sqlite3_stmt *s,
                          const struct lnm_cloud_listing *listing);
/* The same of the ids of a scan (scan.h), each loaded by `listing->load`. A page with a limit may
 * end, with a token, before it is full: the work for one does not grow with the account. */
struct lnm_scan_kind;
LNM_API int lnm_page_scan(struct lnm_cloud_page *p, struct lnm_cloud_request *r,
                          const struct lnm_scan_kind *kind,
                          const struct lnm_cloud_listing *listing);

/* ---- tags.c -----------------------------------------------------------------------------------
 */
LNM_API int lnm_tags_put(struct lnm_cloud_request *r, const char *resource, struct lnm_str key,
                         struct lnm_str value);
/* Write the request's tag specifications for resource_type onto a resource. */
LNM_API int lnm_tags_from_request(struct lnm_cloud_request *r, const char *resource_type,
                                  const char *resource);
/* Add the open struct's `tags` member. */
LNM_API void lnm_tags_show(struct lnm_cloud_request *r, const char *resource);
LNM_API void lnm_tags_show_as(struct lnm_cloud_request *r, const char *resource,
                              const char *member);
/* The same of one resource after the other, by a walk (walk.h) whose sql this is. */
struct lnm_walk;
LNM_API extern const char lnm_tags_walk[];
LNM_API void lnm_tags_show_next(struct lnm_cloud_request *r, struct lnm_walk *tags,
                                const char *resource, const char *member);
/* For filters tag:K and tag-key. 1, 0 or -1 as lnm_cloud_matches. */
LNM_API int lnm_tags_match(struct lnm_cloud *c, const char *resource, const char *filter,
                           struct lnm_str pattern);

/* ---- tokens.c ---------------------------------------------------------------------------------
 */
/* Client tokens. 1: the token was used for the same request, resource is what it made; 0: new, or
 * none given; -1 raised (other parameters). */
LNM_API int lnm_token_known(struct lnm_cloud_request *r, char resource[32]);
LNM_API int lnm_token_keep(struct lnm_cloud_request *r, const char *resource); /* 0 or -1 raised */

/* ---- snapshots.c, images.c --------------------------------------------------------------------
 */
struct lnm_cloud_snapshot {
    char id[32], account[16], volume[32], description[300], key_arn[160], data_key[48], state[16];
    int64_t size, started_us, due_us;
    bool copied;            /* it is a copy of another */
    int64_t minutes, rate;  /* of a time-based copy: its time, and KiB a second; or 0 */
    int64_t map;            /* its blocks; 0: none */
    bool encrypted, doomed; /* doomed: it will end in error, whatever the key does */
    const char *why;        /* and with this message; NULL: the usual one */
};
#define LNM_COPYS_VOLUME "vol-ffffffff" /* the volume of a copy: none */
LNM_API int lnm_snapshot_insert(struct lnm_cloud *c, const char *account, const char *region,
                                const struct lnm_cloud_snapshot *s);
/* One's own. */
LNM_API bool lnm_snapshot_get(struct lnm_cloud *c, const char *account, const char *region,
                              const char *id, struct lnm_cloud_snapshot *out);
/* One's own, or one that is shared with the account. */
LNM_API bool lnm_snapshot_see(struct lnm_cloud *c, const char *account, const char *region,
                              const char *id, struct lnm_cloud_snapshot *out);
LNM_API int lnm_snapshot_not_found(struct lnm_cloud_request *r, struct lnm_str id);
/* Let one whose encryption and key are decided hold what the other does; it is doomed when it
 * cannot. -1 raised. */
LNM_API int lnm_snapshot_derive(struct lnm_cloud_request *r, struct lnm_cloud_snapshot *to,
                                const struct lnm_cloud_snapshot *from);
/* It, its tags and who may use it. */
LNM_API int lnm_snapshot_forget(struct lnm_cloud *c, const char *id);
/* The same, of a pending one when it is complete. */
LNM_API int lnm_snapshot_delete(struct lnm_cloud *c, const char *id);
LNM_API int lnm_snapshot_copy(struct lnm_cloud_request *r); /* CopySnapshot */

/* ---- volumes.c --------------------------------------------------------------------------------
 */
struct lnm_cloud_volume {
    char id[32], zone[80], type[16], snapshot[32], key_arn[160], state[16], instance[32],
        device[64], attach_state[16], data_key[48];
    int64_t map, size, iops, throughput, created_us, due_us, attached_us;
    int64_t initialization_rate; /* MiB/s, or 0 */
    bool encrypted, doomed, delete_on_termination, multi_attach;
};
/* What a volume is now: one that is being made is available when it was due. */
#define LNM_VOLUME_STATE                                                                           \
    "CASE WHEN state = 'creating' AND due <= (SELECT until FROM settled) THEN 'available' ELSE"    \
    " state END"
LNM_API int lnm_volume_insert(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v);
/* Let one whose encryption and key are decided hold what a snapshot does (or nothing); it is doomed
 * when it cannot. -1 raised. */
LNM_API int lnm_volume_derive(struct lnm_cloud_request *r, struct lnm_cloud_volume *v,
                              const struct lnm_cloud_snapshot *from);
LNM_API bool lnm_volume_get(struct lnm_cloud_request *r, struct lnm_str id,
                            struct lnm_cloud_volume *out);
LNM_API int lnm_volume_not_found(struct lnm_cloud_request *r, struct lnm_str id);
LNM_API int lnm_volume_check(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v);
LNM_API int lnm_volume_forget(struct lnm_cloud *c, const char *id); /* it and its tags */
/* The snapshot that would be taken of a volume now. */
LNM_API void lnm_snapshot_of_volume(struct lnm_cloud_request *r, struct lnm_cloud_snapshot *to,
                                    const struct lnm_cloud_volume *v);

/* ---- instances.c ------------------------------------------------------------------------------
 */
struct lnm_cloud_instance {
    char id[32], image[32], type[32], state[16], zone[80], root_device[64];
    bool is_protected, stop_protected;
};
LNM_API bool lnm_instance_get(struct lnm_cloud_request *r, struct lnm_str id,
                              struct lnm_cloud_instance *out);
LNM_API int lnm_instance_not_found(struct lnm_cloud_request *r, struct lnm_str id);
LNM_API int lnm_instance_code(const char *state); /* 16 for "running" ... */
/* Append the instance as an item of the open list. */
LNM_API int lnm_instance_show(struct lnm_cloud_request *r, const char *id);
/* Add the open struct's block_device_mappings. */
LNM_API void lnm_instance_show_volumes(struct lnm_cloud_request *r, const char *instance);
LNM_API int lnm_instance_run(struct lnm_cloud_request *r); /* RunInstances */

/* ---- instance_options.c ------------------------------------------------------------------------
 */
/* What RunInstances says beyond its image: is it right? Keep it with the instance, which is the
 * index-th of its reservation. 0 or -1 raised. */
LNM_API int lnm_launch_options_check(struct lnm_cloud_request *r);
LNM_API int lnm_launch_options_keep(struct lnm_cloud_request *r, const char *id,
                                    const char *reservation, int64_t index);

/* ---- furnish.c --------------------------------------------------------------------------------
 */
LNM_API int lnm_cloud_furnish(struct lnm_cloud *c, struct lnm_err *err);

#endif
