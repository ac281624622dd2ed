/* creds_process.c - credential_process: a program that prints them. It is started without a shell,
 * as the AWS CLI does; what it prints goes into one cleansed buffer. */
#include "base/date.h"
#include "base/words.h"
#include "client/provider.h"
#include "client/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PRINTED_MAX ((size_t)64 << 10)
#define WORDS_MAX 64
#define TIME_US (60 * LNM_SECOND_US)
#define SOON_US (LNM_SECOND_US / 100) /* between the end of its output and its own */

enum { OUTPUT, ERRORS, ENDS };

struct process {
    struct lnm_identity *id;
    pid_t pid; /* 0: not running */
    int fds[ENDS];
    struct lnm_watch *watches[ENDS];
    struct lnm_timer *limit, *soon;
    struct lnm_buf printed[ENDS];
    struct lnm_profiles *profiles; /* for what the program does not tell */
};

static void fail_with(struct process *p, const char *why) {
    struct lnm_err err;
    (void)lnm_fail(&err, LNM_ECREDS, "Credentials", "%s", why);
    lnm_identity__fetched(p->id, NULL, &err);
}

/* ---- its end -----------------------------------------------------------------------------------
 */

/* False when the pipe has ended. What passes the limit is read and dropped. */
static bool drain(struct process *p, int which) {
    char bytes[4096];
    ssize_t n;
    while ((n = read(p->fds[which], bytes, sizeof bytes)) > 0) {
        p->printed[which].secret = true;
        if ((size_t)n <= PRINTED_MAX - p->printed[which].len) {
            lnm_buf_add(&p->printed[which], bytes, (size_t)n);
        } else {
            p->printed[which].failed = LNM_ELIMIT;
        }
    }
    explicit_bzero(bytes, sizeof bytes);
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void stop_watching(struct process *p, int which) {
    lnm_watch_cancel(p->watches[which]);
    p->watches[which] = NULL;
}

/* Its first line on standard error says more than the status. */
static void failed(struct process *p, int status) {
    struct lnm_str line, said = lnm_str_trim(lnm_buf_str(&p->printed[ERRORS]));
    char why[500];
    (void)lnm_str_cut(said, '\n', &line);
    (void)snprintf(why, sizeof why, "external process %s %d%s%.*s",
                   WIFSIGNALED(status) ? "was ended by signal" : "exited with code",
                   WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                   line.len > 0 ? ": " : "", (int)(line.len < 300 ? line.len : 300), line.ptr);
    fail_with(p, why);
}

static void read_printed(struct process *p) {
    struct lnm_creds_text text;
    struct lnm_err err;
    if (p->printed[OUTPUT].failed != 0) {
        fail_with(p, "external process printed more than credentials can be");
        return;
    }
    if (lnm_creds_text_read(&text, LNM_CREDS_PROCESS, lnm_buf_str(&p->printed[OUTPUT]), &err) < 0) {
        char why[300];
        (void)snprintf(why, sizeof why, "could not parse what the external process printed: %.200s",
                       err.message);
        fail_with(p, why);
        return;
    }
    if (text.account.len == 0) {
        text.account = lnm_profiles_get(p->profiles, "profile", lnm_identity__profile(p->id),
                                        "aws_account_id", NULL);
    }
    lnm_identity__fetched(p->id, &text, NULL);
}

static void on_soon(void *arg);

/* Its output has ended: it has, or will in a moment. */
static void reap(struct process *p) {
    struct lnm_err err;
    int status = 0;
    if (waitpid(p->pid, &status, WNOHANG) == 0) {
        if (lnm_timer_start(&p->soon, lnm_identity__loop(p->id), SOON_US, on_soon, p, &err) < 0) {
            lnm_identity__fetched(p->id, NULL, &err);
        }
        return;
    }
    p->pid = 0;
    (void)drain(p, ERRORS);
    if (status != 0) {
        failed(p, status);
    } else {
        read_printed(p);
    }
}

static void on_soon(void *arg) {
    struct process *p = arg;
    p->soon = NULL;
    reap(p);
}

static void on_output(void *arg) {
    struct process *p = arg;
    if (!drain(p, OUTPUT)) {
        stop_watching(p, OUTPUT);
        reap(p);
    }
}

static void on_errors(void *arg) {
    struct process *p = arg;
    if (!drain(p, ERRORS)) {
        stop_watching(p, ERRORS);
    }
}

static void on_limit(void *arg) {
    struct process *p = arg;
    p->limit = NULL;
    fail_with(p, "external process did not end within 60 seconds");
}

static void end(void *state) {
    struct process *p = state;
    lnm_timer_cancel(p->limit);
    lnm_timer_cancel(p->soon);
    for (int i = 0; i < ENDS; i++) {
        stop_watching(p, i);
        if (p->fds[i] >= 0) {
            (void)close(p->fds[i]);
        }
    }
    if (p->pid > 0) {
        (void)kill(p->pid, SIGKILL);
        (void)waitpid(p->pid, NULL, 0);
    }
    lnm_buf_cleanse(&p->printed[OUTPUT]);
    lnm_buf_cleanse(&p->printed[ERRORS]);
    lnm_profiles_free(p->profiles);
    free(p);
}

/* ---- its beginning -----------------------------------------------------------------------------
 */

static int open_pipes(struct process *p, int theirs[2]) {
    for (int i = 0; i < 2; i++) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) < 0) {
            return LNM_EIO;
        }
        p->fds[i] = ends[0];
        theirs[i] = ends[1];
        (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    }
    return 0;
}

