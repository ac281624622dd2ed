/* image_create.c - CreateImage: an image of an instance, each snapshot under its volume's key.
 *
 * Source: "Create an Amazon EBS-backed AMI" (EC2 user guide). */
#include "cloud/images.h"
#include "cloud/limits.h"

#include <stdio.h>

struct creation {
    struct lnm_cloud_instance instance;
    struct lnm_cloud_image base, image;
    struct lnm_cloud_device devices[LNM_CLOUD_DEVICES_MAX];
    char volumes[LNM_CLOUD_DEVICES_MAX][32]; /* "" for what a mapping added */
    int count;
};

static int load_volumes(struct lnm_cloud_request *r, struct creation *c) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT id, device, size, type, iops, throughput, delete_on_termination, encrypted FROM"
        " volumes WHERE instance = ?1 AND attach_state = 'attached' ORDER BY device <> ?2, device",
        "tt", c->instance.id, c->instance.root_device);
    while (s != NULL && c->count < LNM_CLOUD_DEVICES_MAX && sqlite3_step(s) == SQLITE_ROW) {
        struct lnm_cloud_device *d = &c->devices[c->count];
        lnm_take(c->volumes[c->count++], sizeof c->volumes[0], lnm_store_text(s, 0));
        lnm_take(d->device, sizeof d->device, lnm_store_text(s, 1));
        lnm_image_read_device(d, s);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return 0;
}

static int find_device(const struct creation *c, const char *name) {
    int i = 0;
    while (i < c->count && strcmp(c->devices[i].device, name) != 0) {
        i++;
    }
    return i;
}

static void remove_device(struct creation *c, int at) {
    c->count--;
    memmove(&c->devices[at], &c->devices[at + 1], (size_t)(c->count - at) * sizeof c->devices[0]);
    memmove(&c->volumes[at], &c->volumes[at + 1], (size_t)(c->count - at) * sizeof c->volumes[0]);
}

/* A mapping may leave a volume out, say whether it is deleted with its instance, or add another. */
static int apply(struct lnm_cloud_request *r, struct creation *c, uint32_t mapping) {
    struct lnm_cloud_device d;
    uint32_t ebs = lnm_record_find(&r->in, mapping, "ebs");
    if (lnm_image_read_mapping(r, mapping, &d) < 0) {
        return -1;
    }
    int at = find_device(c, d.device);
    if (lnm_record_find(&r->in, mapping, "no_device") != 0) {
        if (at < c->count) {
            remove_device(c, at);
        }
        return 0;
    }
    if (ebs == 0) {
        return 0;
    }
    if (at < c->count && c->volumes[at][0] != '\0' && !c->devices[at].encrypted &&
        lnm_record_get_bool(&r->in, ebs, "encrypted", false)) {
        return lnm_cloud_raise(r, 400, "InvalidBlockDeviceMapping",
                               "Encrypted cannot be true for device %s: its volume is not "
                               "encrypted",
                               d.device);
    }
    if (at < c->count) {
        c->devices[at].delete_on_termination = lnm_record_get_bool(
            &r->in, ebs, "delete_on_termination", c->devices[at].delete_on_termination);
        return 0;
    }
    if (c->count == LNM_CLOUD_DEVICES_MAX || d.size < 1) {
        return lnm_cloud_raise(r, 400, "InvalidBlockDeviceMapping",
                               "The device %s needs a snapshot or a size", d.device);
    }
    c->volumes[c->count][0] = '\0';
    c->devices[c->count++] = d;
    return 0;
}

static int apply_mappings(struct lnm_cloud_request *r, struct creation *c) {
    uint32_t list = lnm_record_find(&r->in, 0, "block_device_mappings");
    for (uint32_t m = list != 0 ? lnm_record_first(&r->in, list) : 0; m != 0;
         m = lnm_record_next(&r->in, list, m)) {
        if (apply(r, c, m) < 0) {
            return -1;
        }
    }
    return 0;
}

