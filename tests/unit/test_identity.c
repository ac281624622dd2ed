/* Credentials while a session lives: fetched once for all, renewed before they expire, kept when
 * that fails, of one account only. */
#include "world.h"

#include "client/hub.h"

static void test_one_fetch_for_all(void **state) {
    struct lnm_call *calls[10];
    struct lnm_err err;
    int done = 0;
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    assert_int_equal(world.fetches, 0); /* nothing is touched before it is needed */
    assert_int_equal(lnm_session_access_key_id(s).len, 0);
    for (int i = 0; i < 10; i++) {
        calls[i] = start(s, &done, &err);
        assert_non_null(calls[i]);
    }
    step_until(&done, 10);
    for (int i = 0; i < 10; i++) {
        lnm_call_free(calls[i]);
    }
    assert_int_equal(world.fetches, 1);
    assert_int_equal(world.calls, 10);
    assert_int_equal(world.identities, 0); /* a short run asks nothing more */
    lnm_session_unref(s);
}

static void test_renewed_in_the_background(void **state) {
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    call_well(s);
    moved_us = HOUR / 2;
    call_well(s);
    assert_int_equal(world.fetches, 1); /* not due */
    moved_us = HOUR - HOUR / 12;        /* five minutes before the end: due whatever the jitter */
    call_well(s);
    assert_string_equal(world.signed_by, "ASIAFETCH1"); /* nobody waited */
    settle();
    assert_int_equal(world.fetches, 2);
    assert_int_equal(world.identities, 2); /* the old ones' account, and the new ones' */
    call_well(s);
    assert_string_equal(world.signed_by, "ASIAFETCH2");
    for (int day = 1; day < 5; day++) { /* and so on for days; expired ones are waited for */
        moved_us = day * 24 * HOUR;
        call_well(s);
        assert_int_equal(world.fetches, 2 + day);
    }
    lnm_session_unref(s);
}

static void test_old_ones_serve_until_they_expire(void **state) {
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    call_well(s);
    world.fail_fetches = 100;
    moved_us = HOUR - HOUR / 12;
    call_well(s);
    settle();
    assert_int_equal(world.fetches, 2);
    call_well(s); /* not tried again at once */
    settle();
    assert_int_equal(world.fetches, 2);
    assert_string_equal(world.signed_by, "ASIAFETCH1");
    moved_us = HOUR;
    call_refused(s, "the container's credentials: it answered with status 400");
    world.fail_fetches = 0;
    call_well(s);
    lnm_session_unref(s);
}

static void test_expired_answers_renew_once(void **state) {
    static const char *const codes[] = {"ExpiredToken", "RequestExpired"};
    struct lnm_err err;
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    for (int i = 0; i < 2; i++) {
        world.expired_code = codes[i];
        world.expired_answers = 1;
        call_well(s);
        assert_int_equal(world.fetches, 2 + i);
    }
    assert_string_equal(world.signed_by, "ASIAFETCH3");
    world.expired_answers = 100;
    assert_int_equal(call_once(s, &err), LNM_ESERVICE);
    assert_int_equal(world.expired_answers, 98);
    lnm_session_unref(s);
}

static void test_fixed_ones_cannot_be_renewed(void **state) {
    (void)state;
    (void)setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    (void)setenv("AWS_SECRET_ACCESS_KEY", "planted", 1);
    struct lnm_session *s = open_session();
    world.expired_code = "ExpiredToken";
    world.expired_answers = 1;
    call_refused(s, "credentials of the environment; when they have expired, get new ones");
    assert_int_equal(world.calls, 1);
    lnm_session_unref(s);
}

static void test_expired_keys_are_read_again(void **state) {
    (void)state;
    configure("[default]\naws_access_key_id = AKIDONE\naws_secret_access_key = planted\n");
    struct lnm_session *s = open_session();
    world.expired_code = "ExpiredToken";
    world.expired_answers = 1;
    call_refused(s, "have expired, and it has no newer ones");
    configure("[default]\naws_access_key_id = AKIDTWO\naws_secret_access_key = planted\n");
    call_well(s);
    assert_string_equal(world.signed_by, "AKIDTWO");
    lnm_session_unref(s);
}

static void test_another_account_stops_everything(void **state) {
    struct lnm_err err;
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    call_well(s);
    moved_us = HOUR - HOUR / 12;
    call_well(s);
    settle(); /* pinned now */
    world.account = "000000000002";
    moved_us = 2 * HOUR;
    call_refused(s,
                 "now those of account 000000000002, but this run works in account 000000000001");
    int calls = world.calls, fetches = world.fetches;
    world.account = "000000000001";
    assert_int_equal(call_once(s, &err), LNM_ECREDS);
    assert_string_equal(err.name, "AccountChanged");
    assert_int_equal(world.calls, calls);
    assert_int_equal(world.fetches, fetches);
    lnm_session_unref(s);
}

