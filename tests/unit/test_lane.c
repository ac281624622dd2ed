/* Lanes: a server that never answers holds its own lane only; those that wait go in turn. */
#include "stub.h"

#include "net/http.h"

#include <unistd.h>

#define SLOW 100
#define QUICK 80

struct job {
    struct fixture *f;
    struct lnm_lane *lane;
    const char *url;
    struct lnm_turn turn;
    struct lnm_http *http;
    int number, status;
    bool done;
};

struct fixture {
    struct lnm_loop *loop;
    struct stub stub;
    int deaf; /* listens, and never answers */
    char deaf_url[64];
    struct lnm_lane slow, quick;
    struct job jobs[SLOW + QUICK];
    int begun, ended;
    int order[SLOW + QUICK]; /* the jobs' numbers as they began */
};

static int answer(struct stub *s, const char *body, struct lnm_buf *out) {
    (void)s, (void)body;
    lnm_buf_addz(out, "yes");
    return 200;
}

static void listen_deaf(struct fixture *f) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    f->deaf = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(f->deaf >= 0);
    assert_int_equal(bind(f->deaf, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(f->deaf, 256), 0);
    assert_int_equal(getsockname(f->deaf, (struct sockaddr *)&at, &size), 0);
    (void)snprintf(f->deaf_url, sizeof f->deaf_url, "http://127.0.0.1:%d", ntohs(at.sin_port));
}

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    struct lnm_err err;
    assert_non_null(f);
    assert_int_equal(lnm_loop_new(&f->loop, &err), 0);
    stub_start(&f->stub, answer, NULL);
    listen_deaf(f);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < SLOW + QUICK; i++) {
        lnm_turn_leave(&f->jobs[i].turn);
        if (!f->jobs[i].done) {
            lnm_http_cancel(f->jobs[i].http);
        }
    }
    lnm_lane_close(&f->slow);
    lnm_lane_close(&f->quick);
    lnm_loop_free(f->loop);
    stub_stop(&f->stub);
    (void)close(f->deaf);
    free(f);
    return 0;
}

static void on_done(void *arg, const struct lnm_http_answer *a) {
    struct job *j = arg;
    j->status = a->status;
    j->done = true;
    j->f->ended++;
}

static void begin(void *arg) {
    static const char *const headers[] = {NULL};
    struct job *j = arg;
    struct lnm_err err;
    struct lnm_http_request q = {.method = "POST",
                                 .url = j->url,
                                 .headers = headers,
                                 .body = LNM_STR("x"),
                                 .lane = j->lane,
                                 .done = on_done,
                                 .arg = j};
    assert_int_equal(lnm_http_start(&j->http, j->f->loop, &q, &err), 0);
    j->f->order[j->f->begun++] = j->number;
}

static void ask(struct fixture *f, int number, struct lnm_lane *lane, const char *url) {
    struct job *j = &f->jobs[number];
    *j = (struct job){.f = f, .lane = lane, .url = url, .number = number};
    if (lnm_lane_room(lane, f->loop, &j->turn, begin, j)) {
        begin(j);
    }
}

static void run(struct fixture *f, int ended) {
    struct lnm_err err;
    for (int i = 0; i < 2000 && f->ended < ended; i++) {
        assert_true(lnm_loop_step(f->loop, 20, &err) >= 0);
    }
    assert_int_equal(f->ended, ended);
}

static void test_a_slow_lane_holds_no_other(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < SLOW; i++) {
        ask(f, i, &f->slow, f->deaf_url);
    }
    assert_int_equal(f->begun, LNM_LANE_ACTIVE);
    for (int i = SLOW; i < SLOW + QUICK; i++) {
        ask(f, i, &f->quick, f->stub.url);
    }
    assert_int_equal(f->begun, 2 * LNM_LANE_ACTIVE);
    run(f, QUICK); /* all of the quick ones */
    for (int i = SLOW; i < SLOW + QUICK; i++) {
        assert_int_equal(f->jobs[i].status, 200);
    }
    assert_int_equal(f->slow.active, LNM_LANE_ACTIVE);
    assert_int_equal(f->quick.active, 0);
}

static void test_an_end_lets_the_next_begin(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    for (int i = 0; i < SLOW; i++) {
        ask(f, i, &f->slow, f->deaf_url);
    }
    lnm_turn_leave(&f->jobs[LNM_LANE_ACTIVE].turn); /* the first of those that wait gives up */
    lnm_http_cancel(f->jobs[0].http);
    f->jobs[0].http = NULL;
    assert_true(lnm_loop_step(f->loop, 20, &err) >= 0);
    assert_int_equal(f->begun, LNM_LANE_ACTIVE + 1);
    assert_int_equal(f->order[LNM_LANE_ACTIVE], LNM_LANE_ACTIVE + 1);
}

static void test_turns_are_kept(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < SLOW; i++) {
        ask(f, i, &f->quick, f->stub.url);
    }
    run(f, SLOW);
    for (int i = 0; i < SLOW; i++) {
        assert_int_equal(f->order[i], i);
    }
    assert_int_equal(lnm_loop_pending(f->loop), 0);
}

static void test_who_names_none_shares_the_loops(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < QUICK; i++) {
        ask(f, i, NULL, f->stub.url);
    }
    assert_int_equal(f->begun, LNM_LANE_ACTIVE);
    run(f, QUICK);
}

#define LANE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        LANE_TEST(test_a_slow_lane_holds_no_other),
        LANE_TEST(test_an_end_lets_the_next_begin),
        LANE_TEST(test_turns_are_kept),
        LANE_TEST(test_who_names_none_shares_the_loops),
    };
    return cmocka_run_group_tests_name("lane", tests, NULL, NULL);
}
