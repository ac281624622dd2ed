/* ask.c - one line from the controlling terminal. */
#include "client/ask.h"

#include "base/text.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

struct lnm_ask {
    int fd;
    struct termios saved;
    struct lnm_watch *watch;
    lnm_ask_fn *fn;
    void *arg;
    char line[128];
};

static void say(int fd, const char *text, size_t len) {
    ssize_t n = write(fd, text, len);
    (void)n; /* a terminal that cannot be written to is read from all the same */
}

static void on_readable(void *arg) {
    struct lnm_ask *a = arg;
    ssize_t n = read(a->fd, a->line, sizeof a->line);
    say(a->fd, "\n", 1);
    (void)tcsetattr(a->fd, TCSANOW, &a->saved);
    a->fn(a->arg, lnm_str_trim((struct lnm_str){a->line, n > 0 ? (size_t)n : 0}));
}

static int open_terminal(struct lnm_ask *a) {
    struct termios silent;
    a->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (a->fd < 0 || tcgetattr(a->fd, &a->saved) < 0) {
        return LNM_ENOTFOUND;
    }
    silent = a->saved;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    silent.c_lflag |= ICANON;
    return tcsetattr(a->fd, TCSAFLUSH, &silent) == 0 ? 0 : LNM_ENOTFOUND;
}

int lnm_ask_start(struct lnm_ask **out, struct lnm_loop *loop, const char *prompt, lnm_ask_fn *fn,
                  void *arg, struct lnm_err *err) {
    struct lnm_buf shown = {0};
    struct lnm_ask *a = calloc(1, sizeof *a);
    if (a == NULL) {
        return lnm_fail_nomem(err);
    }
    a->fn = fn;
    a->arg = arg;
    int error = open_terminal(a);
    if (error < 0) {
        if (a->fd >= 0) {
            (void)close(a->fd);
        }
        free(a);
        return lnm_fail(err, error, "NoTerminal", "there is no terminal to ask on");
    }
    lnm_text_escape(&shown, lnm_str_z(prompt));
    say(a->fd, lnm_buf_str(&shown).ptr, shown.len);
    lnm_buf_free(&shown);
    error = lnm_watch_start(&a->watch, loop, a->fd, on_readable, a, err);
    if (error < 0) {
        lnm_ask_end(a);
        return error;
    }
    *out = a;
    return 0;
}

void lnm_ask_end(struct lnm_ask *a) {
    if (a == NULL) {
        return;
    }
    lnm_watch_cancel(a->watch);
    (void)tcsetattr(a->fd, TCSANOW, &a->saved);
    (void)close(a->fd);
    OPENSSL_cleanse(a, sizeof *a);
    free(a);
}
