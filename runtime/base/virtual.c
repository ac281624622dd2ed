/* virtual.c - virtual time: one lock, a few numbers. */
#include "base/virtual.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool started, busy;     /* started: set before there are threads */
static _Atomic int64_t now_us; /* moved under the lock, read without */
static int flying, held;
static int64_t held_until_us;
static struct {
    void (*look)(void *arg);
    void *arg;
} listeners[2];

static int64_t read_now(void *arg) {
    (void)arg;
    return atomic_load(&now_us);
}

void lnm_virtual_start(int64_t wall_us) {
    static const struct lnm_clock clock = {read_now, read_now, NULL};
    atomic_store(&now_us, wall_us);
    started = true;
    lnm_clock_set(&clock);
}

bool lnm_virtual_on(void) {
    return started;
}

static void move(int64_t to_us) {
    if (to_us > atomic_load(&now_us)) {
        atomic_store(&now_us, to_us);
    }
}

/* Under the lock, so that who does not listen any more is not called. */
static void tell(enum lnm_virtual_side side) {
    if (listeners[side].look != NULL) {
        listeners[side].look(listeners[side].arg);
    }
}

static void enter(void) {
    (void)pthread_mutex_lock(&lock);
}

static void leave(void) {
    (void)pthread_mutex_unlock(&lock);
}

void lnm_virtual_move(int64_t wall_us) {
    if (started) {
        enter();
        move(wall_us);
        leave();
    }
}

void lnm_virtual_listen(enum lnm_virtual_side side, void (*look)(void *arg), void *arg) {
    enter();
    listeners[side].look = look;
    listeners[side].arg = arg;
    leave();
}

void lnm_virtual_fly(int delta) {
    if (started) {
        enter();
        flying += delta;
        if (delta < 0) {
            tell(LNM_VIRTUAL_SERVER);
        }
        leave();
    }
}

bool lnm_virtual_idle(void) {
    enter();
    bool idle = flying == held;
    leave();
    return idle;
}

bool lnm_virtual_jump(int64_t due_us) {
    enter();
    bool ends_hold = held > 0 && (due_us < 0 || held_until_us <= due_us);
    bool jumps = flying == held && !busy && (ends_hold || due_us >= 0);
    if (jumps) {
        move(ends_hold ? held_until_us : due_us);
    }
    if (jumps && ends_hold) { /* until the server has said anew what it holds, it is at work */
        held = 0;
        tell(LNM_VIRTUAL_SERVER);
    }
    leave();
    return jumps;
}

bool lnm_virtual_all(int here) {
    enter();
    bool all = flying <= here;
    leave();
    return all;
}

void lnm_virtual_hold(int count, int64_t until_us) {
    if (started) {
        enter();
        held = count;
        held_until_us = until_us;
        tell(LNM_VIRTUAL_CLIENT);
        leave();
    }
}

void lnm_virtual_busy(bool yes) {
    if (started) {
        enter();
        busy = yes;
        tell(LNM_VIRTUAL_CLIENT);
        leave();
    }
}
