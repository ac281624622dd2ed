/* maps.c - block maps as rows: made, looked into, put into, left. */
#include "cloud/maps.h"

int64_t lnm_map_new(struct lnm_cloud *c, int64_t parent, const char *data_key) {
    return lnm_store_exec(c,
                          "INSERT INTO maps(parent, data_key, full) VALUES(nullif(?1, 0), ?2,"
                          " ifnull((SELECT full FROM maps WHERE id = ?1), 0))",
                          "it", parent, data_key) < 0
               ? -1
               : sqlite3_last_insert_rowid(c->db);
}

int lnm_map_parent(struct lnm_cloud *c, int64_t *parent, int64_t map) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT parent FROM maps WHERE id = ?1", "i", map);
    int code = s != NULL ? sqlite3_step(s) : SQLITE_ERROR;
    *parent = code == SQLITE_ROW ? lnm_store_int(s, 0) : 0;
    (void)sqlite3_reset(s);
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : -1;
}

static int find_in_layer(struct lnm_cloud *c, struct lnm_block *out, int64_t map, int64_t index) {
    sqlite3_stmt *s = lnm_store_query(
        c, "SELECT slot, seal FROM blocks WHERE map = ?1 AND idx = ?2", "ii", map, index);
    int code = s != NULL ? sqlite3_step(s) : SQLITE_ERROR;
    if (code == SQLITE_ROW) {
        struct lnm_str seal = lnm_store_blob(s, 1);
        out->index = index;
        out->slot = lnm_store_int(s, 0);
        out->seal.len = seal.len <= LNM_SEAL_MAX ? seal.len : 0;
        memcpy(out->seal.bytes, seal.ptr, out->seal.len);
    }
    (void)sqlite3_reset(s);
    return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : -1;
}

int lnm_map_find(struct lnm_cloud *c, struct lnm_block *out, int64_t map, int64_t index) {
    int found = 0;
    while (map > 0 && found == 0) {
        found = find_in_layer(c, out, map, index);
        if (found == 0 && lnm_map_parent(c, &map, map) < 0) {
            return -1;
        }
    }
    return found;
}

/* The only number that a statement of (map, index) answers; -1. */
static int64_t ask(struct lnm_cloud *c, const char *sql, int64_t map, int64_t index) {
    sqlite3_stmt *s = lnm_store_query(c, sql, "ii", map, index);
    int64_t n = s != NULL && sqlite3_step(s) == SQLITE_ROW ? lnm_store_int(s, 0) : -1;
    (void)sqlite3_reset(s);
    return n;
}

int64_t lnm_map_users(struct lnm_cloud *c, int64_t map) {
    return ask(c,
               "SELECT (SELECT count(*) FROM snapshots WHERE map = ?1) + (SELECT count(*) FROM"
               " volumes WHERE map = ?1) + (SELECT count(*) FROM copies WHERE source = ?1)"
               " WHERE ?2 = 0",
               map, 0);
}

int64_t lnm_map_layers_over(struct lnm_cloud *c, int64_t map) {
    return ask(c, "SELECT count(*) FROM maps WHERE parent = ?1 AND ?2 = 0", map, 0);
}

/* Of the layers over it, those through which its block is seen: has one of them a user? */
int lnm_map_is_seen(struct lnm_cloud *c, int64_t map, int64_t index) {
    int64_t users = lnm_map_users(c, map);
    return users != 0
               ? (users > 0 ? 1 : -1)
               : (int)ask(
                     c,
                     "WITH RECURSIVE sees(id) AS (SELECT id FROM maps WHERE parent = ?1 AND NOT"
                     " EXISTS (SELECT 1 FROM blocks WHERE map = maps.id AND idx = ?2) UNION ALL"
                     " SELECT m.id FROM sees JOIN maps m ON m.parent = sees.id WHERE NOT EXISTS"
                     " (SELECT 1 FROM blocks WHERE map = m.id AND idx = ?2)) SELECT EXISTS"
                     " (SELECT 1 FROM sees WHERE EXISTS (SELECT 1 FROM snapshots WHERE map ="
                     " sees.id) OR EXISTS (SELECT 1 FROM volumes WHERE map = sees.id) OR EXISTS"
                     " (SELECT 1 FROM copies WHERE source = sees.id))",
                     map, index);
}

static int put_row(struct lnm_cloud *c, int64_t map, const struct lnm_block *b) {
    return lnm_store_exec(c, "INSERT INTO blocks(map, idx, slot, seal) VALUES(?1, ?2, ?3, ?4)",
                          "iiib", map, b->index, b->slot,
                          (struct lnm_str){(const char *)b->seal.bytes, b->seal.len});
}

