/* volumes.c - CreateVolume, DeleteVolume, DescribeVolumes. */
#include "cloud/internal.h"

#include "base/date.h"

#include <stdio.h>

struct volume {
    char id[32], zone[80], type[16], snapshot[32], key_arn[160];
    int64_t size, due_us;
    bool encrypted, doomed;
};

static void take(char *to, size_t size, struct lnm_str s, const char *fallback) {
    (void)snprintf(to, size, "%s", s.len > 0 ? s.ptr : fallback);
}

static const struct {
    const char *type;
    int64_t least, most;
} types[] = {{"gp2", 1, 16384},   {"gp3", 1, 65536},   {"io1", 4, 16384},    {"io2", 4, 65536},
             {"st1", 125, 16384}, {"sc1", 125, 16384}, {"standard", 1, 1024}};

static int check_size(struct lnm_cloud_request *r, const struct volume *v) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].type, v->type) == 0) {
            return v->size >= types[i].least && v->size <= types[i].most
                       ? 0
                       : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                         "Volume of %lldGiB is too %s for volume type %s; the "
                                         "range is %lld-%lld",
                                         (long long)v->size,
                                         v->size < types[i].least ? "small" : "large", v->type,
                                         (long long)types[i].least, (long long)types[i].most);
        }
    }
    return lnm_cloud_raise(r, 400, "UnknownVolumeType",
                           "Unsupported volume type '%s' for volume creation.", v->type);
}

/* The outcome table of CreateVolume: what the volume is encrypted with. */
static int choose_key(struct lnm_cloud_request *r, struct volume *v,
                      const struct lnm_cloud_snapshot *from) {
    struct lnm_cloud_key k;
    struct lnm_str named = lnm_cloud_param(r, "kms_key_id");
    bool given = lnm_cloud_given(r, "encrypted");
    bool encrypt = lnm_record_get_bool(&r->in, 0, "encrypted", false);
    if (named.len > 0 && !encrypt) {
        return lnm_cloud_raise(
            r, 400, "InvalidParameterDependency",
            "The parameter [KmsKeyId] requires the parameter Encrypted to be set.");
    }
    if (given && !encrypt && from->encrypted) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Invalid value 'false' for Encrypted: the snapshot is encrypted");
    }
    v->encrypted = encrypt || from->encrypted;
    if (!v->encrypted) {
        return 0;
    }
    bool found = named.len > 0     ? lnm_key_resolve(r->cloud, &k, r->account, r->region, named)
                 : from->encrypted ? lnm_key_resolve(r->cloud, &k, r->account, r->region,
                                                     lnm_str_z(from->key_arn))
                                   : lnm_key_default(r->cloud, &k, r->account, r->region);
    v->doomed = !found;
    take(v->key_arn, sizeof v->key_arn, found ? lnm_str_z(k.arn) : named, "");
    return 0;
}

static int read_request(struct lnm_cloud_request *r, struct volume *v) {
    struct lnm_cloud_snapshot from = {0};
    char state[16] = "";
    struct lnm_str zone = lnm_cloud_param(r, "availability_zone"),
                   snapshot = lnm_cloud_param(r, "snapshot_id");
    size_t region_len = strlen(r->region);
    if (zone.len != region_len + 1 || strncmp(zone.ptr, r->region, region_len) != 0) {
        return lnm_cloud_raise(r, 400, "InvalidZone.NotFound", "The zone '%.60s' does not exist.",
                               zone.len > 0 ? zone.ptr : "");
    }
    if (snapshot.len == 0 && !lnm_cloud_given(r, "size")) {
        return lnm_cloud_raise(r, 400, "MissingParameter",
                               "The request must contain the parameter size/snapshot");
    }
    if (snapshot.len > 0 &&
        !lnm_snapshot_get(r->cloud, r->account, r->region, snapshot.ptr, &from, state)) {
        return lnm_cloud_raise(r, 400, "InvalidSnapshot.NotFound",
                               "The snapshot '%.60s' does not exist.", snapshot.ptr);
    }
    if (snapshot.len > 0 && strcmp(state, "completed") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectState", "Snapshot is in invalid state - %s",
                               state);
    }
    take(v->zone, sizeof v->zone, zone, "");
    take(v->type, sizeof v->type, lnm_cloud_param(r, "volume_type"), "gp2");
    take(v->snapshot, sizeof v->snapshot, snapshot, "");
    v->size = lnm_record_get_int(&r->in, 0, "size", from.size);
    if (v->size < from.size) {
        return lnm_cloud_raise(
            r, 400, "InvalidParameterValue",
            "Volume of %lldGiB is smaller than snapshot '%s', expect size >= %lldGiB",
            (long long)v->size, v->snapshot, (long long)from.size);
    }
    return check_size(r, v) < 0 ? -1 : choose_key(r, v, &from);
}

