/* transport.c - the settings of the network, of AWS's names where there are any. */
#include "client/transport.h"

#include "client/settings.h"

#include <stdlib.h>

/* Source: SDKs reference, "Smart configuration defaults" (sdk-default-configuration.json). */
static const struct {
    const char *name;
    int64_t connect_timeout_ms; /* 0: the pool's own */
} modes[] = {{"legacy", 0},          {"standard", 3100}, {"in-region", 1100},
             {"cross-region", 3100}, {"mobile", 30000},  {"auto", 3100}};

static int connect_timeout(int64_t *out, const struct lnm_profiles *p, const char *profile,
                           struct lnm_err *err) {
    static const char env[] = "AWS_DEFAULTS_MODE", property[] = "defaults_mode";
    struct lnm_str mode = lnm_settings_pick(NULL, env, NULL, p, profile, property);
    *out = 0;
    if (mode.len == 0) {
        return 0;
    }
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (lnm_str_ieq(mode, lnm_str_z(modes[i].name))) {
            *out = modes[i].connect_timeout_ms;
            return 0;
        }
    }
    return lnm_settings_refuse(env, p, profile, property,
                               "legacy, standard, in-region, cross-region, mobile or auto", err);
}

int lnm_transport_pool(struct lnm_pool **out, const struct lnm_profiles *p, const char *profile,
                       const struct lnm_session_options *options, struct lnm_err *err) {
    struct lnm_str ca = lnm_settings_pick(NULL, "AWS_CA_BUNDLE", NULL, p, profile, "ca_bundle");
    struct lnm_pool_options o = {.timeout_ms = options->request_timeout_ms};
    int error = connect_timeout(&o.connect_timeout_ms, p, profile, err);
    char *path = error == 0 ? strndup(ca.len > 0 ? ca.ptr : "", ca.len) : NULL;
    if (error == 0 && path == NULL) {
        error = lnm_fail_nomem(err);
    }
    if (error == 0) {
        o.ca_bundle = path;
        o.connect_timeout_ms =
            options->connect_timeout_ms > 0 ? options->connect_timeout_ms : o.connect_timeout_ms;
        error = lnm_pool_new(out, &o, err);
    }
    free(path);
    return error;
}
