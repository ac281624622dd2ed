/* instance_status.c - DescribeInstanceStatus: the checks pass a while after an instance runs. */
#include "cloud/filter.h"
#include "cloud/lifecycle.h"
#include "cloud/network.h"

#include <stdio.h>

#define IDS_MAX 100

enum { ID, ZONE, STATE, CHECKING };

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

static const char *status(sqlite3_stmt *s) {
    return strcmp(lnm_store_text(s, STATE), "running") != 0 ? "not-applicable"
           : lnm_store_int(s, CHECKING) != 0                ? "initializing"
                                                            : "ok";
}

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {
        {"availability-zone", ZONE}, {"instance-state-name", STATE}, {NULL, 0}};
    const struct row *w = arg;
    char code[8];
    bool ok = w->s == NULL || strcmp(status(w->s), "ok") == 0;
    if (strcmp(name, "instance-status.status") == 0 || strcmp(name, "system-status.status") == 0 ||
        strcmp(name, "attached-ebs-status.status") == 0) {
        return lnm_filter_text(w->s == NULL ? "" : status(w->s), pattern);
    }
    if (strcmp(name, "instance-status.reachability") == 0 ||
        strcmp(name, "system-status.reachability") == 0) {
        return lnm_filter_text(ok ? "passed" : "initializing", pattern);
    }
    if (strcmp(name, "instance-state-code") == 0) {
        (void)snprintf(code, sizeof code, "%d", lnm_instance_code(lnm_store_text(w->s, STATE)));
        return lnm_filter_text(code, pattern);
    }
    return strcmp(name, "availability-zone-id") == 0
               ? lnm_zone_matches(lnm_store_text(w->s, ZONE), pattern)
               : lnm_filter_column(w->s, columns, name, pattern);
}

static void show_check(struct lnm_record *out, const char *member, const char *is) {
    lnm_record_enter(out, member);
    lnm_record_setz(out, "status", is);
    if (strcmp(is, "not-applicable") != 0) {
        lnm_record_enter(out, "details");
        lnm_record_item(out);
        lnm_record_setz(out, "name", "reachability");
        lnm_record_setz(out, "status", strcmp(is, "ok") == 0 ? "passed" : "initializing");
        lnm_record_close(out);
        lnm_record_close(out);
    }
    lnm_record_close(out);
}

static void show(void *arg) {
    const struct row *w = arg;
    struct lnm_record *out = &w->r->out;
    char zone_id[32];
    lnm_zone_id(zone_id, lnm_store_text(w->s, ZONE));
    lnm_record_item(out);
    lnm_record_setz(out, "instance_id", lnm_store_text(w->s, ID));
    lnm_record_setz(out, "availability_zone", lnm_store_text(w->s, ZONE));
    lnm_record_setz(out, "availability_zone_id", zone_id);
    lnm_record_enter(out, "instance_state");
    lnm_record_set_int(out, "code", lnm_instance_code(lnm_store_text(w->s, STATE)));
    lnm_record_setz(out, "name", lnm_store_text(w->s, STATE));
    lnm_record_close(out);
    show_check(out, "instance_status", status(w->s));
    show_check(out, "system_status", status(w->s));
    show_check(out, "attached_ebs_status", status(w->s));
    lnm_record_close(out);
}

/* Only what runs, unless all are asked for. */
static bool belongs(void *arg) {
    const struct row *w = arg;
    return lnm_record_get_bool(&w->r->in, 0, "include_all_instances", false) ||
           strcmp(lnm_store_text(w->s, STATE), "running") == 0;
}

static int check_ids(struct lnm_cloud_request *r) {
    static const struct lnm_filter_kind ids = {
        "instance_ids", "SELECT 1 FROM instances WHERE account = ?1 AND region = ?2 AND id = ?3",
        lnm_instance_not_found};
    uint32_t list = lnm_record_find(&r->in, 0, "instance_ids");
    int count = 0;
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        count++;
    }
    return count > IDS_MAX
               ? lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "At most %d instance IDs can be asked for at once", IDS_MAX)
               : lnm_filter_exist(r, &ids);
}

static int describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    struct row w = {.r = r};
    if (check_ids(r) < 0 || lnm_page_begin(&page, r, "instance_ids") < 0 ||
        lnm_filter_check(r, matches, &w) < 0) {
        return -1;
    }
    w.s = lnm_store_query(r->cloud,
                          "SELECT id, zone, state, ok_at IS NOT NULL FROM instances WHERE account"
                          " = ?1 AND region = ?2 AND id > ?3 ORDER BY id",
                          "ttt", r->account, r->region, page.after);
    struct lnm_cloud_listing l = {.ids = "instance_ids",
                                  .list = "instance_statuses",
                                  .matches = matches,
                                  .belongs = belongs,
                                  .show = show,
                                  .row = &w};
    return lnm_page_show(&page, r, w.s, &l);
}

static int pass(struct lnm_cloud *c, const struct lnm_event *e) {
    return lnm_store_exec(c, "UPDATE instances SET ok_at = NULL WHERE id = ?1", "t", e->id);
}

const struct lnm_event_kind lnm_events_checks = {
    "SELECT ok_at, id, account, region FROM instances WHERE ok_at IS NOT NULL ORDER BY ok_at, id"
    " LIMIT 1",
    pass, true, LNM_TABLES_INSTANCES};

const struct lnm_cloud_action lnm_cloud_instance_status[] = {{"DescribeInstanceStatus", describe},
                                                             {NULL, NULL}};
