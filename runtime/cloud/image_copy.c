/* image_copy.c - CopyImage: which key each snapshot of the copy ends up under.
 *
 * Source: "How Amazon EC2 AMI copy works" and "Encryption support when copying AMIs" (EC2 user
 * guide). */
#include "cloud/copy_pace.h"
#include "cloud/images.h"
#include "cloud/limits.h"
#include "cloud/switches.h"

#include "aws/endpoint.h"

#include <stdio.h>

/* One CopyImage, read and checked. */
struct copy {
    struct lnm_cloud_image source, image;
    struct lnm_cloud_device devices[LNM_CLOUD_DEVICES_MAX];
    struct lnm_cloud_snapshot snapshots[LNM_CLOUD_DEVICES_MAX];
    int count;
    char source_region[64];
    bool encrypt, encrypt_given;
    struct lnm_str key;
};

/* Launch permission is not enough to copy: the storage must be readable too. */
static int load_devices(struct lnm_cloud_request *r, struct copy *c) {
    c->count = lnm_image_devices(r->cloud, c->source.id, c->devices);
    for (int i = 0; i < c->count; i++) {
        if (c->devices[i].snapshot[0] != '\0' &&
            !lnm_snapshot_see(r->cloud, r->account, c->source_region, c->devices[i].snapshot,
                              &c->snapshots[i])) {
            return lnm_cloud_raise(r, 400, "InvalidRequest",
                                   "You do not have permission to access the storage of this ami");
        }
    }
    return 0;
}

/* What others are paid for stays in its account. */
static int check_products(struct lnm_cloud_request *r, const struct copy *c) {
    bool other = strcmp(c->source.account, r->account) != 0;
    return !other || (!c->source.sold && !c->source.billed)
               ? 0
               : lnm_cloud_raise(
                     r, 400, "InvalidRequest", "Images %s cannot be copied to another AWS account",
                     c->source.sold ? "from AWS Marketplace" : "with EC2 BillingProduct codes");
}

static int load_source(struct lnm_cloud_request *r, struct copy *c) {
    struct lnm_str id = lnm_cloud_param(r, "source_image_id"),
                   region = lnm_cloud_param(r, "source_region");
    (void)snprintf(c->source_region, sizeof c->source_region, "%.63s", region.ptr);
    if (strcmp(lnm_partition(lnm_str_z(c->source_region)), lnm_partition(lnm_str_z(r->region))) !=
        0) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Invalid value '%s' for sourceRegion", c->source_region);
    }
    if (!lnm_image_see(r->cloud, r->account, c->source_region, id, &c->source)) {
        return lnm_image_not_found(r, id);
    }
    if (strcmp(c->source.state, "available") != 0) {
        return lnm_cloud_raise(r, 400, "InvalidRequest",
                               "The storage for the ami is not available in the source Region.");
    }
    return check_products(r, c) < 0 ? -1 : load_devices(r, c);
}

static int check_encryption(struct lnm_cloud_request *r, struct copy *c) {
    c->key = lnm_cloud_param(r, "kms_key_id");
    c->encrypt_given = lnm_cloud_given(r, "encrypted");
    c->encrypt = lnm_record_get_bool(&r->in, 0, "encrypted", false);
    if (lnm_ebs_check(r, c->encrypt, c->key) < 0) {
        return -1;
    }
    for (int i = 0; i < c->count; i++) {
        if (c->encrypt_given && !c->encrypt && c->snapshots[i].encrypted) {
            return lnm_cloud_raise(
                r, 400, "InvalidRequest",
                "Snapshot %s is encrypted. Creating unencrypted copy from an encrypted "
                "snapshot is not supported.",
                c->snapshots[i].id);
        }
    }
    return 0;
}

/* A key that does not resolve is accepted here and fails the copy later, as on AWS. */
static int choose_key(struct lnm_cloud_request *r, const struct copy *c,
                      const struct lnm_cloud_snapshot *from, struct lnm_cloud_snapshot *to) {
    struct lnm_ebs_outcome o;
    struct lnm_ebs_wish w = {.encrypt = c->encrypt,
                             .key = c->key,
                             .from_encrypted = from->encrypted,
                             .from_key = from->key_arn,
                             .from_region = c->source_region,
                             .copy = true,
                             .managed =
                                 lnm_switch_is(r->cloud, LNM_SWITCH_COPY_IMAGE_KEY, "managed"),
                             .keeps = lnm_switch_is(r->cloud, LNM_SWITCH_COPY_IMAGE_KEY, "same") &&
                                      strcmp(c->source_region, r->region) == 0 &&
                                      strcmp(from->account, r->account) == 0};
    lnm_ebs_decide(&o, r, &w);
    to->encrypted = o.encrypted;
    to->doomed = o.doomed;
    to->why = o.why;
    lnm_take(to->key_arn, sizeof to->key_arn, o.key_arn);
    return lnm_snapshot_derive(r, to, from);
}

/* "1,566,308,778,174" */
static void write_grouped(char out[32], int64_t n) {
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)n), at = 0;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

