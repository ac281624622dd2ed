/* json_fields.c - RFC 8259, read in place. */
#include "aws/json_fields.h"

struct scan {
    char *at, *end;
};

static void skip_space(struct scan *s) {
    while (s->at < s->end &&
           (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) {
        s->at++;
    }
}

static bool take(struct scan *s, char c) {
    if (s->at < s->end && *s->at == c) {
        s->at++;
        return true;
    }
    return false;
}

static int hex4(unsigned *out, struct scan *s) {
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = s->at < s->end ? *s->at++ : '\0';
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return LNM_EPARSE;
        }
        *out = *out << 4 | (unsigned)digit;
    }
    return 0;
}

/* After "\u": a character, perhaps of two halves; its UTF-8 is never longer than its escapes. */
static int unescape_unicode(char **to, struct scan *s) {
    unsigned c, low;
    if (hex4(&c, s) < 0 || c == 0 || (c >= 0xdc00 && c < 0xe000)) {
        return LNM_EPARSE;
    }
    if (c >= 0xd800 && c < 0xdc00) {
        if (!take(s, '\\') || !take(s, 'u') || hex4(&low, s) < 0 || low < 0xdc00 || low >= 0xe000) {
            return LNM_EPARSE;
        }
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    char *p = *to;
    if (c < 0x80) {
        *p++ = (char)c;
    } else if (c < 0x800) {
        *p++ = (char)(0xc0 | c >> 6);
        *p++ = (char)(0x80 | (c & 0x3f));
    } else {
        if (c < 0x10000) {
            *p++ = (char)(0xe0 | c >> 12);
        } else {
            *p++ = (char)(0xf0 | c >> 18);
            *p++ = (char)(0x80 | (c >> 12 & 0x3f));
        }
        *p++ = (char)(0x80 | (c >> 6 & 0x3f));
        *p++ = (char)(0x80 | (c & 0x3f));
    }
    *to = p;
    return 0;
}

static int unescape(char **to, struct scan *s) {
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    char c = s->at < s->end ? *s->at++ : '\0';
    if (c == 'u') {
        return unescape_unicode(to, s);
    }
    const char *known = c != '\0' ? strchr(from, c) : NULL;
    if (known == NULL) {
        return LNM_EPARSE;
    }
    *(*to)++ = into[known - from];
    return 0;
}

/* A string from its quote on, unescaped in place. */
static int read_string(struct lnm_str *out, struct scan *s) {
    if (!take(s, '"')) {
        return LNM_EPARSE;
    }
    char *start = s->at, *to = s->at;
    while (s->at < s->end && *s->at != '"') {
        unsigned char c = (unsigned char)*s->at++;
        if (c < 0x20) {
            return LNM_EPARSE;
        }
        if (c != '\\') {
            *to++ = (char)c;
        } else if (unescape(&to, s) < 0) {
            return LNM_EPARSE;
        }
    }
    *out = (struct lnm_str){start, (size_t)(to - start)};
    return take(s, '"') ? 0 : LNM_EPARSE;
}

static size_t digits(struct scan *s) {
    char *start = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
        s->at++;
    }
    return (size_t)(s->at - start);
}

static int skip_number(struct scan *s) {
    (void)take(s, '-');
    bool zero = s->at < s->end && *s->at == '0';
    size_t n = digits(s);
    if (n == 0 || (zero && n > 1) || (take(s, '.') && digits(s) == 0)) {
        return LNM_EPARSE;
    }
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '+')) {
            (void)take(s, '-');
        }
        return digits(s) > 0 ? 0 : LNM_EPARSE;
    }
    return 0;
}

static int skip_word(struct scan *s) {
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (lnm_str_starts((struct lnm_str){s->at, (size_t)(s->end - s->at)},
                           lnm_str_z(words[i]))) {
            s->at += strlen(words[i]);
            return 0;
        }
    }
    return LNM_EPARSE;
}

