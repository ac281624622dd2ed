/* instance_states.c - StartInstances, StopInstances, TerminateInstances, and what time does. */
#include "cloud/capacity.h"
#include "cloud/holdings.h"
#include "cloud/ebs_access.h"
#include "cloud/lifecycle.h"
#include "cloud/network.h"

#include "base/date.h"

#include <stdio.h>

#define GONE_AFTER_US (INT64_C(3600) * 1000000) /* a terminated instance is shown for an hour */
#define KEYS_MAX 64
#define CODE "Client.InternalError"
#define TEXT "Client.InternalError: Client error on launch"

struct change {
    const char *from[3];   /* states that it may be in */
    const char *to, *done; /* on its way, and there: neither is changed */
    const char *code, *reason;
    const char *attribute; /* that may refuse it, or NULL */
    const char *list;
};

static int show(struct lnm_cloud_request *r, const struct lnm_cloud_instance *i, const char *now) {
    const char *const names[] = {"current_state", "previous_state"}, *const states[] = {now,
                                                                                        i->state};
    lnm_record_item(&r->out);
    lnm_record_setz(&r->out, "instance_id", i->id);
    for (size_t k = 0; k < 2; k++) {
        lnm_record_enter(&r->out, names[k]);
        lnm_record_set_int(&r->out, "code", lnm_instance_code(states[k]));
        lnm_record_setz(&r->out, "name", states[k]);
        lnm_record_close(&r->out);
    }
    lnm_record_close(&r->out);
    return 0;
}

