/* ebs_write.c - StartSnapshot, PutSnapshotBlock, CompleteSnapshot: a snapshot written from outside.
 *
 * While it is written to, `timeout` is set and `due` is when it is given up; what was written is
 * in `written`. Afterwards it is a pending snapshot like others. */
#include "cloud/ebs.h"
#include "cloud/holdings.h"
#include "cloud/lifecycle.h"

#include "aws/sigv4_hash.h"
#include "base/date.h"
#include "base/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#define MINUTE_US (INT64_C(60) * 1000000)
#define SIZE_MOST 65536
#define TAGS_MOST 50
#define ABANDONED "The snapshot was not completed within its timeout"

/* ---- StartSnapshot ----------------------------------------------------------------------------
 */

struct start {
    struct lnm_cloud_snapshot s, parent;
    int64_t timeout;
};

static int check_tags(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "tags");
    int count = 0;
    for (uint32_t t = list != 0 ? lnm_record_first(&r->in, list) : 0; t != 0;
         t = lnm_record_next(&r->in, list, t)) {
        struct lnm_str key = lnm_record_get(&r->in, t, "key");
        if (++count > TAGS_MOST || key.len == 0 || key.len > 127 ||
            lnm_str_starts(key, LNM_STR("aws:")) || lnm_record_get(&r->in, t, "value").len > 255) {
            return lnm_ebs_raise(r, LNM_EBS_INVALID_TAG,
                                 "At most %d tags, keys of 1 to 127 characters that do not begin "
                                 "with aws:, values of at most 255",
                                 TAGS_MOST);
        }
    }
    return 0;
}

static int put_tags(struct lnm_cloud_request *r, const char *snapshot) {
    uint32_t list = lnm_record_find(&r->in, 0, "tags");
    for (uint32_t t = list != 0 ? lnm_record_first(&r->in, list) : 0; t != 0;
         t = lnm_record_next(&r->in, list, t)) {
        if (lnm_tags_put(r, snapshot, lnm_record_get(&r->in, t, "key"),
                         lnm_record_get(&r->in, t, "value")) < 0) {
            return -1;
        }
    }
    return 0;
}

static int load_parent(struct lnm_cloud_request *r, struct start *st) {
    if (!lnm_cloud_given(r, "parent_snapshot_id")) {
        return 0;
    }
    if (lnm_cloud_given(r, "encrypted") || lnm_cloud_given(r, "kms_key_arn")) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_PARAMETER_VALUE,
                             "ParentSnapshotId cannot be given with Encrypted or KmsKeyArn");
    }
    if (lnm_ebs_snapshot(r, "parent_snapshot_id", &st->parent) < 0) {
        return -1;
    }
    if (strcmp(st->parent.account, r->account) != 0) {
        return lnm_ebs_raise(r, LNM_EBS_UNAUTHORIZED_ACCOUNT,
                             "The parent snapshot '%s' is another account's", st->parent.id);
    }
    if (strcmp(st->parent.state, "completed") != 0) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_SNAPSHOT_ID,
                             "The parent snapshot '%s' is not completed", st->parent.id);
    }
    return st->s.size >= st->parent.size
               ? 0
               : lnm_ebs_raise(r, LNM_EBS_INVALID_VOLUME_SIZE,
                               "VolumeSize is smaller than that of the parent (%lld GiB)",
                               (long long)st->parent.size);
}

