/* endpoint.c - host names by partition, and which URLs may be talked to.
 *
 * Source: botocore's partitions.json and the services' endpoint rule sets. */
#include "aws/endpoint.h"

#include "base/text.h"

struct partition {
    const char *name, *prefix, *suffix, *dualstack_suffix;
    const char *home; /* the region that signs for IAM, of which a partition has one */
};

static const struct partition partitions[] = {
    {"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-north-1"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws", "us-gov-west-1"},
    {"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"},
    {"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"},
    {"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"},
    {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"},
    {"aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"},
    {"aws", "", "amazonaws.com", "api.aws", "us-east-1"},
};

static const struct partition *partition_of(struct lnm_str region) {
    const struct partition *p = partitions;
    while (!lnm_str_starts(region, lnm_str_z(p->prefix))) {
        p++; /* the last one's prefix is empty */
    }
    return p;
}

const char *lnm_partition(struct lnm_str region) {
    return partition_of(region)->name;
}

/* A region goes into a host name: letters, digits and hyphens only. */
static bool is_host_label(struct lnm_str s) {
    bool ok = s.len > 0 && s.len <= 63 && s.ptr[0] != '-' && s.ptr[s.len - 1] != '-';
    for (size_t i = 0; ok && i < s.len; i++) {
        char c = s.ptr[i];
        ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }
    return ok;
}

/* The part between "//" and the next '/', '?' or '#'; empty when there is none. */
static struct lnm_str authority(struct lnm_str url, bool *https) {
    *https = lnm_str_starts(url, LNM_STR("https://"));
    size_t skip = *https ? 8 : 7;
    if (!*https && !lnm_str_starts(url, LNM_STR("http://"))) {
        return LNM_STR_NONE;
    }
    struct lnm_str rest = {url.ptr + skip, url.len - skip};
    size_t n = 0;
    while (n < rest.len && rest.ptr[n] != '/' && rest.ptr[n] != '?' && rest.ptr[n] != '#') {
        n++;
    }
    return (struct lnm_str){rest.ptr, n};
}

static struct lnm_str host_of(struct lnm_str auth, struct lnm_str *port) {
    struct lnm_str host;
    if (auth.len > 0 && auth.ptr[0] == '[') {
        struct lnm_str rest = lnm_str_cut(auth, ']', &host);
        host = (struct lnm_str){host.ptr + 1, host.len - 1};
        *port = rest.len > 1 && rest.ptr[0] == ':' ? (struct lnm_str){rest.ptr + 1, rest.len - 1}
                                                   : LNM_STR_NONE;
        return host;
    }
    *port = lnm_str_cut(auth, ':', &host);
    return host;
}

/* 127.a.b.c with each part a decimal byte: a literal, so that no name server is asked. */
static bool is_loopback_v4(struct lnm_str host) {
    for (int i = 0; i < 4; i++) {
        struct lnm_str part;
        int64_t n;
        size_t before = host.len;
        host = lnm_str_cut(host, '.', &part);
        bool last = part.len == before;
        if (part.len == 0 || part.len > 3 || lnm_str_int64(&n, part) < 0 || n < 0 || n > 255 ||
            (i == 0 && n != 127) || last != (i == 3)) {
            return false;
        }
    }
    return true;
}

bool lnm_endpoint_is_loopback(struct lnm_str url) {
    bool https;
    struct lnm_str port;
    struct lnm_str auth = authority(url, &https);
    struct lnm_str host = host_of(auth, &port);
    bool user = auth.len > 0 && memchr(auth.ptr, '@', auth.len) != NULL;
    return !user &&
           (lnm_str_is(host, "localhost") || lnm_str_is(host, "::1") || is_loopback_v4(host));
}

static int custom(struct lnm_buf *out, const struct lnm_endpoint_params *p, struct lnm_err *err) {
    bool https;
    struct lnm_str url = p->custom_url;
    struct lnm_str auth = authority(url, &https);
    if (p->fips || p->dualstack) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "a custom endpoint URL cannot be combined with %s: unset one of the two",
                        p->fips ? "FIPS endpoints" : "dual-stack endpoints");
    }
    if (auth.len == 0 || memchr(auth.ptr, '@', auth.len) != NULL) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "'%.*s' is no endpoint URL (https://host)", (int)url.len, url.ptr);
    }
    if (!https && !lnm_endpoint_is_loopback(url)) {
        return lnm_fail(
            err, LNM_ECONFIG, "Configuration",
            "'%.*s' is plain HTTP, which is spoken to loopback addresses only: use https://",
            (int)url.len, url.ptr);
    }
    while (url.len > 0 && url.ptr[url.len - 1] == '/') {
        url.len--;
    }
    lnm_buf_adds(out, url);
    return lnm_buf_check(out, err);
}