static bool is_among(const char *state, const char *const list[3]) {
    for (size_t i = 0; i < 3 && list[i] != NULL; i++) {
        if (strcmp(state, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int check(struct lnm_cloud_request *r, const struct change *c,
                 const struct lnm_cloud_instance *i) {
    bool ends = strcmp(c->done, "terminated") == 0;
    if (c->attribute != NULL && (ends ? i->is_protected : i->stop_protected)) {
        return lnm_cloud_raise(r, 400, "OperationNotPermitted",
                               "The instance '%s' may not be %s. Modify its '%s' instance "
                               "attribute and try again.",
                               i->id, c->done, c->attribute);
    }
    return is_among(i->state, c->from)
               ? 0
               : lnm_cloud_raise(r, 400, "IncorrectInstanceState",
                                 "The instance '%s' is not in a state from which it can be changed "
                                 "(it is '%s')",
                                 i->id, i->state);
}

/* The keys of an instance's encrypted volumes. */
static int find_keys(struct lnm_cloud *c, char arns[KEYS_MAX][160], const char *instance) {
    int count = 0;
    sqlite3_stmt *s = lnm_store_query(
        c, "SELECT key_arn FROM volumes WHERE instance = ?1 AND encrypted <> 0", "t", instance);
    while (s != NULL && count < KEYS_MAX && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(arns[count++], sizeof arns[0], lnm_store_text(s, 0));
    }
    (void)sqlite3_reset(s);
    return count;
}

static bool may_start(struct lnm_cloud_request *r, const char *instance) {
    char arns[KEYS_MAX][160];
    int count = find_keys(r->cloud, arns, instance);
    bool may = true;
    for (int i = 0; i < count && may; i++) {
        may = lnm_ebs_permits_arn(r, r->region, arns[i], LNM_EBS_ATTACH);
    }
    return may;
}

static int change_one(struct lnm_cloud_request *r, const struct change *c, struct lnm_str id) {
    struct lnm_cloud_instance i;
    if (!lnm_instance_get(r, id, &i)) {
        return lnm_instance_not_found(r, id);
    }
    if (strcmp(i.state, c->to) == 0 || strcmp(i.state, c->done) == 0) {
        return show(r, &i, i.state);
    }
    bool starts = strcmp(c->to, "pending") == 0;
    if (check(r, c, &i) < 0 || (starts && lnm_capacity_check(r, i.type, i.zone, false) < 0)) {
        return -1;
    }
    /* doomed = 2: an instance that was started, not launched, is stopped again when its key fails;
     * 3: it will be */
    char by_whom[64] = "", date[LNM_DATE_MAX];
    lnm_date_iso(date, r->now_us);
    if (!starts) {
        (void)snprintf(by_whom, sizeof by_whom, "User initiated (%.10s %.8s GMT)", date, date + 11);
    }
    if (lnm_store_exec(
            r->cloud,
            "UPDATE instances SET state = ?2, due = ?3, reason_code = ?4, reason = ?5,"
            " doomed = CASE WHEN ?2 = 'pending' THEN ?6 ELSE 0 END, ok_at = NULL, transition = ?7"
            " WHERE id = ?1",
            "ttittit", i.id, c->to, lnm_lifecycle_due(r->cloud, r->now_us, 0), c->code, c->reason,
            (int64_t)(!starts || may_start(r, i.id) ? 2 : 3), by_whom) < 0) {
        return lnm_cloud_internal(r);
    }
    return show(r, &i, c->to);
}

/* The zones of instances that may not be terminated, and the first of these. */
struct kept {
    char zones[4][80], first[32];
    size_t count;
};

static bool is_kept(const struct kept *k, const char *zone) {
    size_t i = 0;
    while (i < k->count && strcmp(k->zones[i], zone) != 0) {
        i++;
    }
    return i < k->count;
}

static bool stays(struct lnm_cloud_request *r, const struct kept *k, struct lnm_str id) {
    struct lnm_cloud_instance i;
    return k->count > 0 && lnm_instance_get(r, id, &i) && is_kept(k, i.zone);
}

static int change_all(struct lnm_cloud_request *r, const struct change *c, const struct kept *k) {
    uint32_t list = lnm_record_find(&r->in, 0, "instance_ids");
    lnm_record_enter(&r->out, c->list);
    for (uint32_t i = lnm_record_first(&r->in, list); i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        if (!stays(r, k, lnm_record_str(&r->in, i)) &&
            change_one(r, c, lnm_record_str(&r->in, i)) < 0) {
            return -1;
        }
    }
    lnm_record_close(&r->out);
    return 0;
}

static int start(struct lnm_cloud_request *r) {
    static const struct change c = {{"stopped"}, "pending", "running",           NULL,
                                    NULL,        NULL,      "starting_instances"};
    return change_all(r, &c, &(struct kept){.count = 0});
}

static int stop(struct lnm_cloud_request *r) {
    static const struct change c = {{"running"},
                                    "stopping",
                                    "stopped",
                                    "Client.UserInitiatedShutdown",
                                    "Client.UserInitiatedShutdown: User initiated shutdown",
                                    "disableApiStop",
                                    "stopping_instances"};
    return change_all(r, &c, &(struct kept){.count = 0});
}

static int find_kept(struct lnm_cloud_request *r, struct kept *k) {
    uint32_t list = lnm_record_find(&r->in, 0, "instance_ids");
    for (uint32_t i = lnm_record_first(&r->in, list); i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_cloud_instance found;
        if (!lnm_instance_get(r, lnm_record_str(&r->in, i), &found)) {
            return lnm_instance_not_found(r, lnm_record_str(&r->in, i));
        }
        if (found.is_protected && !is_kept(k, found.zone) && k->count < 4) {
            if (k->count == 0) {
                lnm_take(k->first, sizeof k->first, found.id);
            }
            lnm_take(k->zones[k->count++], sizeof k->zones[0], found.zone);
        }
    }
    return 0;
}

/* A protected instance keeps those of its zone, and the call fails; what is in other zones goes. */
static int terminate(struct lnm_cloud_request *r) {
    static const struct change c = {{"running", "stopped", "pending"},
                                    "shutting-down",
                                    "terminated",
                                    "Client.UserInitiatedShutdown",
                                    "Client.UserInitiatedShutdown: User initiated shutdown",
                                    "disableApiTermination",
                                    "terminating_instances"};
    struct kept k = {.count = 0};
    r->stands = false;
    if (find_kept(r, &k) < 0 || change_all(r, &c, &k) < 0) {
        return -1;
    }
    struct lnm_cloud_instance first;
    if (k.count == 0 || !lnm_instance_get(r, lnm_str_z(k.first), &first)) {
        return 0;
    }
    r->stands = !lnm_record_get_bool(&r->in, 0, "dry_run", false);
    return check(r, &c, &first);
}

/* ---- time -------------------------------------------------------------------------------------
 */

static bool keys_work(struct lnm_cloud *c, const char *account, const char *region,
                      const char *instance) {
    char arns[KEYS_MAX][160];
    int count = find_keys(c, arns, instance);
    bool good = true;
    for (int i = 0; i < count; i++) {
        good = good && lnm_key_works(c, account, region, arns[i]);
    }
    return good;
}

/* Who has a reason already keeps it. */
static int set_state(struct lnm_cloud *c, const char *id, const char *state, const char *code,
                     const char *reason) {
    return lnm_store_exec(c,
                          "UPDATE instances SET state = ?2, due = NULL, doomed = 0, transition ="
                          " iif(?3 IS NULL, transition, coalesce(reason, ?4)), reason_code ="
                          " coalesce(reason_code, ?3), reason = coalesce(reason, ?4) WHERE id ="
                          " ?1",
                          "tttt", id, state, code, reason);
}

static int stop_running(struct lnm_cloud *c, const char *id, const char *state, const char *code,
                        const char *reason) {
    lnm_holding_detach_all(c, id);
    return set_state(c, id, state, code, reason);
}

/* Images that are being made of it fail. */
static int fail_images(struct lnm_cloud *c, const char *instance) {
    return lnm_store_exec(c,
                          "UPDATE images SET state = 'failed', reason = 'Client.InstanceTerminated:"
                          " The instance was terminated or rebooted during AMI creation' WHERE"
                          " state = 'pending' AND source_instance = ?1",
                          "t", instance);
}

/* Volumes that are deleted with their instance go, the others are free. */
static int end_instance(struct lnm_cloud *c, const char *id, int64_t now_us, const char *code,
                        const char *reason) {
    int error = stop_running(c, id, "terminated", code, reason);
    error = error < 0 ? error : lnm_interface_forget(c, id);
    error = error < 0 ? error : fail_images(c, id);
    error = error < 0 ? error
                      : lnm_store_exec(c, "UPDATE instances SET due = ?2 WHERE id = ?1", "ti", id,
                                       now_us + GONE_AFTER_US);
    return error < 0 ? error
                     : lnm_store_exec(c,
                                      "UPDATE volumes SET state = iif(delete_on_termination,"
                                      " 'deleting', 'available'), due = ?2, instance = NULL,"
                                      " device = NULL, attach_state = NULL, attach_due = NULL"
                                      " WHERE instance = ?1",
                                      "ti", id, lnm_lifecycle_due(c, now_us, 0));
}

/* Its status checks pass a while after it runs. */
static int start_checks(struct lnm_cloud *c, const struct lnm_event *e) {
    return lnm_store_exec(c, "UPDATE instances SET ok_at = ?2 WHERE id = ?1", "ti", e->id,
                          lnm_lifecycle_due(c, e->due_us, 0));
}

static int end_pending(struct lnm_cloud *c, const struct lnm_event *e, int64_t doomed) {
    int waits = lnm_holding_wait(c,
                                 "UPDATE instances SET due = NULL WHERE id = ?1 AND EXISTS (SELECT"
                                 " 1 FROM volumes JOIN copies ON target = map WHERE instance = ?1)",
                                 e->id);
    if (waits != 0) {
        return waits < 0 ? -1 : 0;
    }
    if (doomed != 1 && doomed != 3 && keys_work(c, e->account, e->region, e->id)) {
        return lnm_holding_attach_all(c, e->account, e->id) < 0 || start_checks(c, e) < 0
                   ? -1
                   : set_state(c, e->id, "running", NULL, NULL);
    }
    return doomed >= 2 ? set_state(c, e->id, "stopped", CODE, TEXT)
                       : end_instance(c, e->id, e->due_us, CODE, TEXT);
}

static int end_change(struct lnm_cloud *c, const struct lnm_event *e) {
    char state[16];
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT state, doomed FROM instances WHERE id = ?1", "t", e->id);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return -1;
    }
    lnm_take(state, sizeof state, lnm_store_text(s, 0));
    int64_t doomed = lnm_store_int(s, 1);
    (void)sqlite3_reset(s);
    return strcmp(state, "pending") == 0    ? end_pending(c, e, doomed)
           : strcmp(state, "stopping") == 0 ? stop_running(c, e->id, "stopped", NULL, NULL)
                                            : end_instance(c, e->id, e->due_us, NULL, NULL);
}

static int forget(struct lnm_cloud *c, const struct lnm_event *e) {
    int error = lnm_store_exec(c, "DELETE FROM tags WHERE resource = ?1", "t", e->id);
    return error < 0 ? error : lnm_store_exec(c, "DELETE FROM instances WHERE id = ?1", "t", e->id);
}

const struct lnm_event_kind lnm_events_instances = {
    "SELECT due, id, account, region FROM instances WHERE due IS NOT NULL AND state <> 'terminated'"
    " ORDER BY due, id LIMIT 1",
    end_change, true, LNM_TABLES_INSTANCES};
const struct lnm_event_kind lnm_events_instances_gone = {
    "SELECT due, id, account, region FROM instances WHERE state = 'terminated' AND due IS"
    " NOT NULL ORDER BY due, id LIMIT 1",
    forget, false, LNM_TABLES_INSTANCES};

const struct lnm_cloud_action lnm_cloud_instance_states[] = {{"StartInstances", start},
                                                             {"StopInstances", stop},
                                                             {"TerminateInstances", terminate},
                                                             {NULL, NULL}};
