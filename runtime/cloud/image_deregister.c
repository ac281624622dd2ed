/* image_deregister.c - DeregisterImage, and what is still told of an image that was.
 *
 * Source: DescribeImages (EC2 API reference): "Recently deregistered images appear in the returned
 * results for a short interval and then return empty results. After all instances that reference a
 * deregistered AMI are terminated, specifying the ID of the image will eventually return an error".
 */
#include "cloud/authorize.h"
#include "cloud/images.h"
#include "cloud/lifecycle.h"

#include "aws/endpoint.h"

#include <stdio.h>

#define EVENTUALLY_US (INT64_C(3600) * 1000000) /* as long as a terminated instance is shown */

#define OF_INSTANCE                                                                                \
    "EXISTS (SELECT 1 FROM instances i WHERE i.account = d.account AND i.region = d.region AND"    \
    " i.image = d.id AND i.state <> 'terminated')"

enum lnm_image_trace lnm_image_gone(struct lnm_cloud_request *r, struct lnm_str id) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT shown > ?4 FROM deregistered d WHERE id = ?1 AND account = ?2 AND region = ?3 AND"
        " (forgotten > ?4 OR " OF_INSTANCE ")",
        "stti", id, r->account, r->region, r->now_us);
    enum lnm_image_trace trace = s == NULL || sqlite3_step(s) != SQLITE_ROW ? LNM_IMAGE_UNKNOWN
                                 : lnm_store_int(s, 0) != 0                 ? LNM_IMAGE_SHOWN
                                                                            : LNM_IMAGE_EMPTY;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return trace;
}

static int remember(struct lnm_cloud_request *r, const char *image) {
    int64_t shown = lnm_lifecycle_due(r->cloud, r->now_us, 0);
    return lnm_store_exec(
               r->cloud, "DELETE FROM deregistered AS d WHERE forgotten <= ?1 AND NOT " OF_INSTANCE,
               "i", r->now_us) < 0
               ? -1
               : lnm_store_exec(r->cloud,
                                "INSERT INTO deregistered(id, account, region, shown, forgotten)"
                                " VALUES(?1, ?2, ?3, ?4, ?5)",
                                "tttii", image, r->account, r->region, shown,
                                shown + EVENTUALLY_US);
}

/* Snapshots are their owner's, and have an ARN without an account. */
static bool may_delete(struct lnm_cloud_request *r, const char *snapshot) {
    struct lnm_ec2_resource item = {.type = "snapshot"};
    lnm_take(item.id, sizeof item.id, snapshot);
    (void)snprintf(item.arn, sizeof item.arn, "arn:%s:ec2:%s::snapshot/%s",
                   lnm_partition(lnm_str_z(r->region)), r->region, snapshot);
    return lnm_authorized(r, "ec2:DeleteSnapshot", &item);
}

/* Delete a deregistered image's snapshot, unless another image uses it or it is not one's own. */
static int drop_snapshot(struct lnm_cloud_request *r, const char *snapshot) {
    struct lnm_cloud_snapshot found;
    bool own = lnm_snapshot_get(r->cloud, r->account, r->region, snapshot, &found) &&
               may_delete(r, snapshot);
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT 1 FROM devices WHERE snapshot = ?1", "t", snapshot);
    bool used = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    lnm_record_item(&r->out);
    lnm_record_setz(&r->out, "snapshot_id", snapshot);
    lnm_record_setz(&r->out, "return_code",
                    !own   ? "missing-permissions"
                    : used ? "skipped"
                           : "success");
    lnm_record_close(&r->out);
    if (used || !own) {
        return 0;
    }
    return lnm_snapshot_delete(r->cloud, snapshot);
}

int lnm_image_deregister(struct lnm_cloud_request *r) {
    struct lnm_cloud_image i;
    struct lnm_str id = lnm_cloud_param(r, "image_id");
    struct lnm_cloud_device devices[LNM_CLOUD_DEVICES_MAX];
    if (!lnm_image_get(r->cloud, r->account, r->region, id, &i)) {
        return lnm_image_not_found(r, id);
    }
    if (strncmp(i.protection, "enabled", 7) == 0 || i.protected_until_us > r->now_us) {
        return lnm_cloud_raise(r, 400, "OperationNotPermitted",
                               "The image '%s' is protected from deregistration", i.id);
    }
    int count = lnm_image_devices(r->cloud, i.id, devices);
    if (lnm_store_exec(r->cloud, "DELETE FROM devices WHERE image = ?1", "t", i.id) < 0 ||
        lnm_store_exec(r->cloud, "DELETE FROM images WHERE id = ?1", "t", i.id) < 0 ||
        lnm_share_forget(r->cloud, i.id) < 0 ||
        lnm_store_exec(r->cloud, "DELETE FROM tags WHERE resource = ?1", "t", i.id) < 0 ||
        remember(r, i.id) < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_record_set_bool(&r->out, "return", true);
    if (!lnm_record_get_bool(&r->in, 0, "delete_associated_snapshots", false)) {
        return 0;
    }
    lnm_record_enter(&r->out, "delete_snapshot_results");
    for (int k = 0; k < count; k++) {
        if (devices[k].snapshot[0] != '\0' && drop_snapshot(r, devices[k].snapshot) < 0) {
            return lnm_cloud_internal(r);
        }
    }
    lnm_record_close(&r->out);
    return 0;
}
