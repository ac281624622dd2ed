/* chain.c - the order of the sources. A profile has one source; a role's source is another profile,
 * or is named. */
#include "client/chain.h"

#include "client/settings.h"

#include <stdio.h>
#include <stdlib.h>

struct planner {
    struct lnm_chain *out;
    const struct lnm_profiles *p;
    struct lnm_err *err;
};

static struct lnm_str get(const struct planner *w, const char *profile, const char *property) {
    return lnm_profiles_get(w->p, "profile", profile, property, NULL);
}

static bool has(const struct planner *w, const char *profile, const char *property) {
    return get(w, profile, property).len > 0;
}

static bool env_has(const char *name) {
    return lnm_settings_env(name).len > 0;
}

/* An error that begins with the place of a property. */
static int wrong(const struct planner *w, const char *profile, const char *property,
                 const char *why) {
    char place[300];
    lnm_profiles_place(place, sizeof place, w->p, "profile", profile, property);
    return lnm_fail(w->err, LNM_ECREDS, "Credentials", "%sprofile '%s': %s", place, profile, why);
}

static int plan(struct planner *w, enum lnm_source source, const char *profile) {
    w->out->source = source;
    (void)snprintf(w->out->profile, sizeof w->out->profile, "%s", profile);
    return 0;
}

static int plan_profile(struct planner *w, const char *profile);

/* ---- roles -------------------------------------------------------------------------------------
 */

static int plan_named_source(struct planner *w, const char *profile) {
    static const struct {
        const char *name;
        enum lnm_source source;
    } known[] = {{"Environment", LNM_SOURCE_ENVIRONMENT},
                 {"Ec2InstanceMetadata", LNM_SOURCE_INSTANCE},
                 {"EcsContainer", LNM_SOURCE_CONTAINER}};
    struct lnm_str name = get(w, profile, "credential_source");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (lnm_str_ieq(name, lnm_str_z(known[i].name))) {
            return plan(w, known[i].source, "");
        }
    }
    return wrong(w, profile, "credential_source",
                 "credential_source is Environment, Ec2InstanceMetadata or EcsContainer");
}

static bool is_visited(const struct planner *w, const char *profile) {
    for (size_t i = 0; i < w->out->role_count; i++) {
        if (strcmp(w->out->roles[i], profile) == 0) {
            return true;
        }
    }
    return false;
}

static int plan_keys(struct planner *w, const char *profile);

/* The profile that a role's credentials come from: its static keys before its own role. */
static int plan_source_profile(struct planner *w, const char *profile) {
    char source[LNM_PROFILE_MAX], why[400];
    struct lnm_str name = get(w, profile, "source_profile");
    (void)snprintf(source, sizeof source, "%.*s", (int)name.len, name.ptr);
    if (!lnm_profiles_has(w->p, "profile", source)) {
        (void)snprintf(why, sizeof why, "could not find source profile %s referenced from %s",
                       source, profile);
        return wrong(w, profile, "source_profile", why);
    }
    if (strcmp(source, profile) == 0) {
        return plan_keys(w, source);
    }
    if (is_visited(w, source)) {
        return wrong(w, profile, "source_profile",
                     "its source_profile leads back to it: the profile formed an infinite loop");
    }
    bool keys = has(w, source, "aws_access_key_id") || has(w, source, "aws_secret_access_key");
    int error = keys ? plan_keys(w, source) : plan_profile(w, source);
    if (error == LNM_ENOTFOUND) {
        (void)snprintf(why, sizeof why, "profile `%s` did not contain credential information",
                       source);
        error = wrong(w, profile, "source_profile", why);
    }
    return error;
}

