/* copier.c - copies under another data key, batch by batch; and the thread. */
#include "cloud/copier.h"

#include "cloud/data_keys.h"
#include "cloud/lifecycle.h"
#include "cloud/maps.h"
#include "cloud/thread.h"

#include "base/clock.h"
#include "base/log.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <unistd.h>

#define BATCH 64       /* blocks copied in one go: 32 MiB */
#define AT_ONCE 32     /* a copy of so few is done where it is asked for */
#define ROWS_MOST 4096 /* of reclaiming, in one transaction */

struct batch {
    int64_t copy, source, target;
    struct lnm_data_key from_key, to_key;
    int count;
    bool last; /* nothing of the source is left after it */
    struct lnm_block from[BATCH], to[BATCH];
};

struct lnm_copier {
    struct lnm_cloud *cloud;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool begun, work, stop; /* under the mutex */
};

/* ---- one batch ---------------------------------------------------------------------------------
 */

static int open_keys(struct lnm_cloud *c, struct batch *b, const char *account) {
    char id[48];
    lnm_map_data_key(id, c, b->source);
    int error = lnm_data_key_open(c, &b->from_key, account, id);
    lnm_map_data_key(id, c, b->target);
    return error < 0 ? error : lnm_data_key_open(c, &b->to_key, account, id);
}

/* The next blocks of the source, and a slot for each. */
static int fill(struct lnm_cloud *c, struct batch *b, int64_t next) {
    struct lnm_map_cursor m;
    int more = lnm_map_open(&m, c, b->source, 0, next) < 0 ? -1 : 1;
    while (more == 1 && b->count < BATCH && (more = lnm_map_next(&m)) == 1) {
        b->from[b->count] = b->to[b->count] = m.block;
        b->count++;
    }
    lnm_map_close(&m);
    b->last = more == 0;
    for (int i = 0; more >= 0 && i < b->count; i++) {
        b->to[i].slot = lnm_slot_take(c);
        more = b->to[i].slot < 0 ? -1 : more;
    }
    return more < 0 ? -1 : 0;
}

/* Read, decrypt, encrypt, write: no database, any thread. */
static int run(const struct lnm_blocks *blocks, struct batch *b) {
    unsigned char *bytes = malloc(2 * LNM_BLOCK), sum[LNM_BLOCK_SUM];
    int error = bytes != NULL ? 0 : LNM_ENOMEM;
    for (int i = 0; error == 0 && i < b->count; i++) {
        error = lnm_slot_read(blocks, b->from[i].slot, bytes);
        error = error < 0
                    ? error
                    : lnm_block_open(bytes, sum, &b->from_key, b->from[i].index, &b->from[i].seal);
        if (error == 0) {
            const unsigned char *stored = lnm_block_seal(&b->to[i].seal, bytes + LNM_BLOCK,
                                                         &b->to_key, b->to[i].index, bytes, sum);
            error = stored == NULL ? LNM_EFAILED : lnm_slot_write(blocks, b->to[i].slot, stored);
        }
        if (error == 0 && blocks->durable) { /* the disk begins while the next is encrypted */
            (void)sync_file_range(blocks->fd, b->to[i].slot * (off_t)LNM_BLOCK, (off_t)LNM_BLOCK,
                                  SYNC_FILE_RANGE_WRITE);
        }
    }
    OPENSSL_clear_free(bytes, bytes != NULL ? 2 * LNM_BLOCK : 0);
    return error;
}

static int record(struct lnm_cloud *c, const struct batch *b) {
    int error = 0;
    for (int i = 0; error == 0 && i < b->count; i++) {
        error =
            lnm_store_exec(c, "INSERT INTO blocks(map, idx, slot, seal) VALUES(?1, ?2, ?3, ?4)",
                           "iiib", b->target, b->to[i].index, b->to[i].slot,
                           (struct lnm_str){(const char *)b->to[i].seal.bytes, b->to[i].seal.len});
    }
    return error < 0 ? -1
                     : lnm_store_exec(c, "UPDATE maps SET full = full + ?2 WHERE id = ?1", "ii",
                                      b->target, (int64_t)b->count);
}

