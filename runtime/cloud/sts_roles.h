/* sts_roles.h - what both ways to assume a role share. */
#ifndef LUNAMI_CLOUD_STS_ROLES_H
#define LUNAMI_CLOUD_STS_ROLES_H

#include "cloud/sts.h"

struct lnm_sts_role {
    char account[16], name[80], id[32];
    struct lnm_buf trust; /* its trust policy: lnm_sts_role_free */
    int64_t longest_s;
};

/* The role of the request's role_arn; false: there is none. Free it either way. */
LNM_API bool lnm_sts_role_find(struct lnm_cloud_request *r, struct lnm_sts_role *out);
LNM_API void lnm_sts_role_free(struct lnm_sts_role *role);
/* Session name, duration and session policy are looked at. Seconds, or -1 raised. */
LNM_API int64_t lnm_sts_role_check(struct lnm_cloud_request *r, const struct lnm_sts_role *role);
/* Give the role's credentials and name its session. 0 or -1 raised. */
LNM_API int lnm_sts_role_give(struct lnm_cloud_request *r, const struct lnm_sts_role *role,
                              int64_t seconds, struct lnm_str source_identity, struct lnm_str tags);

#endif