static void show(struct lnm_cloud_request *r, const struct volume *v, const char *state,
                 int64_t created) {
    char date[LNM_DATE_MAX];
    lnm_date_iso(date, created);
    lnm_record_setz(&r->out, "volume_id", v->id);
    lnm_record_set_int(&r->out, "size", v->size);
    lnm_record_setz(&r->out, "snapshot_id", v->snapshot);
    lnm_record_setz(&r->out, "availability_zone", v->zone);
    lnm_record_setz(&r->out, "state", state);
    lnm_record_setz(&r->out, "create_time", date);
    lnm_record_setz(&r->out, "volume_type", v->type);
    lnm_record_set_bool(&r->out, "encrypted", v->encrypted);
    if (v->encrypted) {
        lnm_record_setz(&r->out, "kms_key_id", v->key_arn);
    }
    lnm_record_set_bool(&r->out, "multi_attach_enabled", false);
    lnm_tags_show(r, v->id);
}

/* The request as text, so that a token used again with other parameters is noticed. */
static void digest(struct lnm_buf *out, const struct volume *v) {
    lnm_buf_addf(out, "%s %s %s %lld %d %s", v->zone, v->type, v->snapshot, (long long)v->size,
                 v->encrypted, v->key_arn);
}

/* 1: the token was used and *v is its volume; 0: not; -1 raised. */
static int known_token(struct lnm_cloud_request *r, struct volume *v, struct lnm_str request) {
    struct lnm_str token = lnm_cloud_param(r, "client_token");
    if (token.len == 0) {
        return 0;
    }
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT request, resource FROM tokens WHERE account = ?1 AND region = ?2 AND action ="
        " 'CreateVolume' AND token = ?3",
        "tts", r->account, r->region, token);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return 0;
    }
    bool same = lnm_str_is(request, lnm_store_text(s, 0));
    take(v->id, sizeof v->id, lnm_str_z(lnm_store_text(s, 1)), "");
    (void)sqlite3_reset(s);
    return same ? 1
                : lnm_cloud_raise(
                      r, 400, "IdempotentParameterMismatch",
                      "The client token you have provided is associated with a resource with "
                      "different parameters");
}

static int insert(struct lnm_cloud_request *r, struct volume *v, struct lnm_str request) {
    struct lnm_str token = lnm_cloud_param(r, "client_token");
    lnm_store_id(v->id, "vol-");
    v->due_us = lnm_lifecycle_due(r->cloud, r->now_us, 0);
    int error = lnm_store_exec(
        r->cloud,
        "INSERT INTO volumes(id, account, region, zone, state, size, type, snapshot, encrypted,"
        " key_arn, created, due, doomed) VALUES(?1, ?2, ?3, ?4, 'creating', ?5, ?6, ?7, ?8, ?9,"
        " ?10, ?11, ?12)",
        "ttttittitiii", v->id, r->account, r->region, v->zone, v->size, v->type, v->snapshot,
        (int64_t)v->encrypted, v->encrypted ? v->key_arn : NULL, r->now_us, v->due_us,
        (int64_t)v->doomed);
    if (error == 0 && token.len > 0) {
        error = lnm_store_exec(r->cloud,
                               "INSERT INTO tokens VALUES(?1, ?2, 'CreateVolume', ?3, ?4, ?5)",
                               "ttsst", r->account, r->region, token, request, v->id);
    }
    return error < 0 ? lnm_cloud_internal(r) : lnm_tags_from_request(r, "volume", v->id);
}

static int create(struct lnm_cloud_request *r) {
    struct volume v = {0};
    struct lnm_buf request = {.max = 1024};
    if (read_request(r, &v) < 0) {
        return -1;
    }
    digest(&request, &v);
    int known = known_token(r, &v, lnm_buf_str(&request));
    int error = known < 0 ? -1 : known == 1 ? 0 : insert(r, &v, lnm_buf_str(&request));
    lnm_buf_free(&request);
    if (error == 0) {
        show(r, &v, "creating", r->now_us);
    }
    return error;
}

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

