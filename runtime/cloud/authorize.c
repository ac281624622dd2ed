/* authorize.c - which resources a request is about, what conditions may ask of them, and the error
 * when the caller's policies do not allow it. Source: the Service Authorization Reference (EC2,
 * EBS, KMS, STS, IAM), in small. */
#include "cloud/authorize.h"

#include "cloud/access.h"
#include "cloud/denial.h"
#include "cloud/ec2_facts.h"
#include "cloud/iam.h"
#include "cloud/kms.h"

#include "aws/endpoint.h"

#include <stdio.h>

#define ARN_MAX 400

static int denied_ec2(struct lnm_cloud_request *r, const struct lnm_policy_question *q,
                      enum lnm_verdict verdict) {
    char reason[160];
    struct lnm_buf encoded = {0};
    lnm_verdict_reason(reason, verdict, q->action);
    if (lnm_denial_encode(&encoded, r, q, lnm_verdict_explicit(verdict)) < 0) {
        lnm_buf_free(&encoded);
        return lnm_cloud_internal(r);
    }
    int error = lnm_cloud_raise(r, 403, "UnauthorizedOperation",
                                "You are not authorized to perform this operation. User: %s is not "
                                "authorized to perform: %s on resource: %s %s. Encoded "
                                "authorization failure message: %s",
                                r->arn, q->action, q->resource, reason, lnm_buf_str(&encoded).ptr);
    lnm_buf_free(&encoded);
    return error;
}

static int denied(struct lnm_cloud_request *r, const struct lnm_policy_question *q,
                  enum lnm_verdict verdict) {
    char reason[160];
    if (r->service == &lnm_ec2) {
        return denied_ec2(r, q, verdict);
    }
    bool json = r->service->protocol != LNM_PROTOCOL_QUERY;
    lnm_verdict_reason(reason, verdict, q->action);
    return lnm_cloud_raise(r, r->service == &lnm_kms ? 400 : 403,
                           json ? "AccessDeniedException" : "AccessDenied",
                           "User: %s is not authorized to perform: %s on resource: %s %s", r->arn,
                           q->action, q->resource, reason);
}

/* May the caller do what q says, with what it says? */
static int check(struct lnm_cloud_request *r, const struct lnm_policy_question *q) {
    enum lnm_verdict verdict = lnm_access_decide(r, q);
    return verdict == LNM_ALLOWED ? 0 : denied(r, q, verdict);
}

static int check_ec2(struct lnm_cloud_request *r, struct lnm_policy_question *q) {
    struct lnm_ec2_resources list;
    int error = 0;
    lnm_ec2_resources(&list, r);
    for (size_t i = 0; error == 0 && i < list.count; i++) {
        struct lnm_buf facts = {0}, text = {0};
        lnm_ec2_facts(&facts, &text, r, &list.items[i]);
        q->facts = &facts;
        q->resource = list.items[i].arn;
        error = check(r, q);
        if (error == 0 && list.items[i].tagged) { /* tags written at creation are asked for too */
            struct lnm_policy_question tags = *q;
            tags.action = "ec2:CreateTags";
            error = check(r, &tags);
        }
        lnm_buf_free(&facts);
        lnm_buf_free(&text);
    }
    return error;
}

/* An alias' own permission; that on its key is asked for where the key is known. */
static void alias_arn(char out[ARN_MAX], const struct lnm_cloud_request *r) {
    struct lnm_str name = lnm_cloud_param(r, "alias_name");
    (void)snprintf(out, ARN_MAX, "arn:%s:kms:%s:%s:%.*s", lnm_partition(lnm_str_z(r->region)),
                   r->region, r->account, (int)(name.len < LNM_ALIAS_MAX ? name.len : 0), name.ptr);
}

static int check_kms(struct lnm_cloud_request *r, struct lnm_policy_question *q) {
    static const char *const keyless[] = {"CreateKey", "GenerateRandom", "ListAliases", "ListKeys"};
    char arn[ARN_MAX];
    bool alone = lnm_cloud_given(r, "alias_name");
    if (alone) {
        alias_arn(arn, r);
        q->resource = arn;
    }
    for (size_t i = 0; i < sizeof keyless / sizeof keyless[0]; i++) {
        alone = alone || strcmp(r->op->name, keyless[i]) == 0;
    }
    return alone ? check(r, q) : 0;
}

static int check_iam(struct lnm_cloud_request *r, struct lnm_policy_question *q) {
    char arn[LNM_IAM_ARN_MAX];
    const char *partition = lnm_partition(lnm_str_z(r->region));
    bool user = lnm_cloud_given(r, "user_name"), role = lnm_cloud_given(r, "role_name");
    struct lnm_str name = lnm_cloud_param(r, user ? "user_name" : "role_name"),
                   policy = lnm_cloud_param(r, "policy_arn");
    if (user || role) {
        (void)snprintf(arn, sizeof arn, "arn:%s:iam::%s:%s/%.*s", partition, r->account,
                       user ? "user" : "role", (int)(name.len < 128 ? name.len : 128), name.ptr);
        q->resource = arn;
    } else if (policy.len > 0 && policy.len < sizeof arn) {
        (void)snprintf(arn, sizeof arn, "%.*s", (int)policy.len, policy.ptr);
        q->resource = arn;
    }
    return check(r, q);
}

/* A user's session without a second factor has no business with IAM. */
static int check_session(struct lnm_cloud_request *r) {
    return r->temporary && r->service == &lnm_iam && strstr(r->arn, ":user/") != NULL
               ? lnm_cloud_raise(r, 403, "InvalidClientTokenId",
                                 "The security token included in the request is invalid")
               : 0;
}

bool lnm_authorized(struct lnm_cloud_request *r, const char *action,
                    struct lnm_ec2_resource *resource) {
    struct lnm_buf facts = {0}, text = {0};
    struct lnm_policy_question q = lnm_access_question(r, action);
    if (r->administrator && r->session[0] == '\0') {
        return true;
    }
    lnm_ec2_facts(&facts, &text, r, resource);
    q.facts = &facts;
    q.resource = resource->arn;
    bool may = lnm_access_decide(r, &q) == LNM_ALLOWED;
    lnm_buf_free(&facts);
    lnm_buf_free(&text);
    return may;
}

int lnm_authorize(struct lnm_cloud_request *r) {
    char action[96];
    if (check_session(r) < 0) {
        return -1;
    }
    if (r->administrator && r->session[0] == '\0') {
        return 0;
    }
    (void)snprintf(action, sizeof action, "%s:%s", r->service->name, r->op->name);
    struct lnm_policy_question q = lnm_access_question(r, action);
    q.resource = "*";
    if (r->service == &lnm_kms) {
        return check_kms(r, &q);
    }
    if (r->service == &lnm_sts) { /* the others need no permission, or ask the role */
        return strcmp(r->op->name, "DecodeAuthorizationMessage") == 0 ? check(r, &q) : 0;
    }
    return r->service == &lnm_iam ? check_iam(r, &q) : check_ec2(r, &q);
}
