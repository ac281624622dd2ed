/* map_litter.c - maps that something left: deleted, or merged with the one that stands on them.
 *
 * In slices, each of which leaves every map showing what it showed before: a reader between two of
 * them, or a process that begins after a crash, sees nothing of it. */
#include "cloud/maps.h"

struct litter {
    struct lnm_cloud *c;
    int64_t map, from; /* for the rows that are looked at one by one: where to go on */
    int most;
};

/* The last index of the first `most` blocks of a map that are at `from` or after it; -1 failed. */
static int64_t slice(struct litter *l, int64_t map, int64_t from) {
    sqlite3_stmt *s = lnm_store_query(l->c,
                                      "SELECT idx FROM blocks WHERE map = ?1 AND idx >= ?2 ORDER BY"
                                      " idx LIMIT 1 OFFSET ?3",
                                      "iii", map, from, (int64_t)l->most - 1);
    int code = s != NULL ? sqlite3_step(s) : SQLITE_ERROR;
    int64_t last = code == SQLITE_ROW ? lnm_store_int(s, 0) : INT64_MAX;
    (void)sqlite3_reset(s);
    return code == SQLITE_ROW || code == SQLITE_DONE ? last : -1;
}

/* What one that is gone or thinner let through of its parent may be seen by nobody now. */
static int done(struct litter *l) {
    int64_t parent;
    return lnm_map_parent(l->c, &parent, l->map) < 0 ||
                   lnm_store_exec(l->c, "DELETE FROM litter WHERE map = ?1", "i", l->map) < 0
               ? -1
               : lnm_map_left(l->c, parent);
}

static int forget(struct lnm_cloud *c, int64_t map) {
    char key[48];
    lnm_map_data_key(key, c, map);
    int error = lnm_store_exec(c, "DELETE FROM maps WHERE id = ?1", "i", map);
    return error < 0 ? error
                     : lnm_store_exec(c,
                                      "DELETE FROM data_keys WHERE id = ?1 AND NOT EXISTS (SELECT 1"
                                      " FROM maps WHERE data_key = ?1)",
                                      "t", key);
}

/* Nothing stands on it: all of it goes, and its parent has lost a layer. */
static int drop(struct litter *l) {
    struct lnm_cloud *c = l->c;
    int64_t last = slice(l, l->map, 0);
    if (last < 0 ||
        lnm_store_exec(c, "INSERT INTO freed SELECT slot FROM blocks WHERE map = ?1 AND idx <= ?2",
                       "ii", l->map, last) < 0 ||
        lnm_store_exec(c, "DELETE FROM blocks WHERE map = ?1 AND idx <= ?2", "ii", l->map, last) <
            0) {
        return -1;
    }
    if (last < INT64_MAX) {
        return 0;
    }
    return done(l) < 0 ? -1 : forget(c, l->map);
}

/* Which of the layer's blocks in a slice of another's the layer over it hides: (layer, over, other,
 * last). */
#define HIDDEN                                                                                     \
    " WHERE map = ?1 AND idx IN (SELECT idx FROM blocks WHERE map = ?3 AND idx <= ?4) AND EXISTS"  \
    " (SELECT 1 FROM blocks b WHERE b.map = ?2 AND b.idx = blocks.idx)"

/* Move a slice of one of two layers to the other; what is hidden goes. 1 when all is moved. */
static int move(struct litter *l, int64_t over, int64_t from, int64_t to) {
    struct lnm_cloud *c = l->c;
    int64_t last = slice(l, from, 0);
    bool good =
        last >= 0 &&
        lnm_store_exec(c, "INSERT INTO freed SELECT slot FROM blocks" HIDDEN, "iiii", l->map, over,
                       from, last) == 0 &&
        lnm_store_exec(c, "DELETE FROM blocks" HIDDEN, "iiii", l->map, over, from, last) == 0 &&
        lnm_store_exec(c, "UPDATE blocks SET map = ?2 WHERE map = ?1 AND idx <= ?3", "iii", from,
                       to, last) == 0;
    return good ? last == INT64_MAX : -1;
}

