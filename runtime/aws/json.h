/* json.h - AWS JSON 1.1 (KMS): records to and from JSON text, by jansson. Members that REST-JSON
 * puts elsewhere are passed over; see rest.h. */
#ifndef LUNAMI_AWS_JSON_H
#define LUNAMI_AWS_JSON_H

#include "aws/api.h"
#include "aws/record.h"
#include "aws/service_error.h"

/* record -> JSON object text (blobs stay base64, timestamps become epoch seconds). */
LNM_API int lnm_json_write(struct lnm_buf *out, const struct lnm_record *record,
                           struct lnm_err *err);
/* JSON object text -> record (initialised, root open). Unknown members are passed over; null means
 * "not given"; a value of the wrong type is LNM_EPARSE "SerializationException". An empty text
 * reads as {}. Depth is capped at LNM_RECORD_DEPTH. */
LNM_API int lnm_json_read(struct lnm_record *out, struct lnm_str text, struct lnm_err *err);
/* {"__type": "ns#Code", "message"|"Message": "...", "Reason": "..."} or the x-amzn-errortype
 * header's value. */
LNM_API int lnm_json_read_error(struct lnm_service_error *e, struct lnm_str body,
                                struct lnm_str error_type_header, struct lnm_err *err);
/* As that service spells it. */
LNM_API int lnm_json_write_error(struct lnm_buf *out, const struct lnm_service *service,
                                 const struct lnm_service_error *e, struct lnm_err *err);

#endif
