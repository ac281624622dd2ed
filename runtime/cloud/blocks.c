/* blocks.c - the slot file: taken, written, read, given back. */
#include "cloud/maps.h"

#include "cloud/copier.h"
#include "cloud/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- slots -------------------------------------------------------------------------------------
 */

/* The number that a statement returns as its only row; fallback when there is none. */
static int64_t number(struct lnm_cloud *c, const char *sql, int64_t fallback) {
    sqlite3_stmt *s = lnm_store_query(c, sql, "");
    int code = s != NULL ? sqlite3_step(s) : SQLITE_ERROR;
    int64_t n = code == SQLITE_ROW ? lnm_store_int(s, 0) : code == SQLITE_DONE ? fallback : -1;
    (void)sqlite3_reset(s);
    return n;
}

int64_t lnm_slot_take(struct lnm_cloud *c) {
    int64_t spare = number(
        c, "DELETE FROM spare WHERE slot = (SELECT min(slot) FROM spare) RETURNING slot", -2);
    return spare != -2 ? spare
                       : number(c, "UPDATE slots SET next = next + 1 RETURNING next - 1", -1);
}

int lnm_slot_free(struct lnm_cloud *c, int64_t slot) {
    c->blocks->busy = true;
    return lnm_store_exec(c, "INSERT INTO freed(slot) VALUES(?1)", "i", slot);
}

