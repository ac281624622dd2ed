/* Every documented setting that has a name in the environment and one in the profile: the
 * environment's goes before the profile's, which goes before the default. */
#include "world.h"

#include "net/http.h"
#include "net/internal.h"

/* ---- what a session is made of -----------------------------------------------------------------
 */

static char shown[400];

static const char *number(int64_t n) {
    (void)snprintf(shown, sizeof shown, "%lld", (long long)n);
    return shown;
}

static const char *text(const char *z) {
    (void)snprintf(shown, sizeof shown, "%s", z != NULL ? z : "none");
    return shown;
}

static const char *region(struct lnm_session *s) {
    return lnm_session_region(s);
}
static const char *fips(struct lnm_session *s) {
    return s->root->fips ? "yes" : "no";
}
static const char *dualstack(struct lnm_session *s) {
    return s->root->dualstack ? "yes" : "no";
}
static const char *sts(struct lnm_session *s) {
    return s->root->legacy_sts ? "legacy" : "regional";
}
static const char *trust(struct lnm_session *s) {
    return lnm_pool_trust(s->root->pool);
}
static const char *attempts(struct lnm_session *s) {
    return number(s->root->retry.max_attempts);
}
static const char *mode(struct lnm_session *s) {
    return s->root->retry.adaptive ? "adaptive" : "standard";
}
static const char *connect_ms(struct lnm_session *s) {
    return number(s->root->pool->connect_timeout_ms);
}
static const char *endpoint(struct lnm_session *s) {
    const struct lnm_place *place;
    struct lnm_err err;
    assert_int_equal(lnm_session__place(&place, s, &lnm_ec2, &err), 0);
    assert_int_equal(lnm_session_is_loopback(s), place->custom);
    return text(place->custom ? place->url : "none");
}
static const char *key_id(struct lnm_session *s) {
    (void)snprintf(shown, sizeof shown, "%.*s", (int)lnm_session_access_key_id(s).len,
                   lnm_session_access_key_id(s).ptr);
    return shown;
}

/* ---- what a source is asked with ---------------------------------------------------------------
 */

static int64_t asked_ms; /* the time that instance metadata had for an answer, the last time */

int __real_lnm_http_start(struct lnm_http **out, struct lnm_loop *l,
                          const struct lnm_http_request *request, struct lnm_err *err);
int __wrap_lnm_http_start(struct lnm_http **out, struct lnm_loop *l,
                          const struct lnm_http_request *request, struct lnm_err *err);

int __wrap_lnm_http_start(struct lnm_http **out, struct lnm_loop *l,
                          const struct lnm_http_request *request, struct lnm_err *err) {
    asked_ms = strstr(request->url, "/latest/") != NULL ? request->timeout_ms : asked_ms;
    return __real_lnm_http_start(out, l, request, err);
}

static const char *asks(struct lnm_session *s) {
    struct lnm_err err;
    world.paths[0] = '\0';
    (void)call_once(s, &err);
    return text(world.paths);
}

static const char *metadata_ms(struct lnm_session *s) {
    (void)asks(s);
    return number(asked_ms);
}

static const char *role_name(struct lnm_session *s) {
    call_well(s);
    const char *name = strstr(world.sent, "RoleSessionName=");
    assert_non_null(name);
    name += strlen("RoleSessionName=");
    bool own = strncmp(name, "lunami-", 7) == 0;
    (void)snprintf(shown, sizeof shown, "%.*s", own ? 6 : (int)strcspn(name, "&"), name);
    return shown;
}

/* ---- the table ---------------------------------------------------------------------------------
 */

#define KEYS "aws_access_key_id = AKIDFILE\naws_secret_access_key = planted\n"
#define PLACED KEYS "region = us-east-1\n"
#define URL_A "http://127.0.0.1:1"
#define URL_B "http://127.0.0.1:2"
#define GETS "PUT GET+ "

