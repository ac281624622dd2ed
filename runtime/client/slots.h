/* slots.h - quotas of work under way: how many copies an account may have in flight in a region.
 *
 * A refusal (ResourceLimitExceeded ...) is no failure: the call waits until one of those in flight
 * has ended, which is asked of the hub, or, when it knows of none (another program's), until a
 * probe is due.  Beyond the documented quota requests go one by one, so that a raised quota is
 * found without many refusals. */
#ifndef LUNAMI_CLIENT_SLOTS_H
#define LUNAMI_CLIENT_SLOTS_H

#include "base/turn.h"
#include "client/hub.h"

struct lnm_slots;

/* What an action is counted by. Source: EBS and EC2 quotas. */
struct lnm_slots_kind {
    const char *action;
    const char *refusals[2]; /* the errors that say that there is no slot; the second may be NULL */
    const char *id;          /* member of the answer: what to wait for */
    const char *subject;     /* member of the request that has slots of its own; NULL: the region */
    enum lnm_wait_kind wait;
    size_t quota;
};
/* NULL: the action has no quota of this kind. */
LNM_API const struct lnm_slots_kind *lnm_slots_kind_of(const struct lnm_operation *op);
LNM_API bool lnm_slots_refusal(const struct lnm_slots_kind *kind, const char *code);

LNM_API struct lnm_slots *lnm_slots_new(struct lnm_hub *hub, const struct lnm_slots_kind *kind,
                                        struct lnm_str subject); /* NULL: no memory */
LNM_API void lnm_slots_free(struct lnm_slots *s);                /* who waits is forgotten */
LNM_API bool lnm_slots_are_of(const struct lnm_slots *s, const struct lnm_slots_kind *kind,
                              struct lnm_str subject);
/* True: go on, a slot is held. Else *turn waits, and fn(arg) is called with one held. */
LNM_API bool lnm_slots_take(struct lnm_slots *s, struct lnm_session *session, struct lnm_turn *turn,
                            lnm_loop_fn *fn, void *arg);
/* What becomes of a slot that is held: the work `id` has begun ... */
LNM_API void lnm_slots_begun(struct lnm_slots *s, struct lnm_session *session, struct lnm_str id);
/* ... or nothing did ... */
LNM_API void lnm_slots_give_back(struct lnm_slots *s);
/* ... or the service says that there was none; `held`: as we thought that there was. */
LNM_API void lnm_slots_refused(struct lnm_slots *s, struct lnm_session *session, bool held);

#endif
