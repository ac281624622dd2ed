/* images.c - RegisterImage, DeregisterImage, and images as data. */
#include "cloud/images.h"

#include <stdio.h>

int lnm_image_insert(struct lnm_cloud *c, const char *account, const char *region,
                     const struct lnm_cloud_image *i) {
    return lnm_store_exec(c,
                          "INSERT INTO images(id, account, region, name, description, state, "
                          "architecture, virtualization,"
                          " root_device, ena, boot_mode, created, source_image, source_region, "
                          "source_instance) VALUES(?1, ?2,"
                          " ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                          "tttttttttitittt", i->id, account, region, i->name, i->description,
                          i->state, i->architecture, i->virtualization, i->root_device,
                          (int64_t)i->ena, i->boot_mode, i->created_us, i->source_image,
                          i->source_region, i->source_instance);
}

int lnm_image_add_device(struct lnm_cloud *c, const char *image, int position,
                         const struct lnm_cloud_device *d) {
    return lnm_store_exec(
        c,
        "INSERT INTO devices(image, position, device, snapshot, size, type, delete_on_termination)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        "tittiti", image, (int64_t)position, d->device, d->snapshot, d->size, d->type,
        (int64_t)d->delete_on_termination);
}

static void take(char *to, size_t size, const char *text) {
    (void)snprintf(to, size, "%s", text);
}

bool lnm_image_get(struct lnm_cloud *c, const char *account, const char *region, struct lnm_str id,
                   struct lnm_cloud_image *out) {
    sqlite3_stmt *s = lnm_store_query(c,
                                      "SELECT name, description, state, architecture, "
                                      "virtualization, root_device, ena, boot_mode, created"
                                      " FROM images WHERE id = ?1 AND account = ?2 AND region = ?3",
                                      "stt", id, account, region);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    memset(out, 0, sizeof *out);
    if (found) {
        (void)snprintf(out->id, sizeof out->id, "%.*s", (int)(id.len < 31 ? id.len : 31), id.ptr);
        take(out->name, sizeof out->name, lnm_store_text(s, 0));
        take(out->description, sizeof out->description, lnm_store_text(s, 1));
        take(out->state, sizeof out->state, lnm_store_text(s, 2));
        take(out->architecture, sizeof out->architecture, lnm_store_text(s, 3));
        take(out->virtualization, sizeof out->virtualization, lnm_store_text(s, 4));
        take(out->root_device, sizeof out->root_device, lnm_store_text(s, 5));
        out->ena = lnm_store_int(s, 6) != 0;
        take(out->boot_mode, sizeof out->boot_mode, lnm_store_text(s, 7));
        out->created_us = lnm_store_int(s, 8);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

int lnm_image_not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    if (!lnm_str_starts(id, LNM_STR("ami-"))) {
        return lnm_cloud_raise(r, 400, "InvalidAMIID.Malformed",
                               "Invalid id: \"%.60s\" (expecting \"ami-...\")",
                               id.len > 0 ? id.ptr : "");
    }
    return lnm_cloud_raise(r, 400, "InvalidAMIID.NotFound", "The image id '[%.60s]' does not exist",
                           id.ptr);
}

static bool allowed_in_name(struct lnm_str name) {
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  (c != '\0' && strchr("()[] ./-'@_", c) != NULL);
        if (!ok) {
            return false;
        }
    }
    return name.len >= 3 && name.len <= 128;
}

int lnm_image_check_name(struct lnm_cloud_request *r, struct lnm_str name, bool unique) {
    if (!allowed_in_name(name)) {
        return lnm_cloud_raise(
            r, 400, "InvalidAMIName.Malformed",
            "AMI names must be between 3 and 128 characters long, and may contain letters, "
            "numbers, '(', ')', '.', '-', '/', '_', '[', ']', '@', ''' and spaces");
    }
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT id FROM images WHERE account = ?1 AND region = ?2 AND"
                                      " name = ?3",
                                      "tts", r->account, r->region, name);
    if (!unique || s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return 0;
    }
    char id[32];
    take(id, sizeof id, lnm_store_text(s, 0));
    (void)sqlite3_reset(s);
    return lnm_cloud_raise(r, 400, "InvalidAMIName.Duplicate",
                           "AMI name %.128s is already in use by AMI %s", name.ptr, id);
}

static void given(char *to, size_t size, const struct lnm_cloud_request *r, const char *name,
                  const char *fallback) {
    struct lnm_str s = lnm_cloud_param(r, name);
    take(to, size, s.len > 0 ? s.ptr : fallback);
}

/* One mapping of RegisterImage as a device; -1 raised. */
static int read_mapping(struct lnm_cloud_request *r, uint32_t mapping, struct lnm_cloud_device *d) {
    struct lnm_cloud_snapshot s;
    char state[16];
    uint32_t ebs = lnm_record_find(&r->in, mapping, "ebs");
    struct lnm_str snapshot = ebs != 0 ? lnm_record_get(&r->in, ebs, "snapshot_id") : LNM_STR_NONE;
    memset(d, 0, sizeof *d);
    struct lnm_str device = lnm_record_get(&r->in, mapping, "device_name");
    take(d->device, sizeof d->device, device.len > 0 ? device.ptr : "");
    if (snapshot.len == 0) {
        return 0;
    }
    if (lnm_record_find(&r->in, ebs, "encrypted") != 0) {
        return lnm_cloud_raise(
            r, 400, "InvalidBlockDeviceMapping",
            "the encrypted flag cannot be specified since device %s has a snapshot specified.",
            d->device);
    }
    if (!lnm_snapshot_get(r->cloud, r->account, r->region, snapshot.ptr, &s, state)) {
        return lnm_cloud_raise(r, 400, "InvalidSnapshot.NotFound",
                               "The snapshot '%.60s' does not exist.", snapshot.ptr);
    }
    if (strcmp(state, "completed") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectState",
                               "Snapshot '%s' is not 'completed' (it is '%s')", s.id, state);
    }
    struct lnm_str type = lnm_record_get(&r->in, ebs, "volume_type");
    take(d->snapshot, sizeof d->snapshot, s.id);
    take(d->type, sizeof d->type, type.len > 0 ? type.ptr : "gp2");
    d->size = lnm_record_get_int(&r->in, ebs, "volume_size", s.size);
    d->delete_on_termination = lnm_record_get_bool(&r->in, ebs, "delete_on_termination", true);
    return d->size >= s.size
               ? 0
               : lnm_cloud_raise(
                     r, 400, "InvalidBlockDeviceMapping",
                     "Volume of size %lldGB is smaller than snapshot '%s', expect size >= %lldGB",
                     (long long)d->size, s.id, (long long)s.size);
}

