/* session.c - opening a session and where its services are. */
#include "client/internal.h"

#include "aws/endpoint.h"
#include "client/settings.h"
#include "client/transport.h"

#include <stdlib.h>

static char *copy(struct lnm_str s) {
    char *z = malloc(s.len + 1);
    if (z != NULL) {
        if (s.len > 0) {
            memcpy(z, s.ptr, s.len);
        }
        z[s.len] = '\0';
    }
    return z;
}

void lnm_session__hold(struct lnm_session_root *r) {
    r->refs++;
}

void lnm_session__drop(struct lnm_session_root *r) {
    if (r == NULL || --r->refs > 0) {
        return;
    }
    lnm_identity_free(r->identity);
    free(r->profile);
    lnm_pool_unref(r->pool);
    lnm_buf_free(&r->work.lines);
    lnm_buf_free(&r->work.url);
    lnm_buf_free(&r->work.authorization);
    lnm_buf_free(&r->work.scratch);
    for (size_t i = 0; i < LNM_SERVICE_COUNT; i++) {
        free(r->custom_url[i]);
    }
    while (r->reader_count > 0) {
        lnm_xml_reader_free(r->readers[--r->reader_count]);
    }
    lnm_session__free_calls(r);
    free(r);
}

static int load_endpoints(struct lnm_session_root *r, const struct lnm_profiles *p,
                          const struct lnm_session_options *o, struct lnm_err *err) {
    for (size_t i = 0; i < LNM_SERVICE_COUNT; i++) {
        struct lnm_str url;
        int error = lnm_settings_endpoint(&url, p, r->profile, o->endpoint_url, lnm_services[i]->id,
                                          lnm_services[i]->name, err);
        if (error < 0) {
            return error;
        }
        if (url.len > 0 && (r->custom_url[i] = copy(url)) == NULL) {
            return lnm_fail_nomem(err);
        }
    }
    return 0;
}

/* Which of AWS's endpoints are meant. */
static int load_variants(struct lnm_session_root *r, const struct lnm_profiles *p,
                         struct lnm_err *err) {
    static const char sts_env[] = "AWS_STS_REGIONAL_ENDPOINTS", sts[] = "sts_regional_endpoints";
    int error = lnm_settings_flag(&r->fips, "AWS_USE_FIPS_ENDPOINT", p, r->profile,
                                  "use_fips_endpoint", err);
    if (error == 0) {
        error = lnm_settings_flag(&r->dualstack, "AWS_USE_DUALSTACK_ENDPOINT", p, r->profile,
                                  "use_dualstack_endpoint", err);
    }
    struct lnm_str said = lnm_settings_pick(NULL, sts_env, NULL, p, r->profile, sts);
    r->legacy_sts = lnm_str_ieq(said, LNM_STR("legacy"));
    bool known = said.len == 0 || r->legacy_sts || lnm_str_ieq(said, LNM_STR("regional"));
    return error < 0 || known
               ? error
               : lnm_settings_refuse(sts_env, p, r->profile, sts, "regional or legacy", err);
}

static int load_root(struct lnm_session_root *r, const struct lnm_profiles *p,
                     const struct lnm_session_options *o, struct lnm_err *err) {
    struct lnm_str profile = o->profile != NULL && o->profile[0] != '\0' ? lnm_str_z(o->profile)
                                                                         : lnm_settings_profile();
    r->profile = copy(profile.len > 0 ? profile : LNM_STR("default"));
    if (r->profile == NULL) {
        return lnm_fail_nomem(err);
    }
    r->hub = o->hub;
    lnm_retry_quota_init(&r->quota);
    int error = load_variants(r, p, err);
    error = error < 0 ? error : lnm_retry_settings(&r->retry, p, r->profile, err);
    if (o->buckets && r->retry.buckets == LNM_BUCKETS_AWS) {
        r->retry.buckets = LNM_BUCKETS_ALWAYS;
    }
    error = error < 0 ? error : lnm_transport_pool(&r->pool, p, r->profile, o, err);
    return error < 0 ? error : load_endpoints(r, p, o, err);
}

