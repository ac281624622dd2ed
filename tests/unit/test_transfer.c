/* Uploads and downloads against a server of blocks that misbehaves as each test says. */
#include "stub.h"

#include "aws/sigv4_hash.h"
#include "base/clock.h"
#include "base/text.h"
#include "client/disk.h"
#include "client/journal.h"
#include "client/transfer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#define BLOCKS 2048 /* of a volume of 1 GiB */
#define GIB (INT64_C(1) << 30)

/* ---- the service --------------------------------------------------------------------------------
 */
enum fault { NONE, THROTTLED, BROKEN, DENIED, SHORT, DAMAGED, MISTOLD };

struct snapshot {
    char *blocks[BLOCKS];
};

struct service {
    struct snapshot written, parent, stored; /* snap-1, snap-2, snap-3 */
    int puts, gets, lists;
    int in_page; /* blocks on a page of a list */
    bool disorder;
    enum fault fault;
    int from, times; /* the fault hits requests for blocks from the from-th on, times times */
    struct stub stub;
    struct lnm_loop *loop;
    struct lnm_session *session;
    char folder[64], file[100], journal[100];
    bool done;
};

static void digest_text(char out[48], const char *bytes, size_t len) {
    unsigned char digest[32];
    struct lnm_buf b = {0};
    lnm_sha256(digest, (struct lnm_str){bytes, len});
    lnm_text_base64(&b, digest, 32);
    (void)snprintf(out, 48, "%s", b.ptr);
    lnm_buf_free(&b);
}

static int refuse(struct stub *s, int status, const char *code, struct lnm_buf *out) {
    stub_set(s, "x-amzn-ErrorType", code);
    lnm_buf_addz(out, "{\"Message\":\"said by the test\",\"Reason\":\"A_REASON\"}");
    return status;
}

static enum fault fault_now(struct service *v) {
    int n = v->puts + v->gets;
    return v->fault != NONE && n > v->from && n <= v->from + v->times ? v->fault : NONE;
}

static int put(struct service *v, struct stub *s, const char *body, int block,
               struct lnm_buf *out) {
    char digest[48];
    v->puts++;
    switch (fault_now(v)) {
    case THROTTLED:
        return refuse(s, 400, "RequestThrottledException", out);
    case BROKEN:
        return refuse(s, 500, "InternalServerException", out);
    case DENIED:
        return refuse(s, 403, "AccessDeniedException", out);
    default:
        break;
    }
    digest_text(digest, body, s->body_len);
    assert_int_equal(s->body_len, LNM_BLOCK_BYTES);
    assert_string_equal(stub_header(s, "x-amz-Checksum"), digest);
    assert_string_equal(stub_header(s, "x-amz-Data-Length"), "524288");
    assert_non_null(strstr(stub_header(s, "Authorization"), "/us-east-1/ebs/aws4_request"));
    free(v->written.blocks[block]);
    v->written.blocks[block] = malloc(LNM_BLOCK_BYTES);
    memcpy(v->written.blocks[block], body, LNM_BLOCK_BYTES);
    stub_set(s, "x-amz-Checksum", fault_now(v) == MISTOLD ? "AAAA" : digest);
    return 201;
}

static int get(struct service *v, struct stub *s, const struct snapshot *snapshot, int block,
               struct lnm_buf *out) {
    char digest[48];
    v->gets++;
    const char *bytes = snapshot->blocks[block];
    assert_non_null(bytes);
    digest_text(digest, bytes, LNM_BLOCK_BYTES);
    switch (fault_now(v)) {
    case THROTTLED:
        return refuse(s, 400, "RequestThrottledException", out);
    case DENIED:
        return refuse(s, 403, "AccessDeniedException", out);
    case SHORT:
        lnm_buf_add(out, bytes, 1000);
        break;
    case MISTOLD:
        digest[0] = digest[0] == 'A' ? 'B' : 'A';
        lnm_buf_add(out, bytes, LNM_BLOCK_BYTES);
        break;
    case DAMAGED:
        lnm_buf_add(out, bytes, LNM_BLOCK_BYTES);
        out->ptr[77] ^= 1;
        break;
    default:
        lnm_buf_add(out, bytes, LNM_BLOCK_BYTES);
        break;
    }
    stub_set(s, "x-amz-Checksum", digest);
    stub_set(s, "x-amz-Data-Length", "524288");
    return 200;
}

