/* request.c - one request from its bytes to its answer: decode, check, handle, encode. */
#include "cloud/authorize.h"
#include "cloud/bounds.h"
#include "cloud/durable.h"
#include "cloud/local.h"
#include "cloud/network.h"
#include "cloud/fault.h"
#include "cloud/limits.h"

#include "aws/json.h"
#include "aws/query.h"
#include "aws/rest.h"
#include "aws/xml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct lnm_cloud_request *lnm_cloud_request_new(struct lnm_cloud *c) {
    struct lnm_cloud_request *r = c->spare;
    c->spare = NULL;
    r = r != NULL ? r : calloc(1, sizeof *r);
    if (r != NULL) {
        r->cloud = c;
    }
    return r;
}

static void free_request(struct lnm_cloud_request *r) {
    lnm_record_free(&r->in);
    lnm_record_free(&r->out);
    free(r);
}

void lnm_cloud_request_free(struct lnm_cloud_request *r) {
    if (r == NULL) {
        return;
    }
    lnm_buf_free(&r->payload);
    lnm_buf_free(&r->headers);
    lnm_buf_free(&r->tags);
    lnm_buf_free(&r->tag_facts);
    free(r->fault);
    if (r->cloud->spare != NULL) {
        free_request(r);
        return;
    }
    r->cloud->spare = r;
    struct lnm_record in = r->in, out = r->out;
    lnm_record_clear(&in);
    lnm_record_clear(&out);
    memset(r, 0, sizeof *r);
    r->in = in;
    r->out = out;
}

void lnm_cloud_request_forget(struct lnm_cloud *c) {
    if (c->spare != NULL) {
        free_request(c->spare);
        c->spare = NULL;
    }
}

int lnm_cloud_raise(struct lnm_cloud_request *r, int status, const char *code, const char *fmt,
                    ...) {
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(r->error.message, sizeof r->error.message, fmt, args);
    va_end(args);
    r->error.status = status;
    (void)snprintf(r->error.code, sizeof r->error.code, "%s", code);
    return -1;
}

int lnm_cloud_internal(struct lnm_cloud_request *r) {
    return lnm_cloud_raise(r, 500,
                           r->service == &lnm_kms   ? "KMSInternalException"
                           : r->service == &lnm_ebs ? "InternalServerException"
                                                    : "InternalError",
                           "An internal error has occurred: %s",
                           lnm_durable_failed(r->cloud) ? "the disk failed"
                                                        : sqlite3_errmsg(r->cloud->db));
}

struct lnm_str lnm_cloud_param(const struct lnm_cloud_request *r, const char *name) {
    return lnm_record_get(&r->in, 0, name);
}

bool lnm_cloud_given(const struct lnm_cloud_request *r, const char *name) {
    return lnm_record_find(&r->in, 0, name) != 0;
}

static bool is_json(const struct lnm_cloud_request *r) {
    return r->service->protocol == LNM_PROTOCOL_JSON11 ||
           r->service->protocol == LNM_PROTOCOL_REST_JSON;
}

void lnm_cloud_write_error(struct lnm_buf *out, struct lnm_cloud_request *r) {
    struct lnm_err err;
    if (is_json(r)) {
        (void)lnm_json_write_error(out, r->service, &r->error, &err);
    } else {
        (void)lnm_xml_write_error(out, r->service, &r->error, r->request_id, &err);
    }
}

static const struct lnm_cloud_action *const tables[] = {lnm_cloud_images,
                                                        lnm_cloud_image_states,
                                                        lnm_cloud_snapshots,
                                                        lnm_cloud_snapshot_sets,
                                                        lnm_cloud_sharing,
                                                        lnm_cloud_volumes,
                                                        lnm_cloud_attachments,
                                                        lnm_cloud_instances,
                                                        lnm_cloud_instance_states,
                                                        lnm_cloud_launch_options,
                                                        lnm_cloud_tags,
                                                        lnm_cloud_account,
                                                        lnm_cloud_ebs_defaults,
                                                        lnm_cloud_kms,
                                                        lnm_cloud_kms_aliases,
                                                        lnm_cloud_kms_grants,
                                                        lnm_cloud_kms_policies,
                                                        lnm_cloud_kms_tags,
                                                        lnm_cloud_kms_crypto,
                                                        lnm_cloud_kms_data_keys,
                                                        lnm_cloud_kms_rotation,
                                                        lnm_cloud_kms_replicas,
                                                        lnm_cloud_sts,
                                                        lnm_cloud_sts_roles,
                                                        lnm_cloud_sts_web,
                                                        lnm_cloud_iam_users,
                                                        lnm_cloud_iam_alias,
                                                        lnm_cloud_iam_roles,
                                                        lnm_cloud_iam_policies,
                                                        lnm_cloud_iam_managed,
                                                        lnm_cloud_iam_providers,
                                                        lnm_cloud_ebs_read,
                                                        lnm_cloud_ebs_write,
                                                        lnm_cloud_storage,
                                                        lnm_cloud_volume_blocks,
                                                        lnm_cloud_network,
                                                        lnm_cloud_security_groups,
                                                        lnm_cloud_security_rules,
                                                        lnm_cloud_security_rules_show,
                                                        lnm_cloud_interfaces,
                                                        lnm_cloud_key_pairs,
                                                        lnm_cloud_instance_types,
                                                        lnm_cloud_instance_status,
                                                        lnm_cloud_instance_attributes,
                                                        lnm_cloud_volume_modify};

