/* What the environment and the shared files say about credentials, accounts and regions. */
#include "world.h"

static void session_refused(const char *says) {
    struct lnm_session *s = NULL;
    struct lnm_err err = {0};
    struct lnm_session_options o = {0};
    assert_true(lnm_session_new(&s, loop, &o, &err) < 0);
    if (strstr(err.message, says) == NULL) {
        fail_msg("'%s' is not in '%s'", says, err.message);
    }
}

static void test_environment(void **state) {
    char until[LNM_DATE_MAX];
    (void)state;
    (void)setenv("AWS_ACCESS_KEY_ID", "ASIAENV", 1);
    (void)setenv("AWS_SECRET_ACCESS_KEY", "planted", 1);
    (void)setenv("AWS_SECURITY_TOKEN", "older-name", 1);
    iso(until, lnm_now_us() + HOUR);
    (void)setenv("AWS_CREDENTIAL_EXPIRATION", until, 1);
    struct lnm_session *s = open_session();
    call_well(s);
    assert_string_equal(world.security_token, "older-name");
    assert_true(lnm_session_creds_expiry_us(s) > lnm_now_us());
    lnm_session_unref(s);
    (void)setenv("AWS_SESSION_TOKEN", "own-name", 1);
    s = open_session();
    call_well(s);
    assert_string_equal(world.security_token, "own-name");
    lnm_session_unref(s);
    (void)setenv("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z", 1);
    s = open_session(); /* it is the service that knows what time it is */
    call_well(s);
    world.expired_code = "ExpiredToken";
    world.expired_answers = 1;
    call_refused(s, "the environment, good until 2020-01-01T00:00:00Z; when they have expired");
    lnm_session_unref(s);
    (void)setenv("AWS_CREDENTIAL_EXPIRATION", "soon", 1);
    session_refused("AWS_CREDENTIAL_EXPIRATION is 'soon': say a time like");
}

static int ask_identity(struct lnm_session *s, struct lnm_err *err) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_sts, LNM_STR("GetCallerIdentity"));
    const struct lnm_record *record;
    struct lnm_record input = {0};
    struct lnm_call *call = NULL;
    int done = 0;
    assert_int_equal(lnm_record_init(&input, op->input, 0), 0);
    lnm_record_close(&input);
    assert_int_equal(lnm_call_start(&call, s, op, &input, on_done, &done, err), 0);
    lnm_record_free(&input);
    step_until(&done, 1);
    int error = lnm_call_result(call, &record, err);
    lnm_call_free(call);
    return error;
}

static void test_account_of_the_environment(void **state) {
    struct lnm_err err;
    (void)state;
    (void)setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    (void)setenv("AWS_SECRET_ACCESS_KEY", "planted", 1);
    (void)setenv("AWS_ACCOUNT_ID", "000000000001", 1);
    struct lnm_session *s = open_session();
    assert_int_equal(ask_identity(s, &err), 0);
    lnm_session_unref(s);
    (void)setenv("AWS_ACCOUNT_ID", "000000000002", 1);
    s = open_session();
    assert_int_equal(ask_identity(s, &err), LNM_ECREDS);
    assert_string_equal(err.name, "AccountChanged");
    assert_non_null(strstr(err.message, "of account 000000000001, but account 000000000002 was"));
    lnm_session_unref(s);
    (void)setenv("AWS_ACCOUNT_ID", "1", 1);
    session_refused("AWS_ACCOUNT_ID is '1': say the 12 digits of an account");
}

static void test_profile_of_the_environment(void **state) {
    (void)state;
    configure("[profile one]\naws_access_key_id = AKIDONE\naws_secret_access_key = planted\n"
              "[profile two]\naws_access_key_id = AKIDTWO\naws_secret_access_key = planted\n");
    (void)setenv("AWS_PROFILE", "one", 1);
    struct lnm_session *s = open_session();
    assert_string_equal(lnm_session_profile(s), "one");
    lnm_session_unref(s);
    (void)setenv("AWS_DEFAULT_PROFILE", "two", 1); /* botocore's order */
    s = open_session();
    assert_string_equal(lnm_session_profile(s), "two");
    lnm_session_unref(s);
    (void)setenv("AWS_DEFAULT_PROFILE", "three", 1);
    session_refused("there is no profile 'three' in the shared files");
}

