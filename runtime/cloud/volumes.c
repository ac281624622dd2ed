/* volumes.c - volumes as data, CreateVolume, DeleteVolume, DescribeVolumes. */
#include "cloud/holdings.h"
#include "cloud/lifecycle.h"
#include "cloud/filter.h"
#include "cloud/limits.h"
#include "cloud/network.h"
#include "cloud/scan.h"
#include "cloud/walk.h"

#include "base/date.h"

#include <stdio.h>

int lnm_volume_insert(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    if (strcmp(v->state, "creating") == 0 && lnm_lifecycle_begin(r->cloud, v->due_us) < 0) {
        return -1;
    }
    return lnm_store_exec(
        r->cloud,
        "INSERT INTO volumes(id, account, region, zone, state, size, type, iops, throughput,"
        " snapshot, encrypted, key_arn, created, due, doomed, instance, device, attached,"
        " attach_state, delete_on_termination, data_key, map, multi_attach, initialization_rate)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
        " ?19, ?20, ?21, nullif(?22, 0), ?23, ?24)",
        "tttttitiititiiittititiii", v->id, r->account, r->region, v->zone, v->state, v->size,
        v->type, v->iops, v->throughput, v->snapshot, (int64_t)v->encrypted,
        v->encrypted ? v->key_arn : NULL, r->now_us, v->due_us, (int64_t)v->doomed,
        v->instance[0] != '\0' ? v->instance : NULL, v->device[0] != '\0' ? v->device : NULL,
        v->attached_us, v->attach_state[0] != '\0' ? v->attach_state : NULL,
        (int64_t)v->delete_on_termination, v->encrypted ? v->data_key : NULL, v->map,
        (int64_t)v->multi_attach, v->initialization_rate);
}

int lnm_volume_derive(struct lnm_cloud_request *r, struct lnm_cloud_volume *v,
                      const struct lnm_cloud_snapshot *from) {
    struct lnm_holding h = {.encrypted = v->encrypted, .key_arn = v->key_arn},
                       of = {from->map, from->encrypted, from->key_arn, ""};
    lnm_take(of.data_key, sizeof of.data_key, from->data_key);
    int error = v->doomed ? 0 : lnm_holding_derive(r->cloud, r->account, &h, &of);
    v->doomed = v->doomed || error == 1;
    v->map = h.map;
    lnm_take(v->data_key, sizeof v->data_key, h.data_key);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

#define COLUMNS                                                                                    \
    "id, zone, " LNM_VOLUME_STATE                                                                  \
    ", size, type, snapshot, encrypted, key_arn, created, instance, device, iops,"                 \
    " throughput, attach_state, attached, delete_on_termination, map, data_key,"                   \
    " multi_attach, initialization_rate"

enum {
    ID,
    ZONE,
    STATE,
    SIZE,
    TYPE,
    SNAPSHOT,
    ENCRYPTED,
    KEY,
    CREATED,
    INSTANCE,
    DEVICE,
    IOPS,
    THROUGHPUT,
    ATTACH_STATE,
    ATTACHED,
    DELETE,
    MAP,
    DATA_KEY,
    MULTI_ATTACH,
    INITIALIZATION_RATE
};

static void read_row(struct lnm_cloud_volume *v, sqlite3_stmt *s) {
    memset(v, 0, sizeof *v);
    lnm_take(v->id, sizeof v->id, lnm_store_text(s, ID));
    lnm_take(v->zone, sizeof v->zone, lnm_store_text(s, ZONE));
    lnm_take(v->state, sizeof v->state, lnm_store_text(s, STATE));
    lnm_take(v->type, sizeof v->type, lnm_store_text(s, TYPE));
    lnm_take(v->snapshot, sizeof v->snapshot, lnm_store_text(s, SNAPSHOT));
    lnm_take(v->key_arn, sizeof v->key_arn, lnm_store_text(s, KEY));
    lnm_take(v->instance, sizeof v->instance, lnm_store_text(s, INSTANCE));
    lnm_take(v->device, sizeof v->device, lnm_store_text(s, DEVICE));
    lnm_take(v->attach_state, sizeof v->attach_state, lnm_store_text(s, ATTACH_STATE));
    v->size = lnm_store_int(s, SIZE);
    v->iops = lnm_store_int(s, IOPS);
    v->throughput = lnm_store_int(s, THROUGHPUT);
    v->encrypted = lnm_store_int(s, ENCRYPTED) != 0;
    v->created_us = lnm_store_int(s, CREATED);
    v->attached_us = lnm_store_int(s, ATTACHED);
    v->delete_on_termination = lnm_store_int(s, DELETE) != 0;
    v->map = lnm_store_int(s, MAP);
    v->multi_attach = lnm_store_int(s, MULTI_ATTACH) != 0;
    v->initialization_rate = lnm_store_int(s, INITIALIZATION_RATE);
    lnm_take(v->data_key, sizeof v->data_key, lnm_store_text(s, DATA_KEY));
}

bool lnm_volume_get(struct lnm_cloud_request *r, struct lnm_str id, struct lnm_cloud_volume *out) {
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT " COLUMNS " FROM volumes WHERE id = ?1 AND account ="
                                      " ?2 AND region = ?3",
                                      "stt", id, r->account, r->region);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        read_row(out, s);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

int lnm_volume_not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    if (!lnm_store_is_id(id, "vol-")) {
        return lnm_cloud_raise(r, 400, "InvalidVolumeID.Malformed",
                               "Invalid id: \"%.60s\" (expecting \"vol-...\")",
                               id.len > 0 ? id.ptr : "");
    }
    return lnm_cloud_raise(r, 400, "InvalidVolume.NotFound", "The volume '%.60s' does not exist.",
                           id.ptr);
}

