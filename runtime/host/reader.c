/* reader.c - module "lunami.host.reader": lines for the prompt, from a terminal or from a pipe.
 *
 * Standard input is one more descriptor of the loop: the loop only marks it readable, Lua asks for
 * the keys when the step is over. */
#include "host/host.h"

#include "bind/bind.h"
#include "host/editor.h"
#include "host/keys.h"

#include <errno.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#define READER "lunami.host.reader"

struct reader {
    struct lnm_editor *editor; /* NULL: input is no terminal, lines are only read */
    struct lnm_keys keys;
    struct lnm_watch *watch; /* while a line is wanted */
    bool readable, ended, pasting;
};

static struct reader *check(lua_State *L) {
    return luaL_checkudata(L, 1, READER);
}

static struct lnm_editor *check_editor(lua_State *L) {
    struct reader *r = check(L);
    luaL_argcheck(L, r->editor != NULL, 1, "input is no terminal");
    return r->editor;
}

static void unwatch(struct reader *r) {
    lnm_watch_cancel(r->watch);
    r->watch = NULL;
}

/* reader:close(): the terminal is as it was. [-0, +0, e] */
static int reader_close(lua_State *L) {
    struct reader *r = check(L);
    unwatch(r);
    lnm_editor_free(r->editor);
    r->editor = NULL;
    lnm_keys_free(&r->keys);
    lnm_host_signals_at_prompt(NULL);
    return 0;
}

/* open(clever, edits) -> reader | nil, err. edits: standard input and output are a terminal, whose
 * cursor moves when it is clever. [-0, +1|2, e] */
static int l_open(lua_State *L) {
    bool clever = lua_toboolean(L, 1) != 0, edits = lua_toboolean(L, 2) != 0;
    struct reader *r = lua_newuserdatauv(L, sizeof *r, 0);
    memset(r, 0, sizeof *r);
    luaL_setmetatable(L, READER);
    struct lnm_err err;
    if (edits && lnm_editor_new(&r->editor, clever, &err) < 0) {
        return lnm_bind_failure(L, &err);
    }
    lnm_host_signals_at_prompt(lnm_bind_context(L)->loop);
    return 1;
}

static void became_readable(void *arg) {
    struct reader *r = arg;
    r->readable = true;
}

