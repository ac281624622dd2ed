/* attachments.c - AttachVolume, DetachVolume, and what time does to them.
 *
 * Source: "Attach an Amazon EBS volume to an instance" (EBS user guide). */
#include "cloud/blocks.h"
#include "cloud/capacity.h"
#include "cloud/holdings.h"
#include "cloud/ebs_access.h"
#include "cloud/lifecycle.h"
#include "cloud/limits.h"

#include "base/date.h"

#include <stdio.h>

static void show(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v, const char *state) {
    char date[LNM_DATE_MAX];
    lnm_date_iso(date, v->attached_us);
    lnm_record_setz(&r->out, "volume_id", v->id);
    lnm_record_setz(&r->out, "instance_id", v->instance);
    lnm_record_setz(&r->out, "device", v->device);
    lnm_record_setz(&r->out, "state", state);
    lnm_record_setz(&r->out, "attach_time", date);
    lnm_record_set_bool(&r->out, "delete_on_termination", v->delete_on_termination);
}

static bool device_taken(struct lnm_cloud_request *r, const char *instance, struct lnm_str device) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT 1 FROM volumes WHERE instance = ?1 AND device = ?2", "ts",
                        instance, device);
    bool taken = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return taken;
}

static int check_quota(struct lnm_cloud_request *r, const char *instance) {
    int64_t quota;
    return lnm_limits_reached(r, LNM_QUOTA_ATTACHMENTS,
                              "SELECT count(*) FROM volumes WHERE account = ?1 AND region = ?2 AND"
                              " instance = ?3",
                              instance, &quota)
               ? lnm_cloud_raise(r, 400, "AttachmentLimitExceeded",
                                 "The instance '%s' has its %lld volumes already", instance,
                                 (long long)quota)
               : 0;
}

/* A key that the caller may not use, or nobody: AWS says so at once. */
static int check_key(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    return !v->encrypted || (lnm_ebs_permits_arn(r, r->region, v->key_arn, LNM_EBS_ATTACH) &&
                             lnm_key_works(r->cloud, r->account, r->region, v->key_arn))
               ? 0
               : lnm_cloud_raise(r, 400, "CustomerKeyHasBeenRevoked",
                                 "Volume %s cannot be attached. The encrypted volume was unable to "
                                 "access the KMS master key.",
                                 v->id);
}

static int check_attach(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v,
                        const struct lnm_cloud_instance *i) {
    struct lnm_str device = lnm_cloud_param(r, "device");
    if (strcmp(v->state, "in-use") == 0) {
        return lnm_cloud_raise(r, 400, "VolumeInUse", "%s is already attached to an instance",
                               v->id);
    }
    if (strcmp(v->state, "available") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectState", "Volume '%s' is in the '%s' state.", v->id,
                               v->state);
    }
    if (strcmp(i->state, "running") != 0 && strcmp(i->state, "stopped") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectInstanceState",
                               "Instance '%s' is not 'running' or 'stopped' (it is '%s')", i->id,
                               i->state);
    }
    if (strcmp(v->zone, i->zone) != 0) {
        return lnm_cloud_raise(r, 400, "InvalidVolume.ZoneMismatch",
                               "The volume '%s' is not in the same availability zone as instance "
                               "'%s'",
                               v->id, i->id);
    }
    if (device_taken(r, i->id, device)) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Invalid value '%.60s' for unixDevice. Attachment point %.60s is "
                               "already in use",
                               device.ptr, device.ptr);
    }
    if (v->encrypted && lnm_capacity_encrypts(r, i->type) < 0) {
        return -1;
    }
    return check_quota(r, i->id) < 0 ? -1 : check_key(r, v);
}

