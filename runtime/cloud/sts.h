/* sts.h - who calls, and the temporary credentials of roles. */
#ifndef LUNAMI_CLOUD_STS_H
#define LUNAMI_CLOUD_STS_H

#include "cloud/internal.h"

struct lnm_cloud_credentials {
    char secret[64], token[160];
    int64_t expires_us; /* 0: never */
};

/* The temporary credentials with this key id; fills in who the caller is. False: there are none. */
LNM_API bool lnm_sts_credentials(struct lnm_cloud_request *r, struct lnm_str id,
                                 struct lnm_cloud_credentials *out);
LNM_API int lnm_sts_assume_role(struct lnm_cloud_request *r);

#endif
