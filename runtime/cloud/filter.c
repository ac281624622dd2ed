/* filter.c - Filter.N and pages, the same for every Describe. */
#include "cloud/filter.h"
#include "cloud/fault.h"
#include "cloud/scan.h"
#include "cloud/switches.h"

#include "base/date.h"
#include "base/text.h"

#include <stdio.h>

#define FILTERS_MAX 50
#define VALUES_MAX 200
#define TEXT_MAX 255

static void take_name(char name[TEXT_MAX + 1], const struct lnm_cloud_request *r, uint32_t filter) {
    struct lnm_str given = lnm_record_get(&r->in, filter, "name");
    lnm_take(name, TEXT_MAX + 1, given.len > 0 ? given.ptr : "");
}

static int check_values(struct lnm_cloud_request *r, uint32_t filter) {
    uint32_t values = lnm_record_find(&r->in, filter, "values");
    int count = 0;
    for (uint32_t v = values != 0 ? lnm_record_first(&r->in, values) : 0; v != 0;
         v = lnm_record_next(&r->in, values, v)) {
        if (++count > VALUES_MAX) {
            return lnm_cloud_raise(
                r, 400, "FilterLimitExceeded",
                "The maximum number of filter values specified on a single call is 200");
        }
        if (lnm_record_str(&r->in, v).len > TEXT_MAX) {
            return lnm_cloud_raise(r, 400, "FilterLimitExceeded",
                                   "The maximum length of a filter value is 255 characters");
        }
    }
    return 0;
}

static int check_one(struct lnm_cloud_request *r, uint32_t filter, lnm_cloud_matches *matches,
                     void *row) {
    char name[TEXT_MAX + 1];
    take_name(name, r, filter);
    return matches(row, name, LNM_STR("*")) < 0 && !lnm_filter_known(r->op->name, name)
               ? lnm_cloud_raise(r, 400, "InvalidParameterValue", "The filter '%s' is invalid",
                                 name)
               : check_values(r, filter);
}

