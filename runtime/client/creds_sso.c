/* creds_sso.c - IAM Identity Center: the token of `aws sso login`, refreshed when it can be, and
 * the credentials of a role by it.
 *
 * Whether the token has ended is told by this machine's clock, by which `aws sso login` wrote when
 * it will; a service that refuses it knows better: then it is refreshed, once. */
#include "aws/endpoint.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/text.h"
#include "client/provider.h"
#include "client/settings.h"
#include "client/whisper.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CACHE_MAX ((size_t)256 << 10)
#define EARLY_US (15 * 60 * LNM_SECOND_US) /* a token is refreshed so long before its end */

struct sso {
    struct lnm_identity *id;
    struct lnm_whisper whisper;
    struct lnm_profiles *profiles;
    char session[LNM_PROFILE_MAX]; /* "": the older form, without a session */
    char path[1200];               /* of the cached token */
    struct lnm_buf cache;          /* the file's text, which the token points into */
    struct lnm_sso_token token;
    bool refreshed; /* in this fetch */
};

static struct lnm_str setting(const struct sso *s, const char *name) {
    const char *profile = lnm_identity__profile(s->id);
    struct lnm_str found =
        s->session[0] != '\0' ? lnm_profiles_get(s->profiles, "sso-session", s->session, name, NULL)
                              : LNM_STR_NONE;
    return found.len > 0 ? found : lnm_profiles_get(s->profiles, "profile", profile, name, NULL);
}

static int log_in_again(const struct sso *s, struct lnm_err *err, const char *why) {
    const char *profile = lnm_identity__profile(s->id);
    return lnm_fail(err, LNM_ECREDS, "LoginNeeded",
                    "profile %s, IAM Identity Center: %s; log in again: aws sso login --profile %s",
                    profile, why, profile);
}

static int add_endpoint(struct lnm_buf *out, const struct sso *s, const char *id, const char *name,
                        const char *host, struct lnm_err *err) {
    const struct lnm_session_root *root = lnm_identity__root(s->id);
    struct lnm_endpoint_params e = {.service = lnm_str_z(host),
                                    .region = setting(s, "sso_region"),
                                    .fips = root->fips,
                                    .dualstack = root->dualstack};
    int error =
        lnm_settings_endpoint(&e.custom_url, s->profiles, root->profile, NULL, id, name, err);
    return error < 0 ? error : lnm_endpoint_url(out, &e, err);
}

static int refresh(struct sso *s, struct lnm_err *err);

static bool may_refresh(const struct sso *s) {
    const struct lnm_sso_token *t = &s->token;
    return s->session[0] != '\0' && !s->refreshed && t->refresh_token.len > 0 &&
           t->client_id.len > 0 && t->client_secret.len > 0 && t->registration_us > lnm_now_us();
}

/* ---- the role's credentials --------------------------------------------------------------------
 */

static void on_refused(struct sso *s) {
    struct lnm_err err;
    int error = may_refresh(s) ? refresh(s, &err)
                               : log_in_again(s, &err, "the session is not valid any more");
    if (error < 0) {
        lnm_identity__fetched(s->id, NULL, &err);
    }
}

static void on_credentials(void *arg, int status, struct lnm_str body, const struct lnm_err *why) {
    struct sso *s = arg;
    struct lnm_creds_text text;
    struct lnm_err err;
    int error;
    if (status == 401) {
        on_refused(s);
        return;
    }
    if (why != NULL) {
        err = *why;
        error = err.code;
    } else if (status == 403 || status == 404) {
        error = lnm_fail(&err, LNM_ECREDS, "Credentials",
                         "sso_account_id and sso_role_name of the profile name nothing that this "
                         "session may use (status %d)",
                         status);
    } else if (status != 200) {
        error = lnm_whisper_refused(status, &err);
    } else {
        error = lnm_creds_text_read(&text, LNM_CREDS_SSO, body, &err);
    }
    if (error == 0 && text.account.len == 0) {
        text.account = setting(s, "sso_account_id");
    }
    lnm_identity__fetched(s->id, error < 0 ? NULL : &text, &err);
}

static int ask_credentials(struct sso *s, struct lnm_err *err) {
    struct lnm_buf url = {0};
    int error = add_endpoint(&url, s, "SSO", "sso", "portal.sso", err);
    lnm_buf_addz(&url, "/federation/credentials?account_id=");
    lnm_text_percent(&url, setting(s, "sso_account_id"));
    lnm_buf_addz(&url, "&role_name=");
    lnm_text_percent(&url, setting(s, "sso_role_name"));
    error = error < 0 ? error : lnm_buf_check(&url, err);
    s->whisper.done = on_credentials;
    if (error == 0) {
        error =
            lnm_whisper_header(&s->whisper, "x-amz-sso_bearer_token", s->token.access_token, err);
    }
    if (error == 0) {
        error = lnm_whisper_start(&s->whisper, "GET", url.ptr, LNM_STR_NONE, err);
    }
    lnm_buf_free(&url);
    return error;
}

/* ---- a new token -------------------------------------------------------------------------------
 */

/* As the AWS CLI keeps it, for it and for the next run: whole or not at all, for nobody else's
 * eyes.
 */
static void store(const struct sso *s) {
    char path[1300];
    struct lnm_buf text = {.secret = true};
    (void)snprintf(path, sizeof path, "%s.%llx", s->path, (unsigned long long)lnm_random_u64());
    lnm_sso_token_write(&text, &s->token);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool whole = fd >= 0 && text.failed == 0 &&
                 write(fd, lnm_buf_str(&text).ptr, text.len) == (ssize_t)text.len;
    whole = fd >= 0 && close(fd) == 0 && whole;
    if (!whole || rename(path, s->path) < 0) {
        (void)unlink(path);
        lnm_log(LNM_LOG_WARN, "the refreshed login of profile %s cannot be kept in %s",
                lnm_identity__profile(s->id), s->path);
    }
    lnm_buf_cleanse(&text);
}

