/* keys.c - bytes from a terminal, cut into whole keys: characters and escape sequences. */
#include "host/keys.h"

#define ESC 0x1b
#define SEQUENCE_MAX 32 /* a longer escape sequence is none */

static size_t left(const struct lnm_keys *k) {
    return k->bytes.len - k->at;
}

static unsigned char byte(const struct lnm_keys *k, size_t i) {
    return (unsigned char)k->bytes.ptr[k->at + i];
}

void lnm_keys_add(struct lnm_keys *k, struct lnm_str bytes) {
    if (k->at > 0) { /* what has been taken makes room */
        memmove(k->bytes.ptr, k->bytes.ptr + k->at, left(k));
        k->bytes.len = left(k);
        k->at = 0;
    }
    lnm_buf_add(&k->bytes, bytes.ptr, bytes.len);
}

/* Length of the UTF-8 character at the front; 0: not whole yet. */
static size_t character(const struct lnm_keys *k) {
    unsigned char c = byte(k, 0);
    size_t len = c >= 0xc2 && c < 0xe0   ? 2
                 : c >= 0xe0 && c < 0xf0 ? 3
                 : c >= 0xf0 && c < 0xf5 ? 4
                                         : 1;
    for (size_t i = 1; i < len; i++) {
        if (i == left(k)) {
            return 0;
        }
        if ((byte(k, i) & 0xc0) != 0x80) {
            return 1;
        }
    }
    return len;
}

/* Length of the escape sequence at the front: ESC [ ... letter, ESC O letter, ESC key; 0: not whole
 * yet. */
static size_t sequence(const struct lnm_keys *k) {
    if (left(k) < 2) {
        return 0;
    }
    if (byte(k, 1) == 'O') {
        return left(k) >= 3 ? 3 : 0;
    }
    if (byte(k, 1) != '[') {
        return 2;
    }
    for (size_t i = 2; i < left(k); i++) {
        unsigned char c = byte(k, i);
        if ((c >= 0x40 && c <= 0x7e) || c < 0x20 || i == SEQUENCE_MAX) {
            return i + 1;
        }
    }
    return 0;
}

enum lnm_key lnm_keys_next(struct lnm_str *out, struct lnm_keys *k) {
    size_t len = left(k) == 0 ? 0 : byte(k, 0) == ESC ? sequence(k) : character(k);
    if (len == 0) {
        return LNM_KEY_NONE;
    }
    *out = (struct lnm_str){k->bytes.ptr + k->at, len};
    k->at += len;
    return lnm_str_is(*out, "\x1b[200~")   ? LNM_KEY_PASTE_BEGIN
           : lnm_str_is(*out, "\x1b[201~") ? LNM_KEY_PASTE_END
                                           : LNM_KEY_BYTES;
}

bool lnm_keys_line(struct lnm_str *out, struct lnm_keys *k, bool last) {
    if (left(k) == 0) {
        return false;
    }
    const char *from = k->bytes.ptr + k->at, *end = memchr(from, '\n', left(k));
    if (end == NULL && !last) {
        return false;
    }
    size_t len = end != NULL ? (size_t)(end - from) : left(k);
    k->at += len + (end != NULL);
    *out = (struct lnm_str){from, len > 0 && from[len - 1] == '\r' ? len - 1 : len};
    return true;
}

void lnm_keys_drop(struct lnm_keys *k) {
    k->at = k->bytes.len;
}

void lnm_keys_free(struct lnm_keys *k) {
    lnm_buf_free(&k->bytes);
}
