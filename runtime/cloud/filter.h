/* filter.h - filters and lists of ids over the columns of a statement. */
#ifndef LUNAMI_CLOUD_FILTER_H
#define LUNAMI_CLOUD_FILTER_H

#include "cloud/internal.h"

/* A filter that looks at a column's text; a table of them ends with a NULL name. */
struct lnm_filter_column {
    const char *filter;
    int column;
};
/* 1, 0, or -1: the table has no such filter. */
LNM_API int lnm_filter_column(sqlite3_stmt *s, const struct lnm_filter_column *columns,
                              const char *name, struct lnm_str pattern);
/* Does a text, a truth ("true"), a date in microseconds (ISO-8601) match? 1 or 0. */
LNM_API int lnm_filter_text(const char *value, struct lnm_str pattern);
LNM_API int lnm_filter_flag(bool value, struct lnm_str pattern);
LNM_API int lnm_filter_date(int64_t us, struct lnm_str pattern);

/* Has AWS a filter of this name in the action, for what nothing here has? filters_known.c */
LNM_API bool lnm_filter_known(const char *action, const char *name);

/* Ids that a request lists, each of which must be there. */
struct lnm_filter_kind {
    const char *list;
    const char *sql; /* one row when ?3 is one of account ?1 and region ?2 */
    int (*not_found)(struct lnm_cloud_request *r, struct lnm_str id); /* raises */
};
LNM_API int lnm_filter_exist(struct lnm_cloud_request *r, const struct lnm_filter_kind *k);

/* For rows that are in no table: begin a page, then each row in the order of the ids, then its end.
 * False when the page is done. */
LNM_API bool lnm_page_one(struct lnm_cloud_page *p, struct lnm_cloud_request *r, const char *id,
                          const struct lnm_cloud_listing *listing);
LNM_API void lnm_page_end(const struct lnm_cloud_page *p, struct lnm_cloud_request *r);

#endif
