/* hub_internal.h - groups and waits, shared by hub.c (who waits) and round.c (asking). */
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
};

/* The waits of one session and kind. */
struct lnm_wait_group {
    struct lnm_hub *hub;
    struct lnm_session *session;
    const struct lnm_wait_group_kind *kind;
    enum lnm_wait_kind which;
    struct lnm_wait *first, *last;
    size_t count;
    struct lnm_timer *timer; /* the next round */
    struct lnm_call *call;   /* a round is under way */
    int64_t interval_us;
    struct lnm_wait_group *next;
};

struct lnm_hub {
    struct lnm_loop *loop;
    struct lnm_wait_group *groups;
    int64_t min_us, max_us;
    uint64_t calls;
};

LNM_API void lnm_wait__unlink(struct lnm_wait *w);
LNM_API void lnm_wait__finish(struct lnm_wait *w, int result);
LNM_API void lnm_round_schedule(struct lnm_wait_group *g, int64_t delay_us);
LNM_API void lnm_round_begin(struct lnm_wait_group *g);

#endif
