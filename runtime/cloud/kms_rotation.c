/* kms_rotation.c - what time does to keys (deletion, rotation), and rotation's actions. Source: the
 * KMS developer guide on rotating and deleting keys and the kms/2014-11-01 model. */
#include "cloud/kms.h"
#include "cloud/kms_material.h"
#include "cloud/lifecycle.h"

#define DAYS_LEAST 90
#define DAYS_MOST 2560
#define DAYS 365

/* ---- deletion ---------------------------------------------------------------------------------
 */

static int forget(struct lnm_cloud *c, const struct lnm_cloud_key *k) {
    static const char *const theirs[] = {
        "DELETE FROM materials WHERE account = ?1 AND region = ?2 AND key = ?3",
        "DELETE FROM aliases WHERE account = ?1 AND region = ?2 AND key = ?3",
        "DELETE FROM grants WHERE account = ?1 AND region = ?2 AND key = ?3",
        "DELETE FROM policies WHERE account = ?1 AND region = ?2 AND key = ?3",
        "DELETE FROM keys WHERE account = ?1 AND region = ?2 AND id = ?3"};
    int error = lnm_store_exec(c, "DELETE FROM tags WHERE resource = ?1", "t", k->arn);
    for (size_t i = 0; error == 0 && i < sizeof theirs / sizeof theirs[0]; i++) {
        error = lnm_store_exec(c, theirs[i], "ttt", k->account, k->region, k->id);
    }
    return error;
}

/* A primary that waited for the last of its replicas begins its own waiting time. */
static int begin_primary(struct lnm_cloud *c, const struct lnm_cloud_key *k, int64_t now_us) {
    return lnm_store_exec(c,
                          "UPDATE keys SET state = 'PendingDeletion', deletion = ?3 + window_days *"
                          " ?4 WHERE account = ?1 AND id = ?2 AND state = 'PendingReplicaDeletion'"
                          " AND (SELECT count(*) FROM keys WHERE account = ?1 AND id = ?2) = 1",
                          "ttii", k->account, k->id, now_us, LNM_DAY_US);
}

/* ---- rotation ---------------------------------------------------------------------------------
 */

/* New material, for the replicas as well. */
static int rotate(struct lnm_cloud *c, const struct lnm_cloud_key *k, int64_t now_us) {
    char region[64] = "";
    int error = lnm_kms_material_make(c, k, now_us);
    for (bool more = error == 0; more;) {
        sqlite3_stmt *s = lnm_store_query(
            c,
            "SELECT region FROM keys WHERE account = ?1 AND id = ?2 AND multi_region = 1 AND"
            " region > ?3 AND region <> ?4 ORDER BY region LIMIT 1",
            "tttt", k->account, k->id, region, k->region);
        more = s != NULL && sqlite3_step(s) == SQLITE_ROW;
        lnm_take(region, sizeof region, more ? lnm_store_text(s, 0) : "");
        (void)sqlite3_reset(s);
        error = more ? lnm_kms_material_share(c, k, region) : error;
        more = more && error == 0;
    }
    return error;
}

static int end_waiting(struct lnm_cloud *c, const struct lnm_event *e) {
    struct lnm_cloud_key k;
    lnm_key_name(&k, e->id, e->account, e->region);
    int error = forget(c, &k);
    return error < 0 ? error : begin_primary(c, &k, e->due_us);
}

static int end_period(struct lnm_cloud *c, const struct lnm_event *e) {
    struct lnm_cloud_key k;
    lnm_key_name(&k, e->id, e->account, e->region);
    int error = rotate(c, &k, e->due_us);
    return error < 0 ? error
                     : lnm_store_exec(c,
                                      "UPDATE keys SET rotation_next = rotation_next +"
                                      " rotation_days * ?4 WHERE account = ?1 AND region = ?2 AND"
                                      " id = ?3",
                                      "ttti", k.account, k.region, k.id, LNM_DAY_US);
}

