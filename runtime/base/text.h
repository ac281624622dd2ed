/* text.h - the encodings that the wire and the terminal need. */
#ifndef LUNAMI_BASE_TEXT_H
#define LUNAMI_BASE_TEXT_H

#include "base/buf.h"

/* Percent-encode all but A-Z a-z 0-9 - _ . ~ (RFC 3986 unreserved; what SigV4 asks). */
LNM_API void lnm_text_percent(struct lnm_buf *out, struct lnm_str s);
/* The same, but '/' stays: for the path of a canonical request. */
LNM_API void lnm_text_percent_path(struct lnm_buf *out, struct lnm_str s);
/* Decode %XX and, if plus_is_space, '+'. Returns 0 or LNM_EPARSE (a broken escape). */
LNM_API int lnm_text_unpercent(struct lnm_buf *out, struct lnm_str s, bool plus_is_space);
LNM_API void lnm_text_hex(struct lnm_buf *out, const unsigned char *bytes,
                          size_t len); /* lower case */
LNM_API int lnm_text_unhex(struct lnm_buf *out, struct lnm_str s);
LNM_API void lnm_text_base64(struct lnm_buf *out, const unsigned char *bytes, size_t len);
/* Strict: padding required, no white space. Returns 0 or LNM_EPARSE. */
LNM_API int lnm_text_unbase64(struct lnm_buf *out, struct lnm_str s);
/* Text from outside made safe for a terminal, a log, a prompt: C0, DEL, C1, bidi controls, line and
 * paragraph separators and bytes that are not UTF-8 become \u{..} or \xNN; the rest is kept. */
LNM_API void lnm_text_escape(struct lnm_buf *out, struct lnm_str s);
/* Append s as a JSON string with its quotes; what is not UTF-8 becomes U+FFFD. */
LNM_API void lnm_text_json(struct lnm_buf *out, struct lnm_str s);

#endif
