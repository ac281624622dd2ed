/* retry_settings.c - the retry settings of the environment and the shared files. */
#include "client/retry_settings.h"

#include "client/settings.h"

#define ATTEMPTS 3
#define ATTEMPTS_MOST 100

static int attempts(struct lnm_retry_settings *out, const struct lnm_profiles *p,
                    const char *profile, struct lnm_err *err) {
    static const char env[] = "AWS_MAX_ATTEMPTS", property[] = "max_attempts";
    struct lnm_str text = lnm_settings_pick(NULL, env, NULL, p, profile, property);
    int64_t n = ATTEMPTS;
    out->max_named = text.len > 0;
    if (text.len > 0 && (lnm_str_int64(&n, text) < 0 || n < 1 || n > ATTEMPTS_MOST)) {
        return lnm_settings_refuse(env, p, profile, property, "a whole number from 1 to 100", err);
    }
    out->max_attempts = (unsigned)n;
    return 0;
}

/* "legacy" is the older form of "standard": it is accepted, and behaves like it. */
static int mode(struct lnm_retry_settings *out, const struct lnm_profiles *p, const char *profile,
                struct lnm_err *err) {
    static const char env[] = "AWS_RETRY_MODE", property[] = "retry_mode";
    struct lnm_str text = lnm_settings_pick(NULL, env, NULL, p, profile, property);
    out->adaptive = lnm_str_ieq(text, LNM_STR("adaptive"));
    bool known = text.len == 0 || out->adaptive || lnm_str_ieq(text, LNM_STR("standard")) ||
                 lnm_str_ieq(text, LNM_STR("legacy"));
    return known ? 0 : lnm_settings_refuse(env, p, profile, property, "standard or adaptive", err);
}

static int buckets(struct lnm_retry_settings *out, struct lnm_err *err) {
    static const char env[] = "LUNAMI_BUCKETS";
    struct lnm_str text = lnm_settings_env(env);
    bool on = lnm_str_is(text, "on"), off = lnm_str_is(text, "off");
    out->buckets = on ? LNM_BUCKETS_ALWAYS : off ? LNM_BUCKETS_NEVER : LNM_BUCKETS_AWS;
    return text.len == 0 || on || off
               ? 0
               : lnm_settings_refuse(env, NULL, NULL, NULL, "on or off", err);
}

int lnm_retry_settings(struct lnm_retry_settings *out, const struct lnm_profiles *p,
                       const char *profile, struct lnm_err *err) {
    int error = attempts(out, p, profile, err);
    error = error < 0 ? error : mode(out, p, profile, err);
    return error < 0 ? error : buckets(out, err);
}
