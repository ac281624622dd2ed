/* queue.h - requests between their arrival and their answer: parked for the next batch, or held
 * back by a fault until a time. Belongs to the serving thread. */
#ifndef LUNAMI_CLOUD_QUEUE_H
#define LUNAMI_CLOUD_QUEUE_H

#include "cloud/batch.h"
#include "cloud/fault.h"

/* What becomes of an answer. */
enum lnm_fate {
    LNM_FATE_SEND,
    LNM_FATE_DROP, /* the connection is reset instead */
    LNM_FATE_CUT,  /* it ends after so many bytes */
    LNM_FATE_SLOW, /* half of it, and the rest later */
    LNM_FATE_HTML  /* a proxy's page instead */
};

/* What libmicrohttpd keeps for us of one request: begun with its URI, filled with its body. */
struct lnm_talk {
    struct lnm_exchange x;             /* first: a batch is a list of these */
    struct MHD_Connection *connection; /* suspended while it waits; NULL: nobody waits for it */
    char *uri;
    struct lnm_buf body;
    int64_t serial;  /* virtual time: how many its client had started before it */
    bool begun, met; /* met: the plan of faults was asked */
    enum lnm_fate fate;
    int64_t until_us; /* it was held until then; 0: it never was */
    bool halved;      /* half of a slow answer is on its way */
};

LNM_API void lnm_talk_free(struct lnm_talk *t); /* NULL is fine */
/* Suspend its connection and park it. */
LNM_API void lnm_queue_park(struct lnm_cloud *c, struct lnm_talk *t);
/* Hold it, suspended, until a time. */
LNM_API void lnm_queue_hold(struct lnm_cloud *c, struct lnm_talk *t, int64_t until_us);
/* The earliest end of a hold, LNM_NEVER when nothing is held; `waited`: by a client. */
LNM_API int64_t lnm_queue_next(const struct lnm_cloud *c, bool waited);
/* Park again what is held no longer, and say what is (base/virtual.h); true when connections go on
 * that are to be looked after now. */
LNM_API bool lnm_queue_release(struct lnm_cloud *c);
/* Time of this process stands still while blocks are copied: are they? To be asked before anybody
 * is told of what began it, and now and then. */
LNM_API bool lnm_queue_busy(struct lnm_cloud *c);
/* Run what is parked, batch by batch, as long as a batch is whole; true when something was run. */
LNM_API bool lnm_queue_run(struct lnm_cloud *c);
/* Hold back the answer of what has run, suspended, until what it tells is on the disk; false when
 * it is already. */
LNM_API bool lnm_queue_keep(struct lnm_cloud *c, struct lnm_talk *t);
/* Let those answers go that are held back no longer. */
LNM_API void lnm_queue_deliver(struct lnm_cloud *c);
/* The thread ends: no connection may stay suspended. */
LNM_API void lnm_queue_drop(struct lnm_cloud *c);

#endif
