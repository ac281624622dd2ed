/* words.h - a command line split into its words as a POSIX shell would, without anything else of a
 * shell. */
#ifndef LUNAMI_BASE_WORDS_H
#define LUNAMI_BASE_WORDS_H

#include "base/buf.h"

/* Append the words to out, each followed by a NUL, and count them. Quotes and backslashes work as
 * in Python's shlex.split; no variables, no globs, no operators. LNM_EPARSE: an open quote, or a
 * backslash at the end. */
LNM_API int lnm_words_split(struct lnm_buf *out, size_t *count, struct lnm_str line);

#endif
