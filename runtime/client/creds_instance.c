/* creds_instance.c - the role of an EC2 instance, by IMDSv2.
 *
 * Version 1 only where AWS_EC2_METADATA_V1_DISABLED or its setting says "false": whoever can make
 * this machine send a plain GET could ask it, too. */
#include "client/creds_instance.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "client/provider.h"
#include "client/settings.h"
#include "client/whisper.h"

#include <stdio.h>
#include <stdlib.h>

#define ROLES "/latest/meta-data/iam/security-credentials/"
#define REGION "/latest/meta-data/placement/region"
#define ATTEMPTS 3 /* when the service answers, but with a failure of its own */
#define STALE_US (15 * 60 * LNM_SECOND_US)

enum stage { ASK_TOKEN, ASK_ROLE, ASK_REGION, ASK_CREDENTIALS };

struct instance {
    struct lnm_identity *id;
    struct lnm_whisper whisper;
    enum stage stage;
    bool v1_allowed, token_renewed;
    char role[80];
    struct lnm_buf endpoint, token;
};

/* ---- settings ----------------------------------------------------------------------------------
 */

static bool is_url(struct lnm_str s) {
    bool ok = lnm_str_starts(s, LNM_STR("http://")) || lnm_str_starts(s, LNM_STR("https://"));
    for (size_t i = 0; ok && i < s.len; i++) {
        ok = s.ptr[i] > ' ' && s.ptr[i] < 0x7f;
    }
    return ok;
}

int lnm_instance_endpoint(struct lnm_buf *out, const struct lnm_profiles *p, const char *profile,
                          struct lnm_err *err) {
    struct lnm_str url = lnm_settings_pick(NULL, "AWS_EC2_METADATA_SERVICE_ENDPOINT", NULL, p,
                                           profile, "ec2_metadata_service_endpoint");
    struct lnm_str mode = lnm_settings_pick(NULL, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", NULL, p,
                                            profile, "ec2_metadata_service_endpoint_mode");
    if (url.len > 0 && !is_url(url)) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "'%.*s' is no URL: invalid uri character in the endpoint of the instance "
                        "metadata",
                        (int)url.len, url.ptr);
    }
    if (url.len == 0 && lnm_str_ieq(mode, LNM_STR("IPv6"))) {
        url = LNM_STR("http://[fd00:ec2::254]");
    } else if (url.len == 0 && (mode.len == 0 || lnm_str_ieq(mode, LNM_STR("IPv4")))) {
        url = LNM_STR("http://169.254.169.254");
    } else if (url.len == 0) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "`%.*s` is not a valid endpoint mode of the instance metadata: say IPv4 or "
                        "IPv6",
                        (int)mode.len, mode.ptr);
    }
    while (url.len > 0 && url.ptr[url.len - 1] == '/') {
        url.len--;
    }
    lnm_buf_adds(out, url);
    return lnm_buf_check(out, err);
}

/* 1 when nothing says it. */
static int number(int64_t *out, const struct lnm_profiles *p, const char *profile, const char *env,
                  const char *property, int64_t most, struct lnm_err *err) {
    struct lnm_str s = lnm_settings_pick(NULL, env, NULL, p, profile, property);
    char allowed[60];
    *out = 1;
    if (s.len == 0 || (lnm_str_int64(out, s) == 0 && *out >= 1 && *out <= most)) {
        return 0;
    }
    (void)snprintf(allowed, sizeof allowed, "a whole number from 1 to %lld", (long long)most);
    return lnm_settings_refuse(env, p, profile, property, allowed, err);
}

static int set_patience(struct instance *i, const struct lnm_profiles *p, const char *profile,
                        struct lnm_err *err) {
    int64_t attempts, seconds;
    int error = number(&attempts, p, profile, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                       "metadata_service_num_attempts", 100, err);
    if (error == 0) {
        error = number(&seconds, p, profile, "AWS_METADATA_SERVICE_TIMEOUT",
                       "metadata_service_timeout", 3600, err);
    }
    if (error == 0) {
        i->whisper.dead_ends = (unsigned)attempts;
        i->whisper.attempts = attempts > ATTEMPTS ? (unsigned)attempts : ATTEMPTS;
        i->whisper.timeout_ms = 1000 * seconds;
    }
    return error;
}