/* What refers to one map refers to another. */
static int rename_map(struct lnm_cloud *c, int64_t from, int64_t to) {
    static const char *const steps[] = {
        "UPDATE maps SET full = (SELECT full FROM maps WHERE id = ?1) WHERE id = ?2",
        "UPDATE snapshots SET map = ?2 WHERE map = ?1",
        "UPDATE volumes SET map = ?2 WHERE map = ?1",
        "UPDATE maps SET parent = ?2 WHERE parent = ?1",
        "UPDATE copies SET source = ?2 WHERE source = ?1",
        "UPDATE copies SET target = ?2 WHERE target = ?1"};
    int error = 0;
    for (size_t i = 0; error == 0 && i < sizeof steps / sizeof steps[0]; i++) {
        error = lnm_store_exec(c, steps[i], "ii", from, to);
    }
    return error;
}

static int64_t layer_over(struct lnm_cloud *c, int64_t map) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT id FROM maps WHERE parent = ?1", "i", map);
    int64_t n = s != NULL && sqlite3_step(s) == SQLITE_ROW ? lnm_store_int(s, 0) : -1;
    (void)sqlite3_reset(s);
    return n;
}

/* One layer stands on it: that moves down at once when it is small, else this one up. */
static int merge(struct litter *l) {
    struct lnm_cloud *c = l->c;
    int64_t parent, over = layer_over(c, l->map), all = over < 0 ? -1 : slice(l, over, 0);
    if (all < 0 || lnm_map_parent(c, &parent, l->map) < 0) {
        return -1;
    }
    if (all < INT64_MAX) {
        int moved = move(l, over, l->map, over);
        return moved <= 0 ? moved
               : lnm_store_exec(c, "UPDATE maps SET parent = nullif(?2, 0) WHERE id = ?1", "ii",
                                over, parent) < 0 ||
                       done(l) < 0
                   ? -1
                   : forget(c, l->map);
    }
    int moved = move(l, over, over, l->map);
    return moved <= 0                           ? moved
           : rename_map(c, over, l->map) < 0    ? -1
           : done(l) < 0 || forget(c, over) < 0 ? -1
                                                : 0;
}

/* Several layers stand on it: what all of them hide goes. */
static int thin(struct litter *l) {
    struct lnm_cloud *c = l->c;
    struct lnm_block b;
    sqlite3_stmt *s;
    int seen = 0;
    int64_t last = slice(l, l->map, l->from);
    for (int64_t index = l->from; seen >= 0 && last >= 0; index = b.index + 1) {
        s = lnm_store_query(c,
                            "SELECT idx, slot FROM blocks WHERE map = ?1 AND idx >= ?2 AND idx <="
                            " ?3 ORDER BY idx LIMIT 1",
                            "iii", l->map, index, last);
        bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
        b.index = lnm_store_int(found ? s : NULL, 0);
        b.slot = lnm_store_int(found ? s : NULL, 1);
        (void)sqlite3_reset(s);
        if (!found) {
            break;
        }
        seen = lnm_map_is_seen(c, l->map, b.index);
        seen = seen == 0 ? lnm_map_take_out(c, l->map, &b) : seen;
    }
    if (seen < 0 || last < 0) {
        return -1;
    }
    return last == INT64_MAX ? done(l)
                             : lnm_store_exec(c, "UPDATE litter SET next = ?2 WHERE map = ?1", "ii",
                                              l->map, last + 1);
}

/* Somebody uses it still, or again. */
static int settled(struct litter *l) {
    return lnm_store_exec(l->c, "DELETE FROM litter WHERE map = ?1", "i", l->map);
}

int lnm_maps_reclaim(struct lnm_cloud *c, int most) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT map, next FROM litter LIMIT 1", "");
    struct litter l = {.c = c, .most = most};
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    l.map = lnm_store_int(found ? s : NULL, 0);
    l.from = lnm_store_int(found ? s : NULL, 1);
    (void)sqlite3_reset(s);
    if (!found) {
        return s != NULL ? 0 : -1;
    }
    int64_t users = lnm_map_users(c, l.map), over = lnm_map_layers_over(c, l.map);
    int error = users < 0 || over < 0 ? -1
                : users > 0           ? settled(&l)
                : over == 0           ? drop(&l)
                : over == 1           ? merge(&l)
                                      : thin(&l);
    return error < 0 ? -1 : 1;
}
