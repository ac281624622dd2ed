/* The waiter hub against a server that answers as each test says, on a clock that the test moves.
 */
#include "stub.h"

#include "base/clock.h"
#include "client/hub_internal.h"

#define IMAGES 600
#define SECOND INT64_C(1000000)

/* ---- the cloud: what each image is, and how Describe calls end ----------------------------------
 */
struct cloud {
    const char *state[IMAGES]; /* NULL: not visible */
    const char *percent;       /* of every snapshot; NULL: DescribeSnapshots is denied */
    int describe_images, describe_snapshots;
    int status; /* of DescribeImages when not 200 */
    const char *code;
    int bad_rounds; /* that many answers go wrong first */
};

static int error_answer(struct lnm_buf *out, int status, const char *code) {
    lnm_buf_addf(out,
                 "<Response><Errors><Error><Code>%s</Code><Message>said by the test</Message>"
                 "</Error></Errors><RequestID>r-1</RequestID></Response>",
                 code);
    return status;
}

static void one_image(struct lnm_buf *out, const char *state, int n) {
    lnm_buf_addf(out, "<item><imageId>ami-%08d</imageId><imageState>%s</imageState>", n, state);
    if (strcmp(state, "failed") == 0) {
        lnm_buf_addz(out, "<stateReason><code>Client.InternalError</code><message>Copy image failed"
                          " with an internal error</message></stateReason>");
    }
    lnm_buf_addf(out,
                 "<blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><snapshotId>"
                 "snap-%08d</snapshotId></ebs></item></blockDeviceMapping></item>",
                 n);
}

static int answer_images(struct cloud *c, const char *body, struct lnm_buf *out) {
    c->describe_images++;
    if (c->bad_rounds > 0) {
        c->bad_rounds--;
        return error_answer(out, c->status, c->code);
    }
    lnm_buf_addz(out, "<DescribeImagesResponse><requestId>r-2</requestId><imagesSet>");
    bool wanted[IMAGES] = {false};
    for (const char *at = body; (at = strstr(at, "=ami-")) != NULL; at += 5) {
        int n = atoi(at + 5);
        wanted[n < 0 || n >= IMAGES ? 0 : n] = true;
    }
    for (int n = IMAGES - 1; n >= 0; n--) { /* AWS promises no order */
        if (wanted[n] && c->state[n] != NULL) {
            one_image(out, c->state[n], n);
        }
    }
    lnm_buf_addz(out, "</imagesSet></DescribeImagesResponse>");
    return 200;
}

static int answer_snapshots(struct cloud *c, const char *body, struct lnm_buf *out) {
    c->describe_snapshots++;
    if (c->percent == NULL) {
        return error_answer(out, 403, "UnauthorizedOperation");
    }
    lnm_buf_addz(out, "<DescribeSnapshotsResponse><requestId>r-3</requestId><snapshotSet>");
    for (const char *at = body; (at = strstr(at, "=snap-")) != NULL; at += 6) {
        int n = atoi(at + 6);
        if (n < 0 || n >= IMAGES || c->state[n] == NULL) {
            continue;
        }
        bool ready = strcmp(c->state[n], "available") == 0;
        lnm_buf_addf(out,
                     "<item><snapshotId>snap-%08d</snapshotId><status>%s</status><progress>%s"
                     "</progress><volumeSize>8</volumeSize></item>",
                     n, ready ? "completed" : "pending", ready ? "100%" : c->percent);
    }
    lnm_buf_addz(out, "</snapshotSet></DescribeSnapshotsResponse>");
    return 200;
}

static int answer(struct stub *s, const char *body, struct lnm_buf *out) {
    return strstr(body, "Action=DescribeImages") != NULL ? answer_images(s->arg, body, out)
                                                         : answer_snapshots(s->arg, body, out);
}

/* ---- a hub on a clock of ours -------------------------------------------------------------------
 */
static int64_t now_us = 1000 * SECOND;
static int64_t slept_us; /* how long the machine was suspended: the monotonic clock stood still */

static int64_t fake_mono(void *arg) {
    (void)arg;
    return now_us;
}

static int64_t fake_wall(void *arg) {
    (void)arg;
    return INT64_C(1764000000) * SECOND + now_us + slept_us;
}