static int spawn(struct process *p, char *const words[], struct lnm_err *err) {
    extern char **environ;
    int theirs[2] = {-1, -1};
    posix_spawn_file_actions_t actions;
    int error = open_pipes(p, theirs);
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&actions, theirs[0], 1);
    (void)posix_spawn_file_actions_adddup2(&actions, theirs[1], 2);
    int failed_by =
        error == 0 ? posix_spawnp(&p->pid, words[0], &actions, NULL, words, environ) : EMFILE;
    (void)posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; i < 2; i++) {
        if (theirs[i] >= 0) {
            (void)close(theirs[i]);
        }
    }
    if (failed_by != 0) {
        p->pid = 0;
        return lnm_fail(err, LNM_ECREDS, "Credentials", "cannot start '%s': %s", words[0],
                        strerror(failed_by));
    }
    return 0;
}

static int watch(struct process *p, struct lnm_err *err) {
    static lnm_loop_fn *const fns[ENDS] = {on_output, on_errors};
    struct lnm_loop *loop = lnm_identity__loop(p->id);
    int error = 0;
    for (int i = 0; error == 0 && i < ENDS; i++) {
        error = lnm_watch_start(&p->watches[i], loop, p->fds[i], fns[i], p, err);
    }
    return error < 0 ? error : lnm_timer_start(&p->limit, loop, TIME_US, on_limit, p, err);
}

static int start(struct process *p, struct lnm_str line, struct lnm_err *err) {
    struct lnm_buf text = {0};
    char *words[WORDS_MAX + 1];
    size_t count, at = 0;
    int error = lnm_words_split(&text, &count, line);
    if (error < 0 || count == 0 || count > WORDS_MAX) {
        error = lnm_fail(err, LNM_ECONFIG, "Configuration",
                         "credential_process is no command: quotes must be closed, and it has at "
                         "most %d words",
                         WORDS_MAX);
    } else if ((error = lnm_buf_check(&text, err)) == 0) {
        for (size_t i = 0; i < count; i++) {
            words[i] = text.ptr + at;
            at += strlen(words[i]) + 1;
        }
        words[count] = NULL;
        error = spawn(p, words, err);
        error = error < 0 ? error : watch(p, err);
    }
    lnm_buf_free(&text);
    return error;
}

static int begin(void **state, struct lnm_identity *id, struct lnm_err *err) {
    struct process *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return lnm_fail_nomem(err);
    }
    *state = p;
    p->id = id;
    p->fds[OUTPUT] = p->fds[ERRORS] = -1;
    int error = lnm_settings_load(&p->profiles, err);
    return error < 0 ? error
                     : start(p,
                             lnm_profiles_get(p->profiles, "profile", lnm_identity__profile(id),
                                              "credential_process", NULL),
                             err);
}

const struct lnm_provider lnm_provider_process = {
    .name = "credential_process", .may_move = true, .begin = begin, .end = end};
