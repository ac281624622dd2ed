/* creds.h - a credential set in one locked, cleansed allocation, and where it came from. */
#ifndef LUNAMI_CLIENT_CREDS_H
#define LUNAMI_CLIENT_CREDS_H

#include "aws/creds_text.h"
#include "aws/sigv4.h"

struct lnm_creds; /* reference-counted; the secret never leaves creds.c but as a signing key */

/* Everything is copied. LNM_ECREDS when a text cannot be what it should be: empty, too long, or
 * with white space or control characters in it, which would go into a header. */
LNM_API int lnm_creds_new(struct lnm_creds **out, const struct lnm_creds_text *text,
                          const char *source, struct lnm_err *err);
LNM_API struct lnm_creds *lnm_creds_ref(struct lnm_creds *c);
LNM_API void lnm_creds_unref(struct lnm_creds *c); /* the last one cleanses; NULL is fine */
LNM_API struct lnm_str lnm_creds_access_key_id(const struct lnm_creds *c);
LNM_API struct lnm_str lnm_creds_token(const struct lnm_creds *c);
LNM_API struct lnm_str lnm_creds_account(const struct lnm_creds *c); /* empty: not known */
LNM_API int64_t lnm_creds_expiry_us(const struct lnm_creds *c);      /* 0: never */
LNM_API const char *lnm_creds_source(const struct lnm_creds *c);     /* for a person */
/* The day's signing key for region and service, derived once and cached in `c`. */
LNM_API int lnm_creds_signing_key(const struct lnm_signing_key **out, struct lnm_creds *c,
                                  const char *date8, struct lnm_str region, struct lnm_str service,
                                  struct lnm_err *err);

#endif