static const char CLAIM[] = "INSERT INTO claims(slot) VALUES(?1)",
                  UNCLAIM[] = "DELETE FROM claims WHERE slot = ?1",
                  GIVE_BACK[] = "INSERT INTO freed(slot) VALUES(?1)";

static int change_slots(struct lnm_cloud *c, const struct batch *b, const char *sql) {
    int error = 0;
    for (int i = 0; error == 0 && i < b->count; i++) {
        error = lnm_store_exec(c, sql, "i", b->to[i].slot);
    }
    return error;
}

/* ---- asked for by the thread that serves --------------------------------------------------------
 */

static int copy_at_once(struct lnm_cloud *c, struct batch *b) {
    if (fill(c, b, 0) < 0) {
        return -1;
    }
    c->blocks->unsynced = true;
    if (run(c->blocks, b) == 0) {
        return record(c, b);
    }
    c->blocks->busy = true;
    return change_slots(c, b, GIVE_BACK) < 0 ? -1 : LNM_EFAILED;
}

int lnm_copy_begin(struct lnm_cloud *c, const char *account, int64_t source, int64_t target) {
    struct batch *b = calloc(1, sizeof *b);
    if (b == NULL) {
        return -1;
    }
    b->source = source;
    b->target = target;
    int error = open_keys(c, b, account) < 0 ? LNM_EFAILED : 0;
    if (error == 0 && lnm_map_full(c, source) <= AT_ONCE) {
        error = copy_at_once(c, b);
    } else if (error == 0) {
        c->blocks->busy = true;
        error = lnm_store_exec(
            c, "INSERT INTO copies(account, source, target, next) VALUES(?1, ?2, ?3, 0)", "tii",
            account, source, target);
    }
    OPENSSL_clear_free(b, sizeof *b);
    return error;
}

bool lnm_copy_runs(struct lnm_cloud *c, int64_t target) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT 1 FROM copies WHERE target = ?1", "i", target);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return found;
}

bool lnm_copies_run(struct lnm_cloud *c) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT 1 FROM copies LIMIT 1", "");
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return found;
}

/* Its source is not needed any more; what waited for it goes on. */
int lnm_copy_cancel(struct lnm_cloud *c, int64_t target) {
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT source FROM copies WHERE target = ?1", "i", target);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    int64_t source = lnm_store_int(found ? s : NULL, 0);
    (void)sqlite3_reset(s);
    if (!found) {
        return s != NULL ? 0 : -1;
    }
    return lnm_store_exec(c, "DELETE FROM copies WHERE target = ?1", "i", target) < 0
               ? -1
               : lnm_map_left(c, source);
}

/* ---- the thread --------------------------------------------------------------------------------
 */

/* Whoever was found waiting for a copy (without a due time) is due now. */
static int tell_waiters(struct lnm_cloud *c, int64_t target, bool failed) {
    static const char *const steps[] = {
        "UPDATE snapshots SET due = ifnull(due, ?2), doomed = doomed OR ?3 WHERE map = ?1 AND state"
        " = 'pending'",
        "UPDATE instances SET due = ifnull(due, ?2), doomed = CASE WHEN ?3 THEN 1 ELSE doomed END"
        " WHERE state = 'pending' AND id IN (SELECT instance FROM volumes WHERE map = ?1)",
        "UPDATE volumes SET due = ifnull(due, ?2), doomed = doomed OR ?3 WHERE map = ?1"};
    int64_t now_us = lnm_now_us();
    int error = lnm_lifecycle_begin(c, now_us);
    for (size_t i = 0; error == 0 && i < sizeof steps / sizeof steps[0]; i++) {
        error = lnm_store_exec(c, steps[i], "iii", target, now_us, (int64_t)failed);
    }
    return error;
}

