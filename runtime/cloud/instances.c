/* instances.c - instances as data, DescribeInstances. */
#include "cloud/instances.h"
#include "cloud/network.h"
#include "cloud/scan.h"

#include "base/date.h"

#include <stdio.h>

#define COLUMNS                                                                                    \
    "id, image, type, state, zone, launched, root_device, reason_code, reason, protected,"         \
    " coalesce(reservation, 'r-' || substr(id, 3)), coalesce(launch_index, 0), key_name,"          \
    " ebs_optimized, profile, monitored, token, no_source_check, stop_protected,"                  \
    " (SELECT architecture FROM images WHERE id = image), (SELECT virtualization FROM images"      \
    " WHERE id = image), (SELECT ena FROM images WHERE id = image), (SELECT subnet FROM"           \
    " interfaces WHERE instance = instances.id), coalesce(tenancy, 'default'),"                    \
    " coalesce(http_tokens, 'optional'), coalesce(http_hops, 1), coalesce(http_endpoint,"          \
    " 'enabled'), coalesce(http_ipv6, 'disabled'), coalesce(metadata_tags, 'disabled'), "          \
    "coalesce(transition, ''), (SELECT iif(platform = 'Windows', 'windows', '') FROM images WHERE" \
    " id = image), coalesce((SELECT nullif(platform, '') FROM images WHERE id = image),"           \
    " 'Linux/UNIX'), coalesce((SELECT nullif(usage_operation, '') FROM images WHERE id = image),"  \
    " 'RunInstances')"

bool lnm_instance_get(struct lnm_cloud_request *r, struct lnm_str id,
                      struct lnm_cloud_instance *out) {
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT " COLUMNS " FROM instances WHERE id = ?1 AND account"
                                      " = ?2 AND region = ?3",
                                      "stt", id, r->account, r->region);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    memset(out, 0, sizeof *out);
    if (found) {
        lnm_take(out->id, sizeof out->id, lnm_store_text(s, ID));
        lnm_take(out->image, sizeof out->image, lnm_store_text(s, IMAGE));
        lnm_take(out->type, sizeof out->type, lnm_store_text(s, TYPE));
        lnm_take(out->state, sizeof out->state, lnm_store_text(s, STATE));
        lnm_take(out->zone, sizeof out->zone, lnm_store_text(s, ZONE));
        lnm_take(out->root_device, sizeof out->root_device, lnm_store_text(s, ROOT));
        out->is_protected = lnm_store_int(s, PROTECTED) != 0;
        out->stop_protected = lnm_store_int(s, STOP_PROTECTED) != 0;
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

int lnm_instance_not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    if (!lnm_store_is_id(id, "i-")) {
        return lnm_cloud_raise(r, 400, "InvalidInstanceID.Malformed",
                               "Invalid id: \"%.60s\" (expecting \"i-...\")",
                               id.len > 0 ? id.ptr : "");
    }
    return lnm_cloud_raise(r, 400, "InvalidInstanceID.NotFound",
                           "The instance ID '%.60s' does not exist", id.ptr);
}

int lnm_instance_code(const char *state) {
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

void lnm_instance_show_volumes(struct lnm_cloud_request *r, const char *instance) {
    struct lnm_record *out = &r->out;
    char date[LNM_DATE_MAX];
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT id, device, attach_state, attached,"
                                      " delete_on_termination FROM volumes WHERE instance = ?1"
                                      " ORDER BY device <> (SELECT root_device FROM instances"
                                      " WHERE id = ?1), device", /* the root first */
                                      "t", instance);
    lnm_record_enter(out, "block_device_mappings");
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_date_iso(date, lnm_store_int(s, 3));
        lnm_record_item(out);
        lnm_record_setz(out, "device_name", lnm_store_text(s, 1));
        lnm_record_enter(out, "ebs");
        lnm_record_setz(out, "attach_time", date);
        lnm_record_set_bool(out, "delete_on_termination", lnm_store_int(s, 4) != 0);
        lnm_record_setz(out, "status", lnm_store_text(s, 2));
        lnm_record_setz(out, "volume_id", lnm_store_text(s, 0));
        lnm_record_close(out);
        lnm_record_close(out);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    lnm_record_close(out);
}