static int list(struct service *v, struct stub *s, const struct snapshot *snapshot,
                struct lnm_buf *out) {
    const char *token =
        MHD_lookup_connection_value(s->connection, MHD_GET_ARGUMENT_KIND, "pageToken");
    int from = token != NULL ? atoi(token) : 0, n = 0;
    v->lists++;
    lnm_buf_addz(out, "{\"BlockSize\":524288,\"VolumeSize\":1,\"Blocks\":[");
    for (; from < BLOCKS && n < v->in_page; from++) {
        if (snapshot->blocks[from] != NULL) {
            lnm_buf_addf(out, "%s{\"BlockIndex\":%d,\"BlockToken\":\"T%d\"}", n > 0 ? "," : "",
                         v->disorder ? BLOCKS - from : from, from);
            n++;
        }
    }
    lnm_buf_addc(out, ']');
    if (from < BLOCKS) {
        lnm_buf_addf(out, ",\"NextToken\":\"%d\"", from);
    }
    lnm_buf_addc(out, '}');
    return 200;
}

static int answer(struct stub *s, const char *body, struct lnm_buf *out) {
    struct service *v = s->arg;
    int snapshot = 0, block = -1;
    int parts = sscanf(s->path, "/snapshots/snap-%d/blocks/%d", &snapshot, &block);
    struct snapshot *of = snapshot == 1 ? &v->written : snapshot == 2 ? &v->parent : &v->stored;
    assert_true(parts >= 1);
    if (parts == 1) {
        return list(v, s, of, out);
    }
    return strcmp(s->method, "PUT") == 0 ? put(v, s, body, block, out) : get(v, s, of, block, out);
}

/* ---- a fixture
 * -----------------------------------------------------------------------------------
 */
static int64_t began;

