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
static void random_token(struct lnm_buf *out) {
    unsigned char random[16];
    lnm_random_bytes(random, sizeof random);
    lnm_text_hex(out, random, sizeof random);
}

/* A token member that was not given, or NULL. */
static const struct lnm_member *lacking_token(const struct lnm_operation *op,
                                              const struct lnm_record *input) {
    for (size_t i = 0; i < op->input->member_count; i++) {
        const struct lnm_member *m = &op->input->members[i];
        if ((m->flags & LNM_TOKEN) != 0 && lnm_record_find(input, 0, m->name) == 0) {
            return m;
        }
    }
    return NULL;
}

static int encode_query(struct lnm_buf *out, const struct lnm_operation *op,
                        const struct lnm_record *input, struct lnm_err *err) {
    const struct lnm_member *token = lacking_token(op, input);
    int error = lnm_query_write(out, op, input, err);
    if (error == 0 && token != NULL) {
        lnm_buf_addf(out, "&%s=", token->wire);
        random_token(out);
    }
    return error < 0 ? error : lnm_buf_check(out, err);
}

static int encode_rest(struct lnm_rest_message *out, const struct lnm_operation *op,
                       const struct lnm_record *input, struct lnm_err *err) {
    const struct lnm_member *token = lacking_token(op, input);
    if (token == NULL) {
        return lnm_rest_write(out, op, input, err);
    }
    struct lnm_record whole = {0};
    struct lnm_buf random = {0};
    random_token(&random);
    (void)lnm_record_init(&whole, op->input, 0);
    lnm_record_copy(&whole, input, 0);
    lnm_record_text(&whole, token, lnm_buf_str(&random));
    lnm_record_close(&whole);
    int error = lnm_rest_write(out, op, &whole, err);
    lnm_record_free(&whole);
    lnm_buf_free(&random);
    return error;
}

int lnm_request_encode(struct lnm_request *out, const struct lnm_operation *op,
                       const struct lnm_record *input, struct lnm_err *err) {
    int error;
    *out = (struct lnm_request){.op = op, .method = "POST", .message.body = out->message.body};
    switch (op->service->protocol) {
    case LNM_PROTOCOL_REST_JSON:
        out->method = lnm_operation_route(op)->method;
        error = encode_rest(&out->message, op, input, err);
        break;
    case LNM_PROTOCOL_JSON11:
        error = lnm_json_write(&out->message.body, input, err);
        break;
    default:
        error = encode_query(&out->message.body, op, input, err);
        break;
    }
    out->body = lnm_buf_str(&out->message.body);
    return error;
}

void lnm_request_free(struct lnm_request *r) {
    lnm_rest_message_free(&r->message);
}

/* The headers of one attempt: their lines for HTTP, their parts for the signature. */
struct headers {
    struct lnm_signed_request *out;
    struct lnm_buf *lines;
    struct lnm_header list[LNM_REQUEST_HEADERS];
    size_t offsets[LNM_REQUEST_HEADERS], count;
    char target[128];
};

static void add_header(struct headers *h, const char *name, struct lnm_str value) {
    if (h->count == LNM_REQUEST_HEADERS - 1) { /* one stays free for the host */
        h->lines->failed = LNM_ELIMIT;
        return;
    }
    h->offsets[h->count] = h->lines->len;
    lnm_buf_addz(h->lines, name);
    lnm_buf_add(h->lines, ": ", 2);
    lnm_buf_adds(h->lines, value);
    lnm_buf_addc(h->lines, '\0');
    h->list[h->count++] = (struct lnm_header){lnm_str_z(name), value};
}

static void point_at_lines(struct headers *h) {
    for (size_t i = 0; i < h->count; i++) {
        h->out->header_lines[i] = h->lines->ptr + h->offsets[i];
    }
    h->out->header_lines[h->count] = NULL;
}

static struct lnm_creds *creds_of(const struct lnm_session *s) {
    return lnm_identity_creds(s->root->identity);
}

static int check_region(const struct lnm_session *s, struct lnm_err *err) {
    return lnm_session_region(s)[0] != '\0'
               ? 0
               : lnm_fail(
                     err, LNM_ECONFIG, "NoRegion",
                     "no region: say region = \"us-east-1\", --region, AWS_REGION, or region = in "
                     "the profile");
}

/* The time as signatures have it; written anew once a second. */
static const char *signing_time(struct lnm_session_root *root) {
    int64_t now_us = lnm_now_us() + root->skew_us, second = now_us / LNM_SECOND_US;
    if (root->work.second != second || root->work.date[0] == '\0') {
        root->work.second = second;
        lnm_date_amz(root->work.date, now_us);
    }
    return root->work.date;
}

/* Fills in all but what the request itself tells. */
static int common(struct lnm_signing_params *p, const struct lnm_signing_key **key,
                  struct lnm_session *s, const struct lnm_place *place, struct lnm_err *err) {
    const char *date = signing_time(s->root);
    memcpy(p->amz_date, date, sizeof p->amz_date);
    p->region = place->signing_region;
    p->service = lnm_str_z(place->service->name);
    p->path = LNM_STR("/");
    int error = check_region(s, err);
    return error < 0 ? error
                     : lnm_creds_signing_key(key, creds_of(s), date, p->region, p->service, err);
}

