/* store.c - the cloud's state: one SQLite file, or memory. */
#include "cloud/schema.h"

#include "base/clock.h"
#include "base/virtual.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define YEAR_2020_US INT64_C(1577836800000000)
#define FIRST_ID UINT64_C(0xb000000000000000)

/* ---- what is written ---------------------------------------------------------------------------
 */

static uint32_t group_of(const char *table) {
    static const struct {
        const char *table;
        uint32_t group;
    } groups[] = {{"keys", LNM_TABLES_KEYS},
                  {"aliases", LNM_TABLES_KEYS},
                  {"defaults", LNM_TABLES_KEYS},
                  {"policies", LNM_TABLES_KEYS},
                  {"grants", LNM_TABLES_KEYS},
                  {"snapshots", LNM_TABLES_SNAPSHOTS},
                  {"volumes", LNM_TABLES_VOLUMES},
                  {"instances", LNM_TABLES_INSTANCES},
                  {"modifications", LNM_TABLES_MODIFICATIONS},
                  {"settled", LNM_TABLES_SETTLED}};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (strcmp(groups[i].table, table) == 0) {
            return groups[i].group;
        }
    }
    return 0;
}

static void touch(struct lnm_cloud *c, uint32_t tables) {
    c->touched |= tables;
    c->settled_us = (tables & LNM_TABLES_SETTLED) != 0 ? LNM_NEVER : c->settled_us;
    c->key_changes += tables & LNM_TABLES_KEYS;
}

/* SQLite tells of every statement that it prepares what it will write; going back writes all. */
static int note(void *arg, int action, const char *what, const char *more, const char *database,
                const char *trigger) {
    struct lnm_cloud *c = arg;
    uint32_t tables = 0;
    (void)more, (void)database, (void)trigger;
    if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE) {
        tables = group_of(what);
    } else if ((action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT) &&
               strcmp(what, "ROLLBACK") == 0) {
        tables = LNM_TABLES_ALL;
    }
    if (c->noting != NULL) {
        *c->noting |= tables;
    } else { /* not one of ours that are kept: it is run at once */
        touch(c, tables);
    }
    return SQLITE_OK;
}

void lnm_store_doubt(struct lnm_cloud *c) {
    touch(c, LNM_TABLES_ALL);
}

static void watch(struct lnm_cloud *c) {
    lnm_store_doubt(c);
    (void)sqlite3_set_authorizer(c->db, note, c);
}

/* ---- opening ------------------------------------------------------------------------------------
 */

static int failed(struct lnm_cloud *c, const char *what, struct lnm_err *err) {
    return lnm_fail(err, LNM_EIO, "LocalCloud", "the local cloud's state cannot be %s: %s", what,
                    c->db != NULL ? sqlite3_errmsg(c->db) : "out of memory");
}

