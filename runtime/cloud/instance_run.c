/* instance_run.c - RunInstances: volumes of the image's snapshots, under the keys of the outcome
 * table; a key that cannot be used ends the instance a little later. */
#include "cloud/images.h"
#include "cloud/network.h"
#include "cloud/capacity.h"
#include "cloud/limits.h"

#include <stdio.h>

#define LIMITED "Client.VolumeLimitExceeded"

struct launch {
    struct lnm_cloud_image image;
    struct lnm_cloud_device devices[LNM_CLOUD_DEVICES_MAX];
    uint32_t mappings[LNM_CLOUD_DEVICES_MAX]; /* of the request, 0: the image's own */
    int count;
    char zone[80], reservation[32], type[64];
    struct lnm_cloud_interface interface;
    bool doomed, limited; /* limited: by the quota of volumes, which is told when it ends */
};

static int load_image(struct lnm_cloud_request *r, struct launch *l) {
    struct lnm_str id = lnm_cloud_param(r, "image_id");
    if (id.len == 0) {
        return lnm_cloud_raise(r, 400, "MissingParameter",
                               "The request must contain the parameter ImageId");
    }
    if (!lnm_image_see(r->cloud, r->account, r->region, id, &l->image)) {
        return lnm_image_not_found(r, id);
    }
    if (strcmp(l->image.state, "available") != 0) {
        return lnm_cloud_raise(r, 400, "InvalidAMIID.Unavailable",
                               "The AMI ID '%s' is currently %s and may not be used for this "
                               "operation",
                               l->image.id, l->image.state);
    }
    l->count = lnm_image_devices(r->cloud, l->image.id, l->devices);
    return 0;
}

/* What a mapping does not say of a device is as in the image. */
static void inherit(struct lnm_cloud_request *r, uint32_t ebs, struct lnm_cloud_device *d,
                    const struct lnm_cloud_device *image) {
    struct lnm_cloud_device said = *d;
    bool other = said.snapshot[0] != '\0';
    *d = *image;
    if (other) {
        lnm_take(d->snapshot, sizeof d->snapshot, said.snapshot);
    }
    d->size = said.size > 0 ? said.size : d->size;
    if (ebs == 0) {
        return;
    }
    if (lnm_record_find(&r->in, ebs, "volume_type") != 0) {
        lnm_take(d->type, sizeof d->type, said.type);
        d->iops = d->throughput = 0; /* those of another type mean nothing here */
    }
    d->iops = said.iops != 0 ? said.iops : d->iops;
    d->throughput = said.throughput != 0 ? said.throughput : d->throughput;
    if (lnm_record_find(&r->in, ebs, "delete_on_termination") != 0) {
        d->delete_on_termination = said.delete_on_termination;
    }
}

/* A mapping changes a device of the image, takes it away, or adds one. */
static int apply(struct lnm_cloud_request *r, struct launch *l, uint32_t mapping) {
    struct lnm_cloud_device d;
    int i = 0;
    if (lnm_image_read_mapping(r, mapping, &d) < 0) {
        return -1;
    }
    while (i < l->count && strcmp(l->devices[i].device, d.device) != 0) {
        i++;
    }
    if (lnm_record_find(&r->in, mapping, "no_device") != 0) {
        l->devices[i < l->count ? i : 0].size = i < l->count ? 0 : l->devices[0].size;
        return 0;
    }
    if (i == LNM_CLOUD_DEVICES_MAX || (i == l->count && d.size < 1)) {
        return lnm_cloud_raise(r, 400, "InvalidBlockDeviceMapping",
                               "The device %s needs a snapshot or a size", d.device);
    }
    if (i < l->count) {
        inherit(r, lnm_record_find(&r->in, mapping, "ebs"), &d, &l->devices[i]);
    }
    l->mappings[i] = mapping;
    l->devices[i] = d;
    l->count += i == l->count ? 1 : 0;
    return 0;
}

static int apply_mappings(struct lnm_cloud_request *r, struct launch *l) {
    uint32_t list = lnm_record_find(&r->in, 0, "block_device_mappings");
    for (uint32_t m = list != 0 ? lnm_record_first(&r->in, list) : 0; m != 0;
         m = lnm_record_next(&r->in, list, m)) {
        if (apply(r, l, m) < 0) {
            return -1;
        }
    }
    return 0;
}