static int64_t real_us(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Pauses before another attempt pass a thousand times as fast. */
static int64_t fast_mono(void *arg) {
    (void)arg;
    return (real_us() - began) * 1000;
}

static int64_t wall(void *arg) {
    (void)arg;
    return INT64_C(1795500000000000);
}

static int setup(void **state) {
    static const struct lnm_clock clock = {wall, fast_mono, NULL};
    struct service *v = calloc(1, sizeof *v);
    struct lnm_err err;
    assert_non_null(v);
    began = real_us();
    lnm_clock_set(&clock);
    (void)setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    (void)setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    (void)snprintf(v->folder, sizeof v->folder, "/tmp/lunami-test-XXXXXX");
    assert_non_null(mkdtemp(v->folder));
    (void)snprintf(v->file, sizeof v->file, "%s/disk.raw", v->folder);
    (void)snprintf(v->journal, sizeof v->journal, "%s/disk.raw.journal", v->folder);
    v->in_page = 3;
    stub_start(&v->stub, answer, v);
    assert_int_equal(lnm_loop_new(&v->loop, &err), 0);
    struct lnm_session_options o = {.region = "us-east-1",
                                    .endpoint_url = v->stub.url,
                                    .access_key_id = "AKIDEXAMPLE",
                                    .secret_access_key = "secret"};
    assert_int_equal(lnm_session_new(&v->session, v->loop, &o, &err), 0);
    *state = v;
    return 0;
}

static int teardown(void **state) {
    struct service *v = *state;
    char command[200];
    lnm_session_unref(v->session);
    lnm_loop_free(v->loop);
    stub_stop(&v->stub);
    lnm_clock_set(NULL);
    for (int i = 0; i < BLOCKS; i++) {
        free(v->written.blocks[i]);
        free(v->parent.blocks[i]);
        free(v->stored.blocks[i]);
    }
    (void)snprintf(command, sizeof command, "rm -r %s", v->folder);
    assert_int_equal(system(command), 0); /* NOLINT */
    free(v);
    return 0;
}

/* Bytes that tell which block they are of, and which edition. */
static void fill(char *to, int block, int edition) {
    for (size_t i = 0; i < LNM_BLOCK_BYTES; i += 8) {
        uint64_t word = (uint64_t)block * 0x9e3779b97f4a7c15u + (uint64_t)edition + i;
        memcpy(to + i, &word, 8);
    }
}

static void give(struct snapshot *s, int block, int edition) {
    s->blocks[block] = calloc(1, LNM_BLOCK_BYTES);
    if (edition > 0) {
        fill(s->blocks[block], block, edition);
    }
}

/* Write one block into the file. */
static void write_block(const struct service *v, int block, int edition) {
    char *bytes = calloc(1, LNM_BLOCK_BYTES);
    int fd = open(v->file, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    if (edition > 0) {
        fill(bytes, block, edition);
    }
    assert_int_equal(pwrite(fd, bytes, LNM_BLOCK_BYTES, (off_t)block * LNM_BLOCK_BYTES),
                     LNM_BLOCK_BYTES);
    assert_int_equal(close(fd), 0);
    free(bytes);
}

static void set_length(const struct service *v, int64_t bytes) {
    int fd = open(v->file, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, bytes), 0);
    assert_int_equal(close(fd), 0);
}

static void on_done(void *arg, struct lnm_transfer *t) {
    struct service *v = arg;
    (void)t;
    v->done = true;
}

static struct lnm_transfer_options options_of(const struct service *v, const char *snapshot) {
    return (struct lnm_transfer_options){.file = v->file,
                                         .snapshot_id = snapshot,
                                         .journal = v->journal,
                                         .name = "a name",
                                         .parallel = 4};
}

/* Steps until it is done, or until so many blocks are over. */
static void steps(struct service *v, struct lnm_transfer *t, int blocks) {
    struct lnm_err err;
    struct lnm_transfer_progress p = {0};
    int64_t end = real_us() + INT64_C(60000000);
    while (!v->done && p.blocks < blocks) {
        assert_true(real_us() < end);
        assert_true(lnm_loop_step(v->loop, 1, &err) >= 0);
        lnm_transfer_progress(&p, t);
    }
}

static int finish(struct service *v, struct lnm_transfer *t, struct lnm_transfer_progress *p,
                  struct lnm_err *err) {
    steps(v, t, BLOCKS + 1);
    int result = lnm_transfer_result(t, err);
    lnm_transfer_progress(p, t);
    lnm_transfer_free(t);
    v->done = false;
    return result;
}

static int upload(struct service *v, const char *parent, struct lnm_transfer_progress *p,
                  struct lnm_err *err) {
    struct lnm_transfer *t;
    struct lnm_transfer_options o = options_of(v, "snap-1");
    o.parent_id = parent;
    int error = lnm_upload_start(&t, v->session, &o, on_done, v, err);
    return error < 0 ? error : finish(v, t, p, err);
}

static int download(struct service *v, struct lnm_transfer_progress *p, struct lnm_err *err) {
    struct lnm_transfer *t;
    struct lnm_transfer_options o = options_of(v, "snap-3");
    int error = lnm_download_start(&t, v->session, &o, on_done, v, err);
    return error < 0 ? error : finish(v, t, p, err);
}

static bool is_there(const char *path) {
    struct stat st;
    return stat(path, &st) == 0;
}

static int64_t held(const char *path) {
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return (int64_t)st.st_blocks * 512;
}

static void check_written(const struct service *v, int block, int edition) {
    char *wanted = calloc(1, LNM_BLOCK_BYTES);
    if (edition > 0) {
        fill(wanted, block, edition);
    }
    assert_non_null(v->written.blocks[block]);
    assert_memory_equal(v->written.blocks[block], wanted, LNM_BLOCK_BYTES);
    free(wanted);
}

/* The linear checksum of what was written, made in another way. */
static void check_sum(const struct service *v, const struct lnm_transfer_progress *p) {
    struct lnm_buf digests = {0};
    char text[48];
    for (int i = 0; i < BLOCKS; i++) {
        if (v->written.blocks[i] != NULL) {
            unsigned char digest[32];
            lnm_sha256(digest, (struct lnm_str){v->written.blocks[i], LNM_BLOCK_BYTES});
            lnm_buf_add(&digests, digest, 32);
        }
    }
    digest_text(text, lnm_buf_str(&digests).ptr, digests.len);
    assert_string_equal(p->checksum, text);
    lnm_buf_free(&digests);
}

/* Requests after a transfer was cut off: the server may see late ones of the first, too. */
static void check_fresh(int requests, int64_t wanted) {
    assert_in_range(requests, wanted, wanted + 4);
}

/* ---- uploads
 * -------------------------------------------------------------------------------------
 */
static void test_upload(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    write_block(v, 0, 1);
    write_block(v, 5, 0); /* zeros that are data */
    for (int i = 100; i < 120; i++) {
        write_block(v, i, 1);
    }
    set_length(v, 1000 * (int64_t)LNM_BLOCK_BYTES + 77);
    assert_int_equal(upload(v, NULL, &p, &err), 0);
    assert_int_equal(v->puts, 21);
    assert_int_equal(p.blocks, 21);
    assert_int_equal(p.resumed, 0);
    check_written(v, 0, 1);
    check_written(v, 119, 1);
    assert_null(v->written.blocks[5]);
    check_sum(v, &p);
    assert_int_equal(upload(v, NULL, &p, &err), 0); /* before it was completed */
    assert_int_equal(v->puts, 21);
    assert_int_equal(p.resumed, 21);
    check_sum(v, &p);
}

/* What lacks of the last block is zeros. */
static void test_odd_size(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    static char zeros[LNM_BLOCK_BYTES];
    write_block(v, 0, 1);
    set_length(v, 1001);
    assert_int_equal(upload(v, NULL, &p, &err), 0);
    assert_int_equal(v->puts, 1);
    char *got = v->written.blocks[0];
    assert_memory_equal(got + 1001, zeros, LNM_BLOCK_BYTES - 1001);
    assert_int_not_equal(got[1000], 0);
}

static void test_files_that_are_none(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    assert_int_equal(upload(v, NULL, &p, &err), LNM_EIO);
    assert_non_null(strstr(err.message, "disk.raw: No such file or directory"));
    set_length(v, 0);
    assert_int_equal(upload(v, NULL, &p, &err), LNM_EIO);
    assert_non_null(strstr(err.message, "disk.raw is empty"));
    struct lnm_transfer *t;
    struct lnm_transfer_options o = options_of(v, "snap-1");
    o.file = v->folder;
    assert_int_equal(lnm_upload_start(&t, v->session, &o, on_done, v, &err), LNM_EIO);
    assert_non_null(strstr(err.message, "is no file"));
    assert_int_equal(v->puts, 0);
}

/* Over a parent only what differs goes, and zeros where it had something else. */
static void test_parent(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    for (int i = 0; i < 40; i++) {
        write_block(v, i, i % 10 == 3 ? 2 : 1);
        give(&v->parent, i, 1);
    }
    write_block(v, 50, 1);   /* new */
    give(&v->parent, 60, 1); /* a hole now */
    write_block(v, 61, 0);   /* zeros now */
    give(&v->parent, 61, 1);
    give(&v->parent, 62, 0);   /* zeros in both */
    give(&v->parent, 2000, 1); /* past the file's end */
    assert_int_equal(upload(v, "snap-2", &p, &err), 0);
    assert_int_equal(v->gets, 44);
    assert_int_equal(v->puts, 8);
    assert_int_equal(p.blocks, 8);
    check_written(v, 3, 2);
    check_written(v, 33, 2);
    check_written(v, 50, 1);
    check_written(v, 60, 0);
    check_written(v, 61, 0);
    check_written(v, 2000, 0);
    assert_null(v->written.blocks[62]);
    check_sum(v, &p);
}

static void test_weather(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    static const enum fault faults[] = {THROTTLED, BROKEN, MISTOLD};
    for (int i = 0; i < 20; i++) {
        write_block(v, i, 1);
    }
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        v->puts = 0;
        v->fault = faults[i];
        v->from = 5;
        v->times = 9;
        assert_int_equal(upload(v, NULL, &p, &err), 0);
        assert_int_equal(p.blocks, 20);
        assert_int_equal(v->puts, 29);
        check_sum(v, &p);
        assert_int_equal(unlink(v->journal), 0);
    }
}

