/* gate.c - what each attempt of a call passes before it is sent: a slot for work that is counted, a
 * token of the documented bucket, the rate of the adaptive mode, credentials, and room in libcurl.
 * A gate returns 1 when it is passed, 0 when the call waits, or an error. */
#include "client/call_internal.h"

#include "aws/endpoint.h"
#include "base/clock.h"

enum { SLOT_GATE, FIRST_AGAIN }; /* an attempt after the first keeps its slot */

/* Does the endpoint have the documented buckets? Loopback has them only if somebody says so. */
static bool has_buckets(struct lnm_call *c) {
    const struct lnm_place *place;
    enum lnm_buckets buckets = c->session->root->retry.buckets;
    return buckets == LNM_BUCKETS_ALWAYS ||
           (buckets == LNM_BUCKETS_AWS &&
            lnm_session__place(&place, c->session, c->op->service, NULL) == 0 && !place->loopback);
}

void lnm_call__note_limits(struct lnm_call *c, const struct lnm_record *input) {
    if (lnm_limits_of(c->session) == NULL) {
        return;
    }
    c->throttle = has_buckets(c) ? lnm_throttle_of(c->op, input) : NULL;
    c->slots_kind = lnm_slots_kind_of(c->op);
    if (c->slots_kind != NULL && c->slots_kind->subject != NULL) {
        lnm_str_copy(c->subject, sizeof c->subject,
                     lnm_record_get(input, 0, c->slots_kind->subject));
    }
}

static void on_turn(void *arg) {
    struct lnm_call *c = arg;
    int error = lnm_call__proceed(c, &c->err);
    if (error < 0) {
        lnm_call__finish(c, error);
    }
}

/* Those of a subject exist only after a refusal: until then nobody waits for them. */
static struct lnm_slots *slots_of(struct lnm_call *c, bool make) {
    return c->slots_kind == NULL
               ? NULL
               : lnm_limits_slots(lnm_limits_of(c->session), c->slots_kind, lnm_str_z(c->subject),
                                  make || c->slots_kind->subject == NULL);
}

static void on_slot(void *arg) {
    struct lnm_call *c = arg;
    c->slots = slots_of(c, false);
    on_turn(c);
}

static int pass_slots(struct lnm_call *c, struct lnm_err *err) {
    (void)err;
    struct lnm_slots *slots = slots_of(c, false);
    bool held = slots != NULL && lnm_slots_take(slots, c->session, &c->turn, on_slot, c);
    c->slots = held ? slots : NULL;
    return held || slots == NULL;
}

static int pass_bucket(struct lnm_call *c, struct lnm_err *err) {
    (void)err;
    struct lnm_bucket *b = c->throttle != NULL
                               ? lnm_limits_bucket(lnm_limits_of(c->session), c->op, c->throttle)
                               : NULL;
    return b == NULL || lnm_bucket_take(b, &c->turn, on_turn, c);
}

static void on_pace(void *arg) {
    struct lnm_call *c = arg;
    c->timer = NULL;
    on_turn(c);
}

static int pass_adaptive(struct lnm_call *c, struct lnm_err *err) {
    (void)err;
    struct lnm_limits *l = c->session->root->retry.adaptive ? lnm_limits_of(c->session) : NULL;
    struct lnm_err ignored;
    int64_t delay =
        l != NULL ? lnm_adaptive_take(lnm_limits_adaptive(l, c->op->service), lnm_mono_us()) : 0;
    return delay == 0 ||
           lnm_timer_start(&c->timer, c->session->loop, delay, on_pace, c, &ignored) < 0;
}

static void on_credentials(void *arg) {
    struct lnm_call *c = arg;
    int error = lnm_identity_outcome(c->session->root->identity, &c->err);
    if (error < 0) {
        lnm_call__finish(c, error);
    } else {
        on_turn(c);
    }
}

static int pass_identity(struct lnm_call *c, struct lnm_err *err) {
    struct lnm_identity *id = c->session->root->identity;
    int waits = (c->op->flags & LNM_UNSIGNED) != 0
                    ? 0
                    : lnm_identity_need(id, &c->turn, on_credentials, c, err);
    return waits < 0 ? waits : waits == 0;
}

static int pass_room(struct lnm_call *c, struct lnm_err *err) {
    (void)err;
    return lnm_lane_room(&c->session->lane, c->session->loop, &c->turn, on_turn, c);
}

int lnm_call__proceed(struct lnm_call *c, struct lnm_err *err) {
    static int (*const gates[])(struct lnm_call *, struct lnm_err *) = {
        pass_slots, pass_bucket, pass_adaptive, pass_identity, pass_room};
    while (c->gate < sizeof gates / sizeof gates[0]) {
        int passed = gates[c->gate++](c, err);
        if (passed <= 0) {
            return passed; /* 0: on_turn comes, with the gate passed */
        }
    }
    return lnm_call__send(c, err);
}

void lnm_call__again(struct lnm_call *c) {
    c->gate = FIRST_AGAIN;
    on_turn(c);
}

bool lnm_call__await_slot(struct lnm_call *c) {
    struct lnm_slots *slots = slots_of(c, true);
    if (slots == NULL) {
        return false;
    }
    lnm_slots_refused(slots, c->session, c->slots != NULL);
    c->slots = NULL;
    c->gate = SLOT_GATE;
    lnm_call__forget_answer(c);
    on_turn(c);
    return true;
}

void lnm_call__settle_slot(struct lnm_call *c, bool begun) {
    struct lnm_slots *slots = c->slots;
    c->slots = NULL;
    if (slots != NULL && begun) {
        lnm_slots_begun(slots, c->session, lnm_record_get(&c->record, 0, c->slots_kind->id));
    } else if (slots != NULL) {
        lnm_slots_give_back(slots);
    }
}

void lnm_call__learn(struct lnm_call *c, bool throttled) {
    struct lnm_limits *l = lnm_limits_of(c->session);
    if (l != NULL && c->session->root->retry.adaptive) {
        lnm_adaptive_answer(lnm_limits_adaptive(l, c->op->service), lnm_mono_us(), throttled);
    }
    if (l != NULL && throttled && c->throttle != NULL) {
        struct lnm_bucket *b = lnm_limits_bucket(l, c->op, c->throttle);
        if (b != NULL) {
            lnm_bucket_empty(b);
        }
    }
}
