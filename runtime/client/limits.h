/* limits.h - what one account may ask of one region: the documented token buckets of EC2's actions,
 * the slots of its copies, and the rate that the adaptive retry mode has found.
 *
 * Sessions of the same account and region share them; they live as long as the hub. */
#ifndef LUNAMI_CLIENT_LIMITS_H
#define LUNAMI_CLIENT_LIMITS_H

#include "aws/retry_adaptive.h"
#include "aws/throttle.h"
#include "client/bucket.h"
#include "client/slots.h"

struct lnm_limits;

/* Of the session's account (its key id, as long as the account is not known) and region; NULL when
 * the session has no hub, or no memory is left: then nothing is limited. [borrowed] */
LNM_API struct lnm_limits *lnm_limits_of(struct lnm_session *session);
LNM_API void lnm_limits_free_all(struct lnm_hub *hub);
/* NULL: the request needs no token. [borrowed] */
LNM_API struct lnm_bucket *lnm_limits_bucket(struct lnm_limits *l, const struct lnm_operation *op,
                                             const struct lnm_throttle *throttle);
/* Those of the kind and subject; made when there are none and `make` says so. [borrowed] */
LNM_API struct lnm_slots *lnm_limits_slots(struct lnm_limits *l, const struct lnm_slots_kind *kind,
                                           struct lnm_str subject, bool make);
LNM_API struct lnm_adaptive *lnm_limits_adaptive(struct lnm_limits *l,
                                                 const struct lnm_service *service);

#endif
