/* walk.c - rows looked up by one id after the other, in ascending order. */
#include "cloud/walk.h"

/* Negative: the row is of an id before this one, or there is none yet; 0: of this one. */
static int order(const struct lnm_walk *w, const char *id) {
    return w->on ? strcmp(lnm_store_text(w->s, 0), id) : w->s != NULL ? 1 : -1;
}

static int step(struct lnm_walk *w, const char *id) {
    w->on = sqlite3_step(w->s) == SQLITE_ROW;
    return order(w, id);
}

sqlite3_stmt *lnm_walk_to(struct lnm_walk *w, struct lnm_cloud *c, const char *id) {
    int at = order(w, id);
    if (at < 0 && w->s != NULL && !w->apart) {
        at = step(w, id);
        w->apart = at < 0;
    }
    if (at < 0) { /* others lie between */
        lnm_take(w->from, sizeof w->from, id);
        w->s = lnm_store_query(c, w->sql, "");
        at = w->s != NULL && sqlite3_bind_text(w->s, 1, w->from, -1, SQLITE_STATIC) == SQLITE_OK
                 ? step(w, id)
                 : -1;
    }
    return at == 0 ? w->s : NULL;
}

sqlite3_stmt *lnm_walk_to_own(struct lnm_walk *w, const struct lnm_cloud_request *r,
                              const char *id) {
    sqlite3_stmt *s = lnm_walk_to(w, r->cloud, id);
    int last = s != NULL ? sqlite3_column_count(s) - 1 : 0;
    return s != NULL && strcmp(lnm_store_text(s, last - 1), r->account) == 0 &&
                   strcmp(lnm_store_text(s, last), r->region) == 0
               ? s
               : NULL;
}

bool lnm_walk_next(struct lnm_walk *w, const char *id) {
    return step(w, id) == 0;
}

void lnm_walk_end(struct lnm_walk *w) {
    if (w->s != NULL) {
        (void)sqlite3_reset(w->s);
    }
    w->s = NULL;
    w->on = w->apart = false;
}
