/* err.h - what went wrong, in one caller-owned struct.
 *
 * Functions return 0 or a negative LNM_E... code and fill the struct lnm_err they are given as
 * their last parameter.  Nothing is allocated to report a failure, so nothing can leak. */
#ifndef LUNAMI_BASE_ERR_H
#define LUNAMI_BASE_ERR_H

#include "base/lib.h"

enum lnm_code {
    LNM_OK = 0,
    LNM_EINVAL = -1,    /* the caller's arguments are wrong */
    LNM_ENOMEM = -2,    /* memory ran out */
    LNM_ELIMIT = -3,    /* a stated limit (bytes, depth, nodes) was passed */
    LNM_EPARSE = -4,    /* outside bytes are not what they should be */
    LNM_ENOTFOUND = -5, /* nothing there */
    LNM_ECONFIG = -6,   /* settings or files of the user are wrong */
    LNM_ECREDS = -7,    /* no usable credentials */
    LNM_ENET = -8,      /* the exchange failed; its outcome may be unknown */
    LNM_ETIMEOUT = -9,  /* a deadline passed; the work goes on at AWS */
    LNM_ESERVICE = -10, /* the service answered with an error: see name, status, request_id */
    LNM_ECANCELED = -11,
    LNM_EIO = -12,    /* a file or a descriptor failed */
    LNM_EFAILED = -13 /* a waited-for resource ended badly */
};

/* All text is NUL-terminated, cut at the array's end, and not yet escaped for a terminal. */
struct lnm_err {
    int code;       /* enum lnm_code */
    int status;     /* HTTP status, 0 if there was none */
    bool retryable; /* a later attempt of the same call may succeed */
    bool unknown;   /* whether what was asked for was done is not known: look before asking again */
    char name[96];  /* AWS's error code ("InvalidAMIID.NotFound") or lunami's own word */
    char message[1024];  /* one line for a person */
    char operation[64];  /* "CopyImage", or empty */
    char request_id[80]; /* as the service gave it, or empty */
};

/* Fill *err (which may be NULL) and return code, so that a caller can `return lnm_fail(...)`.
 * name and the formatted message are copied; the other fields are cleared. */
LNM_API int lnm_fail(struct lnm_err *err, int code, const char *name, const char *fmt, ...)
    LNM_PRINTF(4, 5);

/* lnm_fail for memory that ran out. */
LNM_API int lnm_fail_nomem(struct lnm_err *err);

LNM_API void lnm_err_clear(struct lnm_err *err);

#endif