static int end_copy(struct lnm_cloud *c, const struct batch *b, bool failed) {
    return tell_waiters(c, b->target, failed) < 0 || lnm_copy_cancel(c, b->target) < 0
               ? -1
               : lnm_lifecycle_look(c);
}

/* The copy that is worked at, and where; as it is now: maps may have been merged meanwhile. */
static int look_up(struct lnm_cloud *c, struct batch *b, int64_t copy, int64_t *next,
                   char account[16]) {
    sqlite3_stmt *s =
        lnm_store_query(c,
                        "SELECT id, source, target, next, account FROM copies WHERE id"
                        " = ?1 OR ?1 = 0 ORDER BY id LIMIT 1",
                        "i", copy);
    int code = s != NULL ? sqlite3_step(s) : SQLITE_ERROR;
    if (code == SQLITE_ROW) {
        b->copy = lnm_store_int(s, 0);
        b->source = lnm_store_int(s, 1);
        b->target = lnm_store_int(s, 2);
        *next = lnm_store_int(s, 3);
        lnm_take(account, 16, lnm_store_text(s, 4));
    }
    (void)sqlite3_reset(s);
    return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : -1;
}

/* Take up the next batch: 1, 0 when there is nothing to copy, -1. */
static int take_up(struct lnm_cloud *c, struct batch *b) {
    char account[16];
    int64_t next = 0;
    int found = look_up(c, b, 0, &next, account);
    if (found <= 0) {
        return found;
    }
    if (open_keys(c, b, account) < 0) { /* the key was disabled meanwhile */
        return end_copy(c, b, true) < 0 ? -1 : 1;
    }
    return fill(c, b, next) < 0 || change_slots(c, b, CLAIM) < 0 ? -1 : 1;
}

/* Note what a batch has come to: nothing, when the copy was given up meanwhile. */
static int settle(struct lnm_cloud *c, struct batch *b, int outcome) {
    char account[16];
    int64_t next;
    int found = look_up(c, b, b->copy, &next, account);
    if (found < 0 || change_slots(c, b, UNCLAIM) < 0) {
        return -1;
    }
    if (found == 0 || outcome < 0) {
        if (outcome < 0 && found == 1) {
            lnm_log(LNM_LOG_WARN, "a copy failed: %s",
                    outcome == LNM_EPARSE ? "a block of its source is damaged"
                                          : "blocks cannot be read or written");
        }
        c->blocks->busy = true;
        return change_slots(c, b, GIVE_BACK) < 0 ? -1 : found == 1 ? end_copy(c, b, true) : 0;
    }
    if (record(c, b) < 0) {
        return -1;
    }
    return b->last ? end_copy(c, b, false)
                   : lnm_store_exec(c, "UPDATE copies SET next = ?2 WHERE id = ?1", "ii", b->copy,
                                    b->to[b->count - 1].index + 1);
}

static int commit(struct lnm_cloud *c, int error) {
    return lnm_store_exec(c, error < 0 ? "ROLLBACK" : "COMMIT", "") < 0 ? -1 : error;
}

static int in_transaction(struct lnm_cloud *c, struct batch *b, int outcome) {
    if (lnm_store_exec(c, "BEGIN IMMEDIATE", "") < 0) {
        return -1;
    }
    int error = b->copy != 0 ? settle(c, b, outcome) : 0;
    OPENSSL_cleanse(b, sizeof *b);
    return commit(c, error < 0 ? -1 : take_up(c, b));
}

static bool stops(struct lnm_copier *k) {
    (void)pthread_mutex_lock(&k->mutex);
    bool stop = k->stop;
    (void)pthread_mutex_unlock(&k->mutex);
    return stop;
}

