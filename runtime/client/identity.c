/* identity.c - when credentials are fetched, and what becomes of the old and the new ones. */
#include "client/identity.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "client/account.h"
#include "client/provider.h"

#include <stdio.h>
#include <stdlib.h>

#define AHEAD_US (15 * 60 * LNM_SECOND_US) /* before the expiry the first try to renew is made */
#define AGAIN_US (60 * LNM_SECOND_US)      /* after a failed one */
#define MARGIN_US (10 * LNM_SECOND_US)     /* a request signed later may arrive too late */

struct lnm_identity {
    struct lnm_session_root *root;
    struct lnm_loop *loop;
    const struct lnm_provider *provider; /* NULL: what is at hand is all there will be */
    char profile[LNM_PROFILE_MAX], region[64], what[220];
    struct lnm_role role;
    struct lnm_session *base;
    struct lnm_creds *creds, *coming; /* coming: fetched, but their account is not known yet */
    uint64_t serial;
    bool fetching, stale, moved, by_default;
    void *state;
    struct lnm_account_question *question;
    struct lnm_turns waiting;
    int64_t renew_at_us; /* wall clock; 0: never */
    struct lnm_err failure;
};

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
    (void)snprintf(id->region, sizeof id->region, "%s", region[0] != '\0' ? region : "us-east-1");
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

static void end_fetch(struct lnm_identity *id) {
    lnm_account_drop(id->question);
    id->question = NULL;
    if (id->state != NULL) {
        id->provider->end(id->state);
        id->state = NULL;
    }
    lnm_creds_unref(id->coming);
    id->coming = NULL;
    id->fetching = false;
}

