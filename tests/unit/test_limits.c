/* What an account may ask: token buckets, the adaptive rate, slots for copies - on a clock that the
 * test moves. */
#include "stub.h"

#include "base/clock.h"
#include "client/call.h"
#include "client/hub_internal.h"
#include "client/internal.h"
#include "client/limits.h"

#define SECOND INT64_C(1000000)
#define COPIES 1000

static int64_t now_us = 1000 * SECOND;

static int64_t fake_mono(void *arg) {
    (void)arg;
    return now_us;
}

static int64_t fake_wall(void *arg) {
    (void)arg;
    return INT64_C(1764000000) * SECOND + now_us;
}

static const struct lnm_clock fake_clock = {fake_wall, fake_mono, NULL};

/* ---- buckets ------------------------------------------------------------------------------------
 */

/* The service's bucket, which sees each request a while after it was sent. */
struct service {
    struct lnm_bucket bucket; /* ours */
    double tokens, capacity, rate;
    int64_t refilled_us, late_us;
    int sent, throttled;
};

static void arrives(void *arg) {
    struct service *s = arg;
    s->late_us = (s->late_us * 31 + 7919) % 200000; /* 0 to 200 ms */
    int64_t at = now_us + s->late_us;
    if (at > s->refilled_us) {
        s->tokens += s->rate * (double)(at - s->refilled_us) / 1e6;
        s->tokens = s->tokens > s->capacity ? s->capacity : s->tokens;
        s->refilled_us = at;
    }
    s->sent++;
    s->tokens < 1 ? s->throttled++ : (s->tokens -= 1);
}

/* Step the loop by its own timers, the clock jumping from one to the next. */
static void run_timers(struct lnm_loop *loop, const int *count, int until) {
    struct lnm_err err;
    while (*count < until) {
        int ms = lnm_loop_timeout_ms(loop);
        assert_true(ms >= 0);
        now_us += (int64_t)ms * 1000;
        assert_true(lnm_loop_step(loop, 0, &err) >= 0);
    }
}

static void test_a_thousand_copies_keep_within_the_bucket(void **state) {
    static struct lnm_turn turns[COPIES];
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("CopyImage"));
    const struct lnm_throttle *t = lnm_throttle_of(op, NULL);
    struct service s = {.tokens = t->capacity, .capacity = t->capacity, .rate = t->rate};
    struct lnm_loop *loop;
    struct lnm_err err;
    (void)state;
    lnm_clock_set(&fake_clock);
    assert_int_equal(lnm_loop_new(&loop, &err), 0);
    lnm_bucket_init(&s.bucket, loop, t->capacity, t->rate);
    int64_t began = s.refilled_us = now_us;
    for (int i = 0; i < COPIES; i++) {
        if (lnm_bucket_take(&s.bucket, &turns[i], arrives, &s)) {
            arrives(&s);
        }
    }
    run_timers(loop, &s.sent, COPIES);
    double took = (double)(now_us - began) / 1e6, best = (COPIES - t->capacity) / t->rate;
    assert_true(s.throttled < COPIES / 100); /* under 1 % */
    assert_true(took <= best * 1.05);        /* and near what the bucket allows at all */
    assert_int_equal(lnm_loop_pending(loop), 0);
    lnm_bucket_close(&s.bucket);
    lnm_loop_free(loop);
    lnm_clock_set(NULL);
}

static void note(void *arg) {
    int *count = arg;
    ++*count;
}

