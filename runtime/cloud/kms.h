/* kms.h - what the KMS handlers, the keys' data and STS share. */
#ifndef LUNAMI_CLOUD_KMS_H
#define LUNAMI_CLOUD_KMS_H

#include "cloud/internal.h"

#define LNM_ALIAS_MAX 256

struct lnm_policy_question;

/* The algorithms of a key spec in a usage, separated by spaces; NULL when the two do not fit. */
LNM_API const char *lnm_key_algorithms(const char *spec, const char *usage);
LNM_API bool lnm_key_spec_known(const char *spec);

/* Does text look like a key id (a UUID, or mrk- and 32 hex digits)? */
LNM_API bool lnm_key_is_id(struct lnm_str text);
/* Is it the name or the ARN of an alias? */
LNM_API bool lnm_key_is_alias(struct lnm_str text);

/* Raise KMS's error for a name that resolved to nothing; returns -1. */
LNM_API int lnm_key_not_found(struct lnm_cloud_request *r, struct lnm_str text);
/* Raise AccessDeniedException of the request's action on the key with this ARN; returns -1. */
LNM_API int lnm_key_denied(struct lnm_cloud_request *r, struct lnm_str arn);

/* ---- kms.c ------------------------------------------------------------------------------------
 */
/* The key that a parameter names, by id or ARN and, when `aliases`, by alias, if the caller may do
 * with it what the request asks. 0 or -1 raised. */
LNM_API int lnm_key_find(struct lnm_cloud_request *r, struct lnm_cloud_key *k, const char *param,
                         bool aliases);
/* The key of a request that changes it: a customer's own, not pending deletion unless `pending`. */
LNM_API int lnm_key_changeable(struct lnm_cloud_request *r, struct lnm_cloud_key *k,
                               const char *param, bool pending);
LNM_API int lnm_kms_invalid(struct lnm_cloud_request *r, const char *value, const char *member,
                            const char *constraint);
LNM_API int lnm_kms_bad_marker(struct lnm_cloud_request *r);
/* A page's size from the request, or -1 after raising. */
LNM_API int64_t lnm_kms_limit(struct lnm_cloud_request *r, int64_t fallback, int64_t most);
/* One page of a query whose first column is what it is ordered by: the marker is the last one
 * shown. */
LNM_API int lnm_kms_show_page(struct lnm_cloud_request *r, sqlite3_stmt *s, const char *list,
                              int64_t limit,
                              void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s));
LNM_API void lnm_kms_show_time(struct lnm_record *out, const char *name, int64_t us);
/* Copies text, or fallback where there is none; cut to fit, never inside a UTF-8 character. */
LNM_API void lnm_kms_take(char *to, size_t size, struct lnm_str s, const char *fallback);

/* ---- kms_policies.c, kms_grants.c -------------------------------------------------------------
 */
/* May who asks do that with the key: by its policy, or by a grant? */
LNM_API bool lnm_key_asked(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                           const struct lnm_policy_question *q);
LNM_API bool lnm_grant_allows(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                              const struct lnm_policy_question *q);
/* Write the request's `tags` on the key. 0 or -1 raised. */
LNM_API int lnm_kms_tags_keep(struct lnm_cloud_request *r, const struct lnm_cloud_key *k);
/* Make the request's `policy` the key's, after its checks. 0 or -1 raised. */
LNM_API int lnm_policy_keep(struct lnm_cloud_request *r, const struct lnm_cloud_key *k);

#endif
