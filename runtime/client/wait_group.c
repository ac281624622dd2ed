/* wait_group.c - the waits of one account, region and kind: a heap by when to look next, and a
 * table by id. */
#include "client/hub_internal.h"
#include "client/internal.h"

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

/* FNV-1a */
static uint64_t hash(uint64_t h, struct lnm_str text) {
    for (size_t i = 0; i < text.len; i++) {
        h = (h ^ (unsigned char)text.ptr[i]) * UINT64_C(1099511628211);
    }
    return h ^ (h >> 32);
}

/* ---- groups -----------------------------------------------------------------------------------
 */

/* Sessions of the same credentials and region share a group. */
static bool is_of(const struct lnm_wait_group *g, const struct lnm_session *s,
                  enum lnm_wait_kind kind) {
    return g->which == kind && g->session->root == s->root &&
           strcmp(lnm_session_region(g->session), lnm_session_region(s)) == 0;
}

static struct lnm_wait_group **chain(struct lnm_hub *hub, const struct lnm_session *s) {
    uint64_t h = (uint64_t)(uintptr_t)s->root * UINT64_C(0x9e3779b97f4a7c15);
    return &hub->groups[hash(h, lnm_str_z(lnm_session_region(s))) % LNM_HUB_GROUPS];
}

struct lnm_wait_group *lnm_wait_group_of(struct lnm_hub *hub, struct lnm_session *s,
                                         enum lnm_wait_kind kind) {
    struct lnm_wait_group **first = chain(hub, s), *g = *first;
    while (g != NULL && !is_of(g, s, kind)) {
        g = g->next;
    }
    if (g == NULL && (g = calloc(1, sizeof *g)) != NULL) {
        *g = (struct lnm_wait_group){.hub = hub,
                                     .session = lnm_session_ref(s),
                                     .kind = &kinds[kind],
                                     .which = kind,
                                     .next = *first};
        *first = g;
    }
    return g;
}

void lnm_wait_group_free(struct lnm_wait_group *g) {
    struct lnm_wait_group **at = chain(g->hub, g->session);
    while (*at != g) {
        at = &(*at)->next;
    }
    *at = g->next;
    lnm_call_free(g->call);
    lnm_timer_cancel(g->timer);
    lnm_session_unref(g->session);
    free(g->buckets);
    free(g->heap.items);
    free(g->round.items);
    free(g->ended.items);
    free(g);
}

/* ---- by id ------------------------------------------------------------------------------------
 */

static struct lnm_wait **bucket(const struct lnm_wait_group *g, struct lnm_str id) {
    return &g->buckets[hash(UINT64_C(14695981039346656037), id) % g->bucket_count];
}

static void put(struct lnm_wait_group *g, struct lnm_wait *w) {
    struct lnm_wait **at = bucket(g, lnm_str_z(w->id));
    while (*at != NULL) { /* behind those that came before */
        at = &(*at)->same_bucket;
    }
    w->same_bucket = NULL;
    *at = w;
}

static void put_all(struct lnm_wait_group *g, const struct lnm_wait_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] != NULL) {
            put(g, list->items[i]);
        }
    }
}

static int grow(struct lnm_wait_group *g) {
    size_t wanted = g->bucket_count == 0 ? BUCKETS_MIN : 2 * g->bucket_count;
    struct lnm_wait **buckets = calloc(wanted, sizeof *buckets);
    if (buckets == NULL) {
        return -1;
    }
    free(g->buckets);
    g->buckets = buckets;
    g->bucket_count = wanted;
    put_all(g, &g->heap);
    put_all(g, &g->round);
    return 0;
}

struct lnm_wait *lnm_wait_find(struct lnm_wait_group *g, struct lnm_str id,
                               const struct lnm_wait *w) {
    struct lnm_wait *found = w != NULL ? w->same_bucket : *bucket(g, id);
    while (found != NULL && !lnm_str_is(id, found->id)) {
        found = found->same_bucket;
    }
    return found;
}

