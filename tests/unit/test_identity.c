/* Credentials while a session lives: fetched once for all, renewed before they expire, kept when
 * that fails, of one account only; and each source when it misbehaves. The clock is moved, not
 * waited for.
 */
#include "stub.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/words.h"
#include "client/call.h"
#include "client/internal.h"

#include <fcntl.h>
#include <sys/stat.h>

#define HOUR INT64_C(3600000000)

static int64_t moved_us; /* how far the clocks are ahead */

static int64_t read_clock(clockid_t which) {
    struct timespec t;
    (void)clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 + moved_us;
}

static int64_t wall(void *arg) {
    (void)arg;
    return read_clock(CLOCK_REALTIME);
}

static int64_t mono(void *arg) {
    (void)arg;
    return read_clock(CLOCK_MONOTONIC);
}

static const struct lnm_clock test_clock = {wall, mono, NULL};

/* What the server tells, and what it was asked. All fields are changed between steps only. */
static struct {
    int fetches, identities, calls, roles; /* how often each was asked for */
    int fail_fetches, expired_answers;
    const char *expired_code, *account;
    int64_t life_us;
    char signed_by[64]; /* the key id of the last call to EC2 */
    /* IMDS and SSO: */
    int token_status, role_status, creds_status, refresh_status, portal_status;
    const char *role_text, *creds_text;
    char paths[400], sent[600], seen_token[300];
    char security_token[40]; /* of the last call to EC2 */
    int64_t server_ahead_us; /* its clock: what it tells, and judges signatures by */
    const char *region_text;
} world;

static struct stub stub;
static struct lnm_loop *loop;
static char folder[64];

static void iso(char out[LNM_DATE_MAX], int64_t us) {
    lnm_date_iso_s(out, us);
}

static int64_t server_now(void) {
    return lnm_now_us() + world.server_ahead_us;
}

static int answer_container(struct lnm_buf *out) {
    char until[LNM_DATE_MAX];
    world.fetches++;
    if (world.fail_fetches > 0) {
        world.fail_fetches--;
        return 400;
    }
    iso(until, server_now() + world.life_us);
    lnm_buf_addf(out,
                 "{\"AccessKeyId\":\"ASIAFETCH%d\",\"SecretAccessKey\":\"planted\",\"Token\":\"t\","
                 "\"Expiration\":\"%s\"}",
                 world.fetches, until);
    return 200;
}

static int answer_sts(struct lnm_buf *out, const char *body) {
    char until[LNM_DATE_MAX];
    if (strstr(body, "GetCallerIdentity") != NULL) {
        world.identities++;
        lnm_buf_addf(out,
                     "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>%s</Account>"
                     "</GetCallerIdentityResult></GetCallerIdentityResponse>",
                     world.account);
        return 200;
    }
    world.roles++;
    (void)snprintf(world.sent, sizeof world.sent, "%s", body);
    iso(until, server_now() + world.life_us);
    lnm_buf_addf(out,
                 "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE%d"
                 "</AccessKeyId><SecretAccessKey>planted</SecretAccessKey><SessionToken>t"
                 "</SessionToken><Expiration>%s</Expiration></Credentials><AssumedRoleUser><Arn>"
                 "arn:aws:sts::000000000009:assumed-role/r/s</Arn></AssumedRoleUser>"
                 "</AssumeRoleResult></AssumeRoleResponse>",
                 world.roles, until);
    return 200;
}

/* Signed more than five minutes apart from the server's clock? */
static bool is_late(struct stub *s) {
    const char *date = stub_header(s, "x-amz-date");
    int64_t signed_us;
    if (date == NULL || lnm_date_parse_amz(&signed_us, lnm_str_z(date)) < 0) {
        return true;
    }
    int64_t apart = server_now() - signed_us;
    return apart > 5 * 60 * LNM_SECOND_US || apart < -5 * 60 * LNM_SECOND_US;
}