static int choose_key(struct lnm_cloud_request *r, struct launch *l, int i,
                      struct lnm_cloud_volume *v) {
    struct lnm_cloud_snapshot from = {0};
    struct lnm_ebs_outcome o;
    uint32_t ebs = l->mappings[i] != 0 ? lnm_record_find(&r->in, l->mappings[i], "ebs") : 0;
    struct lnm_ebs_wish w = {0};
    if (v->snapshot[0] != '\0') { /* the owner of a shared image opens its snapshots for a launch */
        char owner[16];
        lnm_take(owner, sizeof owner, l->image.account);
        if (!lnm_snapshot_get(r->cloud, owner, r->region, v->snapshot, &from) &&
            !lnm_snapshot_see(r->cloud, r->account, r->region, v->snapshot, &from)) {
            return lnm_snapshot_not_found(r, lnm_str_z(v->snapshot));
        }
    }
    w.from_encrypted = from.encrypted;
    w.from_key = from.key_arn;
    w.keeps = strcmp(from.account, r->account) == 0;
    w.encrypt = v->snapshot[0] == '\0' && l->devices[i].encrypted; /* as the image says */
    if (ebs != 0) {
        bool said = lnm_record_get_bool(&r->in, ebs, "encrypted", false);
        w.encrypt = lnm_record_find(&r->in, ebs, "encrypted") != 0 ? said : w.encrypt;
        w.key = lnm_record_get(&r->in, ebs, "kms_key_id");
        if (lnm_ebs_check(r, said, w.key) < 0 || lnm_ebs_check_plain(r, ebs, from.encrypted) < 0) {
            return -1;
        }
    }
    lnm_ebs_decide(&o, r, &w);
    v->encrypted = o.encrypted;
    v->doomed = o.doomed;
    lnm_take(v->key_arn, sizeof v->key_arn, o.key_arn);
    return lnm_volume_derive(r, v, &from);
}

static int add_volume(struct lnm_cloud_request *r, struct launch *l, int i, const char *instance) {
    const struct lnm_cloud_device *d = &l->devices[i];
    struct lnm_cloud_volume v = {.size = d->size,
                                 .iops = d->iops,
                                 .throughput = d->throughput,
                                 .due_us = r->now_us,
                                 .attached_us = r->now_us,
                                 .delete_on_termination = d->delete_on_termination};
    lnm_store_id(v.id, "vol-");
    lnm_take(v.zone, sizeof v.zone, l->zone);
    lnm_take(v.type, sizeof v.type, d->type);
    lnm_take(v.snapshot, sizeof v.snapshot, d->snapshot);
    lnm_take(v.state, sizeof v.state, "in-use");
    lnm_take(v.attach_state, sizeof v.attach_state, "attached");
    lnm_take(v.instance, sizeof v.instance, instance);
    lnm_take(v.device, sizeof v.device, d->device);
    if (choose_key(r, l, i, &v) < 0 || lnm_volume_check(r, &v) < 0 ||
        (v.encrypted && lnm_capacity_encrypts(r, l->type) < 0)) {
        return -1;
    }
    int64_t quota;
    l->limited = l->limited || lnm_volume_limit(r, &quota);
    l->doomed = l->doomed || v.doomed || l->limited;
    if (lnm_volume_insert(r, &v) < 0) {
        return lnm_cloud_internal(r);
    }
    return lnm_tags_from_request(r, "volume", v.id);
}

static int insert(struct lnm_cloud_request *r, const struct launch *l, const char *id) {
    struct lnm_str token = lnm_cloud_param(r, "client_token");
    return lnm_store_exec(
               r->cloud,
               "INSERT INTO instances(id, account, region, image, type, state, zone, launched,"
               " root_device, due, doomed, protected, token, reason_code, reason) VALUES(?1, ?2, "
               "?3,"
               " ?4, ?5, 'pending', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
               "ttttttitiiistt", id, r->account, r->region, l->image.id, l->type, l->zone,
               r->now_us, l->image.root_device, lnm_lifecycle_due(r->cloud, r->now_us, 0),
               (int64_t)l->doomed,
               (int64_t)lnm_record_get_bool(&r->in, 0, "disable_api_termination", false), token,
               l->limited ? LIMITED : NULL,
               l->limited ? LIMITED ": The limit on the number of EBS volumes was exceeded"
                          : NULL) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int launch_one(struct lnm_cloud_request *r, struct launch *l, int64_t index) {
    char id[32];
    lnm_store_id(id, "i-");
    for (int i = 0; i < l->count; i++) {
        if (l->devices[i].size > 0 && add_volume(r, l, i, id) < 0) {
            return -1;
        }
    }
    if (lnm_capacity_check(r, l->type, l->zone, true) < 0 || insert(r, l, id) < 0 ||
        lnm_launch_options_keep(r, id, l->reservation, index) < 0 ||
        lnm_interface_insert(r, &l->interface, id) < 0 ||
        lnm_tags_from_request(r, "instance", id) < 0) {
        return -1;
    }
    return lnm_instance_show(r, id);
}

static int check_placement(struct lnm_cloud_request *r, struct launch *l) {
    uint32_t placement = lnm_record_find(&r->in, 0, "placement");
    struct lnm_str name = lnm_record_get(&r->in, placement, "availability_zone"),
                   id = lnm_record_get(&r->in, placement, "availability_zone_id");
    int found = placement != 0 ? lnm_zone_find(l->zone, r, name, id) : 0;
    if (found < 0) { /* of a zone that is not there this action has words of its own */
        return strcmp(r->error.code, "InvalidZone.NotFound") != 0
                   ? -1
                   : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                     "Invalid availability zone: [%.60s]",
                                     name.len > 0 ? name.ptr : id.ptr);
    }
    if (found == 0) {
        (void)snprintf(l->zone, sizeof l->zone, "%sa", r->region);
    }
    if (lnm_interface_read(r, l->zone, &l->interface) < 0) {
        return -1;
    }
    if (found == 1 && strcmp(l->zone, l->interface.subnet.zone) != 0) {
        return lnm_cloud_raise(r, 400, "InvalidParameterCombination",
                               "The subnet '%s' is in the availability zone %s, not in %s",
                               l->interface.subnet.id, l->interface.subnet.zone, l->zone);
    }
    lnm_take(l->zone, sizeof l->zone, l->interface.subnet.zone);
    return 0;
}

