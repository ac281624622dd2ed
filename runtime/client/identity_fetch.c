/* identity_fetch.c - new credentials: when they are due, what becomes of the old ones, and of whose
 * account both are. */
#include "client/identity_internal.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"

#include <stdio.h>

#define AHEAD_US (15 * 60 * LNM_SECOND_US) /* before the expiry the first try to renew is made */
#define AGAIN_US (60 * LNM_SECOND_US)      /* after a failed one */

/* Between 0.75 and 1.25 of it: many processes that began together shall not renew together. */
static int64_t about(int64_t us) {
    return us - us / 4 + (int64_t)(lnm_random_u64() % (uint64_t)(us / 2 + 1));
}

void lnm_identity__end_fetch(struct lnm_identity *id) {
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

static void set_renewal(struct lnm_identity *id) {
    int64_t expiry = lnm_creds_expiry_us(id->creds), life = expiry - lnm_identity__now_us(id);
    int64_t ahead = about(life < 0 || life / 4 > AHEAD_US ? AHEAD_US : life / 4);
    id->fetched_us = lnm_mono_us();
    id->doubted = expiry != 0 && life < LNM_IDENTITY_MARGIN_US;
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
    lnm_identity__end_fetch(id);
    id->failure = *err;
    if (lnm_identity__usable(id)) {
        char until[LNM_DATE_MAX];
        lnm_date_iso_s(until, lnm_creds_expiry_us(id->creds));
        id->renew_at_us = lnm_identity__now_us(id) + about(AGAIN_US);
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
    lnm_identity__end_fetch(id);
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
    return lnm_account_ask(&id->question, id->root, id->loop, lnm_identity__region(id), creds, fn,
                           id, err);
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

/* Only who has learnt the time from a service may say that they have expired. */
static bool is_late(const struct lnm_identity *id, int64_t expiry_us) {
    bool past = expiry_us != 0 && expiry_us < lnm_identity__now_us(id) + LNM_IDENTITY_MARGIN_US;
    return past && id->root->skew_known;
}

/* A role's session signs by the clock that the one who assumes it has learnt, and where nothing
 * says a region it works in that one's: the instance's. */
static void learn_from_base(struct lnm_identity *id) {
    struct lnm_session_root *root = id->root;
    const struct lnm_session_root *base = id->base != NULL ? id->base->root : root;
    if (base->skew_known && !root->skew_known) {
        root->skew_us = base->skew_us;
        root->skew_known = true;
    }
    if (base != root && root->seeks_region) {
        (void)snprintf(root->region, sizeof root->region, "%s", base->region);
    }
}

void lnm_identity__fetched(struct lnm_identity *id, const struct lnm_creds_text *text,
                           const struct lnm_err *why) {
    struct lnm_err err;
    learn_from_base(id);
    if (text == NULL) {
        explain(id, why);
    } else if (lnm_creds_new(&id->coming, text, id->what, &err) < 0) {
        failed(id, &err);
    } else if (is_same(id) || is_late(id, text->expiry_us)) {
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

/* Before a renewal this is what it has waited for. */
static void know_old_account(void *arg, struct lnm_str account, const struct lnm_err *err) {
    struct lnm_identity *id = arg;
    if (err == NULL) {
        pin(id, account);
    }
    lnm_account_drop(id->question);
    id->question = NULL;
    if (id->fetching) {
        begin(id);
    }
}

static bool may_ask_account(const struct lnm_identity *id) {
    return id->provider != NULL && id->provider->may_move && id->root->account[0] == '\0' &&
           id->question == NULL && lnm_identity__usable(id);
}

void lnm_identity_ask_account(struct lnm_identity *id) {
    struct lnm_err ignored; /* the question comes again before the first renewal */
    if (!id->account_asked && !id->fetching && may_ask_account(id) &&
        lnm_creds_token(id->creds).len > 0) {
        id->account_asked = true;
        (void)ask_account(id, id->creds, know_old_account, &ignored);
    }
}

void lnm_identity__fetch(struct lnm_identity *id) {
    struct lnm_err err;
    id->fetching = true;
    bool asks = id->question != NULL ||
                (may_ask_account(id) && ask_account(id, id->creds, know_old_account, &err) == 0);
    if (!asks) {
        begin(id);
    }
}
