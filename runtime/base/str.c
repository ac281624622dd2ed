/* str.c - comparing, cutting and matching borrowed bytes. */
#include "base/str.h"

#include "base/err.h"

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool lnm_str_starts(struct lnm_str s, struct lnm_str prefix) {
    return s.len >= prefix.len && lnm_str_eq((struct lnm_str){s.ptr, prefix.len}, prefix);
}

bool lnm_str_ieq(struct lnm_str a, struct lnm_str b) {
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

struct lnm_str lnm_str_trim(struct lnm_str s) {
    while (s.len > 0 && is_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.ptr[s.len - 1])) {
        s.len--;
    }
    return s;
}

struct lnm_str lnm_str_cut(struct lnm_str s, char sep, struct lnm_str *head) {
    const char *at = s.len > 0 ? memchr(s.ptr, sep, s.len) : NULL;
    if (at == NULL) {
        *head = s;
        return LNM_STR_NONE;
    }
    size_t n = (size_t)(at - s.ptr);
    *head = (struct lnm_str){s.ptr, n};
    return (struct lnm_str){at + 1, s.len - n - 1};
}

int lnm_str_int64(int64_t *out, struct lnm_str s) {
    bool negative = s.len > 0 && s.ptr[0] == '-';
    size_t i = negative ? 1 : 0;
    int64_t value = 0;
    if (i == s.len) {
        return LNM_EPARSE;
    }
    for (; i < s.len; i++) { /* accumulated below zero, where there is one value more */
        char c = s.ptr[i];
        if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, c - '0', &value)) {
            return LNM_EPARSE;
        }
    }
    if (!negative && value == INT64_MIN) {
        return LNM_EPARSE;
    }
    *out = negative ? value : -value;
    return 0;
}

char *lnm_str_decimal(char *at, int64_t value, int width) {
    char digits[LNM_STR_DECIMAL_MAX];
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int count = 0;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0 || count < width);
    if (value < 0) {
        *at++ = '-';
    }
    while (count > 0) {
        *at++ = digits[--count];
    }
    return at;
}

void lnm_str_copy(char *to, size_t size, struct lnm_str s) {
    size_t len = s.len < size ? s.len : size - 1;
    if (len > 0) {
        memcpy(to, s.ptr, len);
    }
    to[len] = '\0';
}

/* Greedy with one point to come back to (the last '*'), so time is at most |pattern| * |s|. */
bool lnm_str_glob(struct lnm_str pattern, struct lnm_str s) {
    size_t p = 0, i = 0, star = SIZE_MAX, mark = 0;
    while (i < s.len) {
        bool escaped = p + 1 < pattern.len && pattern.ptr[p] == '\\';
        char c = p < pattern.len ? pattern.ptr[escaped ? p + 1 : p] : '\0';
        if (p < pattern.len && !escaped && c == '*') {
            star = p++;
            mark = i;
        } else if (p < pattern.len && ((!escaped && c == '?') || c == s.ptr[i])) {
            p += escaped ? 2 : 1;
            i++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            i = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*') {
        p++;
    }
    return p == pattern.len;
}
