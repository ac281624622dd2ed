/* profile.c - the shared config and credentials files: a list of properties, later ones win. */
#include "aws/profile.h"

#include <stdio.h>
#include <stdlib.h>

#define LINES_MAX 100000
#define PROPERTIES_MAX 20000

struct text {
    enum lnm_profile_file kind;
    char *path;
    struct lnm_buf bytes;
    struct text *next;
};

struct property { /* without a name: a section begins here */
    const struct text *text;
    size_t line;
    bool bare; /* in [default] of the config file, for which [profile default] stands if there */
    struct lnm_str section, profile, name, sub, value; /* in text->bytes */
    struct property *next;
};

struct lnm_profiles {
    struct text *texts;
    struct property *first, *last;
    size_t count;
};

/* Where the parser stands in one file. */
struct parser {
    struct lnm_profiles *p;
    enum lnm_profile_file kind;
    struct text *text;
    size_t line;
    struct lnm_str section, profile; /* profile.ptr NULL: properties here are passed over */
    bool bare, any_section;
    struct property *current; /* that a more indented line continues or fills */
    bool passing;             /* the line above was passed over, and so are those indented below */
    struct lnm_err *err;
};

int lnm_profiles_new(struct lnm_profiles **out, struct lnm_err *err) {
    *out = calloc(1, sizeof **out);
    return *out != NULL ? 0 : lnm_fail_nomem(err);
}

void lnm_profiles_free(struct lnm_profiles *p) {
    if (p == NULL) {
        return;
    }
    for (struct property *q = p->first, *next; q != NULL; q = next) {
        next = q->next;
        free(q);
    }
    for (struct text *t = p->texts, *next; t != NULL; t = next) {
        next = t->next;
        lnm_buf_cleanse(&t->bytes);
        free(t->path);
        free(t);
    }
    free(p);
}

static int bad(struct parser *s, const char *why) {
    return lnm_fail(s->err, LNM_ECONFIG, "Configuration", "%s:%zu: %s", s->text->path, s->line,
                    why);
}

static int add(struct parser *s, struct lnm_str name, struct lnm_str sub, struct lnm_str value) {
    struct property *q = calloc(1, sizeof *q);
    if (q == NULL) {
        return lnm_fail_nomem(s->err);
    }
    if (++s->p->count > PROPERTIES_MAX) {
        free(q);
        return bad(s, "too many settings");
    }
    *q = (struct property){.text = s->text,
                           .line = s->line,
                           .bare = s->bare,
                           .section = s->section,
                           .profile = s->profile,
                           .name = name,
                           .sub = sub,
                           .value = value};
    *(s->p->last != NULL ? &s->p->last->next : &s->p->first) = q;
    s->p->last = q;
    if (sub.len == 0 && name.len > 0) {
        s->current = q;
    }
    return 0;
}

static bool is_name(struct lnm_str s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  strchr("_-/.%@:+", c) != NULL;
        if (!ok || c == '\0') {
            return false;
        }
    }
    return s.len > 0;
}

static bool is_section(struct lnm_str word) {
    return lnm_str_is(word, "profile") || lnm_str_is(word, "sso-session") ||
           lnm_str_is(word, "services");
}

/* "profile foo" -> ("profile", "foo"); in the credentials file the whole name is a profile. */
static void name_section(struct parser *s, struct lnm_str inside) {
    struct lnm_str word = inside, rest;
    size_t n = 0;
    while (n < inside.len && inside.ptr[n] != ' ' && inside.ptr[n] != '\t') {
        n++;
    }
    word.len = n;
    rest = lnm_str_trim((struct lnm_str){inside.ptr + n, inside.len - n});
    s->profile = LNM_STR_NONE;
    s->section = LNM_STR("profile");
    s->bare = false;
    if (s->kind == LNM_CREDENTIALS_FILE) {
        s->profile = is_name(inside) ? inside : LNM_STR_NONE;
    } else if (rest.len == 0 && lnm_str_is(word, "default")) {
        s->profile = word;
        s->bare = true;
    } else if (is_name(rest) && is_section(word)) {
        s->section = word;
        s->profile = rest;
    }
}

