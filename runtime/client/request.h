/* request.h - a call's bytes: what is encoded once, and URL and headers as they are signed. */
#ifndef LUNAMI_CLIENT_REQUEST_H
#define LUNAMI_CLIENT_REQUEST_H

#include "aws/record.h"
#include "aws/rest.h"
#include "client/internal.h"

#define LNM_REQUEST_HEADERS 12

/* Encoded once: the same for every attempt. A zeroed struct is an empty one. */
struct lnm_request {
    const struct lnm_operation *op;
    const char *method;
    struct lnm_rest_message message; /* only REST has more than the body */
    struct lnm_str body;             /* in message, or the raw one that was given */
    const char *payload_hash;        /* hex SHA-256 of the raw body [borrowed]; NULL: of body */
};

/* In the session's workspace: good until the next request of its credentials is signed. */
struct lnm_signed_request {
    const char *url;
    const char *header_lines[LNM_REQUEST_HEADERS + 1];
};

/* Encode op for `input`; a token member that was not given is filled in. *out is zeroed but for
 * the memory of an empty body; it is to be freed in every case. */
LNM_API int lnm_request_encode(struct lnm_request *out, const struct lnm_operation *op,
                               const struct lnm_record *input, struct lnm_err *err);
LNM_API void lnm_request_free(struct lnm_request *r);
/* Sign by the session's clock. To be forgotten in every case. */
LNM_API int lnm_request_sign(struct lnm_signed_request *out, struct lnm_session *s,
                             const struct lnm_request *r, struct lnm_err *err);
LNM_API void lnm_request_forget_signed(struct lnm_session *s);

#endif
