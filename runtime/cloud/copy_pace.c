/* copy_pace.c - copies that take their own time, and time-based ones: in the minutes that they are
 * given, as far as the throughput that is left allows.
 *
 * Source: "Time-based copies for Amazon EBS snapshots and EBS-backed AMIs" (EBS user guide). What
 * a snapshot's data come to is taken to be its volume's size, as for all durations here. */
#include "cloud/copy_pace.h"

#include "cloud/lifecycle.h"
#include "cloud/limits.h"

#define MINUTE_US (INT64_C(60) * 1000000)
#define STEP 15
#define LEAST 15
#define MOST 2880
#define KIB_PER_MIB 1024
#define KIB_PER_GIB (INT64_C(1024) * 1024)

/* What the account's pending copies leave of its throughput, KiB a second. */
static int64_t rate_left(struct lnm_cloud_request *r, int64_t quota) {
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT coalesce(sum(rate), 0) FROM snapshots WHERE account ="
                                      " ?1 AND region = ?2 AND state = 'pending'",
                                      "tt", r->account, r->region);
    int64_t used = lnm_store_int(s != NULL && sqlite3_step(s) == SQLITE_ROW ? s : NULL, 0);
    (void)sqlite3_reset(s);
    return quota * KIB_PER_MIB - used;
}

/* The throughput that it gets of what it needs; -1 raised when nothing is left. */
static int64_t take_rate(struct lnm_cloud_request *r, int64_t needed) {
    int64_t of_one = lnm_limits_quota(r, LNM_QUOTA_COPY_THROUGHPUT),
            of_all = lnm_limits_quota(r, LNM_QUOTA_COPIES_THROUGHPUT), rate = needed;
    if (of_one >= 0 && rate > of_one * KIB_PER_MIB) {
        rate = of_one * KIB_PER_MIB;
    }
    int64_t left = of_all >= 0 ? rate_left(r, of_all) : rate;
    if (left <= 0) {
        return lnm_cloud_raise(r, 400, "ResourceLimitExceeded",
                               "Your quota of %lld MiB/s for time-based snapshot copies to this "
                               "Region is used up. Try again later.",
                               (long long)of_all);
    }
    return rate < left ? rate : left;
}

int lnm_copy_pace(struct lnm_cloud_request *r, struct lnm_cloud_snapshot *to, const char *member) {
    int64_t minutes = lnm_record_get_int(&r->in, 0, member, 0);
    to->copied = true;
    to->due_us = lnm_lifecycle_due(r->cloud, r->now_us, to->size);
    if (!lnm_cloud_given(r, member)) {
        return 0;
    }
    if (minutes < LEAST || minutes > MOST || minutes % STEP != 0) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Invalid value '%lld' for the completion duration: it must be from "
                               "%d to %d minutes, in steps of %d",
                               (long long)minutes, LEAST, MOST, STEP);
    }
    int64_t needed = to->size * KIB_PER_GIB / (minutes * 60) + 1, rate = take_rate(r, needed);
    if (rate < 0) {
        return -1;
    }
    int64_t takes = to->due_us - r->now_us;
    if (r->cloud->as_aws && takes > minutes * MINUTE_US) {
        takes = minutes * MINUTE_US;
    }
    to->due_us = r->now_us + (int64_t)((double)takes * (double)needed / (double)rate);
    to->minutes = minutes;
    to->rate = rate;
    return 0;
}
