/* map_cursor.c - the blocks of a map in order: its layers merged, the upper one winning. */
#include "cloud/maps.h"

#include <stdlib.h>

struct lnm_map_layer {
    int64_t map, index; /* of the row that its statement stands on */
    sqlite3_stmt *rows;
    bool ended;
};

static int step(struct lnm_map_layer *l) {
    int code = sqlite3_step(l->rows);
    l->ended = code != SQLITE_ROW;
    l->index = l->ended ? INT64_MAX : sqlite3_column_int64(l->rows, 0);
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : -1;
}

/* A statement for each layer: the cached ones stand on one row at a time. */
static int add_layer(struct lnm_map_cursor *m, struct lnm_cloud *c, int64_t map, int64_t from) {
    struct lnm_map_layer *grown = realloc(m->layers, (m->count + 1) * sizeof *grown);
    if (grown == NULL) {
        return -1;
    }
    m->layers = grown;
    struct lnm_map_layer *l = &m->layers[m->count];
    *l = (struct lnm_map_layer){.map = map};
    if (sqlite3_prepare_v2(
            c->db, "SELECT idx, slot, seal FROM blocks WHERE map = ?1 AND idx >= ?2 ORDER BY idx",
            -1, &l->rows, NULL) != SQLITE_OK) {
        return -1;
    }
    m->count++;
    return sqlite3_bind_int64(l->rows, 1, map) == SQLITE_OK &&
                   sqlite3_bind_int64(l->rows, 2, from) == SQLITE_OK
               ? step(l)
               : -1;
}

int lnm_map_open(struct lnm_map_cursor *m, struct lnm_cloud *c, int64_t map, int64_t below,
                 int64_t from) {
    int error = 0;
    memset(m, 0, sizeof *m);
    while (error == 0 && map > 0 && map != below) {
        error = add_layer(m, c, map, from);
        error = error < 0 ? error : lnm_map_parent(c, &map, map);
    }
    return error;
}

static void take(struct lnm_map_cursor *m, const struct lnm_map_layer *l) {
    struct lnm_str seal = lnm_store_blob(l->rows, 2);
    m->map = l->map;
    m->block.index = l->index;
    m->block.slot = sqlite3_column_int64(l->rows, 1);
    m->block.seal.len = seal.len <= LNM_SEAL_MAX ? seal.len : 0;
    memcpy(m->block.seal.bytes, seal.ptr, m->block.seal.len);
}

int lnm_map_next(struct lnm_map_cursor *m) {
    const struct lnm_map_layer *first = NULL;
    for (size_t i = 0; i < m->count; i++) {
        if (!m->layers[i].ended && (first == NULL || m->layers[i].index < first->index)) {
            first = &m->layers[i];
        }
    }
    if (first == NULL) {
        return 0;
    }
    take(m, first);
    for (size_t i = 0; i < m->count; i++) {
        if (m->layers[i].index == m->block.index && step(&m->layers[i]) < 0) {
            return -1;
        }
    }
    return 1;
}

void lnm_map_close(struct lnm_map_cursor *m) {
    for (size_t i = 0; i < m->count; i++) {
        (void)sqlite3_finalize(m->layers[i].rows);
    }
    free(m->layers);
    memset(m, 0, sizeof *m);
}
