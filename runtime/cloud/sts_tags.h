/* sts_tags.h - session tags: what a session's principal is tagged with. Source: the IAM user guide,
 * "Pass session tags in AWS STS".
 *
 * They are kept as one text: each tag is 'T' (transitive: sessions made from this one have it, too)
 * or '-', its key and its value, both ended by NUL. */
#ifndef LUNAMI_CLOUD_STS_TAGS_H
#define LUNAMI_CLOUD_STS_TAGS_H

#include "cloud/internal.h"

/* The caller's session has these: facts of aws:PrincipalTag/ are made of them. */
LNM_API void lnm_session_tags_take(struct lnm_cloud_request *r, struct lnm_str tags);
/* The tags of the session that the request wants: its own, and the transitive ones of the caller's.
 * 0 or -1 raised. */
LNM_API int lnm_session_tags_read(struct lnm_buf *out, struct lnm_cloud_request *r);
/* What the request says of tags, for who decides by it. */
LNM_API void lnm_session_tags_facts(struct lnm_buf *facts, const struct lnm_cloud_request *r);

#endif