enum { ID, ZONE, STATE, SIZE, TYPE, SNAPSHOT, ENCRYPTED, KEY, CREATED, INSTANCE, DEVICE };

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct {
        const char *filter;
        int column;
    } columns[] = {{"volume-id", ID},
                   {"availability-zone", ZONE},
                   {"status", STATE},
                   {"size", SIZE},
                   {"volume-type", TYPE},
                   {"snapshot-id", SNAPSHOT},
                   {"attachment.instance-id", INSTANCE},
                   {"attachment.device", DEVICE}};
    struct row *w = arg;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (strcmp(name, columns[i].filter) == 0) {
            return lnm_str_glob(pattern, lnm_str_z(lnm_store_text(w->s, columns[i].column))) ? 1
                                                                                             : 0;
        }
    }
    if (strcmp(name, "encrypted") == 0) {
        return lnm_str_glob(pattern, lnm_store_int(w->s, ENCRYPTED) != 0 ? LNM_STR("true")
                                                                         : LNM_STR("false"));
    }
    return lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static void show_row(struct row *w) {
    sqlite3_stmt *s = w->s;
    struct volume v = {.size = lnm_store_int(s, SIZE),
                       .encrypted = lnm_store_int(s, ENCRYPTED) != 0};
    take(v.id, sizeof v.id, lnm_str_z(lnm_store_text(s, ID)), "");
    take(v.zone, sizeof v.zone, lnm_str_z(lnm_store_text(s, ZONE)), "");
    take(v.type, sizeof v.type, lnm_str_z(lnm_store_text(s, TYPE)), "");
    take(v.snapshot, sizeof v.snapshot, lnm_str_z(lnm_store_text(s, SNAPSHOT)), "");
    take(v.key_arn, sizeof v.key_arn, lnm_str_z(lnm_store_text(s, KEY)), "");
    lnm_record_item(&w->r->out);
    show(w->r, &v, lnm_store_text(s, STATE), lnm_store_int(s, CREATED));
    lnm_record_enter(&w->r->out, "attachments");
    if (lnm_store_text(s, INSTANCE)[0] != '\0') {
        lnm_record_item(&w->r->out);
        lnm_record_setz(&w->r->out, "volume_id", v.id);
        lnm_record_setz(&w->r->out, "instance_id", lnm_store_text(s, INSTANCE));
        lnm_record_setz(&w->r->out, "device", lnm_store_text(s, DEVICE));
        lnm_record_setz(&w->r->out, "state", "attached");
        lnm_record_set_bool(&w->r->out, "delete_on_termination", true);
        lnm_record_close(&w->r->out);
    }
    lnm_record_close(&w->r->out);
    lnm_record_close(&w->r->out);
}

static bool exists(struct lnm_cloud_request *r, struct lnm_str id) {
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT 1 FROM volumes WHERE id = ?1 AND account = ?2 AND"
                                      " region = ?3",
                                      "stt", id, r->account, r->region);
    bool there = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return there;
}

static int not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    if (!lnm_str_starts(id, LNM_STR("vol-"))) {
        return lnm_cloud_raise(r, 400, "InvalidVolumeID.Malformed",
                               "Invalid id: \"%.60s\" (expecting \"vol-...\")", id.ptr);
    }
    return lnm_cloud_raise(r, 400, "InvalidVolume.NotFound", "The volume '%.60s' does not exist.",
                           id.ptr);
}

static int check_ids(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "volume_ids");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        if (!exists(r, lnm_record_str(&r->in, i))) {
            return not_found(r, lnm_record_str(&r->in, i));
        }
    }
    return 0;
}

static int describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    if (check_ids(r) < 0 || lnm_page_begin(&page, r, "volume_ids") < 0) {
        return -1;
    }
    struct row w = {.r = r};
    w.s =
        lnm_store_query(r->cloud,
                        "SELECT id, zone, state, size, type, snapshot, encrypted, key_arn, created,"
                        " instance, device FROM volumes WHERE account = ?1 AND region = ?2 AND"
                        " id > ?3 ORDER BY id",
                        "ttt", r->account, r->region, page.after);
    int error = w.s == NULL ? lnm_cloud_internal(r) : 0;
    lnm_record_enter(&r->out, "volumes");
    while (error == 0 && sqlite3_step(w.s) == SQLITE_ROW) {
        const char *id = lnm_store_text(w.s, ID);
        int wanted = lnm_filter_listed(r, "volume_ids", id) ? lnm_filter_match(r, matches, &w) : 0;
        if (wanted < 0) {
            error = -1;
        } else if (wanted == 1) {
            if (!lnm_page_take(&page, id)) {
                break;
            }
            show_row(&w);
        }
    }
    lnm_record_close(&r->out);
    lnm_page_end(&page, r);
    return error;
}

static int delete_volume(struct lnm_cloud_request *r) {
    struct lnm_str id = lnm_cloud_param(r, "volume_id");
    sqlite3_stmt *s =
        lnm_store_query(r->cloud,
                        "SELECT instance FROM volumes WHERE id = ?1 AND account = ?2 AND"
                        " region = ?3",
                        "stt", id, r->account, r->region);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return not_found(r, id);
    }
    char instance[32];
    take(instance, sizeof instance, lnm_str_z(lnm_store_text(s, 0)), "");
    (void)sqlite3_reset(s);
    if (instance[0] != '\0') {
        return lnm_cloud_raise(r, 400, "VolumeInUse", "Volume %.60s is currently attached to %s",
                               id.ptr, instance);
    }
    int error = lnm_store_exec(r->cloud, "DELETE FROM volumes WHERE id = ?1", "s", id);
    error = error < 0 ? error
                      : lnm_store_exec(r->cloud, "DELETE FROM tags WHERE resource = ?1", "s", id);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

const struct lnm_cloud_action lnm_cloud_volumes[] = {{"CreateVolume", create},
                                                     {"DeleteVolume", delete_volume},
                                                     {"DescribeVolumes", describe},
                                                     {NULL, NULL}};