static int section_line(struct parser *s, struct lnm_str line) {
    struct lnm_str inside;
    size_t open = line.len;
    struct lnm_str after = lnm_str_cut(line, ']', &inside);
    if (inside.len == open) {
        return bad(s, "Profile definition must end with ']'");
    }
    after = lnm_str_trim(after);
    if (after.len > 0 && after.ptr[0] != '#' && after.ptr[0] != ';') {
        return bad(s, "nothing but a comment may follow ']'");
    }
    name_section(s, lnm_str_trim((struct lnm_str){inside.ptr + 1, inside.len - 1}));
    s->current = NULL;
    s->any_section = true;
    s->passing = s->profile.ptr == NULL;
    return s->passing ? 0 : add(s, LNM_STR_NONE, LNM_STR_NONE, LNM_STR_NONE);
}

/* A comment begins at a '#' or ';' after white space. */
static struct lnm_str without_comment(struct lnm_str v) {
    for (size_t i = 1; i < v.len; i++) {
        if ((v.ptr[i] == '#' || v.ptr[i] == ';') && (v.ptr[i - 1] == ' ' || v.ptr[i - 1] == '\t')) {
            v.len = i;
        }
    }
    return lnm_str_trim(v);
}

static int property_line(struct parser *s, struct lnm_str line) {
    struct lnm_str name;
    struct lnm_str value = lnm_str_cut(line, '=', &name);
    if (!s->any_section) {
        return bad(s, "Expected a profile definition, such as [default], before the first setting");
    }
    if (name.len == line.len) {
        return bad(s, "Expected an '=' sign defining a property");
    }
    name = lnm_str_trim(name);
    if (name.len == 0) {
        return bad(s, "Property did not have a name before its '='");
    }
    s->current = NULL;
    s->passing = s->profile.ptr == NULL || !is_name(name); /* as the SDKs do */
    return s->passing ? 0 : add(s, name, LNM_STR_NONE, without_comment(value));
}

/* The line joins the value in place: what stood between them is overwritten. */
static void continue_value(struct parser *s, struct lnm_str line) {
    struct lnm_str *value = &s->current->value;
    char *text = s->text->bytes.ptr;
    size_t end = (size_t)(value->ptr - text) + value->len;
    text[end] = '\n';
    memmove(text + end + 1, line.ptr, line.len);
    value->len += 1 + line.len;
}

/* An indented line: a nested setting when the one above has no value, else more of its value. */
static int indented_line(struct parser *s, struct lnm_str line) {
    if (s->passing) {
        return 0;
    }
    if (s->current == NULL) {
        return bad(s, s->any_section
                          ? "Expected a property definition, found continuation: an indented line "
                            "goes on with the setting above it"
                          : "Expected a profile definition before the first setting");
    }
    if (s->current->value.len > 0) {
        continue_value(s, line);
        return 0;
    }
    struct lnm_str name;
    struct lnm_str value = lnm_str_cut(line, '=', &name);
    if (name.len == line.len) {
        return bad(s, "Expected an '=' sign defining a sub-property");
    }
    name = lnm_str_trim(name);
    return name.len == 0 ? bad(s, "Sub-property did not have a name")
                         : add(s, s->current->name, name, lnm_str_trim(value));
}

static int one_line(struct parser *s, struct lnm_str line) {
    bool indented = line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
    struct lnm_str plain = lnm_str_trim(line);
    if (plain.len == 0 || plain.ptr[0] == '#' || plain.ptr[0] == ';') {
        return 0;
    }
    if (memchr(plain.ptr, '\0', plain.len) != NULL) {
        return bad(s, "holds a NUL byte: is this a text file?");
    }
    if (indented) {
        return indented_line(s, plain);
    }
    return plain.ptr[0] == '[' ? section_line(s, plain) : property_line(s, plain);
}

static struct text *keep(struct lnm_profiles *p, enum lnm_profile_file kind, struct lnm_str text,
                         const char *path) {
    struct text *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return NULL;
    }
    t->kind = kind;
    t->path = strdup(path);
    lnm_buf_init(&t->bytes, (size_t)16 << 20);
    lnm_buf_adds(&t->bytes, text);
    t->next = p->texts;
    p->texts = t;
    return t;
}

