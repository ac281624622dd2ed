/* snapshots.c - snapshots as data, CreateSnapshot, DescribeSnapshots, DeleteSnapshot. */
#include "cloud/holdings.h"
#include "cloud/ebs_access.h"
#include "cloud/lifecycle.h"
#include "cloud/maps.h"
#include "cloud/scan.h"
#include "cloud/walk.h"
#include "cloud/limits.h"
#include "cloud/switches.h"
#include "cloud/filter.h"

#include "base/date.h"

#include <stdio.h>

int lnm_snapshot_insert(struct lnm_cloud *c, const char *account, const char *region,
                        const struct lnm_cloud_snapshot *s) {
    return lnm_store_exec(
        c,
        "INSERT INTO snapshots(id, account, region, volume, description, state, "
        "started, due, doomed,"
        " size, encrypted, key_arn, data_key, map, message, minutes, rate) VALUES(?1, ?2, ?3, ?4,"
        " ?5, 'pending', ?6, ?7, ?8, ?9, ?10, ?11, ?12, nullif(?13, 0), ?14, iif(?17, ?15, NULL),"
        " nullif(?16, 0))",
        "tttttiiiiittitiii", s->id, account, region, s->volume, s->description, s->started_us,
        s->due_us, (int64_t)s->doomed, s->size, (int64_t)s->encrypted,
        s->encrypted ? s->key_arn : NULL, s->encrypted ? s->data_key : NULL, s->map, s->why,
        s->minutes, s->rate, (int64_t)s->copied);
}

