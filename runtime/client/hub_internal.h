/* hub_internal.h - groups and waits, shared by hub.c (who waits), wait_group.c (finding them),
 * round.c (asking), judge.c (what an answer means), progress.c (how far images are) and pace.c
 * (when to look again).
 *
 * A wait that has not ended is in one of three places: in its group's heap, by when to look next;
 * in the round that is under way; or among those that have ended and are about to be told. */
#ifndef LUNAMI_CLIENT_HUB_INTERNAL_H
#define LUNAMI_CLIENT_HUB_INTERNAL_H

#include "client/hub.h"

#define LNM_ROUND_BATCH 200 /* values that one filter may hold */
#define LNM_HUB_GROUPS 256  /* chains of groups */

struct lnm_wait_group_kind {
    const char *action, *list, *id_field, *filter, *wanted;
};

/* A snapshot of a pending image: an image has no progress of its own. */
struct lnm_part {
    char id[32];
    int size, percent;
};

enum lnm_wait_place { LNM_IN_HEAP, LNM_IN_ROUND, LNM_ENDED };
/* What a round asks about a wait. */
enum lnm_question { LNM_ASK_STATE, LNM_ASK_PROGRESS, LNM_ASK_NOTHING };

struct lnm_wait {
    struct lnm_wait_group *group; /* NULL: done, or the hub is gone */
    char id[80], wanted[20], state[20];
    uint64_t serial; /* order of arrival */
    enum lnm_wait_place place;
    size_t at;                        /* its index there */
    int64_t started_us;               /* these are monotonic */
    int64_t state_us;                 /* when it itself was asked about last */
    int64_t due_us;                   /* when to look next */
    int64_t settle_us;                /* until then it may not have appeared yet */
    int64_t mark_us;                  /* when `mark` was seen: the pace is measured from there */
    int64_t end_us;                   /* its end by that pace; 0: nothing tells */
    int64_t delay_us;                 /* between its last looks */
    int mark, progress;               /* percent; progress is -1 when unknown */
    unsigned doors;                   /* looks since its end was near */
    enum lnm_question look, question; /* what the next look is for; what this round still asks */
    bool seen, missed;                /* it was shown; it was not, the last time */
    bool asked, answered;             /* in the batch; and the answer shows it */
    bool done, grace;                 /* grace: its deadline was put off, once */
    int result;
    struct lnm_err *err;    /* only of a wait that failed; NULL then: no memory for it */
    struct lnm_part *parts; /* images only */
    size_t part_count;
    struct lnm_timer *deadline;
    lnm_wait_fn *on_done;
    void *arg;
    struct lnm_wait *same_bucket;
};

struct lnm_wait_list {
    struct lnm_wait **items;
    size_t count, cap;
};

/* The waits of one account, region and kind. */
struct lnm_wait_group {
    struct lnm_hub *hub;
    struct lnm_session *session;
    const struct lnm_wait_group_kind *kind;
    enum lnm_wait_kind which;
    struct lnm_wait_list heap, round, ended;
    size_t pending;            /* in the heap and in the round */
    struct lnm_wait **buckets; /* those by id */
    size_t bucket_count;
    struct lnm_timer *timer; /* the next round */
    int64_t timer_due_us;
    struct lnm_call *call; /* a round is under way */
    size_t from, to;       /* its batch: those of `round` that were asked about last */
    int pass;              /* of the round: states, progress, states again */
    bool telling;          /* their callbacks run now */
    bool parts_denied;     /* DescribeSnapshots is not allowed: images without progress */
    int64_t last_us;       /* when the last round began */
    int64_t trouble_us;    /* how long the last failed round was waited after; 0: it went well */
    int64_t typical_us;    /* how long those that ended well took, about; 0: none yet */
    struct lnm_wait_group *next;
};