/* A token that is still good serves although it could not be refreshed. */
static void on_refreshed(void *arg, int status, struct lnm_str body, const struct lnm_err *why) {
    struct sso *s = arg;
    struct lnm_err err;
    int64_t now = lnm_now_us();
    struct lnm_buf kept = {.secret = true};
    lnm_buf_adds(&kept, body); /* the token will point into it */
    int error = why != NULL || status != 200
                    ? LNM_ECREDS
                    : lnm_sso_refresh_read(&s->token, lnm_buf_str(&kept), now, &err);
    if (error == 0) {
        store(s);
        error = ask_credentials(s, &err);
    } else if (s->token.expires_us > now) {
        error = ask_credentials(s, &err);
    } else if (why != NULL) {
        err = *why;
    } else {
        error = log_in_again(s, &err, "the session has ended and could not be refreshed");
    }
    lnm_buf_cleanse(&kept);
    if (error < 0) {
        lnm_identity__fetched(s->id, NULL, &err);
    }
}

static int refresh(struct sso *s, struct lnm_err *err) {
    struct lnm_buf url = {0}, body = {.secret = true};
    s->refreshed = true;
    lnm_sso_refresh_write(&body, &s->token);
    int error = add_endpoint(&url, s, "SSO_OIDC", "sso_oidc", "oidc", err);
    lnm_buf_addz(&url, "/token");
    s->whisper.done = on_refreshed;
    error = error < 0 ? error : lnm_buf_check(&url, err);
    if (error == 0) {
        error = lnm_whisper_header(&s->whisper, "Content-Type", LNM_STR("application/json"), err);
    }
    if (error == 0) {
        error = lnm_whisper_start(&s->whisper, "POST", url.ptr, lnm_buf_str(&body), err);
    }
    lnm_buf_free(&url);
    lnm_buf_cleanse(&body);
    return error;
}

/* ---- the cached one ----------------------------------------------------------------------------
 */

static int read_cache(struct sso *s, struct lnm_err *err) {
    char name[46], why[1500], folder[1100];
    struct lnm_str key =
        s->session[0] != '\0' ? lnm_str_z(s->session) : setting(s, "sso_start_url");
    lnm_sso_cache_name(name, key);
    if (!lnm_settings_expand(folder, sizeof folder, "~/.aws/sso/cache/")) {
        return log_in_again(s, err, "without HOME no login is found");
    }
    (void)snprintf(s->path, sizeof s->path, "%s%s", folder, name);
    lnm_buf_init(&s->cache, CACHE_MAX);
    int error = lnm_settings_read_keys(&s->cache, s->path, err);
    if (error == 0) {
        error = lnm_sso_token_read(&s->token, lnm_buf_str(&s->cache), err);
    }
    if (error == LNM_ENOTFOUND) {
        (void)snprintf(why, sizeof why, "there is no login in %s", s->path);
        return log_in_again(s, err, why);
    }
    if (error < 0) {
        (void)snprintf(why, sizeof why, "%s cannot be used (%.200s)", s->path, err->message);
        return log_in_again(s, err, why);
    }
    return 0;
}

static int use_token(struct sso *s, struct lnm_err *err) {
    int64_t now = lnm_now_us();
    if (s->token.expires_us < now + EARLY_US && may_refresh(s)) {
        return refresh(s, err);
    }
    return s->token.expires_us > now ? ask_credentials(s, err)
                                     : log_in_again(s, err, "the session has ended");
}

static int check_settings(struct sso *s, struct lnm_err *err) {
    static const char *const needed[] = {"sso_region", "sso_start_url"};
    const char *profile = lnm_identity__profile(s->id);
    if (setting(s, "sso_account_id").len == 0) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "selected profile will resolve an access token instead of credentials: "
                        "give profile '%s' sso_account_id and sso_role_name",
                        profile);
    }
    for (size_t i = 0; i < 2; i++) {
        if (setting(s, needed[i]).len == 0) {
            return lnm_fail(err, LNM_ECONFIG, "Configuration", "%s is not set for profile '%s'",
                            needed[i], profile);
        }
    }
    return 0;
}

static void end(void *state) {
    struct sso *s = state;
    lnm_whisper_end(&s->whisper);
    lnm_buf_cleanse(&s->cache);
    lnm_profiles_free(s->profiles);
    free(s);
}

static int begin(void **state, struct lnm_identity *id, struct lnm_err *err) {
    struct sso *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return lnm_fail_nomem(err);
    }
    *state = s;
    s->id = id;
    s->whisper = (struct lnm_whisper){.loop = lnm_identity__loop(id),
                                      .pool = lnm_identity__root(id)->pool,
                                      .attempts = 3,
                                      .dead_ends = 3,
                                      .pause_us = LNM_SECOND_US / 2,
                                      .arg = s};
    int error = lnm_settings_load(&s->profiles, err);
    if (error == 0) {
        struct lnm_str name = lnm_profiles_get(s->profiles, "profile", lnm_identity__profile(id),
                                               "sso_session", NULL);
        (void)snprintf(s->session, sizeof s->session, "%.*s", (int)name.len, name.ptr);
        error = check_settings(s, err);
    }
    error = error < 0 ? error : read_cache(s, err);
    return error < 0 ? error : use_token(s, err);
}

const struct lnm_provider lnm_provider_sso = {
    .name = "IAM Identity Center", .begin = begin, .end = end};