static const struct lnm_cloud_action *actions[512]; /* in the order of their names */
static size_t action_count;

static int compare(const void *a, const void *b) {
    const struct lnm_cloud_action *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

void lnm_cloud_index_actions(void) {
    action_count = 0;
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (const struct lnm_cloud_action *a = tables[t]; a->name != NULL; a++) {
            actions[action_count++] = a;
        }
    }
    qsort(actions, action_count, sizeof actions[0], compare);
}

static const struct lnm_cloud_action *find_action(const char *name) {
    const struct lnm_cloud_action key = {name, NULL}, *at = &key;
    const struct lnm_cloud_action *const *found =
        bsearch(&at, actions, action_count, sizeof actions[0], compare);
    return found != NULL ? *found : NULL;
}

/* A form's parameter, a header of JSON, or method and path name the action. */
static void look_up(struct lnm_cloud_request *r, const struct lnm_cloud_http *http,
                    struct lnm_buf *name) {
    if (r->service->protocol == LNM_PROTOCOL_REST_JSON) {
        bool local = lnm_str_starts(http->path, LNM_STR(LNM_LOCAL_PATH));
        r->op = lnm_rest_find(local ? &lnm_cloud_local : r->service, lnm_str_z(http->method),
                              http->path);
    } else if (r->service->protocol == LNM_PROTOCOL_JSON11) {
        struct lnm_str head;
        r->op = lnm_operation_find(
            r->service,
            lnm_str_cut(lnm_str_z(http->header(http->arg, "X-Amz-Target")), '.', &head));
    } else if (lnm_query_param(name, r->body, "Action") == 0) {
        r->op = lnm_operation_find(r->service, lnm_buf_str(name));
    }
    r->action = r->op != NULL ? find_action(r->op->name) : NULL;
}

/* A form may say which version of the API it means. */
static int check_version(struct lnm_cloud_request *r, const char *action) {
    struct lnm_buf version = {.max = 4096};
    int error = 0;
    if (!is_json(r) && lnm_query_param(&version, r->body, "Version") == 0 && version.len > 0 &&
        !lnm_str_is(lnm_buf_str(&version), r->service->version)) {
        const char *text = lnm_buf_str(&version).ptr;
        error = r->service == &lnm_ec2
                    ? lnm_cloud_raise(r, 400, "NoSuchVersion",
                                      "The requested version (%.20s) of service AmazonEC2 does not "
                                      "exist",
                                      text)
                    : lnm_cloud_raise(r, 400, "InvalidAction",
                                      "Could not find operation %.100s for version %.20s", action,
                                      text);
    }
    lnm_buf_free(&version);
    return error;
}

static int find_operation(struct lnm_cloud_request *r, const struct lnm_cloud_http *http) {
    struct lnm_buf name = {.max = 4096};
    int error = 0;
    look_up(r, http, &name);
    if (r->action == NULL) {
        error = is_json(r) ? lnm_cloud_raise(r, 400, "UnknownOperationException",
                                             "The operation is not known.")
                           : lnm_cloud_raise(r, 400, "InvalidAction",
                                             "The action %.100s is not valid for this web service.",
                                             lnm_buf_str(&name).ptr);
    }
    error = error < 0 ? error : check_version(r, r->op->name);
    lnm_buf_free(&name);
    return error;
}

/* Outside KMS an empty text is as good as none. */
static bool is_there(const struct lnm_cloud_request *r, const struct lnm_member *m) {
    uint32_t node = lnm_record_find(&r->in, 0, m->name);
    return node != 0 && (r->service == &lnm_kms || m->type->kind != LNM_STRING ||
                         lnm_record_str(&r->in, node).len > 0);
}

static int check_required(struct lnm_cloud_request *r) {
    for (size_t i = 0; i < r->op->input->member_count; i++) {
        const struct lnm_member *m = &r->op->input->members[i];
        if ((m->flags & LNM_REQUIRED) == 0 || (m->flags & LNM_PAYLOAD) != 0 || is_there(r, m)) {
            continue;
        }
        if (r->service == &lnm_ebs) {
            lnm_take(r->error.reason, sizeof r->error.reason, "INVALID_PARAMETER_VALUE");
            return lnm_cloud_raise(r, 400, "ValidationException", "%s is required", m->wire);
        }
        if (r->service == &lnm_kms) {
            return lnm_cloud_raise(
                r, 400, "ValidationException",
                "1 validation error detected: Value null at '%s' failed to satisfy "
                "constraint: Member must not be null",
                m->wire);
        }
        return lnm_cloud_raise(r, 400,
                               r->service->protocol == LNM_PROTOCOL_QUERY ? "ValidationError"
                                                                          : "MissingParameter",
                               "The request must contain the parameter %s", m->wire);
    }
    return 0;
}