int lnm_volume_forget(struct lnm_cloud *c, const char *id) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT map FROM volumes WHERE id = ?1", "t", id);
    int64_t map = lnm_store_int(s != NULL && sqlite3_step(s) == SQLITE_ROW ? s : NULL, 0);
    (void)sqlite3_reset(s);
    int error = lnm_store_exec(c, "DELETE FROM volumes WHERE id = ?1", "t", id);
    error = error < 0 ? error : lnm_store_exec(c, "DELETE FROM tags WHERE resource = ?1", "t", id);
    return error < 0 ? error : lnm_holding_left(c, map);
}

/* The outcome table of CreateVolume: what the volume is encrypted with. */
static int choose_key(struct lnm_cloud_request *r, struct lnm_cloud_volume *v,
                      const struct lnm_cloud_snapshot *from) {
    struct lnm_ebs_outcome o;
    bool encrypt = lnm_record_get_bool(&r->in, 0, "encrypted", false);
    struct lnm_ebs_wish w = {.encrypt = encrypt,
                             .key = lnm_cloud_param(r, "kms_key_id"),
                             .from_encrypted = from->encrypted,
                             .from_key = from->key_arn,
                             .keeps = strcmp(from->account, r->account) == 0};
    if (lnm_ebs_check(r, encrypt, w.key) < 0 || lnm_ebs_check_plain(r, 0, from->encrypted) < 0) {
        return -1;
    }
    lnm_ebs_decide(&o, r, &w);
    v->encrypted = o.encrypted;
    v->doomed = o.doomed;
    lnm_take(v->key_arn, sizeof v->key_arn, o.key_arn);
    return lnm_volume_derive(r, v, from);
}

static int read_zone(struct lnm_cloud_request *r, struct lnm_cloud_volume *v) {
    int found = lnm_zone_find(v->zone, r, lnm_cloud_param(r, "availability_zone"),
                              lnm_cloud_param(r, "availability_zone_id"));
    return found != 0 ? found
                      : lnm_cloud_raise(r, 400, "MissingParameter",
                                        "The request must contain the parameter availabilityZone "
                                        "or availabilityZoneId");
}

static int load_snapshot(struct lnm_cloud_request *r, struct lnm_cloud_snapshot *from) {
    struct lnm_str id = lnm_cloud_param(r, "snapshot_id");
    if (id.len == 0) {
        return lnm_cloud_given(r, "size")
                   ? 0
                   : lnm_cloud_raise(r, 400, "MissingParameter",
                                     "The request must contain the parameter size/snapshot");
    }
    if (!lnm_snapshot_see(r->cloud, r->account, r->region, id.ptr, from)) {
        return lnm_snapshot_not_found(r, id);
    }
    return strcmp(from->state, "completed") == 0
               ? 0
               : lnm_cloud_raise(r, 400, "IncorrectState", "Snapshot is in invalid state - %s",
                                 from->state);
}

