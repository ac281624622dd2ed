/* queue.c - what is parked for the next batch, and what is held back until a time. */
#include "cloud/copier.h"
#include "cloud/door.h"
#include "cloud/durable.h"
#include "cloud/lifecycle.h"
#include "cloud/queue.h"
#include "cloud/request_log.h"
#include "cloud/sts_tags.h"

#include "base/clock.h"
#include "base/virtual.h"

#include <microhttpd.h>
#include <stdlib.h>

#define HALF_LEAST 4 /* of fewer the disk is waited for longer than they take */

static struct lnm_talk *talk_of(struct lnm_exchange *x) {
    return (struct lnm_talk *)x;
}

void lnm_talk_free(struct lnm_talk *t) {
    if (t != NULL) {
        lnm_cloud_request_free(t->x.request);
        lnm_buf_free(&t->x.answer);
        free(t->uri);
        lnm_buf_free(&t->body);
        free(t);
    }
}

/* ---- parked -----------------------------------------------------------------------------------
 */

/* In virtual time the order of what came together is not that of its arrival: what was held comes
 * first, then it is that of the bytes, and among what is alike that of starting. */
static bool is_before(struct lnm_exchange *a, struct lnm_exchange *b) {
    const struct lnm_talk *x = talk_of(a), *y = talk_of(b);
    struct lnm_str one = lnm_buf_str(&x->body), two = lnm_buf_str(&y->body);
    int order = (x->until_us == 0) - (y->until_us == 0);
    order = order != 0 ? order : (x->until_us > y->until_us) - (x->until_us < y->until_us);
    order = order != 0 ? order : memcmp(one.ptr, two.ptr, one.len < two.len ? one.len : two.len);
    order = order != 0 ? order : (one.len > two.len) - (one.len < two.len);
    order = order != 0 ? order : strcmp(x->uri, y->uri);
    order = order != 0 ? order : strcmp(a->request->account, b->request->account);
    return order != 0 ? order < 0 : x->serial < y->serial;
}

static void park(struct lnm_cloud *c, struct lnm_talk *t) {
    struct lnm_exchange **at = c->parked_end;
    if (c->time == LNM_TIME_SHARED || t->until_us > 0) {
        for (at = &c->parked; *at != NULL && is_before(*at, &t->x); at = &(*at)->next) {
        }
    }
    t->x.next = *at;
    *at = &t->x;
    if (t->x.next == NULL) {
        c->parked_end = &t->x.next;
    }
    c->parked_count += t->connection != NULL ? 1 : 0;
}

void lnm_queue_park(struct lnm_cloud *c, struct lnm_talk *t) {
    MHD_suspend_connection(t->connection);
    park(c, t);
}

static struct lnm_exchange *take_parked(struct lnm_cloud *c) {
    struct lnm_exchange *first = c->parked;
    c->parked = NULL;
    c->parked_end = &c->parked;
    c->parked_count = 0;
    return first;
}

/* ---- held -------------------------------------------------------------------------------------
 */

static void hold(struct lnm_cloud *c, struct lnm_talk *t, int64_t until_us) {
    t->until_us = until_us;
    t->x.next = c->held;
    c->held = &t->x;
}

void lnm_queue_hold(struct lnm_cloud *c, struct lnm_talk *t, int64_t until_us) {
    MHD_suspend_connection(t->connection);
    hold(c, t, until_us);
}

int64_t lnm_queue_next(const struct lnm_cloud *c, bool waited) {
    int64_t first = LNM_NEVER;
    for (struct lnm_exchange *x = c->held; x != NULL; x = x->next) {
        const struct lnm_talk *t = talk_of(x);
        if ((t->connection != NULL || !waited) && t->until_us < first) {
            first = t->until_us;
        }
    }
    return first;
}

/* How many clients wait for what is held. */
static int count_held(const struct lnm_cloud *c) {
    int count = 0;
    for (struct lnm_exchange *x = c->held; x != NULL; x = x->next) {
        count += talk_of(x)->connection != NULL ? 1 : 0;
    }
    return count;
}

bool lnm_queue_release(struct lnm_cloud *c) {
    struct lnm_exchange **at = &c->held;
    bool resumed = false;
    int64_t now_us = lnm_now_us();
    while (*at != NULL) {
        struct lnm_talk *t = talk_of(*at);
        if (t->until_us > now_us) {
            at = &t->x.next;
            continue;
        }
        *at = t->x.next;
        if (t->halved || (t->fate == LNM_FATE_DROP && t->connection != NULL)) {
            MHD_resume_connection(t->connection);
            resumed = true;
        } else {
            park(c, t);
        }
    }
    if (c->time == LNM_TIME_SHARED) {
        lnm_virtual_hold(count_held(c), lnm_queue_next(c, true));
    }
    return resumed;
}