static void test_who_leaves_takes_no_token(void **state) {
    struct lnm_loop *loop;
    struct lnm_bucket b;
    struct lnm_turn turns[3];
    struct lnm_err err;
    int count = 0;
    (void)state;
    lnm_clock_set(&fake_clock);
    assert_int_equal(lnm_loop_new(&loop, &err), 0);
    lnm_bucket_init(&b, loop, 2, 1);
    assert_true(lnm_bucket_take(&b, &turns[0], note, &count));
    for (int i = 0; i < 3; i++) {
        assert_false(lnm_bucket_take(&b, &turns[i], note, &count));
    }
    lnm_turn_leave(&turns[1]);
    int64_t began = now_us;
    run_timers(loop, &count, 2);
    assert_int_equal(count, 2);
    assert_true(now_us - began < 5 * SECOND / 2); /* two tokens, not three */
    now_us += 10 * SECOND;
    lnm_bucket_empty(&b); /* throttled all the same: others draw on it */
    assert_false(lnm_bucket_take(&b, &turns[0], note, &count));
    lnm_bucket_close(&b);
    lnm_loop_free(loop);
    lnm_clock_set(NULL);
}

/* The table of "Request throttling"; narrowed: the request names a page's size. */
static void test_rows_of_the_buckets(void **state) {
    static const struct {
        const char *action;
        double whole[2], narrowed[2];
    } rows[] = {
        {"DescribeImages", {100, 20}, {100, 20}},
        {"DescribeInstances", {50, 10}, {100, 20}},
        {"DescribeInstanceStatus", {50, 10}, {100, 20}},
        {"DescribeSnapshots", {50, 10}, {100, 20}},
        {"DescribeVolumes", {50, 10}, {100, 20}},
        {"CreateImage", {50, 5}, {50, 5}},
        {"CopyImage", {100, 1}, {100, 1}},
        {"CopySnapshot", {50, 5}, {50, 5}},
        {"CreateSnapshot", {100, 5}, {100, 5}},
        {"CreateSnapshots", {100, 5}, {100, 5}},
        {"CreateVolume", {100, 5}, {100, 5}},
        {"DeleteSnapshot", {100, 5}, {100, 5}},
        {"DeleteVolume", {100, 5}, {100, 5}},
        {"DeregisterImage", {100, 5}, {100, 5}},
        {"ModifyImageAttribute", {100, 5}, {100, 5}},
        {"ModifySnapshotAttribute", {100, 5}, {100, 5}},
        {"TerminateInstances", {100, 5}, {100, 5}},
        {"StopInstances", {50, 5}, {50, 5}},
        {"CreateTags", {100, 10}, {100, 10}},
        {"DeleteTags", {100, 10}, {100, 10}},
        {"RunInstances", {5, 2}, {5, 2}},
        {"StartInstances", {5, 2}, {5, 2}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, lnm_str_z(rows[i].action));
        for (int narrow = 0; narrow < 2; narrow++) {
            struct lnm_record in;
            const double *expected = narrow != 0 ? rows[i].narrowed : rows[i].whole;
            assert_int_equal(lnm_record_init(&in, op->input, 4096), 0);
            if (narrow != 0 && lnm_type_member(op->input, LNM_STR("max_results")) != NULL) {
                lnm_record_set_int(&in, "max_results", 100);
            }
            lnm_record_close(&in);
            assert_true(lnm_throttle_of(op, &in)->capacity == expected[0]);
            assert_true(lnm_throttle_of(op, &in)->rate == expected[1]);
            lnm_record_free(&in);
        }
    }
    assert_null(lnm_throttle_of(lnm_operation_find(&lnm_kms, LNM_STR("DescribeKey")), NULL));
}

/* ---- the adaptive rate --------------------------------------------------------------------------
 */
static void test_the_adaptive_rate_falls_and_grows_again(void **state) {
    struct lnm_adaptive a = {0};
    int64_t now = 1000 * SECOND;
    (void)state;
    for (int i = 0; i < 100; i++) { /* 20 a second, none throttled: nothing is limited */
        assert_int_equal(lnm_adaptive_take(&a, now), 0);
        lnm_adaptive_answer(&a, now, false);
        now += SECOND / 20;
    }
    assert_false(a.enabled);
    lnm_adaptive_answer(&a, now, true);
    assert_true(a.enabled && a.rate > 10 && a.rate < 16); /* 0.7 of 20 */
    double low = a.rate;
    for (int i = 0; i < 20; i++) { /* who asks more waits longer and longer */
        (void)lnm_adaptive_take(&a, now);
    }
    assert_true(lnm_adaptive_take(&a, now) > SECOND);
    for (int i = 0; i < 200; i++) {
        now += SECOND / 15;
        lnm_adaptive_answer(&a, now, false);
    }
    assert_true(a.rate > low);
    for (int i = 0; i < 200; i++) {
        now += SECOND / 15;
        lnm_adaptive_answer(&a, now, true);
    }
    assert_true(a.rate >= 0.5 && a.rate < low); /* never to nothing */
}

