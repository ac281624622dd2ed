/* identity.c - whose calls they are, and until when its credentials may be used.
 *
 * Credentials that have expired by our clock when they come are doubted, and so is the clock: they
 * are used until a service has told what time it is. */
#include "client/identity_internal.h"

#include "base/clock.h"
#include "base/date.h"

#include <stdio.h>
#include <stdlib.h>

#define SHORT_US (60 * LNM_SECOND_US) /* a run that makes calls for longer is no short one */

static const struct lnm_provider *const providers[] = {
    [LNM_SOURCE_WEB_IDENTITY] = &lnm_provider_web_identity,
    [LNM_SOURCE_SSO] = &lnm_provider_sso,
    [LNM_SOURCE_KEYS] = &lnm_provider_keys,
    [LNM_SOURCE_PROCESS] = &lnm_provider_process,
    [LNM_SOURCE_CONTAINER] = &lnm_provider_container,
    [LNM_SOURCE_INSTANCE] = &lnm_provider_instance};

/* ---- making and freeing ------------------------------------------------------------------------
 */

static void describe(struct lnm_identity *id) {
    bool profile = id->profile[0] != '\0';
    (void)snprintf(id->what, sizeof id->what, "%s%s%s%s", profile ? "profile " : "", id->profile,
                   profile ? ", " : "", id->provider->name);
}

int lnm_identity_new_fixed(struct lnm_identity **out, struct lnm_creds *c, struct lnm_err *err) {
    struct lnm_identity *id = calloc(1, sizeof *id);
    if (id == NULL) {
        return lnm_fail_nomem(err);
    }
    id->creds = lnm_creds_ref(c);
    id->serial = 1;
    (void)snprintf(id->what, sizeof id->what, "%s", lnm_creds_source(c));
    *out = id;
    return 0;
}

int lnm_identity_new(struct lnm_identity **out, struct lnm_session_root *root,
                     struct lnm_loop *loop, const char *region, enum lnm_source source,
                     const char *profile, bool by_default, struct lnm_err *err) {
    struct lnm_identity *id = calloc(1, sizeof *id);
    if (id == NULL) {
        return lnm_fail_nomem(err);
    }
    id->root = root;
    id->loop = loop;
    id->provider = providers[source];
    id->by_default = by_default;
    (void)snprintf(id->profile, sizeof id->profile, "%s", profile);
    (void)snprintf(id->region, sizeof id->region, "%s", region);
    describe(id);
    *out = id;
    return 0;
}

static char *copy(const char *z) {
    return z != NULL && z[0] != '\0' ? strdup(z) : NULL;
}

int lnm_identity_new_role(struct lnm_identity **out, struct lnm_session_root *root,
                          struct lnm_session *base, const struct lnm_role *role, const char *what,
                          struct lnm_err *err) {
    struct lnm_identity *id = calloc(1, sizeof *id);
    if (id == NULL) {
        return lnm_fail_nomem(err);
    }
    id->root = root;
    id->loop = base->loop;
    id->provider = &lnm_provider_role;
    id->base = lnm_session_ref(base);
    id->role = (struct lnm_role){copy(role->arn), copy(role->session_name), copy(role->external_id),
                                 copy(role->mfa_serial), role->duration_s};
    (void)snprintf(id->what, sizeof id->what, "%srole %s", what, role->arn);
    if (id->role.arn == NULL) {
        lnm_identity_free(id);
        return lnm_fail_nomem(err);
    }
    *out = id;
    return 0;
}

void lnm_identity_free(struct lnm_identity *id) {
    if (id == NULL) {
        return;
    }
    lnm_identity__end_fetch(id);
    lnm_creds_unref(id->creds);
    lnm_session_unref(id->base);
    free((char *)(uintptr_t)id->role.arn);
    free((char *)(uintptr_t)id->role.session_name);
    free((char *)(uintptr_t)id->role.external_id);
    free((char *)(uintptr_t)id->role.mfa_serial);
    free(id);
}

/* ---- time --------------------------------------------------------------------------------------
 */

int64_t lnm_identity__now_us(const struct lnm_identity *id) {
    return lnm_now_us() + (id->root != NULL ? id->root->skew_us : 0);
}

static bool is_doubted(const struct lnm_identity *id) {
    return id->doubted && !id->root->skew_known;
}

bool lnm_identity__usable(const struct lnm_identity *id) {
    if (id->creds == NULL || id->stale || id->moved) {
        return false;
    }
    int64_t expiry = lnm_creds_expiry_us(id->creds);
    return id->provider == NULL || expiry == 0 || is_doubted(id) ||
           lnm_identity__now_us(id) < expiry - LNM_IDENTITY_MARGIN_US;
}

static bool is_due(const struct lnm_identity *id) {
    return id->provider != NULL && id->renew_at_us != 0 && !is_doubted(id) &&
           lnm_identity__now_us(id) >= id->renew_at_us;
}

int lnm_identity_need(struct lnm_identity *id, struct lnm_turn *turn, lnm_loop_fn *fn, void *arg,
                      struct lnm_err *err) {
    bool usable = lnm_identity__usable(id);
    if (!id->fetching && !id->moved && id->provider != NULL && (!usable || is_due(id))) {
        lnm_identity__fetch(id);
        usable = lnm_identity__usable(id);
    } else if (usable && id->root != NULL && lnm_mono_us() - id->fetched_us > SHORT_US) {
        lnm_identity_ask_account(id);
    }
    if (usable || !id->fetching) {
        return lnm_identity_outcome(id, err);
    }
    lnm_turn_wait(turn, &id->waiting, fn, arg);
    return 1;
}

int lnm_identity_outcome(const struct lnm_identity *id, struct lnm_err *err) {
    if (lnm_identity__usable(id)) {
        return 0;
    }
    *err = id->failure;
    return err->code;
}

struct lnm_creds *lnm_identity_creds(const struct lnm_identity *id) {
    return id->creds;
}

uint64_t lnm_identity_serial(const struct lnm_identity *id) {
    return id->serial;
}

bool lnm_identity_renew(struct lnm_identity *id, uint64_t serial) {
    if (id->provider == NULL || id->moved) {
        return false;
    }
    id->stale = id->stale || serial == id->serial;
    return true;
}

const char *lnm_identity_source(const struct lnm_identity *id) {
    return id->what;
}

struct lnm_session_root *lnm_identity__root(const struct lnm_identity *id) {
    return id->root;
}

struct lnm_loop *lnm_identity__loop(const struct lnm_identity *id) {
    return id->loop;
}

const char *lnm_identity__profile(const struct lnm_identity *id) {
    return id->profile;
}

const char *lnm_identity__region(const struct lnm_identity *id) {
    const char *found = id->root->region;
    return id->region[0] != '\0' ? id->region : found[0] != '\0' ? found : "us-east-1";
}

const struct lnm_role *lnm_identity__role(const struct lnm_identity *id) {
    return &id->role;
}

struct lnm_session *lnm_identity__base(const struct lnm_identity *id) {
    return id->base;
}
