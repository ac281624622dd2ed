/* marker.c - a page, and where the next one begins. */
#include "cloud/fault.h"
#include "cloud/marker.h"

#define LAST_MAX 300

int lnm_marker_page(struct lnm_cloud_request *r, sqlite3_stmt *s,
                    const struct lnm_marker_names *names, int64_t limit,
                    void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s)) {
    char last[LAST_MAX] = "";
    bool more = false;
    int64_t shown = 0;
    if (s == NULL) {
        return lnm_cloud_internal(r);
    }
    lnm_record_enter(&r->out, names->list);
    while (!more && sqlite3_step(s) == SQLITE_ROW) {
        more = shown++ == limit;
        if (!more) {
            lnm_take(last, sizeof last, lnm_store_text(s, 0));
            show_row(r, s);
        }
    }
    (void)sqlite3_reset(s);
    lnm_record_close(&r->out);
    struct lnm_str next = lnm_fault_next_page(r, lnm_str_z(more ? last : ""));
    if (next.len > 0) {
        lnm_record_set(&r->out, names->next, next);
    }
    lnm_record_set_bool(&r->out, names->more, next.len > 0);
    return 0;
}
