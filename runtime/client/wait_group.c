/* wait_group.c - the waits of one session and kind: a list in order of arrival, found by id. */
#include "client/hub_internal.h"

#include <stdlib.h>

#define BUCKETS_MIN 16

static const struct lnm_wait_group_kind kinds[] = {
    [LNM_WAIT_IMAGE] = {"DescribeImages", "images", "image_id", "image-id", "available"},
    [LNM_WAIT_SNAPSHOT] = {"DescribeSnapshots", "snapshots", "snapshot_id", "snapshot-id",
                           "completed"},
    [LNM_WAIT_VOLUME] = {"DescribeVolumes", "volumes", "volume_id", "volume-id", "available"},
    [LNM_WAIT_INSTANCE] = {"DescribeInstances", "reservations", "instance_id", "instance-id",
                           "running"},
};

static void on_round(void *arg) {
    struct lnm_wait_group *g = arg;
    g->timer = NULL;
    lnm_round_begin(g);
}

void lnm_round_schedule(struct lnm_wait_group *g, int64_t delay_us) {
    struct lnm_err err;
    lnm_timer_cancel(g->timer);
    g->timer = NULL;
    if (g->count == 0) {
        return;
    }
    if (lnm_timer_start(&g->timer, g->hub->loop, delay_us, on_round, g, &err) < 0) {
        while (g->first != NULL) {
            g->first->err = err;
            lnm_wait_finish(g->first, err.code);
        }
    }
}

struct lnm_wait_group *lnm_wait_group_of(struct lnm_hub *hub, struct lnm_session *s,
                                         enum lnm_wait_kind kind) {
    struct lnm_wait_group *g = hub->groups;
    while (g != NULL && (g->session != s || g->kind != &kinds[kind])) {
        g = g->next;
    }
    if (g == NULL && (g = calloc(1, sizeof *g)) != NULL) {
        *g = (struct lnm_wait_group){.hub = hub,
                                     .session = lnm_session_ref(s),
                                     .kind = &kinds[kind],
                                     .which = kind,
                                     .next = hub->groups};
        hub->groups = g;
    }
    return g;
}

void lnm_wait_group_free(struct lnm_wait_group *g) {
    lnm_call_free(g->call);
    lnm_timer_cancel(g->timer);
    lnm_session_unref(g->session);
    free(g->buckets);
    free(g->parts);
    free(g);
}

/* FNV-1a: ids are hexadecimal digits after a prefix that all share. */
static size_t hash(struct lnm_str id) {
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < id.len; i++) {
        h = (h ^ (unsigned char)id.ptr[i]) * UINT64_C(1099511628211);
    }
    return (size_t)(h ^ (h >> 32));
}

static void put(struct lnm_wait_group *g, struct lnm_wait *w) {
    struct lnm_wait **at = &g->buckets[hash(lnm_str_z(w->id)) % g->bucket_count];
    while (*at != NULL) { /* behind those that came before */
        at = &(*at)->same_bucket;
    }
    w->same_bucket = NULL;
    *at = w;
}

static int grow(struct lnm_wait_group *g, struct lnm_err *err) {
    size_t wanted = g->bucket_count == 0 ? BUCKETS_MIN : 2 * g->bucket_count;
    struct lnm_wait **buckets = calloc(wanted, sizeof *buckets);
    if (buckets == NULL) {
        return lnm_fail_nomem(err);
    }
    free(g->buckets);
    g->buckets = buckets;
    g->bucket_count = wanted;
    for (struct lnm_wait *w = g->first; w != NULL; w = w->next) {
        put(g, w);
    }
    return 0;
}

int lnm_wait_link(struct lnm_wait_group *g, struct lnm_wait *w, struct lnm_err *err) {
    if (g->count >= g->bucket_count && grow(g, err) < 0) {
        return LNM_ENOMEM;
    }
    w->group = g;
    w->prev = g->last;
    *(g->last != NULL ? &g->last->next : &g->first) = w;
    g->last = w;
    g->count++;
    put(g, w);
    return 0;
}

static void take(struct lnm_wait_group *g, struct lnm_wait *w) {
    struct lnm_wait **at = &g->buckets[hash(lnm_str_z(w->id)) % g->bucket_count];
    while (*at != w) {
        at = &(*at)->same_bucket;
    }
    *at = w->same_bucket;
}

void lnm_wait_unlink(struct lnm_wait *w) {
    struct lnm_wait_group *g = w->group;
    if (g == NULL) {
        return;
    }
    take(g, w);
    lnm_progress_forget(g, w);
    if (g->cursor == w) {
        g->cursor = w->next;
    }
    *(w->prev != NULL ? &w->prev->next : &g->first) = w->next;
    *(w->next != NULL ? &w->next->prev : &g->last) = w->prev;
    w->group = NULL;
    w->prev = w->next = NULL;
    g->count--;
    if (g->count == 0) { /* nobody waits: stop asking */
        lnm_timer_cancel(g->timer);
        g->timer = NULL;
    }
}

struct lnm_wait *lnm_wait_find(struct lnm_wait_group *g, struct lnm_str id) {
    struct lnm_wait *w = g->bucket_count > 0 ? g->buckets[hash(id) % g->bucket_count] : NULL;
    while (w != NULL && (w->seen_now || !lnm_str_is(id, w->id))) {
        w = w->same_bucket;
    }
    return w;
}