static int new_session(struct lnm_session **out, struct lnm_session_root *root,
                       struct lnm_loop *loop, struct lnm_str region, struct lnm_err *err) {
    struct lnm_session *s = calloc(1, sizeof *s);
    char *name = copy(region);
    if (s == NULL || name == NULL) {
        free(s);
        free(name);
        return lnm_fail_nomem(err);
    }
    *s = (struct lnm_session){.refs = 1, .root = root, .loop = loop, .region = name};
    root->refs++;
    *out = s;
    return 0;
}

/* The settings of `from`, without its identity, readers and what it learnt. To be dropped in every
 * case. */
static int copy_root(struct lnm_session_root **out, const struct lnm_session_root *from,
                     struct lnm_err *err) {
    struct lnm_session_root *to = *out = calloc(1, sizeof *to);
    if (to == NULL) {
        return lnm_fail_nomem(err);
    }
    to->refs = 1;
    to->fips = from->fips;
    to->dualstack = from->dualstack;
    to->legacy_sts = from->legacy_sts;
    to->retry = from->retry;
    to->hub = from->hub;
    lnm_retry_quota_init(&to->quota);
    to->profile = copy(lnm_str_z(from->profile));
    bool whole = to->profile != NULL && lnm_pool_new_like(&to->pool, from->pool, err) == 0;
    for (size_t i = 0; i < LNM_SERVICE_COUNT; i++) {
        if (from->custom_url[i] != NULL) {
            to->custom_url[i] = copy(lnm_str_z(from->custom_url[i]));
            whole = whole && to->custom_url[i] != NULL;
        }
    }
    return whole ? 0 : lnm_fail_nomem(err);
}

int lnm_session__with(struct lnm_session **out, const struct lnm_session_root *from,
                      struct lnm_loop *loop, const char *region, struct lnm_creds *creds,
                      struct lnm_err *err) {
    struct lnm_session_root *root;
    int error = copy_root(&root, from, err);
    if (error == 0) {
        root->hub = NULL; /* it may have no identity to keep limits for */
    }
    if (error == 0 && creds != NULL) {
        error = lnm_identity_new_fixed(&root->identity, creds, err);
    }
    if (error == 0) {
        error = new_session(out, root, loop, lnm_str_z(region), err);
    }
    lnm_session__drop(root);
    return error;
}

int lnm_session_new(struct lnm_session **out, struct lnm_loop *loop,
                    const struct lnm_session_options *options, struct lnm_err *err) {
    struct lnm_profiles *p = NULL;
    struct lnm_session *s = NULL;
    struct lnm_session_root *root = calloc(1, sizeof *root);
    if (root == NULL) {
        return lnm_fail_nomem(err);
    }
    root->refs = 1;
    int error = lnm_settings_load(&p, err);
    if (error == 0) {
        error = load_root(root, p, options, err);
    }
    if (error == 0) {
        struct lnm_str region = lnm_settings_pick(options->region, "AWS_REGION",
                                                  "AWS_DEFAULT_REGION", p, root->profile, "region");
        error = new_session(&s, root, loop, region, err);
    }
    if (error == 0) {
        error = lnm_session__identify(s, p, options, err);
    }
    if (error == 0) {
        *out = s;
    } else {
        lnm_session_unref(s);
    }
    lnm_profiles_free(p);
    lnm_session__drop(root);
    return error;
}

int lnm_session_in_region(struct lnm_session **out, struct lnm_session *s, const char *region,
                          struct lnm_err *err) {
    return new_session(out, s->root, s->loop, lnm_str_z(region), err);
}

int lnm_session_assume(struct lnm_session **out, struct lnm_session *s, const struct lnm_role *role,
                       struct lnm_err *err) {
    struct lnm_session_root *root;
    int error = copy_root(&root, s->root, err);
    if (error == 0) {
        error = lnm_identity_new_role(&root->identity, root, s, role, "", err);
    }
    if (error == 0) {
        error = new_session(out, root, s->loop, lnm_str_z(lnm_session_region(s)), err);
    }
    lnm_session__drop(root);
    return error;
}

struct lnm_session *lnm_session_ref(struct lnm_session *s) {
    s->refs++;
    return s;
}

void lnm_session_unref(struct lnm_session *s) {
    if (s == NULL || --s->refs > 0) {
        return;
    }
    for (size_t i = 0; i < LNM_SERVICE_COUNT; i++) {
        free(s->places[i].url);
        free(s->places[i].host);
    }
    lnm_session__drop(s->root);
    lnm_lane_close(&s->lane);
    free(s->region);
    free(s);
}

