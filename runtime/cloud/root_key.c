/* root_key.c - DIR/root.key: made once, read into locked memory, checked against the state. */
#include "cloud/root_key.h"

#include "cloud/gcm.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROOF LNM_STR("lunami root key")
#define RESTORE "restore it from a backup of the folder, or start with another folder"

struct lnm_root_key {
    unsigned char bytes[LNM_GCM_KEY];
};

static int failed(struct lnm_err *err, const char *what, const char *path) {
    return lnm_fail(err, LNM_EIO, "LocalCloud", "cannot %s %s: %s", what, path, strerror(errno));
}

static struct lnm_root_key *allocate(void) {
    struct lnm_root_key *k =
        mmap(NULL, sizeof *k, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (k == MAP_FAILED) {
        return NULL;
    }
    (void)mlock(k, sizeof *k); /* best effort: the limit may be small */
    (void)madvise(k, sizeof *k, MADV_DONTDUMP);
    return k;
}

void lnm_root_key_close(struct lnm_root_key *k) {
    if (k != NULL) {
        OPENSSL_cleanse(k, sizeof *k);
        (void)munlock(k, sizeof *k);
        (void)munmap(k, sizeof *k);
    }
}

/* The whole file under its name or nothing: a process that dies here has made no root key. */
static int keep(const struct lnm_root_key *k, const char *dir, const char *path,
                struct lnm_err *err) {
    char draft[4200];
    (void)snprintf(draft, sizeof draft, "%.4096s/root.key.new", dir);
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written = fd >= 0 && write(fd, k->bytes, sizeof k->bytes) == (ssize_t)sizeof k->bytes &&
                   fsync(fd) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    written = written && folder >= 0 && rename(draft, path) == 0 && fsync(folder) == 0;
    int error = written ? 0 : failed(err, "write", path);
    if (folder >= 0) {
        (void)close(folder);
    }
    return error;
}

/* read(2) straight into the locked page: stdio would keep a copy. */
static int read_from(struct lnm_root_key *k, int fd, const char *path, struct lnm_err *err) {
    struct stat info;
    if (fstat(fd, &info) < 0) {
        return failed(err, "read", path);
    }
    if ((info.st_mode & 077) != 0) {
        return lnm_fail(err, LNM_EIO, "LocalCloud",
                        "%s can be read by others: chmod 600 it, it opens every key of the folder",
                        path);
    }
    if (info.st_size != (off_t)sizeof k->bytes ||
        read(fd, k->bytes, sizeof k->bytes) != (ssize_t)sizeof k->bytes) {
        return lnm_fail(err, LNM_EIO, "LocalCloud", "%s is not a root key of %zu bytes: " RESTORE,
                        path, sizeof k->bytes);
    }
    return 0;
}

static int load(struct lnm_root_key *k, bool fresh, const char *dir, const char *path,
                struct lnm_err *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), error;
    if (fd >= 0) {
        error = read_from(k, fd, path, err);
        (void)close(fd);
    } else if (errno != ENOENT) {
        error = failed(err, "read", path);
    } else if (!fresh) {
        error = lnm_fail(
            err, LNM_EIO, "LocalCloud",
            "%s is missing, and without it nothing of this folder can be decrypted: " RESTORE,
            path);
    } else {
        lnm_random_secret(k->bytes, sizeof k->bytes);
        error = keep(k, dir, path, err);
    }
    return error;
}

static bool has_proof(struct lnm_cloud *c) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT 1 FROM root_proof", "");
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return found;
}

/* Does the state know this key? */
static bool proved(struct lnm_cloud *c, const struct lnm_root_key *k) {
    struct lnm_buf opened = {0};
    sqlite3_stmt *s = lnm_store_query(c, "SELECT proof FROM root_proof", "");
    bool same = s != NULL && sqlite3_step(s) == SQLITE_ROW &&
                lnm_root_key_unwrap(
                    &opened, k,
                    (struct lnm_str){sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0)},
                    PROOF) == 0;
    (void)sqlite3_reset(s);
    lnm_buf_free(&opened);
    return same;
}

static int prove(struct lnm_cloud *c, const struct lnm_root_key *k, struct lnm_err *err) {
    struct lnm_buf proof = {0};
    sqlite3_stmt *s = lnm_store_query(c, "INSERT INTO root_proof(proof) VALUES(?1)", "");
    bool kept = s != NULL && lnm_root_key_wrap(&proof, k, LNM_STR(""), PROOF) == 0 &&
                sqlite3_bind_blob(s, 1, proof.ptr, (int)proof.len, SQLITE_TRANSIENT) == SQLITE_OK &&
                sqlite3_step(s) == SQLITE_DONE;
    (void)sqlite3_reset(s);
    lnm_buf_free(&proof);
    return kept ? 0
                : lnm_fail(err, LNM_EIO, "LocalCloud", "the root key's proof cannot be kept: %s",
                           sqlite3_errmsg(c->db));
}

int lnm_root_key_open(struct lnm_root_key **out, bool *fresh, struct lnm_cloud *c, const char *dir,
                      struct lnm_err *err) {
    char path[4200];
    struct lnm_root_key *k = allocate();
    if (k == NULL) {
        return lnm_fail_nomem(err);
    }
    *fresh = !has_proof(c);
    (void)snprintf(path, sizeof path, "%.4096s/root.key", dir != NULL ? dir : "");
    int error = dir != NULL ? load(k, *fresh, dir, path, err) : 0;
    if (dir == NULL) {
        lnm_random_secret(k->bytes, sizeof k->bytes);
    }
    if (error == 0 && *fresh) {
        error = prove(c, k, err);
    } else if (error == 0 && !proved(c, k)) {
        error = lnm_fail(err, LNM_EIO, "LocalCloud",
                         "%s is the root key of another folder: " RESTORE, path);
    }
    if (error < 0) {
        lnm_root_key_close(k);
        return error;
    }
    *out = k;
    return 0;
}

int lnm_root_key_wrap(struct lnm_buf *out, const struct lnm_root_key *k, struct lnm_str plain,
                      struct lnm_str about) {
    return lnm_gcm_seal(out, k->bytes, plain, about);
}

int lnm_root_key_unwrap(struct lnm_buf *out, const struct lnm_root_key *k, struct lnm_str sealed,
                        struct lnm_str about) {
    return lnm_gcm_open(out, k->bytes, sealed, about);
}
