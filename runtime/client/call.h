/* call.h - one API call: encode, sign, send, retry (standard mode), correct clock skew once,
 * decode. */
#ifndef LUNAMI_CLIENT_CALL_H
#define LUNAMI_CLIENT_CALL_H

#include "aws/record.h"
#include "client/session.h"

struct lnm_call;

typedef void lnm_call_fn(void *arg, struct lnm_call *call); /* from lnm_loop_step, once */

/* The raw body of an action that has one (LNM_PAYLOAD): what goes out, or where to put what comes
 * in. The bytes stay the caller's, until the call is freed. */
struct lnm_payload {
    struct lnm_str out;
    char out_hash[65]; /* hex SHA-256 of out */
    char *in;
    size_t in_max, in_len; /* more than in_max is LNM_ELIMIT */
};

/* `input` is a finished record of op->input; it is encoded before this returns and not kept. Every
 * token member that was not given is filled in, the same for all attempts. */
LNM_API int lnm_call_start(struct lnm_call **out, struct lnm_session *session,
                           const struct lnm_operation *op, const struct lnm_record *input,
                           lnm_call_fn *done, void *arg, struct lnm_err *err);
/* The same with a raw body. */
LNM_API int lnm_call_start_raw(struct lnm_call **out, struct lnm_session *session,
                               const struct lnm_operation *op, const struct lnm_record *input,
                               struct lnm_payload *payload, lnm_call_fn *done, void *arg,
                               struct lnm_err *err);
/* After it is done: 0 and the answer (borrowed from the call), or the error, with operation, name,
 * status, request_id and retryable filled in. */
LNM_API int lnm_call_result(const struct lnm_call *c, const struct lnm_record **out,
                            struct lnm_err *err);
/* Take the answer out of the call (the caller frees it). LNM_EINVAL when there is none. */
LNM_API int lnm_call_take(struct lnm_call *c, struct lnm_record *out, struct lnm_err *err);
/* Of a refusal whose reason AWS has encoded: the whole of it, for sts:DecodeAuthorizationMessage
 * (the error's text may be cut); else NULL. The call's. */
LNM_API const char *lnm_call_encoded(const struct lnm_call *c);
LNM_API void lnm_call_free(struct lnm_call *c); /* cancels when pending; NULL is fine */

/* A presigned GET URL for op in the session's region (CopySnapshot across regions needs one). A
 * bearer capability: never logged. */
LNM_API int lnm_call_presign(struct lnm_buf *out, struct lnm_session *session,
                             const struct lnm_operation *op, const struct lnm_record *input,
                             unsigned expires_s, struct lnm_err *err);

#endif
