/* kms.h - what the KMS handlers, the keys' data and STS share. */
#ifndef LUNAMI_CLOUD_KMS_H
#define LUNAMI_CLOUD_KMS_H

#include "cloud/access.h"
#include "cloud/limits.h"

#define LNM_ALIAS_MAX 256
#define LNM_DAY_US (INT64_C(86400) * 1000000)

/* The condition key that a pair of the encryption context answers. */
#define LNM_CONTEXT_FACT "kms:EncryptionContext:"

/* The algorithms of a key spec in a usage, separated by spaces; NULL when the two do not fit. */
LNM_API const char *lnm_key_algorithms(const char *spec, const char *usage);
LNM_API bool lnm_key_spec_known(const char *spec);

/* Does text look like a key id (a UUID, or mrk- and 32 hex digits)? */
LNM_API bool lnm_key_is_id(struct lnm_str text);
/* Is it the name or the ARN of an alias? */
LNM_API bool lnm_key_is_alias(struct lnm_str text);

/* Say who a key is, its ARN too; what it is like is left alone. */
LNM_API void lnm_key_name(struct lnm_cloud_key *k, const char *id, const char *account,
                          const char *region);
LNM_API bool lnm_key_is_replica(const struct lnm_cloud_key *k);

/* Raise KMS's error for a name that resolved to nothing; returns -1. */
LNM_API int lnm_key_not_found(struct lnm_cloud_request *r, struct lnm_str text);
/* Raise AccessDeniedException of an operation ("Decrypt") on the key with this ARN; returns -1. */
LNM_API int lnm_key_denied(struct lnm_cloud_request *r, struct lnm_str arn, const char *operation,
                           enum lnm_verdict why);

/* ---- kms.c ------------------------------------------------------------------------------------
 */
/* The key that a parameter names, by id or ARN and, when `aliases`, by alias, if the caller may do
 * with it what the request asks. 0 or -1 raised. */
LNM_API int lnm_key_find(struct lnm_cloud_request *r, struct lnm_cloud_key *k, const char *param,
                         bool aliases);
/* The same for an operation of another name than the request's ("ReEncryptTo"); `context`: the
 * parameter that is its encryption context. */
LNM_API int lnm_key_find_for(struct lnm_cloud_request *r, struct lnm_cloud_key *k,
                             const char *param, const char *operation, const char *context);
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

/* Write what a key is, as a member of this name. */
LNM_API void lnm_key_show(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                          const char *member);
/* Keep a description of any length. 0 or -1 raised. */
LNM_API int lnm_key_describe(struct lnm_cloud_request *r, const struct lnm_cloud_key *k);

/* ---- kms_replicas.c ---------------------------------------------------------------------------
 */
/* Write a multi-Region key's configuration: where its primary and its replicas are. */
LNM_API void lnm_key_show_replicas(struct lnm_cloud_request *r, const struct lnm_cloud_key *k);
LNM_API bool lnm_key_has_replicas(struct lnm_cloud *c, const struct lnm_cloud_key *k);

/* ---- kms_access.c -----------------------------------------------------------------------------
 */
/* May the caller do `operation` ("Decrypt") with the key? `context`: name of the parameter that is
 * its encryption context. 0, or -1 after raising AccessDeniedException. */
LNM_API int lnm_key_check(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                          const char *operation, const char *context);
/* Can it be used: not disabled, not going? 0 or -1 raised. */
LNM_API int lnm_key_check_state(struct lnm_cloud_request *r, const struct lnm_cloud_key *k);
/* And does it encrypt (a symmetric one)? 0 or -1 raised. */
LNM_API int lnm_key_check_use(struct lnm_cloud_request *r, const struct lnm_cloud_key *k);

/* ---- kms_policies.c, kms_grants.c, kms_tags.c -------------------------------------------------
 */
/* What the key's policy says, and what its grants do. */
LNM_API enum lnm_policy_effect lnm_key_policy_effect(struct lnm_cloud *c,
                                                     const struct lnm_cloud_key *k,
                                                     const struct lnm_policy_question *q);
LNM_API enum lnm_policy_effect lnm_grant_effect(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                                                const struct lnm_policy_question *q);
/* Are the request's `grant_tokens` tokens of grants? 0 or -1 raised. */
LNM_API int lnm_grant_check_tokens(struct lnm_cloud_request *r);
/* Is its policy another than the one that keys are made with? */
LNM_API bool lnm_key_has_policy(struct lnm_cloud *c, const struct lnm_cloud_key *k);
/* Append the key's policy document. */
LNM_API void lnm_key_policy(struct lnm_buf *out, struct lnm_cloud *c,
                            const struct lnm_cloud_key *k);
/* Write the request's `tags` on the key. 0 or -1 raised. */
LNM_API int lnm_kms_tags_keep(struct lnm_cloud_request *r, const struct lnm_cloud_key *k);
/* Make the request's `policy` the key's, after its checks. 0 or -1 raised. */
LNM_API int lnm_policy_keep(struct lnm_cloud_request *r, const struct lnm_cloud_key *k);

/* Has the account, or the key (NULL: none), as many of these as it may have? `sql` counts those of
 * account ?1, region ?2 and key ?3. 0, or -1 after raising LimitExceededException. */
LNM_API int lnm_kms_check_quota(struct lnm_cloud_request *r, enum lnm_quota q, const char *sql,
                                const char *key);

#endif