static const struct setting {
    const char *env, *property;
    const char *a, *b;                  /* two values */
    const char *seen_a, *seen_b, *none; /* what they come to, and what nothing does */
    const char *(*read)(struct lnm_session *s);
    const char *profile; /* the profile's other lines; NULL: no keys, instance metadata is asked */
} settings[] = {
    {"AWS_REGION", "region", "eu-west-1", "us-gov-east-1", "eu-west-1", "us-gov-east-1", "", region,
     KEYS},
    {"AWS_DEFAULT_REGION", "region", "eu-west-1", "us-gov-east-1", "eu-west-1", "us-gov-east-1", "",
     region, KEYS},
    {"AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", "true", "FALSE", "yes", "no", "no", fips, KEYS},
    {"AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", "TRUE", "false", "yes", "no", "no",
     dualstack, KEYS},
    {"AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints", "legacy", "regional", "legacy",
     "regional", "regional", sts, KEYS},
    {"AWS_CA_BUNDLE", "ca_bundle", "/a.pem", "/b.pem", "/a.pem", "/b.pem", NULL, trust, KEYS},
    {"AWS_MAX_ATTEMPTS", "max_attempts", "7", "2", "7", "2", "3", attempts, KEYS},
    {"AWS_RETRY_MODE", "retry_mode", "adaptive", "standard", "adaptive", "standard", "standard",
     mode, KEYS},
    {"AWS_DEFAULTS_MODE", "defaults_mode", "in-region", "mobile", "1100", "30000", "10000",
     connect_ms, KEYS},
    {"AWS_ENDPOINT_URL", "endpoint_url", URL_A, URL_B, URL_A, URL_B, "none", endpoint, PLACED},
    {"AWS_ENDPOINT_URL_EC2", "endpoint_url", URL_A, URL_B, URL_A, URL_B, "none", endpoint, PLACED},
    {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls", "true", "false",
     "none", URL_A, URL_A, endpoint, PLACED "endpoint_url = " URL_A "\n"},
    {"AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled", "false", "true", "PUT GET GET ",
     "PUT ", "PUT ", asks, NULL},
    {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", "4", "5",
     GETS "GET+ GET+ GET+ GET+ ", GETS "GET+ GET+ GET+ GET+ GET+ ", GETS "GET+ GET+ GET+ ", asks,
     NULL},
    {"AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", "4", "5", "4000", "5000", "1000",
     metadata_ms, NULL},
};

/* The service as the setting needs it. */
static void prepare(const struct setting *row) {
    world.token_status = strstr(row->env, "V1") != NULL ? 404 : 200;
    world.creds_status = strstr(row->env, "ATTEMPTS") != NULL ? 500 : 200;
    (void)unsetenv("AWS_REGION");
    (void)unsetenv("AWS_ENDPOINT_URL");
    if (row->profile == NULL) {
        (void)setenv("AWS_REGION", "us-east-1", 1);
        (void)setenv("AWS_ENDPOINT_URL", stub.url, 1);
        (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.url, 1);
    }
}

static void check(const struct setting *row, const char *env, const char *file, const char *seen) {
    char config[500], by_file[200] = "";
    if (file != NULL) {
        (void)snprintf(by_file, sizeof by_file, "%s = %s\n", row->property, file);
    }
    (void)snprintf(config, sizeof config, "[default]\n%s%s",
                   row->profile != NULL ? row->profile : "", by_file);
    configure(config);
    if (env != NULL) {
        (void)setenv(row->env, env, 1);
    }
    struct lnm_session *s = open_session();
    const char *got = row->read(s);
    if (seen != NULL && strcmp(got, seen) != 0) {
        fail_msg("%s=%s, %s = %s: %s, not %s", row->env, env != NULL ? env : "", row->property,
                 file != NULL ? file : "", got, seen);
    }
    lnm_session_unref(s);
    (void)unsetenv(row->env);
}

static void test_the_environment_then_the_profile_then_the_default(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        const struct setting *row = &settings[i];
        prepare(row);
        check(row, NULL, NULL, row->none);
        check(row, NULL, row->a, row->seen_a);
        check(row, row->a, NULL, row->seen_a);
        check(row, row->b, row->a, row->seen_b);
        check(row, row->a, row->b, row->seen_a);
        check(row, "", row->a, row->seen_a); /* an empty variable says nothing */
    }
}

