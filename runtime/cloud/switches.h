/* switches.h - where AWS's own texts disagree or say nothing: which of the answers is given; and
 * what state the accounts are in. */
#ifndef LUNAMI_CLOUD_SWITCHES_H
#define LUNAMI_CLOUD_SWITCHES_H

#include "cloud/internal.h"

enum lnm_switch {
    LNM_SWITCH_ACCOUNT,           /* what AWS lets the accounts do */
    LNM_SWITCH_COPY_FAILURE_CODE, /* stateReason's code of an image that failed */
    LNM_SWITCH_COPY_IMAGE_KEY, /* of one's own encrypted image, in its region, when none is given */
    LNM_SWITCH_COPY_SNAPSHOT_KEY, /* of one's own encrypted snapshot, when none is given */
    LNM_SWITCH_DEFAULT_KEY_TEXT,  /* how GetEbsDefaultKmsKeyId tells the managed key */
    LNM_SWITCH_ENCRYPTED_FALSE, /* of what is encrypted: CreateVolume, RunInstances, CopySnapshot */
    LNM_SWITCH_IMAGE_DETAILS,   /* of a pending image, and of one that failed */
    LNM_SWITCH_KEY_WITHOUT_ENCRYPTED, /* the code of the error */
    LNM_SWITCH_OPT_IN_REGIONS,        /* those that an account must enable first */
    LNM_SWITCH_PAGE_SIZE,             /* MaxResults below 5 and above 1000 */
    LNM_SWITCH_UNSEEN_SNAPSHOT,       /* an id in DescribeSnapshots that the account cannot see */
    LNM_SWITCHES
};

/* "name=value,name=value", or NULL. LNM_EINVAL: there is none of that name or value; it says which
 * there are. */
LNM_API int lnm_switches_read(struct lnm_cloud *c, const char *text, struct lnm_err *err);
/* The value that was chosen, or the documented one. */
LNM_API const char *lnm_switch_value(const struct lnm_cloud *c, enum lnm_switch s);
LNM_API bool lnm_switch_is(const struct lnm_cloud *c, enum lnm_switch s, const char *value);

#endif
