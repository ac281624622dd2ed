/* ebs.h - what the handlers of the EBS direct APIs share: their errors, snapshots, tokens.
 *
 * Source: the ebs/2019-11-02 service model; "Use EBS direct APIs" (EBS user guide). */
#ifndef LUNAMI_CLOUD_EBS_H
#define LUNAMI_CLOUD_EBS_H

#include "cloud/maps.h"

#define LNM_EBS_BLOCKS_A_GIB 2048

/* The reasons of its exceptions, with the exception that each belongs to. */
enum lnm_ebs_reason {
    LNM_EBS_UNAUTHORIZED_ACCOUNT,
    LNM_EBS_DEPENDENCY_ACCESS_DENIED,
    LNM_EBS_SNAPSHOT_NOT_FOUND,
    LNM_EBS_INVALID_CUSTOMER_KEY,
    LNM_EBS_INVALID_PAGE_TOKEN,
    LNM_EBS_INVALID_BLOCK_TOKEN,
    LNM_EBS_INVALID_SNAPSHOT_ID,
    LNM_EBS_UNRELATED_SNAPSHOTS,
    LNM_EBS_INVALID_BLOCK,
    LNM_EBS_INVALID_CONTENT_ENCODING,
    LNM_EBS_INVALID_TAG,
    LNM_EBS_INVALID_PARAMETER_VALUE,
    LNM_EBS_INVALID_VOLUME_SIZE,
    LNM_EBS_DEPENDENCY_SERVICE_QUOTA_EXCEEDED
};
LNM_API int lnm_ebs_raise(struct lnm_cloud_request *r, enum lnm_ebs_reason reason, const char *fmt,
                          ...) LNM_PRINTF(3, 4); /* returns -1 */

/* The snapshot that a parameter names, whose blocks the caller may list. -1 raised. */
LNM_API int lnm_ebs_snapshot(struct lnm_cloud_request *r, const char *param,
                             struct lnm_cloud_snapshot *out);
/* May the account begin another one? 0 or -1 raised. */
LNM_API int lnm_ebs_check_quotas(struct lnm_cloud_request *r);
/* Its data key, for the caller; cleanse it. -1 raised. */
LNM_API int lnm_ebs_key(struct lnm_cloud_request *r, const struct lnm_cloud_snapshot *s,
                        struct lnm_data_key *key);
/* An integer of the request between two bounds, or fallback when it is not given. -1 raised. */
LNM_API int lnm_ebs_int(struct lnm_cloud_request *r, int64_t *out, const char *param,
                        int64_t fallback, int64_t least, int64_t most);

/* Tokens say that one of these lists gave an index of a snapshot, until a time; base64, signed by a
 * secret of the state. */
#define LNM_EBS_TOKEN_MAX 64
enum lnm_ebs_token { LNM_EBS_BLOCK_TOKEN = 'b', LNM_EBS_PAGE_TOKEN = 'p' };
LNM_API int lnm_ebs_token_write(char out[LNM_EBS_TOKEN_MAX], struct lnm_cloud *c,
                                enum lnm_ebs_token kind, const char *snapshot, int64_t index,
                                int64_t expires_us);
/* False when it is not one of that kind and snapshot, or is too old. */
LNM_API bool lnm_ebs_token_read(int64_t *index, struct lnm_cloud *c, enum lnm_ebs_token kind,
                                const char *snapshot, struct lnm_str token, int64_t now_us);

#endif
