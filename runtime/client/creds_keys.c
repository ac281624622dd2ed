/* creds_keys.c - static keys: of the environment, and of a profile. */
#include "client/creds_keys.h"

#include "client/provider.h"
#include "client/settings.h"

int lnm_creds_from_environment(struct lnm_creds **out, struct lnm_err *err) {
    struct lnm_creds_text text = {.id = lnm_settings_env("AWS_ACCESS_KEY_ID"),
                                  .secret = lnm_settings_env("AWS_SECRET_ACCESS_KEY"),
                                  .token = lnm_settings_env("AWS_SESSION_TOKEN"),
                                  .account = lnm_settings_env("AWS_ACCOUNT_ID")};
    if (text.id.len == 0 || text.secret.len == 0) {
        return lnm_fail(err, LNM_ECREDS, "Credentials",
                        "the environment was to give the credentials, but AWS_ACCESS_KEY_ID and "
                        "AWS_SECRET_ACCESS_KEY are not both set");
    }
    return lnm_creds_new(out, &text, "the environment", err);
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
