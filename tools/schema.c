/* schema.c - the newest schema as the pages of an empty state, so that a new one need not run every
 * step to it.
 *
 * usage: schema >schema_whole.c
 * The steps are run on an empty file, and the bytes that they leave are written down, all but the
 * zeros, which are most of them. */
#include "cloud/schema.h"

#include <stdio.h>

#define GAP 32 /* so many zeros are left out */

static int failed(sqlite3 *db, const char *what) {
    (void)fprintf(stderr, "schema: %s: %s\n", what, sqlite3_errmsg(db));
    return 1;
}

/* Where the zeros end that begin at `at`. */
static sqlite3_int64 skip(const unsigned char *bytes, sqlite3_int64 at, sqlite3_int64 size) {
    while (at < size && bytes[at] == 0) {
        at++;
    }
    return at;
}

static sqlite3_int64 write_run(const unsigned char *bytes, sqlite3_int64 at, sqlite3_int64 size) {
    sqlite3_int64 end = at, next = at;
    while (next < size && next - end < GAP) { /* end: after the last byte that is not zero */
        end = bytes[next] != 0 ? next + 1 : end;
        next++;
    }
    (void)printf("    {%lld, %lld, \"", at, end - at);
    for (; at < end; at++) {
        (void)printf("\\%03o", bytes[at]);
    }
    (void)printf("\"},\n");
    return end;
}

static int write_image(sqlite3 *db) {
    sqlite3_int64 size = 0;
    unsigned char *bytes = sqlite3_serialize(db, "main", &size, 0);
    if (bytes == NULL) {
        return failed(db, "no image");
    }
    (void)printf("/* Made by tools/schema.c. */\n#include \"cloud/schema.h\"\n\n"
                 "const size_t lnm_schema_size = %lld;\n"
                 "const struct lnm_schema_run lnm_schema_runs[] = {\n",
                 size);
    for (sqlite3_int64 at = 0; (at = skip(bytes, at, size)) < size;) {
        at = write_run(bytes, at, size);
    }
    (void)printf("    {0, 0, NULL}};\n");
    sqlite3_free(bytes);
    return 0;
}

int main(void) {
    static struct lnm_cloud c;
    struct lnm_err err = {0};
    if (sqlite3_open(":memory:", &c.db) != SQLITE_OK ||
        lnm_schema_migrate_to(&c, lnm_schema_newest(), &err) < 0 ||
        sqlite3_exec(c.db, "VACUUM", NULL, NULL, NULL) != SQLITE_OK) {
        return failed(c.db, err.message);
    }
    int status = write_image(c.db);
    (void)sqlite3_close(c.db);
    return status;
}
