/* lane.h - whose exchanges share libcurl's room fairly: an account in a region, say.
 *
 * A lane has at most LNM_LANE_ACTIVE exchanges at once, so that one whose server is slow leaves
 * room to the others; where all room is taken, those lanes that wait are served in turn.  A zeroed
 * struct is a lane.  Who waits costs nothing but the place in the queue. */
#ifndef LUNAMI_NET_LANE_H
#define LUNAMI_NET_LANE_H

#include "base/turn.h"
#include "net/loop.h"

#define LNM_LANE_ACTIVE 64 /* to one host libcurl's cost of a request rises beyond */

struct lnm_lane {
    struct lnm_loop *loop; /* where it stands among those that wait; NULL: it does not */
    struct lnm_turns turns;
    size_t active; /* exchanges under way */
    struct lnm_lane *prev, *next;
};

/* Has the lane (NULL: the loop's own) room for another exchange? If not, *turn waits, and fn(arg)
 * is called when it has. */
LNM_API bool lnm_lane_room(struct lnm_lane *lane, struct lnm_loop *loop, struct lnm_turn *turn,
                           lnm_loop_fn *fn, void *arg);
/* Before its memory goes: nobody waits in it, no exchange is of it any more. */
LNM_API void lnm_lane_close(struct lnm_lane *lane);

#endif