/* ---- slots --------------------------------------------------------------------------------------
 */
#define QUOTA 3
#define WANTED 12

/* A region that makes so many snapshots at once; each is done when it was asked about twice. */
struct region {
    const char *refusal;
    int begun, refused, most, answered, others;
    int asked[WANTED];
};

static int under_way(const struct region *r) {
    int n = r->others;
    for (int i = 0; i < r->begun; i++) {
        n += r->asked[i] < 2;
    }
    return n;
}

static int answer_snapshot(struct region *r, const char *action, struct lnm_buf *out) {
    if (under_way(r) >= QUOTA) {
        r->refused++;
        lnm_buf_addf(out,
                     "<Response><Errors><Error><Code>%s</Code><Message>too many</Message></Error>"
                     "</Errors><RequestID>q</RequestID></Response>",
                     r->refusal);
        return 400;
    }
    lnm_buf_addf(out,
                 "<%sResponse><requestId>r</requestId><snapshotId>snap-%d</snapshotId>"
                 "</%sResponse>",
                 action, r->begun++, action);
    r->most = under_way(r) > r->most ? under_way(r) : r->most;
    return 200;
}

static int answer_region(struct stub *s, const char *body, struct lnm_buf *out) {
    struct region *r = s->arg;
    if (strstr(body, "Action=CopySnapshot") != NULL) {
        return answer_snapshot(r, "CopySnapshot", out);
    }
    if (strstr(body, "Action=CreateSnapshot") != NULL) {
        int refused = r->refused, status = answer_snapshot(r, "CreateSnapshot", out);
        for (int i = 0; r->refused > refused && i < r->begun; i++) {
            r->asked[i]++; /* begun before the first refusal: nobody asks, they end all the same */
        }
        return status;
    }
    lnm_buf_addz(out, "<DescribeSnapshotsResponse><requestId>r</requestId><snapshotSet>");
    for (const char *at = body; (at = strstr(at, "=snap-")) != NULL; at += 6) {
        int n = atoi(at + 6);
        lnm_buf_addf(out, "<item><snapshotId>snap-%d</snapshotId><status>%s</status></item>", n,
                     ++r->asked[n] >= 2 ? "completed" : "pending");
    }
    lnm_buf_addz(out, "</snapshotSet></DescribeSnapshotsResponse>");
    return 200;
}

static void copied(void *arg, struct lnm_call *call) {
    int *count = arg;
    struct lnm_err err = {0};
    const struct lnm_record *answer;
    if (lnm_call_result(call, &answer, &err) < 0) {
        print_message("%s\n", err.message);
    }
    assert_int_equal(err.code, 0);
    ++*count;
}

struct slots_fixture {
    struct region region;
    struct stub stub;
    struct lnm_loop *loop;
    struct lnm_hub *hub;
    struct lnm_session *session;
    struct lnm_call *calls[WANTED];
    int count;
};

