/* image_describe.c - DescribeImages. */
#include "cloud/images.h"
#include "cloud/scan.h"
#include "cloud/switches.h"
#include "cloud/filter.h"
#include "cloud/walk.h"

#include "base/date.h"

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
    SOURCE_INSTANCE,
    OWNER,
    DEPRECATION,
    PROTECTION,
    TPM,
    IMDS,
    SRIOV,
    PLATFORM,
    USAGE,
    PRODUCT,
    LAUNCHED,
    REGION,
    PUBLIC
};

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;  /* NULL: the image was deregistered, nothing but its id is known */
    const char *gone; /* that id [borrowed] */
    bool own;         /* is it the caller's? */
    struct lnm_walk images, devices, tags;
    uint32_t found;            /* how many of those that were asked for are there */
    bool disabled, deprecated; /* are such shown? */
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
        found = column < 4 ? lnm_filter_text(lnm_store_text(s, column), pattern)
                           : lnm_filter_flag(lnm_store_int(s, column) != 0, pattern);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

/* "Client.X: …" says its code, of others the switch does. */
static const char *reason_code(char room[64], const struct row *w) {
    const char *reason = lnm_store_text(w->s, REASON), *colon = strchr(reason, ':');
    bool coded = strncmp(reason, "Client.", 7) == 0 || strncmp(reason, "Server.", 7) == 0;
    if (coded && colon != NULL && colon - reason < 64) {
        memcpy(room, reason, (size_t)(colon - reason));
        room[colon - reason] = '\0';
        return room;
    }
    return reason[0] != '\0' ? lnm_switch_value(w->r->cloud, LNM_SWITCH_COPY_FAILURE_CODE) : "";
}

/* What is no text of the row. */
static int computed_matches(struct row *w, const char *name, struct lnm_str pattern) {
    char room[64];
    static const struct {
        const char *filter, *value;
    } fixed[] = {{"root-device-type", "ebs"}, {"image-type", "machine"}, {"hypervisor", "xen"}};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        if (strcmp(name, fixed[i].filter) == 0) {
            return lnm_filter_text(fixed[i].value, pattern);
        }
    }
    return strcmp(name, "is-public") == 0
               ? lnm_filter_flag(lnm_store_int(w->s, PUBLIC) != 0, pattern)
           : strcmp(name, "ena-support") == 0
               ? lnm_filter_flag(lnm_store_int(w->s, ENA) != 0, pattern)
           : strcmp(name, "creation-date") == 0
               ? lnm_filter_date(lnm_store_int(w->s, CREATED), pattern)
           : strcmp(name, "state-reason-code") == 0 ? lnm_filter_text(reason_code(room, w), pattern)
                                                    : -1;
}

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {{"image-id", ID},
                                                       {"name", NAME},
                                                       {"description", DESCRIPTION},
                                                       {"state", STATE},
                                                       {"architecture", ARCHITECTURE},
                                                       {"virtualization-type", VIRTUALIZATION},
                                                       {"root-device-name", ROOT},
                                                       {"source-image-id", SOURCE_IMAGE},
                                                       {"source-image-region", SOURCE_REGION},
                                                       {"source-instance-id", SOURCE_INSTANCE},
                                                       {"state-reason-message", REASON},
                                                       {"owner-id", OWNER},
                                                       {"platform", PLATFORM},
                                                       {"product-code", PRODUCT},
                                                       {"sriov-net-support", SRIOV},
                                                       {NULL, 0}};
    struct row *w = arg;
    int found = lnm_filter_column(w->s, columns, name, pattern);
    found = found >= 0 ? found : computed_matches(w, name, pattern);
    return found >= 0 ? found
           : strncmp(name, "block-device-mapping.", 21) == 0
               ? device_matches(w, name + 21, pattern)
               : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static void set_if(struct lnm_record *out, const char *name, const char *value) {
    if (value[0] != '\0') {
        lnm_record_setz(out, name, value);
    }
}

static void set_above_zero(struct lnm_record *out, const char *name, int64_t value) {
    if (value > 0) {
        lnm_record_set_int(out, name, value);
    }
}

