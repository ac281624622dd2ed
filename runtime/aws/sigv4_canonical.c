/* sigv4_canonical.c - the canonical request: path, query, headers. */
#include "aws/sigv4.h"

#include "base/text.h"

#include <stdlib.h>

#define HEADERS_MAX 64
#define PARAMETERS_MAX 2048

static char lower(char c) { /* without a branch: it runs for every byte of every name */
    return (char)(c | ((unsigned)((unsigned char)c - 'A') < 26u) << 5);
}

/* ---- path -------------------------------------------------------------------------------------
 */

/* RFC 3986 dot segments and empty segments taken out of `path`, into out. */
static void add_normalized(struct lnm_buf *out, struct lnm_str path) {
    size_t start = out->len;
    bool slash = path.len > 0 && path.ptr[path.len - 1] == '/';
    while (path.len > 0) {
        struct lnm_str segment;
        path = lnm_str_cut(path, '/', &segment);
        if (segment.len == 0 || lnm_str_is(segment, ".")) {
            slash = slash || (path.len == 0 && segment.len == 1);
            continue;
        }
        if (lnm_str_is(segment, "..")) {
            while (out->len > start && out->ptr[--out->len] != '/') {
            }
            slash = slash || path.len == 0;
            continue;
        }
        lnm_buf_addc(out, '/');
        lnm_buf_adds(out, segment);
    }
    if (out->len == start || slash) {
        lnm_buf_addc(out, '/');
    }
}

static void add_path(struct lnm_buf *out, const struct lnm_signing_params *p) {
    if (p->path.len == 0 || lnm_str_is(p->path, "/")) {
        lnm_buf_addc(out, '/');
        return;
    }
    struct lnm_buf normal = {0};
    if (p->normalize_path) {
        add_normalized(&normal, p->path);
    } else {
        lnm_buf_adds(&normal, p->path);
    }
    if (p->double_encode_path) {
        lnm_text_percent_path(out, lnm_buf_str(&normal));
    } else {
        lnm_buf_adds(out, lnm_buf_str(&normal));
    }
    if (normal.failed != 0) {
        out->failed = normal.failed;
    }
    lnm_buf_free(&normal);
}

/* ---- query ------------------------------------------------------------------------------------
 */

struct parameter {
    struct lnm_str name, value; /* percent-encoded anew */
};

static int compare_str(struct lnm_str a, struct lnm_str b) {
    size_t least = a.len < b.len ? a.len : b.len;
    int c = least > 0 ? memcmp(a.ptr, b.ptr, least) : 0;
    return c != 0 ? c : (a.len > b.len) - (a.len < b.len);
}

static int compare_parameters(const void *left, const void *right) {
    const struct parameter *a = left, *b = right;
    int c = compare_str(a->name, b->name);
    return c != 0 ? c : compare_str(a->value, b->value);
}

/* Decode what is encoded and encode it as SigV4 wants, so that %7e and ~ are the same. */
static int reencode(struct lnm_buf *out, struct lnm_str s) {
    struct lnm_buf plain = {0};
    int error = lnm_text_unpercent(&plain, s, false);
    if (plain.failed != 0) {
        out->failed = plain.failed;
    } else {
        lnm_text_percent(out, error == 0 ? lnm_buf_str(&plain) : s); /* a stray '%' is itself */
    }
    lnm_buf_free(&plain);
    return out->failed;
}

static int split_query(struct lnm_buf *bytes, struct parameter *list, size_t *count,
                       struct lnm_str query) {
    while (query.len > 0) {
        struct lnm_str one, name;
        query = lnm_str_cut(query, '&', &one);
        struct lnm_str value = lnm_str_cut(one, '=', &name);
        if (one.len == 0) {
            continue;
        }
        if (*count == PARAMETERS_MAX) {
            return LNM_ELIMIT;
        }
        struct parameter *q = &list[(*count)++];
        size_t start = bytes->len;
        (void)reencode(bytes, name);
        q->name.len = bytes->len - start;
        start = bytes->len;
        (void)reencode(bytes, value);
        q->value.len = bytes->len - start;
        if (bytes->failed != 0) {
            return bytes->failed;
        }
    }
    return 0;
}

static int add_query(struct lnm_buf *out, struct lnm_str query, struct lnm_err *err) {
    if (query.len == 0) {
        return 0;
    }
    struct lnm_buf bytes = {0};
    size_t count = 0;
    struct parameter *list = calloc(PARAMETERS_MAX, sizeof *list);
    int error = list == NULL ? LNM_ENOMEM : split_query(&bytes, list, &count, query);
    if (error == 0) {
        const char *at = bytes.ptr;
        for (size_t i = 0; i < count; i++) { /* the bytes no longer move */
            list[i].name.ptr = at;
            list[i].value.ptr = at + list[i].name.len;
            at = list[i].value.ptr + list[i].value.len;
        }
        qsort(list, count, sizeof *list, compare_parameters);
        for (size_t i = 0; i < count; i++) {
            if (i > 0) {
                lnm_buf_addc(out, '&');
            }
            lnm_buf_adds(out, list[i].name);
            lnm_buf_addc(out, '=');
            lnm_buf_adds(out, list[i].value);
        }
    }
    free(list);
    lnm_buf_free(&bytes);
    return error < 0 ? lnm_fail(err, error, "TooLarge", "too many query parameters to sign") : 0;
}

/* ---- headers ----------------------------------------------------------------------------------
 */

static int compare_names(struct lnm_str a, struct lnm_str b) {
    size_t least = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < least; i++) {
        char x = lower(a.ptr[i]), y = lower(b.ptr[i]);
        if (x != y) {
            return (unsigned char)x < (unsigned char)y ? -1 : 1;
        }
    }
    return (a.len > b.len) - (a.len < b.len);
}

