/* json_fields.h - a few fields of a JSON object that may hold secrets, decoded where they stand.
 *
 * Nothing is allocated and nothing is copied: the caller's buffer is all that must be cleansed. */
#ifndef LUNAMI_AWS_JSON_FIELDS_H
#define LUNAMI_AWS_JSON_FIELDS_H

#include "base/buf.h"

enum lnm_json_kind { LNM_JSON_NONE, LNM_JSON_STRING, LNM_JSON_NUMBER, LNM_JSON_OBJECT };

struct lnm_json_field {
    const char *name;
    enum lnm_json_kind kind; /* LNM_JSON_NONE: not there, null, a list or a boolean */
    struct lnm_str value;    /* a string's text without escapes; else as it is written */
};

#define LNM_JSON_FIELDS_DEPTH 16 /* objects and lists inside one another */

/* The fields of the object that is the whole of `text`, whose strings are unescaped in place; of
 * fields of one name the last counts. Returns 0, or LNM_EPARSE when it is no JSON object, a string
 * holds a NUL, or it is nested too deep. An object's value may be read by another call. */
LNM_API int lnm_json_fields(struct lnm_json_field *fields, size_t count, struct lnm_str text);
/* Append "text" with quotes and escapes. */
LNM_API void lnm_json_quote(struct lnm_buf *out, struct lnm_str text);

#endif