static void show_reason(struct lnm_record *out, sqlite3_stmt *s) {
    lnm_record_setz(out, "state_transition_reason", lnm_store_text(s, TRANSITION));
    if (lnm_store_text(s, REASON_CODE)[0] != '\0' &&
        strcmp(lnm_store_text(s, STATE), "pending") != 0) { /* what dooms it is told at its end */
        lnm_record_enter(out, "state_reason");
        lnm_record_setz(out, "code", lnm_store_text(s, REASON_CODE));
        lnm_record_setz(out, "message", lnm_store_text(s, REASON));
        lnm_record_close(out);
    }
}

static void show_options(struct lnm_record *out, sqlite3_stmt *s) {
    lnm_record_set_int(out, "ami_launch_index", lnm_store_int(s, INDEX));
    lnm_record_setz(out, "architecture", lnm_store_text(s, ARCHITECTURE));
    lnm_record_setz(out, "virtualization_type", lnm_store_text(s, VIRTUALIZATION));
    lnm_record_setz(out, "hypervisor", "xen"); /* also on Nitro, as AWS says */
    lnm_record_setz(out, "platform",
                    lnm_store_text(s, PLATFORM)[0] != '\0' ? lnm_store_text(s, PLATFORM) : NULL);
    lnm_record_setz(out, "platform_details", lnm_store_text(s, PLATFORM_DETAILS));
    lnm_record_setz(out, "usage_operation", lnm_store_text(s, USAGE));
    lnm_record_setz(out, "client_token", lnm_store_text(s, TOKEN));
    lnm_record_set_bool(out, "ena_support", lnm_store_int(s, ENA) != 0);
    lnm_record_set_bool(out, "ebs_optimized", lnm_store_int(s, EBS_OPTIMIZED) != 0);
    lnm_record_set_bool(out, "source_dest_check", lnm_store_int(s, NO_SOURCE_CHECK) == 0);
    lnm_record_enter(out, "monitoring");
    lnm_record_setz(out, "state", lnm_store_int(s, MONITORED) != 0 ? "enabled" : "disabled");
    lnm_record_close(out);
    if (lnm_store_text(s, KEY_NAME)[0] != '\0') {
        lnm_record_setz(out, "key_name", lnm_store_text(s, KEY_NAME));
    }
    if (lnm_store_text(s, PROFILE)[0] != '\0') {
        lnm_record_enter(out, "iam_instance_profile");
        lnm_record_setz(out, "arn", lnm_store_text(s, PROFILE));
        lnm_record_close(out);
    }
}

static void show_service(struct lnm_record *out, sqlite3_stmt *s) {
    lnm_record_enter(out, "metadata_options");
    lnm_record_setz(out, "state", "applied");
    lnm_record_setz(out, "http_tokens", lnm_store_text(s, HTTP_TOKENS));
    lnm_record_set_int(out, "http_put_response_hop_limit", lnm_store_int(s, HTTP_HOPS));
    lnm_record_setz(out, "http_endpoint", lnm_store_text(s, HTTP_ENDPOINT));
    lnm_record_setz(out, "http_protocol_ipv6", lnm_store_text(s, HTTP_IPV6));
    lnm_record_setz(out, "instance_metadata_tags", lnm_store_text(s, METADATA_TAGS));
    lnm_record_close(out);
}