struct fixture {
    struct cloud cloud;
    struct stub stub;
    struct lnm_loop *loop;
    struct lnm_hub *hub;
    struct lnm_session *session;
    struct lnm_wait *waits[IMAGES];
    int done;
    int told[IMAGES]; /* which image was told about as the n-th */
};

static void on_done(void *arg, struct lnm_wait *w) {
    struct fixture *f = arg;
    f->told[f->done++ % IMAGES] = atoi(lnm_wait_id(w) + 4);
}

static int setup(void **state) {
    static const struct lnm_clock clock = {fake_wall, fake_mono, NULL};
    struct fixture *f = calloc(1, sizeof *f);
    struct lnm_err err;
    assert_non_null(f);
    (void)setenv("AWS_MAX_ATTEMPTS", "1", 1); /* a round that fails is a round that fails */
    (void)setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    (void)setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    lnm_clock_set(&clock);
    f->cloud.percent = "0%";
    stub_start(&f->stub, answer, &f->cloud);
    assert_int_equal(lnm_loop_new(&f->loop, &err), 0);
    assert_int_equal(lnm_hub_new(&f->hub, f->loop, &err), 0);
    struct lnm_session_options o = {.region = "us-east-1",
                                    .endpoint_url = f->stub.url,
                                    .access_key_id = "AKIDEXAMPLE",
                                    .secret_access_key = "secret"};
    assert_int_equal(lnm_session_new(&f->session, f->loop, &o, &err), 0);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < IMAGES; i++) {
        lnm_wait_free(f->waits[i]);
    }
    lnm_hub_free(f->hub);
    lnm_session_unref(f->session);
    lnm_loop_free(f->loop);
    stub_stop(&f->stub);
    lnm_clock_set(NULL);
    free(f);
    return 0;
}

static void wait_for(struct fixture *f, int n, int64_t deadline_us) {
    char id[32];
    struct lnm_err err;
    (void)snprintf(id, sizeof id, "ami-%08d", n);
    struct lnm_wait_options o = {.kind = LNM_WAIT_IMAGE, .id = id, .deadline_us = deadline_us};
    assert_int_equal(lnm_wait_start(&f->waits[n], f->hub, f->session, &o, on_done, f, &err), 0);
}

static bool asks(const struct fixture *f) {
    for (size_t i = 0; i < LNM_HUB_GROUPS; i++) {
        for (const struct lnm_wait_group *g = f->hub->groups[i]; g != NULL; g = g->next) {
            if (g->call != NULL) {
                return true;
            }
        }
    }
    return false;
}

/* Steps of the loop; when no question is under way the clock jumps to what is due next. */
static void run(struct fixture *f, int64_t seconds, int until_done) {
    struct lnm_err err;
    int64_t end = now_us + seconds * SECOND;
    while (now_us < end && f->done < until_done) {
        bool asked = asks(f);
        int happened = lnm_loop_step(f->loop, asked ? 3 : 0, &err);
        assert_true(happened >= 0);
        if (happened == 0) {
            int ms = asked ? 10 : lnm_loop_timeout_ms(f->loop);
            now_us += (ms < 0 || ms > 1000 ? 1000 : ms == 0 ? 1 : ms) * (SECOND / 1000);
        }
    }
}

static int result(struct fixture *f, int n, struct lnm_err *err) {
    assert_true(lnm_wait_done(f->waits[n]));
    return lnm_wait_result(f->waits[n], err);
}

/* ---- tests --------------------------------------------------------------------------------------
 */
static void test_one_call_for_all(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < 150; i++) {
        f->cloud.state[i] = "available";
        wait_for(f, i, 0);
    }
    run(f, 60, 150);
    assert_int_equal(f->done, 150);
    assert_int_equal(f->cloud.describe_images, 1);
    assert_int_equal(f->cloud.describe_snapshots, 0);
    for (int i = 0; i < 150; i++) {
        assert_int_equal(result(f, i, NULL), 0);
    }
}

