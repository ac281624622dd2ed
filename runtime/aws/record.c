/* record.c - the record's memory and how it is built. */
#include "aws/record.h"

#include <stdlib.h>

#define FIT_BYTES 512

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
    size_t more = *cap < 64 ? 64 : *cap + (*cap < 2048 ? *cap : (size_t)*cap / 2);
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

static size_t slot_of(const struct lnm_record *r, const struct lnm_member *m) {
    size_t h = (size_t)(((uintptr_t)m >> 4) * 0x9e3779b97f4a7c15u >> 32);
    size_t i = h & (r->slot_count - 1);
    while (r->slots[i] != UINT32_MAX && r->members[r->slots[i]] != m) {
        i = (i + 1) & (r->slot_count - 1);
    }
    return i;
}

static bool rehash(struct lnm_record *r) {
    uint32_t count = r->slot_count == 0 ? 64 : r->slot_count * 2;
    while (count <= r->member_count * 2) { /* they were given back */
        count *= 2;
    }
    uint32_t *slots = malloc(count * sizeof *slots);
    if (slots == NULL) {
        fail(r, LNM_ENOMEM);
        return false;
    }
    memset(slots, 0xff, count * sizeof *slots);
    free(r->slots);
    r->slots = slots;
    r->slot_count = count;
    for (uint32_t i = 0; i < r->member_count; i++) {
        r->slots[slot_of(r, r->members[i])] = i;
    }
    return true;
}

static uint32_t intern(struct lnm_record *r, const struct lnm_member *m) {
    if (r->member_count * 2 >= r->slot_count && !rehash(r)) {
        return 0;
    }
    size_t slot = slot_of(r, m);
    if (r->slots[slot] != UINT32_MAX) {
        return r->slots[slot];
    }
    void *members = r->members;
    bool ok = grow(r, &members, &r->member_cap, (size_t)r->member_count + 1, sizeof *r->members);
    r->members = members;
    if (!ok) {
        return 0;
    }
    r->members[r->member_count] = m;
    r->slots[slot] = r->member_count;
    return r->member_count++;
}

static bool grow_nodes(struct lnm_record *r) {
    void *nodes = r->nodes;
    bool ok = grow(r, &nodes, &r->node_cap, (size_t)r->count + 1, sizeof *r->nodes);
    r->nodes = nodes;
    return ok;
}

static bool grow_text(struct lnm_record *r, size_t more) {
    void *text = r->text;
    bool ok = grow(r, &text, &r->text_cap, (size_t)r->text_len + more, 1);
    r->text = text;
    return ok;
}

static struct lnm_node *add_node(struct lnm_record *r, const struct lnm_member *m) {
    if (r->failed != 0 || (r->count == r->node_cap && !grow_nodes(r))) {
        return NULL;
    }
    uint32_t member = intern(r, m);
    if (r->failed != 0) {
        return NULL;
    }
    if (r->depth > 0) {
        r->nodes[r->stack[r->depth - 1]].len++;
    }
    struct lnm_node *node = &r->nodes[r->count++];
    *node = (struct lnm_node){.member = member, .end = r->count};
    return node;
}

static void open_root(struct lnm_record *r) {
    if (add_node(r, &r->root) != NULL) {
        r->stack[0] = 0;
        r->depth = 1;
    }
}

int lnm_record_init(struct lnm_record *r, const struct lnm_type *type, size_t max_bytes) {
    memset(r, 0, sizeof *r);
    r->root.type = type;
    r->max_bytes = max_bytes;
    open_root(r);
    return r->failed;
}

void lnm_record_free(struct lnm_record *r) {
    free(r->nodes);
    free(r->text);
    free(r->members);
    free(r->slots);
    memset(r, 0, sizeof *r);
}

void lnm_record_cleanse(struct lnm_record *r) {
    if (r->text != NULL) {
        explicit_bzero(r->text, r->text_cap);
    }
    lnm_record_free(r);
}

void lnm_record_clear(struct lnm_record *r) {
    r->count = r->text_len = r->depth = 0;
    r->failed = 0;
    if (r->root.type != NULL) {
        open_root(r);
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

void lnm_record_reserve(struct lnm_record *r, size_t bytes) {
    (void)grow_text(r, bytes);
}

void lnm_record_shrink(struct lnm_record *r) {
    void *nodes = r->nodes, *text = r->text, *members = r->members;
    fit(&nodes, &r->node_cap, r->count, sizeof *r->nodes);
    fit(&text, &r->text_cap, r->text_len, 1);
    fit(&members, &r->member_cap, r->member_count, sizeof *r->members);
    r->nodes = nodes;
    r->text = text;
    r->members = members;
    free(r->slots); /* needed for building only */
    r->slots = NULL;
    r->slot_count = 0;
}

void lnm_record_open(struct lnm_record *r, const struct lnm_member *m) {
    if (r->failed == 0 && r->depth >= LNM_RECORD_DEPTH) {
        fail(r, LNM_ELIMIT);
    }
    if (add_node(r, m) != NULL) {
        r->stack[r->depth++] = r->count - 1;
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
    r->nodes[r->stack[--r->depth]].end = r->count;
}

void lnm_record_text(struct lnm_record *r, const struct lnm_member *m, struct lnm_str value) {
    bool fits = value.len < (size_t)r->text_cap - r->text_len;
    struct lnm_node *node = fits || grow_text(r, value.len + 1) ? add_node(r, m) : NULL;
    if (node == NULL) {
        return;
    }
    node->text = r->text_len;
    node->len = (uint32_t)value.len;
    if (value.len > 0) {
        memcpy(r->text + r->text_len, value.ptr, value.len);
    }
    r->text[r->text_len + value.len] = '\0';
    r->text_len += (uint32_t)value.len + 1;
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