static int attach(struct lnm_cloud_request *r) {
    struct lnm_cloud_volume v;
    struct lnm_cloud_instance i;
    struct lnm_str volume = lnm_cloud_param(r, "volume_id"),
                   instance = lnm_cloud_param(r, "instance_id");
    if (!lnm_volume_get(r, volume, &v)) {
        return lnm_volume_not_found(r, volume);
    }
    if (!lnm_instance_get(r, instance, &i)) {
        return lnm_instance_not_found(r, instance);
    }
    if (check_attach(r, &v, &i) < 0) {
        return -1;
    }
    lnm_take(v.instance, sizeof v.instance, i.id);
    lnm_take(v.device, sizeof v.device, lnm_cloud_param(r, "device").ptr);
    v.attached_us = r->now_us;
    v.delete_on_termination = false; /* what is attached after launch stays */
    show(r, &v, "attaching");
    return lnm_store_exec(r->cloud,
                          "UPDATE volumes SET state = 'in-use', instance = ?2, device = ?3,"
                          " attached = ?4, attach_state = 'attaching', attach_due = ?5,"
                          " delete_on_termination = 0 WHERE id = ?1",
                          "tttii", v.id, v.instance, v.device, r->now_us,
                          lnm_lifecycle_due(r->cloud, r->now_us, 0)) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int check_detach(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    struct lnm_cloud_instance i;
    struct lnm_str instance = lnm_cloud_param(r, "instance_id"),
                   device = lnm_cloud_param(r, "device");
    if (v->instance[0] == '\0') {
        return lnm_cloud_raise(r, 400, "IncorrectState", "Volume '%s' is in the '%s' state.", v->id,
                               v->state);
    }
    if (instance.len > 0 && !lnm_str_is(instance, v->instance)) {
        return lnm_cloud_raise(r, 400, "InvalidAttachment.NotFound",
                               "The volume '%s' is not attached to instance '%.60s'", v->id,
                               instance.ptr);
    }
    if (device.len > 0 && !lnm_str_is(device, v->device)) {
        return lnm_cloud_raise(r, 400, "InvalidAttachment.NotFound",
                               "The volume '%s' is not attached to instance '%s' as device '%.60s'",
                               v->id, v->instance, device.ptr);
    }
    if (lnm_instance_get(r, lnm_str_z(v->instance), &i) && strcmp(i.state, "running") == 0 &&
        strcmp(v->device, i.root_device) == 0) {
        return lnm_cloud_raise(r, 400, "OperationNotPermitted",
                               "Unable to detach root volume '%s' from instance '%s'", v->id, i.id);
    }
    return 0;
}

static int detach(struct lnm_cloud_request *r) {
    struct lnm_cloud_volume v;
    struct lnm_str id = lnm_cloud_param(r, "volume_id");
    if (!lnm_volume_get(r, id, &v)) {
        return lnm_volume_not_found(r, id);
    }
    if (check_detach(r, &v) < 0) {
        return -1;
    }
    show(r, &v, "detaching");
    return lnm_store_exec(
               r->cloud,
               "UPDATE volumes SET attach_state = 'detaching', attach_due = ?2 WHERE id = ?1", "ti",
               v.id, lnm_lifecycle_due(r->cloud, r->now_us, 0)) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

/* ---- time -------------------------------------------------------------------------------------
 */

/* What cannot be decrypted is not attached: the volume is available again. */
static int end_one(struct lnm_cloud *c, const struct lnm_event *e, bool attached) {
    const char *id = e->id;
    lnm_key_ring_drop(c->blocks->ring, id);
    if (attached && lnm_holding_attach(c, e->account, id) < 0) {
        return -1;
    }
    return attached ? lnm_store_exec(c,
                                     "UPDATE volumes SET attach_state = 'attached', attach_due ="
                                     " NULL WHERE id = ?1",
                                     "t", id)
                    : lnm_store_exec(c,
                                     "UPDATE volumes SET state = 'available', instance = NULL,"
                                     " device = NULL, attach_state = NULL, attach_due = NULL WHERE"
                                     " id = ?1",
                                     "t", id);
}

static int end_attachment(struct lnm_cloud *c, const struct lnm_event *e) {
    char arn[160];
    sqlite3_stmt *s = lnm_store_query(c,
                                      "SELECT attach_state = 'attaching', encrypted, key_arn FROM"
                                      " volumes WHERE id = ?1",
                                      "t", e->id);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return -1;
    }
    bool attaching = lnm_store_int(s, 0) != 0, encrypted = lnm_store_int(s, 1) != 0;
    lnm_take(arn, sizeof arn, lnm_store_text(s, 2));
    (void)sqlite3_reset(s);
    return end_one(c, e, attaching && (!encrypted || lnm_key_works(c, e->account, e->region, arn)));
}

const struct lnm_event_kind lnm_events_attachments = {
    "SELECT attach_due, id, account, region FROM volumes WHERE attach_due IS NOT NULL ORDER BY"
    " attach_due, id LIMIT 1",
    end_attachment, true, LNM_TABLES_VOLUMES};

const struct lnm_cloud_action lnm_cloud_attachments[] = {
    {"AttachVolume", attach}, {"DetachVolume", detach}, {NULL, NULL}};