static int setup_slots(void **state) {
    struct slots_fixture *f = calloc(1, sizeof *f);
    struct lnm_err err;
    (void)setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    (void)setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    (void)setenv("AWS_MAX_ATTEMPTS", "1", 1); /* a refusal is no attempt */
    f->region.refusal = "ResourceLimitExceeded";
    stub_start(&f->stub, answer_region, &f->region);
    assert_int_equal(lnm_loop_new(&f->loop, &err), 0);
    assert_int_equal(lnm_hub_new(&f->hub, f->loop, &err), 0);
    lnm_hub_set_pace(f->hub, 2000, 20000);
    struct lnm_session_options o = {.region = "us-east-1",
                                    .endpoint_url = f->stub.url,
                                    .access_key_id = "AKIDEXAMPLE",
                                    .secret_access_key = "secret",
                                    .hub = f->hub};
    assert_int_equal(lnm_session_new(&f->session, f->loop, &o, &err), 0);
    *state = f;
    return 0;
}

static int teardown_slots(void **state) {
    struct slots_fixture *f = *state;
    for (int i = 0; i < WANTED; i++) {
        lnm_call_free(f->calls[i]);
    }
    lnm_hub_free(f->hub);
    lnm_session_unref(f->session);
    lnm_loop_free(f->loop);
    stub_stop(&f->stub);
    free(f);
    return 0;
}

static void start_calls(struct slots_fixture *f, const char *action, const char *member,
                        const char *value, int first, int last) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, lnm_str_z(action));
    struct lnm_record input;
    struct lnm_err err;
    assert_int_equal(lnm_record_init(&input, op->input, 4096), 0);
    lnm_record_setz(&input, member, value);
    if (strcmp(action, "CopySnapshot") == 0) {
        lnm_record_setz(&input, "source_region", "us-east-1");
    }
    lnm_record_close(&input);
    for (int i = first; i < last; i++) {
        assert_int_equal(
            lnm_call_start(&f->calls[i], f->session, op, &input, copied, &f->count, &err), 0);
    }
    lnm_record_free(&input);
}

static void start_copies(struct slots_fixture *f, int n) {
    start_calls(f, "CopySnapshot", "source_snapshot_id", "snap-1", 0, n);
}

static void run_until(struct slots_fixture *f, int count) {
    struct lnm_err err;
    for (int i = 0; i < 5000 && f->count < count; i++) {
        assert_true(lnm_loop_step(f->loop, 20, &err) >= 0);
    }
    assert_int_equal(f->count, count);
}

/* ResourceLimitExceeded waits for a slot, as many copies as there may be are always under
 * way, and refusals are few. */
static void test_copies_wait_for_slots(void **state) {
    struct slots_fixture *f = *state;
    start_copies(f, WANTED);
    run_until(f, WANTED);
    assert_int_equal(f->region.begun, WANTED);
    assert_int_equal(f->region.most, QUOTA);
    /* The first burst finds the quota; after that a refusal comes by a probe only. */
    assert_true(f->region.refused <= WANTED - QUOTA + WANTED);
}

/* The same of a volume's snapshots, and of all that an account has pending. */
static void test_snapshots_wait_for_slots(void **state) {
    static const char *const refusals[] = {"ConcurrentSnapshotLimitExceeded",
                                           "PendingSnapshotLimitExceeded"};
    struct slots_fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        f->region.refusal = refusals[i];
        start_calls(f, "CreateSnapshot", "volume_id", i == 0 ? "vol-1" : "vol-2", i * WANTED / 2,
                    (i + 1) * WANTED / 2);
        run_until(f, (i + 1) * WANTED / 2);
        assert_int_equal(f->region.most, QUOTA);
        assert_true(f->region.refused > 0);
        f->region.refused = 0;
    }
}

/* A volume whose slots are taken does not hold up another's snapshots. */
static void test_each_volume_has_its_slots(void **state) {
    struct slots_fixture *f = *state;
    const struct lnm_slots_kind *kind =
        lnm_slots_kind_of(lnm_operation_find(&lnm_ec2, LNM_STR("CreateSnapshot")));
    struct lnm_limits *l = lnm_limits_of(f->session);
    struct lnm_slots *one = lnm_limits_slots(l, kind, LNM_STR("vol-1"), true);
    struct lnm_slots *two = lnm_limits_slots(l, kind, LNM_STR("vol-2"), true);
    struct lnm_turn turns[2];
    int count = 0;
    assert_ptr_not_equal(one, two);
    assert_ptr_equal(one, lnm_limits_slots(l, kind, LNM_STR("vol-1"), true));
    lnm_slots_refused(one, f->session, false);
    assert_false(lnm_slots_take(one, f->session, &turns[0], note, &count));
    assert_true(lnm_slots_take(two, f->session, &turns[1], note, &count));
    lnm_slots_give_back(two);
    lnm_turn_leave(&turns[0]);
}

