/* retry.c - the arithmetic of AWS's standard retry mode. */
#include "aws/retry.h"

#include "base/date.h"

#define QUOTA 500
#define COST 5
#define COST_TIMEOUT 10
#define LONGEST_S 20

static const char *const throttling[] = {"Throttling",
                                         "ThrottlingException",
                                         "ThrottledException",
                                         "RequestThrottledException",
                                         "TooManyRequestsException",
                                         "ProvisionedThroughputExceededException",
                                         "TransactionInProgressException",
                                         "RequestLimitExceeded",
                                         "BandwidthLimitExceeded",
                                         "LimitExceededException",
                                         "RequestThrottled",
                                         "SlowDown",
                                         "PriorRequestNotComplete",
                                         "EC2ThrottledException"};

static const char *const transient[] = {"RequestTimeout",       "RequestTimeoutException",
                                        "InternalError",        "InternalFailure",
                                        "ServiceUnavailable",   "Unavailable",
                                        "IDPCommunicationError"};

static const char *const skewed[] = {"RequestTimeTooSkewed",  "RequestExpired",
                                     "RequestInTheFuture",    "InvalidSignatureException",
                                     "SignatureDoesNotMatch", "AuthFailure"};

static bool among(struct lnm_str code, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (lnm_str_is(code, list[i])) {
            return true;
        }
    }
    return false;
}

void lnm_retry_quota_init(struct lnm_retry_quota *q) {
    q->tokens = QUOTA;
}

bool lnm_retry_quota_take(struct lnm_retry_quota *q, enum lnm_retry_kind kind, int *cost) {
    int c = kind == LNM_RETRY_TIMEOUT ? COST_TIMEOUT : COST;
    if (q->tokens < c) {
        return false;
    }
    q->tokens -= c;
    *cost = c;
    return true;
}

void lnm_retry_quota_success(struct lnm_retry_quota *q, int last_cost) {
    q->tokens += last_cost > 0 ? last_cost : 1;
    q->tokens = q->tokens > QUOTA ? QUOTA : q->tokens;
}

enum lnm_retry_kind lnm_retry_classify(int status, struct lnm_str code) {
    if (among(code, throttling, sizeof throttling / sizeof throttling[0])) {
        return LNM_RETRY_THROTTLE;
    }
    if (among(code, skewed, sizeof skewed / sizeof skewed[0])) {
        return LNM_RETRY_SKEW;
    }
    bool server = status == 500 || status == 502 || status == 503 || status == 504;
    if (status == 0 || server || among(code, transient, sizeof transient / sizeof transient[0])) {
        return LNM_RETRY_TRANSIENT;
    }
    return status == 429 ? LNM_RETRY_THROTTLE : LNM_RETRY_NO;
}

int64_t lnm_retry_delay_us(unsigned attempt, double random01) {
    int64_t most = attempt >= 6 ? LONGEST_S : INT64_C(1) << (attempt > 0 ? attempt - 1 : 0);
    most = most > LONGEST_S ? LONGEST_S : most;
    return (int64_t)(random01 * (double)(most * LNM_SECOND_US));
}

bool lnm_retry_skewed(int64_t server_us, int64_t local_us) {
    int64_t apart = server_us > local_us ? server_us - local_us : local_us - server_us;
    return apart > 240 * LNM_SECOND_US;
}
