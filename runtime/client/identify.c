/* identify.c - the identity of a session that is opened: one source, and the sessions between for
 * the roles that are assumed one after the other. */
#include "client/creds_keys.h"
#include "client/internal.h"
#include "client/settings.h"

#include <stdio.h>

static int use_fixed(struct lnm_session_root *root, struct lnm_creds *creds, struct lnm_err *err) {
    int error = lnm_identity_new_fixed(&root->identity, creds, err);
    lnm_str_copy(root->account, sizeof root->account, lnm_creds_account(creds));
    lnm_creds_unref(creds);
    return error;
}

/* Where a chain begins. What needs no waiting is looked at here, so that what is wrong with it is
 * said before a run begins. */
static int use_source(struct lnm_session *s, const struct lnm_chain *chain, struct lnm_err *err) {
    struct lnm_creds *creds;
    if (chain->source == LNM_SOURCE_ENVIRONMENT) {
        int error = lnm_creds_from_environment(&creds, err);
        return error < 0 ? error : use_fixed(s->root, creds, err);
    }
    int error = lnm_identity_new(&s->root->identity, s->root, s->loop, s->region, chain->source,
                                 chain->profile, chain->by_default, err);
    bool off = false;
    if (error == 0 && chain->source == LNM_SOURCE_INSTANCE) {
        error = lnm_settings_flag(&off, "AWS_EC2_METADATA_DISABLED", NULL, NULL, NULL, err);
        s->root->seeks_region = !off && s->region[0] == '\0';
    }
    bool at_once = chain->source == LNM_SOURCE_KEYS || (chain->by_default && off);
    return error < 0 || !at_once ? error
                                 : lnm_identity_need(s->root->identity, NULL, NULL, NULL, err);
}

/* A session between: the settings of s, and an identity of its own. */
static int between(struct lnm_session **out, const struct lnm_session *s, struct lnm_err *err) {
    return lnm_session__with(out, s->root, s->loop, s->region, NULL, err);
}

static int use_role(struct lnm_session *s, struct lnm_session *base, const struct lnm_profiles *p,
                    const char *profile, struct lnm_err *err) {
    static const char *const names[] = {"role_arn", "role_session_name", "external_id",
                                        "mfa_serial"};
    char text[4][1300], what[LNM_PROFILE_MAX + 20];
    int64_t duration = 0;
    for (size_t i = 0; i < 4; i++) {
        lnm_str_copy(text[i], sizeof text[i],
                     lnm_profiles_get(p, "profile", profile, names[i], NULL));
    }
    (void)lnm_str_int64(&duration,
                        lnm_profiles_get(p, "profile", profile, "duration_seconds", NULL));
    (void)snprintf(what, sizeof what, "profile %s, ", profile);
    struct lnm_role role = {text[0], text[1], text[2], text[3], duration};
    return lnm_identity_new_role(&s->root->identity, s->root, base, &role, what, err);
}

/* Each role is assumed by a session of its own, the last one by s. */
static int use_chain(struct lnm_session *s, const struct lnm_profiles *p,
                     const struct lnm_chain *chain, struct lnm_err *err) {
    struct lnm_session *base = NULL, *next = NULL;
    int error = between(&base, s, err);
    error = error < 0 ? error : use_source(base, chain, err);
    bool seeks = error == 0 && base->root->seeks_region;
    for (size_t i = 0; error == 0 && i < chain->role_count; i++) {
        bool last = i + 1 == chain->role_count;
        error = last ? 0 : between(&next, s, err);
        if (error == 0) {
            (last ? s : next)->root->seeks_region = seeks;
            error = use_role(last ? s : next, base, p, chain->roles[i], err);
        }
        lnm_session_unref(base);
        base = next;
        next = NULL;
    }
    lnm_session_unref(base);
    return error;
}

int lnm_session__identify(struct lnm_session *s, const struct lnm_profiles *p,
                          const struct lnm_session_options *o, struct lnm_err *err) {
    struct lnm_chain chain;
    if (o->access_key_id != NULL && o->access_key_id[0] != '\0') {
        struct lnm_creds_text text = {.id = lnm_str_z(o->access_key_id),
                                      .secret = lnm_str_z(o->secret_access_key),
                                      .token = lnm_str_z(o->session_token)};
        struct lnm_creds *creds;
        int error = lnm_creds_new(&creds, &text, "the recipe", err);
        return error < 0 ? error : use_fixed(s->root, creds, err);
    }
    int error = lnm_chain_plan(&chain, p, s->root->profile, o->profile != NULL, err);
    if (error < 0) {
        return error;
    }
    return chain.role_count > 0 ? use_chain(s, p, &chain, err) : use_source(s, &chain, err);
}
