/* holdings.c - the same blocks, or new ones under a new data key. */
#include "cloud/holdings.h"

#include "cloud/copier.h"
#include "cloud/maps.h"

#include <openssl/crypto.h>

static int copy(struct lnm_cloud *c, const char *account, struct lnm_holding *to,
                const struct lnm_holding *from) {
    struct lnm_data_key key;
    if (lnm_data_key_make(c, &key, account, to->data_key, to->key_arn) < 0) {
        return 1;
    }
    OPENSSL_cleanse(&key, sizeof key);
    to->map = lnm_map_new(c, 0, to->data_key);
    int error = to->map < 0 ? -1 : lnm_copy_begin(c, account, from->map, to->map);
    if (error == LNM_EFAILED) {
        error = lnm_map_left(c, to->map) < 0 ? -1 : 1;
        to->map = 0;
    }
    return error;
}

int lnm_holding_derive(struct lnm_cloud *c, const char *account, struct lnm_holding *to,
                       const struct lnm_holding *from) {
    bool same = to->encrypted ? from->encrypted && strcmp(from->key_arn, to->key_arn) == 0
                              : !from->encrypted;
    if (same) {
        to->map = from->map;
        lnm_take(to->data_key, sizeof to->data_key, from->data_key);
        return 0;
    }
    to->map = 0;
    lnm_store_uuid(to->data_key);
    return from->map > 0 ? copy(c, account, to, from) : 0;
}

int lnm_holding_left(struct lnm_cloud *c, int64_t map) {
    int64_t users = map > 0 ? lnm_map_users(c, map) : 1;
    return users < 0 || (users == 0 && lnm_copy_cancel(c, map) < 0) ? -1 : lnm_map_left(c, map);
}

int lnm_holding_wait(struct lnm_cloud *c, const char *sql, const char *id) {
    if (!lnm_copies_run(c)) { /* as a rule */
        return 0;
    }
    return lnm_store_exec(c, sql, "t", id) < 0 ? -1 : sqlite3_changes(c->db) > 0;
}

/* ---- what is attached --------------------------------------------------------------------------
 */

int lnm_holding_attach(struct lnm_cloud *c, const char *account, const char *volume) {
    char id[48], arn[160];
    struct lnm_data_key key;
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT data_key, key_arn FROM volumes WHERE id = ?1", "t", volume);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    lnm_take(id, sizeof id, lnm_store_text(found ? s : NULL, 0));
    lnm_take(arn, sizeof arn, lnm_store_text(found ? s : NULL, 1));
    (void)sqlite3_reset(s);
    if (id[0] == '\0' || lnm_data_key_make(c, &key, account, id, arn) < 0) {
        return s != NULL ? 0 : -1;
    }
    int error = lnm_key_ring_put(c->blocks->ring, volume, &key);
    OPENSSL_cleanse(&key, sizeof key);
    return error;
}

/* The next volume of an instance after one: volume "" is before the first. */
static bool next_volume(struct lnm_cloud *c, const char *instance, char volume[32]) {
    sqlite3_stmt *s = lnm_store_query(
        c, "SELECT id FROM volumes WHERE instance = ?1 AND id > ?2 ORDER BY id LIMIT 1", "tt",
        instance, volume);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    lnm_take(volume, 32, lnm_store_text(found ? s : NULL, 0));
    (void)sqlite3_reset(s);
    return found;
}

int lnm_holding_attach_all(struct lnm_cloud *c, const char *account, const char *instance) {
    char volume[32] = "";
    int error = 0;
    while (error == 0 && next_volume(c, instance, volume)) {
        error = lnm_holding_attach(c, account, volume);
    }
    return error;
}

void lnm_holding_detach_all(struct lnm_cloud *c, const char *instance) {
    char volume[32] = "";
    while (next_volume(c, instance, volume)) {
        lnm_key_ring_drop(c->blocks->ring, volume);
    }
}