static int answer_ec2(struct stub *s, struct lnm_buf *out) {
    const char *given = stub_header(s, "authorization");
    const char *id = given != NULL ? strstr(given, "Credential=") : NULL;
    world.calls++;
    (void)snprintf(world.signed_by, sizeof world.signed_by, "%.*s",
                   id != NULL ? (int)strcspn(id + 11, "/") : 0, id != NULL ? id + 11 : "");
    const char *token = stub_header(s, "x-amz-security-token");
    (void)snprintf(world.security_token, sizeof world.security_token, "%s",
                   token != NULL ? token : "");
    if (is_late(s)) {
        lnm_buf_addz(out, "<Response><Errors><Error><Code>RequestExpired</Code><Message>late"
                          "</Message></Error></Errors></Response>");
        return 400;
    }
    if (world.expired_answers > 0) {
        world.expired_answers--;
        lnm_buf_addf(out,
                     "<Response><Errors><Error><Code>%s</Code><Message>expired</Message></Error>"
                     "</Errors></Response>",
                     world.expired_code);
        return 400;
    }
    lnm_buf_addz(out, "<DescribeRegionsResponse><regionInfo/></DescribeRegionsResponse>");
    return 200;
}

static int answer_imds(struct stub *s, struct lnm_buf *out) {
    size_t len = strlen(world.paths);
    char until[LNM_DATE_MAX];
    bool role = strcmp(s->path, "/latest/meta-data/iam/security-credentials/") == 0;
    (void)snprintf(world.paths + len, sizeof world.paths - len, "%s%s ", s->method,
                   stub_header(s, "x-aws-ec2-metadata-token") != NULL ? "+" : "");
    if (strcmp(s->path, "/latest/meta-data/placement/region") == 0) {
        lnm_buf_addz(out, world.region_text);
        return 200;
    }
    if (strcmp(s->path, "/latest/api/token") == 0) {
        lnm_buf_addz(out, "imds-token");
        return world.token_status;
    }
    if (role) {
        lnm_buf_addz(out, world.role_text);
        return world.role_status;
    }
    iso(until, lnm_now_us() + world.life_us);
    for (const char *c = world.creds_text; *c != '\0'; c++) { /* '$': the expiry */
        lnm_buf_addf(out, "%.*s", *c == '$' ? 40 : 1, *c == '$' ? until : c);
    }
    return world.creds_status;
}

static int answer_sso(struct stub *s, const char *body, struct lnm_buf *out) {
    if (strcmp(s->path, "/token") == 0) {
        (void)snprintf(world.sent, sizeof world.sent, "%s", body);
        lnm_buf_addz(out, "{\"accessToken\":\"new-access\",\"expiresIn\":28800,"
                          "\"refreshToken\":\"new-refresh\",\"tokenType\":\"Bearer\"}");
        return world.refresh_status;
    }
    (void)snprintf(world.seen_token, sizeof world.seen_token, "%s",
                   stub_header(s, "x-amz-sso_bearer_token"));
    lnm_buf_addf(
        out,
        "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"planted\","
        "\"sessionToken\":\"t\",\"expiration\":%lld}}",
        (long long)((lnm_now_us() + world.life_us) / 1000));
    return world.portal_status;
}

static int answer(struct stub *s, const char *body, struct lnm_buf *out) {
    char date[LNM_DATE_MAX];
    lnm_date_http(date, server_now());
    stub_set(s, "Date", date);
    return strncmp(s->path, "/latest/", 8) == 0         ? answer_imds(s, out)
           : strcmp(s->path, "/creds") == 0             ? answer_container(out)
           : strcmp(s->path, "/token") == 0             ? answer_sso(s, body, out)
           : strncmp(s->path, "/federation/", 12) == 0  ? answer_sso(s, body, out)
           : strstr(body, "Version=2011-06-15") != NULL ? answer_sts(out, body)
                                                        : answer_ec2(s, out);
}

static void write_file(char path[200], const char *name, const char *text) {
    (void)snprintf(path, 200, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fputs(text, f) < 0, 0);
    assert_int_equal(fclose(f), 0);
}

static void configure(const char *config) {
    char path[200];
    write_file(path, "config", config);
    (void)setenv("AWS_CONFIG_FILE", path, 1);
    (void)setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
}

static void use_container(void) {
    char url[100];
    (void)snprintf(url, sizeof url, "%s/creds", stub.url);
    (void)setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url, 1);
}

