/* sts.c - GetCallerIdentity: whose credentials these are. */
#include "cloud/sts.h"

static int get_caller_identity(struct lnm_cloud_request *r) {
    lnm_record_setz(&r->out, "arn", r->arn);
    lnm_record_setz(&r->out, "user_id", r->user_id);
    lnm_record_setz(&r->out, "account", r->account);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_sts[] = {
    {"AssumeRole", lnm_sts_assume_role}, {"GetCallerIdentity", get_caller_identity}, {NULL, NULL}};
