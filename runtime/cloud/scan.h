/* scan.h - the ids that a Describe has to look at, in their order, without those that cannot match.
 *
 * An account may hold a hundred thousand images: a Describe that names ids, a name or a tag must
 * not look at all of them.  A scan merges the shortest lists that hold all that can match, each
 * read through an index in the order of ids, a few at a time: the ids that are named; or those
 * with a value of a filter that has an index; or all of the account, and what others share. */
#ifndef LUNAMI_CLOUD_SCAN_H
#define LUNAMI_CLOUD_SCAN_H

#include "cloud/internal.h"

/* Every statement gives ids above ?3 in their order, at most LNM_SCAN_CHUNK. ?1: account or
 * grantee, ?2: region, ?4: the filter's value. */
struct lnm_scan_kind {
    const char *ids;          /* the request's list of ids */
    const char *id_filter;    /* "image-id" */
    const char *owners;       /* the request's list of owners */
    const char *own, *shared; /* shared: NULL when nothing is */
    struct {
        const char *filter, *sql;
        bool own; /* it finds one's own only */
    } exact[2];
    const char *prefix, *end; /* of ids: "ami-", and the first text after all of them: "ami." */
};

#define LNM_SCAN_CHUNK 32
#define LNM_SCAN_LIMIT " ORDER BY id LIMIT 32"

struct lnm_scan_source;
struct lnm_scan {
    struct lnm_cloud_request *r;
    const struct lnm_scan_kind *kind;
    const char **named; /* the ids that are named, in their order; NULL: there are sources */
    size_t named_count, named_at;
    struct lnm_scan_source *sources;
    size_t count, cap;
    char after[192]; /* the id shown last */
    bool failed;
};

/* The request's filters are checked; it stays while the scan does. 0 or -1 raised; end it anyway.
 */
LNM_API int lnm_scan_begin(struct lnm_scan *s, struct lnm_cloud_request *r,
                           const struct lnm_scan_kind *kind, const char *after);
/* The next id, or NULL: none is left, or s->failed. [borrowed until the next call] */
LNM_API const char *lnm_scan_next(struct lnm_scan *s);
LNM_API void lnm_scan_end(struct lnm_scan *s);

#endif