struct lnm_hub {
    struct lnm_loop *loop;
    struct lnm_wait_group *groups[LNM_HUB_GROUPS];
    struct lnm_limits *limits; /* a list; see limits.h */
    int64_t min_us, max_us;
    uint64_t calls, serial;
    size_t waiting, ready, failed; /* the latter two since nobody waited */
};

/* ---- hub.c -----------------------------------------------------------------------------------
 */
/* It has ended: out of its place, told when lnm_hub_tell is called. err NULL: it went well. */
LNM_API void lnm_wait_end(struct lnm_wait *w, const struct lnm_err *err);
/* All of the group end with this error. */
LNM_API void lnm_wait_end_all(struct lnm_wait_group *g, const struct lnm_err *err);
/* Call back those that have ended, in the order in which they came; frees a group without waits. */
LNM_API void lnm_hub_tell(struct lnm_wait_group *g);

/* ---- wait_group.c ----------------------------------------------------------------------------
 */
/* The group of the session's account and region, made when there is none; NULL: no memory. */
LNM_API struct lnm_wait_group *lnm_wait_group_of(struct lnm_hub *hub, struct lnm_session *s,
                                                 enum lnm_wait_kind kind);
LNM_API void lnm_wait_group_free(struct lnm_wait_group *g);
/* Into the table of ids and the heap. */
LNM_API int lnm_wait_link(struct lnm_wait_group *g, struct lnm_wait *w, struct lnm_err *err);
/* Out of wherever it is. */
LNM_API void lnm_wait_unlink(struct lnm_wait *w);
/* The first that waits for the id, or the one after `w`. NULL: none. */
LNM_API struct lnm_wait *lnm_wait_find(struct lnm_wait_group *g, struct lnm_str id,
                                       const struct lnm_wait *w);
/* From the round back to the heap, to be looked at when w->due_us says. */
LNM_API void lnm_wait_requeue(struct lnm_wait *w);
/* From the heap to the round. */
LNM_API void lnm_wait_call_up(struct lnm_wait *w);
/* Room for all that are pending to be in any of the lists: moving them needs no memory. */
LNM_API int lnm_wait_list_reserve(struct lnm_wait_list *list, size_t count);

/* ---- round.c ---------------------------------------------------------------------------------
 */
/* See that the next round begins when the first of the heap is due. */
LNM_API int lnm_round_schedule(struct lnm_wait_group *g, struct lnm_err *err);

/* ---- judge.c ---------------------------------------------------------------------------------
 */
/* What an answer to Describe says about those that were asked about, and others of the group. */
LNM_API void lnm_judge_answer(struct lnm_wait_group *g, const struct lnm_record *r);

/* ---- progress.c ------------------------------------------------------------------------------
 */
/* "42%" of an item's progress as 42, or -1. */
LNM_API int lnm_progress_percent(const struct lnm_record *r, uint32_t item);
/* Remember the snapshots of a pending image. */
LNM_API void lnm_progress_note(struct lnm_wait *w, const struct lnm_record *r, uint32_t image);
/* What an answer of DescribeSnapshots says about those of the batch. */
LNM_API void lnm_progress_answer(struct lnm_wait_group *g, const struct lnm_record *r);

/* ---- pace.c ----------------------------------------------------------------------------------
 */
/* It is so far now. */
LNM_API void lnm_pace_note(struct lnm_wait *w, int percent, int64_t now_us);
/* Set when and for what to look at a pending wait again, by what was seen of it now. */
LNM_API void lnm_pace_next(struct lnm_wait *w, int64_t now_us);
/* The shortest time between two rounds. */
LNM_API int64_t lnm_pace_rounds(const struct lnm_wait_group *g);
/* When to look at a newcomer first. */
LNM_API void lnm_pace_first(struct lnm_wait *w, const struct lnm_wait_group *g, int64_t now_us);
/* When to ask again after a round that failed. */
LNM_API int64_t lnm_pace_trouble(struct lnm_wait_group *g);

#endif