#define DEVICES                                                                                    \
    "SELECT image, device, snapshot, size, type, iops, throughput, delete_on_termination,"         \
    " encrypted FROM devices WHERE image >= ?1 ORDER BY image, position"

/* AWS may leave out what it does not know yet, or what failed: the switch chooses. */
static bool is_bare(const struct row *w, const char *state) {
    return strcmp(lnm_store_text(w->s, STATE), state) == 0 &&
           lnm_switch_is(w->r->cloud, LNM_SWITCH_IMAGE_DETAILS, "bare");
}

static void show_device(struct lnm_record *out, sqlite3_stmt *s, bool bare) {
    enum { IMAGE, DEVICE, SNAPSHOT, SIZE, TYPE, IOPS, THROUGHPUT, DELETE, ENCRYPTED };
    lnm_record_item(out);
    lnm_record_setz(out, "device_name", lnm_store_text(s, DEVICE));
    lnm_record_enter(out, "ebs");
    lnm_record_set_bool(out, "delete_on_termination", lnm_store_int(s, DELETE) != 0);
    set_if(out, "snapshot_id", bare ? "" : lnm_store_text(s, SNAPSHOT));
    lnm_record_set_int(out, "volume_size", lnm_store_int(s, SIZE));
    lnm_record_setz(out, "volume_type", lnm_store_text(s, TYPE));
    set_above_zero(out, "iops", lnm_store_int(s, IOPS));
    set_above_zero(out, "throughput", lnm_store_int(s, THROUGHPUT));
    lnm_record_set_bool(out, "encrypted", lnm_store_int(s, ENCRYPTED) != 0);
    lnm_record_close(out);
    lnm_record_close(out);
}

static void show_devices(struct row *w, const char *image) {
    sqlite3_stmt *s = lnm_walk_to(&w->devices, w->r->cloud, image);
    lnm_record_enter(&w->r->out, "block_device_mappings");
    for (bool more = s != NULL; more; more = lnm_walk_next(&w->devices, image)) {
        show_device(&w->r->out, s, is_bare(w, "pending"));
    }
    lnm_record_close(&w->r->out);
}

static void show_reason(struct row *w) {
    struct lnm_record *out = &w->r->out;
    if (lnm_store_text(w->s, REASON)[0] != '\0') {
        lnm_record_enter(out, "state_reason");
        char room[64];
        lnm_record_setz(out, "code", reason_code(room, w));
        lnm_record_setz(out, "message", lnm_store_text(w->s, REASON));
        lnm_record_close(out);
    }
}

static void show_time(struct row *w, const char *name, int column) {
    char date[LNM_DATE_MAX];
    if (sqlite3_column_type(w->s, column) != SQLITE_NULL) {
        lnm_date_iso(date, lnm_store_int(w->s, column));
        lnm_record_setz(&w->r->out, name, date);
    }
}

/* Members that are shown only when there is something to show. */
static void show_optional(struct row *w) {
    static const struct {
        const char *name;
        int column;
    } members[] = {{"description", DESCRIPTION},
                   {"boot_mode", BOOT},
                   {"source_image_id", SOURCE_IMAGE},
                   {"source_image_region", SOURCE_REGION},
                   {"source_instance_id", SOURCE_INSTANCE},
                   {"deregistration_protection", PROTECTION},
                   {"tpm_support", TPM},
                   {"imds_support", IMDS},
                   {"sriov_net_support", SRIOV}};
    struct lnm_record *out = &w->r->out;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        set_if(out, members[i].name, lnm_store_text(w->s, members[i].column));
    }
    if (lnm_store_text(w->s, PRODUCT)[0] != '\0') {
        lnm_record_enter(out, "product_codes");
        lnm_record_item(out);
        lnm_record_setz(out, "product_code_id", lnm_store_text(w->s, PRODUCT));
        lnm_record_setz(out, "product_code_type", "marketplace");
        lnm_record_close(out);
        lnm_record_close(out);
    }
}

/* Windows, RHEL ...: what the image's software is billed as. */
static void show_platform(struct row *w) {
    const char *platform = lnm_store_text(w->s, PLATFORM), *usage = lnm_store_text(w->s, USAGE);
    struct lnm_record *out = &w->r->out;
    if (strcmp(platform, "Windows") == 0) {
        lnm_record_setz(out, "platform", "windows");
    }
    lnm_record_setz(out, "platform_details", platform[0] != '\0' ? platform : "Linux/UNIX");
    lnm_record_setz(out, "usage_operation", usage[0] != '\0' ? usage : "RunInstances");
}