static void test_region_before_default_region(void **state) {
    (void)state;
    (void)setenv("AWS_DEFAULT_REGION", "eu-west-1", 1);
    configure("[default]\n" KEYS "region = us-west-2\n");
    struct lnm_session *s = open_session(); /* setup() says AWS_REGION, as the SDKs read it */
    assert_string_equal(region(s), "us-east-1");
    lnm_session_unref(s);
    (void)unsetenv("AWS_DEFAULT_REGION");
}

static void test_keys_of_the_environment_before_the_profiles(void **state) {
    (void)state;
    configure("[default]\n" KEYS);
    struct lnm_session *s = open_session();
    assert_string_equal(key_id(s), "AKIDFILE");
    lnm_session_unref(s);
    (void)setenv("AWS_ACCESS_KEY_ID", "AKIDENV", 1);
    (void)setenv("AWS_SECRET_ACCESS_KEY", "planted", 1);
    s = open_session();
    assert_string_equal(key_id(s), "AKIDENV");
    lnm_session_unref(s);
}

/* A web identity is the environment's, else the profile's, with all that belongs to it. */
static void test_names_of_roles(void **state) {
    char path[200], config[600];
    (void)state;
    write_file(path, "token", "eyJ0b2tlbg");
    (void)setenv("AWS_WEB_IDENTITY_TOKEN_FILE", path, 1);
    (void)setenv("AWS_ROLE_ARN", "arn:aws:iam::000000000009:role/r", 1);
    struct lnm_session *s = open_session();
    assert_string_equal(role_name(s), "lunami");
    lnm_session_unref(s);
    (void)setenv("AWS_ROLE_SESSION_NAME", "by-environment", 1);
    s = open_session();
    assert_string_equal(role_name(s), "by-environment");
    lnm_session_unref(s);
    (void)snprintf(config, sizeof config,
                   "[default]\nweb_identity_token_file = %s\nrole_session_name = by-file\n"
                   "role_arn = arn:aws:iam::000000000009:role/file\n",
                   path);
    configure(config);
    s = open_session();
    assert_string_equal(role_name(s), "by-environment");
    lnm_session_unref(s);
    (void)unsetenv("AWS_WEB_IDENTITY_TOKEN_FILE");
    (void)unsetenv("AWS_ROLE_ARN");
    s = open_session();
    assert_string_equal(role_name(s), "by-file"); /* one or the other, not a mixture */
    assert_non_null(strstr(world.sent, "role%2Ffile"));
    lnm_session_unref(s);
}

/* A token's file before the token, and read anew each time. */
static void test_tokens_of_containers(void **state) {
    char path[200];
    (void)state;
    use_container();
    (void)setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "by-environment", 1);
    struct lnm_session *s = open_session();
    call_well(s);
    assert_string_equal(world.seen_token, "by-environment");
    lnm_session_unref(s);
    write_file(path, "token", "by-file\n");
    (void)setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path, 1);
    s = open_session();
    call_well(s);
    assert_string_equal(world.seen_token, "by-file");
    write_file(path, "token", "newer");
    moved_us = 2 * HOUR;
    call_well(s);
    assert_string_equal(world.seen_token, "newer");
    lnm_session_unref(s);
}

/* The machine is not asked where that is forbidden. */
static void test_metadata_disabled(void **state) {
    struct lnm_session *s = NULL;
    struct lnm_err err = {0};
    struct lnm_session_options o = {0};
    (void)state;
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.url, 1);
    (void)setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    assert_int_equal(lnm_session_new(&s, loop, &o, &err), LNM_ECREDS);
    assert_string_equal(world.paths, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_the_environment_then_the_profile_then_the_default),
        WORLD_TEST(test_region_before_default_region),
        WORLD_TEST(test_keys_of_the_environment_before_the_profiles),
        WORLD_TEST(test_names_of_roles),
        WORLD_TEST(test_tokens_of_containers),
        WORLD_TEST(test_metadata_disabled),
    };
    return cmocka_run_group_tests_name("precedence", tests, NULL, NULL);
}
