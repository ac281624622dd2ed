/* batch.c - one transaction for the requests that came together. */
#include "cloud/batch.h"
#include "cloud/blocks.h"
#include "cloud/durable.h"
#include "cloud/lifecycle.h"

#include "base/clock.h"

/* One that fails leaves no trace. Most that fail have written nothing by then, so that savepoints,
 * a tenth of the work for a small request, are only made for those that are known to be undone;
 * when another has written and failed, all that came together is undone and run once more, each in
 * a savepoint. */
struct run {
    int64_t now_us;
    bool alone;   /* it is the only one: the transaction itself is what is undone */
    bool careful; /* a savepoint for each */
    bool again;   /* one has failed that had none */
};

/* What is undone was not read either. */
static bool undo(struct lnm_cloud *c, const char *sql) {
    c->blocks->has_secret = false;
    return lnm_store_exec(c, sql, "") == 0;
}

/* Will it be undone, or is it told by a plan of faults what it made? */
static bool needs_savepoint(const struct lnm_cloud_request *r) {
    return r->fault != NULL || lnm_record_get_bool(&r->in, 0, "dry_run", false);
}

/* False when the transaction is gone (on a full disk SQLite undoes it all), or must go. */
static bool run_one(struct lnm_cloud *c, struct lnm_exchange *x, struct run *run) {
    bool saved = !run->alone && (run->careful || needs_savepoint(x->request));
    int64_t before = sqlite3_total_changes64(c->db);
    x->request->now_us = run->now_us;
    lnm_store_uuid(x->request->request_id); /* in the order of running */
    if (saved && lnm_store_exec(c, "SAVEPOINT request", "") < 0) {
        return false;
    }
    x->status = lnm_cloud_perform(&x->answer, x->request);
    if (sqlite3_get_autocommit(c->db)) {
        return false;
    }
    bool failed =
        x->status >= 300 && !x->request->stands && sqlite3_total_changes64(c->db) != before;
    if (saved) {
        return (!failed || undo(c, "ROLLBACK TO request")) &&
               lnm_store_exec(c, "RELEASE request", "") == 0;
    }
    if (failed && run->alone) {
        return undo(c, "ROLLBACK") && lnm_store_exec(c, "BEGIN", "") == 0;
    }
    run->again = failed;
    return !failed;
}

static bool settle(struct lnm_cloud *c, int64_t now_us) {
    return now_us < c->due_us || lnm_lifecycle_settle(c, now_us) == 0;
}

/* The answers are written inside the transaction and kept back until it is durable. */
static bool run_all(struct lnm_cloud *c, struct lnm_exchange *first, struct run *run) {
    int64_t before = sqlite3_total_changes64(c->db);
    run->alone = first->next == NULL && run->now_us < c->due_us;
    bool good =
        !lnm_durable_failed(c) && lnm_store_exec(c, "BEGIN", "") == 0 && settle(c, run->now_us);
    for (struct lnm_exchange *x = first; good && x != NULL; x = x->next) {
        good = run_one(c, x, run);
    }
    if (good && sqlite3_total_changes64(c->db) != before) {
        good = lnm_store_keep_time(c) == 0;
    }
    return good && lnm_lifecycle_look(c) == 0 && lnm_store_exec(c, "COMMIT", "") == 0;
}

/* As if it had not begun. */
static void take_back(struct lnm_cloud *c) {
    if (!sqlite3_get_autocommit(c->db)) {
        (void)undo(c, "ROLLBACK");
    }
    lnm_store_doubt(c);
    c->due_us = 0; /* look again */
}

void lnm_batch_fail(struct lnm_exchange *x) {
    lnm_buf_reset(&x->answer);
    (void)lnm_cloud_internal(x->request);
    x->status = x->request->error.status;
    lnm_cloud_write_error(&x->answer, x->request);
}

void lnm_batch_run(struct lnm_cloud *c, struct lnm_exchange *first) {
    /* what is counted beside the database must not be counted twice */
    struct run run = {.now_us = lnm_now_us(), .careful = c->limits != NULL || c->faults != NULL};
    bool good = run_all(c, first, &run);
    if (!good && run.again) {
        take_back(c);
        for (struct lnm_exchange *x = first; x != NULL; x = x->next) {
            lnm_buf_reset(&x->answer);
            lnm_cloud_forget(x->request);
        }
        run.careful = true;
        good = run_all(c, first, &run);
    }
    if (good) {
        return;
    }
    for (struct lnm_exchange *x = first; x != NULL; x = x->next) {
        lnm_batch_fail(x);
    }
    take_back(c);
}