/* Source of the cases: "Using encryption" with the EBS direct APIs. */
static int choose_key(struct lnm_cloud_request *r, struct start *st) {
    struct lnm_ebs_outcome o, by_default;
    struct lnm_str key = lnm_cloud_param(r, "kms_key_arn");
    bool encrypt = lnm_record_get_bool(&r->in, 0, "encrypted", false);
    struct lnm_ebs_wish w = {.encrypt = encrypt,
                             .key = key,
                             .from_encrypted = st->parent.encrypted,
                             .from_key = st->parent.key_arn,
                             .keeps = true},
                        none = {0};
    lnm_ebs_decide(&by_default, r, &none);
    if (by_default.encrypted && st->parent.id[0] != '\0' && !st->parent.encrypted) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_PARAMETER_VALUE,
                             "Encryption by default is on, and the parent is not encrypted");
    }
    if (key.len > 0 &&
        (!lnm_str_starts(key, LNM_STR("arn:aws")) || !(encrypt || by_default.encrypted))) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_PARAMETER_VALUE,
                             "KmsKeyArn must be the ARN of a key, with Encrypted");
    }
    lnm_ebs_decide(&o, r, &w);
    st->s.encrypted = o.encrypted;
    lnm_take(st->s.key_arn, sizeof st->s.key_arn, o.key_arn);
    if (o.denied) {
        return lnm_ebs_raise(r, LNM_EBS_DEPENDENCY_ACCESS_DENIED,
                             "%s may not use the KMS key %.150s", r->arn, o.key_arn);
    }
    return o.doomed ? lnm_ebs_raise(r, LNM_EBS_INVALID_CUSTOMER_KEY, "There is no KMS key %.150s",
                                    o.key_arn)
                    : 0;
}

/* A key that does not work is refused here, not later. */
static int open_lineage(struct lnm_cloud_request *r, struct start *st) {
    struct lnm_data_key key = {0};
    if (lnm_snapshot_derive(r, &st->s, &st->parent) < 0) {
        return -1;
    }
    int error = st->s.encrypted ? lnm_ebs_key(r, &st->s, &key) : 0;
    OPENSSL_cleanse(&key, sizeof key);
    return error;
}

static int read_start(struct lnm_cloud_request *r, struct start *st) {
    struct lnm_str text = lnm_cloud_param(r, "description");
    st->s.size = lnm_record_get_int(&r->in, 0, "volume_size", 0);
    if (st->s.size < 1 || st->s.size > SIZE_MOST) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_VOLUME_SIZE, "VolumeSize must be from 1 to %d GiB",
                             SIZE_MOST);
    }
    if (text.len > 255) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_PARAMETER_VALUE,
                             "Description must be at most 255 characters");
    }
    lnm_take(st->s.description, sizeof st->s.description, text.len > 0 ? text.ptr : "");
    return lnm_ebs_int(r, &st->timeout, "timeout", 60, 10, 4320) < 0 || check_tags(r) < 0 ||
                   load_parent(r, st) < 0 || choose_key(r, st) < 0
               ? -1
               : open_lineage(r, st);
}

static void show_tags(struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "tags");
    lnm_record_enter(&r->out, "tags");
    for (uint32_t t = list != 0 ? lnm_record_first(&r->in, list) : 0; t != 0;
         t = lnm_record_next(&r->in, list, t)) {
        lnm_record_item(&r->out);
        lnm_record_set(&r->out, "key", lnm_record_get(&r->in, t, "key"));
        lnm_record_set(&r->out, "value", lnm_record_get(&r->in, t, "value"));
        lnm_record_close(&r->out);
    }
    lnm_record_close(&r->out);
}

static int show_start(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s) {
    char date[LNM_DATE_MAX];
    struct lnm_record *out = &r->out;
    struct lnm_str parent = lnm_cloud_param(r, "parent_snapshot_id");
    lnm_date_iso(date, s->started_us);
    lnm_record_setz(out, "snapshot_id", s->id);
    lnm_record_setz(out, "owner_id", r->account);
    lnm_record_setz(out, "status", s->state[0] != '\0' ? s->state : "pending");
    lnm_record_setz(out, "start_time", date);
    lnm_record_set_int(out, "volume_size", s->size);
    lnm_record_set_int(out, "block_size", (int64_t)LNM_BLOCK);
    lnm_record_setz(out, "description", s->description[0] != '\0' ? s->description : NULL);
    lnm_record_setz(out, "parent_snapshot_id", parent.len > 0 ? parent.ptr : NULL);
    lnm_record_setz(out, "kms_key_arn", s->encrypted ? s->key_arn : NULL);
    lnm_record_setz(out, "sse_type", s->encrypted ? "sse-kms" : "none");
    if (lnm_cloud_given(r, "tags")) {
        show_tags(r);
    }
    return 0;
}