/* Several instances: io1 and io2. A rate: from a snapshot, 100 to 300 MiB/s. */
static int read_extras(struct lnm_cloud_request *r, struct lnm_cloud_volume *v) {
    v->multi_attach = lnm_record_get_bool(&r->in, 0, "multi_attach_enabled", false);
    v->initialization_rate = lnm_record_get_int(&r->in, 0, "volume_initialization_rate", 0);
    if (v->multi_attach && strncmp(v->type, "io", 2) != 0) {
        return lnm_cloud_raise(r, 400, "InvalidParameterCombination",
                               "MultiAttachEnabled is not supported for volume type %s", v->type);
    }
    return v->initialization_rate == 0 ||
                   (v->initialization_rate >= 100 && v->initialization_rate <= 300)
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "VolumeInitializationRate must be from 100 to 300 MiB/s");
}

static int read_request(struct lnm_cloud_request *r, struct lnm_cloud_volume *v) {
    struct lnm_cloud_snapshot from = {0};
    struct lnm_str type = lnm_cloud_param(r, "volume_type");
    if (read_zone(r, v) < 0 || load_snapshot(r, &from) < 0) {
        return -1;
    }
    lnm_take(v->type, sizeof v->type, type.len > 0 ? type.ptr : "gp2");
    lnm_take(v->state, sizeof v->state, "creating");
    lnm_take(v->snapshot, sizeof v->snapshot, from.id);
    v->size = lnm_record_get_int(&r->in, 0, "size", from.size);
    v->iops = lnm_record_get_int(&r->in, 0, "iops", 0);
    v->throughput = lnm_record_get_int(&r->in, 0, "throughput", 0);
    if (v->size < from.size) {
        return lnm_cloud_raise(
            r, 400, "InvalidParameterValue",
            "Volume of %lldGiB is smaller than snapshot '%s', expect size >= %lldGiB",
            (long long)v->size, v->snapshot, (long long)from.size);
    }
    return lnm_volume_check(r, v) < 0 || read_extras(r, v) < 0 ? -1 : choose_key(r, v, &from);
}

static void show_attachment(struct lnm_record *out, const struct lnm_cloud_volume *v) {
    lnm_record_enter(out, "attachments");
    if (v->instance[0] != '\0') {
        char date[LNM_DATE_MAX];
        lnm_date_iso(date, v->attached_us);
        lnm_record_item(out);
        lnm_record_setz(out, "volume_id", v->id);
        lnm_record_setz(out, "instance_id", v->instance);
        lnm_record_setz(out, "device", v->device);
        lnm_record_setz(out, "state", v->attach_state);
        lnm_record_setz(out, "attach_time", date);
        lnm_record_set_bool(out, "delete_on_termination", v->delete_on_termination);
        lnm_record_close(out);
    }
    lnm_record_close(out);
}

/* What was not chosen is as the type has it: gp3 3,000 and 125 MiB/s, gp2 3 for each GiB. */
static void show_speed(struct lnm_record *out, const struct lnm_cloud_volume *v) {
    bool gp3 = strcmp(v->type, "gp3") == 0;
    int64_t iops = v->iops, throughput = v->throughput;
    if (iops == 0 && strcmp(v->type, "gp2") == 0) {
        iops = v->size < 34 ? 100 : v->size > 5333 ? 16000 : 3 * v->size;
    }
    iops = iops == 0 && gp3 ? 3000 : iops;
    throughput = throughput == 0 && gp3 ? 125 : throughput;
    if (iops > 0) {
        lnm_record_set_int(out, "iops", iops);
    }
    if (throughput > 0) {
        lnm_record_set_int(out, "throughput", throughput);
    }
}

