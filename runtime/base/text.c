/* text.c - percent, hexadecimal and base64 encodings. */
#include "base/text.h"

static bool unreserved(unsigned char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

static void percent(struct lnm_buf *out, struct lnm_str s, char also) {
    static const char digits[] = "0123456789ABCDEF";
    if (s.len > SIZE_MAX / 3 || lnm_buf_reserve(out, s.len * 3) < 0) {
        return;
    }
    char *to = out->ptr + out->len;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (unreserved(c) || (also != '\0' && c == (unsigned char)also)) {
            *to++ = (char)c;
        } else {
            *to++ = '%';
            *to++ = digits[c >> 4];
            *to++ = digits[c & 15];
        }
    }
    *to = '\0';
    out->len = (size_t)(to - out->ptr);
}

void lnm_text_percent(struct lnm_buf *out, struct lnm_str s) {
    percent(out, s, '\0');
}

void lnm_text_percent_path(struct lnm_buf *out, struct lnm_str s) {
    percent(out, s, '/');
}

static int nibble(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int byte_of(struct lnm_str s, size_t at, char *out) {
    if (at + 1 >= s.len) {
        return LNM_EPARSE;
    }
    int high = nibble(s.ptr[at]), low = nibble(s.ptr[at + 1]);
    if (high < 0 || low < 0) {
        return LNM_EPARSE;
    }
    *out = (char)(high * 16 + low);
    return 0;
}

int lnm_text_unpercent(struct lnm_buf *out, struct lnm_str s, bool plus_is_space) {
    while (s.len > 0) {
        size_t n = 0; /* plain ones are copied together */
        while (n < s.len && s.ptr[n] != '%' && (s.ptr[n] != '+' || !plus_is_space)) {
            n++;
        }
        lnm_buf_adds(out, (struct lnm_str){s.ptr, n});
        if (n < s.len) {
            char c = ' ';
            if (s.ptr[n] == '%' && byte_of(s, n + 1, &c) < 0) {
                return LNM_EPARSE;
            }
            n += s.ptr[n] == '%' ? 3 : 1;
            lnm_buf_addc(out, c);
        }
        s = (struct lnm_str){s.ptr + n, s.len - n};
    }
    return out->failed;
}

void lnm_text_hex(struct lnm_buf *out, const unsigned char *bytes, size_t len) {
    static const char digits[] = "0123456789abcdef";
    if (len > SIZE_MAX / 2 || lnm_buf_reserve(out, len * 2) < 0) {
        return;
    }
    for (size_t i = 0; i < len; i++) {
        lnm_buf_addc(out, digits[bytes[i] >> 4]);
        lnm_buf_addc(out, digits[bytes[i] & 15]);
    }
}

int lnm_text_unhex(struct lnm_buf *out, struct lnm_str s) {
    char c;
    if (s.len % 2 != 0) {
        return LNM_EPARSE;
    }
    for (size_t i = 0; i < s.len; i += 2) {
        if (byte_of(s, i, &c) < 0) {
            return LNM_EPARSE;
        }
        lnm_buf_addc(out, c);
    }
    return out->failed;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void lnm_text_base64(struct lnm_buf *out, const unsigned char *bytes, size_t len) {
    if (len > SIZE_MAX / 2 || lnm_buf_reserve(out, (len + 2) / 3 * 4) < 0) {
        return;
    }
    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t v = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                     (left > 2 ? bytes[i + 2] : 0);
        lnm_buf_addc(out, base64_digits[v >> 18]);
        lnm_buf_addc(out, base64_digits[v >> 12 & 63]);
        lnm_buf_addc(out, left > 1 ? base64_digits[v >> 6 & 63] : '=');
        lnm_buf_addc(out, left > 2 ? base64_digits[v & 63] : '=');
    }
}

static int base64_value(char c) {
    const char *at = c != '\0' ? strchr(base64_digits, c) : NULL;
    return at != NULL ? (int)(at - base64_digits) : -1;
}

int lnm_text_unbase64(struct lnm_buf *out, struct lnm_str s) {
    if (s.len % 4 != 0) {
        return LNM_EPARSE;
    }
    for (size_t i = 0; i < s.len; i += 4) {
        bool last = i + 4 == s.len;
        size_t pad = last && s.ptr[i + 3] == '=' ? (s.ptr[i + 2] == '=' ? 2 : 1) : 0;
        uint32_t v = 0;
        for (size_t k = 0; k < 4; k++) {
            int d = k >= 4 - pad ? 0 : base64_value(s.ptr[i + k]);
            if (d < 0) {
                return LNM_EPARSE;
            }
            v = v << 6 | (uint32_t)d;
        }
        if ((pad == 1 && (v & 0xff) != 0) || (pad == 2 && (v & 0xffff) != 0)) {
            return LNM_EPARSE; /* bits that no encoder writes: refuse the second spelling */
        }
        const char bytes[3] = {(char)(v >> 16), (char)(v >> 8), (char)v};
        lnm_buf_add(out, bytes, 3 - pad);
    }
    return out->failed;
}