static bool get(struct lnm_cloud *c, const char *region, const char *id,
                struct lnm_cloud_snapshot *out) {
    sqlite3_stmt *s = lnm_store_query(c,
                                      "SELECT account, volume, description, state, started, due,"
                                      " size, encrypted, key_arn, data_key, map FROM snapshots"
                                      " WHERE id = ?1 AND region = ?2",
                                      "tt", id, region);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    memset(out, 0, sizeof *out);
    if (found) {
        lnm_take(out->id, sizeof out->id, id);
        lnm_take(out->account, sizeof out->account, lnm_store_text(s, 0));
        lnm_take(out->volume, sizeof out->volume, lnm_store_text(s, 1));
        lnm_take(out->description, sizeof out->description, lnm_store_text(s, 2));
        lnm_take(out->state, sizeof out->state, lnm_store_text(s, 3));
        out->started_us = lnm_store_int(s, 4);
        out->due_us = lnm_store_int(s, 5);
        out->size = lnm_store_int(s, 6);
        out->encrypted = lnm_store_int(s, 7) != 0;
        lnm_take(out->key_arn, sizeof out->key_arn, lnm_store_text(s, 8));
        lnm_take(out->data_key, sizeof out->data_key, lnm_store_text(s, 9));
        out->map = lnm_store_int(s, 10);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

bool lnm_snapshot_get(struct lnm_cloud *c, const char *account, const char *region, const char *id,
                      struct lnm_cloud_snapshot *out) {
    return get(c, region, id, out) && strcmp(out->account, account) == 0;
}

bool lnm_snapshot_see(struct lnm_cloud *c, const char *account, const char *region, const char *id,
                      struct lnm_cloud_snapshot *out) {
    return get(c, region, id, out) &&
           (strcmp(out->account, account) == 0 || lnm_share_allows(c, id, account));
}

int lnm_snapshot_not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    if (!lnm_store_is_id(id, "snap-")) {
        return lnm_cloud_raise(r, 400, "InvalidSnapshotID.Malformed",
                               "Invalid id: \"%.60s\" (expecting \"snap-...\")",
                               id.len > 0 ? id.ptr : "");
    }
    return lnm_cloud_raise(r, 400, "InvalidSnapshot.NotFound",
                           "The snapshot '%.60s' does not exist.", id.ptr);
}

int lnm_snapshot_derive(struct lnm_cloud_request *r, struct lnm_cloud_snapshot *to,
                        const struct lnm_cloud_snapshot *from) {
    struct lnm_holding h = {.encrypted = to->encrypted, .key_arn = to->key_arn},
                       of = {from->map, from->encrypted, from->key_arn, ""};
    lnm_take(of.data_key, sizeof of.data_key, from->data_key);
    int error = to->doomed ? 0 : lnm_holding_derive(r->cloud, r->account, &h, &of);
    to->doomed = to->doomed || error == 1;
    to->map = h.map;
    lnm_take(to->data_key, sizeof to->data_key, h.data_key);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

/* A row of the Describe's SELECT, while it is the current one. */
struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
    struct lnm_walk snapshots, tags;
    uint32_t found; /* how many of those that were asked for are there */
    char progress[8];
};

enum {
    ID,
    VOLUME,
    DESCRIPTION,
    STATE,
    MESSAGE,
    STARTED,
    DUE,
    SIZE,
    ENCRYPTED,
    KEY,
    DATA_KEY,
    OWNER,
    TOLD, /* by who uploads it */
    FULL,
    MINUTES,
    COMPLETED,
    REGION
};

#define COLUMNS                                                                                    \
    "id, volume, description, state, message, started, due, size, encrypted, key_arn, data_key,"   \
    " account, progress, (SELECT full FROM maps WHERE maps.id = map), minutes, completed, region"

static int progress(const struct row *w) {
    int64_t begun = lnm_store_int(w->s, STARTED), due = lnm_store_int(w->s, DUE);
    if (strcmp(lnm_store_text(w->s, STATE), "completed") == 0) {
        return 100;
    }
    if (sqlite3_column_type(w->s, TOLD) != SQLITE_NULL) {
        return (int)lnm_store_int(w->s, TOLD);
    }
    int64_t percent = due > begun ? (w->r->now_us - begun) * 100 / (due - begun) : 99;
    return percent < 0 ? 0 : percent > 99 ? 99 : (int)percent;
}

/* "" of what is no copy */
static const char *transfer_type(sqlite3_stmt *s) {
    return s == NULL || sqlite3_column_type(s, MINUTES) == SQLITE_NULL ? ""
           : lnm_store_int(s, MINUTES) > 0                             ? "time-based"
                                                                       : "standard";
}

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {
        {"snapshot-id", ID}, {"volume-id", VOLUME}, {"status", STATE}, {"description", DESCRIPTION},
        {"owner-id", OWNER}, {"volume-size", SIZE}, {NULL, 0}};
    struct row *w = arg;
    int found = lnm_filter_column(w->s, columns, name, pattern);
    (void)snprintf(w->progress, sizeof w->progress, "%d%%", progress(w));
    return found >= 0                           ? found
           : strcmp(name, "progress") == 0      ? lnm_filter_text(w->progress, pattern)
           : strcmp(name, "transfer-type") == 0 ? lnm_filter_text(transfer_type(w->s), pattern)
           : strcmp(name, "storage-tier") == 0  ? lnm_filter_text("standard", pattern)
           : strcmp(name, "start-time") == 0
               ? lnm_filter_date(lnm_store_int(w->s, STARTED), pattern)
           : strcmp(name, "encrypted") == 0
               ? lnm_filter_flag(lnm_store_int(w->s, ENCRYPTED) != 0, pattern)
               : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static void show_common(struct lnm_cloud_request *r, const char *owner, const char *id,
                        const char *volume, int64_t size, bool encrypted, const char *key,
                        const char *description, int64_t started) {
    char date[LNM_DATE_MAX];
    lnm_date_iso(date, started);
    lnm_record_setz(&r->out, "snapshot_id", id);
    lnm_record_setz(&r->out, "volume_id", volume);
    lnm_record_setz(&r->out, "start_time", date);
    lnm_record_setz(&r->out, "owner_id", owner);
    lnm_record_set_int(&r->out, "volume_size", size);
    lnm_record_set_bool(&r->out, "encrypted", encrypted);
    if (encrypted) {
        lnm_record_setz(&r->out, "kms_key_id", key);
    }
    lnm_record_setz(&r->out, "description", description);
}

/* A copy's kind and time, and when any snapshot was there. */
static void show_times(struct lnm_record *out, sqlite3_stmt *s) {
    char date[LNM_DATE_MAX];
    int64_t minutes = lnm_store_int(s, MINUTES), completed = lnm_store_int(s, COMPLETED);
    if (transfer_type(s)[0] != '\0') {
        lnm_record_setz(out, "transfer_type", transfer_type(s));
    }
    if (minutes > 0) {
        lnm_record_set_int(out, "completion_duration_minutes", minutes);
    }
    if (completed > 0) {
        lnm_date_iso(date, completed);
        lnm_record_setz(out, "completion_time", date);
    }
}

static void show(void *arg) {
    struct row *w = arg;
    struct lnm_record *out = &w->r->out;
    sqlite3_stmt *s = w->s;
    (void)snprintf(w->progress, sizeof w->progress, "%d%%", progress(w));
    lnm_record_item(out);
    show_common(w->r, lnm_store_text(s, OWNER), lnm_store_text(s, ID), lnm_store_text(s, VOLUME),
                lnm_store_int(s, SIZE), lnm_store_int(s, ENCRYPTED) != 0, lnm_store_text(s, KEY),
                lnm_store_text(s, DESCRIPTION), lnm_store_int(s, STARTED));
    lnm_record_setz(out, "state", lnm_store_text(s, STATE));
    lnm_record_setz(out, "progress", w->progress);
    if (lnm_store_text(s, MESSAGE)[0] != '\0') {
        lnm_record_setz(out, "state_message", lnm_store_text(s, MESSAGE));
    }
    if (lnm_store_text(s, DATA_KEY)[0] != '\0') {
        lnm_record_setz(out, "data_encryption_key_id", lnm_store_text(s, DATA_KEY));
    }
    lnm_record_setz(out, "storage_tier", "standard");
    show_times(out, s);
    lnm_record_set_int(out, "full_snapshot_size_in_bytes",
                       lnm_store_int(s, FULL) * (int64_t)LNM_BLOCK);
    if (strcmp(lnm_store_text(s, OWNER), w->r->account) == 0) { /* tags are their owner's own */
        lnm_tags_show_next(w->r, &w->tags, lnm_store_text(s, ID), "tags");
    }
    lnm_record_close(out);
}

static int check_ids(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "snapshot_ids");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_cloud_snapshot s;
        struct lnm_str id = lnm_record_str(&r->in, i);
        if (!lnm_snapshot_see(r->cloud, r->account, r->region, id.ptr, &s) &&
            (!lnm_store_is_id(id, "snap-") ||
             lnm_switch_is(r->cloud, LNM_SWITCH_UNSEEN_SNAPSHOT, "not-found"))) {
            return lnm_snapshot_not_found(r, id);
        }
    }
    return 0;
}

