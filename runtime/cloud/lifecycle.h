/* lifecycle.h - what time does to the cloud: things end when they are due, in the order of their
 * times, whatever account and region they are of.
 *
 * Nothing runs between requests: before a request everything that is due by then is brought to its
 * end, each with the time at which it was due.  A kind of event is added by a row in lifecycle.c:
 * a query of the next one, over an index of its times, and what happens then. */
#ifndef LUNAMI_CLOUD_LIFECYCLE_H
#define LUNAMI_CLOUD_LIFECYCLE_H

#include "cloud/internal.h"

struct lnm_event_kind {
    /* due, id, account, region of the next one: ORDER BY due, id LIMIT 1 */
    const char *next;
    int (*end)(struct lnm_cloud *c, const struct lnm_event *e); /* it must not be due any more */
    bool work; /* somebody waits for it: virtual time jumps to it. Deletions wait for their day. */
    uint32_t tables; /* enum lnm_tables: what `next` reads */
};

/* Bring everything to its end that is due by now. 0 or -1. */
LNM_API int lnm_lifecycle_settle(struct lnm_cloud *c, int64_t now_us);
/* Note in c what is due next and when, as far as tables were written: after every change. 0 or -1.
 */
LNM_API int lnm_lifecycle_look(struct lnm_cloud *c);
/* When something of `gib` is ready that begins now; 0 GiB: what moves no data. */
LNM_API int64_t lnm_lifecycle_due(const struct lnm_cloud *c, int64_t now_us, int64_t gib);
/* Before a volume is noted that will be ready at due_us: those that are said to be ready by then
 * are others, so that a clock that was set back does not make it one of them. 0 or -1. */
LNM_API int lnm_lifecycle_begin(struct lnm_cloud *c, int64_t due_us);
/* A pending image is available when all its snapshots are completed, failed when one has failed:
 * to be asked when it is made, and whenever one of its snapshots ends. */
LNM_API int lnm_lifecycle_image(struct lnm_cloud *c, const char *image);

extern const struct lnm_event_kind lnm_events_attachments, lnm_events_instances,
    lnm_events_instances_gone, lnm_events_keys, lnm_events_rotations, lnm_events_uploads,
    lnm_events_modifications, lnm_events_checks;

#endif