/* What no repeating mends ends the transfer; started again it goes on where it stopped. */
static void test_upload_goes_on(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    for (int i = 0; i < 20; i++) {
        write_block(v, i, 1);
    }
    v->fault = DENIED;
    v->from = 8;
    v->times = 1000;
    assert_int_equal(upload(v, NULL, &p, &err), LNM_ESERVICE);
    assert_string_equal(err.name, "AccessDeniedException");
    assert_string_equal(err.operation, "PutSnapshotBlock");
    assert_string_equal(err.message, "said by the test (A_REASON)");
    assert_true(is_there(v->journal));
    v->fault = NONE;
    v->puts = 0;
    assert_int_equal(upload(v, NULL, &p, &err), 0);
    assert_true(p.resumed >= 4); /* of the eight some were not answered yet */
    check_fresh(v->puts, 20 - p.resumed);
    assert_int_equal(p.blocks, 20);
    check_sum(v, &p);
}

static void test_cancelled(void **state) {
    struct service *v = *state;
    struct lnm_transfer *t;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    struct lnm_transfer_options o = options_of(v, "snap-1");
    for (int i = 0; i < 60; i++) {
        write_block(v, i, 1);
    }
    assert_int_equal(lnm_upload_start(&t, v->session, &o, on_done, v, &err), 0);
    steps(v, t, 20);
    assert_false(v->done);
    struct lnm_transfer *second;
    assert_int_equal(lnm_upload_start(&second, v->session, &o, on_done, v, &err), LNM_EIO);
    assert_string_equal(err.name, "InUse");
    lnm_transfer_free(t);
    assert_int_equal(lnm_loop_pending(v->loop), 0);
    v->puts = 0;
    assert_int_equal(upload(v, NULL, &p, &err), 0);
    assert_true(p.resumed >= 16);
    check_fresh(v->puts, 60 - p.resumed);
    check_sum(v, &p);
}