/* One process a folder: the kernel gives the lock back when a process dies. */
static int take_lock(struct lnm_cloud *c, const char *dir, struct lnm_err *err) {
    char path[4200];
    if (mkdir(dir, 0700) < 0 && errno != EEXIST) {
        return lnm_fail(err, LNM_EIO, "LocalCloud", "cannot make the folder %s: %s", dir,
                        strerror(errno));
    }
    (void)snprintf(path, sizeof path, "%.4096s/lock", dir);
    c->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (c->lock_fd < 0) {
        return lnm_fail(err, LNM_EIO, "LocalCloud", "cannot open %s: %s", path, strerror(errno));
    }
    if (flock(c->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        return lnm_fail(
            err, LNM_EIO, "LocalCloud",
            "the folder %s is in use by another lunami: stop that one, or name another folder",
            dir);
    }
    return 0;
}

int lnm_store_open(struct lnm_cloud *c, const char *dir, struct lnm_err *err) {
    char path[4200] = ":memory:";
    (void)pthread_mutex_init(&c->lock, NULL);
    (void)pthread_mutex_init(&c->turn, NULL);
    if (dir != NULL) {
        int error = take_lock(c, dir, err);
        if (error < 0) {
            return error;
        }
        (void)snprintf(path, sizeof path, "%.4096s/state.db", dir);
    }
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused, when another cloud is open */
    mode_t before = umask(077);
    int code = sqlite3_open_v2(
        path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    (void)umask(before);
    /* statements that are kept hold on to many small pieces of memory;
     * one process has the file: no shared memory and no locks are needed beside ours */
    if (code != SQLITE_OK ||
        sqlite3_db_config(c->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 1200, 200) != SQLITE_OK ||
        sqlite3_exec(
            c->db,
            "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY;",
            NULL, NULL, NULL) != SQLITE_OK) {
        return failed(c, "opened", err);
    }
    int error = lnm_schema_migrate(c, err);
    watch(c);
    return error;
}

int lnm_store_keep_time(struct lnm_cloud *c) {
    return c->time == LNM_TIME_REAL || c->lock_fd < 0
               ? 0
               : lnm_store_exec(c, "INSERT OR REPLACE INTO clock(id, now) VALUES(1, ?1)", "i",
                                lnm_now_us());
}

void lnm_store_go_on(struct lnm_cloud *c) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT now FROM clock", "");
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_virtual_move(lnm_store_int(s, 0));
    }
    (void)sqlite3_reset(s);
    if (!lnm_store_is_new(c)) {
        c->seed += (uint64_t)lnm_now_us();
    }
}

void lnm_store_close(struct lnm_cloud *c) {
    free(c->keys);
    for (size_t i = 0; i < LNM_CLOUD_STATEMENTS; i++) {
        (void)sqlite3_finalize(c->statements[i].statement);
    }
    (void)sqlite3_close(c->db);
    if (c->lock_fd >= 0) {
        (void)close(c->lock_fd);
    }
    (void)pthread_mutex_destroy(&c->lock);
    (void)pthread_mutex_destroy(&c->turn);
}

/* Who waits for the lock holds the turn: so that one who lets go and takes again queues behind. */
void lnm_store_enter(struct lnm_cloud *c) {
    (void)pthread_mutex_lock(&c->turn);
    (void)pthread_mutex_lock(&c->lock);
    (void)pthread_mutex_unlock(&c->turn);
}

void lnm_store_leave(struct lnm_cloud *c) {
    (void)pthread_mutex_unlock(&c->lock);
}

bool lnm_store_is_new(struct lnm_cloud *c) {
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT 1 FROM keys UNION SELECT 1 FROM images LIMIT 1", "");
    bool is_new = s == NULL || sqlite3_step(s) != SQLITE_ROW;
    (void)sqlite3_reset(s);
    return is_new;
}

/* ---- statements --------------------------------------------------------------------------------
 */

static sqlite3_stmt *prepare(struct lnm_cloud *c, const char *sql, size_t slot) {
    c->statements[slot].writes = 0;
    c->noting = &c->statements[slot].writes;
    int code = sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                  &c->statements[slot].statement, NULL);
    c->noting = NULL;
    c->statements[slot].sql = code == SQLITE_OK ? sql : NULL;
    return code == SQLITE_OK ? c->statements[slot].statement : NULL;
}

/* A statement that is about to be run: prepared once. */
static sqlite3_stmt *cached(struct lnm_cloud *c, const char *sql) {
    size_t slot = ((uintptr_t)sql >> 3) % LNM_CLOUD_STATEMENTS;
    for (size_t i = 0; i < LNM_CLOUD_STATEMENTS; i++, slot = (slot + 1) % LNM_CLOUD_STATEMENTS) {
        if (c->statements[slot].sql != sql && c->statements[slot].sql != NULL) {
            continue;
        }
        sqlite3_stmt *s =
            c->statements[slot].sql == sql ? c->statements[slot].statement : prepare(c, sql, slot);
        touch(c, c->statements[slot].writes);
        return s;
    }
    return NULL;
}

