/* type.h - the shape of what goes over the wire, as data: types and their members.
 *
 * Operation rows (api.h) point at these; the encoders, the decoders, the option checks, the help
 * and the local cloud all read them.  Everything is const and shared. */
#ifndef LUNAMI_AWS_TYPE_H
#define LUNAMI_AWS_TYPE_H

#include "base/lib.h"

enum lnm_kind {
    LNM_STRING,
    LNM_INTEGER, /* int or long; decimal text on the wire */
    LNM_FLOAT,
    LNM_BOOLEAN,   /* "true" / "false" */
    LNM_TIMESTAMP, /* kept as the wire's text; lnm_date_parse reads all its spellings */
    LNM_BLOB,      /* kept as base64 text */
    LNM_LIST,
    LNM_STRUCT,
    LNM_MAP /* JSON only: string keys */
};

enum lnm_time_format { LNM_TIME_DEFAULT, LNM_TIME_ISO8601, LNM_TIME_EPOCH, LNM_TIME_HTTP };

enum lnm_member_flag {
    LNM_REQUIRED = 1,  /* the API refuses a request without it */
    LNM_TOKEN = 2,     /* idempotency token: filled in by lunami when the caller gave none */
    LNM_SECRET = 4,    /* never printed, logged or traced */
    LNM_FLATTENED = 8, /* XML output: the list's items stand directly in the parent */
    LNM_HIDDEN = 16,   /* not offered to recipes (lunami fills it in itself) */
    /* REST: where the member stands when it is not in the JSON body */
    LNM_IN_PATH = 32,
    LNM_IN_QUERY = 64,
    LNM_IN_HEADER = 128,
    LNM_PAYLOAD = 256 /* it is the raw body, and goes beside the record */
};
#define LNM_NOT_IN_BODY (LNM_IN_PATH | LNM_IN_QUERY | LNM_IN_HEADER | LNM_PAYLOAD)

struct lnm_member;

struct lnm_type {
    enum lnm_kind kind;
    enum lnm_time_format time;
    const struct lnm_member *members; /* LNM_STRUCT */
    size_t member_count;
    const struct lnm_member *item; /* LNM_LIST: the element; LNM_MAP: the value.
                                      item->wire is the XML element name ("item", "member") */
};

struct lnm_member {
    const char *name; /* in recipes: AWS's name in snake_case ("source_image_id"); NULL for items */
    const char *wire; /* in requests: the query or JSON name; in answers: the XML or JSON name */
    const struct lnm_type *type;
    unsigned flags;      /* enum lnm_member_flag */
    const char *help;    /* one line for a person, or NULL */
    const char *allowed; /* allowed words separated by '|', or NULL */
};

#endif
