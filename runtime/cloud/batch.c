/* batch.c - one transaction for the requests that came together. */
#include "cloud/batch.h"
#include "cloud/durable.h"
#include "cloud/lifecycle.h"

#include "base/clock.h"

/* False when the transaction is gone: on a full disk SQLite undoes it all. A request that is
 * `alone` in it needs no savepoint. */
static bool run_one(struct lnm_cloud *c, struct lnm_exchange *x, int64_t now_us, bool alone) {
    x->request->now_us = now_us;
    lnm_store_uuid(x->request->request_id); /* in the order of running */
    if (alone) {
        x->status = lnm_cloud_perform(&x->answer, x->request);
        return !sqlite3_get_autocommit(c->db) &&
               (x->status < 300 ||
                (lnm_store_exec(c, "ROLLBACK", "") == 0 && lnm_store_exec(c, "BEGIN", "") == 0));
    }
    bool good = lnm_store_exec(c, "SAVEPOINT request", "") == 0;
    if (good) {
        x->status = lnm_cloud_perform(&x->answer, x->request);
        good = !sqlite3_get_autocommit(c->db) &&
               (x->status < 300 || lnm_store_exec(c, "ROLLBACK TO request", "") == 0) &&
               lnm_store_exec(c, "RELEASE request", "") == 0;
    }
    return good;
}

static bool settle(struct lnm_cloud *c, int64_t now_us) {
    return now_us < c->due_us || lnm_lifecycle_settle(c, now_us) == 0;
}

/* The answers are written inside the transaction and kept back until it is durable. */
static bool run_all(struct lnm_cloud *c, struct lnm_exchange *first) {
    int64_t now_us = lnm_now_us();
    bool alone = first->next == NULL && now_us < c->due_us;
    bool good = !lnm_durable_failed(c) && lnm_store_exec(c, "BEGIN", "") == 0 && settle(c, now_us);
    for (struct lnm_exchange *x = first; good && x != NULL; x = x->next) {
        good = run_one(c, x, now_us, alone);
    }
    return good && lnm_lifecycle_look(c) == 0 && lnm_store_exec(c, "COMMIT", "") == 0;
}

void lnm_batch_fail(struct lnm_exchange *x) {
    lnm_buf_reset(&x->answer);
    (void)lnm_cloud_internal(x->request);
    x->status = x->request->error.status;
    lnm_cloud_write_error(&x->answer, x->request);
}

void lnm_batch_run(struct lnm_cloud *c, struct lnm_exchange *first) {
    if (run_all(c, first)) {
        return;
    }
    for (struct lnm_exchange *x = first; x != NULL; x = x->next) {
        lnm_batch_fail(x);
    }
    if (!sqlite3_get_autocommit(c->db)) {
        (void)lnm_store_exec(c, "ROLLBACK", "");
    }
    lnm_store_doubt(c);
    c->due_us = 0; /* look again */
}
