/* xml.h - XML answers: a streaming reader into a record, and the local cloud's writer.
 *
 * The reader is libxml2's SAX2 push parser with caps on bytes, depth, nodes and text; a DTD or an
 * entity declaration ends it with an error; nothing is ever fetched.  Memory is what is kept. */
#ifndef LUNAMI_AWS_XML_H
#define LUNAMI_AWS_XML_H

#include "aws/api.h"
#include "aws/record.h"
#include "aws/service_error.h"

struct lnm_xml_limits {
    size_t bytes;   /* of the document; 0: 256 MiB */
    size_t nodes;   /* elements; 0: 8 million */
    size_t text;    /* one value; 0: 1 MiB */
    unsigned depth; /* 0: 64 */
};

struct lnm_xml_reader; /* reusable: one parser context, kept between answers */

LNM_API int lnm_xml_reader_new(struct lnm_xml_reader **out, const struct lnm_xml_limits *limits,
                               struct lnm_err *err);
LNM_API void lnm_xml_reader_free(struct lnm_xml_reader *r);

/* Start an answer: elements are looked up in op->output (through <OpResult> for the query
 * protocol); unknown elements are passed over.  An error document is collected too, whatever the
 * status. `record` is initialised by this call and stays the caller's. */
LNM_API int lnm_xml_reader_begin(struct lnm_xml_reader *r, const struct lnm_operation *op,
                                 struct lnm_record *record, struct lnm_err *err);
LNM_API int lnm_xml_reader_feed(struct lnm_xml_reader *r, const char *bytes, size_t len,
                                struct lnm_err *err);
/* End of the document. *is_error says whether it was an error document, then `e` holds it;
 * request_id (borrowed until the next begin) is that of either form. */
LNM_API int lnm_xml_reader_end(struct lnm_xml_reader *r, bool *is_error,
                               struct lnm_service_error *e, struct lnm_str *request_id,
                               struct lnm_err *err);

/* All three at once, for a document that is at hand as a whole and followed by a NUL: it is read in
 * place, so that the parser keeps no copy of it. `record` is initialised in every case. */
LNM_API int lnm_xml_reader_whole(struct lnm_xml_reader *r, const struct lnm_operation *op,
                                 struct lnm_record *record, struct lnm_str text, bool *is_error,
                                 struct lnm_service_error *e, struct lnm_str *request_id,
                                 struct lnm_err *err);

/* Append a whole answer document, as the service would send it, without white space between
 * elements (EC2: lists in <item>; STS: <OpResult> and <ResponseMetadata>). A struct with no members
 * in EC2's output becomes <return>true</return>. */
LNM_API int lnm_xml_write(struct lnm_buf *out, const struct lnm_operation *op,
                          const struct lnm_record *output, const char *request_id,
                          struct lnm_err *err);
LNM_API int lnm_xml_write_error(struct lnm_buf *out, const struct lnm_service *service,
                                const struct lnm_service_error *e, const char *request_id,
                                struct lnm_err *err);

#endif