static bool belongs(void *arg) {
    struct row *w = arg;
    return lnm_filter_owner(w->r, "owner_ids", lnm_store_text(w->s, OWNER)) &&
           lnm_share_listed(w->r, "restorable_by_user_ids", lnm_store_text(w->s, ID));
}

#define SNAPSHOTS "SELECT " COLUMNS " FROM snapshots WHERE id >= ?1 ORDER BY id"

/* One's own, or one that the account may use. */
static bool load(void *arg, const char *id) {
    struct row *w = arg;
    struct lnm_cloud_request *r = w->r;
    w->s = lnm_walk_to(&w->snapshots, r->cloud, id);
    bool there = w->s != NULL && strcmp(lnm_store_text(w->s, REGION), r->region) == 0 &&
                 (strcmp(lnm_store_text(w->s, OWNER), r->account) == 0 ||
                  lnm_share_allows(r->cloud, id, r->account));
    w->found += there ? 1 : 0;
    return there;
}

static const struct lnm_scan_kind kind = {
    .ids = "snapshot_ids",
    .id_filter = "snapshot-id",
    .owners = "owner_ids",
    .own = "SELECT id FROM snapshots WHERE account = ?1 AND region = ?2 AND id > ?3" LNM_SCAN_LIMIT,
    .shared = "SELECT resource AS id FROM permissions WHERE grantee = ?1 AND resource > ?3 AND"
              " EXISTS (SELECT 1 FROM snapshots WHERE id = resource AND region ="
              " ?2)" LNM_SCAN_LIMIT,
    .prefix = "snap-",
    .end = "snap."};

