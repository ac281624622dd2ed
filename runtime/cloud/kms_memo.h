/* kms_memo.h - what was looked up of keys last. It holds until something is written of keys
 * (LNM_TABLES_KEYS), by whatever statement: nobody needs to think of it. Belongs to who has entered
 * the store. */
#ifndef LUNAMI_CLOUD_KMS_MEMO_H
#define LUNAMI_CLOUD_KMS_MEMO_H

#include "cloud/internal.h"

/* What an account's new volumes are encrypted with in a region. */
struct lnm_ebs_default {
    bool encrypts;
    char key[256]; /* as it was given; "": none was */
};

/* Who asks by what name: an id, an ARN, an alias. False when that was not looked up lately. */
LNM_API bool lnm_memo_key(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                          const char *region, struct lnm_str name);
LNM_API void lnm_memo_keep_key(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                               const char *account, const char *region, struct lnm_str name);
LNM_API const struct lnm_ebs_default *lnm_memo_default(struct lnm_cloud *c, const char *account,
                                                       const char *region); /* NULL: not lately */
LNM_API void lnm_memo_keep_default(struct lnm_cloud *c, const char *account, const char *region,
                                   const struct lnm_ebs_default *d);
/* Has the key with that ARN a policy of its own? -1: not looked up lately. */
LNM_API int lnm_memo_policy(struct lnm_cloud *c, const char *arn);
LNM_API void lnm_memo_keep_policy(struct lnm_cloud *c, const char *arn, bool has);

#endif