static void show(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    char date[LNM_DATE_MAX], zone_id[32];
    struct lnm_record *out = &r->out;
    lnm_date_iso(date, v->created_us);
    lnm_zone_id(zone_id, v->zone);
    lnm_record_setz(out, "volume_id", v->id);
    lnm_record_set_int(out, "size", v->size);
    lnm_record_setz(out, "snapshot_id", v->snapshot);
    lnm_record_setz(out, "availability_zone", v->zone);
    lnm_record_setz(out, "availability_zone_id", zone_id);
    lnm_record_setz(out, "state", v->state);
    lnm_record_setz(out, "create_time", date);
    lnm_record_setz(out, "volume_type", v->type);
    show_speed(out, v);
    lnm_record_set_bool(out, "encrypted", v->encrypted);
    if (v->encrypted) {
        lnm_record_setz(out, "kms_key_id", v->key_arn);
    }
    lnm_record_set_bool(out, "multi_attach_enabled", v->multi_attach);
    if (v->initialization_rate > 0) {
        lnm_record_set_int(out, "volume_initialization_rate", v->initialization_rate);
    }
    show_attachment(out, v);
}

static void show_with_tags(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    show(r, v);
    lnm_tags_show(r, v->id);
}

bool lnm_volume_limit(struct lnm_cloud_request *r, int64_t *quota) {
    return lnm_limits_reached(r, LNM_QUOTA_VOLUMES,
                              "SELECT count(*) FROM volumes WHERE account = ?1 AND region = ?2",
                              NULL, quota);
}

static int check_quota(struct lnm_cloud_request *r) {
    int64_t quota;
    return lnm_volume_limit(r, &quota)
               ? lnm_cloud_raise(r, 400, "VolumeLimitExceeded",
                                 "You have reached your quota of %lld volumes in this Region.",
                                 (long long)quota)
               : 0;
}

/* Reached, by a query that counts one less than there would be. */
static int check_iops_quota(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    char iops[24];
    int64_t quota;
    (void)snprintf(iops, sizeof iops, "%lld", (long long)v->iops);
    return strncmp(v->type, "io", 2) == 0 &&
                   lnm_limits_reached(r, LNM_QUOTA_IOPS,
                                      "SELECT coalesce(sum(iops), 0) + CAST(?3 AS INT) - 1 FROM"
                                      " volumes WHERE account = ?1 AND region = ?2 AND type LIKE"
                                      " 'io%'",
                                      iops, &quota)
               ? lnm_cloud_raise(r, 400, "MaxIOPSLimitExceeded",
                                 "You have reached your quota of %lld provisioned IOPS in this "
                                 "Region.",
                                 (long long)quota)
               : 0;
}

static int make(struct lnm_cloud_request *r) {
    struct lnm_cloud_volume v = {.created_us = r->now_us};
    if (read_request(r, &v) < 0 || check_quota(r) < 0 || check_iops_quota(r, &v) < 0) {
        return -1;
    }
    lnm_store_id(v.id, "vol-");
    v.due_us = lnm_lifecycle_due(r->cloud, r->now_us, 0);
    if (lnm_volume_insert(r, &v) < 0) {
        return lnm_cloud_internal(r);
    }
    if (lnm_token_keep(r, v.id) < 0 || lnm_tags_from_request(r, "volume", v.id) < 0) {
        return -1;
    }
    (lnm_cloud_given(r, "tag_specifications") ? show_with_tags : show)(r, &v);
    return 0;
}