static int work_out(struct lnm_place *place, const struct lnm_session *s, size_t i,
                    struct lnm_err *err) {
    struct lnm_buf url = {0}, host = {0};
    struct lnm_endpoint_params e = {.service = lnm_str_z(lnm_services[i]->name),
                                    .region = lnm_str_z(lnm_session_region(s)),
                                    .custom_url = lnm_str_z(s->root->custom_url[i]),
                                    .fips = s->root->fips,
                                    .dualstack = s->root->dualstack,
                                    .legacy_sts = s->root->legacy_sts};
    int error = lnm_endpoint_url(&url, &e, err);
    if (error == 0) {
        error = lnm_endpoint_host(&host, lnm_buf_str(&url), err);
    }
    if (error == 0) {
        *place = (struct lnm_place){lnm_services[i],
                                    copy(lnm_buf_str(&url)),
                                    copy(lnm_buf_str(&host)),
                                    lnm_endpoint_signing_region(&e),
                                    s->root->custom_url[i] != NULL,
                                    lnm_endpoint_is_loopback(lnm_buf_str(&url))};
        if (place->url == NULL || place->host == NULL) {
            free(place->url);
            free(place->host);
            *place = (struct lnm_place){0};
            error = lnm_fail_nomem(err);
        }
    }
    lnm_buf_free(&url);
    lnm_buf_free(&host);
    return error;
}

static size_t index_of(const struct lnm_service *service) {
    size_t i = 0;
    while (i < LNM_SERVICE_COUNT && lnm_services[i] != service) {
        i++;
    }
    return i;
}

bool lnm_session_is_loopback(const struct lnm_session *s) {
    const char *url = s->root->custom_url[index_of(&lnm_ec2)];
    return url != NULL && lnm_endpoint_is_loopback(lnm_str_z(url));
}

int lnm_session__place(const struct lnm_place **out, struct lnm_session *s,
                       const struct lnm_service *service, struct lnm_err *err) {
    size_t i = index_of(service);
    if (i == LNM_SERVICE_COUNT) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "unknown service");
    }
    *out = &s->places[i];
    return s->places[i].service != NULL ? 0 : work_out(&s->places[i], s, i, err);
}

int lnm_session__take_reader(struct lnm_xml_reader **out, struct lnm_session *s,
                             struct lnm_err *err) {
    struct lnm_session_root *r = s->root;
    if (r->reader_count > 0) {
        *out = r->readers[--r->reader_count];
        return 0;
    }
    return lnm_xml_reader_new(out, NULL, err);
}

void lnm_session__give_reader(struct lnm_session *s, struct lnm_xml_reader *reader) {
    struct lnm_session_root *r = s->root;
    if (reader != NULL && r->reader_count < LNM_SESSION_READERS) {
        r->readers[r->reader_count++] = reader;
    } else {
        lnm_xml_reader_free(reader);
    }
}

const char *lnm_session_region(const struct lnm_session *s) {
    return s->region[0] != '\0' ? s->region : s->root->region;
}

bool lnm_session_seeks_region(const struct lnm_session *s) {
    return s->region[0] == '\0' && s->root->seeks_region;
}

void lnm_session_ask_account(struct lnm_session *s) {
    if (s->root->identity != NULL) {
        lnm_identity_ask_account(s->root->identity);
    }
}

const char *lnm_session_profile(const struct lnm_session *s) {
    return s->root->profile;
}

struct lnm_str lnm_session_access_key_id(const struct lnm_session *s) {
    const struct lnm_creds *c = lnm_identity_creds(s->root->identity);
    return c != NULL ? lnm_creds_access_key_id(c) : LNM_STR_NONE;
}

int64_t lnm_session_creds_expiry_us(const struct lnm_session *s) {
    const struct lnm_creds *c = lnm_identity_creds(s->root->identity);
    return c != NULL ? lnm_creds_expiry_us(c) : 0;
}

const char *lnm_session_creds_source(const struct lnm_session *s) {
    return lnm_identity_source(s->root->identity);
}

struct lnm_loop *lnm_session_loop(const struct lnm_session *s) {
    return s->loop;
}
