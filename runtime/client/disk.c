/* disk.c - reading a disk image block by block. */
#include "client/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int failed(struct lnm_err *err, const char *path) {
    return lnm_fail(err, LNM_EIO, "InputOutput", "%s: %s", path, strerror(errno));
}

int lnm_disk_open(struct lnm_disk *out, const char *path, struct lnm_err *err) {
    memset(out, 0, sizeof *out);
    out->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (out->fd < 0 || fstat(out->fd, &out->before) < 0) {
        int error = failed(err, path);
        lnm_disk_close(out);
        return error;
    }
    bool disk = S_ISREG(out->before.st_mode) || S_ISBLK(out->before.st_mode);
    out->bytes = disk ? lseek(out->fd, 0, SEEK_END) : 0;
    if (out->bytes <= 0) {
        lnm_disk_close(out);
        return lnm_fail(err, LNM_EIO, "InputOutput", "%s %s: a raw disk image is expected", path,
                        disk ? "is empty" : "is no file");
    }
    out->blocks = (out->bytes + LNM_BLOCK_BYTES - 1) / LNM_BLOCK_BYTES;
    out->tells_holes = S_ISREG(out->before.st_mode);
    (void)posix_fadvise(out->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return 0;
}

void lnm_disk_close(struct lnm_disk *d) {
    if (d->fd >= 0) {
        (void)close(d->fd);
    }
    d->fd = -1;
}

int64_t lnm_disk_next(struct lnm_disk *d, int64_t block) {
    int64_t at = block * LNM_BLOCK_BYTES;
    if (!d->tells_holes || at >= d->bytes || (at >= d->data_from && at < d->data_to)) {
        return block < d->blocks ? block : d->blocks;
    }
    int64_t from = lseek(d->fd, at, SEEK_DATA);
    if (from < 0) {
        d->tells_holes = errno == ENXIO; /* no more data; else the file system does not tell */
        return d->tells_holes ? d->blocks : block;
    }
    int64_t to = lseek(d->fd, from, SEEK_HOLE);
    d->data_from = from;
    d->data_to = to > from ? to : d->bytes;
    return from / LNM_BLOCK_BYTES;
}

int lnm_disk_read(const struct lnm_disk *d, char *to, int64_t block, struct lnm_err *err) {
    int64_t at = block * LNM_BLOCK_BYTES, left = d->bytes - at;
    size_t wanted = left < LNM_BLOCK_BYTES ? (size_t)left : LNM_BLOCK_BYTES, got = 0;
    while (got < wanted) {
        ssize_t n = pread(d->fd, to + got, wanted - got, at + (int64_t)got);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return lnm_fail(err, LNM_EIO, n == 0 ? "FileChanged" : "InputOutput",
                            "at byte %lld: %s", (long long)(at + (int64_t)got),
                            n == 0 ? "the file became shorter while it was read" : strerror(errno));
        }
        got += (size_t)n;
    }
    memset(to + got, 0, LNM_BLOCK_BYTES - got);
    return 0;
}

int64_t lnm_disk_data_bytes(const struct lnm_disk *d) {
    int64_t held = (int64_t)d->before.st_blocks * 512;
    return S_ISREG(d->before.st_mode) && held < d->bytes ? held : d->bytes;
}

int lnm_disk_check(const struct lnm_disk *d, struct lnm_err *err) {
    struct stat now;
    const struct stat *was = &d->before;
    if (fstat(d->fd, &now) == 0 && now.st_size == was->st_size &&
        now.st_mtim.tv_sec == was->st_mtim.tv_sec && now.st_mtim.tv_nsec == was->st_mtim.tv_nsec) {
        return 0;
    }
    return lnm_fail(err, LNM_EIO, "FileChanged",
                    "the file was written to while it was read: start again when it is at rest");
}

void lnm_disk_fingerprint(char *out, size_t size, const struct lnm_disk *d) {
    const struct stat *s = &d->before;
    (void)snprintf(out, size, "%lld-%lld.%09ld-%llu-%llu", (long long)d->bytes,
                   (long long)s->st_mtim.tv_sec, s->st_mtim.tv_nsec, (unsigned long long)s->st_dev,
                   (unsigned long long)s->st_ino);
}

/* The first bytes are looked at, then every byte is compared with an earlier one. */
bool lnm_block_is_zero(const char *block) {
    static const char zeros[64];
    return memcmp(block, zeros, sizeof zeros) == 0 &&
           memcmp(block, block + sizeof zeros, LNM_BLOCK_BYTES - sizeof zeros) == 0;
}