static void clear_environment(void) {
    static const char *const names[] = {"AWS_PROFILE",
                                        "AWS_DEFAULT_PROFILE",
                                        "AWS_SECURITY_TOKEN",
                                        "AWS_CREDENTIAL_EXPIRATION",
                                        "AWS_ACCOUNT_ID",
                                        "AWS_USE_FIPS_ENDPOINT",
                                        "AWS_STS_REGIONAL_ENDPOINTS",
                                        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                        "AWS_ACCESS_KEY_ID",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SESSION_TOKEN",
                                        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                        "AWS_EC2_METADATA_DISABLED",
                                        "AWS_USE_DUALSTACK_ENDPOINT",
                                        "AWS_EC2_METADATA_V1_DISABLED",
                                        "AWS_EC2_METADATA_SERVICE_ENDPOINT"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)unsetenv(names[i]);
    }
}

static int setup(void **state) {
    struct lnm_err err;
    (void)state;
    memset(&world, 0, sizeof world);
    world.life_us = HOUR;
    world.account = "000000000001";
    world.token_status = world.role_status = world.creds_status = 200;
    world.refresh_status = world.portal_status = 200;
    world.role_text = "my-role";
    world.creds_text = "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIAIMDS\",\"SecretAccessKey\":"
                       "\"planted\",\"Token\":\"t\",\"Expiration\":\"$\"}";
    moved_us = 0;
    (void)snprintf(folder, sizeof folder, "/tmp/lunami-identity-XXXXXX");
    assert_non_null(mkdtemp(folder));
    clear_environment();
    stub_start(&stub, answer, NULL);
    (void)setenv("AWS_ENDPOINT_URL", stub.url, 1);
    (void)setenv("AWS_REGION", "us-east-1", 1);
    (void)setenv("HOME", folder, 1);
    configure("");
    lnm_clock_set(&test_clock);
    assert_int_equal(lnm_loop_new(&loop, &err), 0);
    return 0;
}

static int teardown(void **state) {
    char command[100];
    (void)state;
    clear_environment();
    (void)unsetenv("AWS_ENDPOINT_URL");
    lnm_loop_free(loop);
    lnm_clock_set(NULL);
    stub_stop(&stub);
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    return 0;
}

static struct lnm_session *open_session(void) {
    struct lnm_session *s = NULL;
    struct lnm_err err = {0};
    struct lnm_session_options o = {0};
    if (lnm_session_new(&s, loop, &o, &err) < 0) {
        fail_msg("%s", err.message);
    }
    return s;
}

static void on_done(void *arg, struct lnm_call *call) {
    (void)call;
    ++*(int *)arg;
}

static struct lnm_call *start(struct lnm_session *s, int *done, struct lnm_err *err) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeRegions"));
    struct lnm_record input = {0};
    struct lnm_call *call = NULL;
    assert_int_equal(lnm_record_init(&input, op->input, 0), 0);
    lnm_record_close(&input);
    (void)lnm_call_start(&call, s, op, &input, on_done, done, err);
    lnm_record_free(&input);
    return call;
}

static void step_until(const int *done, int wanted) {
    struct lnm_err err;
    for (int i = 0; *done < wanted && i < 1000; i++) {
        assert_true(lnm_loop_step(loop, 2000, &err) >= 0);
    }
    assert_int_equal(*done, wanted);
}

/* One call to EC2; returns its result. */
static int call_once(struct lnm_session *s, struct lnm_err *err) {
    const struct lnm_record *answer_record;
    int done = 0;
    memset(err, 0, sizeof *err);
    struct lnm_call *call = start(s, &done, err);
    if (call == NULL) {
        return err->code;
    }
    step_until(&done, 1);
    int error = lnm_call_result(call, &answer_record, err);
    lnm_call_free(call);
    return error;
}

static void call_well(struct lnm_session *s) {
    struct lnm_err err;
    if (call_once(s, &err) < 0) {
        fail_msg("%s", err.message);
    }
}

static void call_refused(struct lnm_session *s, const char *says) {
    struct lnm_err err;
    assert_true(call_once(s, &err) < 0);
    if (strstr(err.message, says) == NULL) {
        fail_msg("'%s' is not in '%s'", says, err.message);
    }
    assert_null(strstr(err.message, "planted"));
}

