/* lifecycle.c - what time does to pending things: evaluated when somebody looks, never by a thread.
 */
#include "cloud/internal.h"

#include <stdio.h>

#define BASE_S 2.0
#define PER_GIB_S 0.15
#define LONGEST_S 20.0
#define SHARERS_MAX 16 /* accounts looked after at once; the others at the next look */

int64_t lnm_lifecycle_due(const struct lnm_cloud *c, int64_t now_us, int64_t gib) {
    double seconds = BASE_S + PER_GIB_S * (double)gib;
    seconds = seconds > LONGEST_S ? LONGEST_S : seconds;
    return c->instant ? now_us : now_us + (int64_t)(seconds / c->speed * 1e6);
}

/* The key is looked at when the work ends: one that was disabled meanwhile fails it, as on AWS. */
bool lnm_key_works(struct lnm_cloud *c, const char *account, const char *region, const char *arn) {
    struct lnm_cloud_key k;
    return lnm_key_resolve(c, &k, account, region, lnm_str_z(arn)) && lnm_key_usable(&k) &&
           lnm_key_permits(c, &k, account, "CreateGrant") &&
           lnm_key_permits(c, &k, account, "GenerateDataKeyWithoutPlaintext");
}

/* Pending rows whose time has come, one at a time: their end may change what the next one sees. */
struct kind {
    const char *due; /* id, doomed, encrypted, key_arn */
    int (*end)(struct lnm_cloud *c, const char *id, bool good);
};

static int end_snapshot(struct lnm_cloud *c, const char *id, bool good) {
    return good ? lnm_store_exec(c, "UPDATE snapshots SET state = 'completed' WHERE id = ?1", "t",
                                 id)
                : lnm_store_exec(c,
                                 "UPDATE snapshots SET state = 'error', message = coalesce(message,"
                                 " 'Given key ID is not accessible') WHERE id = ?1",
                                 "t", id);
}

/* A volume under a bad key vanishes without a word, as on AWS. */
static int end_volume(struct lnm_cloud *c, const char *id, bool good) {
    return good ? lnm_store_exec(c, "UPDATE volumes SET state = 'available' WHERE id = ?1", "t", id)
                : lnm_volume_forget(c, id);
}

static const struct kind snapshots = {
    "SELECT id, doomed, encrypted, key_arn FROM snapshots WHERE state = 'pending' AND account = ?1"
    " AND region = ?2 AND due <= ?3 LIMIT 1",
    end_snapshot};
static const struct kind volumes = {
    "SELECT id, doomed, encrypted, key_arn FROM volumes WHERE state = 'creating' AND account = ?1"
    " AND region = ?2 AND due <= ?3 LIMIT 1",
    end_volume};

/* 1 when one was ended, 0 when none is left, -1 failed. */
static int settle_one(const struct kind *k, struct lnm_cloud *c, const char *account,
                      const char *region, int64_t now_us) {
    sqlite3_stmt *s = lnm_store_query(c, k->due, "tti", account, region, now_us);
    char id[32], arn[160];
    if (s == NULL) {
        return -1;
    }
    if (sqlite3_step(s) != SQLITE_ROW) {
        return 0;
    }
    bool doomed = lnm_store_int(s, 1) != 0, encrypted = lnm_store_int(s, 2) != 0;
    lnm_take(id, sizeof id, lnm_store_text(s, 0));
    lnm_take(arn, sizeof arn, lnm_store_text(s, 3));
    (void)sqlite3_reset(s);
    bool good = !doomed && (!encrypted || lnm_key_works(c, account, region, arn));
    return k->end(c, id, good) < 0 ? -1 : 1;
}

static int settle_all(const struct kind *k, struct lnm_cloud *c, const char *account,
                      const char *region, int64_t now_us) {
    int more;
    do {
        more = settle_one(k, c, account, region, now_us);
    } while (more > 0);
    return more;
}

/* An image is available when all its snapshots are completed, failed when one has failed. */
static int settle_images(struct lnm_cloud *c, const char *account, const char *region) {
    int a = lnm_store_exec(
        c,
        "UPDATE images SET state = 'failed', reason = 'Copy image failed with an internal error' "
        "WHERE"
        " state = 'pending' AND account = ?1 AND region = ?2 AND EXISTS (SELECT 1 FROM devices d "
        "JOIN"
        " snapshots s ON s.id = d.snapshot WHERE d.image = images.id AND s.state = 'error')",
        "tt", account, region);
    int b = lnm_store_exec(
        c,
        "UPDATE images SET state = 'available' WHERE state = 'pending' AND account = ?1 AND region "
        "= ?2"
        " AND NOT EXISTS (SELECT 1 FROM devices d JOIN snapshots s ON s.id = d.snapshot WHERE"
        " d.image = images.id AND s.state <> 'completed')",
        "tt", account, region);
    return a < 0 || b < 0 ? -1 : 0;
}

static int settle_account(struct lnm_cloud *c, const char *account, const char *region,
                          int64_t now_us) {
    bool failed = settle_all(&snapshots, c, account, region, now_us) < 0 ||
                  settle_images(c, account, region) < 0 ||
                  settle_all(&volumes, c, account, region, now_us) < 0 ||
                  lnm_attachment_settle(c, account, region, now_us) < 0 ||
                  lnm_instance_settle(c, account, region, now_us) < 0;
    return failed ? -1 : 0;
}

/* Accounts that have something pending which this one may use. */
static int find_sharers(struct lnm_cloud *c, char accounts[SHARERS_MAX][16], const char *account,
                        const char *region) {
    int count = 0;
    sqlite3_stmt *s = lnm_store_query(
        c,
        "SELECT account FROM snapshots WHERE state = 'pending' AND account <> ?1 AND region = ?2"
        " AND id IN (SELECT resource FROM permissions WHERE grantee IN (?1, 'all')) UNION SELECT"
        " account FROM images WHERE state = 'pending' AND account <> ?1 AND region = ?2 AND id IN"
        " (SELECT resource FROM permissions WHERE grantee IN (?1, 'all'))",
        "tt", account, region);
    while (s != NULL && count < SHARERS_MAX && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(accounts[count++], sizeof accounts[0], lnm_store_text(s, 0));
    }
    if (s == NULL) {
        return -1;
    }
    (void)sqlite3_reset(s);
    return count;
}

int lnm_lifecycle_settle(struct lnm_cloud *c, const char *account, const char *region,
                         int64_t now_us) {
    char sharers[SHARERS_MAX][16];
    int count = find_sharers(c, sharers, account, region);
    int error = count < 0 || lnm_key_settle(c, now_us) < 0
                    ? -1
                    : settle_account(c, account, region, now_us);
    for (int i = 0; error == 0 && i < count; i++) {
        error = settle_account(c, sharers[i], region, now_us);
    }
    return error;
}
