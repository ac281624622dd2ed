/* disk.h - a raw disk image as blocks: what an upload reads.
 *
 * A file or a block device of any length; what lacks to its last block's end reads as zeros. Holes
 * of a sparse file are found without reading them. */
#ifndef LUNAMI_CLIENT_DISK_H
#define LUNAMI_CLIENT_DISK_H

#include "base/err.h"

#include <sys/stat.h>

#define LNM_BLOCK_BYTES 524288 /* of the EBS direct APIs */

struct lnm_disk {
    int fd; /* -1: closed */
    int64_t bytes, blocks;
    int64_t data_from, data_to; /* the run of data that was found last, in bytes */
    bool tells_holes;
    struct stat before;
};

/* LNM_EIO when it cannot be read, is a directory, or is empty. */
LNM_API int lnm_disk_open(struct lnm_disk *out, const char *path, struct lnm_err *err);
LNM_API void lnm_disk_close(struct lnm_disk *d);
/* The first block from `block` on that may hold data; d->blocks when there is none. */
LNM_API int64_t lnm_disk_next(struct lnm_disk *d, int64_t block);
/* Read one whole block. */
LNM_API int lnm_disk_read(const struct lnm_disk *d, char *to, int64_t block, struct lnm_err *err);
/* About how many bytes are data. */
LNM_API int64_t lnm_disk_data_bytes(const struct lnm_disk *d);
/* LNM_EIO "FileChanged" when somebody has written to it since it was opened. */
LNM_API int lnm_disk_check(const struct lnm_disk *d, struct lnm_err *err);
/* A word that is another one when the file is: its size, times and number. */
LNM_API void lnm_disk_fingerprint(char *out, size_t size, const struct lnm_disk *d);

LNM_API bool lnm_block_is_zero(const char *block);

#endif
