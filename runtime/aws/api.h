/* api.h - the operations of EC2, EBS, IAM, KMS and STS as rows of data.
 *
 * An action is added by adding its row to a file api_<service>*.c: validation,
 * encoding, decoding, help and the local cloud's request parsing follow from it.  Member names,
 * wire names and required marks are those of the service models ec2/2016-11-15, ebs/2019-11-02,
 * iam/2010-05-08, kms/2014-11-01, sts/2011-06-15. */
#ifndef LUNAMI_AWS_API_H
#define LUNAMI_AWS_API_H

#include "aws/type.h"
#include "base/str.h"

enum lnm_protocol {
    LNM_PROTOCOL_EC2,
    LNM_PROTOCOL_QUERY,
    LNM_PROTOCOL_JSON11,
    LNM_PROTOCOL_REST_JSON /* see rest.h */
};

struct lnm_operation_group;

/* REST: how an action is asked for and answered. */
struct lnm_route {
    const char *method; /* "GET", "POST", "PUT" */
    const char *path;   /* "/snapshots/{snapshotId}/blocks": segments, or wire names of members */
    int status;         /* of a good answer */
};

struct lnm_service {
    const char *name; /* signing name and endpoint prefix: "ec2", "ebs", "iam", "kms", "sts" */
    const char *id;   /* in AWS_ENDPOINT_URL_<id>: "EC2" */
    enum lnm_protocol protocol;
    const char *version;       /* "2016-11-15" */
    const char *target_prefix; /* JSON: "TrentService"; else NULL */
    const char *xmlns;         /* XML answers: namespace as it is on the wire; JSON: NULL */
    const struct lnm_operation_group *groups; /* rows, one group a file */
    size_t group_count;
    const struct lnm_route *routes; /* REST: one for each row of its only group; else NULL */
};

enum lnm_operation_flag {
    LNM_MUTATES = 1, /* changes something: asks for a token or a look-up before a blind repeat */
    LNM_PAGED = 2,   /* next_token / max_results (KMS: marker / limit) */
    LNM_UNSIGNED = 4,
    LNM_REPEATABLE = 8, /* with LNM_MUTATES: doing it twice is the same as doing it once */
    LNM_TELLS_KEYS = 16 /* its answer is wiped wherever it has passed */
};

struct lnm_operation {
    const char *name; /* "CopyImage" */
    const struct lnm_service *service;
    const struct lnm_type *input;
    const struct lnm_type
        *output; /* never NULL: an action that returns nothing has an empty struct */
    unsigned flags;
    const char *help; /* one line */
};

struct lnm_operation_group {
    const struct lnm_operation *rows;
    size_t count;
};

LNM_API extern const struct lnm_service lnm_ebs, lnm_ec2, lnm_iam, lnm_kms, lnm_sts;

#define LNM_SERVICE_COUNT 5
LNM_API extern const struct lnm_service *const lnm_services[LNM_SERVICE_COUNT];

LNM_API const struct lnm_service *lnm_service_find(struct lnm_str name);
/* NULL when there is no such action. */
LNM_API const struct lnm_operation *lnm_operation_find(const struct lnm_service *service,
                                                       struct lnm_str name);

/* The route of a REST action; NULL for the others. */
LNM_API const struct lnm_route *lnm_operation_route(const struct lnm_operation *op);

/* The n-th row of all groups, or NULL past the last. */
LNM_API const struct lnm_operation *lnm_operation_nth(const struct lnm_service *service, size_t n);

#endif