static int add_mappings(struct lnm_cloud_request *r, const struct lnm_cloud_image *i) {
    uint32_t list = lnm_record_find(&r->in, 0, "block_device_mappings");
    int position = 0;
    bool root = false;
    for (uint32_t m = list != 0 ? lnm_record_first(&r->in, list) : 0; m != 0;
         m = lnm_record_next(&r->in, list, m)) {
        struct lnm_cloud_device d;
        if (read_mapping(r, m, &d) < 0) {
            return -1;
        }
        root = root || (strcmp(d.device, i->root_device) == 0 && d.snapshot[0] != '\0');
        if (d.snapshot[0] != '\0' && lnm_image_add_device(r->cloud, i->id, position++, &d) < 0) {
            return lnm_cloud_internal(r);
        }
    }
    return root ? 0
                : lnm_cloud_raise(
                      r, 400, "InvalidBlockDeviceMapping",
                      "The block device mapping must hold a snapshot for the root device '%s'",
                      i->root_device);
}

static int register_image(struct lnm_cloud_request *r) {
    struct lnm_cloud_image i = {.created_us = r->now_us, .state = "available"};
    if (lnm_image_check_name(r, lnm_cloud_param(r, "name"), true) < 0) {
        return -1;
    }
    lnm_store_id(i.id, "ami-");
    given(i.name, sizeof i.name, r, "name", "");
    given(i.description, sizeof i.description, r, "description", "");
    given(i.architecture, sizeof i.architecture, r, "architecture", "i386");
    given(i.virtualization, sizeof i.virtualization, r, "virtualization_type", "paravirtual");
    given(i.root_device, sizeof i.root_device, r, "root_device_name", "");
    given(i.boot_mode, sizeof i.boot_mode, r, "boot_mode", "");
    i.ena = lnm_record_get_bool(&r->in, 0, "ena_support", false);
    if (lnm_image_insert(r->cloud, r->account, r->region, &i) < 0) {
        return lnm_cloud_internal(r);
    }
    if (add_mappings(r, &i) < 0 || lnm_tags_from_request(r, "image", i.id) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "image_id", i.id);
    return 0;
}

/* Delete a deregistered image's snapshot, unless another image uses it. */
static int drop_snapshot(struct lnm_cloud_request *r, const char *snapshot) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT 1 FROM devices WHERE snapshot = ?1", "t", snapshot);
    bool used = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    lnm_record_item(&r->out);
    lnm_record_setz(&r->out, "snapshot_id", snapshot);
    lnm_record_setz(&r->out, "return_code", used ? "skipped" : "success");
    lnm_record_close(&r->out);
    if (used) {
        return 0;
    }
    int error = lnm_store_exec(r->cloud, "DELETE FROM snapshots WHERE id = ?1", "t", snapshot);
    return error < 0
               ? error
               : lnm_store_exec(r->cloud, "DELETE FROM tags WHERE resource = ?1", "t", snapshot);
}

static int deregister_image(struct lnm_cloud_request *r) {
    struct lnm_cloud_image i;
    struct lnm_str id = lnm_cloud_param(r, "image_id");
    char snapshots[64][32];
    int count = 0;
    if (!lnm_image_get(r->cloud, r->account, r->region, id, &i)) {
        return lnm_image_not_found(r, id);
    }
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT snapshot FROM devices WHERE image = ?1", "t", i.id);
    while (s != NULL && count < 64 && sqlite3_step(s) == SQLITE_ROW) {
        take(snapshots[count++], sizeof snapshots[0], lnm_store_text(s, 0));
    }
    if (lnm_store_exec(r->cloud, "DELETE FROM devices WHERE image = ?1", "t", i.id) < 0 ||
        lnm_store_exec(r->cloud, "DELETE FROM images WHERE id = ?1", "t", i.id) < 0 ||
        lnm_store_exec(r->cloud, "DELETE FROM tags WHERE resource = ?1", "t", i.id) < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_record_set_bool(&r->out, "return", true);
    if (!lnm_record_get_bool(&r->in, 0, "delete_associated_snapshots", false)) {
        return 0;
    }
    lnm_record_enter(&r->out, "delete_snapshot_results");
    for (int k = 0; k < count; k++) {
        if (drop_snapshot(r, snapshots[k]) < 0) {
            return lnm_cloud_internal(r);
        }
    }
    lnm_record_close(&r->out);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_images[] = {{"CopyImage", lnm_image_copy},
                                                    {"DeregisterImage", deregister_image},
                                                    {"DescribeImages", lnm_image_describe},
                                                    {"RegisterImage", register_image},
                                                    {NULL, NULL}};
