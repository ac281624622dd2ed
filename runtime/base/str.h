/* str.h - borrowed bytes: a pointer and a length, passed by value; never freed, not NUL-ended. */
#ifndef LUNAMI_BASE_STR_H
#define LUNAMI_BASE_STR_H

#include "base/lib.h"

#include <string.h>

struct lnm_str {
    const char *ptr;
    size_t len;
};

#define LNM_STR(literal) ((struct lnm_str){(literal), sizeof(literal) - 1})
#define LNM_STR_NONE ((struct lnm_str){NULL, 0})

static inline struct lnm_str lnm_str_z(const char *z) {
    struct lnm_str s = {z, z != NULL ? strlen(z) : 0};
    return s;
}

static inline bool lnm_str_eq(struct lnm_str a, struct lnm_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool lnm_str_is(struct lnm_str a, const char *z) {
    return lnm_str_eq(a, lnm_str_z(z));
}

LNM_API bool lnm_str_starts(struct lnm_str s, struct lnm_str prefix);
LNM_API bool lnm_str_ieq(struct lnm_str a, struct lnm_str b); /* ASCII case-insensitive */
LNM_API struct lnm_str lnm_str_trim(struct lnm_str s);        /* ASCII white space, both ends */
/* Cut s at the first `sep`: *head gets what is before it; returns what follows (none: empty). */
LNM_API struct lnm_str lnm_str_cut(struct lnm_str s, char sep, struct lnm_str *head);
/* Decimal integer over the whole of s, with optional '-'. Returns 0, or LNM_EPARSE. */
LNM_API int lnm_str_int64(int64_t *out, struct lnm_str s);
/* Write a decimal number, with zeros before it up to `width` (at most 19) digits; returns its end,
 * no NUL. It takes LNM_STR_DECIMAL_MAX bytes at most. */
#define LNM_STR_DECIMAL_MAX 20
LNM_API char *lnm_str_decimal(char *at, int64_t value, int width);
/* Copy with a NUL, cut to fit. */
LNM_API void lnm_str_copy(char *to, size_t size, struct lnm_str s);
/* AWS filter match: '*' any run, '?' one character, '\' escapes; case-sensitive, linear time. */
LNM_API bool lnm_str_glob(struct lnm_str pattern, struct lnm_str s);

#endif
