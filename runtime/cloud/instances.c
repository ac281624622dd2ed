/* instances.c - DescribeInstances. */
#include "cloud/internal.h"

#include "base/date.h"

#include <stdio.h>

enum { ID, IMAGE, TYPE, STATE, ZONE, LAUNCHED, ROOT };

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct {
        const char *filter;
        int column;
    } columns[] = {{"instance-id", ID},         {"image-id", IMAGE},
                   {"instance-type", TYPE},     {"instance-state-name", STATE},
                   {"availability-zone", ZONE}, {"root-device-name", ROOT}};
    struct row *w = arg;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (strcmp(name, columns[i].filter) == 0) {
            return lnm_str_glob(pattern, lnm_str_z(lnm_store_text(w->s, columns[i].column))) ? 1
                                                                                             : 0;
        }
    }
    return lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static int state_code(const char *state) {
    static const struct {
        const char *name;
        int code;
    } codes[] = {{"pending", 0},     {"running", 16},  {"shutting-down", 32},
                 {"terminated", 48}, {"stopping", 64}, {"stopped", 80}};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(codes[i].name, state) == 0) {
            return codes[i].code;
        }
    }
    return 0;
}

static void show_volumes(struct row *w) {
    struct lnm_record *out = &w->r->out;
    sqlite3_stmt *s = lnm_store_query(w->r->cloud,
                                      "SELECT id, device FROM volumes WHERE instance = ?1 ORDER BY"
                                      " device",
                                      "t", lnm_store_text(w->s, ID));
    lnm_record_enter(out, "block_device_mappings");
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_record_item(out);
        lnm_record_setz(out, "device_name", lnm_store_text(s, 1));
        lnm_record_enter(out, "ebs");
        lnm_record_set_bool(out, "delete_on_termination", true);
        lnm_record_setz(out, "status", "attached");
        lnm_record_setz(out, "volume_id", lnm_store_text(s, 0));
        lnm_record_close(out);
        lnm_record_close(out);
    }
    lnm_record_close(out);
}

static void show(struct row *w) {
    struct lnm_record *out = &w->r->out;
    char date[LNM_DATE_MAX], reservation[32];
    lnm_date_iso(date, lnm_store_int(w->s, LAUNCHED));
    (void)snprintf(reservation, sizeof reservation, "r-%.20s", lnm_store_text(w->s, ID) + 2);
    lnm_record_item(out);
    lnm_record_setz(out, "reservation_id", reservation);
    lnm_record_setz(out, "owner_id", w->r->account);
    lnm_record_enter(out, "instances");
    lnm_record_item(out);
    lnm_record_setz(out, "instance_id", lnm_store_text(w->s, ID));
    lnm_record_setz(out, "image_id", lnm_store_text(w->s, IMAGE));
    lnm_record_enter(out, "state");
    lnm_record_set_int(out, "code", state_code(lnm_store_text(w->s, STATE)));
    lnm_record_setz(out, "name", lnm_store_text(w->s, STATE));
    lnm_record_close(out);
    lnm_record_setz(out, "instance_type", lnm_store_text(w->s, TYPE));
    lnm_record_enter(out, "placement");
    lnm_record_setz(out, "availability_zone", lnm_store_text(w->s, ZONE));
    lnm_record_close(out);
    lnm_record_setz(out, "launch_time", date);
    lnm_record_setz(out, "root_device_name", lnm_store_text(w->s, ROOT));
    lnm_record_setz(out, "root_device_type", "ebs");
    show_volumes(w);
    lnm_tags_show(w->r, lnm_store_text(w->s, ID));
    lnm_record_close(out);
    lnm_record_close(out);
    lnm_record_close(out);
}

static int check_ids(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "instance_ids");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_str id = lnm_record_str(&r->in, i);
        sqlite3_stmt *s =
            lnm_store_query(r->cloud,
                            "SELECT 1 FROM instances WHERE id = ?1 AND account = ?2 AND"
                            " region = ?3",
                            "stt", id, r->account, r->region);
        bool there = s != NULL && sqlite3_step(s) == SQLITE_ROW;
        if (s != NULL) {
            (void)sqlite3_reset(s);
        }
        if (!there) {
            return lnm_cloud_raise(r, 400, "InvalidInstanceID.NotFound",
                                   "The instance ID '%.60s' does not exist", id.ptr);
        }
    }
    return 0;
}

static int describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    if (check_ids(r) < 0 || lnm_page_begin(&page, r, "instance_ids") < 0) {
        return -1;
    }
    struct row w = {.r = r};
    w.s =
        lnm_store_query(r->cloud,
                        "SELECT id, image, type, state, zone, launched, root_device FROM instances"
                        " WHERE account = ?1 AND region = ?2 AND id > ?3 ORDER BY id",
                        "ttt", r->account, r->region, page.after);
    int error = w.s == NULL ? lnm_cloud_internal(r) : 0;
    lnm_record_enter(&r->out, "reservations");
    while (error == 0 && sqlite3_step(w.s) == SQLITE_ROW) {
        const char *id = lnm_store_text(w.s, ID);
        int wanted =
            lnm_filter_listed(r, "instance_ids", id) ? lnm_filter_match(r, matches, &w) : 0;
        if (wanted < 0) {
            error = -1;
        } else if (wanted == 1) {
            if (!lnm_page_take(&page, id)) {
                break;
            }
            show(&w);
        }
    }
    lnm_record_close(&r->out);
    lnm_page_end(&page, r);
    return error;
}

const struct lnm_cloud_action lnm_cloud_instances[] = {{"DescribeInstances", describe},
                                                       {NULL, NULL}};
