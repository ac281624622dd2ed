/* log.c - one escaped, redacted line on standard error. */
#include "base/log.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static enum lnm_log_level current = LNM_LOG_QUIET;

void lnm_log_set_level(enum lnm_log_level level) {
    current = level;
}

bool lnm_log_on(enum lnm_log_level level) {
    return level <= current && level != LNM_LOG_QUIET;
}

/* Words after which a value follows that nobody may see, whatever stands between (=, :, "). */
static const char *const secret_words[] = {
    "authorization",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-credential",
    "secretaccesskey",
    "aws_secret_access_key",
    "aws_session_token",
    "sessiontoken",
    "x-aws-ec2-metadata-token",
    "cookie",
    "presignedurl",
};

static size_t secret_word_at(struct lnm_str s) {
    for (size_t k = 0; k < sizeof secret_words / sizeof secret_words[0]; k++) {
        struct lnm_str word = lnm_str_z(secret_words[k]);
        if (s.len >= word.len && lnm_str_ieq((struct lnm_str){s.ptr, word.len}, word)) {
            return word.len;
        }
    }
    return 0;
}

static bool among(char c, const char *set) {
    return c != '\0' && strchr(set, c) != NULL;
}

/* Bytes of the value: in quotes up to the closing one, a header's up to the line's end, a query
 * parameter's up to '&'. */
static size_t value_length(struct lnm_str s, const char *stops) {
    size_t n = 0;
    while (n < s.len && !among(s.ptr[n], stops)) {
        n++;
    }
    return n;
}

void lnm_log_redact(struct lnm_buf *out, struct lnm_str s) {
    size_t i = 0;
    while (i < s.len) {
        size_t n = secret_word_at((struct lnm_str){s.ptr + i, s.len - i});
        if (n == 0) {
            lnm_buf_addc(out, s.ptr[i++]);
            continue;
        }
        size_t v = i + n;
        while (v < s.len && among(s.ptr[v], "=: \"'>")) {
            v++;
        }
        if (v == i + n) { /* the word alone: nothing follows that could be its value */
            lnm_buf_add(out, s.ptr + i, n);
            i = v;
            continue;
        }
        bool header = memchr(s.ptr + i + n, ':', v - i - n) != NULL && s.ptr[v - 1] == ' ';
        lnm_buf_add(out, s.ptr + i, v - i);
        lnm_buf_addz(out, "[redacted]");
        i = v +
            value_length((struct lnm_str){s.ptr + v, s.len - v}, header ? "\r\n" : "\"'&<\r\n ");
    }
}

void lnm_log(enum lnm_log_level level, const char *fmt, ...) {
    char text[2048];
    if (!lnm_log_on(level)) {
        return;
    }
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    struct lnm_buf plain = {0}, line = {0};
    lnm_log_redact(&plain, lnm_str_z(text));
    lnm_buf_addz(&line, "lunami: ");
    lnm_text_escape(&line, lnm_buf_str(&plain));
    lnm_buf_addc(&line, '\n');
    if (line.failed == 0 && write(STDERR_FILENO, line.ptr, line.len) < 0) {
        current = LNM_LOG_QUIET; /* nobody reads; do not try again */
    }
    lnm_buf_free(&plain);
    lnm_buf_free(&line);
}