static void test_batches(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < IMAGES; i++) {
        f->cloud.state[i] = "available";
        wait_for(f, i, 0);
    }
    run(f, 60, IMAGES);
    assert_int_equal(f->done, IMAGES);
    assert_int_equal(f->cloud.describe_images, 3); /* 200 ids a call */
}

static void test_two_waits_for_one_id(void **state) {
    struct fixture *f = *state;
    struct lnm_wait *other;
    struct lnm_err err;
    struct lnm_wait_options o = {.kind = LNM_WAIT_IMAGE, .id = "ami-00000001"};
    f->cloud.state[1] = "pending"; /* an answer shows it once, both are told */
    wait_for(f, 1, 0);
    assert_int_equal(lnm_wait_start(&other, f->hub, f->session, &o, on_done, f, &err), 0);
    run(f, 900, 2);
    assert_int_equal(f->done, 0);
    f->cloud.state[1] = "available";
    run(f, 200, 2);
    /* Each answer shows an image once: the second wait is found in the same or in the next round.
     */
    assert_int_equal(f->done, 2);
    assert_int_equal(lnm_wait_result(other, &err), 0);
    lnm_wait_free(other);
}

static void test_throttling_ends_nothing(void **state) {
    struct fixture *f = *state;
    f->cloud.state[0] = "available";
    f->cloud.status = 503;
    f->cloud.code = "RequestLimitExceeded";
    f->cloud.bad_rounds = 5;
    wait_for(f, 0, 0);
    run(f, 600, 1);
    assert_int_equal(f->done, 1);
    assert_int_equal(result(f, 0, NULL), 0);
    assert_int_equal(f->cloud.describe_images, 6);
}

static void test_denied_ends_at_once(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    f->cloud.status = 403;
    f->cloud.code = "UnauthorizedOperation";
    f->cloud.bad_rounds = 1;
    wait_for(f, 0, 0);
    run(f, 600, 1);
    assert_int_equal(result(f, 0, &err), LNM_ESERVICE);
    assert_string_equal(err.name, "UnauthorizedOperation");
    assert_int_equal(f->cloud.describe_images, 1);
}

static void test_not_visible_yet(void **state) {
    struct fixture *f = *state;
    wait_for(f, 7, 0);
    run(f, 30, 1);
    assert_int_equal(f->done, 0);
    f->cloud.state[7] = "available";
    run(f, 300, 1);
    assert_int_equal(result(f, 7, NULL), 0);
}

static void test_never_visible(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    wait_for(f, 7, 0);
    run(f, 900, 1);
    assert_int_equal(result(f, 7, &err), LNM_ENOTFOUND);
    assert_string_equal(err.name, "NotFound");
}

static void test_vanished_fails_alone(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    f->cloud.state[1] = f->cloud.state[2] = "pending";
    wait_for(f, 1, 0);
    wait_for(f, 2, 0);
    run(f, 20, 2);
    f->cloud.state[1] = NULL;
    run(f, 300, 1);
    assert_int_equal(result(f, 1, &err), LNM_ENOTFOUND);
    assert_string_equal(err.name, "Gone");
    f->cloud.state[2] = "available";
    run(f, 300, 2);
    assert_int_equal(result(f, 2, NULL), 0);
}

static void test_failure_carries_the_reason(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    f->cloud.state[3] = "failed";
    wait_for(f, 3, 0);
    run(f, 60, 1);
    assert_int_equal(result(f, 3, &err), LNM_EFAILED);
    assert_non_null(strstr(err.message, "Copy image failed with an internal error"));
}

static void test_deadline(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    f->cloud.state[0] = "pending";
    int64_t began = now_us;
    wait_for(f, 0, 3600 * SECOND);
    run(f, 7200, 1);
    assert_int_equal(result(f, 0, &err), LNM_ETIMEOUT);
    assert_in_range((now_us - began) / SECOND, 3600, 3640);
    /* An hour without progress: about one round in thirty seconds, never more. */
    assert_in_range(f->cloud.describe_images + f->cloud.describe_snapshots, 100, 160);
    /* The image itself is not forgotten: it may fail or go while its snapshots say nothing. */
    assert_true(f->cloud.describe_images >= 15);
}