static void test_a_role_is_assumed_again(void **state) {
    struct lnm_session *role;
    struct lnm_err err;
    struct lnm_role r = {.arn = "arn:aws:iam::000000000009:role/r",
                         .session_name = "night",
                         .external_id = "e/1",
                         .duration_s = 900};
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    assert_int_equal(lnm_session_assume(&role, s, &r, &err), 0);
    lnm_session_unref(s); /* the role's session holds it */
    call_well(role);
    assert_string_equal(world.signed_by, "ASIAROLE1");
    assert_non_null(strstr(world.sent, "ExternalId=e%2F1"));
    assert_non_null(strstr(world.sent, "RoleSessionName=night"));
    assert_non_null(strstr(world.sent, "DurationSeconds=900"));
    moved_us = 2 * HOUR;
    call_well(role);
    assert_string_equal(world.signed_by, "ASIAROLE2");
    assert_int_equal(world.identities, 0); /* a role's account is known from its name */
    lnm_session_unref(role);
}

static void test_a_chain_of_roles(void **state) {
    (void)state;
    configure("[default]\nrole_arn = arn:aws:iam::000000000009:role/last\nsource_profile = mid\n"
              "[profile mid]\nrole_arn = arn:aws:iam::000000000009:role/mid\n"
              "credential_source = EcsContainer\n");
    use_container();
    struct lnm_session *s = open_session();
    call_well(s);
    assert_int_equal(world.fetches, 1);
    assert_int_equal(world.roles, 2);
    assert_non_null(strstr(world.sent, "role%2Flast"));
    assert_string_equal(world.signed_by, "ASIAROLE2");
    lnm_session_unref(s);
}

static void test_let_go_in_the_middle(void **state) {
    struct lnm_err err;
    int done = 0;
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    struct lnm_call *call = start(s, &done, &err);
    lnm_call_free(call);
    lnm_session_unref(s);
    assert_int_equal(lnm_loop_pending(loop), 0);
    assert_int_equal(done, 0);
}

/* A run that lasts asks whose credentials it has while they are good: a wait, or calls for a
 * minute. */
static void test_the_account_is_known_before_they_expire(void **state) {
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    call_well(s);
    assert_int_equal(world.identities, 0);
    moved_us = HOUR / 30;
    call_well(s);
    call_well(s);
    settle();
    assert_int_equal(world.identities, 1);
    assert_int_equal(world.fetches, 1);
    world.account = "000000000002";
    moved_us = 3 * HOUR; /* expired, with nobody awake */
    call_refused(s, "but this run works in account 000000000001");
    lnm_session_unref(s);
}

static void on_wait(void *arg, struct lnm_wait *wait) {
    (void)wait;
    ++*(int *)arg;
}

/* Steps of the loop with the clock ahead by what is left until the next timer. */
static void pass(int64_t us, const int *done) {
    struct lnm_err err;
    int64_t until = moved_us + us;
    while (moved_us < until && *done == 0) {
        int happened = lnm_loop_step(loop, 2, &err);
        assert_true(happened >= 0);
        int ms = happened > 0 ? 0 : lnm_loop_timeout_ms(loop);
        moved_us += (ms < 0 || ms > 30000 ? 30000 : ms) * INT64_C(1000);
    }
}

/* Credentials of an hour, and a wait of six: renewed five times at least, and nobody notices. */
static void test_a_wait_outlives_its_credentials(void **state) {
    const struct lnm_wait_options o = {.kind = LNM_WAIT_SNAPSHOT, .id = "snap-1"};
    struct lnm_hub *hub;
    struct lnm_wait *wait;
    struct lnm_err err;
    int done = 0;
    (void)state;
    use_container();
    world.snapshot = "pending";
    assert_int_equal(lnm_hub_new(&hub, loop, &err), 0);
    struct lnm_session *s = open_session();
    assert_int_equal(lnm_wait_start(&wait, hub, s, &o, on_wait, &done, &err), 0);
    pass(6 * HOUR, &done);
    assert_int_equal(done, 0);
    assert_in_range(world.fetches, 6, 9);
    int fetches = world.fetches;
    world.expired_code = "RequestExpired"; /* and once the service says so before */
    world.expired_answers = 1;
    pass(HOUR / 12, &done);
    assert_int_equal(done, 0);
    assert_int_equal(world.fetches, fetches + 1);
    world.snapshot = "completed";
    pass(HOUR, &done);
    assert_int_equal(lnm_wait_result(wait, &err), 0);
    lnm_wait_free(wait);
    lnm_session_unref(s);
    lnm_hub_free(hub);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_one_fetch_for_all),
        WORLD_TEST(test_renewed_in_the_background),
        WORLD_TEST(test_old_ones_serve_until_they_expire),
        WORLD_TEST(test_expired_answers_renew_once),
        WORLD_TEST(test_fixed_ones_cannot_be_renewed),
        WORLD_TEST(test_expired_keys_are_read_again),
        WORLD_TEST(test_another_account_stops_everything),
        WORLD_TEST(test_a_role_is_assumed_again),
        WORLD_TEST(test_a_chain_of_roles),
        WORLD_TEST(test_let_go_in_the_middle),
        WORLD_TEST(test_the_account_is_known_before_they_expire),
        WORLD_TEST(test_a_wait_outlives_its_credentials),
    };
    return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