/* GovCloud's plain EC2, STS and SSO hosts are the FIPS ones. */
static bool fips_is_plain(const struct lnm_endpoint_params *p) {
    return strcmp(lnm_partition(p->region), "aws-us-gov") == 0 && !p->dualstack &&
           !lnm_str_is(p->service, "kms") && !lnm_str_is(p->service, "ebs");
}

/* The regions that the global endpoint of STS serves in legacy mode. */
static bool is_sts_global(const struct lnm_endpoint_params *p) {
    static const char *const regions[] = {
        "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
        "eu-central-1",   "eu-north-1", "eu-west-1",      "eu-west-2",      "eu-west-3",
        "sa-east-1",      "us-east-1",  "us-east-2",      "us-west-1",      "us-west-2"};
    if (!p->legacy_sts || p->custom_url.len > 0 || p->fips || p->dualstack ||
        !lnm_str_is(p->service, "sts")) {
        return false;
    }
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        if (lnm_str_is(p->region, regions[i])) {
            return true;
        }
    }
    return false;
}

static bool is_global(const struct lnm_endpoint_params *p) {
    return lnm_str_is(p->service, "iam") && p->custom_url.len == 0;
}

static bool is(const struct partition *part, const char *name) {
    return strcmp(part->name, name) == 0;
}

/* What stands between "iam." and the suffix. */
static const char *iam_middle(const struct lnm_endpoint_params *p, const struct partition *part) {
    if (is(part, "aws-us-gov")) {
        return "us-gov";
    }
    if (p->dualstack) {
        return is(part, "aws") || (is(part, "aws-cn") && !p->fips) ? "global" : "";
    }
    bool fips_at_home = is(part, "aws-iso") || is(part, "aws-iso-b");
    return !is(part, "aws") && (!p->fips || fips_at_home) ? part->home : "";
}

static void iam_url(struct lnm_buf *out, const struct lnm_endpoint_params *p) {
    const struct partition *part = partition_of(p->region);
    const char *middle = iam_middle(p, part);
    bool fips = p->fips && !is(part, "aws-us-gov");
    lnm_buf_addz(out, fips ? "https://iam-fips." : "https://iam.");
    lnm_buf_addz(out, middle);
    lnm_buf_addz(out, middle[0] != '\0' ? "." : "");
    lnm_buf_addz(out, p->dualstack ? part->dualstack_suffix : part->suffix);
}

struct lnm_str lnm_endpoint_signing_region(const struct lnm_endpoint_params *p) {
    if (is_global(p)) {
        return lnm_str_z(partition_of(p->region)->home);
    }
    return is_sts_global(p) ? LNM_STR("us-east-1") : p->region;
}

int lnm_endpoint_url(struct lnm_buf *out, const struct lnm_endpoint_params *p,
                     struct lnm_err *err) {
    if (p->custom_url.len > 0) {
        return custom(out, p, err);
    }
    if (p->region.len == 0) {
        return lnm_fail(
            err, LNM_ECONFIG, "NoRegion",
            "no region: say region = \"us-east-1\", --region, AWS_REGION, or region = in "
            "the profile");
    }
    if (!is_host_label(p->region)) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration", "'%.*s' cannot be a region's name",
                        (int)(p->region.len < 80 ? p->region.len : 80), p->region.ptr);
    }
    if (is_sts_global(p)) {
        lnm_buf_addz(out, "https://sts.amazonaws.com");
        return lnm_buf_check(out, err);
    }
    if (is_global(p)) {
        iam_url(out, p);
        return lnm_buf_check(out, err);
    }
    const struct partition *part = partition_of(p->region);
    lnm_buf_addz(out, "https://");
    lnm_buf_adds(out, p->service);
    lnm_buf_addz(out, p->fips && !fips_is_plain(p) ? "-fips." : ".");
    lnm_buf_adds(out, p->region);
    lnm_buf_addc(out, '.');
    lnm_buf_addz(out, p->dualstack ? part->dualstack_suffix : part->suffix);
    return lnm_buf_check(out, err);
}

int lnm_endpoint_host(struct lnm_buf *out, struct lnm_str url, struct lnm_err *err) {
    bool https;
    struct lnm_str port;
    struct lnm_str auth = authority(url, &https);
    struct lnm_str host = host_of(auth, &port);
    if (host.len == 0) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration", "no host in the endpoint URL");
    }
    bool v6 = memchr(host.ptr, ':', host.len) != NULL;
    lnm_buf_addz(out, v6 ? "[" : "");
    lnm_buf_adds(out, host);
    lnm_buf_addz(out, v6 ? "]" : "");
    if (port.len > 0 && !lnm_str_is(port, https ? "443" : "80")) {
        lnm_buf_addc(out, ':');
        lnm_buf_adds(out, port);
    }
    return lnm_buf_check(out, err);
}
