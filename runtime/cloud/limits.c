/* limits.c - token buckets by account, region and action; quotas by name. */
#include "cloud/limits.h"

#include "aws/throttle.h"

#include <jansson.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>

#define DOCUMENTED "documented"
#define NANO 1e9 /* buckets count in billionths: what refills is exact to the microsecond */

struct bucket {
    char key[192]; /* account, region, bucket */
    double tokens; /* billionths; whole numbers below 2^53 */
    int64_t at_us;
};

struct lnm_cloud_limits {
    json_t *data;
    bool documented;
    void *buckets; /* tsearch's tree of struct bucket */
    int64_t quotas[LNM_QUOTA_COUNT];
};

static const char *const quota_names[LNM_QUOTA_COUNT] = {"snapshot_copies",
                                                         "image_copies",
                                                         "pending_snapshots",
                                                         "pending_snapshots_hdd",
                                                         "pending_snapshots_of_region",
                                                         "snapshot_interval_seconds",
                                                         "snapshots",
                                                         "images",
                                                         "public_images",
                                                         "image_shares",
                                                         "pending_uploads",
                                                         "volume_modification_hours",
                                                         "copy_throughput",
                                                         "copies_throughput",
                                                         "volumes",
                                                         "instances",
                                                         "attachments",
                                                         "iops",
                                                         "vcpus",
                                                         "instances_of_zone",
                                                         "images_without_reboot",
                                                         "keys",
                                                         "aliases_of_key",
                                                         "grants_of_key"};

/* ---- the file ----------------------------------------------------------------------------------
 */
static int malformed(const char *source, const char *what, const char *name, struct lnm_err *err) {
    return lnm_fail(err, LNM_EPARSE, "LocalCloud", "limits of %s: %s '%s'", source, what, name);
}

static bool is_bucket(const json_t *b) {
    return json_array_size(b) == 2 && json_is_number(json_array_get(b, 0)) &&
           json_is_number(json_array_get(b, 1)) && json_number_value(json_array_get(b, 0)) >= 1 &&
           json_number_value(json_array_get(b, 0)) <= 1e6 &&
           json_number_value(json_array_get(b, 1)) >= 0;
}

static int check_buckets(const char *source, const struct lnm_service *service, json_t *buckets,
                         struct lnm_err *err) {
    const char *name;
    json_t *b;
    json_object_foreach(buckets, name, b) {
        if (!is_bucket(b)) {
            return malformed(source, "[tokens, tokens a second] is needed for", name, err);
        }
        if (service != NULL && lnm_operation_find(service, lnm_str_z(name)) == NULL) {
            return malformed(source, "there is no action", name, err);
        }
    }
    return 0;
}

