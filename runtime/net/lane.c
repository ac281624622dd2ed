/* lane.c - lanes that wait stand in a ring; each exchange that ends lets the first of it go on. */
#include "net/internal.h"

static void stand(struct lnm_lane *lane, struct lnm_loop *loop) {
    if (lane->loop != NULL || lane->turns.first == NULL || lane->active >= LNM_LANE_ACTIVE) {
        return; /* full ones come back when an exchange of theirs ends */
    }
    lane->loop = loop;
    lane->prev = loop->lanes_last;
    lane->next = NULL;
    *(loop->lanes_last != NULL ? &loop->lanes_last->next : &loop->lanes_first) = lane;
    loop->lanes_last = lane;
}

void lnm_lane_close(struct lnm_lane *lane) {
    struct lnm_loop *loop = lane->loop;
    if (loop == NULL) {
        return;
    }
    *(lane->prev != NULL ? &lane->prev->next : &loop->lanes_first) = lane->next;
    *(lane->next != NULL ? &lane->next->prev : &loop->lanes_last) = lane->prev;
    lane->loop = NULL;
}

bool lnm_lane_room(struct lnm_lane *lane, struct lnm_loop *loop, struct lnm_turn *turn,
                   lnm_loop_fn *fn, void *arg) {
    lane = lane != NULL ? lane : &loop->lane;
    bool nobody_before = lane->turns.first == NULL && loop->lanes_first == NULL;
    bool room = loop->http_count < LNM_LOOP_ACTIVE && lane->active < LNM_LANE_ACTIVE &&
                (nobody_before || loop->calling == lane);
    if (!room) {
        lnm_turn_wait(turn, &lane->turns, fn, arg);
        stand(lane, loop);
    }
    return room;
}

void lnm_lane__begun(struct lnm_lane *lane) {
    lane->active++;
}

void lnm_lane__ended(struct lnm_lane *lane, struct lnm_loop *loop) {
    lane->active--;
    stand(lane, loop);
}

/* The callback may free the lane: it is back in the ring, or out of it, before. */
static bool call_first(struct lnm_loop *loop) {
    struct lnm_lane *lane = loop->lanes_first;
    struct lnm_turn *turn = lane->turns.first;
    lnm_lane_close(lane);
    if (turn == NULL || lane->active >= LNM_LANE_ACTIVE) {
        return false;
    }
    lnm_turn_leave(turn);
    stand(lane, loop);
    loop->calling = lane;
    turn->fn(turn->arg);
    loop->calling = NULL;
    return true;
}

int lnm_lane__take_turns(struct lnm_loop *loop) {
    int done = 0;
    while (loop->lanes_first != NULL && loop->http_count < LNM_LOOP_ACTIVE) {
        done += call_first(loop);
    }
    return done;
}

size_t lnm_lane__waiting(const struct lnm_loop *loop) {
    size_t n = 0;
    for (const struct lnm_lane *lane = loop->lanes_first; lane != NULL; lane = lane->next) {
        n += lane->turns.count;
    }
    return n;
}

void lnm_lane__detach_all(struct lnm_loop *loop) {
    while (loop->lanes_first != NULL) {
        lnm_lane_close(loop->lanes_first);
    }
    while (loop->lane.turns.first != NULL) {
        lnm_turn_leave(loop->lane.turns.first);
    }
}