/* Without one libcurl would call a body a form. */
static const char *content_type(const struct lnm_request *r) {
    switch (r->op->service->protocol) {
    case LNM_PROTOCOL_JSON11:
        return "application/x-amz-json-1.1";
    case LNM_PROTOCOL_REST_JSON:
        return r->payload_hash != NULL ? "application/octet-stream" : "application/json";
    default:
        return "application/x-www-form-urlencoded; charset=utf-8";
    }
}

static void add_headers(struct headers *h, struct lnm_session *s, const struct lnm_request *r,
                        const char *date) {
    const struct lnm_service *service = r->op->service;
    bool is_unsigned = (r->op->flags & LNM_UNSIGNED) != 0;
    struct lnm_str token = is_unsigned ? LNM_STR_NONE : lnm_creds_token(creds_of(s));
    struct lnm_header given;
    if (r->body.len > 0) {
        add_header(h, "Content-Type", lnm_str_z(content_type(r)));
    }
    if (!is_unsigned) {
        add_header(h, "X-Amz-Date", lnm_str_z(date));
    }
    if (token.len > 0) {
        s->root->work.lines.secret = s->root->work.scratch.secret = true;
        add_header(h, "X-Amz-Security-Token", token);
    }
    for (size_t at = 0; lnm_rest_next_header(&given, &r->message, &at);) {
        add_header(h, given.name.ptr, given.value);
    }
    if (service->target_prefix != NULL) {
        (void)snprintf(h->target, sizeof h->target, "%s.%s", service->target_prefix, r->op->name);
        add_header(h, "X-Amz-Target", lnm_str_z(h->target));
    }
}

static void write_url(struct lnm_buf *out, const struct lnm_place *place,
                      const struct lnm_request *r) {
    lnm_buf_addz(out, place->url);
    lnm_buf_adds(out, lnm_buf_str(&r->message.path));
    lnm_buf_addz(out, r->message.query.len > 0 ? "?" : "");
    lnm_buf_adds(out, lnm_buf_str(&r->message.query));
}

/* The last header, which vouches for the others. */
static int authorize(struct headers *h, struct lnm_session *s, const struct lnm_request *r,
                     const struct lnm_place *place, struct lnm_err *err) {
    struct lnm_workspace *w = &s->root->work;
    const struct lnm_signing_key *key;
    char hash[65];
    struct lnm_signing_params p = {
        .method = lnm_str_z(r->method), .normalize_path = true, .double_encode_path = true};
    int error = common(&p, &key, s, place, err);
    if (error < 0) {
        return error;
    }
    add_headers(h, s, r, w->date);
    h->list[h->count] =
        (struct lnm_header){LNM_STR("Host"), lnm_str_z(place->host)}; /* libcurl's */
    if (r->payload_hash == NULL) {
        lnm_sigv4_hash(hash, r->body);
    }
    p.path = r->message.path.len > 0 ? lnm_buf_str(&r->message.path) : p.path;
    p.query = lnm_buf_str(&r->message.query);
    p.headers = h->list;
    p.header_count = h->count + 1;
    p.payload_hash = lnm_str_z(r->payload_hash != NULL ? r->payload_hash : hash);
    error = lnm_sigv4_authorization(&w->authorization, &w->scratch, &p,
                                    lnm_creds_access_key_id(creds_of(s)), key, err);
    if (error == 0) {
        add_header(h, "Authorization", lnm_buf_str(&w->authorization));
    }
    return error;
}

int lnm_request_sign(struct lnm_signed_request *out, struct lnm_session *s,
                     const struct lnm_request *r, struct lnm_err *err) {
    struct lnm_workspace *w = &s->root->work;
    const struct lnm_place *place;
    struct headers h = {.out = out, .lines = &w->lines};
    int error = lnm_session__place(&place, s, r->op->service, err);
    if (error == 0 && (r->op->flags & LNM_UNSIGNED) != 0) {
        add_headers(&h, s, r, "");
    } else if (error == 0) {
        error = authorize(&h, s, r, place, err);
    }
    if (error == 0) {
        write_url(&w->url, place, r);
        error = lnm_buf_check(&w->lines, err);
        error = error < 0 ? error : lnm_buf_check(&w->url, err);
    }
    if (error == 0) {
        point_at_lines(&h);
        out->url = w->url.ptr;
    }
    return error;
}

void lnm_request_forget_signed(struct lnm_session *s) {
    struct lnm_workspace *w = &s->root->work;
    lnm_buf_wipe(&w->lines);
    lnm_buf_wipe(&w->scratch); /* the canonical request has the session token, too */
    lnm_buf_reset(&w->authorization);
    lnm_buf_reset(&w->url);
}

int lnm_call_presign(struct lnm_buf *out, struct lnm_session *session,
                     const struct lnm_operation *op, const struct lnm_record *input,
                     unsigned expires_s, struct lnm_err *err) {
    const struct lnm_place *place;
    const struct lnm_signing_key *key;
    char hash[65];
    struct lnm_buf query = {0}, scratch = {0};
    struct lnm_signing_params p = {.method = LNM_STR("GET")};
    int error = lnm_identity_outcome(session->root->identity, err);
    error = error < 0 ? error : lnm_session__place(&place, session, op->service, err);
    if (error == 0) {
        error = common(&p, &key, session, place, err);
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
        error = lnm_sigv4_presign(out, &scratch, &p, lnm_creds_access_key_id(creds_of(session)),
                                  lnm_creds_token(creds_of(session)), expires_s, key, err);
    }
    lnm_buf_free(&query);
    lnm_buf_free(&scratch);
    return error;
}
