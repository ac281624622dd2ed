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

static bool ask(struct lnm_cloud *c, const char *account, const char *region, const char *arn) {
    struct lnm_cloud_key k;
    return lnm_key_resolve(c, &k, account, region, lnm_str_z(arn)) && lnm_key_usable(&k) &&
           lnm_key_permits(c, &k, account, "CreateGrant") &&
           lnm_key_permits(c, &k, account, "GenerateDataKeyWithoutPlaintext");
}

/* The key is looked at when the work ends: one that was disabled meanwhile fails it, as on AWS. The
 * answer is the same until something is written of keys. */
bool lnm_key_works(struct lnm_cloud *c, const char *account, const char *region, const char *arn) {
    if (c->asked.changes != c->key_changes || strcmp(c->asked.arn, arn) != 0 ||
        strcmp(c->asked.account, account) != 0 || strcmp(c->asked.region, region) != 0) {
        c->asked.works = ask(c, account, region, arn);
        c->asked.changes = c->key_changes;
        lnm_take(c->asked.arn, sizeof c->asked.arn, arn);
        lnm_take(c->asked.account, sizeof c->asked.account, account);
        lnm_take(c->asked.region, sizeof c->asked.region, region);
    }
    return c->asked.works;
}

/* Something that is made and may be ready. */
struct made {
    bool waits; /* for blocks that are still copied */
    bool good;  /* it can be made: under a key that works, or none */
    char arn[160];
};

/* `sql` selects what it waits for, doomed, encrypted, key_arn of ?1. */
static int look_at(struct lnm_cloud *c, struct made *m, const struct lnm_event *e,
                   const char *sql) {
    sqlite3_stmt *s = lnm_store_query(c, sql, "t", e->id);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return -1;
    }
    m->waits = lnm_store_int(s, 0) != 0;
    m->good = lnm_store_int(s, 1) == 0;
    bool encrypted = lnm_store_int(s, 2) != 0;
    lnm_take(m->arn, sizeof m->arn, lnm_store_text(s, 3));
    (void)sqlite3_reset(s);
    m->good = m->good && (!encrypted || lnm_key_works(c, e->account, e->region, m->arn));
    return 0;
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

#define MADE "SELECT map IN (SELECT target FROM copies), doomed, encrypted, key_arn FROM "

/* Those whose end is the same: under the same key, with no copy to wait for. */
#define ALIKE                                                                                      \
    "account = ?2 AND region = ?3 AND ifnull(key_arn, '') = ?4 AND ifnull(doomed, 0) = 0 AND (map" \
    " IS NULL OR map NOT IN (SELECT target FROM copies))"

/* Volumes that are being made. */
#define CREATING "state = 'creating' AND due IS NOT NULL AND due > (SELECT until FROM settled)"

static int read_settled(struct lnm_cloud *c) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT until FROM settled", "");
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    c->settled_us = found ? lnm_store_int(s, 0) : LNM_NEVER;
    (void)sqlite3_reset(s);
    return found ? 0 : -1;
}

/* Snapshots that are completed; the statement gives their ids when all are. */
static int complete(struct lnm_cloud *c, const struct lnm_event *e, const struct made *m) {
    char id[32];
    int code = SQLITE_ERROR, error = 0;
    sqlite3_stmt *s = lnm_store_query(
        c,
        "UPDATE snapshots INDEXED BY snapshots_due SET state = 'completed', completed = due WHERE"
        " state = 'pending' AND timeout IS NULL AND ifnull(deleted, 0) = 0 AND due IS NOT NULL AND "
        "due <= ?1 AND " ALIKE " RETURNING id",
        "ittt", e->until_us, e->account, e->region, m->arn);
    while (error == 0 && s != NULL && (code = sqlite3_step(s)) == SQLITE_ROW) {
        lnm_take(id, sizeof id, lnm_store_text(s, 0));
        error = end_images(c, id);
    }
    (void)sqlite3_reset(s);
    return code == SQLITE_DONE ? error : -1;
}

static int fail(struct lnm_cloud *c, const char *snapshot) {
    int error = lnm_store_exec(c,
                               "UPDATE snapshots SET state = 'error', message = coalesce(message,"
                               " 'Given key ID is not accessible') WHERE id = ?1",
                               "t", snapshot);
    return error < 0 ? error : end_images(c, snapshot);
}

static int end_snapshots(struct lnm_cloud *c, const struct lnm_event *e) {
    struct made m;
    return look_at(c, &m, e, MADE "snapshots WHERE id = ?1") < 0 ? -1
           : m.waits
               ? lnm_store_exec(c, "UPDATE snapshots SET due = NULL WHERE id = ?1", "t", e->id)
           : was_deleted(c, e->id) ? lnm_snapshot_forget(c, e->id)
           : m.good                ? complete(c, e, &m)
                                   : fail(c, e->id);
}

/* When the first volume is due that may end otherwise than those of e's key; LNM_NEVER, -1. */
static int64_t find_other(struct lnm_cloud *c, const struct lnm_event *e, const struct made *m) {
    sqlite3_stmt *s =
        lnm_store_query(c,
                        "SELECT due FROM volumes INDEXED BY volumes_due WHERE " CREATING
                        " AND due <= ?1 AND NOT (" ALIKE ") ORDER BY due LIMIT 1",
                        "ittt", e->until_us, e->account, e->region, m->arn);
    int code = s != NULL ? sqlite3_step(s) : SQLITE_ERROR;
    int64_t due_us = code == SQLITE_ROW ? lnm_store_int(s, 0) : LNM_NEVER;
    (void)sqlite3_reset(s);
    return code == SQLITE_ROW || code == SQLITE_DONE ? due_us : -1;
}

