/* walk.h - rows looked up by one id after the other, in ascending order: as a list is made.
 *
 * A look-up of its own binds, seeks and lets everything go again.  A walk stays where it is: what
 * is asked for next is nearly always its next row, or not there. */
#ifndef LUNAMI_CLOUD_WALK_H
#define LUNAMI_CLOUD_WALK_H

#include "cloud/internal.h"

struct lnm_walk {
    const char *sql; /* all rows from the id ?1 on in the order of their first column, the id */
    sqlite3_stmt *s; /* NULL: not begun */
    bool on;         /* it stands on a row */
    bool apart;      /* what was asked for did not follow: better look for each */
    char from[32];   /* ?1 */
};

/* The first row of an id that is above all that were asked for before; NULL: there is none. */
LNM_API sqlite3_stmt *lnm_walk_to(struct lnm_walk *w, struct lnm_cloud *c, const char *id);
/* The same of a row that ends with the account and the region that the request is about. */
LNM_API sqlite3_stmt *lnm_walk_to_own(struct lnm_walk *w, const struct lnm_cloud_request *r,
                                      const char *id);
/* On to the next row: is it of the same id? */
LNM_API bool lnm_walk_next(struct lnm_walk *w, const char *id);
/* When the list is made, begun or not. */
LNM_API void lnm_walk_end(struct lnm_walk *w);

#endif