static bool is_default(const struct property *q) {
    return lnm_str_is(q->section, "profile") && lnm_str_is(q->profile, "default");
}

/* Where the config file has [profile default], its [default] counts for nothing. */
static void drop_bare_default(struct lnm_profiles *p) {
    bool prefixed = false;
    for (const struct property *q = p->first; q != NULL; q = q->next) {
        prefixed = prefixed || (is_default(q) && !q->bare);
    }
    struct property **at = &p->first;
    p->last = NULL;
    while (*at != NULL) {
        struct property *q = *at;
        if (prefixed && q->bare) {
            *at = q->next;
            free(q);
        } else {
            p->last = q;
            at = &q->next;
        }
    }
}

int lnm_profiles_parse(struct lnm_profiles *p, enum lnm_profile_file kind, struct lnm_str text,
                       const char *path, struct lnm_err *err) {
    struct text *t = keep(p, kind, text, path);
    if (t == NULL || t->path == NULL) {
        return lnm_fail_nomem(err);
    }
    struct parser s = {.p = p, .kind = kind, .text = t, .err = err};
    int error = lnm_buf_check(&t->bytes, err);
    struct lnm_str rest = lnm_buf_str(&t->bytes);
    if (lnm_str_starts(rest, LNM_STR("\xef\xbb\xbf"))) {
        rest = (struct lnm_str){rest.ptr + 3, rest.len - 3};
    }
    while (error == 0 && rest.len > 0) {
        struct lnm_str line;
        rest = lnm_str_cut(rest, '\n', &line);
        error = ++s.line > LINES_MAX ? bad(&s, "too many lines") : one_line(&s, line);
    }
    if (error == 0 && kind == LNM_CONFIG_FILE) {
        drop_bare_default(p);
    }
    return error;
}

bool lnm_profiles_has(const struct lnm_profiles *p, const char *section, const char *name) {
    for (const struct property *q = p->first; q != NULL; q = q->next) {
        if (lnm_str_is(q->section, section) && lnm_str_is(q->profile, name)) {
            return true;
        }
    }
    return false;
}

static const struct property *find(const struct lnm_profiles *p, const char *section,
                                   const char *name, const char *property, const char *sub) {
    const struct property *found = NULL;
    for (const struct property *q = p->first; q != NULL; q = q->next) {
        bool same_sub = sub != NULL ? lnm_str_ieq(q->sub, lnm_str_z(sub)) : q->sub.len == 0;
        if (same_sub && lnm_str_is(q->section, section) && lnm_str_is(q->profile, name) &&
            lnm_str_ieq(q->name, lnm_str_z(property))) {
            found = q; /* the last one wins */
        }
    }
    return found;
}

struct lnm_str lnm_profiles_get(const struct lnm_profiles *p, const char *section, const char *name,
                                const char *property, const char *sub) {
    const struct property *q = find(p, section, name, property, sub);
    return q != NULL ? q->value : LNM_STR_NONE;
}

bool lnm_profiles_in_credentials(const struct lnm_profiles *p, const char *profile,
                                 const char *property) {
    const struct property *q = find(p, "profile", profile, property, NULL);
    return q != NULL && q->text->kind == LNM_CREDENTIALS_FILE;
}

void lnm_profiles_place(char *out, size_t size, const struct lnm_profiles *p, const char *section,
                        const char *name, const char *property) {
    const struct property *q = find(p, section, name, property, NULL);
    out[0] = '\0';
    if (q != NULL) {
        (void)snprintf(out, size, "%s:%zu: ", q->text->path, q->line);
    }
}

static bool is_among(struct lnm_str name, const struct lnm_str *names, size_t count) {
    while (count > 0 && !lnm_str_eq(names[count - 1], name)) {
        count--;
    }
    return count > 0;
}

size_t lnm_profiles_names(const struct lnm_profiles *p, struct lnm_str *out, size_t max) {
    size_t count = 0;
    for (const struct property *q = p->first; q != NULL && count < max; q = q->next) {
        if (lnm_str_is(q->section, "profile") && !is_among(q->profile, out, count)) {
            out[count++] = q->profile;
        }
    }
    return count;
}