static int check_service(const char *source, const struct lnm_service *service, json_t *of,
                         struct lnm_err *err) {
    const char *name;
    json_t *value;
    json_object_foreach(of, name, value) {
        bool nested = strcmp(name, "actions") == 0 || strcmp(name, "instances") == 0 ||
                      strcmp(name, "snapshots") == 0;
        bool single = strcmp(name, "read") == 0 || strcmp(name, "write") == 0 ||
                      strcmp(name, "unfiltered") == 0;
        if (!nested && !(single && is_bucket(value))) {
            return malformed(source, "not understood:", name, err);
        }
        int error = nested ? check_buckets(source, service, value, err) : 0;
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

static int read_quotas(struct lnm_cloud_limits *l, const char *source, json_t *quotas,
                       struct lnm_err *err) {
    const char *name;
    json_t *value;
    json_object_foreach(quotas, name, value) {
        size_t q = 0;
        while (q < LNM_QUOTA_COUNT && strcmp(quota_names[q], name) != 0) {
            q++;
        }
        if (q == LNM_QUOTA_COUNT || !json_is_integer(value) || json_integer_value(value) < 0) {
            return malformed(source, "not a quota, or not a whole number:", name, err);
        }
        l->quotas[q] = json_integer_value(value);
    }
    return 0;
}

static int check(struct lnm_cloud_limits *l, const char *source, struct lnm_err *err) {
    const char *name;
    json_t *value;
    json_object_foreach(l->data, name, value) {
        const struct lnm_service *service = lnm_service_find(lnm_str_z(name));
        int error = strcmp(name, "quotas") == 0 ? read_quotas(l, source, value, err)
                    : service != NULL           ? check_service(source, service, value, err)
                                      : malformed(source, "there is no service", name, err);
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

int lnm_limits_open(struct lnm_cloud_limits **out, const char *source, struct lnm_err *err) {
    json_error_t why = {.text = ""};
    struct lnm_cloud_limits *l = calloc(1, sizeof *l);
    if (l == NULL) {
        return lnm_fail_nomem(err);
    }
    for (size_t q = 0; q < LNM_QUOTA_COUNT; q++) {
        l->quotas[q] = -1;
    }
    l->documented = strcmp(source, DOCUMENTED) == 0;
    l->data = l->documented ? json_loads(lnm_limits_documented, JSON_REJECT_DUPLICATES, &why)
                            : json_load_file(source, JSON_REJECT_DUPLICATES, &why);
    int error = json_is_object(l->data)
                    ? check(l, source, err)
                    : lnm_fail(err, LNM_EIO, "LocalCloud",
                               "limits of %s cannot be read: %s: name a JSON file, or " DOCUMENTED,
                               source, why.text);
    if (error < 0) {
        lnm_limits_close(l);
        return error;
    }
    *out = l;
    return 0;
}

void lnm_limits_close(struct lnm_cloud_limits *l) {
    if (l != NULL) {
        tdestroy(l->buckets, free);
        json_decref(l->data);
        free(l);
    }
}

/* ---- buckets -----------------------------------------------------------------------------------
 */

/* What a request draws on: its limits, and how many tokens. */
struct draw {
    struct lnm_throttle limit; /* capacity 0: none */
    struct bucket *bucket;
    char name[96];
    double tokens;
};
enum { REQUEST, INSTANCES, SNAPSHOT, DRAWS };

static int compare(const void *a, const void *b) {
    return strcmp(((const struct bucket *)a)->key, ((const struct bucket *)b)->key);
}

static struct bucket *find(struct lnm_cloud_limits *l, const struct lnm_cloud_request *r,
                           const struct draw *d) {
    struct bucket key = {.tokens = d->limit.capacity * NANO, .at_us = r->now_us};
    (void)snprintf(key.key, sizeof key.key, "%s %s %s", r->account, r->region, d->name);
    struct bucket *const *found = tfind(&key, &l->buckets, compare);
    if (found != NULL) {
        return *found;
    }
    struct bucket *b = malloc(sizeof *b);
    if (b == NULL) {
        return NULL;
    }
    *b = key;
    if (tsearch(b, &l->buckets, compare) == NULL) {
        free(b);
        return NULL;
    }
    return b;
}

/* What has come since the last look. A clock that went back brings nothing. */
static void refill(const struct lnm_cloud_request *r, struct draw *d) {
    struct bucket *b = d->bucket;
    double capacity = d->limit.capacity * NANO;
    double elapsed = r->now_us > b->at_us ? (double)(r->now_us - b->at_us) : 0;
    b->tokens += elapsed * d->limit.rate * 1e3;
    b->tokens = b->tokens > capacity ? capacity : b->tokens;
    b->at_us = r->now_us > b->at_us ? r->now_us : b->at_us;
}

/* None for NULL. */
static struct lnm_throttle throttle_of(const json_t *bucket) {
    return (struct lnm_throttle){json_number_value(json_array_get(bucket, 0)),
                                 json_number_value(json_array_get(bucket, 1))};
}

/* What the file says: of the action, of everything at once, or of all that read or write. */
static struct lnm_throttle request_limit(const json_t *service, const struct lnm_cloud_request *r,
                                         bool whole) {
    const json_t *own = json_object_get(json_object_get(service, "actions"), r->op->name);
    const char *kind = (r->op->flags & LNM_MUTATES) != 0 ? "write" : "read";
    return throttle_of(whole         ? json_object_get(service, "unfiltered")
                       : own != NULL ? own
                                     : json_object_get(service, kind));
}

static void draw_request(const struct lnm_cloud_limits *l, const struct lnm_cloud_request *r,
                         struct draw *d) {
    const json_t *service = json_object_get(l->data, r->service->name);
    const struct lnm_throttle *known = l->documented ? lnm_throttle_of(r->op, &r->in) : NULL;
    bool whole = lnm_throttle_is_whole(r->op, &r->in) &&
                 (known != NULL || json_object_get(service, "unfiltered") != NULL);
    d->limit = known != NULL ? *known : request_limit(service, r, whole);
    d->tokens = NANO;
    (void)snprintf(d->name, sizeof d->name, "%s:%s%s", r->service->name, r->op->name,
                   whole ? " unfiltered" : "");
}

static void draw_instances(const struct lnm_cloud_request *r, const json_t *service,
                           struct draw *d) {
    uint32_t list = lnm_record_find(&r->in, 0, "instance_ids");
    int64_t count = lnm_record_get_int(&r->in, 0, "max_count", 0);
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        count++;
    }
    d->limit = throttle_of(json_object_get(json_object_get(service, "instances"), r->op->name));
    d->tokens = (double)(count > 0 ? count : 0) * NANO;
    (void)snprintf(d->name, sizeof d->name, "%s:%s instances", r->service->name, r->op->name);
}

static void draw_snapshot(const struct lnm_cloud_request *r, const json_t *service,
                          struct draw *d) {
    struct lnm_str id = lnm_cloud_param(r, "snapshot_id");
    d->limit = throttle_of(json_object_get(json_object_get(service, "snapshots"), r->op->name));
    d->tokens = NANO;
    (void)snprintf(d->name, sizeof d->name, "%s:%s %.32s", r->service->name, r->op->name,
                   id.len > 0 ? id.ptr : "");
}

static int refuse_snapshot(struct lnm_cloud_request *r) {
    lnm_take(r->error.reason, sizeof r->error.reason, "RESOURCE_LEVEL_THROTTLE");
    return lnm_cloud_raise(r, 400, "RequestThrottledException",
                           "The number of API requests has exceeded the maximum allowed API "
                           "request throttling limit for the snapshot.");
}

static int refuse(struct lnm_cloud_request *r) {
    return r->service == &lnm_ec2
               ? lnm_cloud_raise(r, 503, "RequestLimitExceeded", "Request limit exceeded.")
               : lnm_cloud_raise(r, 400, "ThrottlingException",
                                 "You have exceeded the rate at which you may call %s. Reduce the "
                                 "frequency of your calls.",
                                 r->service->id);
}

int lnm_limits_admit(struct lnm_cloud_request *r) {
    struct lnm_cloud_limits *l = r->cloud->limits;
    struct draw draws[DRAWS] = {{.bucket = NULL}};
    if (l == NULL) {
        return 0;
    }
    const json_t *service = json_object_get(l->data, r->service->name);
    draw_request(l, r, &draws[REQUEST]);
    draw_instances(r, service, &draws[INSTANCES]);
    draw_snapshot(r, service, &draws[SNAPSHOT]);
    for (int i = 0; i < DRAWS; i++) {
        struct draw *d = &draws[i];
        d->bucket = d->limit.capacity > 0 ? find(l, r, d) : NULL;
        if (d->bucket != NULL) {
            refill(r, d);
        }
    }
    for (int i = 0; i < DRAWS; i++) {
        if (draws[i].bucket != NULL && draws[i].bucket->tokens < draws[i].tokens) {
            return i == SNAPSHOT ? refuse_snapshot(r) : refuse(r);
        }
    }
    for (int i = 0; i < DRAWS; i++) {
        if (draws[i].bucket != NULL) {
            draws[i].bucket->tokens -= draws[i].tokens;
        }
    }
    return 0;
}

/* ---- quotas ------------------------------------------------------------------------------------
 */
int64_t lnm_limits_quota(const struct lnm_cloud_request *r, enum lnm_quota q) {
    return r->cloud->limits != NULL ? r->cloud->limits->quotas[q] : -1;
}

bool lnm_limits_reached(struct lnm_cloud_request *r, enum lnm_quota q, const char *sql,
                        const char *resource, int64_t *quota) {
    *quota = lnm_limits_quota(r, q);
    if (*quota < 0) {
        return false;
    }
    sqlite3_stmt *s = resource != NULL
                          ? lnm_store_query(r->cloud, sql, "ttt", r->account, r->region, resource)
                          : lnm_store_query(r->cloud, sql, "tt", r->account, r->region);
    bool reached = s != NULL && sqlite3_step(s) == SQLITE_ROW && lnm_store_int(s, 0) >= *quota;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return reached;
}
