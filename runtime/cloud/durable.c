/* durable.c - the thread that waits for the disk. */
#include "cloud/durable.h"
#include "cloud/thread.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LOG_PAGES 4000 /* of the log, after which they are copied into the state */

struct lnm_durable {
    const struct lnm_cloud *cloud;
    int fd;                           /* of the log: any descriptor of a file waits for all of it */
    _Atomic int64_t commits, on_disk; /* on_disk: of the commits */
    atomic_bool failed;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t more;
    int64_t wanted; /* under the mutex, as the rest */
    bool begun, stop;
};

static int on_commit(void *arg, sqlite3 *db, const char *name, int pages) {
    struct lnm_durable *d = arg;
    atomic_fetch_add(&d->commits, 1);
    if (pages >= LOG_PAGES) {
        (void)sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    }
    return SQLITE_OK;
}

/* What was committed before is written then. */
static void write_out(struct lnm_durable *d) {
    int64_t commits = atomic_load(&d->commits);
    if (fdatasync(d->fd) < 0 && !atomic_exchange(&d->failed, true)) {
        lnm_log(LNM_LOG_WARN, "the disk failed: %s: the local cloud does nothing more",
                strerror(errno));
    }
    if (commits > atomic_load(&d->on_disk)) {
        atomic_store(&d->on_disk, commits);
    }
}

static bool wait_for_more(struct lnm_durable *d) {
    (void)pthread_mutex_lock(&d->mutex);
    while (d->wanted <= atomic_load(&d->on_disk) && !d->stop) {
        (void)pthread_cond_wait(&d->more, &d->mutex);
    }
    bool go_on = !d->stop;
    (void)pthread_mutex_unlock(&d->mutex);
    return go_on;
}

static void *work(void *arg) {
    struct lnm_durable *d = arg;
    while (wait_for_more(d)) {
        write_out(d);
        (void)eventfd_write(d->cloud->wake_fd, 1);
    }
    return NULL;
}

int64_t lnm_durable_ask(struct lnm_cloud *c) {
    struct lnm_durable *d = c->durable;
    int64_t commits = d != NULL ? atomic_load(&d->commits) : 0;
    if (d == NULL || commits <= atomic_load(&d->on_disk)) {
        return 0;
    }
    (void)pthread_mutex_lock(&d->mutex);
    d->wanted = commits;
    d->begun = d->begun || lnm_thread_start(&d->thread, work, d);
    bool begun = d->begun;
    (void)pthread_mutex_unlock(&d->mutex);
    (void)pthread_cond_signal(&d->more); /* after it: who wakes up need not wait again */
    if (!begun) {
        write_out(d);
    }
    return begun ? commits : 0;
}

bool lnm_durable_is(const struct lnm_cloud *c, int64_t ticket) {
    return ticket == 0 || atomic_load(&c->durable->on_disk) >= ticket;
}

bool lnm_durable_failed(const struct lnm_cloud *c) {
    return c->durable != NULL && atomic_load(&c->durable->failed);
}

int lnm_durable_wait(struct lnm_cloud *c) {
    struct lnm_durable *d = c->durable;
    if (d != NULL && atomic_load(&d->commits) > atomic_load(&d->on_disk)) {
        write_out(d);
    }
    return lnm_durable_failed(c) ? -1 : 0;
}

/* -1 when the state has no log, or it cannot be waited for. */
static int open_log(struct lnm_cloud *c, const char *dir) {
    char path[4200];
    (void)snprintf(path, sizeof path, "%.4096s/state.db-wal", dir);
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 && lnm_store_exec(c, "PRAGMA synchronous = NORMAL", "") < 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

int lnm_durable_open(struct lnm_cloud *c, const char *dir, struct lnm_err *err) {
    int fd = open_log(c, dir);
    struct lnm_durable *d = fd >= 0 ? calloc(1, sizeof *d) : NULL;
    if (fd < 0) {
        return 0;
    }
    if (d == NULL) {
        (void)close(fd);
        return lnm_fail_nomem(err);
    }
    d->fd = fd;
    d->cloud = c;
    (void)pthread_mutex_init(&d->mutex, NULL);
    (void)pthread_cond_init(&d->more, NULL);
    (void)sqlite3_wal_hook(c->db, on_commit, d);
    c->durable = d;
    return 0;
}

void lnm_durable_close(struct lnm_cloud *c) {
    struct lnm_durable *d = c->durable;
    if (d == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&d->mutex);
    d->stop = true;
    (void)pthread_cond_signal(&d->more);
    (void)pthread_mutex_unlock(&d->mutex);
    if (d->begun) {
        (void)pthread_join(d->thread, NULL);
    }
    (void)sqlite3_wal_hook(c->db, NULL, NULL);
    (void)close(d->fd);
    (void)pthread_cond_destroy(&d->more);
    (void)pthread_mutex_destroy(&d->mutex);
    free(d);
    c->durable = NULL;
}