int lnm_slot_read(const struct lnm_blocks *b, int64_t slot, unsigned char *bytes) {
    size_t done = 0;
    while (done < LNM_BLOCK) {
        ssize_t n =
            pread(b->fd, bytes + done, LNM_BLOCK - done, slot * (off_t)LNM_BLOCK + (off_t)done);
        if (n == 0 || (n < 0 && errno != EINTR)) { /* a slot in use is never beyond the end */
            return LNM_EIO;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

int lnm_slot_write(const struct lnm_blocks *b, int64_t slot, const unsigned char *bytes) {
    size_t done = 0;
    while (done < LNM_BLOCK) {
        ssize_t n =
            pwrite(b->fd, bytes + done, LNM_BLOCK - done, slot * (off_t)LNM_BLOCK + (off_t)done);
        if (n <= 0 && errno != EINTR) {
            return LNM_EIO;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int run_in_transaction(struct lnm_cloud *c, bool good) {
    return lnm_store_exec(c, good ? "COMMIT" : "ROLLBACK", "") < 0 || !good ? -1 : 0;
}

/* A hole is made before the slot is said to be spare: so never in what was written anew; and after
 * the disk knows that it is free: so never in what a state of before a power failure still has. */
int lnm_slots_reclaim(struct lnm_cloud *c, int most) {
    int count = 0;
    int64_t slot = 0;
    if (lnm_durable_wait(c) < 0 || lnm_store_exec(c, "BEGIN IMMEDIATE", "") < 0) {
        return -1;
    }
    while (count < most && slot >= 0 &&
           (slot = number(c,
                          "DELETE FROM freed WHERE slot = (SELECT min(slot) FROM freed)"
                          " RETURNING slot",
                          -2)) >= 0) {
        (void)fallocate(c->blocks->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                        slot * (off_t)LNM_BLOCK, (off_t)LNM_BLOCK);
        if (lnm_store_exec(c, "INSERT INTO spare(slot) VALUES(?1)", "i", slot) < 0) {
            slot = -1;
        }
        count++;
    }
    return run_in_transaction(c, slot != -1) < 0 ? -1 : count;
}

/* ---- blocks ------------------------------------------------------------------------------------
 */

int lnm_block_read(struct lnm_cloud *c, unsigned char *bytes, unsigned char sum[LNM_BLOCK_SUM],
                   int64_t map, int64_t index, const struct lnm_data_key *key) {
    struct lnm_block b;
    int found = lnm_map_find(c, &b, map, index);
    if (found <= 0) {
        memset(bytes, 0, LNM_BLOCK);
        return found < 0 ? LNM_EIO : 0;
    }
    int error = lnm_slot_read(c->blocks, b.slot, bytes);
    error = error < 0 ? error : lnm_block_open(bytes, sum, key, index, &b.seal);
    return error < 0 ? error : 1;
}

/* Kept: half a MiB that is asked for anew is zeroed by the kernel, page by page. */
unsigned char *lnm_block_room(struct lnm_cloud *c) {
    if (c->blocks->room == NULL) {
        c->blocks->room = malloc(LNM_BLOCK);
    }
    return c->blocks->room;
}

int lnm_block_write(struct lnm_cloud *c, int64_t *map, int64_t index,
                    const struct lnm_data_key *key, const unsigned char *data,
                    const unsigned char sum[LNM_BLOCK_SUM]) {
    struct lnm_block b = {.index = index};
    unsigned char *scratch = lnm_block_room(c);
    const unsigned char *stored =
        scratch != NULL ? lnm_block_seal(&b.seal, scratch, key, index, data, sum) : NULL;
    b.slot = stored != NULL ? lnm_slot_take(c) : -1;
    c->blocks->unsynced = true;
    bool good = b.slot >= 0 && lnm_slot_write(c->blocks, b.slot, stored) == 0 &&
                lnm_map_put(c, map, key->id, &b) == 0;
    return good ? 0 : -1;
}

/* ---- the file ----------------------------------------------------------------------------------
 */

/* Blocks are on the disk before what refers to them; the copier hears of what was left to it. */
static int before_commit(void *arg) {
    struct lnm_blocks *b = arg;
    if (b->unsynced && b->durable && fdatasync(b->fd) < 0) {
        return 1;
    }
    b->unsynced = false;
    if (b->busy) {
        b->busy = false;
        lnm_copier_wake(b->copier);
    }
    return 0;
}

static int open_file(struct lnm_blocks *b, const char *dir, struct lnm_err *err) {
    char path[4200] = "memory";
    if (dir == NULL) {
        b->fd = memfd_create("lunami-blocks", MFD_CLOEXEC);
    } else {
        (void)snprintf(path, sizeof path, "%.4096s/blocks", dir);
        b->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        b->durable = true;
    }
    return b->fd >= 0 ? 0
                      : lnm_fail(err, LNM_EIO, "LocalCloud", "cannot open %s for blocks: %s", path,
                                 strerror(errno));
}

/* Slots that a copy had claimed are given back; beyond the last slot there is nothing. */
static int recover(struct lnm_cloud *c) {
    static const char *const steps[] = {"BEGIN IMMEDIATE",
                                        "INSERT INTO freed SELECT slot FROM claims",
                                        "DELETE FROM claims", "COMMIT"};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (lnm_store_exec(c, steps[i], "") < 0) {
            return -1;
        }
    }
    int64_t next = number(c, "SELECT next FROM slots", -1);
    return next < 0 ? -1 : ftruncate(c->blocks->fd, next * (off_t)LNM_BLOCK);
}

int lnm_blocks_open(struct lnm_cloud *c, const char *dir, struct lnm_err *err) {
    c->blocks = calloc(1, sizeof *c->blocks);
    if (c->blocks == NULL) {
        return lnm_fail_nomem(err);
    }
    c->blocks->fd = -1;
    c->blocks->ring = lnm_key_ring_new();
    int error = c->blocks->ring != NULL ? open_file(c->blocks, dir, err) : lnm_fail_nomem(err);
    if (error == 0 && recover(c) < 0) {
        error = lnm_fail(err, LNM_EIO, "LocalCloud", "the block store cannot be opened: %s",
                         sqlite3_errmsg(c->db));
    }
    error = error < 0 ? error : lnm_copier_open(&c->blocks->copier, c, err);
    if (error == 0) {
        (void)sqlite3_commit_hook(c->db, before_commit, c->blocks);
    }
    return error;
}

void lnm_blocks_close(struct lnm_cloud *c) {
    if (c->blocks == NULL) {
        return;
    }
    lnm_copier_close(c->blocks->copier);
    (void)sqlite3_commit_hook(c->db, NULL, NULL);
    if (c->blocks->fd >= 0) {
        (void)close(c->blocks->fd);
    }
    lnm_key_ring_free(c->blocks->ring);
    free(c->blocks->room);
    free(c->blocks);
    c->blocks = NULL;
}