/* ---- answered ----------------------------------------------------------------------------------
 */

static void keep(struct lnm_cloud *c, struct lnm_exchange *x, int64_t ticket) {
    x->ticket = ticket;
    x->next = NULL;
    *c->unsent_end = x;
    c->unsent_end = &x->next;
}

bool lnm_queue_keep(struct lnm_cloud *c, struct lnm_talk *t) {
    int64_t ticket = lnm_durable_ask(c);
    if (ticket != 0) {
        MHD_suspend_connection(t->connection);
        keep(c, &t->x, ticket);
    }
    return ticket != 0;
}

static struct lnm_exchange *take_unsent(struct lnm_cloud *c) {
    struct lnm_exchange *x = c->unsent;
    c->unsent = x->next;
    if (c->unsent == NULL) {
        c->unsent_end = &c->unsent;
    }
    return x;
}

void lnm_queue_deliver(struct lnm_cloud *c) {
    struct lnm_exchange *first = NULL, **end = &first;
    while (c->unsent != NULL && lnm_durable_is(c, c->unsent->ticket)) {
        *end = take_unsent(c);
        if (lnm_durable_failed(c)) {
            lnm_batch_fail(*end);
        }
        lnm_request_log_add(c->log, (*end)->request, (*end)->status);
        end = &(*end)->next;
    }
    *end = NULL;
    lnm_request_log_flush(c->log);
    while (first != NULL) {
        struct lnm_talk *t = talk_of(first);
        const struct lnm_fault_rule *f = t->x.request->fault;
        first = first->next;
        if (t->connection == NULL) {
            lnm_talk_free(t);
        } else if (f != NULL && f->kind == LNM_FAULT_HANG) {
            hold(c, t, lnm_now_us() + f->duration_us);
        } else {
            MHD_resume_connection(t->connection);
        }
    }
}

/* ---- faults -----------------------------------------------------------------------------------
 */

/* A request whose client has gone is run all the same: it keeps its bytes. */
static void run_late(struct lnm_cloud *c, struct lnm_talk *t) {
    struct lnm_talk *alone = malloc(sizeof *alone);
    if (alone != NULL) {
        *alone = *t;
        alone->connection = NULL;
        t->x.request = NULL;
        t->uri = NULL;
        memset(&t->body, 0, sizeof t->body);
        hold(c, alone, lnm_now_us() + alone->x.request->fault->duration_us);
    }
}

/* The same request again; nobody waits for its answer. */
static int repeat(struct lnm_talk *alone, const struct lnm_cloud_request *r) {
    struct lnm_cloud_request *again = alone->x.request = malloc(sizeof *again);
    alone->uri = strdup("");
    if (again == NULL || alone->uri == NULL) {
        return -1;
    }
    *again = *r;
    memset(&again->in, 0, sizeof again->in);
    memset(&again->out, 0, sizeof again->out);
    memset(&again->payload, 0, sizeof again->payload);
    memset(&again->headers, 0, sizeof again->headers);
    memset(&again->tags, 0, sizeof again->tags);
    memset(&again->tag_facts, 0, sizeof again->tag_facts);
    lnm_session_tags_take(again, lnm_buf_str(&r->tags));
    again->fault = NULL;
    lnm_buf_adds(&alone->body, r->body);
    again->body = lnm_buf_str(&alone->body);
    if (lnm_record_init(&again->in, r->op->input, 0) < 0 ||
        lnm_record_init(&again->out, r->op->output, 0) < 0) {
        return -1;
    }
    lnm_record_copy(&again->in, &r->in, 0);
    lnm_record_close(&again->in);
    return again->in.failed;
}

static void run_twice(struct lnm_cloud *c, struct lnm_talk *t) {
    struct lnm_talk *alone = calloc(1, sizeof *alone);
    if (alone == NULL || repeat(alone, t->x.request) < 0) {
        lnm_talk_free(alone);
        return;
    }
    alone->met = true;
    park(c, alone);
}

static enum lnm_fate fate_of(const struct lnm_fault_rule *f) {
    switch (f->kind) {
    case LNM_FAULT_RESET:
    case LNM_FAULT_LATE:
    case LNM_FAULT_HANG:
    case LNM_FAULT_REFUSE:
        return LNM_FATE_DROP;
    case LNM_FAULT_TRUNCATE:
        return LNM_FATE_CUT;
    case LNM_FAULT_SLOW:
        return LNM_FATE_SLOW;
    case LNM_FAULT_HTML:
        return LNM_FATE_HTML;
    default:
        return LNM_FATE_SEND;
    }
}

/* Does a fault come between a request and its being run? */
static bool comes_between(const struct lnm_fault_rule *f) {
    return f->kind == LNM_FAULT_LATE || f->kind == LNM_FAULT_REFUSE ||
           (!f->after &&
            (f->kind == LNM_FAULT_RESET || f->kind == LNM_FAULT_HANG || f->kind == LNM_FAULT_HTML));
}