static void cancel(struct slots_fixture *f, int call) {
    lnm_call_free(f->calls[call]);
    f->calls[call] = NULL;
}

/* Once the quota is known, what is more waits here: nothing of it is on its way. */
static void test_a_waiting_copy_can_be_cancelled(void **state) {
    struct slots_fixture *f = *state;
    start_copies(f, WANTED);
    run_until(f, WANTED);
    for (int i = 0; i < WANTED; i++) {
        cancel(f, i);
    }
    f->count = f->region.begun = 0;
    memset(f->region.asked, 0, sizeof f->region.asked);
    start_copies(f, WANTED);
    assert_true(lnm_loop_pending(f->loop) < WANTED);
    cancel(f, WANTED - 1);
    cancel(f, WANTED - 3);
    run_until(f, WANTED - 2);
    assert_int_equal(f->region.begun, WANTED - 2);
}

/* Another program has all slots: nothing of ours is under way whose end could be waited for. */
static void test_slots_of_others_are_probed_for(void **state) {
    struct slots_fixture *f = *state;
    f->region.others = QUOTA;
    start_copies(f, 2);
    struct lnm_err err;
    for (int i = 0; i < 5000 && f->region.refused < 4; i++) {
        assert_true(lnm_loop_step(f->loop, 20, &err) >= 0);
    }
    assert_int_equal(f->count, 0);
    f->region.others = 0;
    run_until(f, 2);
}

static void test_limits_are_the_accounts(void **state) {
    struct slots_fixture *f = *state;
    struct lnm_session *elsewhere, *same;
    struct lnm_err err;
    assert_int_equal(lnm_session_in_region(&elsewhere, f->session, "eu-west-1", &err), 0);
    assert_int_equal(lnm_session_in_region(&same, f->session, "us-east-1", &err), 0);
    assert_ptr_equal(lnm_limits_of(f->session), lnm_limits_of(same));
    assert_ptr_not_equal(lnm_limits_of(f->session), lnm_limits_of(elsewhere));
    struct lnm_limits *before = lnm_limits_of(f->session);
    (void)snprintf(f->session->root->account, sizeof f->session->root->account, "000000000001");
    assert_ptr_not_equal(lnm_limits_of(f->session), before); /* now it is known whose they are */
    assert_ptr_equal(lnm_limits_of(f->session), lnm_limits_of(same));
    lnm_session_unref(elsewhere);
    lnm_session_unref(same);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thousand_copies_keep_within_the_bucket),
        cmocka_unit_test(test_who_leaves_takes_no_token),
        cmocka_unit_test(test_rows_of_the_buckets),
        cmocka_unit_test(test_the_adaptive_rate_falls_and_grows_again),
        cmocka_unit_test_setup_teardown(test_copies_wait_for_slots, setup_slots, teardown_slots),
        cmocka_unit_test_setup_teardown(test_snapshots_wait_for_slots, setup_slots, teardown_slots),
        cmocka_unit_test_setup_teardown(test_each_volume_has_its_slots, setup_slots,
                                        teardown_slots),
        cmocka_unit_test_setup_teardown(test_a_waiting_copy_can_be_cancelled, setup_slots,
                                        teardown_slots),
        cmocka_unit_test_setup_teardown(test_slots_of_others_are_probed_for, setup_slots,
                                        teardown_slots),
        cmocka_unit_test_setup_teardown(test_limits_are_the_accounts, setup_slots, teardown_slots)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
