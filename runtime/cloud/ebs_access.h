/* ebs_access.h - what EBS asks of KMS in the caller's name. It does not tell at once what is
 * missing: the work is accepted, and fails when it would end. */
#ifndef LUNAMI_CLOUD_EBS_ACCESS_H
#define LUNAMI_CLOUD_EBS_ACCESS_H

#include "cloud/internal.h"

/* What a key is used for. */
enum lnm_ebs_use {
    LNM_EBS_COPY_FROM,
    LNM_EBS_COPY_TO,
    LNM_EBS_VOLUME_FROM, /* under the same key */
    LNM_EBS_VOLUME_REENCRYPT_FROM,
    LNM_EBS_VOLUME_TO,
    LNM_EBS_VOLUME_REENCRYPT_TO,
    LNM_EBS_ATTACH, /* and to start what is attached */
    LNM_EBS_SNAPSHOT,
    LNM_EBS_BLOCKS, /* of a snapshot, by the EBS direct APIs */
    LNM_EBS_SEE     /* a default key, by who makes a copy */
};

/* May the caller use the key so? */
LNM_API bool lnm_ebs_permits(struct lnm_cloud_request *r, const struct lnm_cloud_key *k,
                             enum lnm_ebs_use use);
/* The same of an ARN in a region; false as well when there is no such key. */
LNM_API bool lnm_ebs_permits_arn(struct lnm_cloud_request *r, const char *region, const char *arn,
                                 enum lnm_ebs_use use);
/* Doom an outcome that the caller's permissions do not allow, or whose source cannot be decrypted
 * now, and say why. `to`: the key to encrypt under, NULL when nothing is encrypted. */
LNM_API void lnm_ebs_doom(struct lnm_ebs_outcome *out, struct lnm_cloud_request *r,
                          const struct lnm_ebs_wish *wish, const struct lnm_cloud_key *to);

#endif
