/* world.h - a server that is everything a session meets (EC2, STS, a container's endpoint, instance
 * metadata, IAM Identity Center), and what tests of credentials do with one. The clock is moved,
 * not waited for. */
#ifndef LUNAMI_TESTS_WORLD_H
#define LUNAMI_TESTS_WORLD_H

#include "stub.h"

#include "base/clock.h"
#include "base/date.h"
#include "client/call.h"
#include "client/internal.h"

#include <fcntl.h>
#include <sys/stat.h>

#define HOUR INT64_C(3600000000)

static int64_t moved_us;     /* how far the clocks are ahead */
static int64_t only_wall_us; /* and the wall clock alone: set by hand, or the machine slept */

static inline int64_t read_clock(clockid_t which) {
    struct timespec t;
    (void)clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 + moved_us;
}

static inline int64_t wall(void *arg) {
    (void)arg;
    return read_clock(CLOCK_REALTIME) + only_wall_us;
}

static inline int64_t mono(void *arg) {
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
    const char *snapshot;    /* the state of snap-1; NULL: EC2 is asked for regions */
    const char *date;        /* of its answers; NULL: by its clock */
    const char *ended_token; /* of IAM Identity Center; NULL: none */
} world;

static struct stub stub;
static struct lnm_loop *loop;
static char folder[64];

static inline void iso(char out[LNM_DATE_MAX], int64_t us) {
    lnm_date_iso_s(out, us);
}

static inline int64_t server_now(void) {
    return lnm_now_us() + world.server_ahead_us;
}

