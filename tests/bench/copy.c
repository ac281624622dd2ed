/* copy DIR|- GiB: an encrypting copy and one under the same key, inside the local cloud, and what
 * the disk alone does: "encrypting same-key disk", bytes a second, seconds, bytes a second. */
#include "cloud/copier.h"
#include "cloud/holdings.h"
#include "cloud/kms_material.h"
#include "cloud/maps.h"

#include "aws/sigv4_hash.h"
#include "base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ACCOUNT "000000000001"

static void must(bool good, const char *what) {
    if (!good) {
        (void)fprintf(stderr, "copy: %s failed\n", what);
        exit(1);
    }
}

static void begin(struct lnm_cloud *c) {
    lnm_store_enter(c);
    must(lnm_store_exec(c, "BEGIN IMMEDIATE", "") == 0, "begin");
}

static void end(struct lnm_cloud *c) {
    must(lnm_store_exec(c, "COMMIT", "") == 0, "commit");
    lnm_store_leave(c);
}

static struct lnm_cloud_key new_key(struct lnm_cloud *c) {
    struct lnm_cloud_key k = {.state = "Enabled",
                              .usage = "ENCRYPT_DECRYPT",
                              .manager = "CUSTOMER",
                              .spec = "SYMMETRIC_DEFAULT"};
    must(lnm_key_create(c, &k, ACCOUNT, "us-east-1", 1) == 0, "a key");
    return k;
}

static void use(struct lnm_cloud *c, const char *id, int64_t map) {
    must(
        lnm_store_exec(c,
                       "INSERT INTO snapshots(id, account, region, state, map) VALUES(?1, '" ACCOUNT
                       "', 'us-east-1', 'pending', ?2)",
                       "ti", id, map) == 0,
        "a snapshot");
}

static struct lnm_holding make_source(struct lnm_cloud *c, const struct lnm_cloud_key *k,
                                      int64_t blocks, unsigned char *bytes) {
    static struct lnm_data_key key;
    struct lnm_holding h = {.encrypted = true, .key_arn = k->arn, .data_key = "source"};
    unsigned char sum[LNM_BLOCK_SUM];
    for (int64_t i = 0; i < blocks; i++) {
        if (i % 256 == 0) {
            begin(c);
            must(lnm_data_key_make(c, &key, ACCOUNT, h.data_key, k->arn) == 0, "a data key");
        }
        memcpy(bytes, &i, sizeof i);
        lnm_sha256(sum, (struct lnm_str){(const char *)bytes, LNM_BLOCK});
        must(lnm_block_write(c, &h.map, i, &key, bytes, sum) == 0, "a block");
        if (i % 256 == 255 || i == blocks - 1) {
            end(c);
        }
    }
    begin(c);
    use(c, "snap-1", h.map);
    end(c);
    return h;
}

static double copy(struct lnm_cloud *c, const char *id, const struct lnm_holding *from,
                   const struct lnm_cloud_key *k) {
    struct lnm_holding to = {.encrypted = true, .key_arn = k->arn};
    int64_t start = lnm_mono_us();
    begin(c);
    must(lnm_holding_derive(c, ACCOUNT, &to, from) == 0, "a copy");
    use(c, id, to.map);
    end(c);
    for (bool runs = true; runs;) {
        lnm_store_enter(c);
        runs = lnm_copies_run(c);
        lnm_store_leave(c);
        (void)usleep(runs ? 1000 : 0);
    }
    return (double)(lnm_mono_us() - start) / 1e6;
}

/* The same bytes by pwrite to a new file, on the disk at the end. */
static double write_alone(const char *dir, int64_t blocks, const unsigned char *bytes) {
    char path[4200];
    (void)snprintf(path, sizeof path, "%s/alone", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int64_t start = lnm_mono_us();
    for (int64_t i = 0; i < blocks; i++) {
        must(pwrite(fd, bytes, LNM_BLOCK, i * (off_t)LNM_BLOCK) == (ssize_t)LNM_BLOCK, "a write");
    }
    must(fdatasync(fd) == 0, "fdatasync");
    double took = (double)(lnm_mono_us() - start) / 1e6;
    (void)close(fd);
    (void)unlink(path);
    return took;
}

int main(int argc, char **argv) {
    struct lnm_cloud c = {.lock_fd = -1};
    struct lnm_err err;
    must(argc == 3, "usage: copy DIR|- GiB");
    const char *dir = strcmp(argv[1], "-") == 0 ? NULL : argv[1];
    int64_t blocks = strtoll(argv[2], NULL, 10) * 2048;
    unsigned char *bytes = malloc(LNM_BLOCK);
    must(bytes != NULL && lnm_store_open(&c, dir, &err) == 0 &&
             lnm_kms_material_open(&c, dir, &err) == 0 && lnm_blocks_open(&c, dir, &err) == 0,
         "the state");
    lnm_random_bytes(bytes, LNM_BLOCK);
    begin(&c);
    struct lnm_cloud_key one = new_key(&c), two = new_key(&c);
    end(&c);
    struct lnm_holding source = make_source(&c, &one, blocks, bytes);
    double alone = dir != NULL ? write_alone(dir, blocks, bytes) : 0;
    double same = copy(&c, "snap-2", &source, &one), anew = copy(&c, "snap-3", &source, &two);
    double size = (double)blocks * (double)LNM_BLOCK;
    (void)printf("%.0f %.6f %.0f\n", size / anew, same, alone > 0 ? size / alone : 0);
    lnm_blocks_close(&c);
    lnm_store_close(&c);
    free(bytes);
    return 0;
}