/* Found from the last role on; turned round when the source is known. */
static int plan_role(struct planner *w, const char *profile) {
    bool from_profile = has(w, profile, "source_profile");
    bool from_source = has(w, profile, "credential_source");
    if (w->out->role_count == LNM_ROLES_MAX) {
        return wrong(w, profile, "role_arn", "too many roles one after the other");
    }
    (void)snprintf(w->out->roles[w->out->role_count++], LNM_PROFILE_MAX, "%s", profile);
    if (from_profile && from_source) {
        return wrong(w, profile, "credential_source",
                     "profile contained both source_profile and credential_source: one is enough");
    }
    if (!from_profile && !from_source) {
        return wrong(w, profile, "role_arn",
                     "a role needs someone who assumes it: the profile must contain "
                     "`source_profile` or `credential_source`");
    }
    return from_profile ? plan_source_profile(w, profile) : plan_named_source(w, profile);
}

static void turn_roles_round(struct lnm_chain *c) {
    for (size_t i = 0; i < c->role_count / 2; i++) {
        char keep[LNM_PROFILE_MAX];
        size_t j = c->role_count - 1 - i;
        memcpy(keep, c->roles[i], sizeof keep);
        memcpy(c->roles[i], c->roles[j], sizeof keep);
        memcpy(c->roles[j], keep, sizeof keep);
    }
}

/* ---- one profile -------------------------------------------------------------------------------
 */

static int plan_keys(struct planner *w, const char *profile) {
    if (!has(w, profile, "aws_secret_access_key")) {
        return wrong(w, profile, "aws_access_key_id",
                     has(w, profile, "aws_access_key_id")
                         ? "profile missing aws_secret_access_key; aws_access_key_id is there"
                         : "it has no keys of its own");
    }
    return has(w, profile, "aws_access_key_id")
               ? plan(w, LNM_SOURCE_KEYS, profile)
               : wrong(w, profile, "aws_secret_access_key",
                       "profile missing aws_access_key_id; aws_secret_access_key is there");
}

static bool is_sso(const struct planner *w, const char *profile) {
    return has(w, profile, "sso_session") || has(w, profile, "sso_start_url") ||
           has(w, profile, "sso_account_id") || has(w, profile, "sso_role_name");
}

/* What stands in a [sso-session] may not stand otherwise in the profile. */
static int check_sso_session(struct planner *w, const char *profile) {
    static const char *const shared[] = {"sso_region", "sso_start_url"};
    char session[LNM_PROFILE_MAX], why[300];
    struct lnm_str name = get(w, profile, "sso_session");
    (void)snprintf(session, sizeof session, "%.*s", (int)name.len, name.ptr);
    if (!lnm_profiles_has(w->p, "sso-session", session)) {
        (void)snprintf(why, sizeof why,
                       "sso-session named `%s` (referenced by profile `%s`) was not found", session,
                       profile);
        return wrong(w, profile, "sso_session", why);
    }
    for (size_t i = 0; i < 2; i++) {
        struct lnm_str own = get(w, profile, shared[i]);
        if (own.len > 0 &&
            !lnm_str_eq(own, lnm_profiles_get(w->p, "sso-session", session, shared[i], NULL))) {
            (void)snprintf(why, sizeof why,
                           "`%s` can only be specified in the [sso-session] config when a session "
                           "name is given",
                           shared[i]);
            return wrong(w, profile, shared[i], why);
        }
    }
    return 0;
}

static int plan_sso(struct planner *w, const char *profile) {
    bool account = has(w, profile, "sso_account_id"), role = has(w, profile, "sso_role_name");
    if (account != role) {
        return wrong(w, profile, account ? "sso_account_id" : "sso_role_name",
                     account ? "if `sso_account_id` is set, then `sso_role_name` must also be set"
                             : "if `sso_role_name` is set, then `sso_account_id` must also be set");
    }
    int error = has(w, profile, "sso_session") ? check_sso_session(w, profile) : 0;
    return error < 0 ? error : plan(w, LNM_SOURCE_SSO, profile);
}

static int plan_web_identity(struct planner *w, const char *profile) {
    return has(w, profile, "role_arn")
               ? plan(w, LNM_SOURCE_WEB_IDENTITY, profile)
               : wrong(w, profile, "web_identity_token_file",
                       "`web_identity_token_file` was specified but `role_arn` was missing");
}

