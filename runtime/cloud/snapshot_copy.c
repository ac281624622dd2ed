/* snapshot_copy.c - CopySnapshot.
 *
 * Source: "Copy an Amazon EBS snapshot" (EBS user guide). */
#include "cloud/copy_pace.h"
#include "cloud/limits.h"
#include "cloud/switches.h"

#include "aws/endpoint.h"

#include <stdio.h>

struct copy {
    struct lnm_cloud_snapshot from, to;
    char region[64];
    bool found;
};

/* A missing source is accepted and fails later, as a bad key and a bad presigned URL do. */
static int load(struct lnm_cloud_request *r, struct copy *c) {
    struct lnm_str id = lnm_cloud_param(r, "source_snapshot_id");
    lnm_take(c->region, sizeof c->region, lnm_cloud_param(r, "source_region").ptr);
    if (!lnm_store_is_id(id, "snap-")) {
        return lnm_snapshot_not_found(r, id);
    }
    if (strcmp(lnm_partition(lnm_str_z(c->region)), lnm_partition(lnm_str_z(r->region))) != 0) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Invalid value '%s' for sourceRegion", c->region);
    }
    c->found = lnm_snapshot_see(r->cloud, r->account, c->region, id.ptr, &c->from);
    if (c->found && strcmp(c->from.state, "completed") != 0) {
        return lnm_cloud_raise(r, 400, "IncorrectState",
                               "Snapshot '%s' is not 'completed' (it is '%s')", c->from.id,
                               c->from.state);
    }
    return 0;
}

static int check(struct lnm_cloud_request *r, const struct copy *c) {
    bool encrypt = lnm_record_get_bool(&r->in, 0, "encrypted", false);
    if (lnm_cloud_given(r, "encrypted") && !encrypt &&
        lnm_switch_is(r->cloud, LNM_SWITCH_ENCRYPTED_FALSE, "refused")) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Invalid value 'false' for encrypted: it cannot be set to false");
    }
    if (c->from.encrypted && strcmp(c->region, r->region) != 0 &&
        lnm_cloud_param(r, "presigned_url").len == 0) {
        return lnm_cloud_raise(r, 400, "MissingParameter",
                               "The request must contain the parameter PresignedUrl");
    }
    return lnm_ebs_check(r, encrypt, lnm_cloud_param(r, "kms_key_id"));
}

/* Copies of images are not counted among these: they have a quota of their own. */
static int check_quota(struct lnm_cloud_request *r) {
    int64_t quota;
    return lnm_limits_reached(
               r, LNM_QUOTA_SNAPSHOT_COPIES,
               "SELECT count(*) FROM snapshots s WHERE account = ?1 AND region = ?2 AND state ="
               " 'pending' AND minutes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM devices d WHERE"
               " d.snapshot = s.id)",
               NULL, &quota)
               ? lnm_cloud_raise(r, 400, "ResourceLimitExceeded",
                                 "Too many snapshot copies in progress. The limit is %lld for this "
                                 "destination region.",
                                 (long long)quota)
               : lnm_snapshot_check_new(r, NULL);
}

static int choose_key(struct lnm_cloud_request *r, struct copy *c) {
    struct lnm_ebs_outcome o;
    struct lnm_ebs_wish w = {
        .encrypt = lnm_record_get_bool(&r->in, 0, "encrypted", false),
        .key = lnm_cloud_param(r, "kms_key_id"),
        .from_encrypted = c->from.encrypted,
        .from_key = c->from.key_arn,
        .from_region = c->region,
        .copy = true,
        .keeps = lnm_switch_is(r->cloud, LNM_SWITCH_COPY_SNAPSHOT_KEY, "same") &&
                 strcmp(c->from.account, r->account) == 0 && strcmp(c->region, r->region) == 0,
        .managed = lnm_switch_is(r->cloud, LNM_SWITCH_COPY_SNAPSHOT_KEY, "managed")};
    lnm_ebs_decide(&o, r, &w);
    c->to.encrypted = o.encrypted;
    c->to.doomed = o.doomed || !c->found;
    c->to.why = c->found ? o.why : "Source snapshot is not found";
    if (lnm_cloud_param(r, "presigned_url").len > 0 && c->from.encrypted &&
        strcmp(c->region, r->region) != 0) {
        c->to.doomed = c->to.doomed || !lnm_cloud_presigned(r, lnm_cloud_param(r, "presigned_url"),
                                                            c->region, c->from.id);
    }
    lnm_take(c->to.key_arn, sizeof c->to.key_arn, o.key_arn);
    return lnm_snapshot_derive(r, &c->to, &c->from);
}

int lnm_snapshot_copy(struct lnm_cloud_request *r) {
    struct copy c = {.to = {.started_us = r->now_us, .volume = LNM_COPYS_VOLUME}};
    struct lnm_str text = lnm_cloud_param(r, "description");
    if (load(r, &c) < 0 || check(r, &c) < 0 || check_quota(r) < 0) {
        return -1;
    }
    if (choose_key(r, &c) < 0) {
        return -1;
    }
    c.to.size = c.found ? c.from.size : 1;
    if (lnm_copy_pace(r, &c.to, "completion_duration_minutes") < 0) {
        return -1;
    }
    lnm_take(c.to.description, sizeof c.to.description, text.len > 0 ? text.ptr : "");
    lnm_store_id(c.to.id, "snap-");
    if (lnm_snapshot_insert(r->cloud, r->account, r->region, &c.to) < 0) {
        return lnm_cloud_internal(r);
    }
    if (lnm_tags_from_request(r, "snapshot", c.to.id) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "snapshot_id", c.to.id);
    lnm_tags_show(r, c.to.id);
    return 0;
}
