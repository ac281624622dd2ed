/* switches.c - the switches by their names; the first value of each is what AWS documents best. */
#include "cloud/switches.h"

#define VALUES 5

static const struct {
    const char *name, *values[VALUES];
} switches[LNM_SWITCHES] = {
    {"account", {"active", "pending-verification", "blocked", "not-subscribed", NULL}},
    {"copy-failure-code", {"Client.InternalError", "Server.InternalError", NULL}},
    {"copy-image-key", {"same", "managed", NULL}},
    {"copy-snapshot-key", {"managed", "default", "same", NULL}},
    {"default-key-text", {"arn", "alias", NULL}},
    {"encrypted-false", {"refused", "ignored", NULL}},
    {"image-details", {"whole", "bare", NULL}},
    {"key-without-encrypted",
     {"InvalidParameterDependency", "InvalidParameterCombination", "InvalidParameterValue", NULL}},
    {"opt-in-regions", {"not-enabled", "enabled", NULL}},
    {"page-size", {"5-1000", "any", NULL}},
    {"unseen-snapshot", {"not-found", "omitted", NULL}}};

static int unknown(struct lnm_str name, size_t known, struct lnm_err *err) {
    struct lnm_buf list = {.max = 1024};
    for (size_t i = 0; known == LNM_SWITCHES && i < LNM_SWITCHES; i++) {
        lnm_buf_addf(&list, "%s%s", i > 0 ? ", " : "", switches[i].name);
    }
    for (size_t i = 0; known < LNM_SWITCHES && switches[known].values[i] != NULL; i++) {
        lnm_buf_addf(&list, "%s%s", i > 0 ? ", " : "", switches[known].values[i]);
    }
    int error = lnm_fail(err, LNM_EINVAL, "LocalCloud", "switch '%.*s': there is only %s",
                         (int)(name.len < 80 ? name.len : 80), name.ptr, lnm_buf_str(&list).ptr);
    lnm_buf_free(&list);
    return error;
}

int lnm_switches_read(struct lnm_cloud *c, const char *text, struct lnm_err *err) {
    struct lnm_str rest = lnm_str_z(text), one, name;
    while (rest.len > 0) {
        size_t s = 0, v = 0;
        rest = lnm_str_cut(rest, ',', &one);
        struct lnm_str value = lnm_str_cut(one, '=', &name);
        while (s < LNM_SWITCHES && !lnm_str_is(name, switches[s].name)) {
            s++;
        }
        while (s < LNM_SWITCHES && switches[s].values[v] != NULL &&
               !lnm_str_is(value, switches[s].values[v])) {
            v++;
        }
        if (s == LNM_SWITCHES || switches[s].values[v] == NULL) {
            return unknown(one, s, err);
        }
        c->switches[s] = (unsigned char)v;
    }
    return 0;
}

const char *lnm_switch_value(const struct lnm_cloud *c, enum lnm_switch s) {
    return switches[s].values[c->switches[s]];
}

bool lnm_switch_is(const struct lnm_cloud *c, enum lnm_switch s, const char *value) {
    return strcmp(lnm_switch_value(c, s), value) == 0;
}