/* Time that the machine sleeps is not waited: what is left of a deadline is left afterwards. */
static void test_a_deadline_survives_a_suspended_machine(void **state) {
    struct fixture *f = *state;
    f->cloud.state[0] = "pending";
    wait_for(f, 0, 3600 * SECOND);
    run(f, 1000, 1);
    slept_us = 8 * 3600 * SECOND;
    run(f, 1000, 1);
    assert_int_equal(f->done, 0);
    f->cloud.state[0] = "available";
    run(f, 200, 1);
    assert_int_equal(result(f, 0, NULL), 0);
    slept_us = 0;
}

/* A process that was stopped past its deadline looks once more before it gives up. */
static void test_a_last_look_after_a_stop(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    for (int i = 0; i < 2; i++) {
        f->cloud.state[i] = "pending";
        wait_for(f, i, 3600 * SECOND);
    }
    run(f, 1000, 2);
    f->cloud.state[0] = "available";
    now_us += 8 * 3600 * SECOND;
    run(f, 600, 2);
    assert_int_equal(result(f, 0, NULL), 0);
    assert_int_equal(result(f, 1, &err), LNM_ETIMEOUT);
}

static void test_progress(void **state) {
    struct fixture *f = *state;
    f->cloud.state[4] = "pending";
    f->cloud.percent = "40%";
    wait_for(f, 4, 0);
    assert_int_equal(lnm_wait_progress(f->waits[4]), -1);
    run(f, 10, 1);
    assert_int_equal(lnm_wait_progress(f->waits[4]), 40);
    assert_string_equal(lnm_wait_state(f->waits[4]), "pending");
    f->cloud.state[4] = "available";
    run(f, 300, 1);
    assert_int_equal(lnm_wait_progress(f->waits[4]), 100);
}

static void test_progress_denied(void **state) {
    struct fixture *f = *state;
    f->cloud.state[4] = "pending";
    f->cloud.percent = NULL;
    wait_for(f, 4, 0);
    run(f, 100, 1);
    assert_int_equal(f->cloud.describe_snapshots, 1); /* asked once, then never again */
    f->cloud.state[4] = "available";
    run(f, 300, 1);
    assert_int_equal(result(f, 4, NULL), 0);
}

static void test_newcomer_does_not_wait_a_round(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    f->cloud.state[0] = "pending";
    f->cloud.state[1] = "available";
    wait_for(f, 0, 0);
    run(f, 300, 1); /* rounds are far apart by now */
    int64_t began = now_us;
    while (f->stub.requests % 2 == 0) { /* until a question has just been sent */
        int happened = lnm_loop_step(f->loop, 0, &err);
        assert_true(happened >= 0);
        now_us += happened == 0 ? SECOND : 0;
    }
    began = now_us;
    wait_for(f, 1, 0);
    run(f, 100, 1);
    assert_int_equal(result(f, 1, NULL), 0);
    assert_true(now_us - began <= 3 * SECOND);
}

static void test_freed_while_asked(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    f->cloud.state[0] = "pending";
    wait_for(f, 0, 0);
    assert_true(lnm_loop_step(f->loop, 0, &err) >= 0);
    lnm_wait_free(f->waits[0]);
    f->waits[0] = NULL;
    run(f, 5, 1);
    assert_int_equal(f->done, 0);
    assert_int_equal(lnm_loop_pending(f->loop), 0);
}

static void test_told_in_order_of_arrival(void **state) {
    struct fixture *f = *state;
    static const int order[] = {40, 7, 99, 3, 55};
    for (int i = 0; i < 5; i++) {
        f->cloud.state[order[i]] = "available";
        wait_for(f, order[i], 0);
    }
    run(f, 60, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(f->told[i], order[i]);
    }
}

static void test_a_lagging_replica_ends_nothing(void **state) {
    struct fixture *f = *state;
    f->cloud.state[1] = "pending";
    f->cloud.percent = NULL;
    wait_for(f, 1, 0);
    run(f, 20, 1);
    int asked = f->cloud.describe_images;
    f->cloud.state[1] = NULL; /* one answer does not show it */
    while (f->cloud.describe_images == asked) {
        run(f, 1, 1);
    }
    f->cloud.state[1] = "available";
    run(f, 300, 1);
    assert_int_equal(result(f, 1, NULL), 0);
}

