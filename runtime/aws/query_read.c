/* query_read.c - an AWS Query form body as a record: the local cloud's side.
 *
 * The pairs are decoded, turned into paths and sorted, with list indexes compared as numbers; then
 * one walk over the sorted pairs builds the record.  "X" is taken for "X.1" and the reverse, as the
 * real service takes it. */
#include "aws/query.h"

#include "base/text.h"

#include <stdlib.h>

#define PAIRS_MAX 20000

struct pair {
    struct lnm_str name, value; /* in the reader's decoded bytes */
};

struct reader {
    struct lnm_record *out;
    struct lnm_buf bytes;
    struct pair *pairs;
    size_t count;
    struct lnm_err *err;
};

static bool is_number(struct lnm_str s) {
    int64_t n;
    return lnm_str_int64(&n, s) == 0 && n >= 0;
}

/* Component by component: numbers by value, others by their bytes. */
static int compare_names(const void *left, const void *right) {
    struct lnm_str a = ((const struct pair *)left)->name, b = ((const struct pair *)right)->name;
    while (a.len > 0 || b.len > 0) {
        struct lnm_str x, y;
        int64_t m, n;
        a = lnm_str_cut(a, '.', &x);
        b = lnm_str_cut(b, '.', &y);
        if (lnm_str_int64(&m, x) == 0 && lnm_str_int64(&n, y) == 0) {
            if (m != n) {
                return m < n ? -1 : 1;
            }
            continue;
        }
        size_t least = x.len < y.len ? x.len : y.len;
        int c = least > 0 ? memcmp(x.ptr, y.ptr, least) : 0;
        if (c != 0 || x.len != y.len) {
            return c != 0 ? c : x.len < y.len ? -1 : 1;
        }
    }
    return 0;
}

static bool passed_over(struct lnm_str name) {
    return lnm_str_is(name, "Action") || lnm_str_is(name, "Version") ||
           lnm_str_starts(name, LNM_STR("X-Amz-")) || lnm_str_is(name, "AWSAccessKeyId") ||
           lnm_str_is(name, "Signature") || lnm_str_is(name, "SignatureMethod") ||
           lnm_str_is(name, "SignatureVersion") || lnm_str_is(name, "Timestamp");
}

static size_t count_pairs(struct lnm_str form) {
    size_t n = 1;
    for (size_t i = 0; i < form.len; i++) {
        n += form.ptr[i] == '&' ? 1 : 0;
    }
    return n;
}

static int malformed(struct reader *r) {
    return lnm_fail(r->err, LNM_EPARSE, "MalformedQueryString", "The query string is malformed");
}

static int decode_pairs(struct reader *r, struct lnm_str form) {
    size_t most = count_pairs(form);
    if (most > PAIRS_MAX) {
        return lnm_fail(r->err, LNM_ELIMIT, "RequestTooLarge", "more than %d parameters",
                        PAIRS_MAX);
    }
    if (lnm_buf_reserve(&r->bytes, form.len) < 0) {
        return lnm_buf_check(&r->bytes, r->err);
    }
    r->pairs = calloc(most, sizeof *r->pairs);
    if (r->pairs == NULL) {
        return lnm_fail_nomem(r->err);
    }
    while (form.len > 0) {
        struct lnm_str one, name, value;
        form = lnm_str_cut(form, '&', &one);
        value = lnm_str_cut(one, '=', &name);
        size_t start = r->bytes.len; /* decoding never grows: the bytes do not move */
        if (lnm_text_unpercent(&r->bytes, name, true) < 0) {
            return malformed(r);
        }
        size_t middle = r->bytes.len;
        if (lnm_text_unpercent(&r->bytes, value, true) < 0) {
            return malformed(r);
        }
        struct pair p = {{r->bytes.ptr + start, middle - start},
                         {r->bytes.ptr + middle, r->bytes.len - middle}};
        if (p.name.len > 0 && !passed_over(p.name)) {
            r->pairs[r->count++] = p;
        }
    }
    qsort(r->pairs, r->count, sizeof *r->pairs, compare_names);
    return 0;
}

static int unknown(struct reader *r, const struct pair *p) {
    return lnm_fail(r->err, LNM_EPARSE, "UnknownParameter", "The parameter %.*s is not recognized",
                    (int)(p->name.len < 200 ? p->name.len : 200), p->name.ptr);
}

static int bad_value(struct reader *r, const struct pair *p, const char *wanted) {
    return lnm_fail(r->err, LNM_EPARSE, "InvalidParameterValue",
                    "Invalid value '%.*s' for %.*s. Expected %s.",
                    (int)(p->value.len < 200 ? p->value.len : 200), p->value.ptr,
                    (int)(p->name.len < 200 ? p->name.len : 200), p->name.ptr, wanted);
}