/* Copy until there is nothing to copy, or to be stopped. */
static int copy_all(struct lnm_copier *k, struct batch *b) {
    struct lnm_cloud *c = k->cloud;
    int outcome = 0, more;
    memset(b, 0, sizeof *b);
    do {
        lnm_store_enter(c);
        more = in_transaction(c, b, outcome);
        lnm_store_leave(c);
        if (more == 1) {
            outcome = run(c->blocks, b);
            outcome = outcome == 0 && c->blocks->durable ? fdatasync(c->blocks->fd) : outcome;
        }
    } while (more == 1 && !stops(k));
    OPENSSL_cleanse(b, sizeof *b);
    return more;
}

/* A slice of reclaiming; 1 when more is left. */
static int reclaim(struct lnm_cloud *c) {
    lnm_store_enter(c);
    int more = lnm_store_exec(c, "BEGIN IMMEDIATE", "") < 0
                   ? -1
                   : commit(c, lnm_maps_reclaim(c, ROWS_MOST));
    int freed = more < 0 ? -1 : lnm_slots_reclaim(c, ROWS_MOST / 8);
    lnm_store_leave(c);
    return more < 0 || freed < 0 ? -1 : more == 1 || freed > 0;
}

static bool wait_for_work(struct lnm_copier *k) {
    (void)pthread_mutex_lock(&k->mutex);
    while (!k->work && !k->stop) {
        (void)pthread_cond_wait(&k->wake, &k->mutex);
    }
    k->work = false;
    bool go_on = !k->stop;
    (void)pthread_mutex_unlock(&k->mutex);
    return go_on;
}

static void *work(void *arg) {
    struct lnm_copier *k = arg;
    struct batch *b = malloc(sizeof *b);
    while (b != NULL && wait_for_work(k)) {
        int more = copy_all(k, b);
        while (more >= 0 && !stops(k) && (more = reclaim(k->cloud)) == 1) {
        }
        if (more < 0) {
            lnm_log(LNM_LOG_WARN, "copying and reclaiming blocks: %s",
                    sqlite3_errmsg(k->cloud->db));
        }
    }
    free(b);
    return NULL;
}

static bool is_left(struct lnm_cloud *c) {
    sqlite3_stmt *s =
        lnm_store_query(c,
                        "SELECT EXISTS (SELECT 1 FROM copies) OR EXISTS (SELECT 1 FROM"
                        " litter) OR EXISTS (SELECT 1 FROM freed)",
                        "");
    bool left = s != NULL && sqlite3_step(s) == SQLITE_ROW && lnm_store_int(s, 0) != 0;
    (void)sqlite3_reset(s);
    return left;
}

int lnm_copier_open(struct lnm_copier **out, struct lnm_cloud *c, struct lnm_err *err) {
    struct lnm_copier *k = calloc(1, sizeof *k);
    if (k == NULL) {
        return lnm_fail_nomem(err);
    }
    k->cloud = c;
    (void)pthread_mutex_init(&k->mutex, NULL);
    (void)pthread_cond_init(&k->wake, NULL);
    *out = k;
    if (is_left(c)) {
        lnm_copier_wake(k);
    }
    return 0;
}

void lnm_copier_wake(struct lnm_copier *k) {
    (void)pthread_mutex_lock(&k->mutex);
    k->work = true;
    k->begun = k->begun || lnm_thread_start(&k->thread, work, k);
    (void)pthread_cond_signal(&k->wake);
    (void)pthread_mutex_unlock(&k->mutex);
}

void lnm_copier_close(struct lnm_copier *k) {
    if (k == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&k->mutex);
    k->stop = true;
    (void)pthread_cond_signal(&k->wake);
    (void)pthread_mutex_unlock(&k->mutex);
    if (k->begun) {
        (void)pthread_join(k->thread, NULL);
    }
    (void)pthread_cond_destroy(&k->wake);
    (void)pthread_mutex_destroy(&k->mutex);
    free(k);
}
