/* Clocks that are wrong, that jump, and that stood still while the machine slept. */
#include "world.h"

/* Ours is so far off when the run begins, with credentials of an hour; then they are
 * renewed. */
static void off_by(int64_t us) {
    world.server_ahead_us = us;
    moved_us = 0;
    struct lnm_session *s = open_session();
    call_well(s);
    int fetches = world.fetches;
    call_well(s);
    assert_int_equal(world.fetches, fetches);
    moved_us = 2 * HOUR;
    call_well(s);
    assert_int_equal(world.fetches, fetches + 1);
    lnm_session_unref(s);
}

static void test_a_clock_that_is_wrong(void **state) {
    const int64_t minute = HOUR / 60, year = 8766 * HOUR;
    (void)state;
    use_container();
    off_by(3 * minute);
    off_by(-3 * minute);
    off_by(20 * minute);
    off_by(-20 * minute);
    off_by(-2 * HOUR);  /* by our clock they have expired when they come */
    off_by(12 * year);  /* ours stands long ago */
    off_by(-12 * year); /* ours is in 2038 */
}

/* What a program and the environment say of the end is true time, which is past by our clock: the
 * service decides. */
static void test_a_clock_that_doubts_good_credentials(void **state) {
    char path[200], command[300], text[300], until[LNM_DATE_MAX];
    (void)state;
    world.server_ahead_us = -3 * HOUR;
    iso(until, server_now() + HOUR);
    (void)setenv("AWS_ACCESS_KEY_ID", "ASIAENV", 1);
    (void)setenv("AWS_SECRET_ACCESS_KEY", "planted", 1);
    (void)setenv("AWS_CREDENTIAL_EXPIRATION", until, 1);
    struct lnm_session *s = open_session();
    call_well(s);
    call_well(s);
    lnm_session_unref(s);
    (void)unsetenv("AWS_ACCESS_KEY_ID");
    (void)snprintf(text, sizeof text,
                   "{\"Version\": 1, \"AccessKeyId\": \"ASIAPROCESS\", \"SecretAccessKey\": "
                   "\"planted\", \"SessionToken\": \"t\", \"Expiration\": \"%s\"}",
                   until);
    write_file(path, "keys.json", text);
    (void)snprintf(command, sizeof command, "[default]\ncredential_process = cat %s\n", path);
    configure(command);
    s = open_session();
    call_well(s);
    call_well(s);
    moved_us = 2 * HOUR; /* now they have ended, and the program has no newer ones */
    call_refused(s, "have expired, and it has no newer ones");
    lnm_session_unref(s);
}

static void test_a_clock_that_jumps(void **state) {
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    for (int i = 1; i < 6; i++) { /* the server does not jump */
        moved_us = (i % 2 == 1 ? 20 : -20) * (HOUR / 60);
        world.server_ahead_us = -moved_us;
        call_well(s);
    }
    assert_int_equal(world.fetches, 1);
    lnm_session_unref(s);
}

/* A machine that slept for two hours; its credentials ended meanwhile. */
static void test_suspended_for_two_hours(void **state) {
    struct lnm_err err;
    int done = 0;
    const struct lnm_record *none;
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    call_well(s);
    struct lnm_call *call = start(s, &done, &err);
    moved_us = 2 * HOUR; /* while a call is under way */
    step_until(&done, 1);
    assert_int_equal(lnm_call_result(call, &none, &err), 0);
    lnm_call_free(call);
    call_well(s);
    assert_string_equal(world.signed_by, "ASIAFETCH2");
    lnm_session_unref(s);
}

/* The role's session signs by the clock that its base has learnt. */
static void test_a_role_signs_by_its_bases_clock(void **state) {
    struct lnm_role r = {.arn = "arn:aws:iam::000000000009:role/r", .duration_s = 900};
    struct lnm_session *role;
    struct lnm_err err;
    (void)state;
    use_container();
    world.server_ahead_us = -20 * (HOUR / 60);
    struct lnm_session *s = open_session();
    call_well(s);
    assert_int_equal(lnm_session_assume(&role, s, &r, &err), 0);
    world.life_us = HOUR / 4;
    int calls = world.calls;
    call_well(role);
    assert_int_equal(world.calls, calls + 1); /* not refused first */
    lnm_session_unref(role);
    lnm_session_unref(s);
}

/* The same where the monotonic clock stood still meanwhile, as Linux's does. */
static void test_suspended_with_its_clock(void **state) {
    (void)state;
    use_container();
    struct lnm_session *s = open_session();
    call_well(s);
    only_wall_us = 2 * HOUR;
    call_well(s);
    assert_string_equal(world.signed_by, "ASIAFETCH2");
    lnm_session_unref(s);
}

static void set_wall(const char *iso_date) {
    int64_t us;
    assert_int_equal(lnm_date_parse(&us, lnm_str_z(iso_date)), 0);
    only_wall_us = 0;
    only_wall_us = us - lnm_now_us();
}

/* Hours that a time zone has twice, or not at all, are nothing to UTC. */
static void test_daylight_saving_time(void **state) {
    static const char *const around[] = {"2027-03-14T06:59:59Z", "2027-03-14T07:00:01Z",
                                         "2027-11-07T05:59:59Z", "2027-11-07T06:00:01Z"};
    (void)state;
    use_container();
    (void)setenv("TZ", "America/New_York", 1);
    tzset();
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
        set_wall(around[i]);
        struct lnm_session *s = open_session();
        call_well(s);
        call_well(s);
        assert_int_equal(world.fetches, i + 1);
        lnm_session_unref(s);
    }
    (void)unsetenv("TZ");
    tzset();
}

/* A service whose clock shows the leap second, which ours knows nothing of. */
static void test_a_leap_second(void **state) {
    (void)state;
    use_container();
    set_wall("2016-12-31T22:59:59Z"); /* an hour behind: the service's time is learnt */
    world.server_ahead_us = HOUR + LNM_SECOND_US;
    world.date = "Sat, 31 Dec 2016 23:59:60 GMT";
    struct lnm_session *s = open_session();
    call_well(s);
    assert_int_equal(world.calls, 2);
    call_well(s);
    assert_int_equal(world.calls, 3);
    assert_in_range(s->root->skew_us / LNM_SECOND_US, 3595, 3605);
    lnm_session_unref(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_a_clock_that_is_wrong),
        WORLD_TEST(test_a_clock_that_doubts_good_credentials),
        WORLD_TEST(test_a_clock_that_jumps),
        WORLD_TEST(test_suspended_for_two_hours),
        WORLD_TEST(test_suspended_with_its_clock),
        WORLD_TEST(test_daylight_saving_time),
        WORLD_TEST(test_a_leap_second),
        WORLD_TEST(test_a_role_signs_by_its_bases_clock),
    };
    return cmocka_run_group_tests_name("clocks", tests, NULL, NULL);
}