/* A transfer of another name takes nothing over. */
static void test_another_name(void **state) {
    struct service *v = *state;
    struct lnm_transfer *t;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    char name[LNM_JOURNAL_NAME_MAX + 1];
    for (int i = 0; i < 20; i++) {
        write_block(v, i, 1);
    }
    v->fault = DENIED;
    v->from = 8;
    v->times = 1000;
    assert_int_equal(upload(v, NULL, &p, &err), LNM_ESERVICE);
    assert_int_equal(lnm_journal_name(name, v->journal), 0);
    assert_string_equal(name, "a name");
    v->fault = NONE;
    struct lnm_transfer_options o = options_of(v, "snap-1");
    o.name = "another name";
    assert_int_equal(lnm_upload_start(&t, v->session, &o, on_done, v, &err), 0);
    assert_int_equal(finish(v, t, &p, &err), 0);
    assert_int_equal(p.resumed, 0);
    assert_int_equal(p.blocks, 20);
}

static void test_changed_while_reading(void **state) {
    struct service *v = *state;
    struct lnm_transfer *t;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    struct lnm_transfer_options o = options_of(v, "snap-1");
    for (int i = 0; i < 60; i++) {
        write_block(v, i, 1);
    }
    assert_int_equal(lnm_upload_start(&t, v->session, &o, on_done, v, &err), 0);
    steps(v, t, 10);
    write_block(v, 3, 2);
    assert_int_equal(finish(v, t, &p, &err), LNM_EIO);
    assert_string_equal(err.name, "FileChanged");
}

/* ---- downloads
 * -----------------------------------------------------------------------------------
 */
static void check_file(const struct service *v, const struct snapshot *s) {
    struct lnm_disk d;
    struct lnm_err err;
    char *bytes = malloc(LNM_BLOCK_BYTES);
    assert_int_equal(lnm_disk_open(&d, v->file, &err), 0);
    assert_int_equal(d.bytes, GIB);
    for (int i = 0; i < BLOCKS; i++) {
        if (s->blocks[i] != NULL) {
            assert_int_equal(lnm_disk_read(&d, bytes, i, &err), 0);
            assert_memory_equal(bytes, s->blocks[i], LNM_BLOCK_BYTES);
        }
    }
    lnm_disk_close(&d);
    free(bytes);
}

