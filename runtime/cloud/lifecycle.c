/* lifecycle.c - what is due, in the order of its times. */
#include "cloud/lifecycle.h"
#include "cloud/holdings.h"

#include <stdio.h>

/* How long a thing takes to be made: seconds, those that each GiB adds, and the most there are. */
struct pace {
    double still, base, per_gib, most; /* still: what moves no data */
};

int64_t lnm_lifecycle_due(const struct lnm_cloud *c, int64_t now_us, int64_t gib) {
    static const struct pace quick = {2, 2, 0.15, 20}, aws = {30, 120, 9, 86400};
    const struct pace *p = c->as_aws ? &aws : &quick;
    double seconds = gib > 0 ? p->base + p->per_gib * (double)gib : p->still;
    seconds = seconds > p->most ? p->most : seconds;
    return c->instant ? now_us : now_us + (int64_t)(seconds / c->speed * 1e6);
}

/* The key is looked at when the work ends: one that was disabled meanwhile fails it, as on AWS. */
bool lnm_key_works(struct lnm_cloud *c, const char *account, const char *region, const char *arn) {
    struct lnm_cloud_key k;
    return lnm_key_resolve(c, &k, account, region, lnm_str_z(arn)) && lnm_key_usable(&k) &&
           lnm_key_permits(c, &k, account, "CreateGrant") &&
           lnm_key_permits(c, &k, account, "GenerateDataKeyWithoutPlaintext");
}

/* The same within one settling: only events of keys change the answer. */
static bool key_works(struct lnm_cloud *c, const struct lnm_event *e, const char *arn) {
    if (strcmp(c->asked.arn, arn) != 0 || strcmp(c->asked.account, e->account) != 0 ||
        strcmp(c->asked.region, e->region) != 0) {
        c->asked.works = lnm_key_works(c, e->account, e->region, arn);
        lnm_take(c->asked.arn, sizeof c->asked.arn, arn);
        lnm_take(c->asked.account, sizeof c->asked.account, e->account);
        lnm_take(c->asked.region, sizeof c->asked.region, e->region);
    }
    return c->asked.works;
}

/* Can what is made under a key be made? `sql` selects doomed, encrypted, key_arn of ?1. */
static bool succeeds(struct lnm_cloud *c, const struct lnm_event *e, const char *sql) {
    sqlite3_stmt *s = lnm_store_query(c, sql, "t", e->id);
    char arn[160];
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return false;
    }
    bool doomed = lnm_store_int(s, 0) != 0, encrypted = lnm_store_int(s, 1) != 0;
    lnm_take(arn, sizeof arn, lnm_store_text(s, 2));
    (void)sqlite3_reset(s);
    return !doomed && (!encrypted || key_works(c, e, arn));
}

int lnm_lifecycle_image(struct lnm_cloud *c, const char *image) {
    return lnm_store_exec(
        c,
        "WITH part(bad, open) AS (SELECT coalesce(sum(s.state = 'error'), 0), coalesce(sum(s.state"
        " <> 'completed'), 0) FROM devices d JOIN snapshots s ON s.id = d.snapshot WHERE d.image ="
        " ?1) UPDATE images SET state = CASE WHEN bad THEN 'failed' ELSE 'available' END, reason ="
        " CASE WHEN bad THEN coalesce(reason, 'Copy image failed with an internal error') ELSE "
        "reason"
        " END FROM part"
        " WHERE id = ?1 AND state = 'pending' AND (bad OR open = 0)",
        "t", image);
}

/* The images whose devices a snapshot is. */
static int end_images(struct lnm_cloud *c, const char *snapshot) {
    char images[64][32];
    int count = 0, error = 0;
    sqlite3_stmt *s = lnm_store_query(c,
                                      "SELECT image FROM devices JOIN images ON id = image WHERE"
                                      " snapshot = ?1 AND state = 'pending' LIMIT 64",
                                      "t", snapshot);
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(images[count++], sizeof images[0], lnm_store_text(s, 0));
    }
    for (int i = 0; i < count && error == 0; i++) {
        error = lnm_lifecycle_image(c, images[i]);
    }
    return s == NULL ? -1 : error;
}

static bool was_deleted(struct lnm_cloud *c, const char *snapshot) {
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT deleted FROM snapshots WHERE id = ?1", "t", snapshot);
    bool deleted = s != NULL && sqlite3_step(s) == SQLITE_ROW && lnm_store_int(s, 0) != 0;
    (void)sqlite3_reset(s);
    return deleted;
}

static int end_snapshot(struct lnm_cloud *c, const struct lnm_event *e) {
    int waits = lnm_holding_wait(c,
                                 "UPDATE snapshots SET due = NULL WHERE id = ?1 AND map IN (SELECT"
                                 " target FROM copies)",
                                 e->id);
    if (waits != 0) {
        return waits < 0 ? -1 : 0;
    }
    if (was_deleted(c, e->id)) {
        return lnm_snapshot_forget(c, e->id);
    }
    bool good = succeeds(c, e, "SELECT doomed, encrypted, key_arn FROM snapshots WHERE id = ?1");
    int error = lnm_store_exec(c,
                               "UPDATE snapshots SET state = CASE WHEN ?2 THEN 'completed' ELSE"
                               " 'error' END, message = CASE WHEN ?2 THEN message ELSE"
                               " coalesce(message, 'Given key ID is not accessible') END,"
                               " completed = CASE WHEN ?2 THEN ?3 END WHERE id = ?1",
                               "tii", e->id, (int64_t)good, e->due_us);
    return error < 0 ? error : end_images(c, e->id);
}

