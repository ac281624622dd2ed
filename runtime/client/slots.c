/* slots.c - who has a slot, who waits for one, and how it is known that one is free again. */
#include "client/slots.h"

#include "base/log.h"
#include "client/hub_internal.h"

#include <stdlib.h>

#define REMEMBERED 2000 /* no quota is larger: older ones have ended */

static const struct lnm_slots_kind kinds[] = {
    {"CopyImage", {"ResourceLimitExceeded"}, "image_id", NULL, LNM_WAIT_IMAGE, 300},
    {"CopySnapshot",
     {"ResourceLimitExceeded", "PendingSnapshotLimitExceeded"},
     "snapshot_id",
     NULL,
     LNM_WAIT_SNAPSHOT,
     20},
    {"CreateSnapshot",
     {"ConcurrentSnapshotLimitExceeded", "PendingSnapshotLimitExceeded"},
     "snapshot_id",
     "volume_id",
     LNM_WAIT_SNAPSHOT,
     5}};

/* Work that is under way, as far as we know. */
struct work {
    struct lnm_slots *slots;
    char id[32];
    struct lnm_wait *wait; /* NULL: nobody asks yet */
    struct work *prev, *next;
};

struct lnm_slots {
    struct lnm_hub *hub;
    const struct lnm_slots_kind *kind;
    char subject[32];
    struct lnm_turns turns;
    struct work *oldest, *newest;
    struct work *unwatched; /* from here on nobody asks */
    size_t begun;           /* those in the list */
    size_t sending;         /* slots held by calls without an answer */
    size_t limit;           /* as many as were under way at the last refusal; 0: none came yet */
    bool refused;           /* nothing has ended since */
    bool letting_in;
    struct lnm_timer *probe;
};

const struct lnm_slots_kind *lnm_slots_kind_of(const struct lnm_operation *op) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (op->service == &lnm_ec2 && strcmp(op->name, kinds[i].action) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

bool lnm_slots_refusal(const struct lnm_slots_kind *kind, const char *code) {
    return strcmp(code, kind->refusals[0]) == 0 ||
           (kind->refusals[1] != NULL && strcmp(code, kind->refusals[1]) == 0);
}

struct lnm_slots *lnm_slots_new(struct lnm_hub *hub, const struct lnm_slots_kind *kind,
                                struct lnm_str subject) {
    struct lnm_slots *s = calloc(1, sizeof *s);
    if (s != NULL) {
        s->hub = hub;
        s->kind = kind;
        lnm_str_copy(s->subject, sizeof s->subject, subject);
    }
    return s;
}

bool lnm_slots_are_of(const struct lnm_slots *s, const struct lnm_slots_kind *kind,
                      struct lnm_str subject) {
    return s->kind == kind && lnm_str_is(subject, s->subject);
}

static void forget(struct work *w) {
    struct lnm_slots *s = w->slots;
    *(w->prev != NULL ? &w->prev->next : &s->oldest) = w->next;
    *(w->next != NULL ? &w->next->prev : &s->newest) = w->prev;
    s->unwatched = s->unwatched == w ? w->next : s->unwatched;
    s->begun--;
    lnm_wait_free(w->wait);
    free(w);
}

void lnm_slots_free(struct lnm_slots *s) {
    while (s->oldest != NULL) {
        forget(s->oldest);
    }
    while (s->turns.first != NULL) {
        lnm_turn_leave(s->turns.first);
    }
    lnm_timer_cancel(s->probe);
    free(s);
}

static bool is_free(const struct lnm_slots *s) {
    size_t taken = s->begun + s->sending;
    if (s->refused) {
        return false;
    }
    return s->limit > 0 ? taken < s->limit : taken < s->kind->quota || s->sending == 0;
}

/* One that fails at once gives its slot back from inside: the loop sees it. */
static void let_in(struct lnm_slots *s) {
    if (s->letting_in) {
        return;
    }
    s->letting_in = true;
    while (s->turns.first != NULL && is_free(s)) {
        s->sending++;
        (void)lnm_turns_next(&s->turns);
    }
    s->letting_in = false;
}

static void on_ended(void *arg, struct lnm_wait *wait) {
    struct work *w = arg;
    struct lnm_slots *s = w->slots;
    (void)wait;
    forget(w);
    s->refused = false;
    let_in(s);
}

/* Ask the hub for all that is under way, now that somebody waits for its end. */
static void watch(struct lnm_slots *s, struct lnm_session *session) {
    for (; s->unwatched != NULL; s->unwatched = s->unwatched->next) {
        struct work *w = s->unwatched;
        struct lnm_wait_options o = {.kind = s->kind->wait, .id = w->id};
        struct lnm_err ignored;
        (void)lnm_wait_start(&w->wait, s->hub, session, &o, on_ended, w, &ignored);
    }
}

/* Slots may have become free that we know nothing of. */
static void on_probe(void *arg) {
    struct lnm_slots *s = arg;
    s->probe = NULL;
    s->refused = false;
    s->limit = s->begun + s->sending + 1;
    let_in(s);
}

static void schedule_probe(struct lnm_slots *s) {
    struct lnm_err ignored;
    if (s->probe == NULL) {
        (void)lnm_timer_start(&s->probe, s->hub->loop, s->hub->max_us, on_probe, s, &ignored);
    }
}

bool lnm_slots_take(struct lnm_slots *s, struct lnm_session *session, struct lnm_turn *turn,
                    lnm_loop_fn *fn, void *arg) {
    if (s->turns.first == NULL && is_free(s)) {
        s->sending++;
        return true;
    }
    lnm_turn_wait(turn, &s->turns, fn, arg);
    if (s->limit > 0) {
        watch(s, session);
    }
    return false;
}

void lnm_slots_begun(struct lnm_slots *s, struct lnm_session *session, struct lnm_str id) {
    struct work *w = calloc(1, sizeof *w);
    s->sending--;
    if (w != NULL) {
        w->slots = s;
        w->prev = s->newest;
        lnm_str_copy(w->id, sizeof w->id, id);
        *(s->newest != NULL ? &s->newest->next : &s->oldest) = w;
        s->newest = w;
        s->unwatched = s->unwatched != NULL ? s->unwatched : w;
        s->begun++;
    }
    if (s->begun > REMEMBERED) {
        forget(s->oldest);
    }
    if (s->limit > 0 && s->begun > s->limit) {
        s->limit = s->begun; /* a probe found that there are more */
    }
    if (s->turns.first != NULL && s->limit > 0) {
        watch(s, session);
    }
    let_in(s);
}

void lnm_slots_give_back(struct lnm_slots *s) {
    s->sending--;
    let_in(s);
}

void lnm_slots_refused(struct lnm_slots *s, struct lnm_session *session, bool held) {
    s->sending -= held ? 1 : 0;
    s->refused = true;
    s->limit = s->begun > 0 ? s->begun : 1;
    lnm_log(LNM_LOG_INFO, "%s: no slot is free; %zu under way, %zu wait for one", s->kind->action,
            s->begun, s->turns.count + 1);
    watch(s, session);
    schedule_probe(s);
}