/* Indexes of the headers by name; equal names keep their order (few headers: insertion is fine). */
static int sort_headers(unsigned char order[HEADERS_MAX], const struct lnm_signing_params *p,
                        struct lnm_err *err) {
    if (p->header_count > HEADERS_MAX) {
        return lnm_fail(err, LNM_ELIMIT, "TooLarge", "more than %d headers to sign", HEADERS_MAX);
    }
    for (size_t i = 0; i < p->header_count; i++) {
        size_t k = i;
        while (k > 0 && compare_names(p->headers[order[k - 1]].name, p->headers[i].name) > 0) {
            order[k] = order[k - 1];
            k--;
        }
        order[k] = (unsigned char)i;
    }
    return 0;
}

static void add_lower(struct lnm_buf *out, struct lnm_str s) {
    if (lnm_buf_reserve(out, s.len) < 0) {
        return;
    }
    char *to = out->ptr + out->len;
    for (size_t i = 0; i < s.len; i++) {
        to[i] = lower(s.ptr[i]);
    }
    to[s.len] = '\0';
    out->len += s.len;
}

/* No byte of these eight is a space or a control character. */
static bool is_plain(uint64_t eight) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    return ((eight - ones * 0x21) & ~eight & ones * 0x80) == 0;
}

/* Trimmed, inner runs of white space as one space.  Eight bytes a step: values are most of what is
 * signed, and hardly any has a space. */
static void add_value(struct lnm_buf *out, struct lnm_str s) {
    s = lnm_str_trim(s);
    if (lnm_buf_reserve(out, s.len) < 0) { /* it never becomes longer */
        return;
    }
    char *to = out->ptr + out->len;
    size_t i = 0;
    while (i < s.len) {
        uint64_t eight;
        if (s.len - i >= sizeof eight && (memcpy(&eight, s.ptr + i, 8), is_plain(eight))) {
            memcpy(to, &eight, 8);
            to += 8;
            i += 8;
            continue;
        }
        char c = s.ptr[i++];
        bool space = c == ' ' || (c >= '\t' && c <= '\r');
        if (!space || to[-1] != ' ') { /* never the first: a name and ':' stand before it */
            *to++ = space ? ' ' : c;
        }
    }
    out->len = (size_t)(to - out->ptr);
    *to = '\0';
}

static bool same_name(const struct lnm_signing_params *p, unsigned char a, unsigned char b) {
    return p->headers[a].name.len == p->headers[b].name.len &&
           compare_names(p->headers[a].name, p->headers[b].name) == 0;
}

/* One line a name; starts[i] is where in `out` the line of order[i] begins, or no line of its own:
 * the same header twice is one line, values joined. */
static void add_headers(struct lnm_buf *out, const struct lnm_signing_params *p,
                        const unsigned char *order, size_t starts[HEADERS_MAX]) {
    for (size_t i = 0; i < p->header_count; i++) {
        if (i > 0 && same_name(p, order[i - 1], order[i])) {
            starts[i] = SIZE_MAX;
            lnm_buf_addc(out, ',');
        } else {
            if (i > 0) {
                lnm_buf_addc(out, '\n');
            }
            starts[i] = out->len;
            add_lower(out, p->headers[order[i]].name);
            lnm_buf_addc(out, ':');
        }
        add_value(out, p->headers[order[i]].value);
    }
    lnm_buf_addc(out, '\n');
}

/* "a;b;c", out of the header lines that stand in `out` already. */
static void add_names(struct lnm_buf *out, const struct lnm_signing_params *p,
                      const unsigned char *order, const size_t starts[HEADERS_MAX]) {
    for (size_t i = 0; i < p->header_count; i++) {
        if (starts[i] == SIZE_MAX) {
            continue;
        }
        if (i > 0) {
            lnm_buf_addc(out, ';');
        }
        size_t len = p->headers[order[i]].name.len;
        if (lnm_buf_reserve(out, len) == 0) { /* before the address of what stands there is taken */
            lnm_buf_add(out, out->ptr + starts[i], len);
        }
    }
}

int lnm_sigv4_signed_headers(struct lnm_buf *out, const struct lnm_signing_params *p,
                             struct lnm_err *err) {
    unsigned char order[HEADERS_MAX];
    int error = sort_headers(order, p, err);
    if (error < 0) {
        return error;
    }
    for (size_t i = 0; i < p->header_count; i++) {
        if (i > 0 && same_name(p, order[i - 1], order[i])) {
            continue;
        }
        if (i > 0) {
            lnm_buf_addc(out, ';');
        }
        add_lower(out, p->headers[order[i]].name);
    }
    return lnm_buf_check(out, err);
}

int lnm_sigv4_canonical_request(struct lnm_buf *out, const struct lnm_signing_params *p,
                                struct lnm_err *err) {
    unsigned char order[HEADERS_MAX];
    size_t starts[HEADERS_MAX];
    int error = sort_headers(order, p, err);
    if (error < 0) {
        return error;
    }
    lnm_buf_adds(out, p->method);
    lnm_buf_addc(out, '\n');
    add_path(out, p);
    lnm_buf_addc(out, '\n');
    error = add_query(out, p->query, err);
    if (error < 0) {
        return error;
    }
    lnm_buf_addc(out, '\n');
    add_headers(out, p, order, starts);
    lnm_buf_addc(out, '\n');
    add_names(out, p, order, starts);
    lnm_buf_addc(out, '\n');
    lnm_buf_adds(out, p->payload_hash);
    return lnm_buf_check(out, err);
}
