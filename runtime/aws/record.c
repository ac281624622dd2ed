/* record.c - the record's memory and how it is built. */
#include "aws/record.h"

#include <stdlib.h>

#define FIRST_BYTES 1024 /* of an array */
#define FIT_BYTES 512
#define KEPT_BYTES ((size_t)64 << 10)

static size_t limit(const struct lnm_record *r) {
    return r->max_bytes != 0 ? r->max_bytes : LNM_BUF_DEFAULT_MAX;
}

static void fail(struct lnm_record *r, int code) {
    if (r->failed == 0) {
        r->failed = code;
    }
}

/* Grow an array of `size`-byte elements to hold `need`, a small one twofold, then by half; false
 * when memory or the limit ends. */
static bool grow(struct lnm_record *r, void **array, uint32_t *cap, size_t need, size_t size) {
    if (need <= *cap) {
        return true;
    }
    if (need > UINT32_MAX / 2 || need * size > limit(r)) {
        fail(r, LNM_ELIMIT);
        return false;
    }
    size_t more = *cap == 0     ? FIRST_BYTES / size
                  : *cap < 2048 ? (size_t)*cap * 2
                                : *cap + (size_t)*cap / 2;
    more = more < need ? need : more;
    void *bigger = realloc(*array, more * size);
    if (bigger == NULL) {
        fail(r, LNM_ENOMEM);
        return false;
    }
    *array = bigger;
    *cap = (uint32_t)more;
    return true;
}

static bool room_for_nodes(struct lnm_record *r, size_t more) {
    void *nodes = r->nodes;
    bool ok = grow(r, &nodes, &r->node_cap, r->count + more, sizeof *r->nodes);
    r->nodes = nodes;
    return ok;
}

static bool room_for_text(struct lnm_record *r, size_t more) {
    void *text = r->text;
    bool ok = grow(r, &text, &r->text_cap, r->text_len + more, 1);
    r->text = text;
    return ok;
}

static struct lnm_node *add_node(struct lnm_record *r, const struct lnm_member *m) {
    if (r->failed != 0 || (r->count >= r->node_cap && !room_for_nodes(r, 1))) {
        return NULL;
    }
    if (r->depth > 0) {
        r->nodes[r->open].len++;
    }
    struct lnm_node *node = &r->nodes[r->count++];
    *node = (struct lnm_node){.member = m, .end = r->count};
    return node;
}

static void open_root(struct lnm_record *r) {
    if (add_node(r, &r->root) != NULL) {
        r->open = 0;
        r->depth = 1;
    }
}

int lnm_record_begin(struct lnm_record *r, const struct lnm_type *type, size_t max_bytes) {
    r->root = (struct lnm_member){.type = type};
    r->max_bytes = max_bytes;
    r->count = r->text_len = r->depth = 0;
    r->failed = 0;
    open_root(r);
    return r->failed;
}

int lnm_record_init(struct lnm_record *r, const struct lnm_type *type, size_t max_bytes) {
    memset(r, 0, sizeof *r);
    return lnm_record_begin(r, type, max_bytes);
}

void lnm_record_free(struct lnm_record *r) {
    free(r->nodes);
    free(r->text);
    memset(r, 0, sizeof *r);
}

void lnm_record_cleanse(struct lnm_record *r) {
    if (r->text != NULL) {
        explicit_bzero(r->text, r->text_cap);
    }
    lnm_record_free(r);
}

void lnm_record_clear(struct lnm_record *r) {
    if (r->text_cap > KEPT_BYTES || r->node_cap * sizeof *r->nodes > KEPT_BYTES) {
        lnm_record_cleanse(r);
    } else if (r->text_len > 0) {
        explicit_bzero(r->text, r->text_len);
        r->count = r->text_len = r->depth = 0;
    }
}

/* A little room that is left costs less than giving it back. */
static void fit(void **array, uint32_t *cap, uint32_t count, size_t size) {
    bool little = (*cap - count) * size <= FIT_BYTES;
    void *smaller = count > 0 && !little ? realloc(*array, count * size) : NULL;
    if (smaller != NULL) {
        *array = smaller;
        *cap = count;
    }
}

void lnm_record_reserve(struct lnm_record *r, size_t nodes, size_t bytes) {
    if (r->failed == 0 && room_for_nodes(r, nodes)) {
        (void)room_for_text(r, bytes);
    }
}

void lnm_record_shrink(struct lnm_record *r) {
    void *nodes = r->nodes, *text = r->text;
    fit(&nodes, &r->node_cap, r->count, sizeof *r->nodes);
    fit(&text, &r->text_cap, r->text_len, 1);
    r->nodes = nodes;
    r->text = text;
}

void lnm_record_open(struct lnm_record *r, const struct lnm_member *m) {
    if (r->failed == 0 && r->depth >= LNM_RECORD_DEPTH) {
        fail(r, LNM_ELIMIT);
    }
    struct lnm_node *node = add_node(r, m);
    if (node != NULL) {
        node->end = r->open;
        r->open = r->count - 1;
        r->depth++;
    }
}

void lnm_record_close(struct lnm_record *r) {
    if (r->failed != 0) {
        return;
    }
    if (r->depth == 0) {
        fail(r, LNM_EINVAL);
        return;
    }
    struct lnm_node *node = &r->nodes[r->open];
    r->open = node->end;
    r->depth--;
    node->end = r->count;
}

/* At the end of all texts, with the NUL that follows. */
static void put(struct lnm_record *r, struct lnm_node *node, struct lnm_str value) {
    if (value.len > 0) {
        memcpy(r->text + r->text_len, value.ptr, value.len);
    }
    r->text_len += (uint32_t)value.len;
    r->text[r->text_len++] = '\0';
    node->len += (uint32_t)value.len;
}

void lnm_record_text(struct lnm_record *r, const struct lnm_member *m, struct lnm_str value) {
    bool ok = r->failed == 0 &&
              (value.len < r->text_cap - r->text_len || room_for_text(r, value.len + 1));
    struct lnm_node *node = ok ? add_node(r, m) : NULL;
    if (node != NULL) {
        node->text = r->text_len;
        put(r, node, value);
    }
}

void lnm_record_more(struct lnm_record *r, struct lnm_str value) {
    if (r->failed == 0 && room_for_text(r, value.len)) {
        r->text_len--;
        put(r, &r->nodes[r->count - 1], value);
    }
}

void lnm_record_int(struct lnm_record *r, const struct lnm_member *m, int64_t value) {
    char text[LNM_STR_DECIMAL_MAX];
    lnm_record_text(r, m, (struct lnm_str){text, (size_t)(lnm_str_decimal(text, value, 1) - text)});
}

void lnm_record_bool(struct lnm_record *r, const struct lnm_member *m, bool value) {
    lnm_record_text(r, m, value ? LNM_STR("true") : LNM_STR("false"));
}

int lnm_record_check(const struct lnm_record *r, struct lnm_err *err) {
    switch (r->failed) {
    case 0:
        return 0;
    case LNM_ENOMEM:
        return lnm_fail_nomem(err);
    case LNM_ELIMIT:
        return lnm_fail(err, LNM_ELIMIT, "TooLarge", "more than %zu bytes or %d levels", limit(r),
                        LNM_RECORD_DEPTH);
    default:
        return lnm_fail(err, r->failed, "InvalidRecord", "a value does not fit its place");
    }
}
