/* download.c - a snapshot's blocks into a file. */
#include "client/transfer_internal.h"

#include "aws/sigv4_hash.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LOOKS 64 /* blocks of an earlier attempt that are checked in one go */

struct download {
    struct lnm_transfer base;
    struct lnm_block_list *list;
    char *file, *part;
    int fd;     /* of part */
    bool sized; /* part has the volume's length */
};

static struct download *download_of(struct lnm_slot *slot) {
    return (struct download *)slot->transfer;
}

static int failed(struct lnm_err *err, const char *path) {
    bool full = errno == ENOSPC || errno == EDQUOT;
    return lnm_fail(err, LNM_EIO, full ? "NoSpace" : "InputOutput", "%s: %s%s", path,
                    strerror(errno),
                    full ? ": make room and start it again, it goes on where it stopped" : "");
}

/* ---- which block next --------------------------------------------------------------------------
 */

static bool read_part(const struct download *d, char *to, int64_t block) {
    size_t got = 0;
    while (got < LNM_BLOCK_BYTES) {
        ssize_t n =
            pread(d->fd, to + got, LNM_BLOCK_BYTES - got, block * LNM_BLOCK_BYTES + (int64_t)got);
        if (n <= 0) {
            return false;
        }
        got += (size_t)n;
    }
    return true;
}

/* It is noted as done, and what is in the file is what was noted. */
static bool fetched_before(const struct download *d, struct lnm_slot *slot, int64_t block) {
    unsigned char noted[32], digest[32];
    if (!lnm_journal_get(noted, &d->base.journal, block) || !read_part(d, slot->data, block)) {
        return false;
    }
    lnm_sha256(digest, (struct lnm_str){slot->data, LNM_BLOCK_BYTES});
    return memcmp(noted, digest, sizeof noted) == 0;
}

/* A file of the volume's length, all of it a hole. */
static int give_length(struct download *d, struct lnm_err *err) {
    int64_t bytes = lnm_block_list_gib(d->list) << 30;
    if (d->sized || bytes == 0) {
        return 0;
    }
    d->sized = true;
    return ftruncate(d->fd, bytes) == 0 ? 0 : failed(err, d->part);
}

static enum lnm_next next(struct lnm_transfer *t, struct lnm_slot *slot, struct lnm_err *err) {
    struct download *d = (struct download *)t;
    for (int i = 0; i < LOOKS; i++) {
        struct lnm_listed_block listed;
        enum lnm_listed state = lnm_block_list_peek(d->list, &listed);
        if (state == LNM_LISTED_FAILED) {
            *err = *lnm_block_list_error(d->list);
            return LNM_NEXT_FAILED;
        }
        if (state == LNM_LISTED_LATER) {
            return LNM_NEXT_LATER;
        }
        if (give_length(d, err) < 0) {
            return LNM_NEXT_FAILED;
        }
        if (state == LNM_LISTED_END) {
            return LNM_NEXT_END;
        }
        if (!fetched_before(d, slot, listed.block)) {
            slot->block = listed.block;
            memcpy(slot->token, listed.token.ptr, listed.token.len);
            slot->token[listed.token.len] = '\0';
            lnm_block_list_skip(d->list);
            return LNM_NEXT_BLOCK;
        }
        lnm_block_list_skip(d->list);
        t->progress.blocks++;
        t->progress.resumed++;
        lnm_transfer__count(t, LNM_BLOCK_BYTES);
    }
    return LNM_NEXT_YIELD;
}

/* ---- one block over ----------------------------------------------------------------------------
 */

static int send(struct lnm_slot *slot, struct lnm_err *err) {
    return lnm_slot__get(slot, slot->transfer->snapshot_id, slot->data, err);
}

/* Zeros stay a hole, where the file is new. */
static int write_block(const struct download *d, const struct lnm_slot *slot, struct lnm_err *err) {
    int64_t at = slot->block * LNM_BLOCK_BYTES;
    size_t put = 0;
    if (!d->base.journal.resumed && lnm_block_is_zero(slot->data)) {
        return 0;
    }
    while (put < LNM_BLOCK_BYTES) {
        ssize_t n = pwrite(d->fd, slot->data + put, LNM_BLOCK_BYTES - put, at + (int64_t)put);
        if (n < 0 && errno != EINTR) {
            return failed(err, d->part);
        }
        put += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int answered(struct lnm_slot *slot, const struct lnm_record *answer, struct lnm_err *err) {
    struct lnm_transfer *t = slot->transfer;
    int error = lnm_slot__check_received(slot, slot->data, answer, slot->digest, err);
    if (error == 0) {
        error = write_block(download_of(slot), slot, err);
    }
    if (error == 0) {
        error = lnm_journal_set(&t->journal, slot->block, slot->digest, err);
    }
    if (error == 0) {
        t->progress.blocks++;
        lnm_transfer__count(t, LNM_BLOCK_BYTES);
    }
    return error;
}

/* The name changes only when the bytes are on the disk, and the change itself is. */
static int complete(struct lnm_transfer *t, struct lnm_err *err) {
    struct download *d = (struct download *)t;
    if (fsync(d->fd) < 0 || rename(d->part, d->file) < 0) {
        return failed(err, d->part);
    }
    char *copy = strdup(d->file);
    int folder = copy != NULL ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(copy);
    if (folder >= 0) {
        (void)fsync(folder);
        (void)close(folder);
    }
    return 0;
}

static void release(struct lnm_transfer *t, bool finished) {
    struct download *d = (struct download *)t;
    (void)finished;
    if (d->fd >= 0) {
        (void)close(d->fd);
    }
    lnm_block_list_free(d->list);
    d->list = NULL;
    free(d->file);
    free(d->part);
    d->file = d->part = NULL;
}

static const struct lnm_transfer_kind kind = {
    .next = next, .send = send, .answered = answered, .complete = complete, .release = release};

static int open_part(struct download *d, const char *file, struct lnm_err *err) {
    struct stat there;
    d->file = strdup(file);
    if (d->file == NULL || asprintf(&d->part, "%s.part", file) < 0) {
        return lnm_fail_nomem(err);
    }
    if (stat(file, &there) == 0 && !S_ISREG(there.st_mode)) {
        return lnm_fail(err, LNM_EIO, "InputOutput", "%s is there and is no file: name another one",
                        file);
    }
    int anew = d->base.journal.resumed ? 0 : O_TRUNC;
    d->fd = open(d->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | anew, 0600);
    return d->fd >= 0 ? 0 : failed(err, d->part);
}

int lnm_download_start(struct lnm_transfer **out, struct lnm_session *session,
                       const struct lnm_transfer_options *options, lnm_transfer_fn *done, void *arg,
                       struct lnm_err *err) {
    struct download *d = calloc(1, sizeof *d);
    if (d == NULL) {
        return lnm_fail_nomem(err);
    }
    d->fd = -1;
    struct lnm_transfer *t = &d->base;
    int error = lnm_transfer__begin(t, &kind, session, options, done, arg, err);
    if (error == 0) {
        t->progress.total = options->expected_bytes;
        error = lnm_journal_open(&t->journal, options->journal, options->name, err);
    }
    if (error == 0) {
        error = open_part(d, options->file, err);
    }
    if (error == 0) {
        error = lnm_block_list_new(&d->list, session, t->snapshot_id, lnm_transfer__pump, t, err);
    }
    if (error < 0) {
        lnm_transfer_free(t);
        return error;
    }
    *out = t;
    return 0;
}
