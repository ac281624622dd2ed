/* creds_keys.c - static keys: of the environment, and of a profile. */
#include "client/creds_keys.h"

#include "base/date.h"
#include "client/provider.h"
#include "client/settings.h"

/* AWS_CREDENTIAL_EXPIRATION: 0 when it is not set. Whether that is past the services know: our
 * clock may be wrong. */
static int expiration(int64_t *out, struct lnm_err *err) {
    struct lnm_str said = lnm_settings_env("AWS_CREDENTIAL_EXPIRATION");
    *out = 0;
    if (said.len > 0 && (lnm_date_parse(out, said) < 0 || *out <= 0)) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration",
                        "AWS_CREDENTIAL_EXPIRATION is '%.*s': say a time like 2026-11-24T20:00:00Z",
                        (int)(said.len < 80 ? said.len : 80), said.ptr);
    }
    return 0;
}

/* AWS_ACCOUNT_ID: whose they are said to be; a run of theirs belongs to it. */
static int account(struct lnm_str *out, struct lnm_err *err) {
    struct lnm_str said = *out = lnm_settings_env("AWS_ACCOUNT_ID");
    size_t digits = 0;
    while (digits < said.len && said.ptr[digits] >= '0' && said.ptr[digits] <= '9') {
        digits++;
    }
    return said.len == 0 || (digits == 12 && said.len == 12)
               ? 0
               : lnm_settings_refuse("AWS_ACCOUNT_ID", NULL, NULL, NULL,
                                     "the 12 digits of an account", err);
}

int lnm_creds_from_environment(struct lnm_creds **out, struct lnm_err *err) {
    struct lnm_creds_text text = {
        .id = lnm_settings_env("AWS_ACCESS_KEY_ID"),
        .secret = lnm_settings_env("AWS_SECRET_ACCESS_KEY"),
        .token =
            lnm_settings_pick(NULL, "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", NULL, NULL, NULL)};
    if (text.id.len == 0 || text.secret.len == 0) {
        return lnm_fail(err, LNM_ECREDS, "Credentials",
                        "the environment was to give the credentials, but AWS_ACCESS_KEY_ID and "
                        "AWS_SECRET_ACCESS_KEY are not both set");
    }
    int error = account(&text.account, err);
    error = error < 0 ? error : expiration(&text.expiry_us, err);
    return error < 0 ? error : lnm_creds_new(out, &text, "the environment", err);
}

/* The file is read again: somebody may have put newer keys there. */
static int begin(void **state, struct lnm_identity *id, struct lnm_err *err) {
    const char *profile = lnm_identity__profile(id);
    struct lnm_profiles *p = NULL;
    int error = lnm_settings_load(&p, err);
    (void)state;
    if (error == 0) {
        struct lnm_creds_text text = {
            .id = lnm_profiles_get(p, "profile", profile, "aws_access_key_id", NULL),
            .secret = lnm_profiles_get(p, "profile", profile, "aws_secret_access_key", NULL),
            .token = lnm_profiles_get(p, "profile", profile, "aws_session_token", NULL),
            .account = lnm_profiles_get(p, "profile", profile, "aws_account_id", NULL)};
        lnm_identity__fetched(id, &text, NULL);
    }
    lnm_profiles_free(p);
    return error;
}

const struct lnm_provider lnm_provider_keys = {
    .name = "its keys in the shared files", .may_move = true, .begin = begin};