static void test_sessions_of_one_account_and_region_are_asked_for_together(void **state) {
    struct fixture *f = *state;
    struct lnm_session *again, *elsewhere;
    struct lnm_wait *same, *far;
    struct lnm_err err;
    struct lnm_wait_options o = {.kind = LNM_WAIT_IMAGE, .id = "ami-00000002"};
    f->cloud.state[1] = f->cloud.state[2] = "available";
    assert_int_equal(lnm_session_in_region(&again, f->session, "us-east-1", &err), 0);
    assert_int_equal(lnm_session_in_region(&elsewhere, f->session, "eu-west-1", &err), 0);
    wait_for(f, 1, 0);
    assert_int_equal(lnm_wait_start(&same, f->hub, again, &o, on_done, f, &err), 0);
    run(f, 60, 2);
    assert_int_equal(f->cloud.describe_images, 1);
    assert_int_equal(lnm_wait_start(&far, f->hub, elsewhere, &o, on_done, f, &err), 0);
    run(f, 60, 3);
    assert_int_equal(f->cloud.describe_images, 2);
    lnm_wait_free(same);
    lnm_wait_free(far);
    lnm_session_unref(again);
    lnm_session_unref(elsewhere);
}

/* Its end was near once; a snapshot that hangs at 99 % for hours is not asked about every two
 * seconds. */
static void test_stuck_at_the_end(void **state) {
    struct fixture *f = *state;
    f->cloud.state[0] = "pending";
    f->cloud.percent = "99%";
    wait_for(f, 0, 6 * 3600 * SECOND);
    run(f, 7 * 3600, 1);
    assert_int_equal(result(f, 0, NULL), LNM_ETIMEOUT);
    assert_in_range(f->cloud.describe_images + f->cloud.describe_snapshots, 600, 900);
}

static void end_the_other(void *arg, struct lnm_wait *w) {
    struct fixture *f = arg;
    (void)w;
    lnm_wait_free(f->waits[1]);
    f->waits[1] = NULL;
    wait_for(f, 2, 0);
    f->done++;
}

static void test_a_callback_frees_and_starts_others(void **state) {
    struct fixture *f = *state;
    struct lnm_err err;
    struct lnm_wait *first;
    struct lnm_wait_options o = {.kind = LNM_WAIT_IMAGE, .id = "ami-00000000"};
    f->cloud.state[0] = f->cloud.state[1] = f->cloud.state[2] = "available";
    assert_int_equal(lnm_wait_start(&first, f->hub, f->session, &o, end_the_other, f, &err), 0);
    wait_for(f, 1, 0); /* ends in the same answer, and is freed before it is told */
    run(f, 60, 2);
    assert_int_equal(f->done, 2);
    assert_int_equal(result(f, 2, NULL), 0);
    assert_int_equal(f->cloud.describe_images, 2);
    lnm_wait_free(first);
}

#define HUB_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        HUB_TEST(test_one_call_for_all),
        HUB_TEST(test_batches),
        HUB_TEST(test_two_waits_for_one_id),
        HUB_TEST(test_throttling_ends_nothing),
        HUB_TEST(test_denied_ends_at_once),
        HUB_TEST(test_not_visible_yet),
        HUB_TEST(test_never_visible),
        HUB_TEST(test_vanished_fails_alone),
        HUB_TEST(test_failure_carries_the_reason),
        HUB_TEST(test_deadline),
        HUB_TEST(test_a_deadline_survives_a_suspended_machine),
        HUB_TEST(test_a_last_look_after_a_stop),
        HUB_TEST(test_progress),
        HUB_TEST(test_progress_denied),
        HUB_TEST(test_newcomer_does_not_wait_a_round),
        HUB_TEST(test_freed_while_asked),
        HUB_TEST(test_told_in_order_of_arrival),
        HUB_TEST(test_a_lagging_replica_ends_nothing),
        HUB_TEST(test_sessions_of_one_account_and_region_are_asked_for_together),
        HUB_TEST(test_stuck_at_the_end),
        HUB_TEST(test_a_callback_frees_and_starts_others),
    };
    return cmocka_run_group_tests_name("hub", tests, NULL, NULL);
}