/* A string is passed over as it is written, so that an object's text can be read again. */
static int skip_string(struct scan *s) {
    for (s->at++; s->at < s->end && *s->at != '"'; s->at++) {
        if ((unsigned char)*s->at < 0x20) {
            return LNM_EPARSE;
        }
        s->at += *s->at == '\\' ? 1 : 0;
    }
    if (s->at > s->end) { /* after a last backslash */
        s->at = s->end;
    }
    return take(s, '"') ? 0 : LNM_EPARSE;
}

static int skip_value(struct scan *s, int depth);

static int skip_items(struct scan *s, char close, int depth) {
    s->at++;
    skip_space(s);
    if (take(s, close)) {
        return 0;
    }
    for (;;) {
        skip_space(s);
        if (close == '}') {
            if (s->at >= s->end || *s->at != '"' || skip_string(s) < 0) {
                return LNM_EPARSE;
            }
            skip_space(s);
            if (!take(s, ':')) {
                return LNM_EPARSE;
            }
        }
        if (skip_value(s, depth + 1) < 0) {
            return LNM_EPARSE;
        }
        skip_space(s);
        if (!take(s, ',')) {
            return take(s, close) ? 0 : LNM_EPARSE;
        }
    }
}

static int skip_value(struct scan *s, int depth) {
    skip_space(s);
    char c = s->at < s->end ? *s->at : '\0';
    if (c == '{' || c == '[') {
        return depth < LNM_JSON_FIELDS_DEPTH ? skip_items(s, c == '{' ? '}' : ']', depth)
                                             : LNM_EPARSE;
    }
    return c == '"'                             ? skip_string(s)
           : c == '-' || (c >= '0' && c <= '9') ? skip_number(s)
                                                : skip_word(s);
}

static int read_value(struct lnm_json_field *f, struct scan *s) {
    skip_space(s);
    char c = s->at < s->end ? *s->at : '\0', *start = s->at;
    f->kind = c == '"'                             ? LNM_JSON_STRING
              : c == '{'                           ? LNM_JSON_OBJECT
              : c == '-' || (c >= '0' && c <= '9') ? LNM_JSON_NUMBER
                                                   : LNM_JSON_NONE;
    if (f->kind == LNM_JSON_STRING) {
        return read_string(&f->value, s);
    }
    int error = skip_value(s, 1);
    f->value =
        f->kind == LNM_JSON_NONE ? LNM_STR_NONE : (struct lnm_str){start, (size_t)(s->at - start)};
    return error;
}

static int read_member(struct lnm_json_field *fields, size_t count, struct scan *s) {
    struct lnm_str name;
    skip_space(s);
    if (read_string(&name, s) < 0) {
        return LNM_EPARSE;
    }
    skip_space(s);
    if (!take(s, ':')) {
        return LNM_EPARSE;
    }
    for (size_t i = 0; i < count; i++) {
        if (lnm_str_is(name, fields[i].name)) {
            return read_value(&fields[i], s);
        }
    }
    return skip_value(s, 1);
}

int lnm_json_fields(struct lnm_json_field *fields, size_t count, struct lnm_str text) {
    char *start = (char *)(uintptr_t)text.ptr;
    struct scan s = {start, start + text.len};
    for (size_t i = 0; i < count; i++) {
        fields[i].kind = LNM_JSON_NONE;
        fields[i].value = LNM_STR_NONE;
    }
    skip_space(&s);
    if (!take(&s, '{')) {
        return LNM_EPARSE;
    }
    skip_space(&s);
    for (bool more = !take(&s, '}'); more;) {
        if (read_member(fields, count, &s) < 0) {
            return LNM_EPARSE;
        }
        skip_space(&s);
        more = take(&s, ',');
        if (!more && !take(&s, '}')) {
            return LNM_EPARSE;
        }
    }
    skip_space(&s);
    return s.at == s.end ? 0 : LNM_EPARSE;
}

void lnm_json_quote(struct lnm_buf *out, struct lnm_str text) {
    lnm_buf_addc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20) {
            lnm_buf_addf(out, "\\u%04x", c);
            continue;
        }
        if (c == '"' || c == '\\') {
            lnm_buf_addc(out, '\\');
        }
        lnm_buf_addc(out, (char)c);
    }
    lnm_buf_addc(out, '"');
}
