/* turn.h - who waits for their turn: a queue whose places cost nothing to take or to give up.
 *
 * A place is a struct of the waiting side's own, so that nothing is allocated. */
#ifndef LUNAMI_BASE_TURN_H
#define LUNAMI_BASE_TURN_H

#include "base/lib.h"

struct lnm_turns {
    struct lnm_turn *first, *last;
    size_t count;
};

struct lnm_turn {
    struct lnm_turns *queue; /* NULL: does not wait */
    struct lnm_turn *prev, *next;
    void (*fn)(void *arg);
    void *arg;
};

/* Wait at the end of the queue; `t` must not wait yet and stays where it is in memory. */
LNM_API void lnm_turn_wait(struct lnm_turn *t, struct lnm_turns *queue, void (*fn)(void *arg),
                           void *arg);
LNM_API void lnm_turn_leave(struct lnm_turn *t); /* harmless when it does not wait */
/* Take the first out and call its fn, which may do anything with the queue; false when empty. */
LNM_API bool lnm_turns_next(struct lnm_turns *queue);

#endif
