/* request.c - encoding and signing of one call. */
#include "client/request.h"

#include "aws/json.h"
#include "aws/query.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/text.h"
#include "client/call.h"

#include <stdio.h>

/* ClientToken and its like: 128 random bits, chosen once a call. */
static void add_tokens(struct lnm_buf *out, const struct lnm_operation *op,
                       const struct lnm_record *input) {
    for (size_t i = 0; i < op->input->member_count; i++) {
        const struct lnm_member *m = &op->input->members[i];
        if ((m->flags & LNM_TOKEN) != 0 && lnm_record_find(input, 0, m->name) == 0) {
            unsigned char random[16];
            lnm_random_bytes(random, sizeof random);
            lnm_buf_addf(out, "&%s=", m->wire);
            lnm_text_hex(out, random, sizeof random);
        }
    }
}

int lnm_request_encode(struct lnm_buf *out, const struct lnm_operation *op,
                       const struct lnm_record *input, struct lnm_err *err) {
    if (op->service->protocol == LNM_PROTOCOL_JSON11) {
        return lnm_json_write(out, input, err);
    }
    int error = lnm_query_write(out, op, input, err);
    if (error == 0) {
        add_tokens(out, op, input);
    }
    return error < 0 ? error : lnm_buf_check(out, err);
}

/* One header: its line for HTTP in out->lines, its parts for the signature. */
static void add_header(struct lnm_signed_request *out, struct lnm_header *headers, size_t *count,
                       size_t *offsets, const char *name, struct lnm_str value) {
    offsets[*count] = out->lines.len;
    lnm_buf_addf(&out->lines, "%s: ", name);
    lnm_buf_adds(&out->lines, value);
    lnm_buf_addc(&out->lines, '\0');
    headers[(*count)++] = (struct lnm_header){lnm_str_z(name), value};
}

static void point_at_lines(struct lnm_signed_request *out, const size_t *offsets, size_t count) {
    for (size_t i = 0; i < count; i++) {
        out->header_lines[i] = out->lines.ptr + offsets[i];
    }
    out->header_lines[count] = NULL;
}

static int check_region(const struct lnm_session *s, struct lnm_err *err) {
    return s->region[0] != '\0'
               ? 0
               : lnm_fail(
                     err, LNM_ECONFIG, "NoRegion",
                     "no region: say region = \"us-east-1\", --region, AWS_REGION, or region = in "
                     "the profile");
}

static int common(struct lnm_signing_params *p, const struct lnm_signing_key **key,
                  char date[LNM_DATE_MAX], struct lnm_session *s, const struct lnm_operation *op,
                  struct lnm_err *err) {
    lnm_date_amz(date, lnm_now_us() + s->root->skew_us);
    memcpy(p->amz_date, date, sizeof p->amz_date);
    p->region = lnm_str_z(s->region);
    p->service = lnm_str_z(op->service->name);
    p->path = LNM_STR("/");
    int error = check_region(s, err);
    return error < 0 ? error
                     : lnm_creds_signing_key(key, s->root->creds, date, p->region, p->service, err);
}

static struct lnm_str content_type(const struct lnm_operation *op) {
    return op->service->protocol == LNM_PROTOCOL_JSON11
               ? LNM_STR("application/x-amz-json-1.1")
               : LNM_STR("application/x-www-form-urlencoded; charset=utf-8");
}

int lnm_request_sign(struct lnm_signed_request *out, struct lnm_session *s,
                     const struct lnm_operation *op, struct lnm_str body, struct lnm_err *err) {
    const struct lnm_place *place;
    const struct lnm_signing_key *key;
    struct lnm_header headers[LNM_REQUEST_HEADERS];
    size_t offsets[LNM_REQUEST_HEADERS], count = 0;
    char hash[65], date[LNM_DATE_MAX], target[128];
    struct lnm_signing_params p = {.method = LNM_STR("POST")};
    struct lnm_buf authorization = {0}, scratch = {0};
    memset(out, 0, sizeof *out);
    int error = lnm_session__place(&place, s, op->service, err);
    if (error < 0 || (error = common(&p, &key, date, s, op, err)) < 0) {
        return error;
    }
    struct lnm_str token = lnm_creds_token(s->root->creds);
    add_header(out, headers, &count, offsets, "Content-Type", content_type(op));
    add_header(out, headers, &count, offsets, "X-Amz-Date", lnm_str_z(date));
    if (op->service->target_prefix != NULL) {
        (void)snprintf(target, sizeof target, "%s.%s", op->service->target_prefix, op->name);
        add_header(out, headers, &count, offsets, "X-Amz-Target", lnm_str_z(target));
    }
    if (token.len > 0) {
        add_header(out, headers, &count, offsets, "X-Amz-Security-Token", token);
    }
    headers[count] =
        (struct lnm_header){LNM_STR("Host"), lnm_str_z(place->host)}; /* libcurl sends it */
    lnm_sigv4_hash(hash, body);
    p.headers = headers;
    p.header_count = count + 1;
    p.payload_hash = lnm_str_z(hash);
    error = lnm_sigv4_authorization(&authorization, &scratch, &p,
                                    lnm_creds_access_key_id(s->root->creds), key, err);
    if (error == 0) {
        add_header(out, headers, &count, offsets, "Authorization", lnm_buf_str(&authorization));
        error = lnm_buf_check(&out->lines, err);
    }
    if (error == 0) {
        point_at_lines(out, offsets, count);
        out->url = place->url;
    }
    lnm_buf_free(&authorization);
    lnm_buf_free(&scratch);
    return error;
}

void lnm_request_free(struct lnm_signed_request *r) {
    lnm_buf_cleanse(&r->lines);
}

int lnm_call_presign(struct lnm_buf *out, struct lnm_session *session,
                     const struct lnm_operation *op, const struct lnm_record *input,
                     unsigned expires_s, struct lnm_err *err) {
    const struct lnm_place *place;
    const struct lnm_signing_key *key;
    char hash[65], date[LNM_DATE_MAX];
    struct lnm_buf query = {0}, scratch = {0};
    struct lnm_signing_params p = {.method = LNM_STR("GET")};
    int error = lnm_session__place(&place, session, op->service, err);
    if (error == 0) {
        error = common(&p, &key, date, session, op, err);
    }
    if (error == 0) {
        error = lnm_query_write(&query, op, input, err);
    }
    if (error == 0) {
        struct lnm_header host = {LNM_STR("host"), lnm_str_z(place->host)};
        lnm_sigv4_hash(hash, LNM_STR(""));
        p.headers = &host;
        p.header_count = 1;
        p.payload_hash = lnm_str_z(hash);
        p.query = lnm_buf_str(&query);
        lnm_buf_addf(out, "%s/?", place->url);
        error = lnm_sigv4_presign(out, &scratch, &p, lnm_creds_access_key_id(session->root->creds),
                                  lnm_creds_token(session->root->creds), expires_s, key, err);
    }
    lnm_buf_free(&query);
    lnm_buf_free(&scratch);
    return error;
}
