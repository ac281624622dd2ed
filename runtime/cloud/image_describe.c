/* image_describe.c - DescribeImages. */
#include "cloud/images.h"

#include "base/date.h"

#include <stdio.h>

enum {
    ID,
    NAME,
    DESCRIPTION,
    STATE,
    REASON,
    ARCHITECTURE,
    VIRTUALIZATION,
    ROOT,
    ENA,
    BOOT,
    CREATED,
    SOURCE_IMAGE,
    SOURCE_REGION,
    SOURCE_INSTANCE
};

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

/* block-device-mapping.*: any device of the image matches. */
static int device_matches(struct row *w, const char *name, struct lnm_str pattern) {
    sqlite3_stmt *s = lnm_store_query(
        w->r->cloud,
        "SELECT d.device, d.snapshot, d.size, d.type, d.delete_on_termination, s.encrypted FROM"
        " devices d LEFT JOIN snapshots s ON s.id = d.snapshot WHERE d.image = ?1",
        "t", lnm_store_text(w->s, ID));
    static const char *const names[] = {"device-name", "snapshot-id",           "volume-size",
                                        "volume-type", "delete-on-termination", "encrypted"};
    int column = 0, found = 0;
    while (column < 6 && strcmp(names[column], name) != 0) {
        column++;
    }
    if (column == 6) {
        return -1;
    }
    while (s != NULL && found == 0 && sqlite3_step(s) == SQLITE_ROW) {
        struct lnm_str value = column < 4 ? lnm_str_z(lnm_store_text(s, column))
                               : lnm_store_int(s, column) != 0 ? LNM_STR("true")
                                                               : LNM_STR("false");
        found = lnm_str_glob(pattern, value) ? 1 : 0;
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct {
        const char *filter;
        int column;
    } columns[] = {{"image-id", ID},
                   {"name", NAME},
                   {"description", DESCRIPTION},
                   {"state", STATE},
                   {"architecture", ARCHITECTURE},
                   {"virtualization-type", VIRTUALIZATION},
                   {"root-device-name", ROOT},
                   {"source-image-id", SOURCE_IMAGE},
                   {"source-image-region", SOURCE_REGION},
                   {"source-instance-id", SOURCE_INSTANCE},
                   {"state-reason-message", REASON}};
    static const struct {
        const char *filter, *value;
    } fixed[] = {{"is-public", "false"},
                 {"root-device-type", "ebs"},
                 {"image-type", "machine"},
                 {"hypervisor", "xen"}};
    struct row *w = arg;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (strcmp(name, columns[i].filter) == 0) {
            return lnm_str_glob(pattern, lnm_str_z(lnm_store_text(w->s, columns[i].column))) ? 1
                                                                                             : 0;
        }
    }
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        if (strcmp(name, fixed[i].filter) == 0) {
            return lnm_str_glob(pattern, lnm_str_z(fixed[i].value)) ? 1 : 0;
        }
    }
    if (strcmp(name, "owner-id") == 0) {
        return lnm_str_glob(pattern, lnm_str_z(w->r->account)) ? 1 : 0;
    }
    if (strncmp(name, "block-device-mapping.", 21) == 0) {
        return device_matches(w, name + 21, pattern);
    }
    return lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static void show_devices(struct row *w) {
    struct lnm_record *out = &w->r->out;
    sqlite3_stmt *s = lnm_store_query(
        w->r->cloud,
        "SELECT d.device, d.snapshot, d.size, d.type, d.delete_on_termination, s.encrypted FROM"
        " devices d LEFT JOIN snapshots s ON s.id = d.snapshot WHERE d.image = ?1 ORDER BY"
        " d.position",
        "t", lnm_store_text(w->s, ID));
    lnm_record_enter(out, "block_device_mappings");
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_record_item(out);
        lnm_record_setz(out, "device_name", lnm_store_text(s, 0));
        lnm_record_enter(out, "ebs");
        lnm_record_set_bool(out, "delete_on_termination", lnm_store_int(s, 4) != 0);
        lnm_record_setz(out, "snapshot_id", lnm_store_text(s, 1));
        lnm_record_set_int(out, "volume_size", lnm_store_int(s, 2));
        lnm_record_setz(out, "volume_type", lnm_store_text(s, 3));
        lnm_record_set_bool(out, "encrypted", lnm_store_int(s, 5) != 0);
        lnm_record_close(out);
        lnm_record_close(out);
    }
    lnm_record_close(out);
}

