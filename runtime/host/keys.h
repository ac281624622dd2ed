/* keys.h - the bytes that a terminal or a pipe sent, cut into whole keys or lines.
 *
 * A line editor that reads byte by byte stops everything in the middle of an escape sequence or of
 * a UTF-8 character. Here nothing is handed on before it is whole. */
#ifndef LUNAMI_HOST_KEYS_H
#define LUNAMI_HOST_KEYS_H

#include "base/buf.h"

enum lnm_key {
    LNM_KEY_NONE,        /* nothing whole is there yet */
    LNM_KEY_BYTES,       /* one character, or one escape sequence */
    LNM_KEY_PASTE_BEGIN, /* bracketed paste: what follows was not typed */
    LNM_KEY_PASTE_END
};

struct lnm_keys {
    struct lnm_buf bytes;
    size_t at; /* what has been taken already */
};

/* Append what was read. */
LNM_API void lnm_keys_add(struct lnm_keys *k, struct lnm_str bytes);
/* Take the next whole key; *out borrows from the queue until it is added to. A byte that begins no
 * character is a key by itself. */
LNM_API enum lnm_key lnm_keys_next(struct lnm_str *out, struct lnm_keys *k);
/* Take a line without its end; false when none is whole. At the end of input (`last`) what is left
 * is a line. */
LNM_API bool lnm_keys_line(struct lnm_str *out, struct lnm_keys *k, bool last);
LNM_API void lnm_keys_drop(struct lnm_keys *k); /* forget what has not been taken */
LNM_API void lnm_keys_free(struct lnm_keys *k);

#endif
