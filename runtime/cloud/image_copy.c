/* image_copy.c - CopyImage: which key each snapshot of the copy ends up under.
 *
 * Source: "How Amazon EC2 AMI copy works" and "Encryption support when copying AMIs" (EC2 user
 * guide). */
#include "cloud/images.h"

#include "aws/endpoint.h"

#include <stdio.h>

#define DEVICES_MAX 64

/* One CopyImage, read and checked. */
struct copy {
    struct lnm_cloud_image source, image;
    struct lnm_cloud_device devices[DEVICES_MAX];
    struct lnm_cloud_snapshot snapshots[DEVICES_MAX];
    int count;
    char source_region[64];
    bool encrypt, encrypt_given;
    struct lnm_str key;
};

static int load_devices(struct lnm_cloud_request *r, struct copy *c) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT device, snapshot, size, type, delete_on_termination FROM devices WHERE image = ?1"
        " ORDER BY position",
        "t", c->source.id);
    while (s != NULL && c->count < DEVICES_MAX && sqlite3_step(s) == SQLITE_ROW) {
        struct lnm_cloud_device *d = &c->devices[c->count++];
        (void)snprintf(d->device, sizeof d->device, "%s", lnm_store_text(s, 0));
        (void)snprintf(d->snapshot, sizeof d->snapshot, "%s", lnm_store_text(s, 1));
        d->size = lnm_store_int(s, 2);
        (void)snprintf(d->type, sizeof d->type, "%s", lnm_store_text(s, 3));
        d->delete_on_termination = lnm_store_int(s, 4) != 0;
    }
    for (int i = 0; i < c->count; i++) {
        char state[16];
        if (!lnm_snapshot_get(r->cloud, r->account, c->source_region, c->devices[i].snapshot,
                              &c->snapshots[i], state)) {
            return lnm_cloud_raise(r, 400, "InvalidRequest",
                                   "You do not have permission to access the storage of this ami");
        }
    }
    return 0;
}

/* Somebody else's image exists, but its storage is not ours to read. */
static bool is_foreign(struct lnm_cloud_request *r, struct lnm_str id, const char *region) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT 1 FROM images WHERE id = ?1 AND region = ?2", "st", id, region);
    bool there = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return there;
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
    if (lnm_lifecycle_settle(r->cloud, r->account, c->source_region, r->now_us) < 0) {
        return lnm_cloud_internal(r);
    }
    if (!lnm_image_get(r->cloud, r->account, c->source_region, id, &c->source)) {
        return is_foreign(r, id, c->source_region)
                   ? lnm_cloud_raise(r, 400, "InvalidRequest",
                                     "You do not have permission to access the storage of this ami")
                   : lnm_image_not_found(r, id);
    }
    if (strcmp(c->source.state, "available") != 0) {
        return lnm_cloud_raise(r, 400, "InvalidRequest",
                               "The storage for the ami is not available in the source Region.");
    }
    return load_devices(r, c);
}

