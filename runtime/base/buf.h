/* buf.h - owned bytes that grow up to a maximum given at the start.
 *
 * Failure is sticky: after an append fails the buffer is freed and every later append fails too,
 * so that a run of appends needs one check at its end (lnm_buf_check).  A zeroed struct is an
 * empty buffer with the default maximum.  The bytes are always followed by a NUL not counted. */
#ifndef LUNAMI_BASE_BUF_H
#define LUNAMI_BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

#define LNM_BUF_DEFAULT_MAX ((size_t)64 << 20)

struct lnm_buf {
    char *ptr;
    size_t len, cap;
    size_t max;  /* 0 means LNM_BUF_DEFAULT_MAX */
    int failed;  /* 0, LNM_ENOMEM or LNM_ELIMIT */
    bool secret; /* set by who fills it: all memory that it gives back is overwritten before */
};

LNM_API void lnm_buf_init(struct lnm_buf *b, size_t max);
LNM_API void lnm_buf_free(struct lnm_buf *b);    /* frees; the buffer is empty and usable again */
LNM_API void lnm_buf_reset(struct lnm_buf *b);   /* empties, keeps the memory */
LNM_API void lnm_buf_wipe(struct lnm_buf *b);    /* overwrites and empties, keeps the memory */
LNM_API void lnm_buf_cleanse(struct lnm_buf *b); /* overwrites the bytes, then frees */
LNM_API int lnm_buf_grow(struct lnm_buf *b, size_t more);
LNM_API void lnm_buf_add_growing(struct lnm_buf *b, const void *bytes, size_t len);

/* Room for `more` bytes and a NUL: 0, LNM_ENOMEM or LNM_ELIMIT. */
static inline int lnm_buf_reserve(struct lnm_buf *b, size_t more) {
    return b->failed == 0 && more < b->cap - b->len ? 0 : lnm_buf_grow(b, more);
}

/* Inline because signing and encoding are little else: most appends fit where they are. */
static inline void lnm_buf_add(struct lnm_buf *b, const void *bytes, size_t len) {
    if (len < b->cap - b->len && b->failed == 0) { /* an empty buffer: 0 < 0 */
        memcpy(b->ptr + b->len, bytes, len);
        b->len += len;
        b->ptr[b->len] = '\0';
    } else {
        lnm_buf_add_growing(b, bytes, len);
    }
}

static inline void lnm_buf_addc(struct lnm_buf *b, char c) {
    lnm_buf_add(b, &c, 1);
}

static inline void lnm_buf_adds(struct lnm_buf *b, struct lnm_str s) {
    if (s.len > 0) {
        lnm_buf_add(b, s.ptr, s.len);
    }
}

static inline void lnm_buf_addz(struct lnm_buf *b, const char *z) {
    lnm_buf_add(b, z, strlen(z));
}

LNM_API void lnm_buf_addf(struct lnm_buf *b, const char *fmt, ...) LNM_PRINTF(2, 3);
LNM_API int lnm_buf_check(const struct lnm_buf *b, struct lnm_err *err);

static inline struct lnm_str lnm_buf_str(const struct lnm_buf *b) {
    struct lnm_str s = {b->ptr != NULL ? b->ptr : "", b->len};
    return s;
}

#endif