/* reader:begin(prompt): a line is wanted. [-0, +1|2, e] */
static int reader_begin(lua_State *L) {
    struct reader *r = check(L);
    const char *prompt = luaL_checkstring(L, 2);
    struct lnm_err err;
    int error = r->editor != NULL ? lnm_editor_begin(r->editor, prompt, &err) : 0;
    r->readable = r->keys.bytes.len > r->keys.at;
    if (error == 0 && r->watch == NULL) {
        error = lnm_watch_start(&r->watch, lnm_bind_context(L)->loop, STDIN_FILENO, became_readable,
                                r, &err);
    }
    if (error < 0) {
        return lnm_bind_failure(L, &err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* reader:ready() -> shall take be called? [-0, +1, e] */
static int reader_ready(lua_State *L) {
    struct reader *r = check(L);
    lua_pushboolean(L, r->readable || r->ended);
    return 1;
}

/* What standard input has, if it has something: it is not waited for. */
static void read_some(struct reader *r) {
    char bytes[4096];
    fd_set set;
    struct timeval now = {0, 0};
    FD_ZERO(&set);
    FD_SET(STDIN_FILENO, &set);
    if (select(STDIN_FILENO + 1, &set, NULL, NULL, &now) <= 0) {
        return;
    }
    ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
    if (n > 0) {
        lnm_keys_add(&r->keys, (struct lnm_str){bytes, (size_t)n});
    } else if (n == 0 || errno != EINTR) {
        r->ended = true;
        unwatch(r);
    }
}

/* A tab at the end of a word asks for completion; pasted or at a line's beginning it is blanks. */
static bool completes(struct reader *r) {
    size_t cursor, i = 0;
    struct lnm_str text = lnm_editor_text(r->editor, &cursor);
    while (i < cursor && text.ptr[i] == ' ') {
        i++;
    }
    return !r->pasting && i < cursor;
}

static bool is_empty(struct reader *r) {
    size_t cursor;
    return lnm_editor_text(r->editor, &cursor).len == 0;
}

enum event { NOTHING, LINE, TAB, END };

static enum event edit(const char **line, struct reader *r) {
    struct lnm_str key;
    enum lnm_key kind;
    while ((kind = lnm_keys_next(&key, &r->keys)) != LNM_KEY_NONE) {
        if (kind != LNM_KEY_BYTES) {
            r->pasting = kind == LNM_KEY_PASTE_BEGIN;
        } else if (lnm_str_is(key, "\t")) {
            if (completes(r)) {
                return TAB;
            }
            (void)lnm_editor_key(line, r->editor, LNM_STR("  "));
        } else if (lnm_str_is(key, "\x04") && is_empty(r)) {
            return END;
        } else if (lnm_editor_key(line, r->editor, key)) {
            return LINE;
        }
    }
    return r->ended ? END : NOTHING;
}

static enum event take_line(struct lnm_str *line, struct reader *r) {
    if (lnm_keys_line(line, &r->keys, r->ended)) {
        return LINE;
    }
    return r->ended ? END : NOTHING;
}

/* reader:take() -> "line", text, was its end pasted? | "tab" | "end" | nothing: what has come of
 * the line. [-0, +0..3, e] */
static int reader_take(lua_State *L) {
    struct reader *r = check(L);
    struct lnm_str line = LNM_STR_NONE;
    const char *edited = "";
    r->readable = false;
    if (!r->ended) {
        read_some(r);
    }
    enum event event = r->editor != NULL ? edit(&edited, r) : take_line(&line, r);
    if (event == NOTHING) {
        return 0;
    }
    if (event == LINE) {
        unwatch(r);
        line = r->editor != NULL ? lnm_str_z(edited) : line;
        lua_pushliteral(L, "line");
        lua_pushlstring(L, line.ptr, line.len);
        lua_pushboolean(L, r->pasting);
        return 3;
    }
    r->readable = event == TAB; /* there may be more */
    lua_pushstring(L, event == TAB ? "tab" : "end");
    return 1;
}

/* reader:abandon(): no line is wanted any more. [-0, +0, e] */
static int reader_abandon(lua_State *L) {
    struct reader *r = check(L);
    unwatch(r);
    if (r->editor != NULL && lnm_editor_active(r->editor)) {
        lnm_editor_abandon(r->editor);
    }
    return 0;
}

/* reader:drop(): forget what was typed or pasted ahead. [-0, +0, e] */
static int reader_drop(lua_State *L) {
    struct reader *r = check(L);
    lnm_keys_drop(&r->keys);
    r->pasting = false;
    if (r->editor != NULL) {
        (void)tcflush(STDIN_FILENO, TCIFLUSH);
    }
    return 0;
}

/* reader:active() -> is a line being typed? [-0, +1, e] */
static int reader_active(lua_State *L) {
    struct reader *r = check(L);
    lua_pushboolean(L, r->editor != NULL && lnm_editor_active(r->editor));
    return 1;
}

/* reader:text() -> the line so far, how many bytes of it stand before the cursor. [-0, +2, e] */
static int reader_text(lua_State *L) {
    size_t cursor;
    struct lnm_str text = lnm_editor_text(check_editor(L), &cursor);
    lua_pushlstring(L, text.ptr, text.len);
    lua_pushinteger(L, (lua_Integer)cursor);
    return 2;
}

/* reader:insert(text): as if it were typed; no line ends. [-0, +0, e] */
static int reader_insert(lua_State *L) {
    struct lnm_editor *e = check_editor(L);
    size_t len;
    const char *text = luaL_checklstring(L, 2, &len), *line;
    luaL_argcheck(L, memchr(text, '\n', len) == NULL && memchr(text, '\r', len) == NULL, 2,
                  "a line end");
    while (len > 0) {
        size_t piece = 1;
        while (piece < len && ((unsigned char)text[piece] & 0xc0) == 0x80) {
            piece++;
        }
        (void)lnm_editor_key(&line, e, (struct lnm_str){text, piece});
        text += piece;
        len -= piece;
    }
    return 0;
}

/* reader:print(text): above the line that is being typed. [-0, +0, e] */
static int reader_print(lua_State *L) {
    struct lnm_editor *e = check_editor(L);
    size_t len;
    const char *text = luaL_checklstring(L, 2, &len);
    lnm_editor_print(e, (struct lnm_str){text, len});
    return 0;
}

/* reader:bar(text|nil): one line of progress above the line. [-0, +0, e] */
static int reader_bar(lua_State *L) {
    lnm_editor_bar(check_editor(L), luaL_optstring(L, 2, NULL));
    return 0;
}

/* reader:prompt(text): another prompt for the line that is being typed. [-0, +1|2, e] */
static int reader_prompt(lua_State *L) {
    struct lnm_err err;
    if (lnm_editor_prompt(check_editor(L), luaL_checkstring(L, 2), &err) < 0) {
        return lnm_bind_failure(L, &err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* reader:redraw(). [-0, +0, e] */
static int reader_redraw(lua_State *L) {
    lnm_editor_redraw(check_editor(L));
    return 0;
}

/* reader:remember(line): what the arrow keys bring back. [-0, +0, e] */
static int reader_remember(lua_State *L) {
    lnm_editor_remember(check_editor(L), luaL_checkstring(L, 2));
    return 0;
}

/* changed() -> has the terminal another size since it was last asked? [-0, +1, -] */
static int l_changed(lua_State *L) {
    lua_pushboolean(L, lnm_host_terminal_changed());
    return 1;
}

/* handled(): the signal that came has been dealt with. [-0, +0, -] */
static int l_handled(lua_State *L) {
    (void)L;
    lnm_host_signal_clear();
    return 0;
}

static const luaL_Reg methods[] = {
    {"begin", reader_begin},       {"ready", reader_ready},   {"take", reader_take},
    {"abandon", reader_abandon},   {"drop", reader_drop},     {"active", reader_active},
    {"text", reader_text},         {"insert", reader_insert}, {"print", reader_print},
    {"bar", reader_bar},           {"prompt", reader_prompt}, {"redraw", reader_redraw},
    {"remember", reader_remember}, {"close", reader_close},   {NULL, NULL}};
static const luaL_Reg meta[] = {{"__gc", reader_close}, {"__close", reader_close}, {NULL, NULL}};
static const luaL_Reg funcs[] = {
    {"open", l_open}, {"changed", l_changed}, {"handled", l_handled}, {NULL, NULL}};

int lnm_host_open_reader(lua_State *L) {
    luaL_newmetatable(L, READER);
    luaL_setfuncs(L, meta, 0);
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    luaL_newlib(L, funcs);
    return 1;
}
