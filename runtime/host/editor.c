/* editor.c - libedit in its unbuffered mode, fed key by key. */
#include "host/editor.h"

#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define KEY_MAX 64        /* bytes of one key */
#define HISTORY_MAX 1000  /* lines that the arrow keys bring back */
#define PROMPT_COLOUR 001 /* stands around what takes no column */

struct lnm_editor {
    EditLine *line;
    History *history;
    char *prompt, *bar; /* NULL: none */
    char *done;         /* the line that was finished last */
    wchar_t pending[KEY_MAX];
    size_t pending_count, pending_at; /* what libedit has still to read of the key */
    bool clever, active;
};

/* ---- keys that are not one character ---- */

static const struct {
    const char *key, *function;
} bindings[] = {
    {"\\e[A", "ed-prev-history"},       {"\\eOA", "ed-prev-history"},
    {"\\e[B", "ed-next-history"},       {"\\eOB", "ed-next-history"},
    {"\\e[C", "ed-next-char"},          {"\\eOC", "ed-next-char"},
    {"\\e[D", "ed-prev-char"},          {"\\eOD", "ed-prev-char"},
    {"\\e[H", "ed-move-to-beg"},        {"\\eOH", "ed-move-to-beg"},
    {"\\e[F", "ed-move-to-end"},        {"\\eOF", "ed-move-to-end"},
    {"\\e[1~", "ed-move-to-beg"},       {"\\e[7~", "ed-move-to-beg"},
    {"\\e[4~", "ed-move-to-end"},       {"\\e[8~", "ed-move-to-end"},
    {"\\e[3~", "ed-delete-next-char"},  {"\\e[1;5C", "em-next-word"},
    {"\\e[1;5D", "ed-prev-word"},       {"\\e[1;3C", "em-next-word"},
    {"\\e[1;3D", "ed-prev-word"},       {"\\ef", "em-next-word"},
    {"\\eb", "ed-prev-word"},           {"\\ed", "em-delete-next-word"},
    {"\\e^?", "ed-delete-prev-word"},   {"\\e^H", "ed-delete-prev-word"},
    {"\\ep", "ed-search-prev-history"}, {"\\en", "ed-search-next-history"},
    {"^R", "ed-search-prev-history"},   {"^W", "ed-delete-prev-word"},
    {"^D", "ed-delete-next-char"},
};

/* Those that would read further keys by themselves, and so stop the loop. */
static const char *const unbound[] = {"^V", "^X", "^Q", "^S", "^O"};

/* "\\e[A" as the bytes that a terminal sends. */
static bool is_binding(struct lnm_str key, const char *written) {
    char bytes[16];
    size_t n = 0;
    for (const char *w = written; *w != '\0' && n < sizeof bytes; w++) {
        if (w[0] == '\\' && w[1] == 'e') {
            bytes[n++] = 0x1b;
            w++;
        } else if (w[0] == '^' && w[1] != '\0') {
            bytes[n++] = (char)(w[1] ^ 0x40);
            w++;
        } else {
            bytes[n++] = *w;
        }
    }
    return key.len == n && memcmp(key.ptr, bytes, n) == 0;
}

/* Escape sequences that nothing is bound to would leave their tails in the line. */
static bool wanted(struct lnm_str key) {
    bool escape = key.ptr[0] == 0x1b;
    for (size_t i = 0; escape && i < sizeof bindings / sizeof *bindings; i++) {
        if (is_binding(key, bindings[i].key)) {
            return true;
        }
    }
    for (size_t i = 0; !escape && i < sizeof unbound / sizeof *unbound; i++) {
        if (is_binding(key, unbound[i])) {
            return false;
        }
    }
    return !escape;
}

/* ---- what libedit asks ---- */

static char *prompt_of(EditLine *line) {
    struct lnm_editor *e = NULL;
    static char none[] = "";
    (void)el_get(line, EL_CLIENTDATA, &e);
    return e != NULL && e->prompt != NULL ? e->prompt : none;
}

/* The next character of the key; none left is no error in the unbuffered mode. */
static int next_character(EditLine *line, wchar_t *out) {
    struct lnm_editor *e = NULL;
    (void)el_get(line, EL_CLIENTDATA, &e);
    if (e == NULL || e->pending_at == e->pending_count) {
        return 0;
    }
    *out = e->pending[e->pending_at++];
    return 1;
}

static void bind_keys(EditLine *line) {
    for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++) {
        (void)el_set(line, EL_BIND, bindings[i].key, bindings[i].function, NULL);
    }
}

/* Lines are UTF-8 whatever the locale says of programs' output. */
static void set_locale(void) {
    (void)setlocale(LC_CTYPE, "");
    if (MB_CUR_MAX == 1) {
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    }
}