void lnm_identity_free(struct lnm_identity *id) {
    if (id == NULL) {
        return;
    }
    end_fetch(id);
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

static int64_t now_us(const struct lnm_identity *id) {
    return lnm_now_us() + (id->root != NULL ? id->root->skew_us : 0);
}

static bool is_usable(const struct lnm_identity *id) {
    if (id->creds == NULL || id->stale || id->moved) {
        return false;
    }
    int64_t expiry = lnm_creds_expiry_us(id->creds);
    return id->provider == NULL || expiry == 0 || now_us(id) < expiry - MARGIN_US;
}

/* Between 0.75 and 1.25 of it: many processes that began together shall not renew together. */
static int64_t about(int64_t us) {
    return us - us / 4 + (int64_t)(lnm_random_u64() % (uint64_t)(us / 2 + 1));
}

static void set_renewal(struct lnm_identity *id) {
    int64_t expiry = lnm_creds_expiry_us(id->creds), life = expiry - now_us(id);
    int64_t ahead = about(life / 4 < AHEAD_US ? life / 4 : AHEAD_US);
    id->renew_at_us = expiry == 0 ? 0 : expiry - ahead;
}

/* ---- the end of a fetch ------------------------------------------------------------------------
 */

static void wake_all(struct lnm_identity *id) {
    struct lnm_session_root *root = id->root;
    lnm_session__hold(root); /* who is woken may let go of the last session */
    while (lnm_turns_next(&id->waiting)) {
    }
    lnm_session__drop(root);
}

/* Old credentials serve until they expire; then what went wrong is everybody's error. */
static void failed(struct lnm_identity *id, const struct lnm_err *err) {
    end_fetch(id);
    id->failure = *err;
    if (is_usable(id)) {
        char until[LNM_DATE_MAX];
        lnm_date_iso_s(until, lnm_creds_expiry_us(id->creds));
        id->renew_at_us = now_us(id) + about(AGAIN_US);
        lnm_log(LNM_LOG_WARN,
                "the credentials of %s could not be renewed, and those at hand serve "
                "until %s: %s",
                id->what, until, err->message);
    }
    wake_all(id);
}

static void moved(struct lnm_identity *id, struct lnm_str account) {
    struct lnm_err err;
    (void)lnm_fail(&err, LNM_ECREDS, "AccountChanged",
                   "the credentials of %s are now those of account %.*s, but this run works in "
                   "account %s: nothing more is sent; go back to that account, or begin a new run",
                   id->what, (int)account.len, account.ptr, id->root->account);
    id->moved = true;
    failed(id, &err);
}

/* From here on they are of this account, for as long as the session lives. */
static void pin(struct lnm_identity *id, struct lnm_str account) {
    if (id->root->account[0] == '\0') {
        lnm_str_copy(id->root->account, sizeof id->root->account, account);
    }
}

static void accept(struct lnm_identity *id) {
    lnm_creds_unref(id->creds);
    id->creds = id->coming;
    id->coming = NULL;
    id->serial++;
    id->stale = false;
    set_renewal(id);
    pin(id, lnm_creds_account(id->creds));
    end_fetch(id);
    lnm_log(LNM_LOG_INFO, "credentials of %s", id->what);
    wake_all(id);
}

static void know_new_account(void *arg, struct lnm_str account, const struct lnm_err *err) {
    struct lnm_identity *id = arg;
    if (err != NULL) {
        failed(id, err);
    } else if (!lnm_str_is(account, id->root->account)) {
        moved(id, account);
    } else {
        accept(id);
    }
}

static int ask_account(struct lnm_identity *id, struct lnm_creds *creds, lnm_account_fn *fn,
                       struct lnm_err *err) {
    return lnm_account_ask(&id->question, id->root, id->loop, id->region, creds, fn, id, err);
}

/* Are the new ones of the same account? */
static void compare_account(struct lnm_identity *id) {
    struct lnm_str account = lnm_creds_account(id->coming);
    struct lnm_err err;
    bool same_key = id->creds != NULL && lnm_str_eq(lnm_creds_access_key_id(id->creds),
                                                    lnm_creds_access_key_id(id->coming));
    if (!id->provider->may_move || id->root->account[0] == '\0' || same_key) {
        accept(id);
    } else if (account.len > 0) {
        know_new_account(id, account, NULL);
    } else if (ask_account(id, id->coming, know_new_account, &err) < 0) {
        failed(id, &err);
    }
}

/* What was refused as expired must not come again. */
static bool is_same(const struct lnm_identity *id) {
    return id->stale &&
           lnm_str_eq(lnm_creds_access_key_id(id->creds), lnm_creds_access_key_id(id->coming)) &&
           lnm_str_eq(lnm_creds_token(id->creds), lnm_creds_token(id->coming));
}

static void no_newer(struct lnm_identity *id) {
    struct lnm_err err;
    (void)lnm_fail(&err, LNM_ECREDS, "ExpiredToken",
                   "the credentials of %s have expired, and it has no newer ones: renew them there "
                   "and start the run again",
                   id->what);
    failed(id, &err);
}

/* Why there are none; where nothing was configured, what was looked at. */
static void explain(struct lnm_identity *id, const struct lnm_err *why) {
    struct lnm_err err = *why;
    bool told = why->code == LNM_ECONFIG || why->code == LNM_ESERVICE || why->code == LNM_ENET;
    int kind = told ? why->code : LNM_ECREDS;
    if (id->by_default) {
        (void)lnm_fail(&err, LNM_ECREDS, "Credentials",
                       "no credentials found: looked at the environment (AWS_ACCESS_KEY_ID, "
                       "AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_*), profile '%s' of "
                       "the shared files, and instance metadata (%.300s); to try without an "
                       "account: lunami run --local",
                       id->root->profile, why->message);
    } else if (strstr(why->message, id->what) == NULL) {
        (void)lnm_fail(&err, kind, why->name, "%s: %.700s", id->what, why->message);
        err.status = why->status;
        memcpy(err.operation, why->operation, sizeof err.operation);
        memcpy(err.request_id, why->request_id, sizeof err.request_id);
    }
    failed(id, &err);
}

void lnm_identity__fetched(struct lnm_identity *id, const struct lnm_creds_text *text,
                           const struct lnm_err *why) {
    struct lnm_err err;
    if (text == NULL) {
        explain(id, why);
    } else if (lnm_creds_new(&id->coming, text, id->what, &err) < 0) {
        failed(id, &err);
    } else if (is_same(id) || (text->expiry_us != 0 && text->expiry_us < now_us(id) + MARGIN_US)) {
        no_newer(id);
    } else {
        compare_account(id);
    }
}

/* ---- fetching ----------------------------------------------------------------------------------
 */

static void begin(struct lnm_identity *id) {
    struct lnm_err err = {0};
    int error = id->provider->begin(&id->state, id, &err);
    if (error < 0) {
        explain(id, &err);
    }
}

static void know_old_account(void *arg, struct lnm_str account, const struct lnm_err *err) {
    struct lnm_identity *id = arg;
    if (err == NULL) {
        pin(id, account);
    }
    lnm_account_drop(id->question);
    id->question = NULL;
    begin(id);
}

/* Whose account it is is asked before the first renewal only, and by nobody who does not live that
 * long. */
static void fetch(struct lnm_identity *id) {
    struct lnm_err err;
    bool ask = id->provider->may_move && id->root->account[0] == '\0' && is_usable(id);
    id->fetching = true;
    if (!ask || ask_account(id, id->creds, know_old_account, &err) < 0) {
        begin(id);
    }
}

static bool is_due(const struct lnm_identity *id) {
    return id->provider != NULL && id->renew_at_us != 0 && now_us(id) >= id->renew_at_us;
}

int lnm_identity_need(struct lnm_identity *id, struct lnm_turn *turn, lnm_loop_fn *fn, void *arg,
                      struct lnm_err *err) {
    bool usable = is_usable(id);
    if (!id->fetching && !id->moved && id->provider != NULL && (!usable || is_due(id))) {
        fetch(id);
        usable = is_usable(id);
    }
    if (usable || !id->fetching) {
        return lnm_identity_outcome(id, err);
    }
    lnm_turn_wait(turn, &id->waiting, fn, arg);
    return 1;
}

int lnm_identity_outcome(const struct lnm_identity *id, struct lnm_err *err) {
    if (is_usable(id)) {
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
    return id->region;
}

const struct lnm_role *lnm_identity__role(const struct lnm_identity *id) {
    return &id->role;
}

struct lnm_session *lnm_identity__base(const struct lnm_identity *id) {
    return id->base;
}
