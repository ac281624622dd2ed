/* fault_past.c - what was: a Describe that is stale is run in a savepoint in which what has changed
 * since then is put back as it was.
 *
 * Temporary triggers keep each row of images, snapshots, volumes and instances as it was before it
 * changed or went, with the time of the change. */
#include "cloud/fault.h"

#include <stdlib.h>

static const char *const tables[] = {"images", "instances", "snapshots", "volumes"};
#define TABLES (sizeof tables / sizeof tables[0])

static bool run(struct lnm_cloud *c, const char *sql) {
    return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* The text that a query of a table's name and a time gives, run. */
static bool run_made(struct lnm_cloud *c, const char *sql, const char *table, int64_t at_us) {
    sqlite3_stmt *s = NULL;
    bool good =
        sqlite3_prepare_v2(c->db, sql, -1, &s, NULL) == SQLITE_OK &&
        sqlite3_bind_text(s, 1, table, -1, SQLITE_STATIC) == SQLITE_OK &&
        (sqlite3_bind_parameter_count(s) < 2 || sqlite3_bind_int64(s, 2, at_us) == SQLITE_OK) &&
        sqlite3_step(s) == SQLITE_ROW;
    char *made = good ? strdup(lnm_store_text(s, 0)) : NULL;
    (void)sqlite3_finalize(s);
    good = made != NULL && run(c, made);
    free(made);
    return good;
}

/* `old` is a word of triggers only, so their texts name every column. */
#define KEEP(event)                                                                                \
    "'CREATE TEMP TRIGGER past_' || ?1 || '_" event "' || ' AFTER " event                          \
    " ON main.' || ?1 || ' BEGIN INSERT INTO past_' || ?1 || ' VALUES(lunami_now(), ' ||"          \
    " (SELECT group_concat('old.\"' || name || '\"') FROM pragma_table_info(?1)) || '); END;'"

bool lnm_past_begin(struct lnm_cloud *c) {
    bool good = true;
    for (size_t i = 0; good && i < TABLES; i++) {
        good = run_made(c,
                        "SELECT 'CREATE TEMP TABLE past_' || ?1 || ' AS SELECT 0 AS changed, * FROM"
                        " main.' || ?1 || ' WHERE 0;'",
                        tables[i], 0) &&
               run_made(c, "SELECT " KEEP("UPDATE"), tables[i], 0) &&
               run_made(c, "SELECT " KEEP("DELETE"), tables[i], 0);
    }
    return good;
}

void lnm_past_end(struct lnm_cloud *c) {
    for (size_t i = 0; i < TABLES; i++) {
        (void)run_made(c,
                       "SELECT 'DROP TRIGGER past_' || ?1 || '_UPDATE; DROP TRIGGER past_' || ?1 ||"
                       " '_DELETE; DROP TABLE past_' || ?1",
                       tables[i], 0);
    }
}

/* As it was before the first change since then. */
#define PUT_BACK                                                                                   \
    "SELECT 'INSERT OR REPLACE INTO main.' || ?1 || ' SELECT ' ||"                                 \
    " (SELECT group_concat('\"' || name || '\"') FROM pragma_table_info(?1)) ||"                   \
    " ' FROM past_' || ?1 || ' WHERE rowid IN (SELECT min(rowid) FROM past_' || ?1 ||"             \
    " ' WHERE changed > ' || ?2 || ' GROUP BY id)'"

int lnm_past_enter(struct lnm_cloud *c, int64_t at_us) {
    bool good = run(c, "SAVEPOINT past");
    for (size_t i = 0; good && i < TABLES; i++) {
        good = run_made(c, PUT_BACK, tables[i], at_us);
    }
    return good ? 0 : -1;
}

int lnm_past_leave(struct lnm_cloud *c) {
    return run(c, "ROLLBACK TO past; RELEASE past") ? 0 : -1;
}
