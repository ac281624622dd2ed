/* request_log.h - what was asked of the cloud, a line of JSON for each request, in the order in
 * which they were run: time, account, region, service, action, parameters, status, error, fault.
 * The same run under the same seed gives the same bytes. What is secret is not in it. */
#ifndef LUNAMI_CLOUD_REQUEST_LOG_H
#define LUNAMI_CLOUD_REQUEST_LOG_H

#include "cloud/internal.h"

struct lnm_request_log;

/* Append to the file, made with mode 0600. */
LNM_API int lnm_request_log_open(struct lnm_request_log **out, const char *path,
                                 struct lnm_err *err);
LNM_API void lnm_request_log_close(struct lnm_request_log *log); /* NULL is fine, as below */
LNM_API void lnm_request_log_add(struct lnm_request_log *log, const struct lnm_cloud_request *r,
                                 int status);
LNM_API void lnm_request_log_flush(struct lnm_request_log *log); /* before answers leave */

#endif