int lnm_editor_new(struct lnm_editor **out, bool clever, struct lnm_err *err) {
    struct lnm_editor *e = calloc(1, sizeof *e);
    HistEvent event;
    if (e == NULL) {
        return lnm_fail_nomem(err);
    }
    set_locale();
    e->clever = clever;
    e->history = history_init();
    e->line = el_init("lunami", stdin, stdout, stderr);
    if (e->history == NULL || e->line == NULL) {
        lnm_editor_free(e);
        return lnm_fail_nomem(err);
    }
    (void)history(e->history, &event, H_SETSIZE, HISTORY_MAX);
    (void)history(e->history, &event, H_SETUNIQUE, 1);
    (void)el_set(e->line, EL_CLIENTDATA, e);
    (void)el_set(e->line, EL_EDITOR, "emacs");
    (void)el_set(e->line, EL_PROMPT_ESC, prompt_of, PROMPT_COLOUR);
    (void)el_set(e->line, EL_HIST, history, e->history);
    (void)el_wset(e->line, EL_GETCFN, next_character);
    bind_keys(e->line);
    *out = e;
    return 0;
}

void lnm_editor_free(struct lnm_editor *e) {
    if (e == NULL) {
        return;
    }
    if (e->active) {
        lnm_editor_abandon(e);
    }
    if (e->line != NULL) {
        el_end(e->line);
    }
    if (e->history != NULL) {
        history_end(e->history);
    }
    free(e->prompt);
    free(e->bar);
    free(e->done);
    free(e);
}

void lnm_editor_remember(struct lnm_editor *e, const char *line) {
    HistEvent event;
    (void)history(e->history, &event, H_ENTER, line);
}

/* ---- where things are on the screen ---- */

static int terminal_columns(struct lnm_editor *e) {
    int columns = 0;
    (void)el_get(e->line, EL_GETTC, "co", &columns, NULL);
    return columns > 0 ? columns : 80;
}

struct place {
    int row, column;
};

/* Where the next character stands after one that takes so many columns. */
static void advance(struct place *at, int width, int columns) {
    if (at->column + width > columns) {
        at->row++;
        at->column = 0;
    }
    at->column += width;
    if (at->column == columns) {
        at->row++;
        at->column = 0;
    }
}

/* Length of what stands at text and takes no column: colours, and their marks. */
static size_t invisible(const char *text) {
    size_t marked = text[0] == PROMPT_COLOUR ? 1 : 0;
    if (text[marked] != 0x1b) {
        return 0;
    }
    return strcspn(text, "m") + 1 + marked;
}

/* The same after a text of ours. */
static void advance_text(struct place *at, const char *text, int columns) {
    mbstate_t state;
    memset(&state, 0, sizeof state);
    size_t left = strlen(text);
    while (left > 0) {
        size_t n = invisible(text);
        wchar_t c = L'?';
        if (n == 0) {
            n = mbrtowc(&c, text, left, &state);
            n = n == 0 || n > left ? 1 : n; /* no character: one byte of something */
            advance(at, wcwidth(c) < 0 ? 1 : wcwidth(c), columns);
        }
        n = n < left ? n : left;
        text += n;
        left -= n;
    }
}

/* Rows from the prompt's first down to the cursor. */
static int cursor_row(struct lnm_editor *e) {
    const LineInfoW *info = el_wline(e->line);
    int columns = terminal_columns(e);
    struct place at = {0, 0};
    advance_text(&at, e->prompt, columns);
    for (const wchar_t *c = info->buffer; c < info->cursor; c++) {
        advance(&at, wcwidth(*c) < 0 ? 2 : wcwidth(*c), columns); /* ^X */
    }
    return at.row;
}

/* Rows of the bar: more than one when the terminal has become narrower under it. */
static int bar_rows(struct lnm_editor *e) {
    struct place at = {0, 0};
    if (e->bar == NULL) {
        return 0;
    }
    advance_text(&at, e->bar, terminal_columns(e));
    return at.row + (at.column > 0 ? 1 : 0);
}

/* Take the line and the bar off the screen: the cursor stands where they began. */
static void hide(struct lnm_editor *e) {
    if (!e->clever) {
        (void)fputc('\n', stdout);
        return;
    }
    int up = cursor_row(e) + bar_rows(e);
    (void)fputc('\r', stdout);
    if (up > 0) {
        (void)fprintf(stdout, "\x1b[%dA", up);
    }
    (void)fputs("\x1b[J", stdout);
}

static void show(struct lnm_editor *e) {
    if (e->bar != NULL) {
        (void)fprintf(stdout, "%s\n", e->bar);
    }
    (void)fflush(stdout);
    (void)el_set(e->line, EL_REFRESH, NULL);
    (void)fflush(stdout);
}

