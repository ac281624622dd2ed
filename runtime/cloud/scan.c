/* scan.c - the shortest lists of ids that hold all that can match, merged. */
#include "cloud/scan.h"

#include <stdlib.h>

#define TAGGED                                                                                     \
    "SELECT resource AS id FROM tags WHERE key = ?5 AND value = ?4 AND resource > ?3 AND"          \
    " resource < ?2 AND resource NOT GLOB 'arn:*'" LNM_SCAN_LIMIT /* those of keys */

#define ID_MAX 32

struct lnm_scan_source {
    const char *sql, *who, *where;
    struct lnm_str value, key;
    char ids[LNM_SCAN_CHUNK][ID_MAX];
    size_t count, at;
};

static int add(struct lnm_scan *s, const struct lnm_scan_source *source) {
    if (s->count == s->cap) {
        size_t cap = s->cap == 0 ? 4 : s->cap * 2;
        struct lnm_scan_source *more = realloc(s->sources, cap * sizeof *more);
        if (more == NULL) {
            return lnm_cloud_raise(s->r, 500, "InternalError", "out of memory");
        }
        s->sources = more;
        s->cap = cap;
    }
    s->sources[s->count++] = *source;
    return 0;
}

static bool is_exact(const struct lnm_record *in, uint32_t values) {
    uint32_t v = lnm_record_first(in, values);
    bool exact = v != 0;
    for (; exact && v != 0; v = lnm_record_next(in, values, v)) {
        struct lnm_str text = lnm_record_str(in, v);
        for (size_t i = 0; exact && i < text.len; i++) {
            exact = text.ptr[i] != '*' && text.ptr[i] != '?' && text.ptr[i] != '\\';
        }
    }
    return exact;
}

/* The values of the request's filter of that name, if they can be looked up: a node, or 0. `key`,
 * when asked for: any filter that begins so, and what follows. */
static uint32_t find_values(const struct lnm_scan *s, const char *name, struct lnm_str *key) {
    const struct lnm_record *in = &s->r->in;
    uint32_t list = lnm_record_find(in, 0, "filters");
    for (uint32_t f = list != 0 ? lnm_record_first(in, list) : 0; f != 0;
         f = lnm_record_next(in, list, f)) {
        struct lnm_str given = lnm_record_get(in, f, "name");
        uint32_t values = lnm_record_find(in, f, "values");
        bool is = key != NULL ? lnm_str_starts(given, lnm_str_z(name)) : lnm_str_is(given, name);
        if (is && values != 0 && is_exact(in, values)) {
            if (key != NULL) {
                *key = (struct lnm_str){given.ptr + strlen(name), given.len - strlen(name)};
            }
            return values;
        }
    }
    return 0;
}

