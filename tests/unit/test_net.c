/* The loop: timers in order, watches, transfers, cancelling from callbacks, being a guest. */
#include "stub.h"

#include "base/clock.h"
#include "net/http.h"

#include <poll.h>
#include <semaphore.h>
#include <unistd.h>

struct seen {
    struct lnm_loop *loop;
    char order[64];
    size_t count;
    struct lnm_timer *other;
    struct lnm_watch *watch;
    struct lnm_http *http;
    int fd, status;
    struct lnm_err err;
    struct lnm_buf body;
};

struct mark {
    struct seen *seen;
    char letter;
};

static void note(struct seen *s, char letter) {
    if (s->count < sizeof s->order - 1) {
        s->order[s->count++] = letter;
    }
}

static void on_timer(void *arg) {
    struct mark *m = arg;
    note(m->seen, m->letter);
}

static int setup(void **state) {
    struct seen *s = calloc(1, sizeof *s);
    struct lnm_err err;
    assert_non_null(s);
    assert_int_equal(lnm_loop_new(&s->loop, &err), 0);
    *state = s;
    return 0;
}

static int teardown(void **state) {
    struct seen *s = *state;
    lnm_loop_free(s->loop);
    lnm_buf_free(&s->body);
    free(s);
    return 0;
}

static void step_until(struct seen *s, size_t count) {
    struct lnm_err err;
    for (int i = 0; i < 2000 && s->count < count; i++) {
        assert_true(lnm_loop_step(s->loop, 20, &err) >= 0);
    }
    assert_int_equal(s->count, count);
}

static void test_timers_in_order(void **state) {
    struct seen *s = *state;
    struct lnm_err err;
    struct lnm_timer *t[4];
    struct mark marks[] = {{s, 'c'}, {s, 'a'}, {s, 'b'}, {s, 'x'}};
    assert_int_equal(lnm_timer_start(&t[0], s->loop, 30000, on_timer, &marks[0], &err), 0);
    assert_int_equal(lnm_timer_start(&t[1], s->loop, 5000, on_timer, &marks[1], &err), 0);
    assert_int_equal(lnm_timer_start(&t[2], s->loop, 5000, on_timer, &marks[2], &err), 0);
    assert_int_equal(lnm_timer_start(&t[3], s->loop, 6000, on_timer, &marks[3], &err), 0);
    lnm_timer_cancel(t[3]);
    assert_int_equal(lnm_loop_pending(s->loop), 3);
    step_until(s, 3);
    assert_string_equal(s->order, "abc");
    assert_int_equal(lnm_loop_pending(s->loop), 0);
    assert_int_equal(lnm_loop_step(s->loop, -1, &err), 0); /* nothing pending: it does not hang */
}

static void cancel_other(void *arg) {
    struct seen *s = arg;
    note(s, 'k');
    lnm_timer_cancel(s->other);
}

static void test_a_timer_cancels_another(void **state) {
    struct seen *s = *state;
    struct lnm_err err;
    struct lnm_timer *t;
    struct mark mark = {s, 'x'};
    assert_int_equal(lnm_timer_start(&t, s->loop, 1000, cancel_other, s, &err), 0);
    assert_int_equal(lnm_timer_start(&s->other, s->loop, 1000, on_timer, &mark, &err), 0);
    step_until(s, 1);
    assert_true(lnm_loop_step(s->loop, 5, &err) >= 0);
    assert_string_equal(s->order, "k");
}

static void test_many_timers(void **state) {
    struct seen *s = *state;
    struct lnm_err err;
    struct mark mark = {s, 'm'};
    struct lnm_timer *t[500];
    for (int i = 0; i < 500; i++) {
        int64_t delay = (i * 7919) % 500;
        assert_int_equal(lnm_timer_start(&t[i], s->loop, delay, on_timer, &mark, &err), 0);
    }
    for (int i = 0; i < 500; i += 2) {
        lnm_timer_cancel(t[i]);
    }
    assert_int_equal(lnm_loop_pending(s->loop), 250);
    while (lnm_loop_pending(s->loop) > 0) {
        assert_true(lnm_loop_step(s->loop, 5, &err) >= 0);
    }
}