static int make(struct lnm_cloud_request *r) {
    struct start st = {.s = {.started_us = r->now_us, .volume = LNM_COPYS_VOLUME}};
    if (read_start(r, &st) < 0 || lnm_ebs_check_quotas(r) < 0) {
        return -1;
    }
    lnm_store_id(st.s.id, "snap-");
    st.s.due_us = r->now_us + st.timeout * MINUTE_US;
    if (lnm_snapshot_insert(r->cloud, r->account, r->region, &st.s) < 0 ||
        lnm_store_exec(r->cloud, "UPDATE snapshots SET timeout = ?2, progress = 0 WHERE id = ?1",
                       "ti", st.s.id, st.timeout) < 0) {
        return lnm_cloud_internal(r);
    }
    return put_tags(r, st.s.id) < 0 || lnm_token_keep(r, st.s.id) < 0 ? -1 : show_start(r, &st.s);
}

static int start_snapshot(struct lnm_cloud_request *r) {
    char made[32];
    struct lnm_cloud_snapshot s;
    int known = lnm_token_known(r, made);
    if (known < 0) {
        return r->error.status == 500
                   ? -1
                   : lnm_cloud_raise(r, 409, "ConflictException",
                                     "The client token was used with other parameters");
    }
    if (known == 0) {
        return make(r);
    }
    return lnm_snapshot_get(r->cloud, r->account, r->region, made, &s)
               ? show_start(r, &s)
               : lnm_ebs_raise(r, LNM_EBS_SNAPSHOT_NOT_FOUND, "The snapshot '%s' does not exist.",
                               made);
}

/* ---- a snapshot that is written to -------------------------------------------------------------
 */

/* One's own. `timeout` is 0 when it was completed already. -1 raised. */
static int load(struct lnm_cloud_request *r, struct lnm_cloud_snapshot *s, int64_t *timeout) {
    if (lnm_ebs_snapshot(r, "snapshot_id", s) < 0) {
        return -1;
    }
    if (strcmp(s->account, r->account) != 0) {
        return lnm_ebs_raise(r, LNM_EBS_UNAUTHORIZED_ACCOUNT,
                             "The snapshot '%s' is another account's", s->id);
    }
    sqlite3_stmt *q = lnm_store_query(
        r->cloud, "SELECT timeout, progress IS NOT NULL FROM snapshots WHERE id = ?1", "t", s->id);
    bool found = q != NULL && sqlite3_step(q) == SQLITE_ROW;
    *timeout = lnm_store_int(found ? q : NULL, 0);
    bool uploaded = lnm_store_int(found ? q : NULL, 1) != 0;
    (void)sqlite3_reset(q);
    return uploaded && strcmp(s->state, "error") != 0
               ? 0
               : lnm_ebs_raise(r, LNM_EBS_INVALID_SNAPSHOT_ID,
                               "The snapshot '%s' cannot be written to: it %s", s->id,
                               uploaded ? "was given up" : "was not begun by StartSnapshot");
}

/* ---- PutSnapshotBlock -------------------------------------------------------------------------
 */

static int check_words(struct lnm_cloud_request *r, const char *param, const char *word) {
    struct lnm_str given = lnm_cloud_param(r, param);
    return given.len == 0 || lnm_str_is(given, word)
               ? 0
               : lnm_ebs_raise(r, LNM_EBS_INVALID_PARAMETER_VALUE, "%s must be %s", param, word);
}

/* To check the signature it was hashed already. */
static void hash_body(unsigned char sum[LNM_BLOCK_SUM], const struct lnm_cloud_request *r) {
    struct lnm_buf bytes = {.max = 64};
    if (lnm_text_unhex(&bytes, lnm_str_z(r->body_hash)) == 0 && bytes.len == LNM_BLOCK_SUM) {
        memcpy(sum, bytes.ptr, LNM_BLOCK_SUM);
    } else {
        lnm_sha256(sum, r->body);
    }
    lnm_buf_free(&bytes);
}

