/* instances.h - a row of DescribeInstances, for the files that show it and match it. */
#ifndef LUNAMI_CLOUD_INSTANCES_H
#define LUNAMI_CLOUD_INSTANCES_H

#include "cloud/filter.h"
#include "cloud/walk.h"

/* Its columns: instances.c selects them in this order. */
enum {
    ID,
    IMAGE,
    TYPE,
    STATE,
    ZONE,
    LAUNCHED,
    ROOT,
    REASON_CODE,
    REASON,
    PROTECTED,
    RESERVATION,
    INDEX,
    KEY_NAME,
    EBS_OPTIMIZED,
    PROFILE,
    MONITORED,
    TOKEN,
    NO_SOURCE_CHECK,
    STOP_PROTECTED,
    ARCHITECTURE,
    VIRTUALIZATION,
    ENA,
    SUBNET,
    TENANCY,
    HTTP_TOKENS,
    HTTP_HOPS,
    HTTP_ENDPOINT,
    HTTP_IPV6,
    METADATA_TAGS,
    TRANSITION,
    PLATFORM,
    PLATFORM_DETAILS,
    USAGE
};

struct lnm_instance_row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
    char reservation[32]; /* the open item's, or "" */
    struct lnm_walk instances;
    uint32_t found; /* how many of those that were asked for are there */
};

/* lnm_cloud_matches of such a row. instances_match.c */
LNM_API int lnm_instance_matches(void *row, const char *name, struct lnm_str pattern);

#endif
