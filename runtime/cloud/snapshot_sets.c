/* snapshot_sets.c - CreateSnapshots: all volumes of an instance at one moment. Source: the
 * ec2/2016-11-15 model. */
#include "cloud/images.h"
#include "cloud/limits.h"

#include "base/date.h"

#include <stdio.h>

#define EXCLUDED_MAX 40

struct set {
    struct lnm_cloud_instance instance;
    uint32_t asked; /* the instance specification */
    char volumes[LNM_CLOUD_DEVICES_MAX][32];
    int count;
};

static bool excluded(struct lnm_cloud_request *r, const struct set *set, const char *volume) {
    uint32_t list = lnm_record_find(&r->in, set->asked, "exclude_data_volume_ids");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        if (lnm_str_is(lnm_record_str(&r->in, i), volume)) {
            return true;
        }
    }
    return false;
}

static int load_instance(struct lnm_cloud_request *r, struct set *set) {
    set->asked = lnm_record_find(&r->in, 0, "instance_specification");
    struct lnm_str id = lnm_record_get(&r->in, set->asked, "instance_id");
    if (id.len == 0) {
        return lnm_cloud_raise(
            r, 400, "MissingParameter",
            "The request must contain the parameter InstanceSpecification.InstanceId");
    }
    if (!lnm_instance_get(r, id, &set->instance)) {
        return lnm_instance_not_found(r, id);
    }
    return strcmp(set->instance.state, "running") == 0 ||
                   strcmp(set->instance.state, "stopped") == 0
               ? 0
               : lnm_cloud_raise(r, 400, "IncorrectInstanceState",
                                 "Instance '%s' is not 'running' or 'stopped' (it is '%s')",
                                 set->instance.id, set->instance.state);
}

/* Only data volumes of the instance are excluded by id; the root has its own parameter. */
static int check_excluded(struct lnm_cloud_request *r, const struct set *set) {
    uint32_t list = lnm_record_find(&r->in, set->asked, "exclude_data_volume_ids");
    int count = 0;
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_cloud_volume v;
        struct lnm_str id = lnm_record_str(&r->in, i);
        if (++count > EXCLUDED_MAX) {
            return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                   "At most %d data volumes can be excluded", EXCLUDED_MAX);
        }
        if (!lnm_volume_get(r, id, &v)) {
            return lnm_volume_not_found(r, id);
        }
        if (strcmp(v.instance, set->instance.id) != 0 ||
            strcmp(v.device, set->instance.root_device) == 0) {
            return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                   "The volume '%s' is not a data volume of instance '%s'", v.id,
                                   set->instance.id);
        }
    }
    return 0;
}

static int load(struct lnm_cloud_request *r, struct set *set) {
    if (load_instance(r, set) < 0 || check_excluded(r, set) < 0) {
        return -1;
    }
    bool boot = lnm_record_get_bool(&r->in, set->asked, "exclude_boot_volume", false);
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT id, device FROM volumes WHERE instance = ?1 AND attach_state = 'attached' ORDER BY"
        " device <> ?2, device",
        "tt", set->instance.id, set->instance.root_device);
    while (s != NULL && set->count < LNM_CLOUD_DEVICES_MAX && sqlite3_step(s) == SQLITE_ROW) {
        bool root = strcmp(lnm_store_text(s, 1), set->instance.root_device) == 0;
        if (root ? !boot : !excluded(r, set, lnm_store_text(s, 0))) {
            lnm_take(set->volumes[set->count++], sizeof set->volumes[0], lnm_store_text(s, 0));
        }
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return set->count > 0
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "No volumes of instance '%s' are left to take snapshots of",
                                 set->instance.id);
}

static int copy_tags(struct lnm_cloud_request *r, const char *volume, const char *snapshot) {
    struct lnm_str from = lnm_cloud_param(r, "copy_tags_from_source");
    if (from.len == 0) {
        return 0;
    }
    return lnm_store_exec(r->cloud,
                          "INSERT OR REPLACE INTO tags(resource, key, value) SELECT ?2, key, value"
                          " FROM tags WHERE resource = ?1 AND key NOT LIKE 'aws:%'",
                          "tt", volume, snapshot) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static void show(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s) {
    char time[LNM_DATE_MAX];
    struct lnm_record *out = &r->out;
    lnm_date_iso(time, s->started_us);
    lnm_record_item(out);
    lnm_record_setz(out, "snapshot_id", s->id);
    lnm_record_setz(out, "volume_id", s->volume);
    lnm_record_setz(out, "state", "pending");
    lnm_record_setz(out, "progress", "");
    lnm_record_setz(out, "start_time", time);
    lnm_record_setz(out, "owner_id", r->account);
    lnm_record_setz(out, "description", s->description);
    lnm_record_set_bool(out, "encrypted", s->encrypted);
    lnm_record_set_int(out, "volume_size", s->size);
    lnm_tags_show(r, s->id);
    lnm_record_close(out);
}

static int take_one(struct lnm_cloud_request *r, const char *volume) {
    struct lnm_cloud_volume v;
    struct lnm_cloud_snapshot s = {.started_us = r->now_us};
    struct lnm_str text = lnm_cloud_param(r, "description");
    if (!lnm_volume_get(r, lnm_str_z(volume), &v)) {
        return lnm_volume_not_found(r, lnm_str_z(volume));
    }
    if (lnm_snapshot_check_new(r, &v) < 0) {
        return -1;
    }
    lnm_snapshot_of_volume(r, &s, &v);
    lnm_take(s.description, sizeof s.description, text.len > 0 ? text.ptr : "");
    if (lnm_snapshot_insert(r->cloud, r->account, r->region, &s) < 0) {
        return lnm_cloud_internal(r);
    }
    if (copy_tags(r, volume, s.id) < 0 || lnm_tags_from_request(r, "snapshot", s.id) < 0) {
        return -1;
    }
    show(r, &s);
    return 0;
}

static int create_snapshots(struct lnm_cloud_request *r) {
    struct set set = {0};
    if (load(r, &set) < 0) {
        return -1;
    }
    lnm_record_enter(&r->out, "snapshots");
    for (int i = 0; i < set.count; i++) {
        if (take_one(r, set.volumes[i]) < 0) {
            return -1;
        }
    }
    lnm_record_close(&r->out);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_snapshot_sets[] = {{"CreateSnapshots", create_snapshots},
                                                           {NULL, NULL}};
