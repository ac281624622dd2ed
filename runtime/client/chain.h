/* chain.h - which way credentials come: AWS's order of the sources, and the roles between them.
 *
 * Decided from the environment and the shared files alone; nothing is opened or sent. Source: SDKs
 * reference, "Standardized credential providers" and the providers' pages; order of botocore. */
#ifndef LUNAMI_CLIENT_CHAIN_H
#define LUNAMI_CLIENT_CHAIN_H

#include "aws/profile.h"

#define LNM_PROFILE_MAX 128
#define LNM_ROLES_MAX 8

enum lnm_source {
    LNM_SOURCE_ENVIRONMENT,
    LNM_SOURCE_WEB_IDENTITY, /* by the profile's settings, or the environment's without one */
    LNM_SOURCE_SSO,
    LNM_SOURCE_KEYS, /* static ones of a profile */
    LNM_SOURCE_PROCESS,
    LNM_SOURCE_CONTAINER,
    LNM_SOURCE_INSTANCE /* IMDS */
};

struct lnm_chain {
    enum lnm_source source;
    char profile[LNM_PROFILE_MAX];              /* whose settings tell how; "" is nobody's */
    char roles[LNM_ROLES_MAX][LNM_PROFILE_MAX]; /* profiles whose roles to assume, in this order */
    size_t role_count;
    bool by_default; /* LNM_SOURCE_INSTANCE because nothing else was there */
};

/* `named`: the caller said which profile, and so the environment's keys do not count. LNM_ECREDS
 * and LNM_ECONFIG name file, line, profile and remedy. */
LNM_API int lnm_chain_plan(struct lnm_chain *out, const struct lnm_profiles *p, const char *profile,
                           bool named, struct lnm_err *err);
/* " (there are: default, work)", or "". */
LNM_API void lnm_chain_list_profiles(char *to, size_t size, const struct lnm_profiles *p);

#endif
