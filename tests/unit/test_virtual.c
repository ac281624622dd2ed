/* Virtual time by itself, and a loop in it: it moves only when all is idle, work holds it, and what
 * has come is told in the order of starting. */
#include "stub.h"

#include "base/clock.h"
#include "base/virtual.h"
#include "net/http.h"

#include <unistd.h>

#define SECOND INT64_C(1000000)
#define BEGIN (INT64_C(1767225600) * SECOND)

static int looks[2];

static void look(void *arg) {
    ++*(int *)arg;
}

/* ---- the numbers --------------------------------------------------------------------------------
 */

static void test_it_stands_still(void **state) {
    (void)state;
    int64_t wall = lnm_now_us(), mono = lnm_mono_us();
    (void)usleep(2000);
    assert_int_equal(lnm_now_us(), wall);
    assert_int_equal(lnm_mono_us(), mono);
    assert_true(lnm_virtual_on());
    assert_true(wall >= BEGIN && lnm_real_us() != wall);
}

static void test_it_never_goes_backwards(void **state) {
    (void)state;
    int64_t now = lnm_now_us();
    lnm_virtual_move(now - SECOND);
    assert_int_equal(lnm_now_us(), now);
    lnm_virtual_move(now + SECOND);
    assert_int_equal(lnm_now_us(), now + SECOND);
}

static void test_it_jumps_when_nothing_is_on_its_way(void **state) {
    (void)state;
    int64_t now = lnm_mono_us();
    assert_true(lnm_virtual_idle());
    assert_false(lnm_virtual_jump(-1)); /* there is nothing to jump to */
    assert_int_equal(lnm_mono_us(), now);
    assert_true(lnm_virtual_jump(now + 3600 * SECOND));
    assert_int_equal(lnm_mono_us(), now + 3600 * SECOND);
}

static void test_a_request_on_its_way_holds_it(void **state) {
    (void)state;
    int64_t now = lnm_mono_us();
    lnm_virtual_fly(1);
    assert_false(lnm_virtual_idle());
    assert_false(lnm_virtual_jump(now + SECOND));
    assert_int_equal(lnm_mono_us(), now);
    lnm_virtual_fly(-1);
    assert_true(lnm_virtual_jump(now + SECOND));
}

static void test_other_work_holds_it(void **state) {
    (void)state;
    int64_t now = lnm_mono_us();
    lnm_virtual_busy(true);
    assert_true(lnm_virtual_idle());
    assert_false(lnm_virtual_jump(now + SECOND));
    lnm_virtual_busy(false);
    assert_true(lnm_virtual_jump(now + SECOND));
}

static void test_the_server_runs_when_all_have_come(void **state) {
    (void)state;
    lnm_virtual_fly(2);
    assert_false(lnm_virtual_all(1));
    assert_true(lnm_virtual_all(2));
    lnm_virtual_fly(-1);
    assert_true(lnm_virtual_all(1));
    lnm_virtual_fly(-1);
    assert_true(lnm_virtual_all(0));
}

/* What the server holds is on its way and holds nothing up: its end is one more timer. */
static void test_the_end_of_a_hold_comes_in_its_turn(void **state) {
    (void)state;
    int64_t now = lnm_mono_us();
    lnm_virtual_fly(1);
    lnm_virtual_hold(1, now + 10 * SECOND);
    assert_true(lnm_virtual_idle());
    assert_true(lnm_virtual_jump(now + SECOND)); /* the client's timer is before it */
    assert_int_equal(lnm_mono_us(), now + SECOND);
    assert_true(lnm_virtual_jump(now + 60 * SECOND)); /* no further than the hold */
    assert_int_equal(lnm_mono_us(), now + 10 * SECOND);
    assert_false(lnm_virtual_idle()); /* the server is at work on it */
    assert_false(lnm_virtual_jump(now + 60 * SECOND));
    lnm_virtual_fly(-1);
    lnm_virtual_hold(0, 0);
}

