/* rest.h - REST-JSON (the EBS direct APIs): records to and from the parts of an HTTP message.
 *
 * A row's flags say where a member stands: in the path, the query, a header, the JSON body, or as
 * the raw body (LNM_PAYLOAD). Payloads are no part of a record: they are large and go beside it.
 * Source: the rest-json protocol of the service models. */
#ifndef LUNAMI_AWS_REST_H
#define LUNAMI_AWS_REST_H

#include "aws/api.h"
#include "aws/record.h"
#include "aws/sigv4.h"

/* A request or an answer to send. A zeroed struct is an empty one. */
struct lnm_rest_message {
    struct lnm_buf path, query; /* requests: percent-encoded; the query without '?' */
    struct lnm_buf headers;     /* see lnm_rest_next_header */
    struct lnm_buf body;        /* JSON; empty when no member stands there */
};

/* Write `record`, a finished record of op's input or output, into *out (empty). A member of the
 * path that is missing or empty, or a header with a control character, is LNM_EINVAL. *out is to be
 * freed in every case. */
LNM_API int lnm_rest_write(struct lnm_rest_message *out, const struct lnm_operation *op,
                           const struct lnm_record *record, struct lnm_err *err);
/* The header at *at (0 at first), which moves on; false when there is none. Name and value are
 * NUL-ended. [borrowed from the message] */
LNM_API bool lnm_rest_next_header(struct lnm_header *out, const struct lnm_rest_message *m,
                                  size_t *at);
LNM_API void lnm_rest_message_free(struct lnm_rest_message *m);

/* Does any member of a request or an answer stand in its JSON body? */
LNM_API bool lnm_rest_has_json(const struct lnm_type *type);

/* What came in. */
struct lnm_rest_source {
    struct lnm_str path, query; /* requests: as on the wire, the query without '?' */
    struct lnm_str body;        /* JSON, if a member stands there */
    const char *(*header)(void *arg, const char *name); /* NULL: not given. [borrowed] */
    void *arg;
};

/* The action that is asked for by this method and path, or NULL. */
LNM_API const struct lnm_operation *lnm_rest_find(const struct lnm_service *service,
                                                  struct lnm_str method, struct lnm_str path);
/* Read what came in into `out` (a record of op's input or output, root open). Unknown members,
 * parameters and headers are passed over; a value that does not fit its type is LNM_EPARSE
 * "SerializationException". */
LNM_API int lnm_rest_read(struct lnm_record *out, const struct lnm_operation *op,
                          const struct lnm_rest_source *source, struct lnm_err *err);

#endif
