/* again.c - what follows from an answer: the end, or another attempt by AWS's retry rules. */
#include "client/call_internal.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "client/trace.h"

#include <stdio.h>

/* Throttling answers are no failures: a call is sent again for so long, however many they are. */
#define PATIENCE_US (900 * LNM_SECOND_US)

bool lnm_call__repeatable(const struct lnm_operation *op) {
    if ((op->flags & LNM_MUTATES) == 0 || (op->flags & LNM_REPEATABLE) != 0) {
        return true;
    }
    for (size_t i = 0; i < op->input->member_count; i++) {
        if ((op->input->members[i].flags & LNM_TOKEN) != 0) {
            return true;
        }
    }
    return false;
}

static double random01(void) {
    return (double)(lnm_random_u64() >> 11) / 9007199254740992.0;
}

static bool is_skewed(const struct lnm_call *c, struct lnm_str date) {
    int64_t server;
    return lnm_date_parse(&server, date) == 0 &&
           lnm_retry_skewed(server, lnm_now_us() + c->session->root->skew_us);
}

/* The server refused the signature and its clock is far from ours: sign by its clock, once. */
static bool learn_skew(struct lnm_call *c, struct lnm_str date) {
    int64_t server;
    struct lnm_session_root *root = c->session->root;
    if (c->skew_corrected || !is_skewed(c, date) || lnm_date_parse(&server, date) < 0) {
        return false;
    }
    root->skew_us = server - lnm_now_us();
    root->skew_known = true;
    c->skew_corrected = true;
    return true;
}

static void outcome_unknown(struct lnm_call *c) {
    char message[sizeof c->err.message];
    (void)snprintf(message, sizeof message,
                   "%.600s; whether %s was carried out is unknown and it has "
                   "no token, so it was not repeated: look before you start it again",
                   c->err.message, c->op->name);
    memcpy(c->err.message, message, sizeof message);
    c->err.retryable = false;
    c->err.unknown = true;
}

/* How long until the next attempt; -1: there is none. */
static int64_t delay_of(struct lnm_call *c, enum lnm_retry_kind kind,
                        const struct lnm_http_answer *a) {
    const struct lnm_retry_settings *settings = &c->session->root->retry;
    bool throttled = kind == LNM_RETRY_THROTTLE && !settings->max_named;
    unsigned counted = c->attempt - (settings->max_named ? 0 : c->throttled);
    if (kind == LNM_RETRY_SKEW) {
        return learn_skew(c, a->date) ? 0 : -1;
    }
    if (kind == LNM_RETRY_NO || (throttled ? lnm_mono_us() - c->throttled_us > PATIENCE_US
                                           : counted >= settings->max_attempts)) {
        return -1;
    }
    if (!throttled && !lnm_retry_quota_take(&c->session->root->quota, kind, &c->last_cost)) {
        return -1;
    }
    int64_t delay = lnm_retry_delay_us(c->attempt, random01());
    int64_t asked = a->retry_after_ms * 1000;
    return delay > asked ? delay : asked;
}

static void on_timer(void *arg) {
    struct lnm_call *c = arg;
    c->timer = NULL;
    lnm_call__again(c);
}

static void try_again(struct lnm_call *c, int64_t delay) {
    struct lnm_err err;
    lnm_log(LNM_LOG_INFO, "%s: attempt %u in %d ms", c->op->name, c->attempt + 1,
            (int)(delay / 1000));
    lnm_call__forget_answer(c);
    if (lnm_timer_start(&c->timer, c->session->loop, delay, on_timer, c, &err) < 0) {
        c->err = err;
        lnm_call__finish(c, err.code);
    }
}

/* c->err says what went wrong with this attempt: try again, or end. */
static void retry_or_end(struct lnm_call *c, enum lnm_retry_kind kind,
                         const struct lnm_http_answer *a) {
    bool unknown = a->sent && (kind == LNM_RETRY_TRANSIENT || kind == LNM_RETRY_TIMEOUT);
    c->err.retryable = kind != LNM_RETRY_NO && kind != LNM_RETRY_SKEW;
    if (unknown && !lnm_call__repeatable(c->op)) {
        outcome_unknown(c);
        lnm_call__finish(c, c->err.code);
        return;
    }
    int64_t delay = delay_of(c, kind, a);
    if (delay < 0) {
        lnm_call__finish(c, c->err.code);
    } else {
        try_again(c, delay);
    }
}

/* Nobody answered, or the answer could not be read to its end. */
static enum lnm_retry_kind kind_of_failure(const struct lnm_err *err) {
    bool hopeless = strcmp(err->name, "NotTrusted") == 0 ||
                    strcmp(err->name, "ProxyRefused") == 0 || err->code == LNM_ELIMIT;
    return hopeless                            ? LNM_RETRY_NO
           : strcmp(err->name, "Timeout") == 0 ? LNM_RETRY_TIMEOUT
                                               : LNM_RETRY_TRANSIENT;
}

static void note_throttling(struct lnm_call *c) {
    if (c->throttled++ == 0) {
        c->throttled_us = lnm_mono_us();
    }
}

