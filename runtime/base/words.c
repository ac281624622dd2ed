/* words.c - quotes and backslashes of a command line. */
#include "base/words.h"

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* After an opening quote, up to and with the closing one. */
static int quoted(struct lnm_buf *out, struct lnm_str line, size_t *at, char quote) {
    while (*at < line.len && line.ptr[*at] != quote) {
        char c = line.ptr[(*at)++];
        bool escapes = c == '\\' && quote == '"' && *at < line.len &&
                       (line.ptr[*at] == '"' || line.ptr[*at] == '\\');
        lnm_buf_addc(out, escapes ? line.ptr[(*at)++] : c);
    }
    return (*at)++ < line.len ? 0 : LNM_EPARSE;
}

static int word(struct lnm_buf *out, struct lnm_str line, size_t *at) {
    int error = 0;
    while (error == 0 && *at < line.len && !is_space(line.ptr[*at])) {
        char c = line.ptr[(*at)++];
        if (c == '\'' || c == '"') {
            error = quoted(out, line, at, c);
        } else if (c != '\\') {
            lnm_buf_addc(out, c);
        } else if (*at < line.len) {
            lnm_buf_addc(out, line.ptr[(*at)++]);
        } else {
            error = LNM_EPARSE;
        }
    }
    return error;
}

int lnm_words_split(struct lnm_buf *out, size_t *count, struct lnm_str line) {
    int error = 0;
    *count = 0;
    for (size_t at = 0; error == 0 && at < line.len;) {
        if (is_space(line.ptr[at])) {
            at++;
            continue;
        }
        error = word(out, line, &at);
        lnm_buf_addc(out, '\0');
        (*count)++;
    }
    return error;
}