static void test_handles_outlive_the_loop(void **state) {
    struct seen *s = *state;
    struct lnm_err err;
    int fds[2];
    struct mark mark = {s, 'x'};
    struct lnm_timer *t;
    struct lnm_watch *w;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(lnm_timer_start(&t, s->loop, 1000, on_timer, &mark, &err), 0);
    assert_int_equal(lnm_watch_start(&w, s->loop, fds[0], on_timer, &mark, &err), 0);
    lnm_loop_free(s->loop);
    s->loop = NULL;
    lnm_timer_cancel(t);
    lnm_watch_cancel(w);
    assert_int_equal(s->count, 0);
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static void on_readable(void *arg) {
    struct seen *s = arg;
    char c;
    if (read(s->fd, &c, 1) == 1) {
        note(s, c);
    }
    if (c == 'z') { /* a watch may end itself */
        lnm_watch_cancel(s->watch);
        s->watch = NULL;
    }
}

static void watch_pipe(struct seen *s) {
    struct lnm_err err;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    s->fd = fds[0];
    assert_int_equal(lnm_watch_start(&s->watch, s->loop, fds[0], on_readable, s, &err), 0);
    assert_int_equal(lnm_loop_step(s->loop, 0, &err), 0);
    assert_int_equal(write(fds[1], "ab", 2), 2);
    step_until(s, 2);
    assert_int_equal(write(fds[1], "z", 1), 1);
    step_until(s, 3);
    assert_string_equal(s->order, "abz");
    assert_int_equal(write(fds[1], "q", 1), 1);
    assert_int_equal(lnm_loop_step(s->loop, 0, &err), 0);
    assert_int_equal(lnm_loop_pending(s->loop), 0);
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static void test_watch(void **state) {
    watch_pipe(*state);
}

static void test_watch_as_guest(void **state) {
    struct seen *s = *state;
    struct lnm_err err;
    assert_true(lnm_loop_pollfd(s->loop, &err) >= 0);
    watch_pipe(s);
}

/* ---- transfers ----------------------------------------------------------------------------------
 */

static int echo(struct stub *s, const char *body, struct lnm_buf *out) {
    (void)s;
    lnm_buf_addz(out, body);
    return strcmp(body, "missing") == 0 ? 404 : 200;
}

static int sink(void *arg, int status, const char *bytes, size_t len, struct lnm_err *err) {
    struct seen *s = arg;
    (void)status;
    lnm_buf_add(&s->body, bytes, len);
    return s->fd == 1 ? lnm_fail(err, LNM_ELIMIT, "TooLarge", "enough") : 0;
}

static void on_done(void *arg, const struct lnm_http_answer *a) {
    struct seen *s = arg;
    s->status = a->status;
    s->err = a->err != NULL ? *a->err : (struct lnm_err){0};
    note(s, 'd');
}

static int post(struct seen *s, const char *url, const char *body) {
    static const char *const headers[] = {"Content-Type: text/plain", NULL};
    struct lnm_http_request q = {.method = "POST",
                                 .url = url,
                                 .headers = headers,
                                 .body = lnm_str_z(body),
                                 .sink = sink,
                                 .done = on_done,
                                 .arg = s};
    return lnm_http_start(&s->http, s->loop, &q, &s->err);
}

static void test_post(void **state) {
    struct seen *s = *state;
    struct stub stub;
    stub_start(&stub, echo, NULL);
    assert_int_equal(post(s, stub.url, "hello"), 0);
    step_until(s, 1);
    assert_int_equal(s->status, 200);
    assert_string_equal(s->body.ptr, "hello");
    assert_int_equal(post(s, stub.url, "missing"), 0);
    step_until(s, 2);
    assert_int_equal(s->status, 404);
    stub_stop(&stub);
}

static void test_a_sink_ends_the_exchange(void **state) {
    struct seen *s = *state;
    struct stub stub;
    stub_start(&stub, echo, NULL);
    s->fd = 1;
    assert_int_equal(post(s, stub.url, "hello"), 0);
    step_until(s, 1);
    assert_int_equal(s->err.code, LNM_ELIMIT);
    assert_string_equal(s->err.message, "enough");
    stub_stop(&stub);
}

static sem_t may_answer;

static int answer_when_told(struct stub *stub, const char *body, struct lnm_buf *out) {
    (void)sem_wait(&may_answer);
    return echo(stub, body, out);
}

static void test_cancel_a_transfer(void **state) {
    struct seen *s = *state;
    struct stub stub;
    struct lnm_err err;
    assert_int_equal(sem_init(&may_answer, 0, 0), 0);
    stub_start(&stub, answer_when_told, NULL);
    assert_int_equal(post(s, stub.url, "hello"), 0);
    assert_true(lnm_loop_step(s->loop, 0, &err) >= 0);
    lnm_http_cancel(s->http);
    assert_int_equal(lnm_loop_pending(s->loop), 0);
    assert_int_equal(s->count, 0);
    assert_int_equal(sem_post(&may_answer), 0);
    stub_stop(&stub);
}

static void test_nobody_listens(void **state) {
    struct seen *s = *state;
    assert_int_equal(post(s, "http://127.0.0.1:1", ""), 0);
    step_until(s, 1);
    assert_int_equal(s->status, 0);
    assert_int_equal(s->err.code, LNM_ENET);
}

static void test_plain_http_to_loopback_only(void **state) {
    struct seen *s = *state;
    static const char *const refused[] = {"http://example.com",    "http://127.0.0.1.example.com",
                                          "http://10.0.0.1",       "ftp://127.0.0.1",
                                          "file:///etc/passwd",    "http://localhost.example",
                                          "http://a@example.com/", NULL};
    for (size_t i = 0; refused[i] != NULL; i++) {
        int error = post(s, refused[i], "");
        if (error == 0) {
            print_error("allowed: %s\n", refused[i]);
        }
        assert_true(error < 0);
    }
}

/* As in another program's loop: poll the descriptor, step(0), nothing else. */
static void test_transfers_as_guest(void **state) {
    struct seen *s = *state;
    struct stub stub;
    struct lnm_err err;
    stub_start(&stub, echo, NULL);
    struct pollfd p = {.fd = lnm_loop_pollfd(s->loop, &err), .events = POLLIN};
    assert_true(p.fd >= 0);
    for (size_t n = 1; n <= 3; n++) {
        assert_int_equal(post(s, stub.url, "guest"), 0);
        int rounds = 0;
        while (s->count < n && rounds++ < 2000) {
            (void)poll(&p, 1, lnm_loop_timeout_ms(s->loop));
            assert_true(lnm_loop_step(s->loop, 0, &err) >= 0);
        }
        assert_int_equal(s->count, n);
        assert_int_equal(s->status, 200);
        assert_true(rounds < 200); /* it waits, it does not spin */
    }
    assert_string_equal(s->body.ptr, "guestguestguest");
    stub_stop(&stub);
}

static void test_the_descriptor_comes_first(void **state) {
    struct seen *s = *state;
    struct stub stub;
    struct lnm_err err;
    stub_start(&stub, echo, NULL);
    assert_int_equal(post(s, stub.url, "x"), 0);
    assert_int_equal(lnm_loop_pollfd(s->loop, &err), LNM_EINVAL);
    step_until(s, 1);
    assert_true(lnm_loop_pollfd(s->loop, &err) >= 0);
    stub_stop(&stub);
}

/* ---- the clock ----------------------------------------------------------------------------------
 */

static int64_t fake_us = 5000000;

static int64_t fake(void *arg) {
    (void)arg;
    return fake_us;
}

static void test_the_clock_can_be_replaced(void **state) {
    struct seen *s = *state;
    static const struct lnm_clock clock = {fake, fake, NULL};
    struct lnm_err err;
    struct lnm_timer *t;
    struct mark mark = {s, 't'};
    lnm_clock_set(&clock);
    assert_true(lnm_now_us() == 5000000 && lnm_mono_us() == 5000000);
    assert_int_equal(lnm_timer_start(&t, s->loop, INT64_C(3600000000), on_timer, &mark, &err), 0);
    assert_int_equal(lnm_loop_timeout_ms(s->loop), 3600000);
    fake_us += INT64_C(3600000000);
    assert_int_equal(lnm_loop_timeout_ms(s->loop), 0);
    step_until(s, 1);
    lnm_clock_set(NULL);
    int64_t before = lnm_mono_us();
    assert_true(lnm_mono_us() >= before);
    assert_true(lnm_now_us() > INT64_C(1600000000) * 1000000);
}

static void test_random_bytes_differ(void **state) {
    (void)state;
    uint64_t drawn[200]; /* of several of the blocks that are asked for at once */
    unsigned char many[64] = {0}, none[64] = {0};
    for (size_t i = 0; i < 200; i++) {
        drawn[i] = lnm_random_u64();
        for (size_t k = 0; k < i; k++) {
            assert_true(drawn[k] != drawn[i]);
        }
    }
    lnm_random_bytes(many, sizeof many);
    assert_memory_not_equal(many, none, 32);
    assert_memory_not_equal(many + 32, none, 32);
}

#define NET_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        NET_TEST(test_timers_in_order),
        NET_TEST(test_a_timer_cancels_another),
        NET_TEST(test_many_timers),
        NET_TEST(test_handles_outlive_the_loop),
        NET_TEST(test_watch),
        NET_TEST(test_watch_as_guest),
        NET_TEST(test_post),
        NET_TEST(test_a_sink_ends_the_exchange),
        NET_TEST(test_cancel_a_transfer),
        NET_TEST(test_nobody_listens),
        NET_TEST(test_plain_http_to_loopback_only),
        NET_TEST(test_transfers_as_guest),
        NET_TEST(test_the_descriptor_comes_first),
        NET_TEST(test_the_clock_can_be_replaced),
        cmocka_unit_test(test_random_bytes_differ),
    };
    return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
