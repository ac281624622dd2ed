/* thread.c - a thread starts with the signals that its maker holds back: here, all. */
#include "cloud/thread.h"

#include <signal.h>

bool lnm_thread_start(pthread_t *out, void *(*fn)(void *), void *arg) {
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(out, NULL, fn, arg) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}
