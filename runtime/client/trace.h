/* trace.h - every attempt of every call as a line of JSON in a file, and as a line of the log.
 *
 * {"time":"…Z","service":"ec2","action":"CopyImage","region":"us-east-1","endpoint":"https://…",
 * "attempt":1,"status":200,"request_id":"…","duration_ms":12.3,"error":"…","message":"…"}: what was
 * asked and how it went; no headers, no bodies. Messages are redacted. One file for the process,
 * opened by the host; the module never does. */
#ifndef LUNAMI_CLIENT_TRACE_H
#define LUNAMI_CLIENT_TRACE_H

#include "client/call.h"
#include "net/http.h"

/* Lines are appended; a new file has mode 0600. LNM_EIO names the file. */
LNM_API int lnm_trace_open(const char *path, struct lnm_err *err);
LNM_API void lnm_trace_close(void);
/* The attempt that was just answered; c->err holds what was wrong when `failed`. */
LNM_API void lnm_trace_attempt(const struct lnm_call *c, const struct lnm_http_answer *a,
                               bool failed);

#endif
