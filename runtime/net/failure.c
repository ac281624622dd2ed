/* failure.c - what libcurl's failures are called here, and what to look at. */
#include "net/internal.h"

#include <string.h>

/* OpenSSL's words for a record whose bytes are not those that were sent. */
static bool was_corrupted(const struct lnm_http *h) {
    return strstr(h->why, "bad record mac") != NULL;
}

/* libcurl names whom it could not connect to: not the URL's host, so the proxy. */
static bool was_proxy(const struct lnm_http *h) {
    const char *host = strstr(h->url.ptr, "//") + 2;
    const char *named = strstr(h->why, "connect to ");
    host += host[0] == '[' ? 1 : 0;
    return named != NULL && strncmp(named + 11, host, strcspn(host, "]:/?")) != 0;
}

/* What libcurl's failure is called here, and what to look at. */
static const char *name_failure(struct lnm_http *h, CURLcode result, const char **remedy) {
    long proxy = 0;
    (void)curl_easy_getinfo(h->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
    if (proxy == 407 || proxy == 403) {
        *remedy = ": what may pass the proxy, and as whom, is said in HTTPS_PROXY=http://name:"
                  "password@host:port; what needs none in NO_PROXY";
        return "ProxyRefused";
    }
    switch (result) {
    case CURLE_OPERATION_TIMEDOUT:
        return "Timeout";
    case CURLE_COULDNT_RESOLVE_PROXY:
        *remedy = ": check HTTPS_PROXY";
        return "NotConnected";
    case CURLE_COULDNT_RESOLVE_HOST:
        *remedy = ": check the region's name and the network";
        return "NotConnected";
    case CURLE_SSL_CONNECT_ERROR:
        *remedy = ": TLS 1.2 or later is needed";
        return "NotConnected";
    case CURLE_COULDNT_CONNECT:
        *remedy = was_proxy(h) ? ": that is the proxy of HTTPS_PROXY" : "";
        return "NotConnected";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        *remedy = ": if a proxy opens TLS here, name its CA in AWS_CA_BUNDLE";
        return "NotTrusted";
    default:
        *remedy = was_corrupted(h)
                      ? ": a TLS record was changed on its way: look at proxies and the "
                        "network between"
                      : "";
        return "Network";
    }
}

void lnm_http__explain(struct lnm_http *h, CURLcode result) {
    if (h->err.code == 0) { /* else the sink or the size cap has said it better */
        const char *remedy = "";
        const char *name = name_failure(h, result, &remedy);
        (void)lnm_fail(&h->err, LNM_ENET, name, "%s%s",
                       h->why[0] != '\0' ? h->why : curl_easy_strerror(result), remedy);
    }
}
