/* limits.h - AWS's throttle buckets and quotas, when the cloud was started with them.
 *
 * Every account has, in each region, a bucket of tokens for each action; a request takes one, and
 * what speaks of many instances one for each of them from a bucket of its own. So does what reads
 * or writes a snapshot's block, from the bucket of the snapshot. Buckets fill with the cloud's
 * time, so virtual time fills them too. They are full when the cloud starts. Source: EC2 API
 * reference, "Request throttling"; the quotas of EBS, AMIs and KMS. */
#ifndef LUNAMI_CLOUD_LIMITS_H
#define LUNAMI_CLOUD_LIMITS_H

#include "cloud/internal.h"

enum lnm_quota {
    LNM_QUOTA_SNAPSHOT_COPIES,       /* at once, to a region */
    LNM_QUOTA_IMAGE_COPIES,          /* at once, to a region */
    LNM_QUOTA_PENDING_SNAPSHOTS,     /* of one volume */
    LNM_QUOTA_PENDING_SNAPSHOTS_HDD, /* of one st1 or sc1 volume */
    LNM_QUOTA_PENDING_SNAPSHOTS_ALL, /* in a region */
    LNM_QUOTA_SNAPSHOT_INTERVAL,     /* seconds between two of one volume */
    LNM_QUOTA_SNAPSHOTS,             /* in a region */
    LNM_QUOTA_IMAGES,                /* in a region */
    LNM_QUOTA_PUBLIC_IMAGES,         /* in a region */
    LNM_QUOTA_IMAGE_SHARES,          /* of one image */
    LNM_QUOTA_PENDING_UPLOADS,       /* snapshots that are written by the EBS direct APIs */
    LNM_QUOTA_MODIFICATION_HOURS,    /* between two of one volume */
    LNM_QUOTA_COPY_THROUGHPUT,       /* MiB/s of one time-based copy */
    LNM_QUOTA_COPIES_THROUGHPUT,     /* MiB/s of all time-based copies to a region */
    LNM_QUOTA_VOLUMES,               /* in a region */
    LNM_QUOTA_INSTANCES,             /* in a region */
    LNM_QUOTA_ATTACHMENTS,           /* volumes of one instance */
    LNM_QUOTA_IOPS,                  /* provisioned (io1, io2), in a region */
    LNM_QUOTA_VCPUS,                 /* of what runs in a region */
    LNM_QUOTA_ZONE_INSTANCES,        /* of all accounts, that run in one zone */
    LNM_QUOTA_NO_REBOOT_IMAGES,      /* at once, of one instance */
    LNM_QUOTA_KEYS,                  /* KMS keys of a region, but AWS's */
    LNM_QUOTA_KEY_ALIASES,           /* of one key */
    LNM_QUOTA_KEY_GRANTS,            /* of one key */
    LNM_QUOTA_COUNT
};

struct lnm_cloud_limits;
/* source: "documented", or a JSON file of the same form (limits_documented.c). LNM_EIO: it cannot
 * be read; LNM_EPARSE: it is not that. */
LNM_API int lnm_limits_open(struct lnm_cloud_limits **out, const char *source, struct lnm_err *err);
LNM_API void lnm_limits_close(struct lnm_cloud_limits *l);
/* Take the tokens of a decoded request: all, or none. 0, or -1 raised. */
LNM_API int lnm_limits_admit(struct lnm_cloud_request *r);
/* The quota, or -1: there is none. */
LNM_API int64_t lnm_limits_quota(const struct lnm_cloud_request *r, enum lnm_quota q);
/* Count by a query of account ?1 and region ?2 (and ?3, when resource is not NULL): is the quota
 * reached? *quota is what it is. False without limits: nothing is counted then. */
LNM_API bool lnm_limits_reached(struct lnm_cloud_request *r, enum lnm_quota q, const char *sql,
                                const char *resource, int64_t *quota);

/* Has the account as many volumes as its quota is? volumes.c */
LNM_API bool lnm_volume_limit(struct lnm_cloud_request *r, int64_t *quota);
/* May one more snapshot be made now: of a volume, or (NULL) a copy? 0 or -1 raised. snapshots.c */
LNM_API int lnm_snapshot_check_new(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v);

LNM_API extern const char lnm_limits_documented[];

#endif