static int configure(struct instance *i, const struct lnm_profiles *p, struct lnm_err *err) {
    const char *profile = lnm_identity__root(i->id)->profile;
    bool off = false, no_v1 = true;
    int error = lnm_settings_flag(&off, "AWS_EC2_METADATA_DISABLED", p, profile, NULL, err);
    if (error == 0) {
        error = lnm_settings_flag(&no_v1, "AWS_EC2_METADATA_V1_DISABLED", p, profile,
                                  "ec2_metadata_v1_disabled", err);
    }
    if (error < 0 || off) {
        return error < 0
                   ? error
                   : lnm_fail(err, LNM_ECREDS, "Credentials", "AWS_EC2_METADATA_DISABLED is true");
    }
    i->v1_allowed = !no_v1;
    error = set_patience(i, p, profile, err);
    return error < 0 ? error : lnm_instance_endpoint(&i->endpoint, p, profile, err);
}

/* ---- asking ------------------------------------------------------------------------------------
 */

static int ask(struct instance *i, enum stage stage, struct lnm_err *err) {
    char url[700];
    i->stage = stage;
    (void)snprintf(url, sizeof url, "%s%s%s", lnm_buf_str(&i->endpoint).ptr,
                   stage == ASK_TOKEN    ? "/latest/api/token"
                   : stage == ASK_REGION ? REGION
                                         : ROLES,
                   stage == ASK_CREDENTIALS ? i->role : "");
    int error = 0;
    if (stage == ASK_TOKEN) {
        error = lnm_whisper_header(&i->whisper, "x-aws-ec2-metadata-token-ttl-seconds",
                                   LNM_STR("21600"), err);
    } else if (i->token.len > 0) {
        error = lnm_whisper_header(&i->whisper, "x-aws-ec2-metadata-token", lnm_buf_str(&i->token),
                                   err);
    }
    return error < 0 ? error
                     : lnm_whisper_start(&i->whisper, stage == ASK_TOKEN ? "PUT" : "GET", url,
                                         LNM_STR_NONE, err);
}

/* [\w+=,.@-]{1,64}: it becomes part of a path. */
static bool is_role(struct lnm_str s) {
    bool ok = s.len > 0 && s.len <= 64;
    for (size_t i = 0; ok && i < s.len; i++) {
        char c = s.ptr[i];
        ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             (c != '\0' && strchr("_+=,.@-", c) != NULL);
    }
    return ok;
}

static int take_role(struct instance *i, struct lnm_str body, struct lnm_err *err) {
    struct lnm_str first;
    (void)lnm_str_cut(body, '\n', &first);
    first = lnm_str_trim(first);
    if (!is_role(first)) {
        return lnm_fail(err, LNM_ECREDS, "Credentials", "what it calls the role is no role's name");
    }
    (void)snprintf(i->role, sizeof i->role, "%.*s", (int)first.len, first.ptr);
    const struct lnm_session_root *root = lnm_identity__root(i->id);
    bool seeks = root->seeks_region && root->region[0] == '\0';
    return ask(i, seeks ? ASK_REGION : ASK_CREDENTIALS, err);
}

/* Without an answer that is one, calls say that there is none. */
static int take_region(struct instance *i, int status, struct lnm_str body, struct lnm_err *err) {
    struct lnm_session_root *root = lnm_identity__root(i->id);
    struct lnm_str name = lnm_str_trim(body);
    size_t good = 0;
    while (good < name.len &&
           ((name.ptr[good] >= 'a' && name.ptr[good] <= 'z') ||
            (name.ptr[good] >= '0' && name.ptr[good] <= '9') || name.ptr[good] == '-')) {
        good++;
    }
    if (status == 200 && good == name.len && name.len < sizeof root->region) {
        lnm_str_copy(root->region, sizeof root->region, name);
    }
    return ask(i, ASK_CREDENTIALS, err);
}

