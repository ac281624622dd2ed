/* Each source of credentials when it misbehaves: a program, instance metadata, IAM Identity Center.
 */
#include "base/words.h"
#include "world.h"

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

/* Refused although it is good by our clock: the clock was another when it was written. */
static void test_sso_refused_is_refreshed_once(void **state) {
    char path[200];
    (void)state;
    configure_sso();
    log_in(path, 1000 * HOUR, HOUR);
    world.ended_token = "old-access";
    sso_gives("new-access");
    world.sent[0] = '\0';
    log_in(path, 1000 * HOUR, HOUR);
    world.portal_status = 401;
    sso_refused("the session is not valid any more; log in again: aws sso login --profile default");
    assert_non_null(strstr(world.sent, "refresh_token"));
    world.sent[0] = '\0';
    log_in(path, 1000 * HOUR, -HOUR); /* cannot be refreshed */
    sso_refused("the session is not valid any more; log in again: aws sso login --profile default");
    assert_string_equal(world.sent, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_process),
        WORLD_TEST(test_a_process_that_hangs),
        cmocka_unit_test(test_words),
        WORLD_TEST(test_instance),
        WORLD_TEST(test_instance_in_disorder),
        WORLD_TEST(test_sso_is_refreshed),
        WORLD_TEST(test_sso_says_log_in_again),
        WORLD_TEST(test_sso_refused_is_refreshed_once),
    };
    return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
