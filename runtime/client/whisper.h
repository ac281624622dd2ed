/* whisper.h - a small exchange whose answer may hold secrets: kept in one buffer, then cleansed. */
#ifndef LUNAMI_CLIENT_WHISPER_H
#define LUNAMI_CLIENT_WHISPER_H

#include "net/http.h"

struct lnm_whisper {
    /* What to do: to be filled in before lnm_whisper_start. */
    struct lnm_loop *loop;
    struct lnm_pool *pool; /* borrowed while it is under way */
    unsigned attempts;     /* after a failure of the server or an answer that is cut */
    unsigned dead_ends;    /* after no connection at all, or silence */
    int64_t pause_us;      /* between attempts */
    int64_t timeout_ms;    /* of an attempt, and of connecting */
    /* From the loop: the status and body, or err. The body is valid until it returns or another
     * exchange is started. */
    void (*done)(void *arg, int status, struct lnm_str body, const struct lnm_err *err);
    void *arg;
    /* Its own. */
    struct lnm_http *http;
    struct lnm_timer *timer;
    const char *method;
    char url[1024];
    struct lnm_buf headers, sent, received;
    unsigned made;
    bool started; /* headers are those of what was started last */
};

/* One "Name: value" line each; a value that holds a line end is refused with LNM_ECONFIG. Headers
 * are for the next start only. */
LNM_API int lnm_whisper_header(struct lnm_whisper *w, const char *name, struct lnm_str value,
                               struct lnm_err *err);
/* `body` is copied. */
LNM_API int lnm_whisper_start(struct lnm_whisper *w, const char *method, const char *url,
                              struct lnm_str body, struct lnm_err *err);
/* The error for a status that is not 200: LNM_ENET when the server is ill, else LNM_ECREDS. */
LNM_API int lnm_whisper_refused(int status, struct lnm_err *err);
/* Cancels and cleanses; it may be started again. */
LNM_API void lnm_whisper_end(struct lnm_whisper *w);

#endif