static void show_gone(struct row *w) {
    lnm_record_item(&w->r->out);
    lnm_record_setz(&w->r->out, "image_id", w->gone);
    lnm_record_setz(&w->r->out, "state", "deregistered");
    lnm_record_setz(&w->r->out, "owner_id", w->r->account);
    lnm_record_close(&w->r->out);
}

/* "owner/name" */
static void show_location(struct lnm_record *out, const char *owner, const char *name) {
    char location[160];
    size_t len = strlen(owner);
    lnm_take(location, sizeof location - 1, owner);
    location[len] = '/';
    lnm_take(location + len + 1, sizeof location - len - 1, name);
    lnm_record_setz(out, "image_location", location);
}

static void show(void *arg) {
    struct row *w = arg;
    if (w->s == NULL) {
        show_gone(w);
        return;
    }
    struct lnm_record *out = &w->r->out;
    sqlite3_stmt *s = w->s;
    const char *id = lnm_store_text(s, ID), *owner = lnm_store_text(s, OWNER);
    const char *name = lnm_store_text(s, NAME);
    lnm_record_item(out);
    lnm_record_setz(out, "image_id", id);
    show_location(out, owner, name);
    lnm_record_setz(out, "state", lnm_store_text(s, STATE));
    lnm_record_setz(out, "owner_id", owner);
    if (!is_bare(w, "pending")) {
        show_time(w, "creation_date", CREATED);
    }
    lnm_record_set_bool(out, "public", lnm_store_int(s, PUBLIC) != 0);
    set_if(out, "name", is_bare(w, "failed") ? "" : name);
    lnm_record_setz(out, "architecture", lnm_store_text(s, ARCHITECTURE));
    lnm_record_setz(out, "image_type", "machine");
    lnm_record_setz(out, "root_device_name", lnm_store_text(s, ROOT));
    lnm_record_setz(out, "root_device_type", "ebs");
    lnm_record_setz(out, "virtualization_type", lnm_store_text(s, VIRTUALIZATION));
    lnm_record_setz(out, "hypervisor", "xen");
    lnm_record_set_bool(out, "ena_support", lnm_store_int(s, ENA) != 0);
    show_platform(w);
    show_optional(w);
    show_time(w, "deprecation_time", DEPRECATION);
    show_time(w, "last_launched_time", LAUNCHED);
    show_reason(w);
    show_devices(w, id);
    if (w->own && !is_bare(w, "failed")) { /* tags are their owner's own */
        lnm_tags_show_next(w->r, &w->tags, id, "tags");
    }
    lnm_record_close(out);
}

/* All that are missing are named together. */
static int check_ids(struct lnm_cloud_request *r) {
    struct lnm_buf missing = {.max = 400};
    struct lnm_str last = LNM_STR_NONE;
    uint32_t list = lnm_record_find(&r->in, 0, "image_ids");
    int count = 0, error = 0;
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0 && error == 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_cloud_image image;
        struct lnm_str id = lnm_record_str(&r->in, i);
        if (!lnm_image_see(r->cloud, r->account, r->region, id, &image) &&
            lnm_image_gone(r, id) == LNM_IMAGE_UNKNOWN) {
            error = lnm_store_is_id(id, "ami-") ? 0 : lnm_image_not_found(r, id);
            lnm_buf_addz(&missing, count++ > 0 ? ", " : "");
            lnm_buf_adds(&missing, id);
            last = id;
        }
    }
    if (error == 0 && count > 0) {
        error = count == 1
                    ? lnm_image_not_found(r, last)
                    : lnm_cloud_raise(r, 400, "InvalidAMIID.NotFound",
                                      "The image ids '[%.*s]' do not exist",
                                      (int)lnm_buf_str(&missing).len, lnm_buf_str(&missing).ptr);
    }
    lnm_buf_free(&missing);
    return error;
}

