/* sts.h - who calls, and temporary credentials. */
#ifndef LUNAMI_CLOUD_STS_H
#define LUNAMI_CLOUD_STS_H

#include "cloud/access.h"

struct lnm_cloud_credentials {
    char secret[64], token[160];
    int64_t expires_us; /* 0: never */
};

/* The temporary credentials with this key id; fills in who the caller is. False: there are none. */
LNM_API bool lnm_sts_credentials(struct lnm_cloud_request *r, struct lnm_str id,
                                 struct lnm_cloud_credentials *out);
/* An active access key of a user; the same. */
LNM_API bool lnm_sts_access_key(struct lnm_cloud_request *r, struct lnm_str id,
                                struct lnm_cloud_credentials *out);

/* What temporary credentials stand for. */
struct lnm_sts_session {
    const char *account, *arn, *user_id;
    struct lnm_str policy, source_identity, tags; /* empty: none */
};
/* Make credentials that last so long and write them as the answer's `credentials`. 0 or -1 raised.
 */
LNM_API int lnm_sts_give(struct lnm_cloud_request *r, const struct lnm_sts_session *s,
                         int64_t seconds);
/* duration_seconds within bounds, or -1 raised. */
LNM_API int64_t lnm_sts_duration(struct lnm_cloud_request *r, int64_t most, int64_t fallback);

#endif
