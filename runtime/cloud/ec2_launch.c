/* ec2_launch.c - the volumes that a launch makes, each a resource of its own: the image's devices
 * as the request changes them, and those that the request adds. Source: the Service Authorization
 * Reference on RunInstances, and the EC2 user guide, "Block device mappings". */
#include "cloud/ec2_facts.h"

#include <stdio.h>

/* The node of what the request says of a device, or 0. */
static uint32_t mapping_of(const struct lnm_cloud_request *r, const char *device) {
    uint32_t list = lnm_record_find(&r->in, 0, "block_device_mappings");
    uint32_t m = list != 0 ? lnm_record_first(&r->in, list) : 0;
    while (m != 0 && !lnm_str_is(lnm_record_get(&r->in, m, "device_name"), device)) {
        m = lnm_record_next(&r->in, list, m);
    }
    return m;
}

static bool is_left_out(const struct lnm_cloud_request *r, uint32_t mapping) {
    return mapping != 0 && lnm_record_find(&r->in, mapping, "no_device") != 0;
}

static bool encrypts_by_default(const struct lnm_cloud_request *r) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT encrypt FROM defaults WHERE account = ?1 AND region = ?2",
                        "tt", r->account, r->region);
    bool yes = s != NULL && sqlite3_step(s) == SQLITE_ROW && lnm_store_int(s, 0) != 0;
    (void)sqlite3_reset(s);
    return yes;
}

static bool is_encrypted(const struct lnm_cloud_request *r, struct lnm_str snapshot) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT encrypted FROM snapshots WHERE id = ?1", "s", snapshot);
    bool yes = s != NULL && sqlite3_step(s) == SQLITE_ROW && lnm_store_int(s, 0) != 0;
    (void)sqlite3_reset(s);
    return yes;
}

/* What the request says of one outweighs what the image does; encryption is never taken away. */
static void change(struct lnm_ec2_volume *v, const struct lnm_cloud_request *r, uint32_t mapping) {
    uint32_t ebs = mapping != 0 ? lnm_record_find(&r->in, mapping, "ebs") : 0;
    if (ebs == 0) {
        return;
    }
    struct lnm_str type = lnm_record_get(&r->in, ebs, "volume_type"),
                   snapshot = lnm_record_get(&r->in, ebs, "snapshot_id");
    v->encrypted = v->encrypted || lnm_record_get_bool(&r->in, ebs, "encrypted", false) ||
                   (snapshot.len > 0 && is_encrypted(r, snapshot));
    v->gib = lnm_record_get_int(&r->in, ebs, "volume_size", v->gib);
    if (type.len > 0) {
        (void)snprintf(v->type, sizeof v->type, "%.*s", (int)type.len, type.ptr);
    }
}

static void append(struct lnm_ec2_resources *out, const struct lnm_cloud_request *r,
                   const struct lnm_ec2_volume *v) {
    struct lnm_ec2_resource *item = lnm_ec2_append(out, r, "volume", true, LNM_STR("*"));
    if (item != NULL) {
        item->volume = *v;
    }
}

static void add_image(struct lnm_ec2_resources *out, const struct lnm_cloud_request *r,
                      bool by_default) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT d.device, d.size, d.type, max(ifnull(d.encrypted, 0), ifnull(s.encrypted, 0)) FROM"
        " devices AS d LEFT JOIN snapshots AS s ON s.id = d.snapshot WHERE d.image = ?1 ORDER BY"
        " d.position",
        "s", lnm_cloud_param(r, "image_id"));
    struct lnm_ec2_volume found[LNM_EC2_RESOURCES];
    uint32_t mappings[LNM_EC2_RESOURCES];
    size_t count = 0;
    while (s != NULL && count < LNM_EC2_RESOURCES && sqlite3_step(s) == SQLITE_ROW) {
        struct lnm_ec2_volume *v = &found[count];
        *v = (struct lnm_ec2_volume){.known = true,
                                     .encrypted = by_default || lnm_store_int(s, 3) != 0,
                                     .gib = lnm_store_int(s, 1)};
        lnm_take(v->type, sizeof v->type, lnm_store_text(s, 2));
        mappings[count] = mapping_of(r, lnm_store_text(s, 0));
        count += is_left_out(r, mappings[count]) ? 0 : 1;
    }
    (void)sqlite3_reset(s);
    for (size_t i = 0; i < count; i++) {
        change(&found[i], r, mappings[i]);
        append(out, r, &found[i]);
    }
}

static bool is_of_image(const struct lnm_cloud_request *r, struct lnm_str device) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT 1 FROM devices WHERE image = ?1 AND device = ?2", "ss",
                        lnm_cloud_param(r, "image_id"), device);
    bool yes = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return yes;
}

void lnm_ec2_launch_volumes(struct lnm_ec2_resources *out, const struct lnm_cloud_request *r) {
    bool by_default = encrypts_by_default(r);
    uint32_t list = lnm_record_find(&r->in, 0, "block_device_mappings");
    add_image(out, r, by_default);
    for (uint32_t m = list != 0 ? lnm_record_first(&r->in, list) : 0; m != 0;
         m = lnm_record_next(&r->in, list, m)) {
        if (lnm_record_find(&r->in, m, "ebs") != 0 && !is_left_out(r, m) &&
            !is_of_image(r, lnm_record_get(&r->in, m, "device_name"))) {
            struct lnm_ec2_volume v = {.known = true, .encrypted = by_default};
            change(&v, r, m);
            append(out, r, &v);
        }
    }
}
