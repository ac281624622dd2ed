/* session.h - a profile, region, endpoint and credentials on one loop: what calls are made with. */
#ifndef LUNAMI_CLIENT_SESSION_H
#define LUNAMI_CLIENT_SESSION_H

#include "aws/api.h"
#include "aws/record.h"
#include "client/identity.h"
#include "net/loop.h"

struct lnm_hub;
struct lnm_session; /* reference-counted */

struct lnm_session_options {  /* any may be NULL: then environment and shared files decide */
    const char *profile;      /* else AWS_PROFILE, else "default" */
    const char *region;       /* else AWS_REGION, AWS_DEFAULT_REGION, the profile's region */
    const char *endpoint_url; /* for every service; else AWS_ENDPOINT_URL_<ID>, AWS_ENDPOINT_URL,
                                 the profile's services section and endpoint_url */
    const char *access_key_id, *secret_access_key, *session_token; /* explicit: wins over all */
    struct lnm_hub *hub; /* which keeps the limits of accounts and regions; NULL: none are kept.
                            Must live as long as calls are made */
    bool buckets;        /* keep to EC2's documented buckets on loopback, too */
    int64_t connect_timeout_ms; /* 0: by AWS_DEFAULTS_MODE, else 10 s */
    int64_t request_timeout_ms; /* one attempt from its beginning to its end; 0: 60 s */
};

/* Reads the shared files with read(2); sends nothing and starts nothing. LNM_ECONFIG and LNM_ECREDS
 * name the file, the profile and the remedy. A missing region is an error only when a call needs
 * it. */
LNM_API int lnm_session_new(struct lnm_session **out, struct lnm_loop *loop,
                            const struct lnm_session_options *options, struct lnm_err *err);
/* The same credentials and settings in another region; endpoints follow. */
LNM_API int lnm_session_in_region(struct lnm_session **out, struct lnm_session *s,
                                  const char *region, struct lnm_err *err);
/* The settings and region of s as a role that s assumes when that is first needed, and again before
 * it expires. */
LNM_API int lnm_session_assume(struct lnm_session **out, struct lnm_session *s,
                               const struct lnm_role *role, struct lnm_err *err);
LNM_API struct lnm_session *lnm_session_ref(struct lnm_session *s);
LNM_API void lnm_session_unref(struct lnm_session *s);
LNM_API const char *lnm_session_region(const struct lnm_session *s); /* "" if none is set */
/* Will its region be that of the instance, which comes with its credentials? */
LNM_API bool lnm_session_seeks_region(const struct lnm_session *s);
/* A long time begins: whose are the credentials? Asked in the background, once, where they may
 * become those of another account. */
LNM_API void lnm_session_ask_account(struct lnm_session *s);
LNM_API const char *lnm_session_profile(const struct lnm_session *s);
/* Of the credentials at hand; empty before they have been fetched (see ready.h). */
LNM_API struct lnm_str lnm_session_access_key_id(const struct lnm_session *s);
LNM_API int64_t lnm_session_creds_expiry_us(const struct lnm_session *s); /* 0: never, or none */
LNM_API const char *lnm_session_creds_source(const struct lnm_session *s);
/* Does EC2 stand on this machine (a local cloud)? */
LNM_API bool lnm_session_is_loopback(const struct lnm_session *s);
LNM_API struct lnm_loop *lnm_session_loop(const struct lnm_session *s);

#endif