static void show_instance(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    struct lnm_record *out = &r->out;
    char date[LNM_DATE_MAX], zone_id[32];
    lnm_date_iso(date, lnm_store_int(s, LAUNCHED));
    lnm_zone_id(zone_id, lnm_store_text(s, ZONE));
    lnm_record_item(out);
    lnm_record_setz(out, "instance_id", lnm_store_text(s, ID));
    lnm_record_setz(out, "image_id", lnm_store_text(s, IMAGE));
    lnm_record_enter(out, "state");
    lnm_record_set_int(out, "code", lnm_instance_code(lnm_store_text(s, STATE)));
    lnm_record_setz(out, "name", lnm_store_text(s, STATE));
    lnm_record_close(out);
    lnm_record_setz(out, "instance_type", lnm_store_text(s, TYPE));
    lnm_record_enter(out, "placement");
    lnm_record_setz(out, "availability_zone", lnm_store_text(s, ZONE));
    lnm_record_setz(out, "availability_zone_id", zone_id);
    lnm_record_setz(out, "group_name", "");
    lnm_record_setz(out, "tenancy", lnm_store_text(s, TENANCY));
    lnm_record_close(out);
    lnm_record_setz(out, "launch_time", date);
    lnm_record_setz(out, "root_device_name", lnm_store_text(s, ROOT));
    lnm_record_setz(out, "root_device_type", "ebs");
    show_options(out, s);
    show_service(out, s);
    show_reason(out, s);
    lnm_instance_show_volumes(r, lnm_store_text(s, ID));
    lnm_interface_show(r, lnm_store_text(s, ID));
    lnm_tags_show(r, lnm_store_text(s, ID));
    lnm_record_close(out);
}

int lnm_instance_show(struct lnm_cloud_request *r, const char *id) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT " COLUMNS " FROM instances WHERE id = ?1", "t", id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        show_instance(r, s);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found ? 0 : lnm_cloud_internal(r);
}

static void end_reservation(void *arg) {
    struct lnm_instance_row *w = arg;
    if (w->reservation[0] != '\0') {
        lnm_record_close(&w->r->out);
        lnm_record_close(&w->r->out);
    }
}

static bool joins(void *arg) {
    const struct lnm_instance_row *w = arg;
    return strcmp(w->reservation, lnm_store_text(w->s, RESERVATION)) == 0;
}

/* Those of one reservation have ids that follow one another, and are one item. */
static void show(void *arg) {
    struct lnm_instance_row *w = arg;
    struct lnm_record *out = &w->r->out;
    const char *reservation = lnm_store_text(w->s, RESERVATION);
    if (strcmp(w->reservation, reservation) != 0) {
        end_reservation(w);
        lnm_take(w->reservation, sizeof w->reservation, reservation);
        lnm_record_item(out);
        lnm_record_setz(out, "reservation_id", reservation);
        lnm_record_setz(out, "owner_id", w->r->account);
        lnm_record_enter(out, "instances");
    }
    show_instance(w->r, w->s);
}

static int check_ids(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "instance_ids");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_cloud_instance found;
        if (!lnm_instance_get(r, lnm_record_str(&r->in, i), &found)) {
            return lnm_instance_not_found(r, lnm_record_str(&r->in, i));
        }
    }
    return 0;
}

static bool load(void *arg, const char *id) {
    struct lnm_instance_row *w = arg;
    w->s = lnm_walk_to_own(&w->instances, w->r, id);
    w->found += w->s != NULL ? 1 : 0;
    return w->s != NULL;
}

static const struct lnm_scan_kind kind = {
    .ids = "instance_ids",
    .id_filter = "instance-id",
    .own = "SELECT id FROM instances WHERE account = ?1 AND region = ?2 AND id > ?3" LNM_SCAN_LIMIT,
    .prefix = "i-",
    .end = "i."};

static int describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    uint32_t ids = lnm_record_find(&r->in, 0, "instance_ids");
    struct lnm_instance_row w = {.r = r,
                                 .instances = {.sql = "SELECT " COLUMNS
                                                      ", account, region FROM instances"
                                                      " WHERE id >= ?1 ORDER BY id"}};
    struct lnm_cloud_listing l = {.ids = "instance_ids",
                                  .list = "reservations",
                                  .load = load,
                                  .matches = lnm_instance_matches,
                                  .joins = joins,
                                  .show = show,
                                  .end = end_reservation,
                                  .row = &w};
    int error = lnm_page_begin(&page, r, "instance_ids");
    error = error < 0 ? error : lnm_filter_check(r, lnm_instance_matches, &w);
    error = error < 0 ? error : lnm_page_scan(&page, r, &kind, &l);
    lnm_walk_end(&w.instances);
    return ids != 0 && w.found < r->in.nodes[ids].len && check_ids(r) < 0 ? -1 : error;
}

const struct lnm_cloud_action lnm_cloud_instances[] = {
    {"DescribeInstances", describe}, {"RunInstances", lnm_instance_run}, {NULL, NULL}};
