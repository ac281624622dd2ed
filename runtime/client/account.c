/* account.c - GetCallerIdentity with credentials that are no session's yet. */
#include "client/account.h"

#include "client/call.h"

#include <stdlib.h>

struct lnm_account_question {
    struct lnm_session *session;
    struct lnm_call *call;
    lnm_account_fn *fn;
    void *arg;
};

static void on_answer(void *arg, struct lnm_call *call) {
    struct lnm_account_question *q = arg;
    const struct lnm_record *answer;
    struct lnm_err err;
    if (lnm_call_result(call, &answer, &err) < 0) {
        q->fn(q->arg, LNM_STR_NONE, &err);
    } else {
        q->fn(q->arg, lnm_record_get(answer, 0, "account"), NULL);
    }
}

int lnm_account_ask(struct lnm_account_question **out, const struct lnm_session_root *root,
                    struct lnm_loop *loop, const char *region, struct lnm_creds *creds,
                    lnm_account_fn *fn, void *arg, struct lnm_err *err) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_sts, LNM_STR("GetCallerIdentity"));
    struct lnm_record input = {0};
    struct lnm_account_question *q = calloc(1, sizeof *q);
    if (q == NULL) {
        return lnm_fail_nomem(err);
    }
    q->fn = fn;
    q->arg = arg;
    int error = lnm_session__with(&q->session, root, loop, region, creds, err);
    if (error == 0) {
        error = lnm_record_init(&input, op->input, 0);
        lnm_record_close(&input);
        error = error < 0 ? lnm_fail_nomem(err) : error;
    }
    if (error == 0) {
        error = lnm_call_start(&q->call, q->session, op, &input, on_answer, q, err);
    }
    lnm_record_free(&input);
    if (error < 0) {
        lnm_account_drop(q);
        return error;
    }
    *out = q;
    return 0;
}

void lnm_account_drop(struct lnm_account_question *q) {
    if (q != NULL) {
        lnm_call_free(q->call);
        lnm_session_unref(q->session);
        free(q);
    }
}