/* Let what goes on in the background end. */
static void settle(void) {
    struct lnm_err err;
    for (int i = 0; lnm_loop_pending(loop) > 0 && i < 100; i++) {
        assert_true(lnm_loop_step(loop, 100, &err) >= 0);
    }
}

/* ---- while a session lives ---------------------------------------------------------------------
 */

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

/* ---- settings ----------------------------------------------------------------------------------
 */

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
    session_refused("the environment expired at 2020-01-01T00:00:00Z (AWS_CREDENTIAL_EXPIRATION)");
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
    configure("[default]\nuse_fips_endpoint = False\nuse_dualstack_endpoint = FALSE\n");
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.url, 1);
    lnm_session_unref(open_session());
    (void)setenv("AWS_EC2_METADATA_V1_DISABLED", "0", 1);
    struct lnm_session *s = open_session();
    call_refused(s, "AWS_EC2_METADATA_V1_DISABLED is '0': say true or false");
    lnm_session_unref(s);
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

/* ---- clocks: reliability row 32 ----------------------------------------------------------------
 */

/* Row 32: ours is so far off when the run begins, with credentials of an hour; then they are
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

static void test_row_32_a_clock_that_is_wrong(void **state) {
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

static void test_row_32_a_clock_that_jumps(void **state) {
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

/* Row 32: a machine that slept for two hours; its credentials ended meanwhile. */
static void test_row_32_suspended_for_two_hours(void **state) {
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

/* Row 32: the role's session signs by the clock that its base has learnt. */
static void test_row_32_roles(void **state) {
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

/* ---- credential_process ------------------------------------------------------------------------
 */

static struct lnm_session *with_process(const char *command) {
    char config[500];
    (void)snprintf(config, sizeof config, "[default]\ncredential_process = %s\n", command);
    configure(config);
    return open_session();
}

static void process_refused(const char *command, const char *says) {
    struct lnm_session *s = with_process(command);
    call_refused(s, says);
    lnm_session_unref(s);
}

static void test_process(void **state) {
    char path[200], command[300];
    (void)state;
    write_file(
        path, "keys.json",
        "{\"Version\": 1, \"AccessKeyId\": \"AKIDPROCESS\", \"SecretAccessKey\": \"planted\"}");
    (void)snprintf(command, sizeof command, "cat \"%s\"", path);
    struct lnm_session *s = with_process(command);
    call_well(s);
    assert_string_equal(world.signed_by, "AKIDPROCESS");
    lnm_session_unref(s);
    process_refused("sh -c 'echo first line >&2; echo planted >&2; exit 3'",
                    "profile default, credential_process: external process exited with code 3: "
                    "first line");
    process_refused("sh -c 'kill -9 $$'", "was ended by signal 9");
    process_refused("echo '{\"Version\": 2}'", "its \"Version\" is not 1");
    process_refused("echo '{\"Version\": 1, \"AccessKeyId\": \"a\"}'", "lacks the access key id");
    process_refused("head -c 1000000 /dev/zero", "printed more than credentials can be");
    process_refused("/nonexistent/program", "profile default, credential_process: ");
    process_refused("echo 'open", "quotes must be closed");
    /* An operator of a shell is a word like any other. */
    process_refused("echo x; echo y", "could not parse");
}

static void test_a_process_that_hangs(void **state) {
    struct lnm_err err;
    int done = 0;
    const struct lnm_record *none;
    (void)state;
    struct lnm_session *s = with_process("sleep 1000");
    struct lnm_call *call = start(s, &done, &err);
    assert_true(lnm_loop_step(loop, 10, &err) >= 0);
    moved_us = 61 * INT64_C(1000000);
    step_until(&done, 1);
    assert_int_equal(lnm_call_result(call, &none, &err), LNM_ECREDS);
    assert_non_null(strstr(err.message, "did not end within 60 seconds"));
    lnm_call_free(call);
    call = start(s, &done, &err); /* and one that is let go is not left behind */
    lnm_call_free(call);
    lnm_session_unref(s);
}

static void test_words(void **state) {
    static const struct {
        const char *line, *words; /* joined by '|'; NULL: refused */
    } rows[] = {{"a  b\tc", "a|b|c|"}, {"'a b' \"c d\"", "a b|c d|"},
                {"a\\ b", "a b|"},     {"a'b'\"c\"", "abc|"},
                {"'' x", "|x|"},       {"\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d|"},
                {"'a\\'", "a\\|"},     {"", ""},
                {"'a", NULL},          {"\"a", NULL},
                {"a\\", NULL},         {"$HOME `x` *;|", "$HOME|`x`|*;||"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lnm_buf out = {0};
        size_t count;
        int error = lnm_words_split(&out, &count, lnm_str_z(rows[i].line));
        assert_int_equal(error < 0, rows[i].words == NULL);
        for (size_t n = 0; n < out.len; n++) {
            out.ptr[n] = out.ptr[n] == '\0' ? '|' : out.ptr[n];
        }
        if (error == 0) {
            assert_string_equal(lnm_buf_str(&out).ptr, rows[i].words);
        }
        lnm_buf_free(&out);
    }
}

/* ---- instance metadata -------------------------------------------------------------------------
 */

static void instance_refused(const char *says, const char *asked) {
    struct lnm_session *s = open_session();
    world.paths[0] = '\0';
    call_refused(s, says);
    assert_string_equal(world.paths, asked);
    lnm_session_unref(s);
}

static void instance_gives(const char *asked) {
    struct lnm_session *s = open_session();
    world.paths[0] = '\0';
    call_well(s);
    assert_string_equal(world.signed_by, "ASIAIMDS");
    assert_string_equal(world.paths, asked);
    lnm_session_unref(s);
}

static void test_instance(void **state) {
    (void)state;
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.url, 1);
    instance_gives("PUT GET+ GET+ ");
    world.life_us = -HOUR; /* the service is ill: what it has is used on */
    instance_gives("PUT GET+ GET+ ");
    world.life_us = HOUR;
    world.token_status = 404; /* version 1 only where that is allowed */
    instance_refused("it answered with status 404", "PUT ");
    (void)setenv("AWS_EC2_METADATA_V1_DISABLED", "false", 1);
    instance_gives("PUT GET GET ");
    (void)setenv("AWS_EC2_METADATA_V1_DISABLED", "true", 1);
    instance_refused("it answered with status 404", "PUT ");
}

static void test_instance_in_disorder(void **state) {
    static const char *const junk[] = {"",
                                       "{",
                                       "[]",
                                       "null",
                                       "{\"Code\":\"Failed\"} ",
                                       "{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"\\u0000\"}",
                                       "{\"AccessKeyId\":\"a b\",\"SecretAccessKey\":\"planted\"}"};
    (void)state;
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", stub.url, 1);
    world.token_status = 400;
    instance_refused("it answered with status 400", "PUT ");
    world.token_status = 200;
    world.role_status = 404;
    instance_refused("the instance has no role", "PUT GET+ ");
    world.role_status = 401; /* the token is not honoured: another one, once */
    instance_refused("it answered with status 401", "PUT GET+ PUT GET+ ");
    world.role_status = 200;
    world.role_text = "../../secret";
    instance_refused("no role's name", "PUT GET+ ");
    world.role_text = "my-role\nother";
    for (size_t i = 0; i < sizeof junk / sizeof junk[0]; i++) {
        world.creds_text = junk[i];
        instance_refused("", "PUT GET+ GET+ ");
    }
    world.creds_status = 500;
    instance_refused("it answered with status 500", "PUT GET+ GET+ GET+ GET+ ");
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://10.0.0.1", 1);
    instance_refused("plain HTTP", "");
    (void)setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1", 1);
    instance_refused("no credentials found: looked at the environment", "");
}

/* ---- IAM Identity Center -----------------------------------------------------------------------
 */

static void log_in(char path[200], int64_t left_us, int64_t registered_us) {
    char expires[LNM_DATE_MAX], registered[LNM_DATE_MAX], text[600];
    iso(expires, lnm_now_us() + left_us);
    iso(registered, lnm_now_us() + registered_us);
    (void)snprintf(text, sizeof text,
                   "{\"accessToken\":\"old-access\",\"expiresAt\":\"%s\",\"refreshToken\":"
                   "\"old-refresh\",\"clientId\":\"c\",\"clientSecret\":\"planted-secret\","
                   "\"registrationExpiresAt\":\"%s\",\"region\":\"us-east-1\",\"startUrl\":\"u\"}",
                   expires, registered);
    write_file(path, ".aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json", text);
}

static void configure_sso(void) {
    char path[200];
    configure("[default]\nsso_session = dev\nsso_account_id = 000000000001\nsso_role_name = R\n"
              "[sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://x/start\n");
    for (const char *const *d =
             (const char *const[]){"/.aws", "/.aws/sso", "/.aws/sso/cache", NULL};
         *d != NULL; d++) {
        (void)snprintf(path, sizeof path, "%s%s", folder, *d);
        assert_int_equal(mkdir(path, 0700), 0);
    }
}

static void sso_gives(const char *token) {
    struct lnm_session *s = open_session();
    call_well(s);
    assert_string_equal(world.seen_token, token);
    assert_string_equal(world.signed_by, "ASIASSO");
    lnm_session_unref(s);
}

static void sso_refused(const char *says) {
    struct lnm_session *s = open_session();
    call_refused(s, says);
    lnm_session_unref(s);
}

static void test_sso_is_refreshed(void **state) {
    char path[200];
    struct stat st;
    (void)state;
    configure_sso();
    log_in(path, 2 * HOUR, HOUR);
    sso_gives("old-access");
    log_in(path, -HOUR, HOUR);
    sso_gives("new-access");
    assert_non_null(strstr(world.sent, "\"grantType\": \"refresh_token\""));
    assert_non_null(strstr(world.sent, "\"refreshToken\": \"old-refresh\""));
    char *kept = vectors_read(path);
    assert_non_null(strstr(kept, "new-access"));
    assert_non_null(strstr(kept, "new-refresh"));
    assert_non_null(strstr(kept, "registrationExpiresAt"));
    free(kept);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    world.sent[0] = '\0';
    sso_gives("new-access"); /* from the file */
    assert_string_equal(world.sent, "");
}

static void test_sso_says_log_in_again(void **state) {
    char path[200];
    (void)state;
    configure_sso();
    sso_refused("there is no login in ");
    log_in(path, -HOUR, -HOUR);
    sso_refused("the session has ended; log in again: aws sso login --profile default");
    log_in(path, -HOUR, HOUR);
    world.refresh_status = 400;
    sso_refused("could not be refreshed; log in again: aws sso login --profile default");
    log_in(path, HOUR / 10, HOUR); /* still good */
    sso_gives("old-access");
    world.portal_status = 401;
    sso_refused("the session is not valid any more; log in again");
    world.portal_status = 403;
    sso_refused("sso_account_id and sso_role_name");
    write_file(path, ".aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json", "{");
    sso_refused("cannot be used");
}

#define IDENTITY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        IDENTITY_TEST(test_one_fetch_for_all),
        IDENTITY_TEST(test_renewed_in_the_background),
        IDENTITY_TEST(test_old_ones_serve_until_they_expire),
        IDENTITY_TEST(test_expired_answers_renew_once),
        IDENTITY_TEST(test_fixed_ones_cannot_be_renewed),
        IDENTITY_TEST(test_expired_keys_are_read_again),
        IDENTITY_TEST(test_another_account_stops_everything),
        IDENTITY_TEST(test_a_role_is_assumed_again),
        IDENTITY_TEST(test_a_chain_of_roles),
        IDENTITY_TEST(test_let_go_in_the_middle),
        IDENTITY_TEST(test_the_account_is_known_before_they_expire),
        IDENTITY_TEST(test_environment),
        IDENTITY_TEST(test_account_of_the_environment),
        IDENTITY_TEST(test_profile_of_the_environment),
        IDENTITY_TEST(test_flags_are_true_or_false),
        IDENTITY_TEST(test_region_of_the_instance),
        IDENTITY_TEST(test_row_32_a_clock_that_is_wrong),
        IDENTITY_TEST(test_row_32_a_clock_that_jumps),
        IDENTITY_TEST(test_row_32_suspended_for_two_hours),
        IDENTITY_TEST(test_row_32_roles),
        IDENTITY_TEST(test_process),
        IDENTITY_TEST(test_a_process_that_hangs),
        IDENTITY_TEST(test_instance),
        IDENTITY_TEST(test_instance_in_disorder),
        IDENTITY_TEST(test_sso_is_refreshed),
        IDENTITY_TEST(test_sso_says_log_in_again),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
