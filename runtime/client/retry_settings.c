/* retry_settings.c - the retry settings of the environment and the shared files. */
#include "client/retry_settings.h"

#include "client/settings.h"

#define ATTEMPTS 3
#define ATTEMPTS_MOST 100

static int attempts(struct lnm_retry_settings *out, struct lnm_str text, struct lnm_err *err) {
    int64_t n = ATTEMPTS;
    out->max_named = text.len > 0;
    if (text.len > 0 && (lnm_str_int64(&n, text) < 0 || n < 1 || n > ATTEMPTS_MOST)) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "max_attempts is '%.*s': say a whole number from 1 to %d", (int)text.len,
                        text.ptr, ATTEMPTS_MOST);
    }
    out->max_attempts = (unsigned)n;
    return 0;
}

/* "legacy" is the older form of "standard": it is accepted, and behaves like it. */
static int mode(struct lnm_retry_settings *out, struct lnm_str text, struct lnm_err *err) {
    out->adaptive = lnm_str_ieq(text, LNM_STR("adaptive"));
    bool known = text.len == 0 || out->adaptive || lnm_str_ieq(text, LNM_STR("standard")) ||
                 lnm_str_ieq(text, LNM_STR("legacy"));
    return known ? 0
                 : lnm_fail(err, LNM_ECONFIG, "Configuration",
                            "retry_mode is '%.*s': say standard or adaptive", (int)text.len,
                            text.ptr);
}

static int buckets(struct lnm_retry_settings *out, struct lnm_str text, struct lnm_err *err) {
    bool on = lnm_str_is(text, "on"), off = lnm_str_is(text, "off");
    out->buckets = on ? LNM_BUCKETS_ALWAYS : off ? LNM_BUCKETS_NEVER : LNM_BUCKETS_AWS;
    return text.len == 0 || on || off
               ? 0
               : lnm_fail(err, LNM_ECONFIG, "Configuration",
                          "LUNAMI_BUCKETS is '%.*s': say on or off", (int)text.len, text.ptr);
}

int lnm_retry_settings(struct lnm_retry_settings *out, const struct lnm_profiles *p,
                       const char *profile, struct lnm_err *err) {
    int error = attempts(
        out, lnm_settings_pick(NULL, "AWS_MAX_ATTEMPTS", NULL, p, profile, "max_attempts"), err);
    if (error == 0) {
        error = mode(out, lnm_settings_pick(NULL, "AWS_RETRY_MODE", NULL, p, profile, "retry_mode"),
                     err);
    }
    return error < 0
               ? error
               : buckets(out, lnm_settings_pick(NULL, "LUNAMI_BUCKETS", NULL, p, profile, NULL),
                         err);
}
