/* fault.h - faults on request: a plan of rules, and what becomes of a request that one meets.
 *
 * A plan is a JSON object: {"seed": N, "rules": [{...}, ...]}. Each rule names the requests that it
 * is for and one fault; the first rule that fires decides. See docs/local-cloud.md, "Faults". */
#ifndef LUNAMI_CLOUD_FAULT_H
#define LUNAMI_CLOUD_FAULT_H

#include "cloud/internal.h"

enum lnm_fault_kind {
    LNM_FAULT_NONE,
    LNM_FAULT_THROTTLE,     /* the service's own throttling answer */
    LNM_FAULT_ERROR,        /* code, status, message */
    LNM_FAULT_EXPIRED,      /* the service's own answer to an expired token */
    LNM_FAULT_RESET,        /* the connection is reset: before the request is run, or after */
    LNM_FAULT_TRUNCATE,     /* the answer ends after `bytes` */
    LNM_FAULT_SLOW,         /* half the answer, and `seconds` later the rest */
    LNM_FAULT_LATENCY,      /* it is run `seconds` later */
    LNM_FAULT_LATE,         /* reset at once, and run `seconds` later all the same */
    LNM_FAULT_HANG,         /* not a byte for `seconds`, then reset: before it is run, or after */
    LNM_FAULT_REFUSE,       /* reset, and connections are refused for `seconds` of real time */
    LNM_FAULT_LENGTH,       /* Content-Length says `bytes`, whatever comes */
    LNM_FAULT_REPEAT,       /* the answer is sent twice */
    LNM_FAULT_HTML,         /* the page of a proxy instead of the answer: not run, or run */
    LNM_FAULT_SKEW,         /* Date is `seconds` off */
    LNM_FAULT_DUPLICATE,    /* it is run twice; the first answer is sent */
    LNM_FAULT_LAG,          /* a Describe does not see what is younger than `seconds` */
    LNM_FAULT_STALE,        /* it shows what was `seconds` ago */
    LNM_FAULT_SAME_PAGE,    /* the token of the next page is that of this one */
    LNM_FAULT_EMPTY_PAGE,   /* nothing is on the page but the token of the next one */
    LNM_FAULT_EXPIRED_PAGE, /* the page's token is not taken any more */
    LNM_FAULT_STUCK,        /* what it makes is never ready */
    LNM_FAULT_FAIL,         /* what it makes fails when it is due, with `message` */
    LNM_FAULT_KINDS
};

enum lnm_fault_index { LNM_LAG_ALL, LNM_LAG_ID, LNM_LAG_FILTER, LNM_LAG_TAG };

struct lnm_fault_rule {
    char service[16], action[64], account[16], region[64]; /* patterns; empty: any */
    int64_t nth, every, times;                             /* 0: not said */
    double probability;                                    /* 1: always */
    enum lnm_fault_kind kind;
    enum lnm_fault_index index;
    bool after;
    int status;
    int64_t bytes, duration_us;
    char code[64], message[256];
    int64_t met, fired; /* requests that it was for, and had */
};

struct lnm_fault_plan {
    struct lnm_fault_rule *rules;
    size_t count;
    uint64_t random; /* state of the plan's own sequence */
    int64_t skew_us; /* how far off the server's clock is: signatures, Date */
};

LNM_API const char *lnm_fault_name(enum lnm_fault_kind kind); /* as in a plan; "" for none */
/* Read a plan. LNM_EPARSE names the rule and the member that is wrong. Free it anyway. */
LNM_API int lnm_fault_plan_read(struct lnm_fault_plan *out, struct lnm_str json,
                                struct lnm_err *err);
LNM_API void lnm_fault_plan_free(struct lnm_fault_plan *plan);
/* The rule that a request meets, counted, or NULL. */
LNM_API const struct lnm_fault_rule *lnm_fault_choose(struct lnm_fault_plan *plan,
                                                      const struct lnm_cloud_request *r);

/* ---- fault.c ----------------------------------------------------------------------------------
 */
/* Read a plan from a file and make it the cloud's. */
LNM_API int lnm_fault_open(struct lnm_cloud *c, const char *path, struct lnm_err *err);
/* Make a plan the cloud's, or none (NULL); the plan is moved. 0 or -1. */
LNM_API int lnm_fault_set(struct lnm_cloud *c, struct lnm_fault_plan *plan);
/* How far off the server's clock shall be. */
LNM_API int64_t lnm_fault_skew(const struct lnm_cloud *c);
/* Before a request is run: -1 raised when it shall not be. */
LNM_API int lnm_fault_before(struct lnm_cloud_request *r);
/* After it has succeeded: 0, or -1 raised. */
LNM_API int lnm_fault_after(struct lnm_cloud_request *r);
LNM_API bool lnm_fault_empties(const struct lnm_cloud_request *r); /* shall a page be empty? */
/* The token to answer instead of `next` (empty: it is the last page). [borrowed] */
LNM_API struct lnm_str lnm_fault_next_page(const struct lnm_cloud_request *r, struct lnm_str next);
/* Is a row hidden from this Describe, which may name those that it wants in its list `ids`? */
LNM_API bool lnm_fault_hides(const struct lnm_cloud_request *r, const char *ids, const char *id);

/* ---- fault_past.c -----------------------------------------------------------------------------
 */
/* From now on what changes is noted, for a Describe that shall show what was. */
LNM_API bool lnm_past_begin(struct lnm_cloud *c);
LNM_API void lnm_past_end(struct lnm_cloud *c);
/* Put back what was at a time, until lnm_past_leave. 0 or -1. */
LNM_API int lnm_past_enter(struct lnm_cloud *c, int64_t at_us);
LNM_API int lnm_past_leave(struct lnm_cloud *c);

#endif
