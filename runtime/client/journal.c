/* journal.c - digests at fixed places behind a line with the transfer's name. */
#include "client/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define MAGIC "lunami journal 1\n"
#define HEAD_BYTES 512
#define DIGEST_BYTES 32

_Static_assert(sizeof MAGIC - 1 + LNM_JOURNAL_NAME_MAX < HEAD_BYTES, "a name fits into the head");

static int failed(struct lnm_err *err, const char *path) {
    return lnm_fail(err, LNM_EIO, "InputOutput", "%s: %s", path, strerror(errno));
}

/* The head's text: magic, name, newline, then NULs. */
static bool make_head(char head[HEAD_BYTES], const char *name) {
    size_t len = strlen(name);
    memset(head, 0, HEAD_BYTES);
    if (len > LNM_JOURNAL_NAME_MAX || strchr(name, '\n') != NULL) {
        return false;
    }
    memcpy(head, MAGIC, sizeof MAGIC - 1);
    memcpy(head + sizeof MAGIC - 1, name, len);
    head[sizeof MAGIC - 1 + len] = '\n';
    return true;
}

static int begin(struct lnm_journal *j, const char *name, struct lnm_err *err) {
    char head[HEAD_BYTES], there[HEAD_BYTES];
    if (!make_head(head, name)) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "a journal cannot have this name");
    }
    if (flock(j->fd, LOCK_EX | LOCK_NB) < 0) {
        return lnm_fail(err, LNM_EIO, "InUse", "%s is in use: the same transfer is under way",
                        j->path);
    }
    j->resumed =
        pread(j->fd, there, HEAD_BYTES, 0) == HEAD_BYTES && memcmp(head, there, HEAD_BYTES) == 0;
    if (!j->resumed &&
        (ftruncate(j->fd, 0) < 0 || pwrite(j->fd, head, HEAD_BYTES, 0) != HEAD_BYTES)) {
        return failed(err, j->path);
    }
    return 0;
}

int lnm_journal_open(struct lnm_journal *out, const char *path, const char *name,
                     struct lnm_err *err) {
    *out = (struct lnm_journal){.fd = -1, .path = strdup(path)};
    if (out->path == NULL) {
        return lnm_fail_nomem(err);
    }
    out->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int error = out->fd < 0 ? failed(err, path) : begin(out, name, err);
    if (error < 0) {
        lnm_journal_close(out, false);
    }
    return error;
}

int lnm_journal_name(char out[LNM_JOURNAL_NAME_MAX + 1], const char *path) {
    char head[HEAD_BYTES + 1] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return LNM_ENOTFOUND;
    }
    ssize_t n = pread(fd, head, HEAD_BYTES, 0);
    (void)close(fd);
    const char *name = head + sizeof MAGIC - 1;
    if (n != HEAD_BYTES || strncmp(head, MAGIC, sizeof MAGIC - 1) != 0) {
        return LNM_ENOTFOUND;
    }
    size_t len = strcspn(name, "\n");
    if (len > LNM_JOURNAL_NAME_MAX) {
        return LNM_ENOTFOUND;
    }
    memcpy(out, name, len);
    out[len] = '\0';
    return 0;
}

static int64_t place(int64_t block) {
    return HEAD_BYTES + block * DIGEST_BYTES;
}

bool lnm_journal_get(unsigned char out[32], const struct lnm_journal *j, int64_t block) {
    static const unsigned char none[DIGEST_BYTES];
    return j->resumed && j->fd >= 0 &&
           pread(j->fd, out, DIGEST_BYTES, place(block)) == DIGEST_BYTES &&
           memcmp(out, none, DIGEST_BYTES) != 0;
}

int lnm_journal_set(const struct lnm_journal *j, int64_t block, const unsigned char digest[32],
                    struct lnm_err *err) {
    if (j->fd < 0 || pwrite(j->fd, digest, DIGEST_BYTES, place(block)) == DIGEST_BYTES) {
        return 0;
    }
    return failed(err, j->path);
}

void lnm_journal_close(struct lnm_journal *j, bool finished) {
    if (j->fd >= 0) {
        if (finished) {
            (void)unlink(j->path); /* before the lock is given up */
        }
        (void)close(j->fd);
    }
    free(j->path);
    *j = (struct lnm_journal){.fd = -1};
}
