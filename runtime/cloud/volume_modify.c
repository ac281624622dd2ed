/* volume_modify.c - ModifyVolume, DescribeVolumesModifications. A volume is as asked for when its
 * modification begins to be optimized; the last modification of each is remembered. */
#include "cloud/filter.h"
#include "cloud/lifecycle.h"
#include "cloud/limits.h"

#include "base/date.h"

#define COLUMNS                                                                                    \
    "volume, state, from_size, to_size, from_type, to_type, from_iops, to_iops, from_throughput,"  \
    " to_throughput, started, done"

enum {
    VOLUME,
    STATE,
    FROM_SIZE,
    TO_SIZE,
    FROM_TYPE,
    TO_TYPE,
    FROM_IOPS,
    TO_IOPS,
    FROM_THROUGHPUT,
    TO_THROUGHPUT,
    STARTED,
    DONE
};

/* ---- showing -----------------------------------------------------------------------------------
 */
static void show_sides(struct lnm_record *out, sqlite3_stmt *s) {
    static const struct {
        const char *from, *to;
        int column;
    } numbers[] = {{"original_size", "target_size", FROM_SIZE},
                   {"original_iops", "target_iops", FROM_IOPS},
                   {"original_throughput", "target_throughput", FROM_THROUGHPUT}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (lnm_store_int(s, numbers[i].column) > 0) {
            lnm_record_set_int(out, numbers[i].from, lnm_store_int(s, numbers[i].column));
        }
        if (lnm_store_int(s, numbers[i].column + 1) > 0) {
            lnm_record_set_int(out, numbers[i].to, lnm_store_int(s, numbers[i].column + 1));
        }
    }
    lnm_record_setz(out, "original_volume_type", lnm_store_text(s, FROM_TYPE));
    lnm_record_setz(out, "target_volume_type", lnm_store_text(s, TO_TYPE));
    lnm_record_set_bool(out, "original_multi_attach_enabled", false);
    lnm_record_set_bool(out, "target_multi_attach_enabled", false);
}

/* By the time that has passed of what it takes. */
static int64_t progress(const struct lnm_cloud_request *r, sqlite3_stmt *s) {
    int64_t started = lnm_store_int(s, STARTED), done = lnm_store_int(s, DONE);
    if (strcmp(lnm_store_text(s, STATE), "completed") == 0) {
        return 100;
    }
    return done > started && r->now_us < done ? (r->now_us - started) * 100 / (done - started) : 99;
}

static void show(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    struct lnm_record *out = &r->out;
    char date[LNM_DATE_MAX];
    lnm_record_setz(out, "volume_id", lnm_store_text(s, VOLUME));
    lnm_record_setz(out, "modification_state", lnm_store_text(s, STATE));
    show_sides(out, s);
    lnm_record_set_int(out, "progress", progress(r, s));
    lnm_date_iso(date, lnm_store_int(s, STARTED));
    lnm_record_setz(out, "start_time", date);
    if (strcmp(lnm_store_text(s, STATE), "completed") == 0) {
        lnm_date_iso(date, lnm_store_int(s, DONE));
        lnm_record_setz(out, "end_time", date);
    }
}

/* ---- ModifyVolume ------------------------------------------------------------------------------
 */
static int check_state(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    char state[16] = "";
    int64_t started = 0;
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT state, started FROM modifications WHERE volume = ?1", "t", v->id);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(state, sizeof state, lnm_store_text(s, 0));
        started = lnm_store_int(s, 1);
        (void)sqlite3_reset(s);
    }
    if (state[0] != '\0' && strcmp(state, "completed") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectModificationState",
                               "Volume %s cannot be modified in modification state %s", v->id,
                               strcmp(state, "modifying") == 0 ? "MODIFYING" : "OPTIMIZING");
    }
    int64_t hours = lnm_limits_quota(r, LNM_QUOTA_MODIFICATION_HOURS);
    if (started > 0 && hours > 0 && r->now_us - started < hours * 3600 * 1000000) {
        return lnm_cloud_raise(r, 400, "VolumeModificationRateExceeded",
                               "You've reached the maximum modification rate per volume limit. "
                               "Wait at least %lld hours between modifications per EBS volume.",
                               (long long)hours);
    }
    return strcmp(v->state, "available") == 0 || strcmp(v->state, "in-use") == 0
               ? 0
               : lnm_cloud_raise(r, 400, "IncorrectState", "Volume '%s' is in the '%s' state.",
                                 v->id, v->state);
}

/* What is asked for, beside what it is: speeds of another type mean nothing. */
static int read_target(struct lnm_cloud_request *r, const struct lnm_cloud_volume *from,
                       struct lnm_cloud_volume *to) {
    struct lnm_str type = lnm_cloud_param(r, "volume_type");
    *to = *from;
    if (type.len > 0 && !lnm_str_is(type, from->type)) {
        lnm_take(to->type, sizeof to->type, type.ptr);
        to->iops = to->throughput = 0;
    }
    to->size = lnm_record_get_int(&r->in, 0, "size", from->size);
    to->iops = lnm_record_get_int(&r->in, 0, "iops", to->iops);
    to->throughput = lnm_record_get_int(&r->in, 0, "throughput", to->throughput);
    if (to->size < from->size) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "New size cannot be smaller than existing size");
    }
    return lnm_volume_check(r, to);
}

