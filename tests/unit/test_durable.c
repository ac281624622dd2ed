/* test_durable.c - no answer leaves before the disk has what it tells, and what a failing disk
 * does. The disk is ours: fdatasync waits and fails as a test wants it. */
#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/date.h"
#include "cloud/blocks.h"
#include "cloud/durable.h"
#include "cloud/thread.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static atomic_bool held, failing;
static atomic_int syncs;

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_fdatasync(int fd) {
    atomic_fetch_add(&syncs, 1);
    while (atomic_load(&held)) {
        (void)usleep(1000);
    }
    if (atomic_load(&failing)) {
        errno = EIO;
        return -1;
    }
    return __real_fdatasync(fd);
}

static char folder[32];

static struct lnm_cloud *start(enum lnm_cloud_time time) {
    struct lnm_cloud *c = NULL;
    struct lnm_err err = {0};
    struct lnm_cloud_options options = {.state_dir = folder, .time = time};
    if (lnm_cloud_start(&c, &options, &err) < 0) {
        fail_msg("%s", err.message);
    }
    return c;
}

static int make_folder(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/lunami-disk-XXXXXX");
    atomic_store(&held, false);
    atomic_store(&failing, false);
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state) {
    static const char *const names[] = {"state.db", "state.db-wal", "root.key", "lock", "blocks"};
    char path[64];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

/* ---- a client ----------------------------------------------------------------------------------
 */

static void sign(struct lnm_buf *authorization, const char *date, const char *form) {
    char hash[65];
    struct lnm_signing_key key;
    struct lnm_buf scratch = {0};
    struct lnm_err err;
    struct lnm_header headers[] = {{LNM_STR("Host"), LNM_STR("127.0.0.1")},
                                   {LNM_STR("X-Amz-Date"), lnm_str_z(date)}};
    struct lnm_signing_params p = {.method = LNM_STR("POST"),
                                   .path = LNM_STR("/"),
                                   .headers = headers,
                                   .header_count = 2,
                                   .payload_hash = {hash, 64},
                                   .region = LNM_STR("us-east-1"),
                                   .service = LNM_STR("ec2")};
    (void)snprintf(p.amz_date, sizeof p.amz_date, "%s", date);
    lnm_sigv4_hash(hash, lnm_str_z(form));
    lnm_sigv4_signing_key(&key, LNM_STR(LNM_CLOUD_SECRET), p.amz_date, p.region, p.service);
    assert_int_equal(
        lnm_sigv4_authorization(authorization, &scratch, &p, LNM_STR(LNM_CLOUD_KEY_ID), &key, &err),
        0);
    lnm_buf_free(&scratch);
}

/* A connection of its own that has sent a request. */
static int ask(const struct lnm_cloud *c, const char *form) {
    char date[LNM_DATE_MAX];
    struct lnm_buf authorization = {0}, request = {0};
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = htons((uint16_t)atoi(strrchr(lnm_cloud_url(c), ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    lnm_date_amz(date, lnm_now_us());
    sign(&authorization, date, form);
    lnm_buf_addf(&request,
                 "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Date: %s\r\nAuthorization: %s\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 date, lnm_buf_str(&authorization).ptr, strlen(form), form);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(fd, request.ptr, request.len, MSG_NOSIGNAL), request.len);
    lnm_buf_free(&authorization);
    lnm_buf_free(&request);
    return fd;
}

static bool is_answered(int fd, int ms) {
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, ms) == 1;
}

static int status_of(int fd) {
    char answer[16] = "";
    assert_true(is_answered(fd, 20000));
    assert_int_equal(recv(fd, answer, 12, MSG_WAITALL), 12);
    (void)close(fd);
    return atoi(answer + strlen("HTTP/1.1 "));
}

static void wait_for_syncs(int count) {
    for (int i = 0; i < 20000 && atomic_load(&syncs) < count; i++) {
        (void)usleep(1000);
    }
    assert_true(atomic_load(&syncs) >= count);
}

/* ---- tests -------------------------------------------------------------------------------------
 */

#define CREATE                                                                                     \
    "Action=CreateVolume&Version=2016-11-15&AvailabilityZone=us-east-1a&Size=1&Encrypted=true"
#define DESCRIBE "Action=DescribeVolumes&Version=2016-11-15"

static void test_no_answer_before_the_disk(void **state) {
    struct lnm_cloud *c = start(LNM_TIME_REAL);
    (void)state;
    assert_int_equal(status_of(ask(c, DESCRIBE)), 200); /* nothing was written: nothing waits */
    int before = atomic_load(&syncs);
    atomic_store(&held, true);
    int made = ask(c, CREATE);
    wait_for_syncs(before + 1);
    int seen = ask(c, DESCRIBE), next = ask(c, CREATE);
    assert_false(is_answered(made, 100));
    assert_false(is_answered(seen, 100)); /* it would show what may be lost */
    assert_false(is_answered(next, 100));
    atomic_store(&held, false);
    assert_int_equal(status_of(made), 200);
    assert_int_equal(status_of(seen), 200);
    assert_int_equal(status_of(next), 200);
    lnm_cloud_stop(c);
}

#define MANY 24

/* What has come together is committed in halves: all is answered, and nothing is made twice. */
static void test_many_at_once(void **state) {
    struct lnm_cloud *c = start(LNM_TIME_REAL);
    int fds[MANY];
    (void)state;
    for (int round = 0; round < 3; round++) {
        lnm_store_enter(c); /* it reads them when all are there */
        for (int i = 0; i < MANY; i++) {
            fds[i] = ask(c, CREATE);
        }
        lnm_store_leave(c);
        for (int i = 0; i < MANY; i++) {
            assert_int_equal(status_of(fds[i]), 200);
        }
    }
    lnm_store_enter(c);
    sqlite3_stmt *s = lnm_store_query(c, "SELECT count(*) FROM volumes WHERE size = 1", "");
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(s, 0), 3 * MANY);
    (void)sqlite3_reset(s);
    lnm_store_leave(c);
    lnm_cloud_stop(c);
}

static void test_a_disk_that_failed_is_not_believed_again(void **state) {
    struct lnm_cloud *c = start(LNM_TIME_REAL);
    (void)state;
    assert_int_equal(status_of(ask(c, CREATE)), 200);
    atomic_store(&failing, true);
    assert_int_equal(status_of(ask(c, CREATE)), 500);
    atomic_store(&failing, false);
    assert_int_equal(status_of(ask(c, CREATE)), 500);
    assert_int_equal(status_of(ask(c, DESCRIBE)), 500);
    lnm_cloud_stop(c);
    c = start(LNM_TIME_REAL); /* what is there is read anew */
    assert_int_equal(status_of(ask(c, DESCRIBE)), 200);
    lnm_cloud_stop(c);
}

/* What was committed while the disk is waited for needs one more wait, however much it is. */
static void test_one_wait_for_many(void **state) {
    struct lnm_cloud *c = calloc(1, sizeof *c);
    struct lnm_err err = {0};
    int64_t ticket = 0;
    (void)state;
    c->lock_fd = -1;
    c->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    assert_int_equal(lnm_store_open(c, folder, &err), 0);
    assert_int_equal(lnm_durable_open(c, folder, &err), 0);
    assert_int_equal(lnm_durable_ask(c), 0);
    int before = atomic_load(&syncs);
    atomic_store(&held, true);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(lnm_store_exec(c, "INSERT INTO freed DEFAULT VALUES", ""), 0);
        int64_t last = ticket;
        ticket = lnm_durable_ask(c);
        assert_true(ticket > last && !lnm_durable_is(c, ticket));
        wait_for_syncs(before + 1);
    }
    atomic_store(&held, false);
    for (int i = 0; i < 20000 && !lnm_durable_is(c, ticket); i++) {
        (void)usleep(1000);
    }
    assert_true(lnm_durable_is(c, ticket));
    assert_int_equal(atomic_load(&syncs), before + 2);
    assert_int_equal(lnm_durable_ask(c), 0);
    lnm_durable_close(c);
    lnm_store_close(c);
    (void)close(c->wake_fd);
    free(c);
}

/* Without a log all stays as it was. */
static void test_a_state_without_a_log(void **state) {
    struct lnm_cloud *c = calloc(1, sizeof *c);
    struct lnm_err err = {0};
    (void)state;
    c->lock_fd = -1;
    assert_int_equal(lnm_store_open(c, NULL, &err), 0);
    assert_int_equal(lnm_durable_open(c, folder, &err), 0);
    assert_null(c->durable);
    assert_int_equal(lnm_store_exec(c, "INSERT INTO freed DEFAULT VALUES", ""), 0);
    assert_int_equal(lnm_durable_ask(c), 0);
    assert_int_equal(lnm_durable_wait(c), 0);
    assert_true(lnm_durable_is(c, 0) && !lnm_durable_failed(c));
    lnm_durable_close(c);
    lnm_store_close(c);
    free(c);
}

/* A slot is not given a hole while a state of before a power failure may still have it. */
static void test_holes_wait_for_the_disk(void **state) {
    struct lnm_cloud *c = start(LNM_TIME_REAL);
    (void)state;
    lnm_store_enter(c);
    atomic_store(&failing, true);
    assert_int_equal(lnm_store_exec(c, "INSERT INTO freed(slot) VALUES(1)", ""), 0);
    assert_int_equal(lnm_slots_reclaim(c, 10), -1);
    lnm_store_leave(c);
    atomic_store(&failing, false);
    lnm_cloud_stop(c);
}

/* In virtual time a commit waits itself. */
static void test_virtual_time_waits(void **state) {
    struct lnm_cloud *c = start(LNM_TIME_JUMPS);
    (void)state;
    lnm_store_enter(c);
    sqlite3_stmt *s = lnm_store_query(c, "PRAGMA synchronous", "");
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(s, 0), 2); /* FULL */
    (void)sqlite3_reset(s);
    lnm_store_leave(c);
    lnm_cloud_stop(c);
}

static void *look_at_signals(void *arg) {
    (void)pthread_sigmask(SIG_SETMASK, NULL, arg);
    return arg;
}

static void test_threads_take_no_signals(void **state) {
    sigset_t theirs, ours;
    pthread_t thread;
    (void)state;
    (void)sigemptyset(&theirs);
    assert_true(lnm_thread_start(&thread, look_at_signals, &theirs));
    assert_int_equal(pthread_join(thread, NULL), 0);
    (void)pthread_sigmask(SIG_SETMASK, NULL, &ours);
    assert_int_equal(sigismember(&theirs, SIGTERM), 1);
    assert_int_equal(sigismember(&ours, SIGTERM), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_answer_before_the_disk, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_many_at_once, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_disk_that_failed_is_not_believed_again, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_one_wait_for_many, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_holes_wait_for_the_disk, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_state_without_a_log, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_virtual_time_waits, make_folder, remove_folder),
        cmocka_unit_test(test_threads_take_no_signals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