static int copy_device(struct lnm_cloud_request *r, const struct copy *c, int i) {
    const struct lnm_cloud_snapshot *from = &c->snapshots[i];
    struct lnm_cloud_device d = c->devices[i];
    if (d.snapshot[0] == '\0') { /* an empty volume: nothing to copy */
        return lnm_image_add_device(r->cloud, c->image.id, i, &d) < 0 ? lnm_cloud_internal(r) : 0;
    }
    struct lnm_cloud_snapshot to = {
        .started_us = r->now_us, .size = from->size, .volume = LNM_COPYS_VOLUME};
    if (lnm_copy_pace(r, &to, "snapshot_copy_completion_duration_minutes") < 0) {
        return -1;
    }
    lnm_store_id(to.id, "snap-");
    char task[32];
    write_grouped(task, r->now_us / 1000);
    (void)snprintf(to.description, sizeof to.description,
                   "Copied for DestinationAmi %s from SourceAmi %s for SourceSnapshot %s. Task "
                   "created on %s.",
                   c->image.id, c->source.id, from->id, task);
    if (choose_key(r, c, from, &to) < 0) {
        return -1;
    }
    d.encrypted = to.encrypted;
    (void)snprintf(d.snapshot, sizeof d.snapshot, "%s", to.id);
    if (lnm_snapshot_insert(r->cloud, r->account, r->region, &to) < 0 ||
        lnm_image_add_device(r->cloud, c->image.id, i, &d) < 0) {
        return lnm_cloud_internal(r);
    }
    return lnm_tags_from_request(r, "snapshot", to.id);
}

static void describe_copy(struct lnm_cloud_request *r, struct copy *c) {
    struct lnm_str text = lnm_cloud_param(r, "description");
    c->image = c->source;
    c->image.created_us = r->now_us;
    (void)snprintf(c->image.state, sizeof c->image.state, "pending");
    (void)snprintf(c->image.name, sizeof c->image.name, "%s", lnm_cloud_param(r, "name").ptr);
    (void)snprintf(c->image.description, sizeof c->image.description, "%s",
                   text.len > 0 ? text.ptr : "");
    (void)snprintf(c->image.source_image, sizeof c->image.source_image, "%s", c->source.id);
    (void)snprintf(c->image.source_region, sizeof c->image.source_region, "%s", c->source_region);
    lnm_store_id(c->image.id, "ami-");
}

static int copy_tags(struct lnm_cloud_request *r, const struct copy *c) {
    if (!lnm_record_get_bool(&r->in, 0, "copy_image_tags", false) ||
        strcmp(c->source.account, r->account) != 0) { /* never tags that another account put */
        return 0;
    }
    return lnm_store_exec(
               r->cloud,
               "INSERT OR IGNORE INTO tags SELECT ?1, key, value FROM tags WHERE resource"
               " = ?2",
               "tt", c->image.id, c->source.id) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int make(struct lnm_cloud_request *r, struct copy *c) {
    describe_copy(r, c);
    if (lnm_image_insert(r->cloud, r->account, r->region, &c->image) < 0 ||
        lnm_image_carry(r->cloud, c->image.id, c->source.id) < 0) {
        return lnm_cloud_internal(r);
    }
    if (lnm_token_keep(r, c->image.id) < 0) {
        return -1;
    }
    for (int i = 0; i < c->count; i++) {
        if (copy_device(r, c, i) < 0) {
            return -1;
        }
    }
    if (lnm_lifecycle_image(r->cloud, c->image.id) < 0) {
        return lnm_cloud_internal(r);
    }
    if (lnm_tags_from_request(r, "image", c->image.id) < 0 || copy_tags(r, c) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "image_id", c->image.id);
    return 0;
}

static int check_quota(struct lnm_cloud_request *r) {
    int64_t quota;
    return lnm_limits_reached(r, LNM_QUOTA_IMAGE_COPIES,
                              "SELECT count(*) FROM images WHERE account = ?1 AND region = ?2 AND"
                              " state = 'pending' AND source_image IS NOT NULL",
                              NULL, &quota)
               ? lnm_cloud_raise(r, 400, "ResourceLimitExceeded",
                                 "Too many image copies in progress. The limit is %lld for this "
                                 "destination region.",
                                 (long long)quota)
               : 0;
}

/* A copy under way has begun with a token: the same one again is the same copy. */
static int copy_once(struct lnm_cloud_request *r, struct copy *c) {
    char made[32];
    int known = lnm_token_known(r, made);
    if (known == 1) {
        lnm_record_setz(&r->out, "image_id", made);
    }
    if (known != 0) {
        return known < 0 ? -1 : 0;
    }
    return load_source(r, c) < 0 || check_encryption(r, c) < 0 || check_quota(r) < 0 ? -1
                                                                                     : make(r, c);
}

int lnm_image_copy(struct lnm_cloud_request *r) {
    struct copy *c = sqlite3_malloc(sizeof *c);
    if (c == NULL) {
        return lnm_cloud_internal(r);
    }
    memset(c, 0, sizeof *c);
    int error = lnm_image_check_name(r, lnm_cloud_param(r, "name"), false);
    error = error < 0 ? error : copy_once(r, c);
    sqlite3_free(c);
    return error;
}
