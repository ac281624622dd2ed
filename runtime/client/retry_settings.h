/* retry_settings.h - how often is tried again, and how carefully is asked. */
#ifndef LUNAMI_CLIENT_RETRY_SETTINGS_H
#define LUNAMI_CLIENT_RETRY_SETTINGS_H

#include "aws/profile.h"

/* When EC2's documented buckets are kept to. */
enum lnm_buckets { LNM_BUCKETS_AWS /* not on loopback */, LNM_BUCKETS_ALWAYS, LNM_BUCKETS_NEVER };

struct lnm_retry_settings {
    unsigned max_attempts;
    bool max_named; /* somebody said how many: then throttling answers count, too */
    bool adaptive;
    enum lnm_buckets buckets;
};

/* AWS_MAX_ATTEMPTS, AWS_RETRY_MODE, LUNAMI_BUCKETS, max_attempts and retry_mode of the profile.
 * LNM_ECONFIG names the one that cannot be. */
LNM_API int lnm_retry_settings(struct lnm_retry_settings *out, const struct lnm_profiles *profiles,
                               const char *profile, struct lnm_err *err);

#endif
