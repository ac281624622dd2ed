/* denial.c - encoded authorization messages: sealed by the root key, so nothing of them is kept.
 *
 * In the seal: seven lines - D or I (explicit or implicit deny), the account, the caller's id and
 * ARN, action, resource, region.  Source: the sts/2011-06-15 model and the example of
 * DecodeAuthorizationMessage in AWS's reference. */
#include "cloud/denial.h"

#include "cloud/root_key.h"

#include "base/text.h"

#include <jansson.h>
#include <stdlib.h>

#define ABOUT LNM_STR("authorization message")
#define TEXT_MAX 10240

int lnm_denial_encode(struct lnm_buf *out, const struct lnm_cloud_request *r,
                      const struct lnm_policy_question *q, bool explicit_deny) {
    struct lnm_buf text = {0}, sealed = {0};
    lnm_buf_addf(&text, "%c\n%s\n%s\n%s\n%s\n%s\n%s", explicit_deny ? 'D' : 'I', r->account,
                 r->user_id, r->arn, q->action, q->resource, r->region);
    int error = text.failed != 0
                    ? text.failed
                    : lnm_root_key_wrap(&sealed, r->cloud->root, lnm_buf_str(&text), ABOUT);
    if (error == 0) {
        lnm_text_base64(out, (const unsigned char *)sealed.ptr, sealed.len);
        error = out->failed;
    }
    lnm_buf_free(&text);
    lnm_buf_free(&sealed);
    return error;
}

/* The last word of an ARN: the user's, or the session's, name. */
static struct lnm_str name_of(struct lnm_str arn) {
    struct lnm_str name = arn;
    while (arn.len > 0) {
        arn = lnm_str_cut(arn, '/', &name);
    }
    return name;
}

enum { DENY, ACCOUNT, ID, ARN, ACTION, RESOURCE, REGION, LINES };

static json_t *text_of(struct lnm_str s) {
    return json_stringn(s.len > 0 ? s.ptr : "", s.len);
}

/* The document that AWS shows, NULL when memory ran out. */
static char *document(const struct lnm_str line[LINES]) {
    struct lnm_str name = name_of(line[ARN]);
    json_t *root = json_pack(
        "{s:b, s:b, s:{s:[]}, s:{s:[]}, s:{s:{s:o, s:o, s:o}, s:o, s:o, s:{s:[{s:s, s:{s:[{s:o}]}}]"
        "}}}",
        "allowed", 0, "explicitDeny", lnm_str_is(line[DENY], "D") ? 1 : 0, "matchedStatements",
        "items", "failures", "items", "context", "principal", "id", text_of(line[ID]), "name",
        text_of(name), "arn", text_of(line[ARN]), "action", text_of(line[ACTION]), "resource",
        text_of(line[RESOURCE]), "conditions", "items", "key", "aws:RequestedRegion", "values",
        "items", "value", text_of(line[REGION]));
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    return text;
}

static int invalid(struct lnm_cloud_request *r) {
    return lnm_cloud_raise(r, 400, "InvalidAuthorizationMessageException",
                           "The encoded authorization message is not one that this account was "
                           "given");
}

static int answer(struct lnm_cloud_request *r, struct lnm_str opened) {
    struct lnm_str line[LINES];
    for (int i = 0; i < LINES; i++) {
        opened = lnm_str_cut(opened, '\n', &line[i]);
    }
    if (!lnm_str_is(line[ACCOUNT], r->account)) {
        return invalid(r);
    }
    char *text = document(line);
    lnm_record_setz(&r->out, "decoded_message", text);
    bool made = text != NULL;
    free(text);
    return made ? 0 : lnm_cloud_internal(r);
}

int lnm_denial_decode(struct lnm_cloud_request *r) {
    struct lnm_str encoded = lnm_cloud_param(r, "encoded_message");
    struct lnm_buf sealed = {0}, opened = {0};
    bool good = encoded.len <= TEXT_MAX && lnm_text_unbase64(&sealed, encoded) == 0 &&
                lnm_root_key_unwrap(&opened, r->cloud->root, lnm_buf_str(&sealed), ABOUT) == 0;
    int error = good ? answer(r, lnm_buf_str(&opened)) : invalid(r);
    lnm_buf_free(&sealed);
    lnm_buf_free(&opened);
    return error;
}
