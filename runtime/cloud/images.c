/* images.c - images as data, RegisterImage. */
#include "cloud/images.h"
#include "cloud/limits.h"

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
        "INSERT INTO devices(image, position, device, snapshot, size, type, iops, throughput,"
        " delete_on_termination, encrypted) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        "tittitiiii", image, (int64_t)position, d->device, d->snapshot, d->size, d->type, d->iops,
        d->throughput, (int64_t)d->delete_on_termination, (int64_t)d->encrypted);
}

void lnm_image_read_device(struct lnm_cloud_device *d, sqlite3_stmt *s) {
    d->size = lnm_store_int(s, 2);
    lnm_take(d->type, sizeof d->type, lnm_store_text(s, 3));
    d->iops = lnm_store_int(s, 4);
    d->throughput = lnm_store_int(s, 5);
    d->delete_on_termination = lnm_store_int(s, 6) != 0;
    d->encrypted = lnm_store_int(s, 7) != 0;
}

int lnm_image_devices(struct lnm_cloud *c, const char *image, struct lnm_cloud_device *devices) {
    sqlite3_stmt *s = lnm_store_query(
        c,
        "SELECT device, snapshot, size, type, iops, throughput, delete_on_termination, encrypted"
        " FROM devices WHERE image = ?1 ORDER BY position",
        "t", image);
    int count = 0;
    while (s != NULL && count < LNM_CLOUD_DEVICES_MAX && sqlite3_step(s) == SQLITE_ROW) {
        struct lnm_cloud_device *d = &devices[count++];
        memset(d, 0, sizeof *d);
        lnm_take(d->device, sizeof d->device, lnm_store_text(s, 0));
        lnm_take(d->snapshot, sizeof d->snapshot, lnm_store_text(s, 1));
        lnm_image_read_device(d, s);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return count;
}

int lnm_image_carry(struct lnm_cloud *c, const char *to, const char *from) {
    return lnm_store_exec(c,
                          "UPDATE images SET (tpm, uefi_data, imds, sriov, platform,"
                          " usage_operation, product_code, billing) = (SELECT tpm, uefi_data,"
                          " imds, sriov, platform, usage_operation, product_code, billing FROM"
                          " images WHERE id = ?2)"
                          " WHERE id = ?1",
                          "tt", to, from);
}

static bool get(struct lnm_cloud *c, const char *region, struct lnm_str id,
                struct lnm_cloud_image *out) {
    sqlite3_stmt *s =
        lnm_store_query(c,
                        "SELECT id, account, name, description, state, architecture,"
                        " virtualization, root_device, ena, boot_mode, created,"
                        " protection, protected_until, product_code IS NOT NULL, billing IS NOT"
                        " NULL FROM images WHERE id = ?1 AND region = ?2",
                        "st", id, region);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    memset(out, 0, sizeof *out);
    if (found) {
        lnm_take(out->id, sizeof out->id, lnm_store_text(s, 0));
        lnm_take(out->account, sizeof out->account, lnm_store_text(s, 1));
        lnm_take(out->name, sizeof out->name, lnm_store_text(s, 2));
        lnm_take(out->description, sizeof out->description, lnm_store_text(s, 3));
        lnm_take(out->state, sizeof out->state, lnm_store_text(s, 4));
        lnm_take(out->architecture, sizeof out->architecture, lnm_store_text(s, 5));
        lnm_take(out->virtualization, sizeof out->virtualization, lnm_store_text(s, 6));
        lnm_take(out->root_device, sizeof out->root_device, lnm_store_text(s, 7));
        out->ena = lnm_store_int(s, 8) != 0;
        lnm_take(out->boot_mode, sizeof out->boot_mode, lnm_store_text(s, 9));
        out->created_us = lnm_store_int(s, 10);
        lnm_take(out->protection, sizeof out->protection, lnm_store_text(s, 11));
        out->protected_until_us = lnm_store_int(s, 12);
        out->sold = lnm_store_int(s, 13) != 0;
        out->billed = lnm_store_int(s, 14) != 0;
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

bool lnm_image_get(struct lnm_cloud *c, const char *account, const char *region, struct lnm_str id,
                   struct lnm_cloud_image *out) {
    return get(c, region, id, out) && strcmp(out->account, account) == 0;
}

bool lnm_image_see(struct lnm_cloud *c, const char *account, const char *region, struct lnm_str id,
                   struct lnm_cloud_image *out) {
    return get(c, region, id, out) &&
           (strcmp(out->account, account) == 0 || lnm_share_allows(c, out->id, account));
}

int lnm_image_not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    if (!lnm_store_is_id(id, "ami-")) {
        return lnm_cloud_raise(r, 400, "InvalidAMIID.Malformed",
                               "Invalid id: \"%.60s\" (expecting \"ami-...\")",
                               id.len > 0 ? id.ptr : "");
    }
    if (lnm_image_gone(r, id) != LNM_IMAGE_UNKNOWN) {
        return lnm_cloud_raise(r, 400, "InvalidAMIID.Unavailable",
                               "The AMI ID '%.60s' is currently deregistered and may not be used "
                               "for this operation",
                               id.ptr);
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

static int check_quota(struct lnm_cloud_request *r) {
    int64_t quota;
    return lnm_limits_reached(r, LNM_QUOTA_IMAGES,
                              "SELECT count(*) FROM images WHERE account = ?1 AND region = ?2 AND"
                              " state IN ('available', 'disabled', 'pending')",
                              NULL, &quota)
               ? lnm_cloud_raise(r, 400, "ResourceLimitExceeded",
                                 "You have reached your quota of %lld for the number of images "
                                 "allowed in this Region.",
                                 (long long)quota)
               : 0;
}

int lnm_image_check_name(struct lnm_cloud_request *r, struct lnm_str name, bool unique) {
    if (check_quota(r) < 0) {
        return -1;
    }
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
    lnm_take(id, sizeof id, lnm_store_text(s, 0));
    (void)sqlite3_reset(s);
    return lnm_cloud_raise(r, 400, "InvalidAMIName.Duplicate",
                           "AMI name %.128s is already in use by AMI %s", name.ptr, id);
}

static void given(char *to, size_t size, const struct lnm_cloud_request *r, const char *name,
                  const char *fallback) {
    struct lnm_str s = lnm_cloud_param(r, name);
    lnm_take(to, size, s.len > 0 ? s.ptr : fallback);
}

/* What a mapping's snapshot is; -1 raised. */
static int check_snapshot(struct lnm_cloud_request *r, struct lnm_cloud_device *d,
                          struct lnm_str id, int64_t *size) {
    struct lnm_cloud_snapshot s;
    if (!lnm_snapshot_see(r->cloud, r->account, r->region, id.ptr, &s)) {
        return lnm_snapshot_not_found(r, id);
    }
    if (strcmp(s.state, "completed") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectState",
                               "Snapshot '%s' is not 'completed' (it is '%s')", s.id, s.state);
    }
    lnm_take(d->snapshot, sizeof d->snapshot, s.id);
    d->encrypted = s.encrypted;
    *size = s.size;
    return 0;
}

int lnm_image_read_mapping(struct lnm_cloud_request *r, uint32_t mapping,
                           struct lnm_cloud_device *d) {
    uint32_t ebs = lnm_record_find(&r->in, mapping, "ebs");
    struct lnm_str device = lnm_record_get(&r->in, mapping, "device_name"), snapshot, type;
    int64_t least = 0;
    memset(d, 0, sizeof *d);
    lnm_take(d->device, sizeof d->device, device.len > 0 ? device.ptr : "");
    if (ebs == 0) {
        return 0;
    }
    snapshot = lnm_record_get(&r->in, ebs, "snapshot_id");
    type = lnm_record_get(&r->in, ebs, "volume_type");
    lnm_take(d->type, sizeof d->type, type.len > 0 ? type.ptr : "gp2");
    d->encrypted = lnm_record_get_bool(&r->in, ebs, "encrypted", false);
    if (snapshot.len > 0 && check_snapshot(r, d, snapshot, &least) < 0) {
        return -1;
    }
    d->size = lnm_record_get_int(&r->in, ebs, "volume_size", least);
    d->iops = lnm_record_get_int(&r->in, ebs, "iops", 0);
    d->throughput = lnm_record_get_int(&r->in, ebs, "throughput", 0);
    d->delete_on_termination = lnm_record_get_bool(&r->in, ebs, "delete_on_termination", true);
    return d->size >= least
               ? 0
               : lnm_cloud_raise(
                     r, 400, "InvalidBlockDeviceMapping",
                     "Volume of size %lldGB is smaller than snapshot '%s', expect size >= %lldGB",
                     (long long)d->size, d->snapshot, (long long)least);
}

static int check_flag(struct lnm_cloud_request *r, uint32_t mapping,
                      const struct lnm_cloud_device *d) {
    uint32_t ebs = lnm_record_find(&r->in, mapping, "ebs");
    return ebs == 0 || d->snapshot[0] == '\0' || lnm_record_find(&r->in, ebs, "encrypted") == 0
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidBlockDeviceMapping",
                                 "the encrypted flag cannot be specified since device %s has a "
                                 "snapshot specified.",
                                 d->device);
}

static int add_mappings(struct lnm_cloud_request *r, const struct lnm_cloud_image *i) {
    uint32_t list = lnm_record_find(&r->in, 0, "block_device_mappings");
    int position = 0;
    bool root = false;
    for (uint32_t m = list != 0 ? lnm_record_first(&r->in, list) : 0; m != 0;
         m = lnm_record_next(&r->in, list, m)) {
        struct lnm_cloud_device d;
        if (lnm_image_read_mapping(r, m, &d) < 0 || check_flag(r, m, &d) < 0) {
            return -1;
        }
        root = root || (strcmp(d.device, i->root_device) == 0 && d.snapshot[0] != '\0');
        if (d.size > 0 && lnm_image_add_device(r->cloud, i->id, position++, &d) < 0) {
            return lnm_cloud_internal(r);
        }
    }
    return root ? 0
                : lnm_cloud_raise(
                      r, 400, "InvalidBlockDeviceMapping",
                      "The block device mapping must hold a snapshot for the root device '%s'",
                      i->root_device);
}

/* The first text of a list, or "". */
static struct lnm_str first_of(const struct lnm_cloud_request *r, const char *list) {
    uint32_t node = lnm_record_find(&r->in, 0, list);
    uint32_t item = node != 0 ? lnm_record_first(&r->in, node) : 0;
    return item != 0 ? lnm_record_str(&r->in, item) : LNM_STR("");
}

static int set_support(struct lnm_cloud_request *r, const char *image) {
    return lnm_store_exec(r->cloud,
                          "UPDATE images SET tpm = ?2, uefi_data = ?3, imds = ?4, sriov = ?5,"
                          " billing = nullif(?6, '') WHERE id = ?1",
                          "tsssss", image, lnm_cloud_param(r, "tpm_support"),
                          lnm_cloud_param(r, "uefi_data"), lnm_cloud_param(r, "imds_support"),
                          lnm_cloud_param(r, "sriov_net_support"),
                          first_of(r, "billing_products")) < 0
               ? lnm_cloud_internal(r)
               : 0;
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
    if (set_support(r, i.id) < 0 || add_mappings(r, &i) < 0 ||
        lnm_tags_from_request(r, "image", i.id) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "image_id", i.id);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_images[] = {{"CopyImage", lnm_image_copy},
                                                    {"CreateImage", lnm_image_create},
                                                    {"DeregisterImage", lnm_image_deregister},
                                                    {"DescribeImages", lnm_image_describe},
                                                    {"RegisterImage", register_image},
                                                    {NULL, NULL}};