/* ---- the heap, by when to look next -----------------------------------------------------------
 */

static bool before(const struct lnm_wait *a, const struct lnm_wait *b) {
    return a->due_us != b->due_us ? a->due_us < b->due_us : a->serial < b->serial;
}

static void set(struct lnm_wait_list *heap, size_t at, struct lnm_wait *w) {
    heap->items[at] = w;
    w->at = at;
}

static void sift_up(struct lnm_wait_list *heap, size_t at) {
    struct lnm_wait *w = heap->items[at];
    for (; at > 0 && before(w, heap->items[(at - 1) / 2]); at = (at - 1) / 2) {
        set(heap, at, heap->items[(at - 1) / 2]);
    }
    set(heap, at, w);
}

static void sift_down(struct lnm_wait_list *heap, size_t at) {
    struct lnm_wait *w = heap->items[at];
    for (size_t child = 2 * at + 1; child < heap->count; child = 2 * at + 1) {
        if (child + 1 < heap->count && before(heap->items[child + 1], heap->items[child])) {
            child++;
        }
        if (!before(heap->items[child], w)) {
            break;
        }
        set(heap, at, heap->items[child]);
        at = child;
    }
    set(heap, at, w);
}

static void push(struct lnm_wait_group *g, struct lnm_wait *w) {
    w->place = LNM_IN_HEAP;
    set(&g->heap, g->heap.count++, w);
    sift_up(&g->heap, w->at);
}

static void take_out(struct lnm_wait_list *heap, size_t at) {
    struct lnm_wait *last = heap->items[--heap->count];
    if (at < heap->count) {
        set(heap, at, last);
        sift_up(heap, at);
        sift_down(heap, last->at);
    }
}

/* ---- moving -----------------------------------------------------------------------------------
 */

int lnm_wait_list_reserve(struct lnm_wait_list *list, size_t count) {
    if (count <= list->cap) {
        return 0;
    }
    size_t cap = list->cap == 0 ? BUCKETS_MIN : 2 * list->cap;
    cap = cap < count ? count : cap;
    struct lnm_wait **items = realloc(list->items, cap * sizeof(struct lnm_wait *));
    if (items == NULL) {
        return -1;
    }
    list->items = items;
    list->cap = cap;
    return 0;
}

int lnm_wait_link(struct lnm_wait_group *g, struct lnm_wait *w, struct lnm_err *err) {
    size_t all = g->pending + g->ended.count + 1;
    if (lnm_wait_list_reserve(&g->heap, all) < 0 || lnm_wait_list_reserve(&g->round, all) < 0 ||
        lnm_wait_list_reserve(&g->ended, all) < 0 ||
        (g->pending >= g->bucket_count && grow(g) < 0)) {
        return lnm_fail_nomem(err);
    }
    w->group = g;
    put(g, w);
    push(g, w);
    g->pending++;
    g->hub->waiting++;
    return 0;
}

void lnm_wait_unlink(struct lnm_wait *w) {
    struct lnm_wait_group *g = w->group;
    w->group = NULL;
    if (w->place == LNM_ENDED) {
        g->ended.items[w->at] = NULL;
        return;
    }
    struct lnm_wait **at = bucket(g, lnm_str_z(w->id));
    while (*at != w) {
        at = &(*at)->same_bucket;
    }
    *at = w->same_bucket;
    if (w->place == LNM_IN_HEAP) {
        take_out(&g->heap, w->at);
    } else {
        g->round.items[w->at] = NULL;
    }
    g->pending--;
    g->hub->waiting--;
}

void lnm_wait_call_up(struct lnm_wait *w) {
    struct lnm_wait_group *g = w->group;
    take_out(&g->heap, w->at);
    w->place = LNM_IN_ROUND;
    set(&g->round, g->round.count++, w);
}

void lnm_wait_requeue(struct lnm_wait *w) {
    w->group->round.items[w->at] = NULL;
    push(w->group, w);
}