static int describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    uint32_t ids = lnm_record_find(&r->in, 0, "snapshot_ids");
    struct row w = {.r = r, .snapshots = {.sql = SNAPSHOTS}, .tags = {.sql = lnm_tags_walk}};
    struct lnm_cloud_listing l = {.ids = "snapshot_ids",
                                  .list = "snapshots",
                                  .load = load,
                                  .matches = matches,
                                  .belongs = belongs,
                                  .show = show,
                                  .row = &w};
    int error = lnm_page_begin(&page, r, "snapshot_ids");
    error = error < 0 ? error : lnm_filter_check(r, matches, &w);
    error = error < 0 ? error : lnm_page_scan(&page, r, &kind, &l);
    lnm_walk_end(&w.snapshots);
    lnm_walk_end(&w.tags);
    return ids != 0 && w.found < r->in.nodes[ids].len && check_ids(r) < 0 ? -1 : error;
}

void lnm_snapshot_of_volume(struct lnm_cloud_request *r, struct lnm_cloud_snapshot *to,
                            const struct lnm_cloud_volume *v) {
    lnm_store_id(to->id, "snap-");
    to->started_us = r->now_us;
    to->due_us = lnm_lifecycle_due(r->cloud, r->now_us, v->size);
    to->size = v->size;
    to->encrypted = v->encrypted;
    to->doomed = v->encrypted && !lnm_ebs_permits_arn(r, r->region, v->key_arn, LNM_EBS_SNAPSHOT);
    lnm_take(to->volume, sizeof to->volume, v->id);
    to->map = v->map;
    lnm_take(to->key_arn, sizeof to->key_arn, v->key_arn);
    lnm_take(to->data_key, sizeof to->data_key, v->data_key);
}

/* Seconds between two snapshots of a volume. */
static int check_interval(struct lnm_cloud_request *r, const char *volume) {
    int64_t seconds = lnm_limits_quota(r, LNM_QUOTA_SNAPSHOT_INTERVAL);
    sqlite3_stmt *s =
        seconds > 0
            ? lnm_store_query(r->cloud,
                              "SELECT 1 FROM snapshots WHERE account = ?1 AND region = ?2"
                              " AND volume = ?3 AND started > ?4 LIMIT 1",
                              "ttti", r->account, r->region, volume, r->now_us - seconds * 1000000)
            : NULL;
    bool recent = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return recent
               ? lnm_cloud_raise(r, 400, "SnapshotCreationPerVolumeRateExceeded",
                                 "The maximum per volume CreateSnapshot request rate has been "
                                 "exceeded. Use an increasing or variable sleep interval between "
                                 "requests.")
               : 0;
}

static int check_pending(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    bool hdd = strcmp(v->type, "st1") == 0 || strcmp(v->type, "sc1") == 0;
    int64_t quota;
    return lnm_limits_reached(
               r, hdd ? LNM_QUOTA_PENDING_SNAPSHOTS_HDD : LNM_QUOTA_PENDING_SNAPSHOTS,
               "SELECT count(*) FROM snapshots WHERE account = ?1 AND region = ?2 AND volume = ?3"
               " AND state = 'pending'",
               v->id, &quota)
               ? lnm_cloud_raise(r, 400, "ConcurrentSnapshotLimitExceeded",
                                 "Maximum allowed in-progress snapshots for a single volume "
                                 "exceeded.")
               : 0;
}

int lnm_snapshot_check_new(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    int64_t quota;
    if (lnm_limits_reached(r, LNM_QUOTA_SNAPSHOTS,
                           "SELECT count(*) FROM snapshots WHERE account = ?1 AND region = ?2",
                           NULL, &quota)) {
        return lnm_cloud_raise(r, 400, "SnapshotLimitExceeded",
                               "You have reached your quota of %lld snapshots in this Region.",
                               (long long)quota);
    }
    if (lnm_limits_reached(r, LNM_QUOTA_PENDING_SNAPSHOTS_ALL,
                           "SELECT count(*) FROM snapshots WHERE account = ?1 AND region = ?2 AND"
                           " state = 'pending'",
                           NULL, &quota)) {
        return lnm_cloud_raise(r, 400, "PendingSnapshotLimitExceeded",
                               "You have reached your quota of %lld pending snapshots in this "
                               "Region.",
                               (long long)quota);
    }
    return v == NULL ? 0 : check_interval(r, v->id) < 0 ? -1 : check_pending(r, v);
}