static void test_download(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    char part[120];
    (void)snprintf(part, sizeof part, "%s.part", v->file);
    for (int i = 0; i < 20; i++) {
        give(&v->stored, i * 3, 1);
    }
    give(&v->stored, 2047, 1);
    give(&v->stored, 1000, 0);
    assert_int_equal(download(v, &p, &err), 0);
    assert_int_equal(p.blocks, 22);
    assert_int_equal(v->lists, 8);
    check_file(v, &v->stored);
    assert_true(held(v->file) <= 23 * (int64_t)LNM_BLOCK_BYTES);
    assert_false(is_there(v->journal) || is_there(part));
}

static void test_an_empty_snapshot(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    assert_int_equal(download(v, &p, &err), 0);
    assert_int_equal(p.blocks, 0);
    check_file(v, &v->stored);
}

/* Nothing damaged is ever written; what stays damaged is an error. */
static void test_damaged_blocks(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    static const enum fault faults[] = {SHORT, DAMAGED, MISTOLD, THROTTLED};
    for (int i = 0; i < 20; i++) {
        give(&v->stored, i, 1);
    }
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        v->gets = 0;
        v->fault = faults[i];
        v->from = 4;
        v->times = 6;
        assert_int_equal(download(v, &p, &err), 0);
        assert_int_equal(v->gets, 26);
        check_file(v, &v->stored);
    }
    v->times = 1000000;
    v->gets = 0;
    v->fault = DAMAGED;
    assert_int_equal(download(v, &p, &err), LNM_EPARSE);
    assert_string_equal(err.name, "CorruptBlock");
    assert_non_null(strstr(err.message, "of snap-3 came damaged"));
}

/* What an earlier attempt left is looked at, not believed. */
static void test_download_goes_on(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    char part[120];
    (void)snprintf(part, sizeof part, "%s.part", v->file);
    for (int i = 0; i < 40; i++) {
        give(&v->stored, i * 2, 1);
    }
    give(&v->stored, 81, 0);
    v->fault = DENIED;
    v->from = 16;
    v->times = 1000;
    assert_int_equal(download(v, &p, &err), LNM_ESERVICE);
    assert_true(is_there(part));
    assert_false(is_there(v->file));
    int fd = open(part, O_WRONLY);
    assert_int_equal(pwrite(fd, "x", 1, 3 * 2 * (off_t)LNM_BLOCK_BYTES + 9), 1);
    assert_int_equal(pwrite(fd, "x", 1, 81 * (off_t)LNM_BLOCK_BYTES + 9), 1);
    assert_int_equal(close(fd), 0);
    v->fault = NONE;
    v->gets = 0;
    assert_int_equal(download(v, &p, &err), 0);
    assert_true(p.resumed >= 11); /* of the sixteen some were not answered yet */
    check_fresh(v->gets, 41 - p.resumed);
    check_file(v, &v->stored);
}

/* A list that is out of order must not make us loop, or write where nothing belongs. */
static void test_a_list_that_lies(void **state) {
    struct service *v = *state;
    struct lnm_transfer_progress p;
    struct lnm_err err;
    for (int i = 0; i < 20; i++) {
        give(&v->stored, i, 1);
    }
    v->disorder = true;
    assert_int_equal(download(v, &p, &err), LNM_EPARSE);
    assert_non_null(strstr(err.message, "out of order"));
    assert_int_equal(v->gets, 0);
}

static void test_where_no_file_can_be(void **state) {
    struct service *v = *state;
    struct lnm_transfer *t;
    struct lnm_err err;
    struct lnm_transfer_options o = options_of(v, "snap-3");
    o.file = v->folder;
    assert_int_equal(lnm_download_start(&t, v->session, &o, on_done, v, &err), LNM_EIO);
    assert_non_null(strstr(err.message, "is there and is no file"));
    o.file = "/nowhere/at/all";
    assert_int_equal(lnm_download_start(&t, v->session, &o, on_done, v, &err), LNM_EIO);
    assert_non_null(strstr(err.message, "/nowhere/at/all.part: No such file"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_upload),           TEST(test_odd_size),          TEST(test_files_that_are_none),
        TEST(test_parent),           TEST(test_weather),           TEST(test_upload_goes_on),
        TEST(test_cancelled),        TEST(test_another_name),      TEST(test_changed_while_reading),
        TEST(test_download),         TEST(test_an_empty_snapshot), TEST(test_damaged_blocks),
        TEST(test_download_goes_on), TEST(test_a_list_that_lies),  TEST(test_where_no_file_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
