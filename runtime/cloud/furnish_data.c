/* furnish_data.c - what the furnished snapshots hold: a few blocks each, the same in every cloud.
 *
 * The plain ones are of one disk, as if all had been made of it; the golden image of November has
 * a block changed and one added. Encrypted ones have a block of their own. */
#include "cloud/furnish.h"

#include "cloud/blocks.h"
#include "cloud/maps.h"

#include "base/text.h"

#include <openssl/crypto.h>
#include <stdio.h>

#define CHANGED "snap-0a000000000000003"
#define FIRST "snap-0a000000000000001"

/* A block is a line of text, over and over. Its SHA-256 is known: hashing them all would be a third
 * of the time in which a new cloud starts. */
struct content {
    const char *text;
    int64_t index;
    const char *sum;
};

static const struct content
    first = {"not encrypted", 0,
             "282e299e63f055a8a1b17b27da29b5fe6ecee66b1c3528e93bd450e5c7fecf05"},
    changed = {"changed in November", 0,
               "38b7de4f9b6462a8a3fd9f700859812b45d1a68cdd5d36391c1a1f8dbc2b75f1"},
    added = {"new in November", 100,
             "85115a3a37995e6f0ead20faf88704218e62a4672df9ade913dcfd11d283a569"};

/* By the snapshot's id. */
static const struct content encrypted[] = {
    {"snap-0a000000000000005", 0,
     "9d50e7d00364216475cbf1db5da95458d8af61c577526acd90931910dc387206"},
    {"snap-0a000000000000007", 0,
     "d51a11955a62770762f845e56543e1def5b598b67bb3fc6607b3b04a84c733de"},
    {"snap-0a000000000000008", 0,
     "8b26c3f98ac0acaf5c516cef73d0f388088f4c80eb8a1a6763444aad684e294c"}};

static int write_content(struct lnm_cloud *c, int64_t *map, const struct lnm_data_key *key,
                         const struct content *x) {
    struct lnm_buf sum = {0};
    unsigned char *room = lnm_block_room(c);
    int error = room != NULL ? lnm_text_unhex(&sum, lnm_str_z(x->sum)) : -1;
    if (error < 0) {
        lnm_buf_free(&sum);
        return -1;
    }
    size_t len = (size_t)snprintf((char *)room, 128, "%s, block %lld of a furnished disk\n",
                                  x->text, (long long)x->index);
    for (size_t more; len < LNM_BLOCK; len += more) { /* twice as much each time */
        more = len < LNM_BLOCK - len ? len : LNM_BLOCK - len;
        memcpy(room + len, room, more);
    }
    error = lnm_block_write(c, map, x->index, key, room, (const unsigned char *)sum.ptr);
    lnm_buf_free(&sum);
    return error;
}

static int write_encrypted(struct lnm_cloud *c, struct lnm_cloud_snapshot *s) {
    struct lnm_data_key key;
    size_t i = 0;
    while (i + 1 < sizeof encrypted / sizeof encrypted[0] &&
           strcmp(encrypted[i].text, s->id) != 0) {
        i++;
    }
    int error = lnm_data_key_make(c, &key, LNM_CLOUD_ACCOUNT, s->data_key, s->key_arn);
    error = error < 0 ? error : write_content(c, &s->map, &key, &encrypted[i]);
    OPENSSL_cleanse(&key, sizeof key);
    return error;
}

static int64_t map_of(struct lnm_cloud *c, const char *snapshot) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT map FROM snapshots WHERE id = ?1", "t", snapshot);
    int64_t map = lnm_store_int(s != NULL && sqlite3_step(s) == SQLITE_ROW ? s : NULL, 0);
    (void)sqlite3_reset(s);
    return map;
}

int lnm_furnish_data(struct lnm_cloud *c, struct lnm_cloud_snapshot *s) {
    static const struct lnm_data_key plain = {"", {0}};
    if (s->encrypted) {
        return write_encrypted(c, s);
    }
    s->map = map_of(c, FIRST);
    int error = s->map > 0 ? 0 : write_content(c, &s->map, &plain, &first);
    if (error == 0 && strcmp(s->id, CHANGED) == 0) {
        s->map = lnm_map_new(c, s->map, "");
        error = s->map < 0 ? -1 : write_content(c, &s->map, &plain, &changed);
        error = error < 0 ? error : write_content(c, &s->map, &plain, &added);
    }
    return error;
}