static int create(struct lnm_cloud_request *r) {
    struct lnm_cloud_snapshot n = {.started_us = r->now_us};
    struct lnm_cloud_volume v;
    struct lnm_str id = lnm_cloud_param(r, "volume_id"), text = lnm_cloud_param(r, "description");
    if (!lnm_volume_get(r, id, &v)) {
        return lnm_volume_not_found(r, id);
    }
    if (strcmp(v.state, "available") != 0 && strcmp(v.state, "in-use") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectState", "Volume '%s' is in the '%s' state.", v.id,
                               v.state);
    }
    if (lnm_snapshot_check_new(r, &v) < 0) {
        return -1;
    }
    lnm_snapshot_of_volume(r, &n, &v);
    lnm_take(n.description, sizeof n.description, text.len > 0 ? text.ptr : "");
    if (lnm_snapshot_insert(r->cloud, r->account, r->region, &n) < 0) {
        return lnm_cloud_internal(r);
    }
    if (lnm_tags_from_request(r, "snapshot", n.id) < 0) {
        return -1;
    }
    show_common(r, r->account, n.id, n.volume, n.size, n.encrypted, n.key_arn, n.description,
                n.started_us);
    lnm_record_setz(&r->out, "state", "pending");
    lnm_record_setz(&r->out, "progress", "");
    lnm_tags_show(r, n.id);
    return 0;
}

int lnm_snapshot_forget(struct lnm_cloud *c, const char *id) {
    static const char *const theirs[] = {"DELETE FROM snapshots WHERE id = ?1",
                                         "DELETE FROM tags WHERE resource = ?1",
                                         "DELETE FROM written WHERE snapshot = ?1"};
    sqlite3_stmt *s = lnm_store_query(c, "SELECT map FROM snapshots WHERE id = ?1", "t", id);
    int64_t map = lnm_store_int(s != NULL && sqlite3_step(s) == SQLITE_ROW ? s : NULL, 0);
    int error = 0;
    (void)sqlite3_reset(s);
    for (size_t i = 0; error == 0 && i < sizeof theirs / sizeof theirs[0]; i++) {
        error = lnm_store_exec(c, theirs[i], "t", id);
    }
    error = error < 0 ? error : lnm_holding_left(c, map);
    return error < 0 ? error : lnm_share_forget(c, id);
}

/* A pending one goes when it is complete, and is shown until then; an upload ends with it. */
int lnm_snapshot_delete(struct lnm_cloud *c, const char *id) {
    int error =
        lnm_store_exec(c,
                       "UPDATE snapshots SET deleted = 1 WHERE id = ?1 AND state = 'pending'"
                       " AND timeout IS NULL",
                       "t", id);
    return error < 0 ? error : sqlite3_changes(c->db) > 0 ? 0 : lnm_snapshot_forget(c, id);
}

static int delete_snapshot(struct lnm_cloud_request *r) {
    struct lnm_cloud_snapshot n;
    struct lnm_str id = lnm_cloud_param(r, "snapshot_id");
    if (!lnm_snapshot_get(r->cloud, r->account, r->region, id.ptr, &n)) {
        return lnm_snapshot_not_found(r, id);
    }
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT image FROM devices WHERE snapshot = ?1", "s", id);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        char image[32];
        lnm_take(image, sizeof image, lnm_store_text(s, 0));
        (void)sqlite3_reset(s);
        return lnm_cloud_raise(r, 400, "InvalidSnapshot.InUse",
                               "The snapshot %.60s is currently in use by %s", id.ptr, image);
    }
    return lnm_snapshot_delete(r->cloud, n.id) < 0 ? lnm_cloud_internal(r) : 0;
}

const struct lnm_cloud_action lnm_cloud_snapshots[] = {{"CopySnapshot", lnm_snapshot_copy},
                                                       {"CreateSnapshot", create},
                                                       {"DeleteSnapshot", delete_snapshot},
                                                       {"DescribeSnapshots", describe},
                                                       {NULL, NULL}};