static void test_a_hold_ends_without_a_timer(void **state) {
    (void)state;
    int64_t now = lnm_mono_us();
    lnm_virtual_fly(1);
    lnm_virtual_hold(1, now + 5 * SECOND);
    assert_true(lnm_virtual_jump(-1));
    assert_int_equal(lnm_mono_us(), now + 5 * SECOND);
    lnm_virtual_fly(-1);
}

static void test_who_listens_is_told(void **state) {
    (void)state;
    int *client = &looks[LNM_VIRTUAL_CLIENT], *server = &looks[LNM_VIRTUAL_SERVER];
    lnm_virtual_listen(LNM_VIRTUAL_CLIENT, look, client);
    lnm_virtual_listen(LNM_VIRTUAL_SERVER, look, server);
    lnm_virtual_fly(1);
    assert_true(*client == 0 && *server == 0); /* its coming is seen */
    lnm_virtual_hold(1, lnm_mono_us() + SECOND);
    assert_true(*client == 1 && *server == 0);
    assert_true(lnm_virtual_jump(-1));
    assert_true(*client == 1 && *server == 1);
    lnm_virtual_fly(-1);
    assert_int_equal(*server, 2); /* those that are left may be all */
    lnm_virtual_busy(true);
    lnm_virtual_busy(false);
    assert_int_equal(*client, 3);
    lnm_virtual_listen(LNM_VIRTUAL_CLIENT, NULL, NULL);
    lnm_virtual_listen(LNM_VIRTUAL_SERVER, NULL, NULL);
    lnm_virtual_busy(false);
    assert_int_equal(*client, 3);
}

/* ---- a loop in it -------------------------------------------------------------------------------
 */

struct fixture {
    struct lnm_loop *loop;
    struct stub stub;
    int64_t answered_us; /* virtual: when the stub had answered last */
    char order[32];      /* what happened, a letter each */
    int pipe;
};

static void note(struct fixture *f, char letter) {
    size_t n = strlen(f->order);
    assert_true(n + 1 < sizeof f->order);
    f->order[n] = letter;
    f->order[n + 1] = '\0';
}

struct event {
    struct fixture *f;
    char letter;
    struct lnm_timer *timer;
    struct lnm_http *http;
};

static void on_timer(void *arg) {
    struct event *e = arg;
    e->timer = NULL;
    note(e->f, e->letter);
}

static void on_done(void *arg, const struct lnm_http_answer *a) {
    struct event *e = arg;
    assert_int_equal(a->status, 200);
    e->http = NULL;
    note(e->f, e->letter);
}

/* The first request takes longest: its answer comes last. */
static int answer(struct stub *s, const char *body, struct lnm_buf *out) {
    struct fixture *f = s->arg;
    if (strcmp(s->path, "/a") == 0) {
        (void)usleep(20000);
    }
    (void)body;
    lnm_buf_addz(out, "yes");
    f->answered_us = lnm_mono_us();
    return 200;
}

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    struct lnm_err err;
    assert_non_null(f);
    assert_int_equal(lnm_loop_new(&f->loop, &err), 0);
    stub_start(&f->stub, answer, f);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    stub_stop(&f->stub);
    lnm_loop_free(f->loop);
    free(f);
    return 0;
}

static void start_timer(struct event *e, struct fixture *f, char letter, int64_t delay_us) {
    struct lnm_err err;
    *e = (struct event){.f = f, .letter = letter};
    assert_int_equal(lnm_timer_start(&e->timer, f->loop, delay_us, on_timer, e, &err), 0);
}

static void start_request(struct event *e, struct fixture *f, char letter) {
    static const char *const none[] = {NULL};
    char url[80];
    struct lnm_err err;
    *e = (struct event){.f = f, .letter = letter};
    (void)snprintf(url, sizeof url, "%s/%c", f->stub.url, letter);
    struct lnm_http_request q = {
        .method = "GET", .url = url, .headers = none, .done = on_done, .arg = e};
    assert_int_equal(lnm_http_start(&e->http, f->loop, &q, &err), 0);
}

static void run(struct fixture *f, size_t events) {
    struct lnm_err err;
    while (strlen(f->order) < events) {
        assert_true(lnm_loop_step(f->loop, -1, &err) >= 0);
    }
}

