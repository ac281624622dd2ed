/* call_internal.h - a call as its own files see it: call.c (from beginning to end), gate.c (when an
 * attempt may be sent), answer.c (what came back), again.c (what follows from it). */
#ifndef LUNAMI_CLIENT_CALL_INTERNAL_H
#define LUNAMI_CLIENT_CALL_INTERNAL_H

#include "aws/service_error.h"
#include "client/call.h"
#include "client/limits.h"
#include "client/request.h"
#include "net/http.h"

struct lnm_call {
    struct lnm_session *session;
    const struct lnm_operation *op;
    lnm_call_fn *on_done;
    void *arg;
    struct lnm_request request;  /* encoded once: the same token for every attempt */
    struct lnm_payload *payload; /* NULL: no raw body */
    struct lnm_http *http;
    struct lnm_turn turn; /* while it waits for one of the gates */
    unsigned gate;        /* the next one to pass; see gate.c */
    const struct lnm_throttle *throttle;
    const struct lnm_slots_kind *slots_kind;
    char subject[32];        /* what has slots of its own; "" the region */
    struct lnm_slots *slots; /* of which one is held; NULL: none is */
    struct lnm_timer *timer;
    struct lnm_xml_reader *reader; /* while a good XML answer is read */
    struct lnm_buf text;           /* an answer that is not decoded yet */
    struct lnm_record record;
    char *encoded; /* the encoded reason of a refusal, or NULL */
    bool has_record, done, skew_corrected, renewed;
    uint64_t serial;               /* of the credentials that the last attempt was signed with */
    unsigned attempt, throttled;   /* all, and those that were answered by throttling */
    int64_t sent_us, throttled_us; /* the last attempt; the first throttling answer */
    int last_cost;
    int result;
    struct lnm_err err;
    struct lnm_call *next; /* of the session's idle calls */
};

/* ---- call.c -----------------------------------------------------------------------------------
 */
LNM_API int lnm_call__send(struct lnm_call *c, struct lnm_err *err);
/* It has ended: 0, or the code of c->err. May free the call. */
LNM_API void lnm_call__finish(struct lnm_call *c, int result);

/* ---- gate.c -----------------------------------------------------------------------------------
 */
/* What the request draws on, while its input is at hand. */
LNM_API void lnm_call__note_limits(struct lnm_call *c, const struct lnm_record *input);
/* Pass all gates from the next one on and send; or wait for one of them. */
LNM_API int lnm_call__proceed(struct lnm_call *c, struct lnm_err *err);
/* From the first gate on for one who has a slot or needs none. */
LNM_API void lnm_call__again(struct lnm_call *c);
/* The service has no slot: wait for one. False: no slots are kept for this action. */
LNM_API bool lnm_call__await_slot(struct lnm_call *c);
/* The slot that is held goes to the work that has begun, or back. */
LNM_API void lnm_call__settle_slot(struct lnm_call *c, bool begun);
/* An answer came: what the limits learn of it. */
LNM_API void lnm_call__learn(struct lnm_call *c, bool throttled);

/* ---- answer.c ---------------------------------------------------------------------------------
 */
/* Takes in a piece of the body: lnm_http_request.sink. */
LNM_API int lnm_call__receive(void *arg, int status, const char *bytes, size_t len,
                              struct lnm_err *err);
/* The whole answer. 0; LNM_ESERVICE with *e and c->err; or what made it unreadable, in c->err. */
LNM_API int lnm_call__read(struct lnm_call *c, const struct lnm_http_answer *a,
                           struct lnm_service_error *e);
LNM_API void lnm_call__forget_answer(struct lnm_call *c);

/* ---- again.c ----------------------------------------------------------------------------------
 */
/* May the same request be sent again, although the first may have been carried out? */
LNM_API bool lnm_call__repeatable(const struct lnm_operation *op);
LNM_API void lnm_call__answered(void *arg, const struct lnm_http_answer *a); /* done */

#endif
