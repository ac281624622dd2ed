/* err.c - filling a struct lnm_err. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void lnm_err_clear(struct lnm_err *err) {
    if (err != NULL) {
        memset(err, 0, sizeof *err);
    }
}

int lnm_fail(struct lnm_err *err, int code, const char *name, const char *fmt, ...) {
    if (err == NULL) {
        return code;
    }
    char message[sizeof err->message]; /* the arguments may point into *err itself */
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    char copied[sizeof err->name];
    (void)snprintf(copied, sizeof copied, "%s", name != NULL ? name : "");
    lnm_err_clear(err);
    err->code = code;
    memcpy(err->name, copied, sizeof copied);
    memcpy(err->message, message, sizeof message);
    return code;
}

int lnm_fail_nomem(struct lnm_err *err) {
    return lnm_fail(err, LNM_ENOMEM, "OutOfMemory", "out of memory");
}