/* `copied`: what is bound need not outlive the call. */
static sqlite3_stmt *bind(struct lnm_cloud *c, const char *sql, const char *types, bool copied,
                          va_list args) {
    sqlite3_destructor_type how = copied ? SQLITE_TRANSIENT : SQLITE_STATIC;
    sqlite3_stmt *s = cached(c, sql);
    if (s == NULL) {
        return NULL;
    }
    (void)sqlite3_reset(s);
    for (int i = 0; types[i] != '\0'; i++) {
        if (types[i] == 'i') {
            (void)sqlite3_bind_int64(s, i + 1, va_arg(args, int64_t));
        } else if (types[i] == 's') {
            struct lnm_str v = va_arg(args, struct lnm_str);
            (void)sqlite3_bind_text(s, i + 1, v.ptr, (int)v.len, how);
        } else if (types[i] == 'b') {
            struct lnm_str v = va_arg(args, struct lnm_str);
            (void)sqlite3_bind_blob(s, i + 1, v.ptr, (int)v.len, how);
        } else {
            (void)sqlite3_bind_text(s, i + 1, va_arg(args, const char *), -1, how);
        }
    }
    return s;
}

sqlite3_stmt *lnm_store_query(struct lnm_cloud *c, const char *sql, const char *types, ...) {
    va_list args;
    va_start(args, types);
    sqlite3_stmt *s = bind(c, sql, types, true, args);
    va_end(args);
    return s;
}

int lnm_store_exec(struct lnm_cloud *c, const char *sql, const char *types, ...) {
    va_list args;
    va_start(args, types);
    sqlite3_stmt *s = bind(c, sql, types, false, args);
    va_end(args);
    int code = SQLITE_ROW;
    while (s != NULL && code == SQLITE_ROW) {
        code = sqlite3_step(s);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    if (s == NULL || code != SQLITE_DONE) { /* a full disk undoes it all */
        lnm_store_doubt(c);
        return -1;
    }
    return 0;
}

const char *lnm_store_text(sqlite3_stmt *s, int column) {
    const unsigned char *text = s != NULL ? sqlite3_column_text(s, column) : NULL;
    return text != NULL ? (const char *)text : "";
}

int64_t lnm_store_int(sqlite3_stmt *s, int column) {
    return s != NULL ? sqlite3_column_int64(s, column) : 0;
}

struct lnm_str lnm_store_blob(sqlite3_stmt *s, int column) {
    const char *bytes = s != NULL ? sqlite3_column_blob(s, column) : NULL;
    return bytes != NULL ? (struct lnm_str){bytes, (size_t)sqlite3_column_bytes(s, column)}
                         : LNM_STR("");
}

bool lnm_store_is_id(struct lnm_str id, const char *prefix) {
    size_t len = strlen(prefix);
    bool good = id.len > len && memcmp(id.ptr, prefix, len) == 0;
    for (size_t i = len; good && i < id.len; i++) {
        good = isxdigit((unsigned char)id.ptr[i]) != 0;
    }
    return good;
}

/* Ids grow with time, so that what is made together lies together on disk, and lists are in the
 * order of making: microseconds since 2020 and eleven random bits, from b000... on. */
void lnm_store_id(char out[32], const char *prefix) {
    static _Thread_local uint64_t last;
    uint64_t time = (uint64_t)(lnm_now_us() - YEAR_2020_US) << 11;
    uint64_t id = FIRST_ID + time + (lnm_random_u64() & 0x7ff);
    last = id > last ? id : last + 1;
    (void)snprintf(out, 32, "%s0%016llx", prefix, (unsigned long long)last);
}

void lnm_store_uuid(char out[40]) {
    static const char digits[] = "0123456789abcdef";
    unsigned char b[16];
    lnm_random_bytes(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    char *at = out;
    for (size_t i = 0; i < sizeof b; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *at++ = '-';
        }
        *at++ = digits[b[i] >> 4];
        *at++ = digits[b[i] & 15];
    }
    *at = '\0';
}
