/* request.h - a call's bytes: the encoded body, and URL and headers as they are signed. */
#ifndef LUNAMI_CLIENT_REQUEST_H
#define LUNAMI_CLIENT_REQUEST_H

#include "aws/record.h"
#include "client/internal.h"

#define LNM_REQUEST_HEADERS 6

struct lnm_signed_request {
    const char *url; /* borrowed from the session */
    const char *header_lines[LNM_REQUEST_HEADERS + 1];
    struct lnm_buf lines; /* what header_lines point into; holds the session token */
};

/* Append the body of op for `input`; a token member that was not given is filled in. */
LNM_API int lnm_request_encode(struct lnm_buf *out, const struct lnm_operation *op,
                               const struct lnm_record *input, struct lnm_err *err);
/* Sign `body` by the session's clock. *out is to be freed in every case. */
LNM_API int lnm_request_sign(struct lnm_signed_request *out, struct lnm_session *s,
                             const struct lnm_operation *op, struct lnm_str body,
                             struct lnm_err *err);
LNM_API void lnm_request_free(struct lnm_signed_request *r);

#endif
