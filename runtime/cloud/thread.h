/* thread.h - threads of the local cloud. They take no signals: those are the host's. */
#ifndef LUNAMI_CLOUD_THREAD_H
#define LUNAMI_CLOUD_THREAD_H

#include "base/lib.h"

#include <pthread.h>
#include <stdbool.h>

/* False when there is none to be had; *out is to be joined or detached. */
LNM_API bool lnm_thread_start(pthread_t *out, void *(*fn)(void *), void *arg);

#endif