/* Disabled images, and other people's deprecated ones, are shown to those who ask for them. */
static bool belongs(void *arg) {
    const struct row *w = arg;
    const struct lnm_cloud_request *r = w->r;
    if (w->s == NULL) {
        return true;
    }
    if (!w->disabled && strcmp(lnm_store_text(w->s, STATE), "disabled") == 0) {
        return false;
    }
    if (!w->deprecated && !w->own && sqlite3_column_type(w->s, DEPRECATION) != SQLITE_NULL &&
        lnm_store_int(w->s, DEPRECATION) <= r->now_us) {
        return false;
    }
    return lnm_filter_owner(r, "owners", lnm_store_text(w->s, OWNER)) &&
           lnm_share_listed(r, "executable_users", lnm_store_text(w->s, ID));
}

#define COLUMNS                                                                                    \
    "id, name, description, state, reason, architecture, virtualization, root_device, ena,"        \
    " boot_mode, created, source_image, source_region, source_instance, account, deprecation,"     \
    " protection, tpm, imds, sriov, platform, usage_operation, product_code, launched, region,"    \
    " EXISTS (SELECT 1 FROM permissions WHERE resource = id AND grantee = 'all')"

#define IMAGES "SELECT " COLUMNS " FROM images WHERE id >= ?1 ORDER BY id"

/* One's own, or one that the account may launch. */
static bool load(void *arg, const char *id) {
    struct row *w = arg;
    struct lnm_cloud_request *r = w->r;
    w->s = lnm_walk_to(&w->images, r->cloud, id);
    w->own = w->s != NULL && strcmp(lnm_store_text(w->s, OWNER), r->account) == 0;
    if (w->s != NULL && strcmp(lnm_store_text(w->s, REGION), r->region) == 0 &&
        (w->own || lnm_share_allows(r->cloud, id, r->account))) {
        w->found++;
        return true;
    }
    w->s = NULL;
    w->gone = id;
    return lnm_image_gone(r, lnm_str_z(id)) == LNM_IMAGE_SHOWN;
}

static const struct lnm_scan_kind kind = {
    .ids = "image_ids",
    .id_filter = "image-id",
    .owners = "owners",
    .own = "SELECT id FROM images WHERE account = ?1 AND region = ?2 AND id > ?3" LNM_SCAN_LIMIT,
    .shared = "SELECT resource AS id FROM permissions WHERE grantee = ?1 AND resource > ?3 AND"
              " EXISTS (SELECT 1 FROM images WHERE id = resource AND region = ?2)" LNM_SCAN_LIMIT,
    .exact = {{"name",
               "SELECT id FROM images WHERE account = ?1 AND region = ?2 AND name = ?4 AND"
               " id > ?3" LNM_SCAN_LIMIT,
               true},
              {"block-device-mapping.snapshot-id",
               "SELECT image AS id FROM devices WHERE snapshot = ?4 AND image > ?3" LNM_SCAN_LIMIT,
               false}},
    .prefix = "ami-",
    .end = "ami."};

int lnm_image_describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    uint32_t ids = lnm_record_find(&r->in, 0, "image_ids");
    uint32_t listed = ids != 0 ? r->in.nodes[ids].len : 0;
    struct row w = {
        .r = r,
        .images = {.sql = IMAGES},
        .devices = {.sql = DEVICES},
        .tags = {.sql = lnm_tags_walk},
        .disabled = listed > 0 || lnm_record_get_bool(&r->in, 0, "include_disabled", false),
        .deprecated = listed > 0 || lnm_record_get_bool(&r->in, 0, "include_deprecated", false)};
    struct lnm_cloud_listing l = {.ids = "image_ids",
                                  .list = "images",
                                  .load = load,
                                  .matches = matches,
                                  .belongs = belongs,
                                  .show = show,
                                  .row = &w};
    int error = lnm_page_begin(&page, r, "image_ids");
    error = error < 0 ? error : lnm_filter_check(r, matches, &w);
    error = error < 0 ? error : lnm_page_scan(&page, r, &kind, &l);
    lnm_walk_end(&w.images);
    lnm_walk_end(&w.devices);
    lnm_walk_end(&w.tags);
    return w.found < listed && check_ids(r) < 0 ? -1 : error;
}