static int compare(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* The ids of a list, but those that are too long to be one. */
static int name_ids(struct lnm_scan *s, uint32_t list) {
    const struct lnm_record *in = &s->r->in;
    s->named = calloc((size_t)in->nodes[list].len + 1, sizeof *s->named);
    if (s->named == NULL) {
        return lnm_cloud_raise(s->r, 500, "InternalError", "out of memory");
    }
    for (uint32_t v = lnm_record_first(in, list); v != 0; v = lnm_record_next(in, list, v)) {
        struct lnm_str id = lnm_record_str(in, v);
        if (id.len < ID_MAX) {
            s->named[s->named_count++] = id.ptr;
        }
    }
    qsort(s->named, s->named_count, sizeof *s->named, compare);
    return 0;
}

/* One source for each value of a list. */
static int add_values(struct lnm_scan *s, uint32_t values, struct lnm_scan_source *source) {
    int error = 0;
    for (uint32_t v = lnm_record_first(&s->r->in, values); v != 0 && error == 0;
         v = lnm_record_next(&s->r->in, values, v)) {
        source->value = lnm_record_str(&s->r->in, v);
        error = add(s, source);
    }
    return error;
}

/* What others let this account use; nothing when only its own is asked for. */
static int add_shared(struct lnm_scan *s) {
    struct lnm_scan_source source = {
        .sql = s->kind->shared, .who = s->r->account, .where = s->r->region};
    if (source.sql == NULL) {
        return 0;
    }
    uint32_t owners = lnm_record_find(&s->r->in, 0, s->kind->owners), o = 0;
    if (owners != 0) {
        o = lnm_record_first(&s->r->in, owners);
        while (o != 0 && (lnm_str_is(lnm_record_str(&s->r->in, o), "self") ||
                          lnm_str_is(lnm_record_str(&s->r->in, o), s->r->account))) {
            o = lnm_record_next(&s->r->in, owners, o);
        }
        if (o == 0) {
            return 0;
        }
    }
    int error = add(s, &source);
    source.who = "all";
    return error < 0 ? error : add(s, &source);
}

static int choose(struct lnm_scan *s) {
    const struct lnm_scan_kind *k = s->kind;
    struct lnm_scan_source source = {.who = s->r->account, .where = s->r->region};
    uint32_t values = lnm_record_find(&s->r->in, 0, k->ids);
    if (values == 0 || lnm_record_first(&s->r->in, values) == 0) {
        values = find_values(s, k->id_filter, NULL);
    }
    if (values != 0) {
        return name_ids(s, values);
    }
    for (size_t i = 0; i < sizeof k->exact / sizeof k->exact[0] && k->exact[i].sql != NULL; i++) {
        values = find_values(s, k->exact[i].filter, NULL);
        if (values != 0) {
            source.sql = k->exact[i].sql;
            return add_values(s, values, &source) < 0 || (k->exact[i].own && add_shared(s) < 0) ? -1
                                                                                                : 0;
        }
    }
    source.where = k->end;
    values = find_values(s, "tag:", &source.key);
    if (values != 0) {
        source.sql = TAGGED;
        return add_values(s, values, &source);
    }
    source.sql = k->own;
    source.where = s->r->region;
    return add(s, &source) < 0 ? -1 : add_shared(s);
}

/* Read the next few ids of a source. */
static void fill(struct lnm_scan *s, struct lnm_scan_source *source) {
    const char *after = source->count > 0 ? source->ids[source->count - 1] : s->after;
    sqlite3_stmt *q;
    source->at = 0;
    if (source->key.len > 0) {
        const char *from = strcmp(after, s->kind->prefix) > 0 ? after : s->kind->prefix;
        q = lnm_store_query(s->r->cloud, source->sql, "tttss", source->who, source->where, from,
                            source->value, source->key);
    } else if (source->value.ptr != NULL) {
        q = lnm_store_query(s->r->cloud, source->sql, "ttts", source->who, source->where, after,
                            source->value);
    } else {
        q = lnm_store_query(s->r->cloud, source->sql, "ttt", source->who, source->where, after);
    }
    s->failed = s->failed || q == NULL;
    for (source->count = 0; q != NULL && sqlite3_step(q) == SQLITE_ROW; source->count++) {
        const char *id = lnm_store_text(q, 0);
        s->failed = s->failed || strlen(id) >= ID_MAX; /* cut, it would come again and again */
        lnm_take(source->ids[source->count], sizeof source->ids[0], id);
    }
    if (q != NULL) {
        (void)sqlite3_reset(q);
    }
}

int lnm_scan_begin(struct lnm_scan *s, struct lnm_cloud_request *r,
                   const struct lnm_scan_kind *kind, const char *after) {
    *s = (struct lnm_scan){.r = r, .kind = kind};
    lnm_take(s->after, sizeof s->after, after);
    int error = choose(s);
    for (size_t i = 0; i < s->count && error == 0; i++) {
        fill(s, &s->sources[i]);
    }
    return error;
}

/* The next that is named, each once. */
static const char *next_named(struct lnm_scan *s) {
    while (s->named_at < s->named_count) {
        const char *id = s->named[s->named_at++];
        if (strcmp(id, s->after) > 0) {
            lnm_take(s->after, sizeof s->after, id);
            return s->after;
        }
    }
    return NULL;
}

const char *lnm_scan_next(struct lnm_scan *s) {
    const char *least = NULL;
    if (s->named != NULL) {
        return next_named(s);
    }
    for (size_t i = 0; i < s->count; i++) {
        const struct lnm_scan_source *source = &s->sources[i];
        if (source->at < source->count &&
            (least == NULL || strcmp(source->ids[source->at], least) < 0)) {
            least = source->ids[source->at];
        }
    }
    if (least == NULL || s->failed) {
        return NULL;
    }
    lnm_take(s->after, sizeof s->after, least);
    for (size_t i = 0; i < s->count; i++) { /* each list that has it goes on */
        struct lnm_scan_source *source = &s->sources[i];
        if (source->at < source->count && strcmp(source->ids[source->at], s->after) == 0 &&
            ++source->at == LNM_SCAN_CHUNK) {
            fill(s, source);
        }
    }
    return s->after;
}

void lnm_scan_end(struct lnm_scan *s) {
    free(s->sources);
    free(s->named);
    s->sources = NULL;
    s->named = NULL;
}
