/* log.h - one line on standard error, escaped for a terminal and with secrets taken out.
 *
 * Off (LNM_LOG_QUIET) unless the host turns it on; the module never does. */
#ifndef LUNAMI_BASE_LOG_H
#define LUNAMI_BASE_LOG_H

#include "base/buf.h"

enum lnm_log_level { LNM_LOG_QUIET, LNM_LOG_WARN, LNM_LOG_INFO, LNM_LOG_DEBUG };

LNM_API void lnm_log_set_level(enum lnm_log_level level);
LNM_API bool lnm_log_on(enum lnm_log_level level);
LNM_API void lnm_log(enum lnm_log_level level, const char *fmt, ...) LNM_PRINTF(2, 3);

/* Append s with the values of Authorization, X-Amz-Security-Token, X-Amz-Signature,
 * X-Amz-Credential, SecretAccessKey, SessionToken and their like replaced by "[redacted]". */
LNM_API void lnm_log_redact(struct lnm_buf *out, struct lnm_str s);

#endif