static int read_input(struct lnm_cloud_request *r, const struct lnm_cloud_http *http,
                      struct lnm_err *err) {
    struct lnm_rest_source source = {.path = http->path,
                                     .query = http->query,
                                     .body = r->body,
                                     .header = http->header,
                                     .arg = http->arg};
    switch (r->service->protocol) {
    case LNM_PROTOCOL_JSON11:
        return lnm_json_read(&r->in, r->body, err);
    case LNM_PROTOCOL_REST_JSON:
        return lnm_rest_read(&r->in, r->op, &source, err);
    default:
        return lnm_query_read(&r->in, r->op, r->body, err);
    }
}

static int decode(struct lnm_cloud_request *r, const struct lnm_cloud_http *http) {
    struct lnm_err err = {0};
    if (lnm_record_begin(&r->in, r->op->input, 0) < 0 ||
        lnm_record_begin(&r->out, r->op->output, 0) < 0) {
        return lnm_cloud_raise(r, 500, "InternalError", "out of memory");
    }
    int error = read_input(r, http, &err);
    lnm_record_close(&r->in);
    if (error < 0) {
        return lnm_cloud_raise(r, 400, r->service == &lnm_ebs ? "ValidationException" : err.name,
                               "%s", err.message);
    }
    return check_required(r) < 0 ? -1 : lnm_bounds_check(r);
}

/* A dry run is a run whose work is undone: so it fails wherever the real one would. */
static int dry_run(struct lnm_cloud_request *r) {
    if (!lnm_record_get_bool(&r->in, 0, "dry_run", false)) {
        return 0;
    }
    return r->service == &lnm_kms
               ? lnm_cloud_raise(r, 400, "DryRunOperationException",
                                 "The request would have succeeded, but the DryRun option is set.")
               : lnm_cloud_raise(r, 412, "DryRunOperation",
                                 "Request would have succeeded, but DryRun flag is set.");
}

static int handle(struct lnm_cloud_request *r) {
    int error = lnm_fault_before(r);
    error = error < 0 ? error : lnm_account_check(r);
    error = error < 0 ? error : lnm_limits_admit(r);
    error = error < 0 ? error : lnm_authorize(r);
    error = error < 0 ? error : r->action->handle(r);
    error = error < 0 ? error : lnm_fault_after(r);
    error = error < 0 ? error : dry_run(r);
    const struct lnm_type *out = r->op->output;
    if (error == 0 && out->member_count == 1 && strcmp(out->members[0].name, "return") == 0 &&
        out->members[0].type->kind == LNM_BOOLEAN) { /* older actions answer nothing else */
        lnm_record_set_bool(&r->out, "return", true);
    }
    if (error == 0 && r->out.failed != 0) {
        error = lnm_cloud_raise(r, 500, "InternalError", "the answer cannot be built");
    }
    return error;
}

/* A raw body is given away as it is. */
static int encode_rest(struct lnm_buf *out, struct lnm_cloud_request *r) {
    struct lnm_rest_message m = {0};
    struct lnm_err err;
    int error = lnm_rest_write(&m, r->op, &r->out, &err);
    if (error == 0) {
        struct lnm_buf *body = r->payload.len > 0 ? &r->payload : &m.body;
        *out = *body;
        r->headers = m.headers;
        memset(body, 0, sizeof *body);
        memset(&m.headers, 0, sizeof m.headers);
    }
    lnm_rest_message_free(&m);
    return error;
}

static int encode(struct lnm_buf *out, struct lnm_cloud_request *r) {
    struct lnm_err err;
    lnm_record_close(&r->out);
    switch (r->service->protocol) {
    case LNM_PROTOCOL_JSON11:
        return r->op->output->member_count == 0 ? 0 : lnm_json_write(out, &r->out, &err);
    case LNM_PROTOCOL_REST_JSON:
        return encode_rest(out, r);
    default:
        return lnm_xml_write(out, r->op, &r->out, r->request_id, &err);
    }
}

int lnm_cloud_prepare(struct lnm_cloud_request *r, const struct lnm_cloud_http *http) {
    bool form = r->service->protocol != LNM_PROTOCOL_REST_JSON && http->body.len == 0;
    r->body = form ? http->query : http->body;
    return find_operation(r, http) < 0 ? -1 : decode(r, http);
}

void lnm_cloud_forget(struct lnm_cloud_request *r) {
    (void)lnm_record_begin(&r->out, r->op->output, 0); /* a failure is kept in it */
    lnm_buf_reset(&r->payload);
    lnm_buf_reset(&r->headers);
    memset(&r->error, 0, sizeof r->error);
}

int lnm_cloud_perform(struct lnm_buf *out, struct lnm_cloud_request *r) {
    const struct lnm_route *route = lnm_operation_route(r->op);
    int error = handle(r);
    if (error == 0 && encode(out, r) < 0) {
        lnm_buf_reset(out);
        error = lnm_cloud_raise(r, 500, "InternalError", "the answer is too large");
    }
    if (error < 0) {
        lnm_cloud_write_error(out, r);
    }
    return error < 0 ? r->error.status : route != NULL ? route->status : 200;
}
