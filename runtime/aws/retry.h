/* retry.h - AWS's "standard" retry mode as pure arithmetic: which answers are retried, how long to
 * wait, and the retry quota.  Source: SDKs reference, "Retry behavior"; botocore's standard mode.
 */
#ifndef LUNAMI_AWS_RETRY_H
#define LUNAMI_AWS_RETRY_H

#include "base/str.h"

enum lnm_retry_kind {
    LNM_RETRY_NO,
    LNM_RETRY_TRANSIENT, /* 5xx, broken exchange: quota cost 5 */
    LNM_RETRY_TIMEOUT,   /* connect or read time-out: quota cost 10 */
    LNM_RETRY_THROTTLE,  /* throttling codes: cost 5 */
    LNM_RETRY_SKEW       /* signature refused because of the clock: once, after correcting it */
};

struct lnm_retry_quota {
    int tokens; /* starts at 500 */
};
LNM_API void lnm_retry_quota_init(struct lnm_retry_quota *q);
LNM_API bool lnm_retry_quota_take(struct lnm_retry_quota *q, enum lnm_retry_kind kind, int *cost);
LNM_API void lnm_retry_quota_success(struct lnm_retry_quota *q,
                                     int last_cost); /* 0: first attempt */

/* code may be empty (no answer in the service's form); status 0 means no HTTP answer at all. */
LNM_API enum lnm_retry_kind lnm_retry_classify(int status, struct lnm_str code);
/* Full jitter: random01 * min(2^(attempt-1), 20) s, attempt = 1, 2, ... */
LNM_API int64_t lnm_retry_delay_us(unsigned attempt, double random01);
/* server's Date minus ours; true when it explains the refusal (more than 4 minutes). */
LNM_API bool lnm_retry_skewed(int64_t server_us, int64_t local_us);

#endif
