/* storage.c - GetStorage: what the snapshots of an account and region come to, in blocks, as AWS
 * bills them: a block that several of them hold is counted once.
 *
 * Source: "How incremental snapshots work" and "Amazon EBS snapshot pricing". */
#include "cloud/maps.h"

/* Of the layers over map b.map, those through which its block b.idx is seen, itself among them. */
#define SEES                                                                                       \
    "WITH RECURSIVE sees(id) AS (SELECT b.map UNION ALL SELECT m.id FROM sees JOIN maps m ON"      \
    " m.parent = sees.id WHERE NOT EXISTS (SELECT 1 FROM blocks h WHERE h.map = m.id AND h.idx ="  \
    " b.idx)) SELECT 1 FROM sees JOIN snapshots s ON s.map = sees.id WHERE s.account = ?1 AND"     \
    " s.region = ?2"

static int64_t total(struct lnm_cloud_request *r) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "WITH RECURSIVE used(id) AS (SELECT map FROM snapshots WHERE account = ?1 AND region = ?2"
        " AND map IS NOT NULL UNION SELECT parent FROM maps JOIN used USING(id) WHERE parent IS NOT"
        " NULL) SELECT count(*) FROM used JOIN blocks b ON b.map = used.id WHERE EXISTS (" SEES ")",
        "tt", r->account, r->region);
    int64_t n = s != NULL && sqlite3_step(s) == SQLITE_ROW ? lnm_store_int(s, 0) : -1;
    (void)sqlite3_reset(s);
    return n;
}

/* What only this snapshot holds: what its deletion would give back. */
static int64_t own(struct lnm_cloud_request *r, const char *id, int64_t map) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "WITH RECURSIVE chain(id, depth) AS (VALUES(?4, 0) UNION ALL SELECT parent, depth + 1 FROM"
        " maps JOIN chain USING(id) WHERE parent IS NOT NULL) SELECT count(*) FROM chain JOIN"
        " blocks b ON b.map = chain.id WHERE NOT EXISTS (SELECT 1 FROM chain n JOIN blocks h ON"
        " h.map = n.id WHERE n.depth < chain.depth AND h.idx = b.idx) AND NOT EXISTS (" SEES
        " AND s.id <> ?3)",
        "ttti", r->account, r->region, id, map);
    int64_t n = s != NULL && sqlite3_step(s) == SQLITE_ROW ? lnm_store_int(s, 0) : -1;
    (void)sqlite3_reset(s);
    return n;
}

/* The next snapshot after one: "" is before the first. */
static bool next(struct lnm_cloud_request *r, char id[32], int64_t *map, int64_t *full) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud,
                        "SELECT snapshots.id, map, full FROM snapshots LEFT JOIN maps ON maps.id = "
                        "map WHERE account"
                        " = ?1 AND region = ?2 AND snapshots.id > ?3 ORDER BY snapshots.id LIMIT 1",
                        "ttt", r->account, r->region, id);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    lnm_take(id, 32, lnm_store_text(found ? s : NULL, 0));
    *map = lnm_store_int(found ? s : NULL, 1);
    *full = lnm_store_int(found ? s : NULL, 2);
    (void)sqlite3_reset(s);
    return found;
}

static int get_storage(struct lnm_cloud_request *r) {
    char id[32] = "";
    int64_t map, full, alone = 0, all = total(r);
    lnm_record_enter(&r->out, "snapshots");
    while (all >= 0 && alone >= 0 && next(r, id, &map, &full)) {
        alone = map > 0 ? own(r, id, map) : 0;
        lnm_record_item(&r->out);
        lnm_record_setz(&r->out, "snapshot_id", id);
        lnm_record_set_int(&r->out, "full_blocks", full);
        lnm_record_set_int(&r->out, "own_blocks", alone);
        lnm_record_close(&r->out);
    }
    lnm_record_close(&r->out);
    lnm_record_set_int(&r->out, "total_blocks", all);
    lnm_record_set_int(&r->out, "block_size", (int64_t)LNM_BLOCK);
    return all < 0 || alone < 0 ? lnm_cloud_internal(r) : 0;
}

const struct lnm_cloud_action lnm_cloud_storage[] = {{"GetStorage", get_storage}, {NULL, NULL}};
