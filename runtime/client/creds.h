/* creds.h - a credential set in one locked, cleansed allocation, and where it came from. */
#ifndef LUNAMI_CLIENT_CREDS_H
#define LUNAMI_CLIENT_CREDS_H

#include "aws/profile.h"
#include "aws/sigv4.h"

struct lnm_creds; /* reference-counted; the secret never leaves creds.c but as a signing key */

/* Strings are copied; token may be empty; source is a literal ("environment"). */
LNM_API int lnm_creds_new(struct lnm_creds **out, struct lnm_str access_key_id,
                          struct lnm_str secret, struct lnm_str token, const char *source,
                          struct lnm_err *err);
LNM_API struct lnm_creds *lnm_creds_ref(struct lnm_creds *c);
LNM_API void lnm_creds_unref(struct lnm_creds *c); /* the last one cleanses; NULL is fine */
LNM_API struct lnm_str lnm_creds_access_key_id(const struct lnm_creds *c);
LNM_API struct lnm_str lnm_creds_token(const struct lnm_creds *c);
LNM_API const char *lnm_creds_source(const struct lnm_creds *c);
/* The day's signing key for region and service, derived once and cached in `c`. */
LNM_API int lnm_creds_signing_key(const struct lnm_signing_key **out, struct lnm_creds *c,
                                  const char *date8, struct lnm_str region, struct lnm_str service,
                                  struct lnm_err *err);

/* AWS_ACCESS_KEY_ID ... from the environment (unless a profile was named), else the profile's
 * static keys. LNM_ECREDS says where it looked and what to do. */
LNM_API int lnm_creds_find(struct lnm_creds **out, const struct lnm_profiles *profiles,
                           const char *profile, bool profile_named, struct lnm_err *err);

#endif
