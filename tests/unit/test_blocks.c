/* Blocks, their seals, maps and copies: what is put in comes out, and nothing is kept or lost. */
#include "torture.h"
#include "vectors.h"

#include "cloud/copier.h"
#include "cloud/data_keys.h"
#include "cloud/kms_material.h"
#include "cloud/lifecycle.h"
#include "cloud/maps.h"
#include "cloud/root_key.h"

#include "aws/sigv4_hash.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACCOUNT "000000000001"
#define REGION "us-east-1"

static const struct lnm_data_key plain = {"", {0}};

static void open_cloud(struct lnm_cloud *c, const char *dir) {
    struct lnm_err err;
    memset(c, 0, sizeof *c);
    c->lock_fd = -1;
    assert_int_equal(lnm_store_open(c, dir, &err), 0);
    assert_int_equal(lnm_kms_material_open(c, dir, &err), 0);
    assert_int_equal(lnm_blocks_open(c, dir, &err), 0);
}

static void close_cloud(struct lnm_cloud *c) {
    lnm_blocks_close(c);
    lnm_store_close(c);
    lnm_root_key_close(c->root);
}

static int64_t number(struct lnm_cloud *c, const char *sql) {
    sqlite3_stmt *s = NULL;
    int64_t n = -1;
    lnm_store_enter(c);
    if (sqlite3_prepare_v2(c->db, sql, -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW) {
        n = sqlite3_column_int64(s, 0);
    }
    (void)sqlite3_finalize(s);
    lnm_store_leave(c);
    return n;
}

static void begin(struct lnm_cloud *c) {
    lnm_store_enter(c);
    assert_int_equal(lnm_store_exec(c, "BEGIN IMMEDIATE", ""), 0);
}

static void end(struct lnm_cloud *c, const char *how) {
    assert_int_equal(lnm_store_exec(c, how, ""), 0);
    lnm_store_leave(c);
}

/* A block that shows by every byte which one it is. */
static void fill(unsigned char *bytes, unsigned char sum[LNM_BLOCK_SUM], unsigned n) {
    for (size_t i = 0; i < LNM_BLOCK; i++) {
        bytes[i] = (unsigned char)(n * 31 + i % 251);
    }
    lnm_sha256(sum, (struct lnm_str){(const char *)bytes, LNM_BLOCK});
}

static void put(struct lnm_cloud *c, int64_t *map, int64_t index, const struct lnm_data_key *key,
                unsigned n) {
    unsigned char *bytes = malloc(LNM_BLOCK), sum[LNM_BLOCK_SUM];
    assert_non_null(bytes);
    fill(bytes, sum, n);
    assert_int_equal(lnm_block_write(c, map, index, key, bytes, sum), 0);
    free(bytes);
}

/* What is seen there is block n (0: nothing). */
static void expect(struct lnm_cloud *c, int64_t map, int64_t index, const struct lnm_data_key *key,
                   unsigned n) {
    unsigned char *bytes = malloc(2 * LNM_BLOCK), sum[LNM_BLOCK_SUM], want[LNM_BLOCK_SUM];
    assert_non_null(bytes);
    assert_int_equal(lnm_block_read(c, bytes, sum, map, index, key), n == 0 ? 0 : 1);
    memset(bytes + LNM_BLOCK, 0, LNM_BLOCK);
    if (n != 0) {
        fill(bytes + LNM_BLOCK, want, n);
        assert_memory_equal(sum, want, sizeof sum);
    }
    assert_memory_equal(bytes, bytes + LNM_BLOCK, LNM_BLOCK);
    free(bytes);
}

/* A snapshot that stands for a user of a map. */
static void use(struct lnm_cloud *c, const char *id, int64_t map) {
    assert_int_equal(lnm_store_exec(c,
                                    "INSERT INTO snapshots(id, account, region, state, map)"
                                    " VALUES(?1, '" ACCOUNT "', '" REGION "', 'completed', ?2)",
                                    "ti", id, map),
                     0);
}

static void leave(struct lnm_cloud *c, const char *id, int64_t map) {
    assert_int_equal(lnm_store_exec(c, "DELETE FROM snapshots WHERE id = ?1", "t", id), 0);
    assert_int_equal(lnm_map_left(c, map), 0);
}

/* What the copier's thread does in its own time, done now. */
static void reclaim(struct lnm_cloud *c, int most) {
    int more;
    do {
        begin(c);
        more = lnm_maps_reclaim(c, most);
        end(c, "COMMIT");
        assert_true(more >= 0);
    } while (more > 0);
    lnm_store_enter(c);
    while ((more = lnm_slots_reclaim(c, most)) > 0) {
    }
    lnm_store_leave(c);
    assert_int_equal(more, 0);
}

/* Every slot is in use once, or free once. */
static void expect_blocks(struct lnm_cloud *c, int64_t used) {
    assert_int_equal(number(c, "SELECT count(*) FROM blocks"), used);
    assert_int_equal(number(c, "SELECT next - (SELECT count(*) FROM blocks) - (SELECT count(*) FROM"
                               " spare) - (SELECT count(*) FROM freed) - (SELECT count(*) FROM"
                               " claims) FROM slots"),
                     0);
    assert_int_equal(number(c, "SELECT count(*) FROM (SELECT slot FROM blocks INTERSECT SELECT slot"
                               " FROM (SELECT slot FROM spare UNION SELECT slot FROM freed))"),
                     0);
}

static void test_a_seal_proves_every_bit_the_place_and_the_lineage(void **state) {
    struct lnm_data_key key = {"lineage", {7}}, other = {"lineage", {8}}, foreign = {"other", {7}};
    unsigned char *data = malloc(3 * LNM_BLOCK), sum[32], got[32];
    unsigned char *scratch = data + LNM_BLOCK, *work = scratch + LNM_BLOCK;
    struct lnm_seal seal, again;
    (void)state;
    assert_non_null(data);
    fill(data, sum, 1);
    const unsigned char *stored = lnm_block_seal(&seal, work, &key, 5, data, sum);
    assert_ptr_equal(stored, work);
    memcpy(scratch, work, LNM_BLOCK);
    assert_non_null(lnm_block_seal(&again, work, &key, 5, data, sum));
    assert_memory_not_equal(scratch, work, LNM_BLOCK); /* a nonce for every write */
    memcpy(work, scratch, LNM_BLOCK);
    assert_int_equal(lnm_block_open(work, got, &key, 5, &seal), 0);
    assert_memory_equal(work, data, LNM_BLOCK);
    assert_memory_equal(got, sum, sizeof sum);
    assert_int_equal(lnm_block_sum(got, &key, 5, &seal), 0);
    assert_memory_equal(got, sum, sizeof sum);
#define REFUSED(k, index, s)                                                                       \
    memcpy(work, scratch, LNM_BLOCK);                                                              \
    assert_int_equal(lnm_block_open(work, got, k, index, s), LNM_EPARSE);                          \
    assert_int_equal(work[0], 0)
    REFUSED(&key, 6, &seal);
    REFUSED(&other, 5, &seal);
    REFUSED(&foreign, 5, &seal);
    REFUSED(&key, 5, &again);
    for (size_t bit = 0; bit < LNM_BLOCK * 8; bit += 262147) {
        scratch[bit / 8] ^= (unsigned char)(1 << bit % 8);
        REFUSED(&key, 5, &seal);
        scratch[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < LNM_SEAL_MAX * 8; bit += (size_t)torture_step()) {
        seal.bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        REFUSED(&key, 5, &seal);
        seal.bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    free(data);
}

static void test_a_plain_block_is_proved_by_its_sum(void **state) {
    unsigned char *data = malloc(LNM_BLOCK), sum[32], got[32];
    struct lnm_seal seal;
    (void)state;
    assert_non_null(data);
    fill(data, sum, 2);
    assert_ptr_equal(lnm_block_seal(&seal, NULL, &plain, 0, data, sum), data);
    assert_int_equal(lnm_block_open(data, got, &plain, 0, &seal), 0);
    data[77] ^= 4;
    assert_int_equal(lnm_block_open(data, got, &plain, 0, &seal), LNM_EPARSE);
    assert_int_equal(data[76], 0);
    free(data);
}

static void test_maps_share_until_they_are_written_to(void **state) {
    struct lnm_cloud c;
    int64_t one = 0, two;
    (void)state;
    open_cloud(&c, NULL);
    begin(&c);
    put(&c, &one, 0, &plain, 1);
    use(&c, "snap-1", one);
    put(&c, &one, 9, &plain, 2);
    two = one;
    use(&c, "snap-2", two);
    put(&c, &two, 9, &plain, 3);
    assert_int_not_equal(one, two);
    assert_int_equal(
        lnm_store_exec(&c, "UPDATE snapshots SET map = ?1 WHERE id = 'snap-2'", "i", two), 0);
    put(&c, &two, 10, &plain, 4);
    put(&c, &two, 10, &plain, 5); /* over its own */
    end(&c, "COMMIT");
    lnm_store_enter(&c);
    expect(&c, one, 0, &plain, 1);
    expect(&c, one, 9, &plain, 2);
    expect(&c, one, 10, &plain, 0);
    expect(&c, two, 0, &plain, 1);
    expect(&c, two, 9, &plain, 3);
    expect(&c, two, 10, &plain, 5);
    assert_int_equal(lnm_map_full(&c, one), 2);
    assert_int_equal(lnm_map_full(&c, two), 3);
    assert_int_equal(lnm_map_related(&c, one, two), 1);
    assert_int_equal(lnm_map_common(&c, one, two), one);
    lnm_store_leave(&c);
    reclaim(&c, 100);
    expect_blocks(&c, 4);
    close_cloud(&c);
}

static void test_a_cursor_merges_layers(void **state) {
    static const int64_t indexes[] = {1, 3, 4, 90, 7000000};
    static const unsigned contents[] = {1, 5, 6, 3, 7};
    struct lnm_cloud c;
    struct lnm_map_cursor m;
    int64_t low = 0, high;
    (void)state;
    open_cloud(&c, NULL);
    begin(&c);
    put(&c, &low, 1, &plain, 1);
    put(&c, &low, 3, &plain, 2);
    put(&c, &low, 90, &plain, 3);
    use(&c, "snap-1", low);
    use(&c, "snap-2", high = low);
    put(&c, &high, 3, &plain, 5);
    put(&c, &high, 4, &plain, 6);
    put(&c, &high, 7000000, &plain, 7);
    assert_int_equal(lnm_map_open(&m, &c, high, 0, 0), 0);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(lnm_map_next(&m), 1);
        assert_int_equal(m.block.index, indexes[i]);
        expect(&c, high, m.block.index, &plain, contents[i]);
    }
    assert_int_equal(lnm_map_next(&m), 0);
    lnm_map_close(&m);
    assert_int_equal(lnm_map_open(&m, &c, high, low, 4), 0); /* what the upper layer has */
    assert_int_equal(lnm_map_next(&m), 1);
    assert_int_equal(m.block.index, 4);
    assert_int_equal(lnm_map_next(&m), 1);
    assert_int_equal(m.block.index, 7000000);
    assert_int_equal(lnm_map_next(&m), 0);
    lnm_map_close(&m);
    end(&c, "ROLLBACK");
    close_cloud(&c);
}

/* Random volumes and snapshots against a model: each shows what it should at every moment, and when
 * all is reclaimed just what somebody sees is stored. */
#define THINGS 6
#define PLACES 5

struct thing {
    char id[16];
    int64_t map;
    unsigned shows[PLACES];
    bool lives;
};

static void load_map(struct lnm_cloud *c, struct thing *t) {
    sqlite3_stmt *s = lnm_store_query(c, "SELECT map FROM snapshots WHERE id = ?1", "t", t->id);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    t->map = lnm_store_int(s, 0);
    (void)sqlite3_reset(s);
}

static void step(struct lnm_cloud *c, struct thing *things, unsigned n, unsigned *random) {
    unsigned dice = *random = *random * 1103515245U + 12345U;
    struct thing *t = &things[(dice >> 16) % THINGS], *from = &things[(dice >> 12) % THINGS];
    if (!t->lives) { /* a new one, of nothing or of another */
        int64_t map = 0;
        memset(t->shows, 0, sizeof t->shows);
        if (from->lives) {
            load_map(c, from);
            map = from->map;
            memcpy(t->shows, from->shows, sizeof t->shows);
        }
        t->lives = true;
        use(c, t->id, map);
    } else if ((dice >> 20) % 4 == 0) {
        load_map(c, t);
        t->lives = false;
        leave(c, t->id, t->map);
    } else {
        int64_t place = (dice >> 22) % PLACES;
        load_map(c, t);
        put(c, &t->map, place, &plain, n);
        t->shows[place] = n;
        assert_int_equal(
            lnm_store_exec(c, "UPDATE snapshots SET map = ?2 WHERE id = ?1", "ti", t->id, t->map),
            0);
    }
}

static int64_t count_seen(const struct thing *things) {
    unsigned seen[THINGS * PLACES];
    int64_t count = 0;
    for (int t = 0; t < THINGS; t++) {
        for (int p = 0; p < PLACES; p++) {
            unsigned n = things[t].lives ? things[t].shows[p] : 0;
            bool known = n == 0;
            for (int64_t i = 0; i < count; i++) {
                known = known || seen[i] == n;
            }
            if (!known) {
                seen[count++] = n;
            }
        }
    }
    return count;
}

static void check_things(struct lnm_cloud *c, struct thing *things) {
    lnm_store_enter(c);
    for (int t = 0; t < THINGS; t++) {
        int64_t full = 0;
        for (int p = 0; things[t].lives && p < PLACES; p++) {
            load_map(c, &things[t]);
            expect(c, things[t].map, p, &plain, things[t].shows[p]);
            full += things[t].shows[p] != 0;
        }
        if (things[t].lives) {
            assert_int_equal(lnm_map_full(c, things[t].map), full);
        }
    }
    lnm_store_leave(c);
}

static void test_what_is_seen_is_what_is_stored(void **state) {
    struct lnm_cloud c;
    struct thing things[THINGS] = {0};
    unsigned random = 20261124, rounds = torture_step() > 1 ? 60 : 240;
    (void)state;
    open_cloud(&c, NULL);
    for (int i = 0; i < THINGS; i++) {
        (void)snprintf(things[i].id, sizeof things[i].id, "snap-%d", i);
    }
    for (unsigned n = 1; n <= rounds; n++) {
        begin(&c);
        step(&c, things, n, &random);
        end(&c, "COMMIT");
        if (n % 3 == 0) {
            begin(&c);
            (void)lnm_maps_reclaim(&c, 1); /* between slices everything is as before */
            end(&c, "COMMIT");
        }
        if (n % 12 == 0) {
            check_things(&c, things);
            reclaim(&c, 2);
            check_things(&c, things);
            expect_blocks(&c, count_seen(things));
        }
    }
    assert_true(number(&c, "SELECT next FROM slots") < 120); /* slots are used again */
    close_cloud(&c);
}

static void test_a_freed_slot_waits_for_its_commit(void **state) {
    struct lnm_cloud c;
    int64_t map = 0;
    (void)state;
    open_cloud(&c, NULL);
    begin(&c);
    put(&c, &map, 0, &plain, 1);
    use(&c, "snap-1", map);
    end(&c, "COMMIT");
    begin(&c);
    put(&c, &map, 0, &plain, 2);
    put(&c, &map, 1, &plain, 3); /* not where block 1 was: that may come back */
    end(&c, "ROLLBACK");
    lnm_store_enter(&c);
    expect(&c, map, 0, &plain, 1);
    lnm_store_leave(&c);
    expect_blocks(&c, 1);
    close_cloud(&c);
}

static struct lnm_cloud_key new_key(struct lnm_cloud *c) {
    struct lnm_cloud_key k = {.state = "Enabled",
                              .usage = "ENCRYPT_DECRYPT",
                              .manager = "CUSTOMER",
                              .spec = "SYMMETRIC_DEFAULT"};
    assert_int_equal(lnm_key_create(c, &k, ACCOUNT, REGION, 1), 0);
    return k;
}

static void set_key_state(struct lnm_cloud *c, const struct lnm_cloud_key *k, const char *state) {
    assert_int_equal(
        lnm_store_exec(c, "UPDATE keys SET state = ?2 WHERE id = ?1", "tt", k->id, state), 0);
}

static void test_a_data_key_needs_its_kms_key(void **state) {
    struct lnm_cloud c;
    struct lnm_data_key key, again;
    (void)state;
    open_cloud(&c, NULL);
    begin(&c);
    struct lnm_cloud_key k = new_key(&c);
    assert_int_equal(lnm_data_key_open(&c, &key, ACCOUNT, "one"), LNM_ENOTFOUND);
    assert_int_equal(lnm_data_key_make(&c, &key, ACCOUNT, "one", k.arn), 0);
    assert_int_equal(lnm_data_key_open(&c, &again, ACCOUNT, "one"), 0);
    assert_memory_equal(&key, &again, sizeof key);
    assert_int_equal(lnm_data_key_make(&c, &again, ACCOUNT, "one", k.arn), 0); /* it is there */
    assert_memory_equal(&key, &again, sizeof key);
    assert_int_equal(lnm_data_key_open(&c, &again, "000000000002", "one"), LNM_ECREDS);
    set_key_state(&c, &k, "Disabled");
    assert_int_equal(lnm_data_key_open(&c, &again, ACCOUNT, "one"), LNM_EFAILED);
    assert_int_equal(lnm_data_key_make(&c, &again, ACCOUNT, "two", k.arn), LNM_EFAILED);
    end(&c, "COMMIT");
    close_cloud(&c);
}

static void test_a_key_ring_holds_what_is_attached(void **state) {
    struct lnm_key_ring *ring = lnm_key_ring_new();
    struct lnm_data_key key = {"lineage", {7}}, got;
    char volume[32];
    (void)state;
    assert_non_null(ring);
    for (int i = 0; i < 20; i++) {
        (void)snprintf(volume, sizeof volume, "vol-%d", i);
        key.bytes[0] = (unsigned char)i;
        assert_int_equal(lnm_key_ring_put(ring, volume, &key), 0);
    }
    lnm_key_ring_drop(ring, "vol-3");
    assert_false(lnm_key_ring_get(ring, "vol-3", &got));
    assert_true(lnm_key_ring_get(ring, "vol-19", &got));
    assert_int_equal(got.bytes[0], 19);
    assert_int_equal(lnm_key_ring_put(ring, "vol-19", &key), 0);
    lnm_key_ring_drop(ring, "vol-19");
    assert_false(lnm_key_ring_get(ring, "vol-19", &got));
    lnm_key_ring_free(ring);
    lnm_key_ring_free(NULL);
}

/* The copier's thread works by itself: wait until there is nothing left to do. */
static void wait_until_idle(struct lnm_cloud *c) {
    for (int i = 0; i < 2000 && number(c, "SELECT (SELECT count(*) FROM copies) + (SELECT count(*)"
                                          " FROM litter) + (SELECT count(*) FROM freed)") > 0;
         i++) {
        (void)usleep(5000);
    }
    assert_int_equal(number(c, "SELECT count(*) FROM copies"), 0);
}

/* A map of `count` blocks in two layers. */
static int64_t make_source(struct lnm_cloud *c, const struct lnm_data_key *key, int count) {
    int64_t map = 0;
    for (int i = 0; i < count; i++) {
        put(c, &map, 3 * i, key, (unsigned)i + 1);
        if (i == count / 2) {
            use(c, "snap-half", map);
            use(c, "snap-source", map);
        }
    }
    assert_int_equal(
        lnm_store_exec(c, "UPDATE snapshots SET map = ?1 WHERE id = 'snap-source'", "i", map), 0);
    return map;
}

static void copy_of(struct lnm_cloud *c, int count) {
    struct lnm_data_key from, to;
    begin(c);
    struct lnm_cloud_key one = new_key(c), two = new_key(c);
    assert_int_equal(lnm_data_key_make(c, &from, ACCOUNT, "from", one.arn), 0);
    assert_int_equal(lnm_data_key_make(c, &to, ACCOUNT, "to", two.arn), 0);
    int64_t source = make_source(c, &from, count), target = lnm_map_new(c, 0, "to");
    use(c, "snap-target", target);
    assert_int_equal(lnm_store_exec(c,
                                    "UPDATE snapshots SET state = 'pending' WHERE id ="
                                    " 'snap-target'",
                                    ""),
                     0);
    assert_int_equal(lnm_copy_begin(c, ACCOUNT, source, target), 0);
    assert_int_equal(lnm_copy_runs(c, target), count > 32);
    end(c, "COMMIT");
    wait_until_idle(c);
    begin(c);
    for (int i = 0; i < count; i++) {
        expect(c, target, 3 * i, &to, (unsigned)i + 1);
        expect(c, target, 3 * i + 1, &to, 0);
    }
    assert_int_equal(lnm_map_full(c, target), count);
    leave(c, "snap-source", source);
    end(c, "COMMIT");
}

static void test_a_small_copy_is_done_at_once(void **state) {
    struct lnm_cloud c;
    (void)state;
    open_cloud(&c, NULL);
    copy_of(&c, 7);
    close_cloud(&c);
}

static void test_a_copy_is_made_by_the_thread(void **state) {
    struct lnm_cloud c;
    (void)state;
    open_cloud(&c, NULL);
    copy_of(&c, 150);
    assert_true(number(&c, "SELECT due FROM snapshots WHERE id = 'snap-target'") > 0);
    close_cloud(&c);
}

static void test_a_copy_ends_with_its_key(void **state) {
    struct lnm_cloud c;
    struct lnm_data_key from, to;
    (void)state;
    open_cloud(&c, NULL);
    begin(&c);
    struct lnm_cloud_key one = new_key(&c), two = new_key(&c);
    assert_int_equal(lnm_data_key_make(&c, &from, ACCOUNT, "from", one.arn), 0);
    assert_int_equal(lnm_data_key_make(&c, &to, ACCOUNT, "to", two.arn), 0);
    int64_t source = make_source(&c, &from, 80), target = lnm_map_new(&c, 0, "to");
    use(&c, "snap-target", target);
    assert_int_equal(lnm_store_exec(&c,
                                    "UPDATE snapshots SET state = 'pending' WHERE id ="
                                    " 'snap-target'",
                                    ""),
                     0);
    assert_int_equal(lnm_copy_begin(&c, ACCOUNT, source, target), 0);
    set_key_state(&c, &one, "Disabled"); /* before the thread takes it up */
    end(&c, "COMMIT");
    wait_until_idle(&c);
    assert_int_equal(number(&c, "SELECT doomed FROM snapshots WHERE id = 'snap-target'"), 1);
    begin(&c);
    assert_int_equal(lnm_copy_begin(&c, ACCOUNT, source, target), LNM_EFAILED);
    end(&c, "ROLLBACK");
    close_cloud(&c);
}

static void test_a_damaged_block_is_not_copied(void **state) {
    struct lnm_cloud c;
    int64_t source = 0;
    struct lnm_block b;
    unsigned char bytes = 1;
    (void)state;
    open_cloud(&c, NULL);
    begin(&c);
    put(&c, &source, 0, &plain, 1);
    put(&c, &source, 1, &plain, 2);
    use(&c, "snap-source", source);
    assert_int_equal(lnm_map_find(&c, &b, source, 1), 1);
    assert_int_equal(pwrite(c.blocks->fd, &bytes, 1, b.slot * (off_t)LNM_BLOCK + 1000), 1);
    int64_t target = lnm_map_new(&c, 0, "");
    use(&c, "snap-target", target);
    assert_int_equal(lnm_copy_begin(&c, ACCOUNT, source, target), LNM_EFAILED);
    end(&c, "COMMIT");
    wait_until_idle(&c);
    expect_blocks(&c, 2);
    close_cloud(&c);
}

static void test_an_upload_that_is_left_alone_is_given_up(void **state) {
    struct lnm_cloud c;
    int64_t map = 0;
    (void)state;
    open_cloud(&c, NULL);
    begin(&c);
    put(&c, &map, 0, &plain, 1);
    use(&c, "snap-1", map);
    assert_int_equal(lnm_store_exec(&c,
                                    "UPDATE snapshots SET state = 'pending', timeout = 10, due ="
                                    " 1000",
                                    ""),
                     0);
    assert_int_equal(lnm_lifecycle_settle(&c, 999), 0);
    end(&c, "COMMIT");
    assert_int_equal(number(&c, "SELECT state = 'pending' FROM snapshots"), 1);
    begin(&c);
    assert_int_equal(c.due_us, 1000);
    assert_true(c.work_us > 1000); /* nobody waits for that */
    assert_int_equal(lnm_lifecycle_settle(&c, 1000), 0);
    end(&c, "COMMIT");
    assert_int_equal(
        number(&c, "SELECT state = 'error' AND map IS NULL AND message IS NOT NULL FROM snapshots"),
        1);
    wait_until_idle(&c);
    expect_blocks(&c, 0);
    close_cloud(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_seal_proves_every_bit_the_place_and_the_lineage),
        cmocka_unit_test(test_a_plain_block_is_proved_by_its_sum),
        cmocka_unit_test(test_maps_share_until_they_are_written_to),
        cmocka_unit_test(test_a_cursor_merges_layers),
        cmocka_unit_test(test_what_is_seen_is_what_is_stored),
        cmocka_unit_test(test_a_freed_slot_waits_for_its_commit),
        cmocka_unit_test(test_a_data_key_needs_its_kms_key),
        cmocka_unit_test(test_a_key_ring_holds_what_is_attached),
        cmocka_unit_test(test_a_small_copy_is_done_at_once),
        cmocka_unit_test(test_a_copy_is_made_by_the_thread),
        cmocka_unit_test(test_a_copy_ends_with_its_key),
        cmocka_unit_test(test_a_damaged_block_is_not_copied),
        cmocka_unit_test(test_an_upload_that_is_left_alone_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