/* The bytes are those that the checksum says. */
static int check_block(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s,
                       unsigned char sum[LNM_BLOCK_SUM]) {
    struct lnm_buf told = {.max = 64};
    int64_t index = lnm_record_get_int(&r->in, 0, "block_index", -1);
    if (check_words(r, "checksum_algorithm", "SHA256") < 0) {
        return -1;
    }
    if (index < 0 || index >= s->size * LNM_EBS_BLOCKS_A_GIB) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_BLOCK,
                             "Block %lld is not within the %lld GiB of %s", (long long)index,
                             (long long)s->size, s->id);
    }
    if (lnm_record_get_int(&r->in, 0, "data_length", 0) != (int64_t)LNM_BLOCK ||
        r->body.len != LNM_BLOCK) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_BLOCK, "A block is %zu bytes, not %zu", LNM_BLOCK,
                             r->body.len);
    }
    hash_body(sum, r);
    bool same = lnm_text_unbase64(&told, lnm_cloud_param(r, "checksum")) == 0 &&
                told.len == LNM_BLOCK_SUM && memcmp(told.ptr, sum, LNM_BLOCK_SUM) == 0;
    lnm_buf_free(&told);
    return same ? 0
                : lnm_ebs_raise(r, LNM_EBS_INVALID_BLOCK,
                                "The checksum is not that of the %zu bytes of the block",
                                r->body.len);
}