void lnm_editor_print(struct lnm_editor *e, struct lnm_str text) {
    hide(e);
    (void)fwrite(text.ptr, 1, text.len, stdout);
    if (text.len == 0 || text.ptr[text.len - 1] != '\n') {
        (void)fputc('\n', stdout);
    }
    show(e);
}

/* Over the bar that is there, without touching the line. */
static void change_bar(struct lnm_editor *e) {
    (void)fprintf(stdout, "\x1b%c\r\x1b[%dA%s\x1b[K\x1b%c", '7', cursor_row(e) + 1, e->bar, '8');
    (void)fflush(stdout);
}

void lnm_editor_bar(struct lnm_editor *e, const char *text) {
    if (!e->clever || (e->bar == NULL && text == NULL) ||
        (e->bar != NULL && text != NULL && strcmp(e->bar, text) == 0)) {
        return;
    }
    bool drawn = e->bar != NULL;
    if (text == NULL || !drawn) {
        hide(e);
    }
    free(e->bar);
    e->bar = text != NULL ? strdup(text) : NULL;
    if (drawn && e->bar != NULL) {
        change_bar(e);
    } else {
        show(e);
    }
}

void lnm_editor_redraw(struct lnm_editor *e) {
    el_resize(e->line);
    (void)el_set(e->line, EL_PREP_TERM, 0); /* a shell that had the terminal meanwhile changed it */
    (void)el_set(e->line, EL_PREP_TERM, 1);
    hide(e);
    free(e->bar); /* of the old width: the next one is of the new */
    e->bar = NULL;
    show(e);
}

/* ---- one line ---- */

int lnm_editor_begin(struct lnm_editor *e, const char *prompt, struct lnm_err *err) {
    free(e->prompt);
    e->prompt = strdup(prompt);
    if (e->prompt == NULL) {
        return lnm_fail_nomem(err);
    }
    if (e->clever) {
        (void)fputs("\x1b[?2004h", stdout);
    }
    (void)fflush(stdout);
    (void)el_set(e->line, EL_UNBUFFERED, 1);
    (void)fflush(stdout);
    e->active = true;
    return 0;
}

int lnm_editor_prompt(struct lnm_editor *e, const char *prompt, struct lnm_err *err) {
    char *copy = strdup(prompt);
    if (copy == NULL) {
        return lnm_fail_nomem(err);
    }
    hide(e);
    free(e->prompt);
    e->prompt = copy;
    show(e);
    return 0;
}

bool lnm_editor_active(const struct lnm_editor *e) {
    return e->active;
}

static void end(struct lnm_editor *e) {
    (void)el_set(e->line, EL_UNBUFFERED, 0);
    if (e->clever) {
        (void)fputs("\x1b[?2004l", stdout);
    }
    (void)fflush(stdout);
    e->active = false;
}

/* The key as wide characters; bytes that are no character are dropped. */
static void set_pending(struct lnm_editor *e, struct lnm_str key) {
    mbstate_t state;
    memset(&state, 0, sizeof state);
    e->pending_at = e->pending_count = 0;
    for (size_t i = 0; i < key.len && e->pending_count < KEY_MAX;) {
        size_t n = mbrtowc(&e->pending[e->pending_count], key.ptr + i, key.len - i, &state);
        if (n == (size_t)-1 || n == (size_t)-2) {
            return;
        }
        e->pending_count++;
        i += n > 0 ? n : 1;
    }
}

/* What libedit answers while a line is edited is all of it, with no NUL; a finished one has its
 * line end. */
static bool finished(struct lnm_editor *e, const char *text, int count) {
    size_t len = text != NULL && count > 0 ? (size_t)count : 0;
    if (len == 0 || text[len - 1] != '\n') {
        return false;
    }
    free(e->done);
    e->done = strndup(text, len - 1);
    end(e);
    return true;
}

bool lnm_editor_key(const char **line, struct lnm_editor *e, struct lnm_str key) {
    if (!wanted(key)) {
        return false;
    }
    if (lnm_str_is(key, "\r") || lnm_str_is(key, "\n")) {
        lnm_editor_bar(e, NULL); /* it does not stay above a line that is done */
    }
    set_pending(e, key);
    while (e->pending_at < e->pending_count) {
        int count = 0;
        const char *text = el_gets(e->line, &count);
        if (finished(e, text, count)) {
            *line = e->done != NULL ? e->done : "";
            return true;
        }
    }
    return false;
}

void lnm_editor_abandon(struct lnm_editor *e) {
    lnm_editor_bar(e, NULL);
    end(e);
    (void)fputc('\n', stdout);
    (void)fflush(stdout);
}

struct lnm_str lnm_editor_text(struct lnm_editor *e, size_t *cursor) {
    const LineInfo *info = el_line(e->line);
    *cursor = (size_t)(info->cursor - info->buffer);
    return (struct lnm_str){info->buffer, (size_t)(info->lastchar - info->buffer)};
}
