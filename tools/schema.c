/* schema.c - the newest schema as one text, so that a new file need not run every step to it.
 *
 * usage: schema >schema_whole.c
 * The steps are run on an empty file, and what they leave is written down. */
#include "cloud/schema.h"

#include <stdio.h>

static const char *const wholes[] = {
    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY"
    " rowid",
    "SELECT 'INSERT INTO slots VALUES(' || next || ')' FROM slots",
    "SELECT 'PRAGMA user_version = ' || user_version FROM pragma_user_version"};

static void write_text(const char *text) {
    (void)printf("    \"");
    for (; *text != '\0'; text++) {
        (void)printf(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    (void)printf(";\"\n");
}

static int write_column(sqlite3 *db, const char *sql) {
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(s);
        if (code == SQLITE_ROW) {
            write_text((const char *)sqlite3_column_text(s, 0));
        }
    }
    (void)sqlite3_finalize(s);
    return code == SQLITE_DONE ? 0 : 1;
}

int main(void) {
    static struct lnm_cloud c;
    struct lnm_err err;
    int failed = sqlite3_open(":memory:", &c.db) != SQLITE_OK ||
                 lnm_schema_migrate_to(&c, lnm_schema_newest(), &err) < 0;
    (void)printf("/* Made by tools/schema.c. */\n#include \"cloud/schema.h\"\n\n"
                 "const char lnm_schema_whole[] =\n");
    for (size_t i = 0; i < sizeof wholes / sizeof wholes[0] && !failed; i++) {
        failed = write_column(c.db, wholes[i]);
    }
    (void)printf("    ;\n");
    if (failed) {
        (void)fprintf(stderr, "schema: %s\n", sqlite3_errmsg(c.db));
    }
    (void)sqlite3_close(c.db);
    return failed;
}
