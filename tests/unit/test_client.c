/* Settings, credentials and sessions: what wins over what, and what is said when something lacks.
 */
#include "vectors.h"

#include "client/session.h"
#include "client/settings.h"

#include <fcntl.h>
#include <sys/stat.h>

static const char config_text[] =
    "[default]\nregion = eu-west-1\nca_bundle = /from/config\n"
    "[profile work]\nregion=us-gov-west-1\nservices = mine\nendpoint_url = http://127.0.0.1:1\n"
    "max_attempts = 7\n"
    "[services mine]\nkms =\n  endpoint_url = http://127.0.0.1:2\n"
    "[profile half]\naws_access_key_id = AKIDHALF\n"
    "[profile role]\nrole_arn = arn:aws:iam::000000000002:role/r\nsource_profile = default\n"
    "[profile off]\nignore_configured_endpoint_urls = true\nendpoint_url = http://127.0.0.1:1\n";
static const char credentials_text[] =
    "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = planted-default-secret\n"
    "[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = planted-work-secret\n"
    "aws_session_token = planted-token\n";

static char folder[64];

static void write_file(const char *name, const char *text, const char *env) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
    assert_int_equal(setenv(env, path, 1), 0);
}

static void clear_environment(void) {
    static const char *const names[] = {"AWS_PROFILE",
                                        "AWS_ACCESS_KEY_ID",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SESSION_TOKEN",
                                        "AWS_REGION",
                                        "AWS_DEFAULT_REGION",
                                        "AWS_ENDPOINT_URL",
                                        "AWS_ENDPOINT_URL_EC2",
                                        "AWS_ENDPOINT_URL_KMS",
                                        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                        "AWS_CA_BUNDLE",
                                        "AWS_USE_FIPS_ENDPOINT",
                                        NULL};
    for (size_t i = 0; names[i] != NULL; i++) {
        (void)unsetenv(names[i]);
    }
}

