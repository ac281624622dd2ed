/* throttle.h - EC2's documented token buckets: one for each account, region and action.
 *
 * Source: EC2 developer guide, "Request throttling", request token bucket sizes and refill rates.
 */
#ifndef LUNAMI_AWS_THROTTLE_H
#define LUNAMI_AWS_THROTTLE_H

#include "aws/api.h"
#include "aws/record.h"

struct lnm_throttle {
    double capacity; /* requests at once */
    double rate;     /* and so many a second after that */
};

/* The bucket that a request draws from; NULL when none is documented (other services than EC2). Two
 * rows of one action are two buckets. */
LNM_API const struct lnm_throttle *lnm_throttle_of(const struct lnm_operation *op,
                                                   const struct lnm_record *input);

/* Does it ask for everything at once, which has a smaller bucket? */
LNM_API bool lnm_throttle_is_whole(const struct lnm_operation *op, const struct lnm_record *input);

#endif
