/* hub_internal.h - groups and waits, shared by hub.c (who waits), wait_group.c (finding them),
 * round.c (asking) and progress.c (how far images are). */
#ifndef LUNAMI_CLIENT_HUB_INTERNAL_H
#define LUNAMI_CLIENT_HUB_INTERNAL_H

#include "client/hub.h"

#define LNM_ROUND_BATCH 200 /* values that one filter may hold */

struct lnm_wait_group_kind {
    const char *action, *list, *id_field, *filter, *wanted;
};

struct lnm_wait {
    struct lnm_wait_group *group; /* NULL: done, or the hub is gone */
    char id[80], wanted[24], state[24];
    int64_t started_us, deadline_us, settle_us; /* monotonic */
    int progress;
    bool seen, seen_now, done, asked;
    int result;
    struct lnm_err err;
    lnm_wait_fn *on_done;
    void *arg;
    struct lnm_wait *prev, *next;
    struct lnm_wait *same_bucket;
};

/* A snapshot of a pending image: an image has no progress of its own. */
struct lnm_part {
    struct lnm_wait *wait; /* NULL: it ended meanwhile */
    char id[32];
    int64_t size;
    int percent;
};

/* The waits of one session and kind. */
struct lnm_wait_group {
    struct lnm_hub *hub;
    struct lnm_session *session;
    const struct lnm_wait_group_kind *kind;
    enum lnm_wait_kind which;
    struct lnm_wait *first, *last;
    size_t count;
    struct lnm_wait **buckets; /* waits by id */
    size_t bucket_count;
    struct lnm_timer *timer; /* the next round */
    struct lnm_call *call;   /* a round is under way */
    struct lnm_wait *cursor; /* the first that this round has not asked for; NULL: none */
    bool newcomers;          /* some came while a round was under way */
    int64_t interval_us;
    struct lnm_part *parts; /* LNM_ROUND_BATCH of them, images only */
    size_t part_count;
    bool
        parts_denied; /* DescribeSnapshots is not allowed: images are waited for without progress */
    struct lnm_wait_group *next;
};

struct lnm_hub {
    struct lnm_loop *loop;
    struct lnm_wait_group *groups;
    int64_t min_us, max_us;
    uint64_t calls;
};

/* ---- wait_group.c ----------------------------------------------------------------------------
 */
LNM_API struct lnm_wait_group *lnm_wait_group_of(struct lnm_hub *hub, struct lnm_session *s,
                                                 enum lnm_wait_kind kind);
LNM_API void lnm_wait_group_free(struct lnm_wait_group *g);
LNM_API int lnm_wait_link(struct lnm_wait_group *g, struct lnm_wait *w, struct lnm_err *err);
LNM_API void lnm_wait_unlink(struct lnm_wait *w);
/* Several may wait for the same id: the first whose seen_now is not set yet. */
LNM_API struct lnm_wait *lnm_wait_find(struct lnm_wait_group *g, struct lnm_str id);
LNM_API void lnm_round_schedule(struct lnm_wait_group *g, int64_t delay_us);

/* ---- hub.c -----------------------------------------------------------------------------------
 */
LNM_API void lnm_wait_finish(struct lnm_wait *w, int result);

/* ---- round.c ---------------------------------------------------------------------------------
 */
LNM_API void lnm_round_begin(struct lnm_wait_group *g);
LNM_API void lnm_round_end(struct lnm_wait_group *g);

/* ---- progress.c ------------------------------------------------------------------------------
 */
/* "42%" of an item's progress as 42, or -1. */
LNM_API int lnm_progress_percent(const struct lnm_record *r, uint32_t item);
/* Remember the snapshots of a pending image that a round has shown. */
LNM_API void lnm_progress_note(struct lnm_wait_group *g, struct lnm_wait *w,
                               const struct lnm_record *r, uint32_t image);
/* Ask for them; false when there is nothing to ask. lnm_round_end follows the answer. */
LNM_API bool lnm_progress_ask(struct lnm_wait_group *g);
LNM_API void lnm_progress_forget(struct lnm_wait_group *g, const struct lnm_wait *w);

#endif
