/* record_named.c - building a record by recipe names, and copying from another one. */
#include "aws/record.h"

static const struct lnm_member *open_member(struct lnm_record *r) {
    return r->failed == 0 && r->depth > 0 ? lnm_record_member(r, r->open) : NULL;
}

/* The member `name` of the struct that is open; an unknown one ends the building. */
static const struct lnm_member *named(struct lnm_record *r, const char *name) {
    const struct lnm_member *open = open_member(r);
    const struct lnm_member *m =
        open != NULL && open->type->kind == LNM_STRUCT ? lnm_type_named(open->type, name) : NULL;
    if (m == NULL && r->failed == 0) {
        r->failed = LNM_EINVAL;
    }
    return m;
}

static const struct lnm_member *item(struct lnm_record *r) {
    const struct lnm_member *open = open_member(r);
    if (open == NULL || open->type->kind != LNM_LIST) {
        r->failed = r->failed != 0 ? r->failed : LNM_EINVAL;
        return NULL;
    }
    return open->type->item;
}

void lnm_record_set(struct lnm_record *r, const char *name, struct lnm_str value) {
    const struct lnm_member *m = named(r, name);
    if (m != NULL) {
        lnm_record_text(r, m, value);
    }
}

void lnm_record_setz(struct lnm_record *r, const char *name, const char *value) {
    if (value != NULL) {
        lnm_record_set(r, name, lnm_str_z(value));
    }
}

void lnm_record_set_int(struct lnm_record *r, const char *name, int64_t value) {
    const struct lnm_member *m = named(r, name);
    if (m != NULL) {
        lnm_record_int(r, m, value);
    }
}

void lnm_record_set_bool(struct lnm_record *r, const char *name, bool value) {
    const struct lnm_member *m = named(r, name);
    if (m != NULL) {
        lnm_record_bool(r, m, value);
    }
}

void lnm_record_enter(struct lnm_record *r, const char *name) {
    const struct lnm_member *m = named(r, name);
    if (m != NULL) {
        lnm_record_open(r, m);
    }
}

void lnm_record_item(struct lnm_record *r) {
    const struct lnm_member *m = item(r);
    if (m != NULL) {
        lnm_record_open(r, m);
    }
}

void lnm_record_add(struct lnm_record *r, struct lnm_str value) {
    const struct lnm_member *m = item(r);
    if (m != NULL) {
        lnm_record_text(r, m, value);
    }
}

static void copy_value(struct lnm_record *r, const struct lnm_member *m,
                       const struct lnm_record *src, uint32_t node);

static void copy_items(struct lnm_record *r, const struct lnm_member *m,
                       const struct lnm_record *src, uint32_t list) {
    for (uint32_t i = lnm_record_first(src, list); i != 0; i = lnm_record_next(src, list, i)) {
        copy_value(r, m->type->item, src, i);
    }
}

/* A map's children are key, value, key, value ... */
static void copy_pairs(struct lnm_record *r, const struct lnm_member *m,
                       const struct lnm_record *src, uint32_t map) {
    for (uint32_t k = lnm_record_first(src, map); k != 0;) {
        uint32_t v = lnm_record_next(src, map, k);
        lnm_record_text(r, lnm_record_member(src, k), lnm_record_str(src, k));
        copy_value(r, m->type->item, src, v);
        k = lnm_record_next(src, map, v);
    }
}

static bool is_nested(enum lnm_kind kind) {
    return kind == LNM_STRUCT || kind == LNM_LIST || kind == LNM_MAP;
}

static void copy_value(struct lnm_record *r, const struct lnm_member *m,
                       const struct lnm_record *src, uint32_t node) {
    enum lnm_kind kind = lnm_record_member(src, node)->type->kind;
    if (kind != m->type->kind && (is_nested(kind) || is_nested(m->type->kind))) {
        return; /* two things that only share a name */
    }
    if (!is_nested(kind)) {
        lnm_record_text(r, m, lnm_record_str(src, node));
        return;
    }
    lnm_record_open(r, m);
    if (kind == LNM_STRUCT) {
        lnm_record_copy(r, src, node);
    } else if (kind == LNM_LIST) {
        copy_items(r, m, src, node);
    } else {
        copy_pairs(r, m, src, node);
    }
    lnm_record_close(r);
}

void lnm_record_copy(struct lnm_record *r, const struct lnm_record *src, uint32_t from) {
    const struct lnm_member *open = open_member(r);
    if (open == NULL || open->type->kind != LNM_STRUCT) {
        return;
    }
    for (uint32_t i = lnm_record_first(src, from); i != 0; i = lnm_record_next(src, from, i)) {
        const char *name = lnm_record_member(src, i)->name;
        const struct lnm_member *m = name != NULL ? lnm_type_named(open->type, name) : NULL;
        if (m != NULL) {
            copy_value(r, m, src, i);
        }
    }
}