int lnm_map_take_out(struct lnm_cloud *c, int64_t map, const struct lnm_block *b) {
    return lnm_slot_free(c, b->slot) < 0
               ? -1
               : lnm_store_exec(c, "DELETE FROM blocks WHERE map = ?1 AND idx = ?2", "ii", map,
                                b->index);
}

/* A layer now hides a block of those below it: when nobody else sees that, it goes. */
static int hide(struct lnm_cloud *c, int64_t map, int64_t index) {
    struct lnm_block old;
    int found = 0, seen;
    do {
        if (lnm_map_parent(c, &map, map) < 0) {
            return -1;
        }
        int64_t users = map > 0 ? lnm_map_users(c, map) : 1;
        if (users != 0) {
            return users > 0 ? 0 : -1;
        }
        found = find_in_layer(c, &old, map, index);
    } while (found == 0);
    seen = found < 0 ? -1 : lnm_map_is_seen(c, map, index);
    return seen == 0 ? lnm_map_take_out(c, map, &old) : seen < 0 ? -1 : 0;
}

static int put_over(struct lnm_cloud *c, int64_t map, const struct lnm_block *b) {
    struct lnm_block old;
    int found = find_in_layer(c, &old, map, b->index);
    if (found == 1) {
        return lnm_map_take_out(c, map, &old) < 0 ? -1 : put_row(c, map, b);
    }
    found = found < 0 ? -1 : lnm_map_find(c, &old, map, b->index);
    if (found < 0 || put_row(c, map, b) < 0) {
        return -1;
    }
    return found == 1
               ? hide(c, map, b->index)
               : lnm_store_exec(c, "UPDATE maps SET full = full + 1 WHERE id = ?1", "i", map);
}

int lnm_map_put(struct lnm_cloud *c, int64_t *map, const char *data_key,
                const struct lnm_block *b) {
    int64_t users = *map > 0 ? lnm_map_users(c, *map) : 0,
            over = *map > 0 ? lnm_map_layers_over(c, *map) : 0;
    if (users < 0 || over < 0) {
        return -1;
    }
    if (*map <= 0 || users + over > 1) {
        int64_t left = users == 1 ? *map : 0;
        *map = lnm_map_new(c, *map, data_key);
        if (*map < 0 || lnm_map_left(c, left) < 0) {
            return -1;
        }
    }
    return put_over(c, *map, b);
}

int lnm_map_left(struct lnm_cloud *c, int64_t map) {
    if (map <= 0) {
        return 0;
    }
    c->blocks->busy = true;
    return lnm_store_exec(
        c, "INSERT INTO litter(map) VALUES(?1) ON CONFLICT DO UPDATE SET next = 0", "i", map);
}

int64_t lnm_map_full(struct lnm_cloud *c, int64_t map) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT full FROM maps WHERE id = ?1", "i", map);
    int64_t full = s != NULL && sqlite3_step(s) == SQLITE_ROW ? lnm_store_int(s, 0) : 0;
    (void)sqlite3_reset(s);
    return full;
}

void lnm_map_data_key(char out[48], struct lnm_cloud *c, int64_t map) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT data_key FROM maps WHERE id = ?1", "i", map);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    lnm_take(out, 48, found ? lnm_store_text(s, 0) : "");
    (void)sqlite3_reset(s);
}

int64_t lnm_map_common(struct lnm_cloud *c, int64_t a, int64_t b) {
    sqlite3_stmt *s = lnm_store_query(
        c,
        "WITH RECURSIVE one(id) AS (VALUES(?1) UNION ALL SELECT parent FROM maps JOIN one USING(id)"
        " WHERE parent IS NOT NULL), two(id, depth) AS (VALUES(?2, 0) UNION ALL SELECT parent,"
        " depth + 1 FROM maps JOIN two USING(id) WHERE parent IS NOT NULL) SELECT id FROM two WHERE"
        " id IN (SELECT id FROM one) ORDER BY depth LIMIT 1",
        "ii", a, b);
    int code = s != NULL ? sqlite3_step(s) : SQLITE_ERROR;
    int64_t common = code == SQLITE_ROW ? lnm_store_int(s, 0) : 0;
    (void)sqlite3_reset(s);
    return code == SQLITE_ROW || code == SQLITE_DONE ? common : -1;
}

int lnm_map_related(struct lnm_cloud *c, int64_t a, int64_t b) {
    int64_t common = a != 0 && b != 0 ? lnm_map_common(c, a, b) : 1;
    return common > 0 ? 1 : (int)common;
}
