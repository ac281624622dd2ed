/* schema_new.c - a new file gets the newest schema at once, an older one takes its steps. */
#include "cloud/schema.h"

/* In one transaction: a process that dies in it leaves a new file. */
static bool make_whole(struct lnm_cloud *c) {
    return sqlite3_exec(c->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_exec(c->db, lnm_schema_whole, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_exec(c->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
}

int lnm_schema_migrate(struct lnm_cloud *c, struct lnm_err *err) {
    if (lnm_schema_version(c) == 0 && !make_whole(c)) {
        return lnm_fail(err, LNM_EIO, "LocalCloud", "the local cloud's state cannot be made: %s",
                        sqlite3_errmsg(c->db));
    }
    return lnm_schema_migrate_to(c, lnm_schema_newest(), err);
}