/* What happens instead. */
static void come_between(struct lnm_cloud *c, struct lnm_talk *t) {
    const struct lnm_fault_rule *f = t->x.request->fault;
    t->x.status = f->kind == LNM_FAULT_HTML ? f->status : 0;
    lnm_request_log_add(c->log, t->x.request, t->x.status);
    if (f->kind == LNM_FAULT_HANG) {
        hold(c, t, lnm_now_us() + f->duration_us);
        return;
    }
    if (f->kind == LNM_FAULT_LATE) {
        run_late(c, t);
    } else if (f->kind == LNM_FAULT_REFUSE) {
        lnm_door_shut(c, f->duration_us);
    }
    MHD_resume_connection(t->connection);
}

/* Ask the plan; false when the request is not run now. */
static bool meets(struct lnm_cloud *c, struct lnm_talk *t) {
    const struct lnm_fault_rule *rule = t->met ? NULL : lnm_fault_choose(c->faults, t->x.request);
    struct lnm_fault_rule *f = rule != NULL ? malloc(sizeof *f) : NULL;
    t->met = true;
    if (f == NULL) {
        return true;
    }
    *f = *rule;
    t->x.request->fault = f;
    t->fate = fate_of(f);
    bool between = comes_between(f), held = f->kind == LNM_FAULT_LATENCY;
    if (held) {
        hold(c, t, lnm_now_us() + f->duration_us);
    } else if (f->kind == LNM_FAULT_DUPLICATE) {
        run_twice(c, t);
    } else if (between) {
        come_between(c, t);
    }
    return !held && !between;
}

/* Those of a list that are run now. */
static struct lnm_exchange *meet_all(struct lnm_cloud *c, struct lnm_exchange *first) {
    struct lnm_exchange *rest = NULL, **end = &rest;
    while (first != NULL) {
        struct lnm_exchange *x = first;
        first = x->next;
        x->next = NULL;
        if (meets(c, talk_of(x))) {
            *end = x;
            end = &x->next;
        }
    }
    return rest;
}

/* ---- batches ----------------------------------------------------------------------------------
 */

/* In virtual time a batch is whole when all that is on its way has come. */
static bool is_whole(const struct lnm_cloud *c) {
    return c->parked != NULL &&
           (c->time != LNM_TIME_SHARED || lnm_virtual_all(c->parked_count + count_held(c)));
}

bool lnm_queue_busy(struct lnm_cloud *c) {
    bool busy = c->time == LNM_TIME_SHARED && lnm_copies_run(c);
    if (busy != c->busy) {
        lnm_virtual_busy(busy);
        c->busy = busy;
    }
    return busy;
}

/* What is run next: all that is parked; the first half of many while the disk has nothing to do, so
 * that it has while the others are run. */
static struct lnm_exchange *take_batch(struct lnm_cloud *c) {
    struct lnm_exchange *first = c->parked, **at = &c->parked;
    int half = c->durable != NULL && c->unsent == NULL ? c->parked_count / 2 : 0;
    if (half < HALF_LEAST) {
        return take_parked(c);
    }
    while (half > 0) {
        int waits = talk_of(*at)->connection != NULL ? 1 : 0;
        half -= waits;
        c->parked_count -= waits;
        at = &(*at)->next;
    }
    c->parked = *at;
    *at = NULL;
    return first;
}

/* Answers of a batch leave when it is durable; the next one is run meanwhile. */
static void run_batch(struct lnm_cloud *c) {
    struct lnm_exchange *first = meet_all(c, take_batch(c));
    if (first != NULL) {
        lnm_batch_run(c, first);
    }
    int64_t ticket = lnm_durable_ask(c);
    (void)lnm_queue_busy(c);
    while (first != NULL) {
        struct lnm_exchange *x = first;
        first = first->next;
        keep(c, x, ticket);
    }
    lnm_queue_deliver(c);
}

bool lnm_queue_run(struct lnm_cloud *c) {
    bool ran = false;
    while (is_whole(c)) {
        run_batch(c);
        ran = true;
    }
    return ran;
}

void lnm_queue_drop(struct lnm_cloud *c) {
    struct lnm_exchange *lists[] = {take_parked(c), c->held, c->unsent};
    c->held = c->unsent = NULL;
    c->unsent_end = &c->unsent;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        while (lists[i] != NULL) {
            struct lnm_talk *t = talk_of(lists[i]);
            lists[i] = t->x.next;
            t->fate = LNM_FATE_DROP;
            if (t->connection != NULL) {
                MHD_resume_connection(t->connection);
            } else {
                lnm_talk_free(t);
            }
        }
    }
}