/* A volume under a bad key vanishes without a word, as on AWS. */
static int end_volume(struct lnm_cloud *c, const struct lnm_event *e) {
    int waits = lnm_holding_wait(c,
                                 "UPDATE volumes SET due = NULL WHERE id = ?1 AND map IN (SELECT"
                                 " target FROM copies)",
                                 e->id);
    if (waits != 0) {
        return waits < 0 ? -1 : 0;
    }
    return succeeds(c, e, "SELECT doomed, encrypted, key_arn FROM volumes WHERE id = ?1")
               ? lnm_store_exec(c, "UPDATE volumes SET state = 'available' WHERE id = ?1", "t",
                                e->id)
               : lnm_volume_forget(c, e->id);
}

static int end_deletion(struct lnm_cloud *c, const struct lnm_event *e) {
    return lnm_volume_forget(c, e->id);
}

static const struct lnm_event_kind snapshots = {
    "SELECT due, id, account, region FROM snapshots WHERE state = 'pending' AND due IS NOT NULL"
    " AND timeout IS NULL ORDER BY due, id LIMIT 1",
    end_snapshot, true, true};
static const struct lnm_event_kind volumes = {
    "SELECT due, id, account, region FROM volumes WHERE state = 'creating' AND due IS NOT NULL"
    " ORDER BY due, id LIMIT 1",
    end_volume, true, true};
static const struct lnm_event_kind deletions = {
    "SELECT due, id, account, region FROM volumes WHERE state = 'deleting' AND due IS NOT NULL"
    " ORDER BY due, id LIMIT 1",
    end_deletion, true, true};

/* At the same time: what is made first, then what uses it. */
static const struct lnm_event_kind *const kinds[] = {&lnm_events_keys,
                                                     &lnm_events_rotations,
                                                     &snapshots,
                                                     &volumes,
                                                     &deletions,
                                                     &lnm_events_attachments,
                                                     &lnm_events_instances,
                                                     &lnm_events_instances_gone,
                                                     &lnm_events_uploads,
                                                     &lnm_events_modifications,
                                                     &lnm_events_checks};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* The next event of a kind; LNM_NEVER when there is none. */
static int look(struct lnm_cloud *c, const struct lnm_event_kind *k, struct lnm_event *e) {
    sqlite3_stmt *s = lnm_store_query(c, k->next, "");
    int code = s != NULL ? sqlite3_step(s) : SQLITE_ERROR;
    e->due_us = LNM_NEVER;
    if (code == SQLITE_ROW) {
        e->due_us = lnm_store_int(s, 0);
        lnm_take(e->id, sizeof e->id, lnm_store_text(s, 1));
        lnm_take(e->account, sizeof e->account, lnm_store_text(s, 2));
        lnm_take(e->region, sizeof e->region, lnm_store_text(s, 3));
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : -1;
}

/* The next event of every kind; when the first is due goes into c. */
struct agenda {
    struct lnm_event next[KINDS];
    size_t first;
};

static void note(struct lnm_cloud *c, struct agenda *a) {
    a->first = 0;
    c->work_us = LNM_NEVER;
    for (size_t i = 0; i < KINDS; i++) {
        if (a->next[i].due_us < a->next[a->first].due_us) {
            a->first = i;
        }
        if (kinds[i]->work && a->next[i].due_us < c->work_us) {
            c->work_us = a->next[i].due_us;
        }
    }
    c->due_us = a->next[a->first].due_us;
}

static int look_all(struct lnm_cloud *c, struct agenda *a) {
    int error = 0;
    for (size_t i = 0; i < KINDS && error == 0; i++) {
        error = look(c, kinds[i], &a->next[i]);
    }
    return error;
}

int lnm_lifecycle_look(struct lnm_cloud *c) {
    struct agenda a;
    int error = look_all(c, &a);
    note(c, &a);
    return error;
}

static int end_first(struct lnm_cloud *c, struct agenda *a) {
    const struct lnm_event_kind *k = kinds[a->first];
    c->fault_now_us = a->next[a->first].due_us;
    int error = k->end(c, &a->next[a->first]);
    if (k != &snapshots && k != &volumes) {
        c->asked.arn[0] = '\0';
    }
    if (error == 0) {
        error = k->alone ? look(c, k, &a->next[a->first]) : look_all(c, a);
    }
    note(c, a);
    return error;
}

int lnm_lifecycle_settle(struct lnm_cloud *c, int64_t now_us) {
    struct agenda a;
    int error = look_all(c, &a);
    c->asked.arn[0] = '\0';
    note(c, &a);
    while (error == 0 && c->due_us <= now_us) {
        error = end_first(c, &a);
    }
    return error;
}