static inline int answer_container(struct stub *s, struct lnm_buf *out) {
    char until[LNM_DATE_MAX];
    const char *given = stub_header(s, "authorization");
    (void)snprintf(world.seen_token, sizeof world.seen_token, "%s", given != NULL ? given : "");
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

static inline int answer_sts(struct lnm_buf *out, const char *body) {
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
    const char *web = strstr(body, "WithWebIdentity") != NULL ? "WithWebIdentity" : "";
    lnm_buf_addf(out,
                 "<AssumeRole%sResponse><AssumeRole%sResult><Credentials><AccessKeyId>ASIAROLE%d"
                 "</AccessKeyId><SecretAccessKey>planted</SecretAccessKey><SessionToken>t"
                 "</SessionToken><Expiration>%s</Expiration></Credentials><AssumedRoleUser><Arn>"
                 "arn:aws:sts::000000000009:assumed-role/r/s</Arn></AssumedRoleUser>"
                 "</AssumeRole%sResult></AssumeRole%sResponse>",
                 web, web, world.roles, until, web, web);
    return 200;
}

/* Signed more than five minutes apart from the server's clock? */
static inline bool is_late(struct stub *s) {
    const char *date = stub_header(s, "x-amz-date");
    int64_t signed_us;
    if (date == NULL || lnm_date_parse_amz(&signed_us, lnm_str_z(date)) < 0) {
        return true;
    }
    int64_t apart = server_now() - signed_us;
    return apart > 5 * 60 * LNM_SECOND_US || apart < -5 * 60 * LNM_SECOND_US;
}

static inline int answer_ec2(struct stub *s, struct lnm_buf *out) {
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
    if (world.snapshot != NULL) {
        lnm_buf_addf(out,
                     "<DescribeSnapshotsResponse><snapshotSet><item><snapshotId>snap-1</snapshotId>"
                     "<status>%s</status><progress>50%%</progress></item></snapshotSet>"
                     "</DescribeSnapshotsResponse>",
                     world.snapshot);
        return 200;
    }
    lnm_buf_addz(out, "<DescribeRegionsResponse><regionInfo/></DescribeRegionsResponse>");
    return 200;
}

static inline int answer_imds(struct stub *s, struct lnm_buf *out) {
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

static inline int answer_sso(struct stub *s, const char *body, struct lnm_buf *out) {
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
    bool ended = world.ended_token != NULL && strcmp(world.seen_token, world.ended_token) == 0;
    return ended ? 401 : world.portal_status;
}

static inline int answer(struct stub *s, const char *body, struct lnm_buf *out) {
    char date[LNM_DATE_MAX];
    lnm_date_http(date, server_now());
    stub_set(s, "Date", world.date != NULL ? world.date : date);
    return strncmp(s->path, "/latest/", 8) == 0         ? answer_imds(s, out)
           : strcmp(s->path, "/creds") == 0             ? answer_container(s, out)
           : strcmp(s->path, "/token") == 0             ? answer_sso(s, body, out)
           : strncmp(s->path, "/federation/", 12) == 0  ? answer_sso(s, body, out)
           : strstr(body, "Version=2011-06-15") != NULL ? answer_sts(out, body)
                                                        : answer_ec2(s, out);
}

static inline void write_file(char path[200], const char *name, const char *text) {
    (void)snprintf(path, 200, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fputs(text, f) < 0, 0);
    assert_int_equal(fclose(f), 0);
}

static inline void configure(const char *config) {
    char path[200];
    write_file(path, "config", config);
    (void)setenv("AWS_CONFIG_FILE", path, 1);
    (void)setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
}

static inline void use_container(void) {
    char url[100];
    (void)snprintf(url, sizeof url, "%s/creds", stub.url);
    (void)setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url, 1);
}

static inline void clear_environment(void) {
    static const char *const names[] = {"AWS_PROFILE",
                                        "AWS_DEFAULT_PROFILE",
                                        "AWS_SECURITY_TOKEN",
                                        "AWS_CREDENTIAL_EXPIRATION",
                                        "AWS_ACCOUNT_ID",
                                        "AWS_USE_FIPS_ENDPOINT",
                                        "AWS_WEB_IDENTITY_TOKEN_FILE",
                                        "AWS_ROLE_ARN",
                                        "AWS_ROLE_SESSION_NAME",
                                        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                                        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
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

static inline int setup(void **state) {
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
    moved_us = only_wall_us = 0;
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

static inline int teardown(void **state) {
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

static inline struct lnm_session *open_session(void) {
    struct lnm_session *s = NULL;
    struct lnm_err err = {0};
    struct lnm_session_options o = {0};
    if (lnm_session_new(&s, loop, &o, &err) < 0) {
        fail_msg("%s", err.message);
    }
    return s;
}

static inline void on_done(void *arg, struct lnm_call *call) {
    (void)call;
    ++*(int *)arg;
}

static inline struct lnm_call *start(struct lnm_session *s, int *done, struct lnm_err *err) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeRegions"));
    struct lnm_record input = {0};
    struct lnm_call *call = NULL;
    assert_int_equal(lnm_record_init(&input, op->input, 0), 0);
    lnm_record_close(&input);
    (void)lnm_call_start(&call, s, op, &input, on_done, done, err);
    lnm_record_free(&input);
    return call;
}

static inline void step_until(const int *done, int wanted) {
    struct lnm_err err;
    for (int i = 0; *done < wanted && i < 1000; i++) {
        assert_true(lnm_loop_step(loop, 2000, &err) >= 0);
    }
    assert_int_equal(*done, wanted);
}

/* One call to EC2; returns its result. */
static inline int call_once(struct lnm_session *s, struct lnm_err *err) {
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

static inline void call_well(struct lnm_session *s) {
    struct lnm_err err;
    if (call_once(s, &err) < 0) {
        fail_msg("%s", err.message);
    }
}

static inline void call_refused(struct lnm_session *s, const char *says) {
    struct lnm_err err;
    assert_true(call_once(s, &err) < 0);
    if (strstr(err.message, says) == NULL) {
        fail_msg("'%s' is not in '%s'", says, err.message);
    }
    assert_null(strstr(err.message, "planted"));
}

/* Let what goes on in the background end. */
static inline void settle(void) {
    struct lnm_err err;
    for (int i = 0; lnm_loop_pending(loop) > 0 && i < 100; i++) {
        assert_true(lnm_loop_step(loop, 100, &err) >= 0);
    }
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
