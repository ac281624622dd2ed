/* date.h - instants as microseconds since the epoch (UTC), and their spellings. */
#ifndef LUNAMI_BASE_DATE_H
#define LUNAMI_BASE_DATE_H

#include "base/err.h"
#include "base/str.h"

#define LNM_SECOND_US INT64_C(1000000)

/* Parse ISO-8601 ("2019-12-16T23:48:18.123Z", with offsets), HTTP-date ("Tue, 29 Apr 2014 18:30:38
 * GMT") or epoch seconds ("1422172800.5"). Returns 0 or LNM_EPARSE; *out_us untouched on failure.
 */
LNM_API int lnm_date_parse(int64_t *out_us, struct lnm_str s);

#define LNM_DATE_MAX 40 /* bytes that any of these writes, NUL included */
LNM_API void lnm_date_iso(char out[LNM_DATE_MAX], int64_t us);   /* 2018-11-04T06:24:45.000Z */
LNM_API void lnm_date_iso_s(char out[LNM_DATE_MAX], int64_t us); /* 2018-11-04T06:24:45Z */
LNM_API void lnm_date_http(char out[LNM_DATE_MAX], int64_t us);  /* Sun, 04 Nov 2018 06:24:45 GMT */
LNM_API void lnm_date_amz(char out[LNM_DATE_MAX], int64_t us);   /* 20181104T062445Z */
/* Parse the X-Amz-Date form only. Returns 0 or LNM_EPARSE. */
LNM_API int lnm_date_parse_amz(int64_t *out_us, struct lnm_str s);

#endif