static int check_request(struct lnm_cloud_request *r) {
    static const char *const changes[] = {"size", "volume_type", "iops", "throughput"};
    if (lnm_record_get_bool(&r->in, 0, "multi_attach_enabled", false)) {
        return lnm_cloud_raise(r, 400, "UnsupportedOperation",
                               "Multi-Attach is not available in the local cloud");
    }
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        if (lnm_cloud_given(r, changes[i])) {
            return 0;
        }
    }
    return lnm_cloud_raise(r, 400, "MissingParameter",
                           "The request must contain the parameter Size, VolumeType, Iops or "
                           "Throughput");
}

static int insert(struct lnm_cloud_request *r, const struct lnm_cloud_volume *from,
                  const struct lnm_cloud_volume *to) {
    int64_t usable = lnm_lifecycle_due(r->cloud, r->now_us, 0);
    return lnm_store_exec(
               r->cloud,
               "INSERT OR REPLACE INTO modifications(volume, account, region, state, from_size,"
               " to_size, from_type, to_type, from_iops, to_iops, from_throughput, to_throughput,"
               " started, done, due) VALUES(?1, ?2, ?3, 'modifying', ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
               " ?11, ?12, ?13, ?14)",
               "tttiittiiiiiii", from->id, r->account, r->region, from->size, to->size, from->type,
               to->type, from->iops, to->iops, from->throughput, to->throughput, r->now_us,
               lnm_lifecycle_due(r->cloud, usable, to->size), usable) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int modify(struct lnm_cloud_request *r) {
    struct lnm_cloud_volume from, to;
    struct lnm_str id = lnm_cloud_param(r, "volume_id");
    if (!lnm_volume_get(r, id, &from)) {
        return lnm_volume_not_found(r, id);
    }
    if (check_request(r) < 0 || check_state(r, &from) < 0 || read_target(r, &from, &to) < 0 ||
        insert(r, &from, &to) < 0) {
        return -1;
    }
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT " COLUMNS " FROM modifications WHERE volume = ?1", "t", from.id);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return lnm_cloud_internal(r);
    }
    lnm_record_enter(&r->out, "volume_modification");
    show(r, s);
    lnm_record_close(&r->out);
    (void)sqlite3_reset(s);
    return 0;
}

/* ---- DescribeVolumesModifications --------------------------------------------------------------
 */
struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {{"volume-id", VOLUME},
                                                       {"modification-state", STATE},
                                                       {"original-iops", FROM_IOPS},
                                                       {"original-size", FROM_SIZE},
                                                       {"original-volume-type", FROM_TYPE},
                                                       {"target-iops", TO_IOPS},
                                                       {"target-size", TO_SIZE},
                                                       {"target-volume-type", TO_TYPE},
                                                       {NULL, 0}};
    const struct row *w = arg;
    return lnm_filter_column(w->s, columns, name, pattern);
}

static void show_row(void *arg) {
    struct row *w = arg;
    lnm_record_item(&w->r->out);
    show(w->r, w->s);
    lnm_record_close(&w->r->out);
}

static int not_modified(struct lnm_cloud_request *r, struct lnm_str id) {
    struct lnm_cloud_volume v;
    return lnm_volume_get(r, id, &v)
               ? lnm_cloud_raise(r, 400, "InvalidVolumeModification.NotFound",
                                 "Modification for volume '%s' does not exist.", v.id)
               : lnm_volume_not_found(r, id);
}

static int describe(struct lnm_cloud_request *r) {
    static const struct lnm_filter_kind ids = {
        "volume_ids",
        "SELECT 1 FROM modifications WHERE account = ?1 AND region = ?2 AND volume = ?3",
        not_modified};
    struct lnm_cloud_page page;
    struct row w = {.r = r};
    if (lnm_filter_exist(r, &ids) < 0 || lnm_page_begin(&page, r, "volume_ids") < 0 ||
        lnm_filter_check(r, matches, &w) < 0) {
        return -1;
    }
    w.s = lnm_store_query(r->cloud,
                          "SELECT " COLUMNS " FROM modifications WHERE account = ?1 AND region ="
                          " ?2 AND volume > ?3 ORDER BY volume",
                          "ttt", r->account, r->region, page.after);
    struct lnm_cloud_listing l = {.ids = "volume_ids",
                                  .list = "volumes_modifications",
                                  .matches = matches,
                                  .show = show_row,
                                  .row = &w};
    return lnm_page_show(&page, r, w.s, &l);
}

/* ---- time --------------------------------------------------------------------------------------
 */
static int become(struct lnm_cloud *c, const char *volume) {
    int error = lnm_store_exec(c,
                               "UPDATE volumes SET size = m.to_size, type = m.to_type, iops ="
                               " m.to_iops, throughput = m.to_throughput FROM modifications m WHERE"
                               " m.volume = ?1 AND id = ?1 AND m.state = 'modifying'",
                               "t", volume);
    return error < 0 ? error
                     : lnm_store_exec(c,
                                      "UPDATE modifications SET state = iif(state = 'modifying',"
                                      " 'optimizing', 'completed'), due = iif(state = 'modifying',"
                                      " done, NULL) WHERE volume = ?1",
                                      "t", volume);
}

static int end_phase(struct lnm_cloud *c, const struct lnm_event *e) {
    return become(c, e->id);
}

const struct lnm_event_kind lnm_events_modifications = {
    "SELECT due, volume, account, region FROM modifications WHERE due IS NOT NULL ORDER BY due,"
    " volume LIMIT 1",
    end_phase, true, LNM_TABLES_MODIFICATIONS};

const struct lnm_cloud_action lnm_cloud_volume_modify[] = {
    {"DescribeVolumesModifications", describe}, {"ModifyVolume", modify}, {NULL, NULL}};