static bool assumes_role(const struct planner *w, const char *profile) {
    return has(w, profile, "role_arn") && !has(w, profile, "web_identity_token_file");
}

/* LNM_ENOTFOUND when it tells nothing about credentials. */
static int plan_profile(struct planner *w, const char *profile) {
    bool keys = has(w, profile, "aws_access_key_id") || has(w, profile, "aws_secret_access_key");
    if (assumes_role(w, profile)) {
        return plan_role(w, profile);
    }
    if (has(w, profile, "web_identity_token_file")) {
        return plan_web_identity(w, profile);
    }
    if (is_sso(w, profile)) {
        return plan_sso(w, profile);
    }
    if (has(w, profile, "credential_process") &&
        !(keys && lnm_profiles_in_credentials(w->p, profile, "aws_access_key_id"))) {
        return plan(w, LNM_SOURCE_PROCESS, profile);
    }
    if (keys) {
        return plan_keys(w, profile);
    }
    return LNM_ENOTFOUND;
}

/* ---- everything --------------------------------------------------------------------------------
 */

static int plan_environment(struct planner *w) {
    return env_has("AWS_SECRET_ACCESS_KEY")
               ? plan(w, LNM_SOURCE_ENVIRONMENT, "")
               : lnm_fail(w->err, LNM_ECREDS, "Credentials",
                          "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not: set both "
                          "or none");
}

void lnm_chain_list_profiles(char *to, size_t size, const struct lnm_profiles *p) {
    struct lnm_str names[10];
    size_t at = 0, count = lnm_profiles_names(p, names, 10);
    to[0] = '\0';
    for (size_t i = 0; i < count && at + names[i].len + 20 <= size; i++) {
        at += (size_t)snprintf(to + at, size - at, "%s%.*s", i == 0 ? " (there are: " : ", ",
                               (int)names[i].len, names[i].ptr);
    }
    if (at > 0) {
        (void)snprintf(to + at, size - at, ")");
    }
}

/* The machine's own: a container, else an instance. */
static int plan_machine(struct planner *w) {
    bool container = env_has("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
                     env_has("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    w->out->by_default = !container;
    return plan(w, container ? LNM_SOURCE_CONTAINER : LNM_SOURCE_INSTANCE, "");
}

static int check_profile(struct planner *w, const char *profile, bool named) {
    char known[300];
    if (lnm_profiles_has(w->p, "profile", profile) || (!named && lnm_settings_profile().len == 0)) {
        return 0;
    }
    lnm_chain_list_profiles(known, sizeof known, w->p);
    return lnm_fail(w->err, LNM_ECREDS, "Credentials",
                    "there is no profile '%s' in the shared files%s", profile, known);
}

int lnm_chain_plan(struct lnm_chain *out, const struct lnm_profiles *p, const char *profile,
                   bool named, struct lnm_err *err) {
    struct planner w = {out, p, err};
    memset(out, 0, sizeof *out);
    if (!named && env_has("AWS_ACCESS_KEY_ID")) {
        return plan_environment(&w);
    }
    int error = check_profile(&w, profile, named);
    if (error < 0) {
        return error;
    }
    if (!named && env_has("AWS_WEB_IDENTITY_TOKEN_FILE") && !assumes_role(&w, profile)) {
        return env_has("AWS_ROLE_ARN") ? plan(&w, LNM_SOURCE_WEB_IDENTITY, "")
                                       : lnm_fail(err, LNM_ECONFIG, "Configuration",
                                                  "AWS_WEB_IDENTITY_TOKEN_FILE needs AWS_ROLE_ARN");
    }
    error = plan_profile(&w, profile);
    turn_roles_round(out);
    return error == LNM_ENOTFOUND && out->role_count == 0 ? plan_machine(&w) : error;
}