static void set_if(struct lnm_record *out, const char *name, const char *value) {
    if (value[0] != '\0') {
        lnm_record_setz(out, name, value);
    }
}

static void show_reason(struct row *w) {
    struct lnm_record *out = &w->r->out;
    if (lnm_store_text(w->s, REASON)[0] != '\0') {
        lnm_record_enter(out, "state_reason");
        lnm_record_setz(out, "code", "Client.InternalError");
        lnm_record_setz(out, "message", lnm_store_text(w->s, REASON));
        lnm_record_close(out);
    }
}

static void show(struct row *w) {
    struct lnm_record *out = &w->r->out;
    sqlite3_stmt *s = w->s;
    char date[LNM_DATE_MAX], location[160];
    lnm_date_iso(date, lnm_store_int(s, CREATED));
    (void)snprintf(location, sizeof location, "%s/%.130s", w->r->account, lnm_store_text(s, NAME));
    lnm_record_item(out);
    lnm_record_setz(out, "image_id", lnm_store_text(s, ID));
    lnm_record_setz(out, "image_location", location);
    lnm_record_setz(out, "state", lnm_store_text(s, STATE));
    lnm_record_setz(out, "owner_id", w->r->account);
    lnm_record_setz(out, "creation_date", date);
    lnm_record_set_bool(out, "public", false);
    lnm_record_setz(out, "name", lnm_store_text(s, NAME));
    set_if(out, "description", lnm_store_text(s, DESCRIPTION));
    lnm_record_setz(out, "architecture", lnm_store_text(s, ARCHITECTURE));
    lnm_record_setz(out, "image_type", "machine");
    lnm_record_setz(out, "root_device_name", lnm_store_text(s, ROOT));
    lnm_record_setz(out, "root_device_type", "ebs");
    lnm_record_setz(out, "virtualization_type", lnm_store_text(s, VIRTUALIZATION));
    lnm_record_setz(out, "hypervisor", "xen");
    lnm_record_set_bool(out, "ena_support", lnm_store_int(s, ENA) != 0);
    set_if(out, "boot_mode", lnm_store_text(s, BOOT));
    lnm_record_setz(out, "platform_details", "Linux/UNIX");
    lnm_record_setz(out, "usage_operation", "RunInstances");
    set_if(out, "source_image_id", lnm_store_text(s, SOURCE_IMAGE));
    set_if(out, "source_image_region", lnm_store_text(s, SOURCE_REGION));
    set_if(out, "source_instance_id", lnm_store_text(s, SOURCE_INSTANCE));
    show_reason(w);
    show_devices(w);
    lnm_tags_show(w->r, lnm_store_text(s, ID));
    lnm_record_close(out);
}

static int check_ids(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "image_ids");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_cloud_image image;
        if (!lnm_image_get(r->cloud, r->account, r->region, lnm_record_str(&r->in, i), &image)) {
            return lnm_image_not_found(r, lnm_record_str(&r->in, i));
        }
    }
    return 0;
}

static bool owner_is_me(const struct lnm_cloud_request *r) {
    uint32_t node = lnm_record_find(&r->in, 0, "owners");
    return node == 0 || lnm_record_first(&r->in, node) == 0 ||
           lnm_filter_listed(r, "owners", "self") || lnm_filter_listed(r, "owners", r->account);
}

int lnm_image_describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    if (check_ids(r) < 0 || lnm_page_begin(&page, r, "image_ids") < 0) {
        return -1;
    }
    struct row w = {.r = r};
    w.s =
        lnm_store_query(r->cloud,
                        "SELECT id, name, description, state, reason, architecture, virtualization,"
                        " root_device, ena, boot_mode, created, source_image, source_region,"
                        " source_instance FROM images WHERE account = ?1 AND region = ?2 AND id >"
                        " ?3 ORDER BY id",
                        "ttt", r->account, r->region, page.after);
    int error = w.s == NULL ? lnm_cloud_internal(r) : 0;
    lnm_record_enter(&r->out, "images");
    while (error == 0 && owner_is_me(r) && sqlite3_step(w.s) == SQLITE_ROW) {
        const char *id = lnm_store_text(w.s, ID);
        int wanted = lnm_filter_listed(r, "image_ids", id) ? lnm_filter_match(r, matches, &w) : 0;
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