int lnm_filter_check(struct lnm_cloud_request *r, lnm_cloud_matches *matches, void *row) {
    uint32_t list = lnm_record_find(&r->in, 0, "filters");
    int count = 0;
    for (uint32_t f = list != 0 ? lnm_record_first(&r->in, list) : 0; f != 0;
         f = lnm_record_next(&r->in, list, f)) {
        if (++count > FILTERS_MAX) {
            return lnm_cloud_raise(r, 400, "FilterLimitExceeded",
                                   "The maximum number of filters on a single call is 50");
        }
        if (check_one(r, f, matches, row) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Any of a filter's values. */
static bool match_one(struct lnm_cloud_request *r, uint32_t filter, lnm_cloud_matches *matches,
                      void *row) {
    char name[TEXT_MAX + 1];
    uint32_t values = lnm_record_find(&r->in, filter, "values");
    uint32_t v = values != 0 ? lnm_record_first(&r->in, values) : 0;
    take_name(name, r, filter);
    while (v != 0 && matches(row, name, lnm_record_str(&r->in, v)) != 1) {
        v = lnm_record_next(&r->in, values, v);
    }
    return v != 0;
}

bool lnm_filter_match(struct lnm_cloud_request *r, lnm_cloud_matches *matches, void *row) {
    uint32_t list = lnm_record_find(&r->in, 0, "filters");
    uint32_t f = list != 0 ? lnm_record_first(&r->in, list) : 0;
    while (f != 0 && match_one(r, f, matches, row)) {
        f = lnm_record_next(&r->in, list, f);
    }
    return f == 0;
}

bool lnm_filter_listed(const struct lnm_cloud_request *r, const char *list, const char *id) {
    uint32_t node = lnm_record_find(&r->in, 0, list);
    uint32_t i = node != 0 ? lnm_record_first(&r->in, node) : 0;
    if (i == 0) {
        return true; /* nothing listed: everything is meant */
    }
    while (i != 0 && !lnm_str_is(lnm_record_str(&r->in, i), id)) {
        i = lnm_record_next(&r->in, node, i);
    }
    return i != 0;
}

/* Let `at` hold also what follows where nothing has to be taken: after '*' and '?'. */
static void pass_over(bool at[TEXT_MAX + 1], struct lnm_str pattern) {
    for (size_t p = 0; p < pattern.len; p++) {
        if (pattern.ptr[p] == '\\') {
            p++;
        } else if (at[p] && (pattern.ptr[p] == '*' || pattern.ptr[p] == '?')) {
            at[p + 1] = true;
        }
    }
}

/* Where a pattern goes on after one more character. */
static void take_one(bool next[TEXT_MAX + 1], const bool at[TEXT_MAX + 1], struct lnm_str pattern,
                     char c) {
    memset(next, 0, (TEXT_MAX + 1) * sizeof next[0]);
    for (size_t p = 0; p < pattern.len; p++) {
        size_t from = p;
        bool escaped = pattern.ptr[p] == '\\' && p + 1 < pattern.len;
        p += escaped ? 1 : 0;
        if (at[from] && !escaped && pattern.ptr[p] == '*') {
            next[from] = true;
        } else if (at[from] && ((!escaped && pattern.ptr[p] == '?') || pattern.ptr[p] == c)) {
            next[p + 1] = true;
        }
    }
}

/* '?' is no character or one, which is not so in policies. */
int lnm_filter_text(const char *value, struct lnm_str pattern) {
    bool sets[2][TEXT_MAX + 1] = {{true}};
    if (pattern.len == 0 || pattern.len > TEXT_MAX ||
        memchr(pattern.ptr, '?', pattern.len) == NULL) {
        return lnm_str_glob(pattern, lnm_str_z(value)) ? 1 : 0;
    }
    pass_over(sets[0], pattern);
    for (size_t i = 0; value[i] != '\0'; i++) {
        take_one(sets[(i + 1) % 2], sets[i % 2], pattern, value[i]);
        pass_over(sets[(i + 1) % 2], pattern);
    }
    return sets[strlen(value) % 2][pattern.len] ? 1 : 0;
}

int lnm_filter_flag(bool value, struct lnm_str pattern) {
    return lnm_filter_text(value ? "true" : "false", pattern);
}

int lnm_filter_date(int64_t us, struct lnm_str pattern) {
    char date[LNM_DATE_MAX];
    lnm_date_iso(date, us);
    return lnm_filter_text(date, pattern);
}

int lnm_filter_column(sqlite3_stmt *s, const struct lnm_filter_column *columns, const char *name,
                      struct lnm_str pattern) {
    for (; columns->filter != NULL; columns++) {
        if (strcmp(columns->filter, name) == 0) {
            return lnm_filter_text(lnm_store_text(s, columns->column), pattern);
        }
    }
    return -1;
}

int lnm_filter_exist(struct lnm_cloud_request *r, const struct lnm_filter_kind *k) {
    uint32_t list = lnm_record_find(&r->in, 0, k->list);
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_str id = lnm_record_str(&r->in, i);
        sqlite3_stmt *s = lnm_store_query(r->cloud, k->sql, "tts", r->account, r->region, id);
        bool there = s != NULL && sqlite3_step(s) == SQLITE_ROW;
        if (s != NULL) {
            (void)sqlite3_reset(s);
        }
        if (!there) {
            return k->not_found(r, id);
        }
    }
    return 0;
}

bool lnm_filter_owner(const struct lnm_cloud_request *r, const char *list, const char *owner) {
    uint32_t node = lnm_record_find(&r->in, 0, list);
    uint32_t i = node != 0 ? lnm_record_first(&r->in, node) : 0;
    bool own = i != 0 && strcmp(owner, r->account) == 0, found = i == 0;
    for (; i != 0 && !found; i = lnm_record_next(&r->in, node, i)) {
        struct lnm_str who = lnm_record_str(&r->in, i);
        found = lnm_str_is(who, owner) || (own && lnm_str_is(who, "self"));
    }
    return found;
}

int lnm_page_begin(struct lnm_cloud_page *p, struct lnm_cloud_request *r, const char *ids) {
    struct lnm_str token = lnm_cloud_param(r, "next_token");
    uint32_t listed = lnm_record_find(&r->in, 0, ids);
    memset(p, 0, sizeof *p);
    p->left = -1;
    p->listed = listed != 0 && lnm_record_first(&r->in, listed) != 0;
    if (lnm_cloud_given(r, "max_results")) {
        p->left = lnm_record_get_int(&r->in, 0, "max_results", 0);
        if ((p->left < 5 || p->left > 1000) &&
            (p->left < 1 || lnm_switch_is(r->cloud, LNM_SWITCH_PAGE_SIZE, "5-1000"))) {
            return lnm_cloud_raise(
                r, 400, "InvalidParameterValue",
                "Value ( %lld ) for parameter maxResults is invalid. Expecting a value "
                "between 5 and 1000.",
                (long long)p->left);
        }
        if (p->listed) {
            return lnm_cloud_raise(r, 400, "InvalidParameterCombination",
                                   "The parameter %s cannot be used with the parameter maxResults",
                                   ids);
        }
    }
    p->left = lnm_fault_empties(r) ? 0 : p->left;
    struct lnm_buf plain = {.max = 256};
    bool bad =
        token.len > 0 && (lnm_text_unbase64(&plain, token) < 0 || plain.len < 6 ||
                          plain.len >= sizeof p->after + 6 || memcmp(plain.ptr, "after:", 6) != 0);
    if (token.len > 0 && !bad) {
        (void)snprintf(p->after, sizeof p->after, "%s", plain.ptr + 6);
    }
    if (lnm_fault_empties(r)) { /* its token is another one than that of the page before */
        (void)snprintf(p->last, sizeof p->last, "%.180s!", p->after);
    }
    lnm_buf_free(&plain);
    return bad ? lnm_cloud_raise(r, 400, "InvalidPaginationToken",
                                 "The pagination token is not valid")
               : 0;
}

/* Is there room for another item? */
static bool take(struct lnm_cloud_page *p) {
    p->more = p->left == 0;
    p->left -= p->left > 0 ? 1 : 0;
    return !p->more;
}

void lnm_page_end(const struct lnm_cloud_page *p, struct lnm_cloud_request *r) {
    struct lnm_buf token = {.max = 256}, plain = {.max = 256};
    if (p->more) {
        lnm_buf_addf(&plain, "after:%s", p->last);
        lnm_text_base64(&token, (const unsigned char *)plain.ptr, plain.len);
    }
    struct lnm_str next = lnm_fault_next_page(r, lnm_buf_str(&token));
    if (next.len > 0) {
        lnm_record_set(&r->out, "next_token", next);
    }
    lnm_buf_free(&token);
    lnm_buf_free(&plain);
}

/* A page that has a limit looks at so many rows at most: what is left comes with the next one. */
#define LOOKS_MAX 2000

bool lnm_page_one(struct lnm_cloud_page *p, struct lnm_cloud_request *r, const char *id,
                  const struct lnm_cloud_listing *l) {
    bool joins = l->joins != NULL && l->joins(l->row);
    if (!joins && p->left >= 0 && p->looks == LOOKS_MAX) {
        p->more = true;
        return false;
    }
    bool meant = (!p->listed || lnm_filter_listed(r, l->ids, id)) &&
                 (l->belongs == NULL || l->belongs(l->row)) &&
                 lnm_filter_match(r, l->matches, l->row) && !lnm_fault_hides(r, l->ids, id);
    if (meant && !joins && !take(p)) {
        return false;
    }
    if (meant) {
        l->show(l->row);
    }
    lnm_take(p->last, sizeof p->last, id);
    p->looks += p->looks < LOOKS_MAX ? 1 : 0;
    return true;
}

int lnm_page_show(struct lnm_cloud_page *p, struct lnm_cloud_request *r, sqlite3_stmt *s,
                  const struct lnm_cloud_listing *l) {
    lnm_record_enter(&r->out, l->list);
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW &&
           lnm_page_one(p, r, lnm_store_text(s, 0), l)) {
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    if (l->end != NULL) {
        l->end(l->row);
    }
    lnm_record_close(&r->out);
    lnm_page_end(p, r);
    return s == NULL ? lnm_cloud_internal(r) : 0;
}

int lnm_page_scan(struct lnm_cloud_page *p, struct lnm_cloud_request *r,
                  const struct lnm_scan_kind *kind, const struct lnm_cloud_listing *l) {
    struct lnm_scan scan;
    const char *id;
    int error = lnm_scan_begin(&scan, r, kind, p->after);
    bool more = error == 0;
    lnm_record_enter(&r->out, l->list);
    while (more && (id = lnm_scan_next(&scan)) != NULL) {
        more = !l->load(l->row, id) || lnm_page_one(p, r, id, l);
    }
    if (l->end != NULL) {
        l->end(l->row);
    }
    lnm_record_close(&r->out);
    lnm_page_end(p, r);
    if (error == 0 && scan.failed) {
        error = lnm_cloud_internal(r);
    }
    lnm_scan_end(&scan);
    return error;
}