/* Each block puts the time off at which the snapshot is given up. */
static int note_block(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s,
                      int64_t timeout) {
    int64_t progress;
    if (lnm_ebs_int(r, &progress, "progress", 0, 0, 100) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud,
                          "UPDATE snapshots SET map = ?2, due = ?3, progress = max(progress, ?4)"
                          " WHERE id = ?1",
                          "tiii", s->id, s->map, r->now_us + timeout * MINUTE_US, progress) < 0 ||
                   lnm_store_exec(r->cloud,
                                  "INSERT OR IGNORE INTO written(snapshot, idx) VALUES(?1, ?2)",
                                  "ti", s->id, lnm_record_get_int(&r->in, 0, "block_index", 0)) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int put_block(struct lnm_cloud_request *r) {
    struct lnm_cloud_snapshot s;
    struct lnm_data_key key;
    unsigned char sum[LNM_BLOCK_SUM];
    int64_t timeout;
    if (load(r, &s, &timeout) < 0) {
        return -1;
    }
    if (timeout == 0) {
        return lnm_ebs_raise(r, LNM_EBS_INVALID_SNAPSHOT_ID, "The snapshot '%s' was completed",
                             s.id);
    }
    if (check_block(r, &s, sum) < 0 || lnm_ebs_key(r, &s, &key) < 0) {
        return -1;
    }
    int error = lnm_block_write(r->cloud, &s.map, lnm_record_get_int(&r->in, 0, "block_index", 0),
                                &key, (const unsigned char *)r->body.ptr, sum);
    OPENSSL_cleanse(&key, sizeof key);
    if (error < 0) {
        return lnm_cloud_internal(r);
    }
    lnm_record_set(&r->out, "checksum", lnm_cloud_param(r, "checksum"));
    lnm_record_setz(&r->out, "checksum_algorithm", "SHA256");
    return note_block(r, &s, timeout);
}

/* ---- CompleteSnapshot -------------------------------------------------------------------------
 */

/* SHA-256 over the SHA-256s of what was written, in the order of the indexes. */
static int aggregate(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s,
                     const struct lnm_data_key *key, unsigned char out[LNM_BLOCK_SUM]) {
    unsigned char sum[LNM_BLOCK_SUM];
    struct lnm_block b;
    EVP_MD_CTX *x = EVP_MD_CTX_new();
    bool good = x != NULL && EVP_DigestInit_ex(x, EVP_sha256(), NULL) == 1;
    sqlite3_stmt *q = lnm_store_query(
        r->cloud, "SELECT idx FROM written WHERE snapshot = ?1 ORDER BY idx", "t", s->id);
    while (good && q != NULL && sqlite3_step(q) == SQLITE_ROW) {
        int64_t index = lnm_store_int(q, 0);
        good = lnm_map_find(r->cloud, &b, s->map, index) == 1 &&
               lnm_block_sum(sum, key, index, &b.seal) == 0 &&
               EVP_DigestUpdate(x, sum, sizeof sum) == 1;
    }
    (void)sqlite3_reset(q);
    good = good && q != NULL && EVP_DigestFinal_ex(x, out, NULL) == 1;
    EVP_MD_CTX_free(x);
    return good ? 0 : lnm_cloud_internal(r);
}

static int check_sum(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s) {
    struct lnm_data_key key;
    struct lnm_buf told = {.max = 64};
    unsigned char sum[LNM_BLOCK_SUM];
    if (!lnm_cloud_given(r, "checksum")) {
        return 0;
    }
    if (check_words(r, "checksum_algorithm", "SHA256") < 0 ||
        check_words(r, "checksum_aggregation_method", "LINEAR") < 0 ||
        lnm_ebs_key(r, s, &key) < 0) {
        return -1;
    }
    int error = aggregate(r, s, &key, sum);
    OPENSSL_cleanse(&key, sizeof key);
    bool same = error == 0 && lnm_text_unbase64(&told, lnm_cloud_param(r, "checksum")) == 0 &&
                told.len == LNM_BLOCK_SUM && memcmp(told.ptr, sum, LNM_BLOCK_SUM) == 0;
    lnm_buf_free(&told);
    return error < 0 || same
               ? error
               : lnm_ebs_raise(r, LNM_EBS_INVALID_PARAMETER_VALUE,
                               "The checksum is not the linear aggregate of the blocks written");
}

static int check_count(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s) {
    sqlite3_stmt *q =
        lnm_store_query(r->cloud, "SELECT count(*) FROM written WHERE snapshot = ?1", "t", s->id);
    int64_t written = q != NULL && sqlite3_step(q) == SQLITE_ROW ? lnm_store_int(q, 0) : -1;
    int64_t told = lnm_record_get_int(&r->in, 0, "changed_blocks_count", -1);
    (void)sqlite3_reset(q);
    return written == told ? 0
                           : lnm_ebs_raise(r, LNM_EBS_INVALID_PARAMETER_VALUE,
                                           "ChangedBlocksCount is %lld, and %lld blocks were "
                                           "written",
                                           (long long)told, (long long)written);
}

static int complete(struct lnm_cloud_request *r) {
    struct lnm_cloud_snapshot s;
    int64_t timeout;
    if (load(r, &s, &timeout) < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "status", s.state);
    if (timeout == 0) { /* said again */
        return 0;
    }
    if (check_count(r, &s) < 0 || check_sum(r, &s) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud,
                          "UPDATE snapshots SET timeout = NULL, progress = 100, due = ?2 WHERE id ="
                          " ?1",
                          "ti", s.id, lnm_lifecycle_due(r->cloud, r->now_us, 0)) < 0 ||
                   lnm_store_exec(r->cloud, "DELETE FROM written WHERE snapshot = ?1", "t", s.id) <
                       0
               ? lnm_cloud_internal(r)
               : 0;
}

/* ---- time -------------------------------------------------------------------------------------
 */

static int give_up(struct lnm_cloud *c, const struct lnm_event *e) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT map FROM snapshots WHERE id = ?1", "t", e->id);
    int64_t map = lnm_store_int(s != NULL && sqlite3_step(s) == SQLITE_ROW ? s : NULL, 0);
    (void)sqlite3_reset(s);
    return lnm_store_exec(c,
                          "UPDATE snapshots SET state = 'error', message = '" ABANDONED
                          "', timeout = NULL, map = NULL WHERE id = ?1",
                          "t", e->id) < 0 ||
                   lnm_store_exec(c, "DELETE FROM written WHERE snapshot = ?1", "t", e->id) < 0
               ? -1
               : lnm_holding_left(c, map);
}

const struct lnm_event_kind lnm_events_uploads = {
    "SELECT due, id, account, region FROM snapshots WHERE state = 'pending' AND timeout IS NOT NULL"
    " ORDER BY due, id LIMIT 1",
    give_up, false, LNM_TABLES_SNAPSHOTS};

const struct lnm_cloud_action lnm_cloud_ebs_write[] = {{"CompleteSnapshot", complete},
                                                       {"PutSnapshotBlock", put_block},
                                                       {"StartSnapshot", start_snapshot},
                                                       {NULL, NULL}};