static int check_encryption(struct lnm_cloud_request *r, struct copy *c) {
    c->key = lnm_cloud_param(r, "kms_key_id");
    c->encrypt_given = lnm_cloud_given(r, "encrypted");
    c->encrypt = lnm_record_get_bool(&r->in, 0, "encrypted", false);
    if (c->key.len > 0 && !c->encrypt) {
        return lnm_cloud_raise(
            r, 400, "InvalidParameterDependency",
            "The parameter [KmsKeyId] requires the parameter Encrypted to be set.");
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
static void choose_key(struct lnm_cloud_request *r, const struct copy *c,
                       const struct lnm_cloud_snapshot *from, struct lnm_cloud_snapshot *to) {
    struct lnm_cloud_key k;
    bool same_region = strcmp(c->source_region, r->region) == 0;
    bool found;
    to->encrypted = c->encrypt || from->encrypted;
    if (!to->encrypted) {
        return;
    }
    if (c->key.len > 0) {
        found = lnm_key_resolve(r->cloud, &k, r->account, r->region, c->key);
    } else if (from->encrypted && same_region) {
        found = lnm_key_resolve(r->cloud, &k, r->account, r->region, lnm_str_z(from->key_arn));
    } else {
        found = lnm_key_default(r->cloud, &k, r->account, r->region);
    }
    to->doomed = !found;
    (void)snprintf(to->key_arn, sizeof to->key_arn, "%.*s",
                   found ? 159 : (int)(c->key.len < 159 ? c->key.len : 159),
                   found ? k.arn : c->key.ptr);
    if (from->encrypted &&
        strcmp(from->key_arn, to->key_arn) == 0) { /* the same key: the same data key */
        (void)snprintf(to->data_key, sizeof to->data_key, "%s", from->data_key);
    } else {
        lnm_store_uuid(to->data_key);
    }
}

static int copy_device(struct lnm_cloud_request *r, const struct copy *c, int i) {
    const struct lnm_cloud_snapshot *from = &c->snapshots[i];
    struct lnm_cloud_device d = c->devices[i];
    struct lnm_cloud_snapshot to = {
        .started_us = r->now_us, .size = from->size, .volume = "vol-ffffffff"};
    to.due_us = lnm_lifecycle_due(r->cloud, r->now_us, from->size);
    lnm_store_id(to.id, "snap-");
    (void)snprintf(to.description, sizeof to.description,
                   "Copied for DestinationAmi %s from SourceAmi %s for SourceSnapshot %s. Task "
                   "created on %lld.",
                   c->image.id, c->source.id, from->id, (long long)(r->now_us / 1000));
    choose_key(r, c, from, &to);
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
    if (!lnm_record_get_bool(&r->in, 0, "copy_image_tags", false)) {
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

/* What the token stands for: used again with anything else it is a mismatch. */
static void digest(struct lnm_buf *out, const struct lnm_cloud_request *r, const struct copy *c) {
    lnm_buf_addf(out, "%s %s %d %d ", c->source.id, c->source_region, c->encrypt_given, c->encrypt);
    lnm_buf_adds(out, c->key);
    lnm_buf_addc(out, ' ');
    lnm_buf_adds(out, lnm_cloud_param(r, "name"));
    lnm_buf_addc(out, ' ');
    lnm_buf_adds(out, lnm_cloud_param(r, "description"));
}

/* 1: the token's image is answered; 0: the token is new or none; -1 raised. */
static int known_token(struct lnm_cloud_request *r, struct lnm_str request) {
    struct lnm_str token = lnm_cloud_param(r, "client_token");
    sqlite3_stmt *s = token.len == 0 ? NULL
                                     : lnm_store_query(r->cloud,
                                                       "SELECT request, resource FROM tokens WHERE "
                                                       "account = ?1 AND region = ?2 AND action ="
                                                       " 'CopyImage' AND token = ?3",
                                                       "tts", r->account, r->region, token);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return 0;
    }
    bool same = lnm_str_is(request, lnm_store_text(s, 0));
    if (same) {
        lnm_record_setz(&r->out, "image_id", lnm_store_text(s, 1));
    }
    (void)sqlite3_reset(s);
    return same ? 1
                : lnm_cloud_raise(
                      r, 400, "IdempotentParameterMismatch",
                      "The client token you have provided is associated with a resource with "
                      "different parameters");
}

static int make(struct lnm_cloud_request *r, struct copy *c, struct lnm_str request) {
    struct lnm_str token = lnm_cloud_param(r, "client_token");
    describe_copy(r, c);
    if (lnm_image_insert(r->cloud, r->account, r->region, &c->image) < 0 ||
        (token.len > 0 &&
         lnm_store_exec(r->cloud, "INSERT INTO tokens VALUES(?1, ?2, 'CopyImage', ?3, ?4, ?5)",
                        "ttsst", r->account, r->region, token, request, c->image.id) < 0)) {
        return lnm_cloud_internal(r);
    }
    for (int i = 0; i < c->count; i++) {
        if (copy_device(r, c, i) < 0) {
            return -1;
        }
    }
    if (lnm_tags_from_request(r, "image", c->image.id) < 0 || copy_tags(r, c) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "image_id", c->image.id);
    return 0;
}

int lnm_image_copy(struct lnm_cloud_request *r) {
    struct copy *c = sqlite3_malloc(sizeof *c);
    struct lnm_buf request = {.max = 4096};
    if (c == NULL) {
        return lnm_cloud_internal(r);
    }
    memset(c, 0, sizeof *c);
    int error = lnm_image_check_name(r, lnm_cloud_param(r, "name"), false);
    if (error == 0) {
        error = load_source(r, c);
    }
    if (error == 0) {
        error = check_encryption(r, c);
    }
    if (error == 0) {
        digest(&request, r, c);
        int known = known_token(r, lnm_buf_str(&request));
        error = known < 0 ? -1 : known == 1 ? 0 : make(r, c, lnm_buf_str(&request));
    }
    lnm_buf_free(&request);
    sqlite3_free(c);
    return error;
}