/* "t3.micro", "u-6tb1.metal": a family, a dot, a size. */
static int read_type(struct lnm_cloud_request *r, struct launch *l) {
    struct lnm_str type = lnm_cloud_param(r, "instance_type"), family,
                   size = lnm_str_cut(type, '.', &family);
    lnm_take(l->type, sizeof l->type, type.len > 0 ? type.ptr : "m1.small");
    return type.len == 0 || (type.len < sizeof l->type && family.len > 0 && size.len > 0)
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "Invalid value '%.60s' for InstanceType.", type.ptr);
}

/* Those that the same token has launched, if they are there still. */
static int show_again(struct lnm_cloud_request *r, char reservation[32]) {
    char ids[LNM_CLOUD_DEVICES_MAX][32];
    int count = 0;
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT id, reservation FROM instances WHERE account = ?1 AND region = ?2 AND token = ?3"
        " AND state NOT IN ('shutting-down', 'terminated') ORDER BY launch_index",
        "tts", r->account, r->region, lnm_cloud_param(r, "client_token"));
    while (s != NULL && count < LNM_CLOUD_DEVICES_MAX && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(ids[count++], sizeof ids[0], lnm_store_text(s, 0));
        lnm_take(reservation, 32, lnm_store_text(s, 1));
    }
    if (count == 0) {
        return lnm_cloud_raise(r, 400, "IdempotentInstanceTerminated",
                               "The client token you have provided is associated with an instance "
                               "that is terminated");
    }
    for (int i = 0; i < count; i++) {
        if (lnm_instance_show(r, ids[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

/* As many as fit, and at least `least`: capacity ends it, any other trouble undoes all. */
static int launch_some(struct lnm_cloud_request *r, struct launch *l, int64_t least, int64_t most) {
    for (int64_t i = 0; i < most; i++) {
        if (i >= least && lnm_capacity_check(r, l->type, l->zone, true) < 0) {
            memset(&r->error, 0, sizeof r->error);
            return 0;
        }
        l->doomed = l->limited = false;
        if (launch_one(r, l, i) < 0) {
            return -1;
        }
    }
    return 0;
}

static int launch_all(struct lnm_cloud_request *r, struct launch *l) {
    int64_t count = lnm_record_get_int(&r->in, 0, "max_count", 1),
            least = lnm_record_get_int(&r->in, 0, "min_count", 1);
    if (least < 1 || count < least || count > LNM_CLOUD_DEVICES_MAX) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "MinCount and MaxCount must be from 1 to %d, and MaxCount not below "
                               "MinCount",
                               LNM_CLOUD_DEVICES_MAX);
    }
    if (read_type(r, l) < 0 || lnm_launch_options_check(r) < 0 || load_image(r, l) < 0 ||
        apply_mappings(r, l) < 0 || check_placement(r, l) < 0 ||
        launch_some(r, l, least, count) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud,
                          "UPDATE images SET launched = ?1 WHERE id = ?2 AND account = ?3", "itt",
                          r->now_us, l->image.id, r->account) < 0
               ? lnm_cloud_internal(r)
               : lnm_token_keep(r, "instances");
}

int lnm_instance_run(struct lnm_cloud_request *r) {
    struct launch *l = sqlite3_malloc(sizeof *l);
    char made[32];
    int known = lnm_token_known(r, made);
    if (l == NULL || known < 0) {
        sqlite3_free(l);
        return known < 0 ? -1 : lnm_cloud_internal(r);
    }
    memset(l, 0, sizeof *l);
    lnm_store_id(l->reservation, "r-");
    lnm_record_setz(&r->out, "owner_id", r->account);
    lnm_record_enter(&r->out, "instances");
    int error = known == 1 ? show_again(r, l->reservation) : launch_all(r, l);
    lnm_record_close(&r->out);
    lnm_record_setz(&r->out, "reservation_id", l->reservation);
    sqlite3_free(l);
    return error;
}
