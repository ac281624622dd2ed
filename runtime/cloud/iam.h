/* iam.h - what the actions of IAM share. Source: the iam/2010-05-08 model. */
#ifndef LUNAMI_CLOUD_IAM_H
#define LUNAMI_CLOUD_IAM_H

#include "cloud/access.h"

#define LNM_IAM_NAME_MAX 65
#define LNM_IAM_PATH_MAX 513

/* A user or a role as it is kept. */
struct lnm_iam_entity {
    char name[LNM_IAM_NAME_MAX], id[32], path[LNM_IAM_PATH_MAX], arn[700];
    int64_t created_us;
};

/* Take a parameter that is a name ([\w+=,.@-], 64 characters at most). 0 or -1 raised. */
LNM_API int lnm_iam_name(struct lnm_cloud_request *r, char out[LNM_IAM_NAME_MAX],
                         const char *param);
/* Read the caller's account's user or role ("user", "role") of that name; false: there is none. */
LNM_API bool lnm_iam_get(struct lnm_cloud_request *r, struct lnm_iam_entity *out, const char *kind,
                         const char *name);
/* The same of the name that a parameter gives ("user_name" of a "user"). 0 or -1 raised. */
LNM_API int lnm_iam_find(struct lnm_cloud_request *r, struct lnm_iam_entity *out, const char *kind,
                         const char *param);
/* The user that a request means: who asks, when it names none. 0 or -1 raised. */
LNM_API int lnm_iam_find_user(struct lnm_cloud_request *r, struct lnm_iam_entity *out);
/* Take id, name, path and when it was made from the columns of a row. */
LNM_API void lnm_iam_read(struct lnm_iam_entity *out, sqlite3_stmt *s,
                          const struct lnm_cloud_request *r, const char *kind);
/* The parameters of something new: its name, path, and an id that begins as `prefix`. 0 or -1. */
LNM_API int lnm_iam_new(struct lnm_cloud_request *r, struct lnm_iam_entity *out, const char *kind,
                        const char *prefix);
/* How a policy belongs to a user or role: as identity_policies keeps it. */
enum lnm_policy_kind {
    LNM_POLICY_INLINE,
    LNM_POLICY_OF_AWS,
    LNM_POLICY_OF_ACCOUNT,
    LNM_POLICY_BOUNDARY
};
#define LNM_IAM_ARN_MAX 720

/* A policy that stands by itself: of AWS by its name, of the account by its ARN. */
struct lnm_iam_policy {
    enum lnm_policy_kind kind;
    char name[LNM_IAM_ARN_MAX];
    struct lnm_buf document; /* lnm_buf_free, also after an error */
};
/* The one whose ARN a parameter gives. 0 or -1 raised. */
LNM_API int lnm_iam_policy_find(struct lnm_cloud_request *r, struct lnm_iam_policy *out,
                                const char *param);
/* Attach it to "user/NAME" or "role/NAME". 0 or -1 raised. */
LNM_API int lnm_iam_policy_attach(struct lnm_cloud_request *r, const struct lnm_iam_policy *p,
                                  const char *identity);
/* The permissions boundary that the request gives to something new; of what goes; as a member of
 * the open struct. 0 or -1 raised. */
LNM_API int lnm_iam_boundary_set(struct lnm_cloud_request *r, const char *kind, const char *name);
LNM_API int lnm_iam_boundary_forget(struct lnm_cloud_request *r, const char *kind,
                                    const char *name);
LNM_API void lnm_iam_boundary_show(struct lnm_cloud_request *r, const char *kind, const char *name);
/* Refuse to delete what still has policies. 0 or -1 raised. */
LNM_API int lnm_iam_check_bare(struct lnm_cloud_request *r, const char *kind, const char *name);
/* One page of a query, see lnm_marker_page. */
LNM_API int lnm_iam_page(struct lnm_cloud_request *r, sqlite3_stmt *s, const char *list,
                         void show_row(struct lnm_cloud_request *r, sqlite3_stmt *s));
/* Where a page begins: the request's marker, or empty. */
LNM_API struct lnm_str lnm_iam_marker(const struct lnm_cloud_request *r);
LNM_API void lnm_iam_show_time(struct lnm_record *out, const char *name, int64_t us);
/* A document as IAM answers it: percent-encoded. */
LNM_API void lnm_iam_show_document(struct lnm_record *out, const char *name, const char *document);
/* `prefix`, and random capitals and digits up to len characters; out has one more. They follow from
 * the cloud's seed when it has one; NULL: never. False: OpenSSL has no random bytes. */
LNM_API bool lnm_iam_random(const struct lnm_cloud *c, char *out, size_t len, const char *prefix);

#endif