/* EC2 tells a request that came too late and credentials that have expired by the same code. */
static bool is_expired(const struct lnm_call *c, const char *code, struct lnm_str date) {
    return strcmp(code, "ExpiredToken") == 0 || strcmp(code, "ExpiredTokenException") == 0 ||
           (strcmp(code, "RequestExpired") == 0 && !is_skewed(c, date));
}

/* Whose they were, and until when they were said to be good. */
static void blame_credentials(struct lnm_call *c, const struct lnm_identity *id) {
    const struct lnm_creds *creds = id != NULL ? lnm_identity_creds(id) : NULL;
    int64_t until = creds != NULL ? lnm_creds_expiry_us(creds) : 0;
    size_t len = strlen(c->err.message);
    char date[LNM_DATE_MAX] = "";
    if (until != 0) {
        lnm_date_iso_s(date, until);
    }
    (void)snprintf(c->err.message + len, sizeof c->err.message - len,
                   " (credentials of %s%s%s; when they have expired, get new ones)",
                   id != NULL ? lnm_identity_source(id) : "nobody",
                   until != 0 ? ", good until " : "", date);
}

/* Once for each call: it was not carried out, so that it may be signed and sent anew. */
static bool renew(struct lnm_call *c) {
    struct lnm_identity *id = c->session->root->identity;
    if (c->renewed || id == NULL || !lnm_identity_renew(id, c->serial)) {
        blame_credentials(c, id);
        return false;
    }
    c->renewed = true;
    lnm_call__forget_answer(c);
    lnm_call__again(c);
    return true;
}

/* KMS means a quota of what there is by the name that others have for throttling: no waiting ends
 * that. */
static enum lnm_retry_kind kind_of_refusal(const struct lnm_call *c,
                                           const struct lnm_service_error *e, int status) {
    bool quota = c->op->service == &lnm_kms && strcmp(e->code, "LimitExceededException") == 0;
    return quota ? LNM_RETRY_NO : lnm_retry_classify(status, lnm_str_z(e->code));
}

static void refused(struct lnm_call *c, const struct lnm_service_error *e,
                    const struct lnm_http_answer *a) {
    enum lnm_retry_kind kind = kind_of_refusal(c, e, a->status);
    bool throttled = kind == LNM_RETRY_THROTTLE;
    lnm_call__learn(c, throttled);
    if (throttled) {
        note_throttling(c);
    }
    if (c->slots_kind != NULL && lnm_slots_refusal(c->slots_kind, e->code) &&
        lnm_call__await_slot(c)) {
        return;
    }
    if (is_expired(c, e->code, a->date) && renew(c)) {
        return;
    }
    retry_or_end(c, kind, a);
}

/* Limits are the account's, whatever its credentials; and a run belongs to one. */
static int note_account(struct lnm_call *c) {
    struct lnm_session_root *root = c->session->root;
    if (c->op->service != &lnm_sts || strcmp(c->op->name, "GetCallerIdentity") != 0) {
        return 0;
    }
    struct lnm_str account = lnm_record_get(&c->record, 0, "account");
    if (root->account[0] == '\0') {
        lnm_str_copy(root->account, sizeof root->account, account);
    }
    return lnm_str_is(account, root->account)
               ? 0
               : lnm_fail(&c->err, LNM_ECREDS, "AccountChanged",
                          "the credentials of %s are those of account %.*s, but account %s was "
                          "named with them (AWS_ACCOUNT_ID, aws_account_id): correct the one or "
                          "the other",
                          lnm_session_creds_source(c->session), (int)account.len, account.ptr,
                          root->account);
}

/* For reports: how far apart the clocks are. */
static void note_clock(struct lnm_session_root *root, struct lnm_str date) {
    int64_t server;
    if (!root->clock_seen && lnm_date_parse(&server, date) == 0) {
        root->clock_ahead_us = server - lnm_now_us();
        root->clock_seen = true;
    }
}

void lnm_call__answered(void *arg, const struct lnm_http_answer *a) {
    struct lnm_call *c = arg;
    struct lnm_service_error e;
    c->http = NULL;
    note_clock(c->session->root, a->date);
    if (a->err != NULL) {
        c->err = *a->err;
        lnm_trace_attempt(c, a, true);
        retry_or_end(c, kind_of_failure(a->err), a);
        return;
    }
    int error = lnm_call__read(c, a, &e);
    lnm_trace_attempt(c, a, error < 0);
    if (error == 0) {
        lnm_call__learn(c, false);
        lnm_retry_quota_success(&c->session->root->quota, c->last_cost);
        if ((c->op->flags & LNM_TELLS_KEYS) == 0) { /* what moves would leave them behind */
            lnm_record_shrink(&c->record);
        }
        lnm_call__finish(c, note_account(c));
    } else if (error == LNM_ESERVICE) {
        refused(c, &e, a);
    } else {
        retry_or_end(c, error == LNM_EPARSE ? LNM_RETRY_TRANSIENT : LNM_RETRY_NO, a);
    }
}
