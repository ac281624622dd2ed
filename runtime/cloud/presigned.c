/* presigned.c - the presigned URL that CopySnapshot carries between regions: a request to the
 * source region, which this cloud serves as well. */
#include "cloud/internal.h"

#include "aws/query.h"

#define URL_MAX 16384

static const char *host_header(void *arg, const char *name) {
    return strcasecmp(name, "host") == 0 ? (const char *)arg : NULL;
}

/* https://host/path?query */
static bool split(struct lnm_str url, char host[256], struct lnm_cloud_http *http) {
    struct lnm_str scheme, authority, rest = lnm_str_cut(url, ':', &scheme);
    if (!lnm_str_starts(rest, LNM_STR("//")) || url.len > URL_MAX) {
        return false;
    }
    rest = (struct lnm_str){rest.ptr + 2, rest.len - 2};
    http->query = lnm_str_cut(rest, '?', &rest);
    (void)lnm_str_cut(rest, '/', &authority);
    if (authority.len == 0 || authority.len > 255) {
        return false;
    }
    memcpy(host, authority.ptr, authority.len);
    host[authority.len] = '\0';
    http->path = (struct lnm_str){rest.ptr + authority.len, rest.len - authority.len};
    return true;
}

static bool says(struct lnm_str query, const char *name, const char *wanted) {
    struct lnm_buf value = {.max = 4096};
    bool same =
        lnm_query_param(&value, query, name) == 0 && lnm_str_is(lnm_buf_str(&value), wanted);
    lnm_buf_free(&value);
    return same;
}

bool lnm_cloud_presigned(const struct lnm_cloud_request *r, struct lnm_str url, const char *region,
                         const char *snapshot) {
    char host[256];
    struct lnm_cloud_http http = {
        .method = "GET", .body = LNM_STR(""), .header = host_header, .arg = host};
    struct lnm_cloud_request other = {.cloud = r->cloud, .now_us = r->now_us};
    return split(url, host, &http) && lnm_cloud_authenticate(&other, &http) == 0 &&
           other.service == &lnm_ec2 && strcmp(other.region, region) == 0 &&
           strcmp(other.account, r->account) == 0 && says(http.query, "Action", "CopySnapshot") &&
           says(http.query, "SourceSnapshotId", snapshot) &&
           says(http.query, "DestinationRegion", r->region);
}
