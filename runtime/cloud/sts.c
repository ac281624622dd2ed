/* sts.c - GetCallerIdentity: whose credentials these are. */
#include "cloud/kms.h"

#include "aws/endpoint.h"

#include <stdio.h>

static int get_caller_identity(struct lnm_cloud_request *r) {
    char arn[128], id[32];
    (void)snprintf(arn, sizeof arn, "arn:%s:iam::%s:" LNM_CLOUD_USER,
                   lnm_partition(lnm_str_z(r->region)), r->account);
    (void)snprintf(id, sizeof id, "AIDALOCAL%s", r->account); /* as long as IAM's: 21 characters */
    lnm_record_setz(&r->out, "arn", arn);
    lnm_record_setz(&r->out, "user_id", id);
    lnm_record_setz(&r->out, "account", r->account);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_sts[] = {{"GetCallerIdentity", get_caller_identity},
                                                 {NULL, NULL}};
