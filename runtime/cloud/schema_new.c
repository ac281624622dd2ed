/* schema_new.c - a new file gets the newest schema at once, an older one takes its steps. */
#include "cloud/schema.h"

/* An empty state of the newest schema; SQLite frees the bytes with it. */
static sqlite3 *open_whole(void) {
    sqlite3 *whole = NULL;
    unsigned char *bytes = sqlite3_malloc64(lnm_schema_size);
    if (bytes == NULL) {
        return NULL;
    }
    memset(bytes, 0, lnm_schema_size);
    for (const struct lnm_schema_run *r = lnm_schema_runs; r->bytes != NULL; r++) {
        memcpy(bytes + r->at, r->bytes, r->len);
    }
    if (sqlite3_open(":memory:", &whole) != SQLITE_OK) {
        sqlite3_free(bytes);
    } else if (sqlite3_deserialize(whole, "main", bytes, (sqlite3_int64)lnm_schema_size,
                                   (sqlite3_int64)lnm_schema_size,
                                   SQLITE_DESERIALIZE_FREEONCLOSE) == SQLITE_OK) {
        return whole;
    }
    (void)sqlite3_close(whole);
    return NULL;
}

int lnm_schema_copy(struct lnm_cloud *c) {
    sqlite3 *whole = open_whole();
    sqlite3_backup *b = whole != NULL ? sqlite3_backup_init(c->db, "main", whole, "main") : NULL;
    bool good = b != NULL && sqlite3_backup_step(b, -1) == SQLITE_DONE;
    good = sqlite3_backup_finish(b) == SQLITE_OK && good;
    (void)sqlite3_close(whole);
    return good ? 0 : -1;
}

/* The copy is one transaction: a process that dies in it leaves a new file. Where it cannot be (its
 * pages are of another size), the steps do the same. */
int lnm_schema_migrate(struct lnm_cloud *c, struct lnm_err *err) {
    if (lnm_schema_version(c) == 0) {
        (void)lnm_schema_copy(c);
    }
    return lnm_schema_migrate_to(c, lnm_schema_newest(), err);
}
