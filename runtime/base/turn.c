/* turn.c - a queue of waiting places, doubly linked so that leaving it costs one step. */
#include "base/turn.h"

void lnm_turn_wait(struct lnm_turn *t, struct lnm_turns *queue, void (*fn)(void *arg), void *arg) {
    *t = (struct lnm_turn){.queue = queue, .prev = queue->last, .fn = fn, .arg = arg};
    *(queue->last != NULL ? &queue->last->next : &queue->first) = t;
    queue->last = t;
    queue->count++;
}

void lnm_turn_leave(struct lnm_turn *t) {
    struct lnm_turns *queue = t->queue;
    if (queue == NULL) {
        return;
    }
    *(t->prev != NULL ? &t->prev->next : &queue->first) = t->next;
    *(t->next != NULL ? &t->next->prev : &queue->last) = t->prev;
    queue->count--;
    t->queue = NULL;
}

bool lnm_turns_next(struct lnm_turns *queue) {
    struct lnm_turn *t = queue->first;
    if (t == NULL) {
        return false;
    }
    lnm_turn_leave(t);
    t->fn(t->arg);
    return true;
}