/* When the service is ill it tells old credentials, which AWS then honours for longer. */
static void stretch(struct lnm_creds_text *text) {
    int64_t now = lnm_now_us();
    if (text->expiry_us != 0 && text->expiry_us < now + LNM_SECOND_US * 60) {
        text->expiry_us = now + STALE_US + (int64_t)(lnm_random_u64() % (5 * 60 * LNM_SECOND_US));
        lnm_log(LNM_LOG_WARN, "the instance's credentials have expired and it has no newer ones: "
                              "they are used for another quarter of an hour");
    }
}

static int take_credentials(struct instance *i, struct lnm_str body, struct lnm_err *err) {
    struct lnm_creds_text text;
    int error = lnm_creds_text_read(&text, LNM_CREDS_METADATA, body, err);
    if (error == 0) {
        stretch(&text);
        lnm_identity__fetched(i->id, &text, NULL);
    }
    return error;
}

static int refused(struct instance *i, int status, struct lnm_err *err) {
    if (i->stage == ASK_TOKEN && status == 403) {
        return lnm_fail(err, LNM_ECREDS, "Credentials", "request forbidden: IMDS is disabled");
    }
    return i->stage == ASK_ROLE && status == 404
               ? lnm_fail(err, LNM_ECREDS, "Credentials", "the instance has no role")
               : lnm_whisper_refused(status, err);
}

/* Without a token: by version 1 where that is allowed. */
static int without_token(struct instance *i, int status, const struct lnm_err *why,
                         struct lnm_err *err) {
    bool silent = why != NULL && strcmp(why->name, "Timeout") == 0;
    if (i->v1_allowed && (silent || status == 403 || status == 404 || status == 405)) {
        lnm_log(LNM_LOG_INFO, "IMDSv2 is not there; asking version 1, as the settings allow");
        return ask(i, ASK_ROLE, err);
    }
    if (why != NULL) {
        *err = *why;
        return err->code;
    }
    return refused(i, status, err);
}

static int go_on(struct instance *i, int status, struct lnm_str body, struct lnm_err *err) {
    if (i->stage == ASK_TOKEN) {
        lnm_buf_cleanse(&i->token);
        lnm_buf_adds(&i->token, lnm_str_trim(body));
        return ask(i, ASK_ROLE, err);
    }
    if (status == 401 && !i->token_renewed) {
        i->token_renewed = true;
        return ask(i, ASK_TOKEN, err);
    }
    if (i->stage == ASK_REGION) {
        return take_region(i, status, body, err);
    }
    if (status != 200) {
        return refused(i, status, err);
    }
    return i->stage == ASK_ROLE ? take_role(i, body, err) : take_credentials(i, body, err);
}

static void on_answer(void *arg, int status, struct lnm_str body, const struct lnm_err *why) {
    struct instance *i = arg;
    struct lnm_err err = {0};
    int error;
    if (i->stage == ASK_TOKEN && (why != NULL || status != 200)) {
        error = without_token(i, status, why, &err);
    } else if (why != NULL) {
        err = *why;
        error = err.code;
    } else {
        error = go_on(i, status, body, &err);
    }
    if (error < 0) {
        lnm_identity__fetched(i->id, NULL, &err);
    }
}

static void end(void *state) {
    struct instance *i = state;
    lnm_whisper_end(&i->whisper);
    lnm_buf_cleanse(&i->token);
    lnm_buf_free(&i->endpoint);
    free(i);
}

static int begin(void **state, struct lnm_identity *id, struct lnm_err *err) {
    struct lnm_profiles *p = NULL;
    struct instance *i = calloc(1, sizeof *i);
    if (i == NULL) {
        return lnm_fail_nomem(err);
    }
    *state = i;
    i->id = id;
    i->whisper = (struct lnm_whisper){.loop = lnm_identity__loop(id),
                                      .pool = lnm_identity__root(id)->pool,
                                      .pause_us = LNM_SECOND_US / 10,
                                      .done = on_answer,
                                      .arg = i};
    int error = lnm_settings_load(&p, err);
    if (error == 0) {
        error = configure(i, p, err);
    }
    lnm_profiles_free(p);
    return error < 0 ? error : ask(i, ASK_TOKEN, err);
}

const struct lnm_provider lnm_provider_instance = {
    .name = "instance metadata", .may_move = true, .begin = begin, .end = end};
