/* iam_providers.c - issuers of OpenID Connect tokens that an account trusts. A provider's URL is
 * kept without https://, its audiences are separated by spaces. */
#include "cloud/iam.h"

#include "aws/endpoint.h"

#include <stdio.h>

#define CLIENTS_MOST 100

static void provider_arn(char out[400], const struct lnm_cloud_request *r, const char *url) {
    (void)snprintf(out, 400, "arn:%s:iam::%s:oidc-provider/%s", lnm_partition(lnm_str_z(r->region)),
                   r->account, url);
}

static int invalid(struct lnm_cloud_request *r, const char *what) {
    return lnm_cloud_raise(r, 400, "InvalidInput", "%s", what);
}

/* Append the client ids, separated by spaces. */
static int read_clients(struct lnm_cloud_request *r, struct lnm_buf *out) {
    uint32_t list = lnm_record_find(&r->in, 0, "client_id_list");
    size_t count = 0;
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_str id = lnm_record_str(&r->in, i);
        if (id.len == 0 || id.len > 255 || memchr(id.ptr, ' ', id.len) != NULL ||
            ++count > CLIENTS_MOST) {
            return invalid(r, "A client id has 1 to 255 characters, none of them a space, and "
                              "there are 100 at most");
        }
        lnm_buf_adds(out, id);
        lnm_buf_addc(out, ' ');
    }
    return out->failed != 0 ? lnm_cloud_internal(r) : 0;
}

static int keep(struct lnm_cloud_request *r, struct lnm_str url, struct lnm_str clients) {
    if (lnm_store_exec(r->cloud,
                       "INSERT INTO oidc_providers(account, url, clients, created) VALUES(?1, ?2,"
                       " ?3, ?4)",
                       "tssi", r->account, url, clients, r->now_us) < 0) {
        return sqlite3_errcode(r->cloud->db) == SQLITE_CONSTRAINT
                   ? lnm_cloud_raise(r, 409, "EntityAlreadyExists",
                                     "Provider with url https://%.*s already exists.", (int)url.len,
                                     url.ptr)
                   : lnm_cloud_internal(r);
    }
    return 0;
}

static int create(struct lnm_cloud_request *r) {
    char arn[400], name[256];
    struct lnm_buf clients = {0};
    struct lnm_str url = lnm_cloud_param(r, "url");
    if (!lnm_str_starts(url, LNM_STR("https://")) || url.len <= 8 || url.len > 255) {
        return invalid(r, "The URL of a provider begins with https://");
    }
    url = (struct lnm_str){url.ptr + 8, url.len - 8};
    int error = read_clients(r, &clients);
    error = error < 0 ? error : keep(r, url, lnm_buf_str(&clients));
    lnm_buf_free(&clients);
    (void)snprintf(name, sizeof name, "%.*s", (int)url.len, url.ptr);
    provider_arn(arn, r, name);
    lnm_record_setz(&r->out, "open_id_connect_provider_arn", arn);
    return error;
}

/* The URL in the ARN of the request. */
static int find(struct lnm_cloud_request *r, struct lnm_str *url) {
    char prefix[400];
    struct lnm_str arn = lnm_cloud_param(r, "open_id_connect_provider_arn");
    provider_arn(prefix, r, "");
    *url = lnm_str_starts(arn, lnm_str_z(prefix))
               ? (struct lnm_str){arn.ptr + strlen(prefix), arn.len - strlen(prefix)}
               : LNM_STR("");
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT 1 FROM oidc_providers WHERE account = ?1 AND url = ?2",
                        "ts", r->account, *url);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return found ? 0
                 : lnm_cloud_raise(r, 404, "NoSuchEntity",
                                   "OpenIDConnect Provider not found for arn %.*s",
                                   (int)(arn.len < 300 ? arn.len : 300), arn.ptr);
}

static int get(struct lnm_cloud_request *r) {
    struct lnm_str url;
    if (find(r, &url) < 0) {
        return -1;
    }
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT clients, created FROM oidc_providers WHERE account = ?1 AND url = ?2",
        "ts", r->account, url);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return lnm_cloud_internal(r);
    }
    struct lnm_str client, rest = lnm_str_z(lnm_store_text(s, 0));
    lnm_record_set(&r->out, "url", url);
    lnm_record_enter(&r->out, "client_id_list");
    while (rest.len > 0) {
        rest = lnm_str_cut(rest, ' ', &client);
        lnm_record_add(&r->out, client);
    }
    lnm_record_close(&r->out);
    lnm_iam_show_time(&r->out, "create_date", lnm_store_int(s, 1));
    (void)sqlite3_reset(s);
    return 0;
}

static int list(struct lnm_cloud_request *r) {
    char arn[400];
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT url FROM oidc_providers WHERE account = ?1 ORDER BY url",
                        "t", r->account);
    lnm_record_enter(&r->out, "open_id_connect_provider_list");
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        provider_arn(arn, r, lnm_store_text(s, 0));
        lnm_record_item(&r->out);
        lnm_record_setz(&r->out, "arn", arn);
        lnm_record_close(&r->out);
    }
    (void)sqlite3_reset(s);
    lnm_record_close(&r->out);
    return s != NULL ? 0 : lnm_cloud_internal(r);
}

static int delete (struct lnm_cloud_request *r) {
    struct lnm_str url;
    if (find(r, &url) < 0) {
        return -1;
    }
    return lnm_store_exec(r->cloud, "DELETE FROM oidc_providers WHERE account = ?1 AND url = ?2",
                          "ts", r->account, url) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

const struct lnm_cloud_action lnm_cloud_iam_providers[] = {{"CreateOpenIDConnectProvider", create},
                                                           {"DeleteOpenIDConnectProvider", delete},
                                                           {"GetOpenIDConnectProvider", get},
                                                           {"ListOpenIDConnectProviders", list},
                                                           {NULL, NULL}};
