/* tokens.c - client tokens: the same request again gives the same result, another one is refused.
 */
#include "cloud/internal.h"

#include "aws/query.h"
#include "aws/sigv4.h"

/* The request's parameters, all but the token, as a hash: 0 when r->token_hash is it. */
static int digest(struct lnm_cloud_request *r) {
    if (r->token_hash[0] != '\0') {
        return 0;
    }
    struct lnm_buf form = {0}, rest = {0};
    struct lnm_err err;
    int error = lnm_query_write(&form, r->op, &r->in, &err);
    struct lnm_str left = lnm_buf_str(&form);
    while (error == 0 && left.len > 0) {
        struct lnm_str pair;
        left = lnm_str_cut(left, '&', &pair);
        if (!lnm_str_starts(pair, LNM_STR("ClientToken="))) {
            lnm_buf_adds(&rest, pair);
            lnm_buf_addc(&rest, '&');
        }
    }
    error = error < 0 ? error : lnm_buf_check(&rest, &err);
    if (error == 0) {
        lnm_sigv4_hash(r->token_hash, lnm_buf_str(&rest));
    }
    lnm_buf_free(&form);
    lnm_buf_free(&rest);
    return error;
}

int lnm_token_known(struct lnm_cloud_request *r, char resource[32]) {
    struct lnm_str token = lnm_cloud_param(r, "client_token");
    size_t longest = strcmp(r->op->name, "CopyImage") == 0 ? 128
                     : r->service == &lnm_ebs              ? 255
                                                           : 64;
    if (token.len > longest) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "The client token is longer than %zu characters", longest);
    }
    for (size_t i = 0; i < token.len; i++) {
        if ((unsigned char)token.ptr[i] > 0x7e) {
            return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                   "The client token holds what is not ASCII");
        }
    }
    if (token.len == 0) {
        return 0;
    }
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT request, resource FROM tokens WHERE account = ?1 AND region = ?2 AND action = ?3"
        " AND token = ?4",
        "ttts", r->account, r->region, r->op->name, token);
    if (digest(r) < 0 || s == NULL) {
        return lnm_cloud_internal(r);
    }
    if (sqlite3_step(s) != SQLITE_ROW) {
        return 0;
    }
    bool same = strcmp(r->token_hash, lnm_store_text(s, 0)) == 0;
    lnm_take(resource, 32, lnm_store_text(s, 1));
    (void)sqlite3_reset(s);
    return same ? 1
                : lnm_cloud_raise(
                      r, 400, "IdempotentParameterMismatch",
                      "The client token you have provided is associated with a resource with "
                      "different parameters");
}

int lnm_token_keep(struct lnm_cloud_request *r, const char *resource) {
    struct lnm_str token = lnm_cloud_param(r, "client_token");
    if (token.len == 0) {
        return 0;
    }
    return digest(r) < 0 ||
                   lnm_store_exec(r->cloud, "INSERT INTO tokens VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                                  "tttstt", r->account, r->region, r->op->name, token,
                                  r->token_hash, resource) < 0
               ? lnm_cloud_internal(r)
               : 0;
}
