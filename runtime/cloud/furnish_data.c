/* furnish_data.c - what the furnished snapshots hold: a few blocks each, the same in every cloud.
 *
 * The plain ones are of one disk, as if all had been made of it; the golden image of November has
 * a block changed and one added. Encrypted ones have a block of their own. */
#include "cloud/furnish.h"

#include "cloud/maps.h"

#include "aws/sigv4_hash.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#define CHANGED "snap-0a000000000000003"
#define FIRST "snap-0a000000000000001"

/* A line of text, over and over. */
static int write_text(struct lnm_cloud *c, int64_t *map, int64_t index,
                      const struct lnm_data_key *key, const char *text) {
    unsigned char *bytes = malloc(LNM_BLOCK), sum[LNM_BLOCK_SUM];
    int error = -1;
    if (bytes != NULL) {
        size_t len = (size_t)snprintf((char *)bytes, 128, "%s, block %lld of a furnished disk\n",
                                      text, (long long)index);
        for (size_t more; len < LNM_BLOCK; len += more) { /* twice as much each time */
            more = len < LNM_BLOCK - len ? len : LNM_BLOCK - len;
            memcpy(bytes + len, bytes, more);
        }
        lnm_sha256(sum, (struct lnm_str){(const char *)bytes, LNM_BLOCK});
        error = lnm_block_write(c, map, index, key, bytes, sum);
    }
    free(bytes);
    return error;
}

static int write_encrypted(struct lnm_cloud *c, struct lnm_cloud_snapshot *s) {
    struct lnm_data_key key;
    int error = lnm_data_key_make(c, &key, LNM_CLOUD_ACCOUNT, s->data_key, s->key_arn);
    error = error < 0 ? error : write_text(c, &s->map, 0, &key, s->key_arn);
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
    int error = s->map > 0 ? 0 : write_text(c, &s->map, 0, &plain, "not encrypted");
    if (error == 0 && strcmp(s->id, CHANGED) == 0) {
        s->map = lnm_map_new(c, s->map, "");
        error = s->map < 0 ? -1 : write_text(c, &s->map, 0, &plain, "changed in November");
        error = error < 0 ? error : write_text(c, &s->map, 100, &plain, "new in November");
    }
    return error;
}