/* Volumes are made by the thousand: those that are ready are not written to, but said to be by how
 * far the cloud has looked. One that is ready together with one of another key is written to; and
 * all, while a plan of faults notes what changes. */
static int make_available(struct lnm_cloud *c, const struct lnm_event *e, const struct made *m) {
    int64_t other_us = c->faults != NULL ? e->due_us : find_other(c, e, m);
    int64_t until_us = other_us > e->until_us ? e->until_us : other_us - 1;
    return other_us < 0 ? -1
           : until_us < e->due_us
               ? lnm_store_exec(c, "UPDATE volumes SET state = 'available' WHERE id = ?1", "t",
                                e->id)
               : lnm_store_exec(c,
                                "UPDATE settled SET until = (SELECT max(due) FROM volumes INDEXED"
                                " BY volumes_due WHERE " CREATING " AND due <= ?1)",
                                "i", until_us);
}

/* What was said of all of them is written into each. */
int lnm_lifecycle_begin(struct lnm_cloud *c, int64_t due_us) {
    if (c->settled_us == LNM_NEVER && read_settled(c) < 0) {
        return -1;
    }
    return due_us > c->settled_us ||
                   (lnm_store_exec(c,
                                   "UPDATE volumes SET state = 'available' WHERE state ="
                                   " 'creating' AND due <= (SELECT until FROM settled)",
                                   "") == 0 &&
                    lnm_store_exec(c, "UPDATE settled SET until = 0", "") == 0)
               ? 0
               : -1;
}

/* A volume under a bad key vanishes without a word, as on AWS. */
static int end_volumes(struct lnm_cloud *c, const struct lnm_event *e) {
    struct made m;
    return look_at(c, &m, e, MADE "volumes WHERE id = ?1") < 0 ? -1
           : m.waits ? lnm_store_exec(c, "UPDATE volumes SET due = NULL WHERE id = ?1", "t", e->id)
           : m.good  ? make_available(c, e, &m)
                     : lnm_volume_forget(c, e->id);
}

static int end_deletion(struct lnm_cloud *c, const struct lnm_event *e) {
    return lnm_volume_forget(c, e->id);
}

static const struct lnm_event_kind snapshots = {
    "SELECT due, id, account, region FROM snapshots WHERE state = 'pending' AND due IS NOT NULL"
    " AND timeout IS NULL ORDER BY due, id LIMIT 1",
    end_snapshots, true, LNM_TABLES_SNAPSHOTS};
static const struct lnm_event_kind volumes = {
    "SELECT due, id, account, region FROM volumes WHERE " CREATING " ORDER BY due, id LIMIT 1",
    end_volumes, true, LNM_TABLES_VOLUMES | LNM_TABLES_SETTLED};
static const struct lnm_event_kind deletions = {
    "SELECT due, id, account, region FROM volumes WHERE state = 'deleting' AND due IS NOT NULL"
    " ORDER BY due, id LIMIT 1",
    end_deletion, true, LNM_TABLES_VOLUMES};

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
_Static_assert(KINDS == LNM_EVENT_KINDS, "the cloud has room for the next event of every kind");

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

/* When the first thing is due goes into c; which kind it is of. */
static size_t note(struct lnm_cloud *c) {
    size_t first = 0;
    c->work_us = LNM_NEVER;
    for (size_t i = 0; i < KINDS; i++) {
        if (c->next[i].due_us < c->next[first].due_us) {
            first = i;
        }
        if (kinds[i]->work && c->next[i].due_us < c->work_us) {
            c->work_us = c->next[i].due_us;
        }
    }
    c->due_us = c->next[first].due_us;
    return first;
}

int lnm_lifecycle_look(struct lnm_cloud *c) {
    int error = (c->touched & LNM_TABLES_SETTLED) != 0 ? read_settled(c) : 0;
    for (size_t i = 0; i < KINDS && error == 0; i++) {
        if ((kinds[i]->tables & c->touched) != 0) {
            error = look(c, kinds[i], &c->next[i]);
        }
    }
    c->touched = error == 0 ? 0 : c->touched;
    (void)note(c);
    return error;
}

/* The first event and its like: those that come before the next one of another kind. A plan of
 * faults asks of each when it changed what. */
static int end_first(struct lnm_cloud *c, size_t first, int64_t now_us) {
    struct lnm_event e = c->next[first];
    e.until_us = c->faults != NULL ? e.due_us : now_us;
    c->fault_now_us = e.due_us;
    for (size_t i = 0; i < KINDS; i++) {
        int64_t before_us = c->next[i].due_us - (i < first ? 1 : 0);
        if (i != first && before_us < e.until_us) {
            e.until_us = before_us;
        }
    }
    int error = kinds[first]->end(c, &e);
    return error < 0 ? error : lnm_lifecycle_look(c);
}

int lnm_lifecycle_settle(struct lnm_cloud *c, int64_t now_us) {
    int error = lnm_lifecycle_look(c);
    while (error == 0 && c->due_us <= now_us) {
        error = end_first(c, note(c), now_us);
    }
    return error;
}