static void test_flags_are_true_or_false(void **state) {
    static const char *const names[] = {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
                                        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                        "AWS_EC2_METADATA_DISABLED"};
    char says[100];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)setenv(names[i], "yes", 1);
        (void)snprintf(says, sizeof says, "%s is 'yes': say true or false", names[i]);
        session_refused(says);
        (void)unsetenv(names[i]);
    }
    (void)setenv("AWS_STS_REGIONAL_ENDPOINTS", "global", 1);
    session_refused("AWS_STS_REGIONAL_ENDPOINTS is 'global': say regional or legacy");
    (void)unsetenv("AWS_STS_REGIONAL_ENDPOINTS");
    configure("[default]\n\nuse_fips_endpoint = 1\n");
    session_refused("config:3: use_fips_endpoint is '1': say true or false");
    configure("[default]\nretry_mode = eager\n");
    session_refused("config:2: retry_mode is 'eager': say standard or adaptive");
    configure("[default]\ndefaults_mode = slow\n");
    session_refused("config:2: defaults_mode is 'slow': say legacy, standard, in-region");
    configure("[default]\nuse_fips_endpoint = False\nuse_dualstack_endpoint = FALSE\n");
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.url, 1);
    lnm_session_unref(open_session());
    (void)setenv("AWS_EC2_METADATA_V1_DISABLED", "0", 1);
    struct lnm_session *s = open_session();
    call_refused(s, "AWS_EC2_METADATA_V1_DISABLED is '0': say true or false");
    lnm_session_unref(s);
}

static void test_numbers_are_numbers(void **state) {
    (void)state;
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.url, 1);
    configure("[default]\nmetadata_service_timeout = soon\n");
    struct lnm_session *s = open_session();
    call_refused(s, "config:2: metadata_service_timeout is 'soon': say a whole number from 1 to "
                    "3600");
    lnm_session_unref(s);
    (void)setenv("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "0", 1);
    s = open_session();
    call_refused(s, "AWS_METADATA_SERVICE_NUM_ATTEMPTS is '0': say a whole number from 1 to 100");
    lnm_session_unref(s);
    (void)unsetenv("AWS_METADATA_SERVICE_NUM_ATTEMPTS");
    (void)setenv("AWS_MAX_ATTEMPTS", "many", 1);
    session_refused("AWS_MAX_ATTEMPTS is 'many': say a whole number from 1 to 100");
    (void)unsetenv("AWS_MAX_ATTEMPTS");
    configure("[default]\nmax_attempts = 101\n");
    session_refused("config:2: max_attempts is '101': say a whole number from 1 to 100");
}

static void test_region_of_the_instance(void **state) {
    (void)state;
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.url, 1);
    (void)unsetenv("AWS_REGION");
    world.region_text = "us-gov-east-1\n";
    struct lnm_session *s = open_session();
    assert_true(lnm_session_seeks_region(s));
    assert_string_equal(lnm_session_region(s), "");
    call_well(s);
    assert_string_equal(lnm_session_region(s), "us-gov-east-1");
    assert_string_equal(world.paths, "PUT GET+ GET+ GET+ ");
    moved_us = 2 * HOUR; /* once is enough */
    world.paths[0] = '\0';
    call_well(s);
    assert_string_equal(world.paths, "PUT GET+ GET+ ");
    lnm_session_unref(s);
    world.region_text = "<html>";
    s = open_session();
    call_refused(s, "no region: say region");
    lnm_session_unref(s);
    use_container(); /* others' credentials: no such question */
    s = open_session();
    assert_false(lnm_session_seeks_region(s));
    call_refused(s, "no region: say region");
    lnm_session_unref(s);
}

/* The same where the instance's credentials assume the profile's role, and that one another. */
static void test_region_of_an_instance_that_assumes_roles(void **state) {
    (void)state;
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.url, 1);
    (void)unsetenv("AWS_REGION");
    configure("[default]\nrole_arn = arn:aws:iam::000000000009:role/last\nsource_profile = mid\n"
              "[profile mid]\nrole_arn = arn:aws:iam::000000000009:role/mid\n"
              "credential_source = Ec2InstanceMetadata\n");
    world.region_text = "us-gov-east-1";
    struct lnm_session *s = open_session();
    assert_true(lnm_session_seeks_region(s));
    call_well(s);
    assert_string_equal(lnm_session_region(s), "us-gov-east-1");
    assert_string_equal(world.signed_by, "ASIAROLE2");
    lnm_session_unref(s);
    (void)setenv("AWS_REGION", "us-east-2", 1); /* unless something says one */
    s = open_session();
    assert_false(lnm_session_seeks_region(s));
    call_well(s);
    assert_string_equal(lnm_session_region(s), "us-east-2");
    lnm_session_unref(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_environment),
        WORLD_TEST(test_account_of_the_environment),
        WORLD_TEST(test_profile_of_the_environment),
        WORLD_TEST(test_flags_are_true_or_false),
        WORLD_TEST(test_numbers_are_numbers),
        WORLD_TEST(test_region_of_the_instance),
        WORLD_TEST(test_region_of_an_instance_that_assumes_roles),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