static void test_timers_come_in_their_order(void **state) {
    struct fixture *f = *state;
    struct event e[4];
    int64_t now = lnm_mono_us(), real = lnm_real_us();
    start_timer(&e[0], f, 'c', 86400 * SECOND);
    start_timer(&e[1], f, 'a', SECOND);
    start_timer(&e[2], f, 'd', 86400 * SECOND);
    start_timer(&e[3], f, 'b', 3600 * SECOND);
    run(f, 4);
    assert_string_equal(f->order, "abcd");
    assert_int_equal(lnm_mono_us() - now, 86400 * SECOND);
    assert_true(lnm_real_us() - real < 3600 * SECOND);
}

/* Answers are told when all have come, in the order of starting, and no timer comes between. */
static void test_answers_are_told_in_the_order_of_starting(void **state) {
    struct fixture *f = *state;
    struct event e[4];
    int64_t now = lnm_mono_us();
    start_timer(&e[3], f, 't', 1);
    start_request(&e[0], f, 'a');
    start_request(&e[1], f, 'b');
    start_request(&e[2], f, 'c');
    run(f, 4);
    assert_string_equal(f->order, "abct");
    assert_int_equal(f->answered_us, now); /* time stood still for them */
    assert_int_equal(lnm_mono_us(), now + 1);
}

/* What is due starts its request before those that have begun leave. */
static void test_what_is_due_comes_before_what_leaves(void **state) {
    struct fixture *f = *state;
    struct event timer, request;
    struct lnm_err err;
    start_request(&request, f, 'a');
    start_timer(&timer, f, 't', 0);
    assert_int_equal(lnm_loop_step(f->loop, -1, &err), 1);
    assert_string_equal(f->order, "t");
    assert_int_equal(f->stub.requests, 0);
    run(f, 2);
    assert_string_equal(f->order, "ta");
}

static void test_a_step_goes_no_further_than_it_may(void **state) {
    struct fixture *f = *state;
    struct event e;
    struct lnm_err err;
    int64_t now = lnm_mono_us();
    start_timer(&e, f, 't', 60 * SECOND);
    assert_int_equal(lnm_loop_step(f->loop, 5000, &err), 0);
    assert_int_equal(lnm_mono_us(), now + 5 * SECOND);
    assert_string_equal(f->order, "");
    run(f, 1);
    assert_int_equal(lnm_mono_us(), now + 60 * SECOND);
}

/* A descriptor that has something to say comes before time goes on. */
static void on_watch(void *arg) {
    struct event *e = arg;
    char c;
    assert_int_equal(read(e->f->pipe, &c, 1), 1);
    note(e->f, e->letter);
}

static void test_a_descriptor_comes_before_time_goes_on(void **state) {
    struct fixture *f = *state;
    struct event timer, watch = {.f = f, .letter = 'w'};
    struct lnm_watch *w;
    struct lnm_err err;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    f->pipe = ends[0];
    assert_int_equal(lnm_watch_start(&w, f->loop, ends[0], on_watch, &watch, &err), 0);
    start_timer(&timer, f, 't', SECOND);
    assert_int_equal(write(ends[1], "x", 1), 1);
    run(f, 2);
    assert_string_equal(f->order, "wt");
    lnm_watch_cancel(w);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_stands_still),
        cmocka_unit_test(test_it_never_goes_backwards),
        cmocka_unit_test(test_it_jumps_when_nothing_is_on_its_way),
        cmocka_unit_test(test_a_request_on_its_way_holds_it),
        cmocka_unit_test(test_other_work_holds_it),
        cmocka_unit_test(test_the_server_runs_when_all_have_come),
        cmocka_unit_test(test_the_end_of_a_hold_comes_in_its_turn),
        cmocka_unit_test(test_a_hold_ends_without_a_timer),
        cmocka_unit_test(test_who_listens_is_told),
        cmocka_unit_test_setup_teardown(test_timers_come_in_their_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_answers_are_told_in_the_order_of_starting, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_what_is_due_comes_before_what_leaves, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_step_goes_no_further_than_it_may, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_descriptor_comes_before_time_goes_on, setup,
                                        teardown),
    };
    lnm_virtual_start(BEGIN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
