/* escape.c - text from outside made safe for a terminal, a log or a prompt.
 *
 * Names, tags and messages of shared images are written by strangers: control characters could move
 * the cursor or set the title, bidirectional controls could make one name look like another. */
#include "base/text.h"

/* Length of the UTF-8 sequence at s[i] with its code point in *cp; 0 when it is not valid UTF-8. */
static size_t decode(struct lnm_str s, size_t i, uint32_t *cp) {
    unsigned char c = (unsigned char)s.ptr[i];
    size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : 0;
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (c >= 0xf0 && c < 0xf5) {
        n = 4;
    }
    if (n == 0 || i + n > s.len) {
        return 0;
    }
    *cp = n == 1 ? c : c & (0xffu >> (n + 1));
    for (size_t k = 1; k < n; k++) {
        unsigned char next = (unsigned char)s.ptr[i + k];
        if ((next & 0xc0) != 0x80) {
            return 0;
        }
        *cp = *cp << 6 | (next & 0x3f);
    }
    bool valid = *cp >= least[n] && *cp <= 0x10ffff && !(*cp >= 0xd800 && *cp <= 0xdfff);
    return valid ? n : 0;
}

static bool harmful(uint32_t cp) {
    return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x200e || cp == 0x200f ||
           (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x061c ||
           cp == 0xfeff;
}

void lnm_text_escape(struct lnm_buf *out, struct lnm_str s) {
    size_t i = 0;
    while (i < s.len) {
        uint32_t cp = 0;
        size_t n = decode(s, i, &cp);
        if (n == 0) {
            lnm_buf_addf(out, "\\x%02X", (unsigned)(unsigned char)s.ptr[i]);
            n = 1;
        } else if (harmful(cp)) {
            lnm_buf_addf(out, "\\u{%X}", (unsigned)cp);
        } else {
            lnm_buf_add(out, s.ptr + i, n);
        }
        i += n;
    }
}

void lnm_text_json(struct lnm_buf *out, struct lnm_str s) {
    size_t i = 0;
    lnm_buf_addc(out, '"');
    while (i < s.len) {
        uint32_t cp = 0;
        size_t n = decode(s, i, &cp);
        if (n == 0) {
            lnm_buf_addz(out, "\\ufffd");
            n = 1;
        } else if (cp == '"' || cp == '\\') {
            lnm_buf_addf(out, "\\%c", (int)cp);
        } else if (cp < 0x10000 && harmful(cp)) {
            lnm_buf_addf(out, "\\u%04x", (unsigned)cp);
        } else {
            lnm_buf_add(out, s.ptr + i, n);
        }
        i += n;
    }
    lnm_buf_addc(out, '"');
}
