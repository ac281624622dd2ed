/* record_read.c - looking into a finished record. */
#include "aws/record.h"

const struct lnm_member *lnm_record_member(const struct lnm_record *r, uint32_t node) {
    return node == 0 ? &r->root : r->nodes[node].member; /* the root's moves with the record */
}

/* Where the children of `parent` end; a node that is still open reaches to the last one. */
static uint32_t end_of(const struct lnm_record *r, uint32_t parent) {
    uint32_t open = r->open;
    for (uint32_t d = r->depth; d > 0; d--) {
        if (open == parent) {
            return r->count;
        }
        open = r->nodes[open].end;
    }
    return r->nodes[parent].end;
}

uint32_t lnm_record_first(const struct lnm_record *r, uint32_t parent) {
    if (r->count == 0) {
        return 0;
    }
    enum lnm_kind kind = lnm_record_member(r, parent)->type->kind;
    bool nested = kind == LNM_STRUCT || kind == LNM_LIST || kind == LNM_MAP;
    return nested && parent + 1 < end_of(r, parent) ? parent + 1 : 0;
}

uint32_t lnm_record_next(const struct lnm_record *r, uint32_t parent, uint32_t child) {
    uint32_t next = end_of(r, child);
    return next < end_of(r, parent) ? next : 0;
}

uint32_t lnm_record_find(const struct lnm_record *r, uint32_t parent, const char *name) {
    if (r->count == 0 || lnm_record_member(r, parent)->type->kind != LNM_STRUCT) {
        return 0;
    }
    uint32_t end = end_of(r, parent);
    for (uint32_t i = parent + 1; i < end; i = end_of(r, i)) {
        const char *given = r->nodes[i].member->name;
        if (given == name || (given != NULL && strcmp(given, name) == 0)) {
            return i;
        }
    }
    return 0;
}

static uint32_t nth(const struct lnm_record *r, uint32_t list, int64_t n) {
    uint32_t i = n > 0 ? lnm_record_first(r, list) : 0;
    while (i != 0 && --n > 0) {
        i = lnm_record_next(r, list, i);
    }
    return i;
}

uint32_t lnm_record_at(const struct lnm_record *r, uint32_t from, const char *path) {
    struct lnm_str rest = lnm_str_z(path), part;
    uint32_t node = from;
    while (rest.len > 0) {
        char name[64];
        int64_t n;
        rest = lnm_str_cut(rest, '.', &part);
        if (part.len >= sizeof name) {
            return 0;
        }
        memcpy(name, part.ptr, part.len);
        name[part.len] = '\0';
        node = lnm_str_int64(&n, part) == 0 ? nth(r, node, n) : lnm_record_find(r, node, name);
        if (node == 0) {
            return 0;
        }
    }
    return node;
}

struct lnm_str lnm_record_str(const struct lnm_record *r, uint32_t node) {
    if (node == 0 || r->count == 0) {
        return LNM_STR_NONE;
    }
    return (struct lnm_str){r->text + r->nodes[node].text, r->nodes[node].len};
}

struct lnm_str lnm_record_get(const struct lnm_record *r, uint32_t parent, const char *name) {
    return lnm_record_str(r, lnm_record_find(r, parent, name));
}

int64_t lnm_record_get_int(const struct lnm_record *r, uint32_t parent, const char *name,
                           int64_t fallback) {
    int64_t v;
    return lnm_str_int64(&v, lnm_record_get(r, parent, name)) == 0 ? v : fallback;
}

bool lnm_record_get_bool(const struct lnm_record *r, uint32_t parent, const char *name,
                         bool fallback) {
    uint32_t node = lnm_record_find(r, parent, name);
    return node == 0 ? fallback : lnm_str_is(lnm_record_str(r, node), "true");
}

/* Where a name was found: who asks has the same literal each time. */
#define FOUND_BITS 10
static _Thread_local struct {
    const char *name;
    const struct lnm_member *member;
} found[1 << FOUND_BITS];

const struct lnm_member *lnm_type_named(const struct lnm_type *t, const char *name) {
    uint64_t both = (uint64_t)(uintptr_t)name + ((uint64_t)(uintptr_t)t << 16);
    size_t slot = both * UINT64_C(0x9e3779b97f4a7c15) >> (64 - FOUND_BITS);
    const struct lnm_member *m = found[slot].name == name ? found[slot].member : NULL;
    bool of_t = (uintptr_t)m - (uintptr_t)t->members < t->member_count * sizeof *m;
    if (!of_t || (m->name != name && strcmp(m->name, name) != 0)) {
        m = lnm_type_member(t, lnm_str_z(name));
        found[slot].name = name;
        found[slot].member = m;
    }
    return m;
}

const struct lnm_member *lnm_type_member(const struct lnm_type *t, struct lnm_str name) {
    for (size_t i = 0; name.len > 0 && i < t->member_count; i++) {
        const char *candidate = t->members[i].name; /* most differ in their first letter */
        if (candidate[0] == name.ptr[0] && lnm_str_is(name, candidate)) {
            return &t->members[i];
        }
    }
    return NULL;
}

const struct lnm_member *lnm_type_wire(const struct lnm_type *t, struct lnm_str wire) {
    for (size_t i = 0; i < t->member_count; i++) {
        if (lnm_str_is(wire, t->members[i].wire)) {
            return &t->members[i];
        }
    }
    return NULL;
}