static int take_snapshot(struct lnm_cloud_request *r, const struct creation *c, int i) {
    struct lnm_cloud_snapshot s = {0};
    struct lnm_cloud_volume v;
    struct lnm_cloud_device d = c->devices[i];
    if (c->volumes[i][0] != '\0') {
        if (!lnm_volume_get(r, lnm_str_z(c->volumes[i]), &v)) {
            return lnm_cloud_internal(r);
        }
        lnm_snapshot_of_volume(r, &s, &v);
        (void)snprintf(s.description, sizeof s.description, "Created by CreateImage(%s) for %s",
                       c->instance.id, c->image.id);
        lnm_take(d.snapshot, sizeof d.snapshot, s.id);
        if (lnm_snapshot_insert(r->cloud, r->account, r->region, &s) < 0) {
            return lnm_cloud_internal(r);
        }
        if (lnm_tags_from_request(r, "snapshot", s.id) < 0) {
            return -1;
        }
    }
    return lnm_image_add_device(r->cloud, c->image.id, i, &d) < 0 ? lnm_cloud_internal(r) : 0;
}

/* The instance's own image may be gone; then its usual properties are taken. */
static void describe(struct lnm_cloud_request *r, struct creation *c) {
    struct lnm_str text = lnm_cloud_param(r, "description");
    bool known =
        lnm_image_see(r->cloud, r->account, r->region, lnm_str_z(c->instance.image), &c->base);
    c->image = c->base;
    c->image.created_us = r->now_us;
    c->image.ena = known ? c->base.ena : true;
    lnm_take(c->image.architecture, sizeof c->image.architecture,
             known ? c->base.architecture : "x86_64");
    lnm_take(c->image.virtualization, sizeof c->image.virtualization, "hvm");
    lnm_take(c->image.state, sizeof c->image.state, "pending");
    lnm_take(c->image.name, sizeof c->image.name, lnm_cloud_param(r, "name").ptr);
    lnm_take(c->image.description, sizeof c->image.description, text.len > 0 ? text.ptr : "");
    lnm_take(c->image.root_device, sizeof c->image.root_device, c->instance.root_device);
    lnm_take(c->image.source_instance, sizeof c->image.source_instance, c->instance.id);
    lnm_take(c->image.source_image, sizeof c->image.source_image, c->instance.image);
    lnm_take(c->image.source_region, sizeof c->image.source_region, r->region);
    lnm_store_id(c->image.id, "ami-");
}

static int make(struct lnm_cloud_request *r, struct creation *c) {
    describe(r, c);
    if (lnm_image_insert(r->cloud, r->account, r->region, &c->image) < 0 ||
        (c->base.id[0] != '\0' && lnm_image_carry(r->cloud, c->image.id, c->base.id) < 0)) {
        return lnm_cloud_internal(r);
    }
    for (int i = 0; i < c->count; i++) {
        if (take_snapshot(r, c, i) < 0) {
            return -1;
        }
    }
    if (lnm_lifecycle_image(r->cloud, c->image.id) < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_record_setz(&r->out, "image_id", c->image.id);
    return lnm_tags_from_request(r, "image", c->image.id);
}

static int check_quota(struct lnm_cloud_request *r, const char *instance) {
    int64_t quota;
    return lnm_record_get_bool(&r->in, 0, "no_reboot", false) &&
                   lnm_limits_reached(r, LNM_QUOTA_NO_REBOOT_IMAGES,
                                      "SELECT count(*) FROM images WHERE account = ?1 AND region ="
                                      " ?2 AND state = 'pending' AND source_instance = ?3",
                                      instance, &quota)
               ? lnm_cloud_raise(r, 400, "ConcurrentCreateImageNoRebootLimitExceeded",
                                 "The maximum number of concurrent CreateImage requests for the "
                                 "instance has been reached. Wait for the current CreateImage "
                                 "requests to complete, and then retry your request.")
               : 0;
}

static int create(struct lnm_cloud_request *r, struct creation *c) {
    struct lnm_str id = lnm_cloud_param(r, "instance_id");
    if (lnm_image_check_name(r, lnm_cloud_param(r, "name"), true) < 0) {
        return -1;
    }
    if (!lnm_instance_get(r, id, &c->instance)) {
        return lnm_instance_not_found(r, id);
    }
    if (strcmp(c->instance.state, "running") != 0 && strcmp(c->instance.state, "stopped") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectInstanceState",
                               "Instance is not in a state 'running' or 'stopped': %s is %s",
                               c->instance.id, c->instance.state);
    }
    return check_quota(r, c->instance.id) < 0 || load_volumes(r, c) < 0 || apply_mappings(r, c) < 0
               ? -1
               : make(r, c);
}

int lnm_image_create(struct lnm_cloud_request *r) {
    struct creation *c = sqlite3_malloc(sizeof *c);
    if (c == NULL) {
        return lnm_cloud_internal(r);
    }
    memset(c, 0, sizeof *c);
    int error = create(r, c);
    sqlite3_free(c);
    return error;
}