static int read_scalar(struct reader *r, const struct lnm_member *m, const struct pair *p) {
    int64_t n;
    enum lnm_kind kind = m->type->kind;
    if (p->value.len == 0 && kind != LNM_STRING) {
        return 0; /* an empty value means "not given"; an empty text is a text */
    }
    if (kind == LNM_INTEGER && lnm_str_int64(&n, p->value) < 0) {
        return bad_value(r, p, "an integer");
    }
    if (kind == LNM_BOOLEAN) {
        bool yes = lnm_str_ieq(p->value, LNM_STR("true")) || lnm_str_is(p->value, "1");
        if (!yes && !lnm_str_ieq(p->value, LNM_STR("false")) && !lnm_str_is(p->value, "0")) {
            return bad_value(r, p, "true or false");
        }
        lnm_record_bool(r->out, m, yes);
        return 0;
    }
    lnm_record_text(r->out, m, p->value);
    return 0;
}

/* The name's component at byte `from`; *next is where the following one begins (len: none). */
static struct lnm_str component(struct lnm_str name, size_t from, size_t *next) {
    struct lnm_str head;
    struct lnm_str rest = {name.ptr + from, name.len - from};
    (void)lnm_str_cut(rest, '.', &head);
    *next = from + head.len < name.len ? from + head.len + 1 : name.len;
    return head;
}

/* One past the last pair from `first` that shares its component at `from`. */
static size_t group_end(const struct reader *r, size_t first, size_t end, size_t from) {
    size_t next;
    struct lnm_str head = component(r->pairs[first].name, from, &next);
    size_t i = first + 1;
    while (i < end && lnm_str_eq(head, component(r->pairs[i].name, from, &next))) {
        i++;
    }
    return i;
}

static int read_value(struct reader *r, const struct lnm_member *m, size_t first, size_t end,
                      size_t from, int depth);

static int read_members(struct reader *r, const struct lnm_type *type, size_t first, size_t end,
                        size_t from, int depth) {
    while (first < end) {
        size_t next;
        size_t stop = group_end(r, first, end, from);
        struct lnm_str head = component(r->pairs[first].name, from, &next);
        const struct lnm_member *m = lnm_type_wire(type, head);
        if (m == NULL) {
            return unknown(r, &r->pairs[first]);
        }
        int error = read_value(r, m, first, stop, next, depth);
        if (error < 0) {
            return error;
        }
        first = stop;
    }
    return 0;
}

static int read_items(struct reader *r, const struct lnm_member *item, size_t first, size_t end,
                      size_t from, int depth) {
    while (first < end) {
        size_t next;
        struct lnm_str head = component(r->pairs[first].name, from, &next);
        size_t stop = group_end(r, first, end, from);
        if (head.len > 0 && !is_number(head)) {
            return unknown(r, &r->pairs[first]);
        }
        if (head.len == 0 && r->pairs[first].value.len == 0) {
            first = stop; /* "X=" is an empty list */
            continue;
        }
        int error = read_value(r, item, first, stop, next, depth);
        if (error < 0) {
            return error;
        }
        first = stop;
    }
    return 0;
}

/* "X.member.1": the query protocol's lists say "member" before the index. */
static size_t skip_member(const struct reader *r, const struct lnm_member *list, size_t first,
                          size_t from) {
    size_t next;
    const char *item = list->type->item->wire != NULL ? list->type->item->wire : "member";
    struct lnm_str head = component(r->pairs[first].name, from, &next);
    return lnm_str_is(head, item) || lnm_str_is(head, "member") ? next : from;
}

static int read_value(struct reader *r, const struct lnm_member *m, size_t first, size_t end,
                      size_t from, int depth) {
    const struct pair *p = &r->pairs[first];
    int error;
    if (depth >= LNM_RECORD_DEPTH - 1) {
        return malformed(r);
    }
    switch (m->type->kind) {
    case LNM_STRUCT:
        lnm_record_open(r->out, m);
        error = read_members(r, m->type, first, end, from, depth + 1);
        lnm_record_close(r->out);
        return error;
    case LNM_LIST:
        lnm_record_open(r->out, m);
        error = read_items(r, m->type->item, first, end, skip_member(r, m, first, from), depth + 1);
        lnm_record_close(r->out);
        return error;
    case LNM_MAP:
        return unknown(r, p);
    default: {
        size_t next;
        bool rest = from < p->name.len;
        if (rest && !(lnm_str_is(component(p->name, from, &next), "1") && next == p->name.len)) {
            return unknown(r, p);
        }
        return read_scalar(r, m, p);
    }
    }
}

int lnm_query_read(struct lnm_record *out, const struct lnm_operation *op, struct lnm_str form,
                   struct lnm_err *err) {
    struct reader r = {.out = out, .err = err};
    lnm_buf_init(&r.bytes, form.len + 1);
    int error = decode_pairs(&r, form);
    if (error == 0) {
        error = read_members(&r, op->input, 0, r.count, 0, 0);
    }
    if (error == 0) {
        error = lnm_record_check(out, err);
    }
    free(r.pairs);
    lnm_buf_free(&r.bytes);
    return error;
}

int lnm_query_param(struct lnm_buf *out, struct lnm_str form, const char *name) {
    while (form.len > 0) {
        struct lnm_str one, key;
        form = lnm_str_cut(form, '&', &one);
        struct lnm_str value = lnm_str_cut(one, '=', &key);
        if (lnm_str_is(key, name)) {
            return lnm_text_unpercent(out, value, true) < 0 ? LNM_EPARSE : out->failed;
        }
    }
    return LNM_ENOTFOUND;
}