static int create(struct lnm_cloud_request *r) {
    struct lnm_cloud_volume v;
    char made[32];
    int known = lnm_token_known(r, made);
    if (known != 1) {
        return known < 0 ? -1 : make(r);
    }
    if (!lnm_volume_get(r, lnm_str_z(made), &v)) {
        return lnm_volume_not_found(r, lnm_str_z(made));
    }
    show_with_tags(r, &v);
    return 0;
}

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
    struct lnm_walk volumes;
    uint32_t found; /* how many of those that were asked for are there */
};

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {{"volume-id", ID},
                                                       {"availability-zone", ZONE},
                                                       {"status", STATE},
                                                       {"size", SIZE},
                                                       {"volume-type", TYPE},
                                                       {"snapshot-id", SNAPSHOT},
                                                       {"attachment.instance-id", INSTANCE},
                                                       {"attachment.status", ATTACH_STATE},
                                                       {"attachment.device", DEVICE},
                                                       {NULL, 0}};
    struct row *w = arg;
    int found = lnm_filter_column(w->s, columns, name, pattern);
    return found >= 0 ? found
           : strcmp(name, "encrypted") == 0
               ? lnm_filter_flag(lnm_store_int(w->s, ENCRYPTED) != 0, pattern)
           : strcmp(name, "availability-zone-id") == 0
               ? lnm_zone_matches(lnm_store_text(w->s, ZONE), pattern)
           : strcmp(name, "multi-attach-enabled") == 0
               ? lnm_filter_flag(lnm_store_int(w->s, MULTI_ATTACH) != 0, pattern)
           : strcmp(name, "create-time") == 0
               ? lnm_filter_date(lnm_store_int(w->s, CREATED), pattern)
           : strcmp(name, "attachment.attach-time") == 0
               ? lnm_filter_date(lnm_store_int(w->s, ATTACHED), pattern)
           : strcmp(name, "attachment.delete-on-termination") == 0
               ? lnm_filter_flag(lnm_store_int(w->s, DELETE) != 0, pattern)
               : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static void show_row(void *arg) {
    struct row *w = arg;
    struct lnm_cloud_volume v;
    read_row(&v, w->s);
    lnm_record_item(&w->r->out);
    show_with_tags(w->r, &v);
    lnm_record_close(&w->r->out);
}

static int check_ids(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "volume_ids");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_cloud_volume v;
        if (!lnm_volume_get(r, lnm_record_str(&r->in, i), &v)) {
            return lnm_volume_not_found(r, lnm_record_str(&r->in, i));
        }
    }
    return 0;
}

static bool load(void *arg, const char *id) {
    struct row *w = arg;
    w->s = lnm_walk_to_own(&w->volumes, w->r, id);
    w->found += w->s != NULL ? 1 : 0;
    return w->s != NULL;
}

static const struct lnm_scan_kind kind = {
    .ids = "volume_ids",
    .id_filter = "volume-id",
    .own = "SELECT id FROM volumes WHERE account = ?1 AND region = ?2 AND id > ?3" LNM_SCAN_LIMIT,
    .exact = {{"attachment.instance-id",
               "SELECT id FROM volumes WHERE instance = ?4 AND id > ?3" LNM_SCAN_LIMIT, false}},
    .prefix = "vol-",
    .end = "vol."};

static int describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    uint32_t ids = lnm_record_find(&r->in, 0, "volume_ids");
    struct row w = {.r = r,
                    .volumes = {.sql = "SELECT " COLUMNS ", account, region FROM volumes"
                                       " WHERE id >= ?1 ORDER BY id"}};
    struct lnm_cloud_listing l = {.ids = "volume_ids",
                                  .list = "volumes",
                                  .load = load,
                                  .matches = matches,
                                  .show = show_row,
                                  .row = &w};
    int error = lnm_page_begin(&page, r, "volume_ids");
    error = error < 0 ? error : lnm_filter_check(r, matches, &w);
    error = error < 0 ? error : lnm_page_scan(&page, r, &kind, &l);
    lnm_walk_end(&w.volumes);
    return ids != 0 && w.found < r->in.nodes[ids].len && check_ids(r) < 0 ? -1 : error;
}

static int delete_volume(struct lnm_cloud_request *r) {
    struct lnm_cloud_volume v;
    struct lnm_str id = lnm_cloud_param(r, "volume_id");
    if (!lnm_volume_get(r, id, &v)) {
        return lnm_volume_not_found(r, id);
    }
    if (v.instance[0] != '\0') {
        return lnm_cloud_raise(r, 400, "VolumeInUse", "Volume %s is currently attached to %s", v.id,
                               v.instance);
    }
    if (strcmp(v.state, "available") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectState", "Volume '%s' is in the '%s' state.", v.id,
                               v.state);
    }
    return lnm_store_exec(r->cloud, "UPDATE volumes SET state = 'deleting', due = ?2 WHERE id = ?1",
                          "ti", v.id, lnm_lifecycle_due(r->cloud, r->now_us, 0)) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

const struct lnm_cloud_action lnm_cloud_volumes[] = {{"CreateVolume", create},
                                                     {"DeleteVolume", delete_volume},
                                                     {"DescribeVolumes", describe},
                                                     {NULL, NULL}};
