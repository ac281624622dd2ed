/* editor.h - one line being typed, by libedit, while everything else goes on.
 *
 * libedit reads nothing itself: it is handed whole keys (keys.h) and edits, in its unbuffered mode.
 * Above the line there may be a bar, one line of progress. On a terminal without a cursor that
 * moves ("dumb") there is no bar, and what is printed meanwhile begins on a new line. */
#ifndef LUNAMI_HOST_EDITOR_H
#define LUNAMI_HOST_EDITOR_H

#include "base/err.h"
#include "base/str.h"

struct lnm_editor;

/* On standard input and output, which must be a terminal. clever: its cursor moves. */
LNM_API int lnm_editor_new(struct lnm_editor **out, bool clever, struct lnm_err *err);
LNM_API void
lnm_editor_free(struct lnm_editor *e); /* leaves the terminal as it was; NULL is fine */
/* What the arrow keys bring back. */
LNM_API void lnm_editor_remember(struct lnm_editor *e, const char *line);
/* Show the prompt and begin a line; colours stand between two bytes 1. Copied. */
LNM_API int lnm_editor_begin(struct lnm_editor *e, const char *prompt, struct lnm_err *err);
/* Another prompt for the line that is being typed. */
LNM_API int lnm_editor_prompt(struct lnm_editor *e, const char *prompt, struct lnm_err *err);
LNM_API bool lnm_editor_active(const struct lnm_editor *e);
/* Edit by one whole key. True when the line is done: *line is valid until the next call, and the
 * terminal is as programs expect it. */
LNM_API bool lnm_editor_key(const char **line, struct lnm_editor *e, struct lnm_str key);
/* Give the line up: the cursor stands below it. */
LNM_API void lnm_editor_abandon(struct lnm_editor *e);
/* The whole line as typed so far, and how many bytes of it stand before the cursor. [borrowed] */
LNM_API struct lnm_str lnm_editor_text(struct lnm_editor *e, size_t *cursor);
/* Print whole lines above the line. */
LNM_API void lnm_editor_print(struct lnm_editor *e, struct lnm_str text);
/* Show, change or (NULL) take away the bar; text without control characters but colours, no wider
 * than the terminal. */
LNM_API void lnm_editor_bar(struct lnm_editor *e, const char *text);
/* The terminal has another size, or shows something else: draw all again. */
LNM_API void lnm_editor_redraw(struct lnm_editor *e);

#endif