static int setup(void **state) {
    struct lnm_loop *loop;
    struct lnm_err err;
    (void)snprintf(folder, sizeof folder, "/tmp/lunami-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    clear_environment();
    (void)setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    write_file("config", config_text, "AWS_CONFIG_FILE");
    write_file("credentials", credentials_text, "AWS_SHARED_CREDENTIALS_FILE");
    assert_int_equal(lnm_loop_new(&loop, &err), 0);
    *state = loop;
    return 0;
}

static int teardown(void **state) {
    char command[100];
    clear_environment();
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    lnm_loop_free(*state);
    return 0;
}

static struct lnm_session *open_session(struct lnm_loop *loop, const char *profile) {
    struct lnm_session *s = NULL;
    struct lnm_err err = {0};
    struct lnm_session_options o = {.profile = profile};
    int error = lnm_session_new(&s, loop, &o, &err);
    if (error < 0) {
        print_error("%s\n", err.message);
    }
    assert_int_equal(error, 0);
    return s;
}

static void assert_id(struct lnm_session *s, const char *id) {
    assert_true(lnm_str_is(lnm_session_access_key_id(s), id));
}

static void test_the_default_profile(void **state) {
    struct lnm_session *s = open_session(*state, NULL);
    assert_id(s, "AKIDDEFAULT");
    assert_string_equal(lnm_session_region(s), "eu-west-1");
    assert_string_equal(lnm_session_profile(s), "default");
    assert_string_equal(lnm_session_creds_source(s),
                        "profile default, its keys in the shared files");
    lnm_session_unref(s);
}

static void test_the_environment_wins(void **state) {
    (void)setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    (void)setenv("AWS_SECRET_ACCESS_KEY", "planted-env-secret", 1);
    (void)setenv("AWS_DEFAULT_REGION", "us-west-2", 1);
    struct lnm_session *s = open_session(*state, NULL);
    assert_id(s, "AKIDENV");
    assert_string_equal(lnm_session_region(s), "us-west-2");
    lnm_session_unref(s);
    (void)setenv("AWS_REGION", "us-east-2", 1);
    s = open_session(*state, NULL);
    assert_string_equal(lnm_session_region(s), "us-east-2");
    lnm_session_unref(s);
}

static void test_a_named_profile_wins_over_environment_keys(void **state) {
    (void)setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    (void)setenv("AWS_SECRET_ACCESS_KEY", "planted-env-secret", 1);
    struct lnm_session *s = open_session(*state, "work");
    assert_id(s, "AKIDWORK");
    assert_string_equal(lnm_session_region(s), "us-gov-west-1");
    lnm_session_unref(s);
    (void)unsetenv("AWS_ACCESS_KEY_ID");
    (void)setenv("AWS_PROFILE", "work", 1);
    s = open_session(*state, NULL);
    assert_id(s, "AKIDWORK");
    lnm_session_unref(s);
}

static void assert_refused(struct lnm_loop *loop, const char *profile, const char *says) {
    struct lnm_session *s = NULL;
    struct lnm_err err = {0};
    struct lnm_session_options o = {.profile = profile};
    assert_int_equal(lnm_session_new(&s, loop, &o, &err), LNM_ECREDS);
    if (strstr(err.message, says) == NULL) {
        print_error("said: %s\n", err.message);
    }
    assert_non_null(strstr(err.message, says));
    assert_null(strstr(err.message, "planted"));
}

static void test_what_is_said_when_credentials_lack(void **state) {
    assert_refused(*state, "nobody", "there is no profile 'nobody'");
    assert_refused(*state, "nobody", "work");
    assert_refused(*state, "half", "missing aws_secret_access_key");
    assert_refused(*state, "half", "config:13: ");
    (void)setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    assert_refused(*state, NULL, "AWS_SECRET_ACCESS_KEY is not");
    (void)unsetenv("AWS_ACCESS_KEY_ID");
    (void)setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/file", 1);
    assert_refused(*state, NULL, "lunami run --local");
}

static void test_a_file_that_cannot_be_read_is_named(void **state) {
    struct lnm_session *s = NULL;
    struct lnm_err err = {0};
    struct lnm_session_options o = {.region = "us-east-1"};
    (void)setenv("AWS_CONFIG_FILE", folder, 1); /* a folder */
    assert_int_equal(lnm_session_new(&s, *state, &o, &err), LNM_ECONFIG);
    assert_non_null(strstr(err.message, folder));
}

static void assert_endpoint(const struct lnm_profiles *p, const char *profile, const char *id,
                            const char *service, const char *wanted) {
    struct lnm_str url;
    struct lnm_err err;
    assert_int_equal(lnm_settings_endpoint(&url, p, profile, NULL, id, service, &err), 0);
    if (!lnm_str_is(url, wanted)) {
        print_error("%s %s: %.*s, not %s\n", profile, service, (int)url.len, url.ptr, wanted);
    }
    assert_true(lnm_str_is(url, wanted));
}

static void test_endpoints(void **state) {
    struct lnm_profiles *p;
    struct lnm_err err;
    (void)state;
    assert_int_equal(lnm_settings_load(&p, &err), 0);
    assert_endpoint(p, "work", "EC2", "ec2", "http://127.0.0.1:1");
    assert_endpoint(p, "work", "KMS", "kms", "http://127.0.0.1:2");
    assert_endpoint(p, "default", "EC2", "ec2", "");
    assert_endpoint(p, "off", "EC2", "ec2", "");
    (void)setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:3", 1);
    assert_endpoint(p, "default", "EC2", "ec2", "http://127.0.0.1:3");
    (void)setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:4", 1);
    assert_endpoint(p, "work", "KMS", "kms", "http://127.0.0.1:4");
    (void)setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true", 1);
    assert_endpoint(p, "work", "KMS", "kms", "");
    struct lnm_str url; /* said in so many words: not ignored */
    assert_int_equal(lnm_settings_endpoint(&url, p, "work", "http://[::1]:5", "EC2", "ec2", &err),
                     0);
    assert_true(lnm_str_is(url, "http://[::1]:5"));
    lnm_profiles_free(p);
}

static void test_another_region_shares_the_rest(void **state) {
    struct lnm_session *s = open_session(*state, "work"), *there;
    struct lnm_err err;
    assert_int_equal(lnm_session_in_region(&there, s, "us-gov-east-1", &err), 0);
    assert_string_equal(lnm_session_region(there), "us-gov-east-1");
    lnm_session_unref(s); /* the root lives on */
    assert_id(there, "AKIDWORK");
    assert_true(lnm_session_loop(there) == *state);
    lnm_session_unref(there);
}

static void test_signing_keys_are_cached_by_day_region_and_service(void **state) {
    struct lnm_creds *c;
    struct lnm_err err;
    const struct lnm_signing_key *a, *b;
    (void)state;
    assert_int_equal(lnm_creds_new(&c,
                                   &(struct lnm_creds_text){.id = LNM_STR("AKID"),
                                                            .secret = LNM_STR("secret"),
                                                            .token = LNM_STR("token")},
                                   "the test", &err),
                     0);
    struct lnm_str east = LNM_STR("us-east-1"), west = LNM_STR("us-west-2");
    assert_int_equal(lnm_creds_signing_key(&a, c, "20261123", east, LNM_STR("ec2"), &err), 0);
    struct lnm_signing_key first = *a;
    assert_int_equal(lnm_creds_signing_key(&b, c, "20261123", east, LNM_STR("ec2"), &err), 0);
    assert_ptr_equal(a, b);
    for (int day = 10; day < 28; day++) { /* more than the cache holds */
        char date[16];
        (void)snprintf(date, sizeof date, "202612%02d", day);
        assert_int_equal(lnm_creds_signing_key(&b, c, date, west, LNM_STR("kms"), &err), 0);
        assert_string_equal(b->date, date);
        assert_memory_not_equal(b->key, first.key, sizeof first.key);
    }
    assert_int_equal(lnm_creds_signing_key(&b, c, "20261123", east, LNM_STR("ec2"), &err), 0);
    assert_memory_equal(b->key, first.key, sizeof first.key);
    lnm_creds_unref(lnm_creds_ref(c));
    assert_true(lnm_str_is(lnm_creds_token(c), "token"));
    lnm_creds_unref(c);
}

#define CLIENT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(test_the_default_profile),
        CLIENT_TEST(test_the_environment_wins),
        CLIENT_TEST(test_a_named_profile_wins_over_environment_keys),
        CLIENT_TEST(test_what_is_said_when_credentials_lack),
        CLIENT_TEST(test_a_file_that_cannot_be_read_is_named),
        CLIENT_TEST(test_endpoints),
        CLIENT_TEST(test_another_region_shares_the_rest),
        CLIENT_TEST(test_signing_keys_are_cached_by_day_region_and_service),
    };
    return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
