/* buf.c - owned bytes with a maximum and sticky failure. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void lnm_buf_init(struct lnm_buf *b, size_t max) {
    *b = (struct lnm_buf){.max = max};
}

static void overwrite(struct lnm_buf *b, size_t len) {
    if (b->ptr != NULL) {
        explicit_bzero(b->ptr, len);
    }
}

void lnm_buf_free(struct lnm_buf *b) {
    if (b->secret) {
        overwrite(b, b->cap);
    }
    free(b->ptr);
    *b = (struct lnm_buf){.max = b->max, .secret = b->secret};
}

void lnm_buf_reset(struct lnm_buf *b) {
    b->len = 0;
    b->failed = 0;
    if (b->ptr != NULL) {
        b->ptr[0] = '\0';
    }
}

void lnm_buf_wipe(struct lnm_buf *b) {
    overwrite(b, b->len);
    lnm_buf_reset(b);
}

void lnm_buf_cleanse(struct lnm_buf *b) {
    overwrite(b, b->cap);
    lnm_buf_free(b);
}

static int fail(struct lnm_buf *b, int code) {
    lnm_buf_cleanse(b); /* it may hold a secret half written */
    b->failed = code;
    return code;
}

/* realloc(3) may leave what it moves where it was. */
static char *enlarge(struct lnm_buf *b, size_t cap) {
    if (!b->secret) {
        return realloc(b->ptr, cap);
    }
    char *ptr = malloc(cap);
    if (ptr != NULL && b->ptr != NULL) {
        memcpy(ptr, b->ptr, b->len);
        overwrite(b, b->cap);
        free(b->ptr);
    }
    return ptr;
}

int lnm_buf_grow(struct lnm_buf *b, size_t more) {
    size_t max = b->max != 0 ? b->max : LNM_BUF_DEFAULT_MAX;
    if (b->failed != 0) {
        return b->failed;
    }
    if (more > max || b->len > max - more) {
        return fail(b, LNM_ELIMIT);
    }
    size_t need = b->len + more + 1;
    if (need <= b->cap) {
        return 0;
    }
    size_t cap = b->cap < 64 ? 64 : b->cap + b->cap / 2;
    cap = cap < need ? need : cap;
    cap = cap > max + 1 ? max + 1 : cap; /* so that what fits is never more than allowed */
    char *ptr = enlarge(b, cap);
    if (ptr == NULL) {
        return fail(b, LNM_ENOMEM);
    }
    b->ptr = ptr;
    b->cap = cap;
    b->ptr[b->len] = '\0';
    return 0;
}

void lnm_buf_add_growing(struct lnm_buf *b, const void *bytes, size_t len) {
    if (len == 0 || lnm_buf_reserve(b, len) < 0) {
        return;
    }
    memcpy(b->ptr + b->len, bytes, len);
    b->len += len;
    b->ptr[b->len] = '\0';
}

void lnm_buf_addf(struct lnm_buf *b, const char *fmt, ...) {
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    if (n > 0 && lnm_buf_reserve(b, (size_t)n) == 0) {
        (void)vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

int lnm_buf_check(const struct lnm_buf *b, struct lnm_err *err) {
    if (b->failed == LNM_ENOMEM) {
        return lnm_fail_nomem(err);
    }
    if (b->failed == LNM_ELIMIT) {
        return lnm_fail(err, LNM_ELIMIT, "TooLarge", "more than %zu bytes",
                        b->max != 0 ? b->max : LNM_BUF_DEFAULT_MAX);
    }
    return 0;
}
