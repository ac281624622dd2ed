/* sts.c - GetCallerIdentity: whose credentials these are. */
#include "cloud/internal.h"

#include "aws/endpoint.h"

#include <stdio.h>

static int get_caller_identity(struct lnm_cloud_request *r) {
    char arn[128];
    (void)snprintf(arn, sizeof arn, "arn:%s:iam::%s:user/administrator",
                   lnm_partition(lnm_str_z(r->region)), r->account);
    lnm_record_setz(&r->out, "arn", arn);
    lnm_record_setz(&r->out, "user_id", "AIDALOCALADMINISTRATOR");
    lnm_record_setz(&r->out, "account", r->account);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_sts[] = {{"GetCallerIdentity", get_caller_identity},
                                                 {NULL, NULL}};
