/* query.h - AWS Query encoding (EC2's dialect and STS's): record -> form body, form body -> record.
 */
#ifndef LUNAMI_AWS_QUERY_H
#define LUNAMI_AWS_QUERY_H

#include "aws/api.h"
#include "aws/record.h"

/* Append "Action=...&Version=...&..." for `input` (a record of op->input) to out.
 * EC2: lists are flattened (X.1), an empty list is not sent. STS: X.member.1, an empty list is X=.
 */
LNM_API int lnm_query_write(struct lnm_buf *out, const struct lnm_operation *op,
                            const struct lnm_record *input, struct lnm_err *err);

/* Read the pairs of a form body or query string into `out` (initialised with op->input, open).
 * Action, Version and X-Amz-* are passed over. "X" is taken for "X.1" and the reverse; an empty
 * value of a scalar means "not given". An unknown parameter is LNM_EPARSE with err->name
 * "UnknownParameter"; a value that does not fit its type "InvalidParameterValue". */
LNM_API int lnm_query_read(struct lnm_record *out, const struct lnm_operation *op,
                           struct lnm_str form, struct lnm_err *err);

/* The decoded value of one parameter of a form ("Action"). Returns 0 or LNM_ENOTFOUND. */
LNM_API int lnm_query_param(struct lnm_buf *out, struct lnm_str form, const char *name);

#endif