const struct lnm_event_kind lnm_events_keys = {
    "SELECT deletion, id, account, region FROM keys WHERE state = 'PendingDeletion' ORDER BY"
    " deletion, account, region, id LIMIT 1",
    end_waiting, false, LNM_TABLES_KEYS};
const struct lnm_event_kind lnm_events_rotations = {
    "SELECT rotation_next, id, account, region FROM keys WHERE rotation_next IS NOT NULL ORDER BY"
    " rotation_next, account, region, id LIMIT 1",
    end_period, false, LNM_TABLES_KEYS};

/* ---- actions ----------------------------------------------------------------------------------
 */

static int check_symmetric(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    return strcmp(k->spec, "SYMMETRIC_DEFAULT") == 0
               ? 0
               : lnm_cloud_raise(r, 400, "UnsupportedOperationException",
                                 "You cannot perform this operation on asymmetric keys.");
}

/* A key whose rotation can be changed. */
static int find(struct lnm_cloud_request *r, struct lnm_cloud_key *k) {
    if (lnm_key_changeable(r, k, "key_id", false) < 0 || check_symmetric(r, k) < 0 ||
        lnm_key_check_state(r, k) < 0) {
        return -1;
    }
    return lnm_key_is_replica(k)
               ? lnm_cloud_raise(r, 400, "UnsupportedOperationException",
                                 "%s is a replica key: it is rotated with its primary.", k->arn)
               : 0;
}

static int set_rotation(struct lnm_cloud_request *r, const struct lnm_cloud_key *k, int64_t days) {
    return lnm_store_exec(r->cloud,
                          "UPDATE keys SET rotation_days = nullif(?1, 0), rotation_next ="
                          " nullif(?2, 0) WHERE account = ?3 AND region = ?4 AND id = ?5",
                          "iittt", days, days > 0 ? r->now_us + days * LNM_DAY_US : 0, k->account,
                          k->region, k->id) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int enable_rotation(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    int64_t days = lnm_record_get_int(&r->in, 0, "rotation_period_in_days", DAYS);
    if (days < DAYS_LEAST || days > DAYS_MOST) {
        return lnm_kms_invalid(r, "(its value)", "rotationPeriodInDays",
                               "have value between 90 and 2560");
    }
    return find(r, &k) < 0 ? -1 : set_rotation(r, &k, days);
}

static int disable_rotation(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return find(r, &k) < 0 ? -1 : set_rotation(r, &k, 0);
}

static int rotate_now(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    if (find(r, &k) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "key_id", k.arn);
    return rotate(r->cloud, &k, r->now_us) < 0 ? lnm_cloud_internal(r) : 0;
}

/* AWS's own keys rotate every year; a replica as its primary does. */
static int rotation_status(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    if (lnm_key_find(r, &k, "key_id", false) < 0 || check_symmetric(r, &k) < 0) {
        return -1;
    }
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT rotation_days, rotation_next FROM keys WHERE account = ?1 AND region = ?2 AND"
        " id = ?3",
        "ttt", k.account, k.multi_region ? k.primary_region : k.region, k.id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    int64_t days = found ? lnm_store_int(s, 0) : 0, next = found ? lnm_store_int(s, 1) : 0;
    (void)sqlite3_reset(s);
    lnm_record_setz(&r->out, "key_id", k.arn);
    lnm_record_set_bool(&r->out, "key_rotation_enabled", days > 0 || strcmp(k.manager, "AWS") == 0);
    if (days > 0) {
        lnm_record_set_int(&r->out, "rotation_period_in_days", days);
        lnm_kms_show_time(&r->out, "next_rotation_date", next);
    }
    return 0;
}

static int update_description(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return lnm_key_changeable(r, &k, "key_id", false) < 0 ? -1 : lnm_key_describe(r, &k);
}

const struct lnm_cloud_action lnm_cloud_kms_rotation[] = {
    {"DisableKeyRotation", disable_rotation},     {"EnableKeyRotation", enable_rotation},
    {"GetKeyRotationStatus", rotation_status},    {"RotateKeyOnDemand", rotate_now},
    {"UpdateKeyDescription", update_description}, {NULL, NULL}};
