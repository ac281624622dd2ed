/* The published vectors of the credential chain: how it is planned, where machines are asked, and
 * recorded chains, whose HTTP is replayed from a server on loopback. */
#include "stub.h"

#include "base/clock.h"
#include "client/chain.h"
#include "client/creds_container.h"
#include "client/creds_instance.h"
#include "client/internal.h"
#include "net/http.h"

#include <dirent.h>

static const char *text_of(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

static json_t *load(const char *path) {
    json_error_t error;
    json_t *all = json_load_file(path, 0, &error);
    if (all == NULL) {
        fail_msg("%s: %s", path, error.text);
    }
    return all;
}

static json_t *load_vectors(const char *file) {
    char dir[600], path[700];
    if (!vectors_dir(dir, sizeof dir, "config")) {
        skip();
    }
    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    return load(path);
}

static void clear_environment(void) {
    extern char **environ;
    for (char **e = environ; *e != NULL;) {
        char name[100];
        (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(*e, "="), *e);
        if (strncmp(name, "AWS_", 4) == 0) {
            (void)unsetenv(name);
            e = environ;
        } else {
            e++;
        }
    }
}

static void set_environment(json_t *env) {
    const char *name;
    json_t *value;
    clear_environment();
    json_object_foreach(env, name, value) {
        (void)setenv(name, json_string_value(value), 1);
    }
}

static void contains(const char *text, const char *part, const char *name) {
    if (strstr(text, part) == NULL) {
        fail_msg("%s: '%s' is not in '%s'", name, part, text);
    }
}

/* ---- planning ----------------------------------------------------------------------------------
 */

static void write_sections(struct lnm_buf *out, const char *kind, json_t *sections) {
    const char *name, *property;
    json_t *properties, *value;
    json_object_foreach(sections, name, properties) {
        lnm_buf_addf(out, "[%s %s]\n", kind, name);
        json_object_foreach(properties, property, value) {
            lnm_buf_addf(out, "%s = %s\n", property, json_string_value(value));
        }
    }
}

static struct lnm_profiles *profiles_of(json_t *input) {
    struct lnm_profiles *p;
    struct lnm_err err;
    struct lnm_buf text = {0};
    write_sections(&text, "profile", json_object_get(input, "profiles"));
    write_sections(&text, "sso-session", json_object_get(input, "sso_sessions"));
    assert_int_equal(lnm_profiles_new(&p, &err), 0);
    assert_int_equal(lnm_profiles_parse(p, LNM_CONFIG_FILE, lnm_buf_str(&text), "config", &err), 0);
    lnm_buf_free(&text);
    return p;
}

/* The properties that a link names are those of the profile that we found. */
static void check_link(const struct lnm_profiles *p, const char *profile, const json_t *link) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)link, name, value) {
        char property[64];
        bool key = strcmp(name, "access_key_id") == 0 || strcmp(name, "secret_access_key") == 0 ||
                   strcmp(name, "account_id") == 0;
        (void)snprintf(property, sizeof property, "%s%s", key ? "aws_" : "", name);
        struct lnm_str own = lnm_profiles_get(p, "profile", profile, property, NULL);
        struct lnm_str session = lnm_profiles_get(p, "profile", profile, "sso_session", NULL);
        char session_name[64];
        lnm_str_copy(session_name, sizeof session_name, session);
        own = own.len > 0 ? own : lnm_profiles_get(p, "sso-session", session_name, property, NULL);
        assert_true(lnm_str_is(own, json_string_value(value)));
    }
}

static void check_base(const struct lnm_chain *c, const struct lnm_profiles *p, json_t *link) {
    static const struct {
        const char *name;
        enum lnm_source source;
    } kinds[] = {{"AccessKey", LNM_SOURCE_KEYS},
                 {"WebIdentityToken", LNM_SOURCE_WEB_IDENTITY},
                 {"Sso", LNM_SOURCE_SSO}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        json_t *what = json_object_get(link, kinds[i].name);
        if (what != NULL) {
            assert_int_equal(c->source, kinds[i].source);
            check_link(p, c->profile, what);
            return;
        }
    }
    assert_string_equal(text_of(link, "NamedSource"), "Ec2InstanceMetadata");
    assert_int_equal(c->source, LNM_SOURCE_INSTANCE);
}

static void check_plan(json_t *test) {
    struct lnm_chain c;
    struct lnm_err err = {0};
    const char *name = text_of(test, "docs");
    json_t *input = json_object_get(test, "input"), *output = json_object_get(test, "output");
    json_t *wanted = json_object_get(output, "ProfileChain");
    const char *problem = text_of(output, "Error");
    struct lnm_profiles *p = profiles_of(input);
    int error = lnm_chain_plan(&c, p, text_of(input, "selected_profile"), true, &err);
    if (wanted != NULL) {
        if (error < 0) {
            fail_msg("%s: %s", name, err.message);
        }
        assert_int_equal(c.role_count + 1, json_array_size(wanted));
        check_base(&c, p, json_array_get(wanted, 0));
        for (size_t i = 0; i < c.role_count; i++) {
            check_link(p, c.roles[i], json_object_get(json_array_get(wanted, i + 1), "AssumeRole"));
        }
    } else if (strstr(problem, "profile `A` did not contain") != NULL) {
        assert_true(error == 0 && c.by_default); /* then the machine is asked, as by the AWS CLI */
    } else {
        assert_int_equal(error, LNM_ECREDS);
        contains(err.message,
                 strcmp(problem, "No profiles were defined") == 0 ? "there is no profile 'A'"
                                                                  : problem,
                 name);
    }
    lnm_profiles_free(p);
}

static void test_plans(void **state) {
    size_t i;
    json_t *all = load_vectors("assume-role-tests.json"), *test;
    (void)state;
    clear_environment();
    json_array_foreach(all, i, test) {
        check_plan(test);
    }
    assert_int_equal(i, 28);
    json_decref(all);
}

static void plan_text(struct lnm_chain *c, const char *config, const char *credentials) {
    struct lnm_profiles *p;
    struct lnm_err err;
    assert_int_equal(lnm_profiles_new(&p, &err), 0);
    assert_int_equal(lnm_profiles_parse(p, LNM_CONFIG_FILE, lnm_str_z(config), "config", &err), 0);
    assert_int_equal(
        lnm_profiles_parse(p, LNM_CREDENTIALS_FILE, lnm_str_z(credentials), "credentials", &err),
        0);
    if (lnm_chain_plan(c, p, "default", false, &err) < 0) {
        fail_msg("%s", err.message);
    }
    lnm_profiles_free(p);
}

/* What wins over what, where one profile or the environment tells several ways. */
static void test_the_order(void **state) {
    struct lnm_chain c;
    const char *keys = "[default]\naws_access_key_id=A\naws_secret_access_key=b\n";
    const char *both = "[default]\ncredential_process=x\naws_access_key_id=A\n"
                       "aws_secret_access_key=b\n";
    (void)state;
    clear_environment();
    plan_text(&c, "[default]\ncredential_process = x\n", keys);
    assert_int_equal(c.source, LNM_SOURCE_KEYS);
    plan_text(&c, both, "");
    assert_int_equal(c.source, LNM_SOURCE_PROCESS);
    plan_text(&c, "[default]\nregion = x\n", "");
    assert_true(c.source == LNM_SOURCE_INSTANCE && c.by_default);
    (void)setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x", 1);
    plan_text(&c, "", "");
    assert_true(c.source == LNM_SOURCE_CONTAINER && !c.by_default);
    (void)setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/x", 1);
    (void)setenv("AWS_ROLE_ARN", "arn", 1);
    plan_text(&c, both, keys);
    assert_int_equal(c.source, LNM_SOURCE_WEB_IDENTITY);
    plan_text(&c, "[default]\nrole_arn=r\ncredential_source=EcsContainer\n", "");
    assert_int_equal(c.source, LNM_SOURCE_CONTAINER);
    (void)setenv("AWS_ACCESS_KEY_ID", "A", 1);
    (void)setenv("AWS_SECRET_ACCESS_KEY", "b", 1);
    plan_text(&c, "[default]\nrole_arn=r\ncredential_source=EcsContainer\n", "");
    assert_int_equal(c.source, LNM_SOURCE_ENVIRONMENT);
    clear_environment();
}

/* ---- where machines are asked ------------------------------------------------------------------
 */

static void test_containers(void **state) {
    size_t i;
    json_t *all = load_vectors("ecs-tests.json"), *test;
    (void)state;
    json_array_foreach(json_object_get(all, "tests"), i, test) {
        struct lnm_buf url = {0};
        struct lnm_err err;
        json_t *result = json_object_get(test, "result");
        set_environment(json_object_get(test, "env"));
        int error = lnm_container_url(&url, &err);
        if (text_of(result, "Ok") != NULL) {
            assert_int_equal(error, 0);
            assert_string_equal(url.ptr, text_of(result, "Ok"));
        } else {
            assert_int_equal(error, LNM_ECONFIG);
            contains(err.message, text_of(result, "ErrorContains"), text_of(test, "docs"));
        }
        lnm_buf_free(&url);
    }
    assert_int_equal(i, 11);
    clear_environment();
    json_decref(all);
}

static void test_containers_are_near_or_speak_tls(void **state) {
    static const char *const bad[] = {"http://example.com/x",         "http://169.254.170.20/x",
                                      "http://127.0.0.1.example.com", "http://169.254.170.2.nip.io",
                                      "http://localhost@example.com", "http://[fd00:ec2::2]/",
                                      "file:///etc/passwd",           "https://"};
    (void)state;
    clear_environment();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct lnm_buf url = {0};
        struct lnm_err err;
        (void)setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", bad[i], 1);
        assert_int_equal(lnm_container_url(&url, &err), LNM_ECONFIG);
        lnm_buf_free(&url);
    }
    clear_environment();
}

static void check_instance(json_t *test) {
    struct lnm_profiles *p;
    struct lnm_buf url = {0};
    struct lnm_err err;
    const char *config = text_of(json_object_get(test, "fs"), "config");
    json_t *result = json_object_get(test, "result");
    set_environment(json_object_get(test, "env"));
    assert_int_equal(lnm_profiles_new(&p, &err), 0);
    assert_int_equal(lnm_profiles_parse(p, LNM_CONFIG_FILE, lnm_str_z(config), "config", &err), 0);
    int error = lnm_instance_endpoint(&url, p, "default", &err);
    if (text_of(result, "Ok") != NULL) {
        assert_int_equal(error, 0);
        lnm_buf_addz(&url, "/latest/api/token");
        assert_string_equal(url.ptr, text_of(result, "Ok"));
    } else {
        assert_int_equal(error, LNM_ECONFIG);
        contains(err.message, text_of(result, "Err"), text_of(test, "docs"));
    }
    lnm_buf_free(&url);
    lnm_profiles_free(p);
}

/* What a program would say there is said here by the environment, which goes before the profile. */
static void override(json_t *test) {
    static const char *const pairs[][2] = {
        {"endpoint_override", "AWS_EC2_METADATA_SERVICE_ENDPOINT"},
        {"mode_override", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"}};
    for (size_t i = 0; i < 2; i++) {
        json_t *said = json_object_get(test, pairs[i][0]);
        if (said != NULL) {
            json_object_set(json_object_get(test, "env"), pairs[i][1], said);
        }
    }
}

static void test_instances(void **state) {
    size_t i;
    json_t *all = load_vectors("imds-endpoint-tests.json"), *test;
    (void)state;
    json_array_foreach(json_object_get(all, "tests"), i, test) {
        override(test);
        check_instance(test);
    }
    assert_int_equal(i, 14);
    clear_environment();
    json_decref(all);
}

/* ---- recorded chains ---------------------------------------------------------------------------
 */

struct exchange {
    const char *method, *url, *request, *response;
    json_t *headers;
    int status;
};

static struct {
    struct exchange list[16];
    size_t count, next;
    struct exchange *now;
    const char *name;
} record;
static struct stub stub;

static int replay(struct stub *s, const char *body, struct lnm_buf *out) {
    const struct exchange *e = record.now;
    (void)s;
    if (e->request != NULL && strncmp(e->request, "Action=", 7) == 0) {
        assert_memory_equal(body, e->request, strcspn(e->request, "&"));
    }
    lnm_buf_addz(out, e->response != NULL ? e->response : "");
    return e->status;
}

static bool has_pair(struct lnm_str pairs, struct lnm_str wanted) {
    while (pairs.len > 0) {
        struct lnm_str pair;
        pairs = lnm_str_cut(pairs, '&', &pair);
        if (lnm_str_eq(pair, wanted)) {
            return true;
        }
    }
    return false;
}

/* The same address, whatever the order of its query. */
static void check_url(const char *got, const char *wanted) {
    struct lnm_str a, b, a_query = lnm_str_cut(lnm_str_z(got), '?', &a);
    struct lnm_str b_query = lnm_str_cut(lnm_str_z(wanted), '?', &b);
    a.len -= a.len > 0 && a.ptr[a.len - 1] == '/' ? 1 : 0;
    b.len -= b.len > 0 && b.ptr[b.len - 1] == '/' ? 1 : 0;
    bool same = lnm_str_eq(a, b) && a_query.len == b_query.len;
    while (same && b_query.len > 0) {
        struct lnm_str pair;
        b_query = lnm_str_cut(b_query, '&', &pair);
        same = has_pair(a_query, pair);
    }
    if (!same) {
        fail_msg("%s: asked %s, not %s", record.name, got, wanted);
    }
}

static void check_headers(const char *const *lines, json_t *wanted) {
    static const char *const names[] = {"x-aws-ec2-metadata-token",
                                        "x-aws-ec2-metadata-token-ttl-seconds",
                                        "x-amz-sso_bearer_token", "accept"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = json_string_value(json_array_get(json_object_get(wanted, names[i]), 0));
        bool found = value == NULL;
        for (size_t n = 0; !found && lines[n] != NULL; n++) {
            struct lnm_str name, got = lnm_str_cut(lnm_str_z(lines[n]), ':', &name);
            found = lnm_str_ieq(name, lnm_str_z(names[i])) && lnm_str_is(lnm_str_trim(got), value);
        }
        if (!found) {
            fail_msg("%s: header %s: %s lacks", record.name, names[i], value);
        }
    }
}

int __real_lnm_http_start(struct lnm_http **out, struct lnm_loop *loop,
                          const struct lnm_http_request *request, struct lnm_err *err);
int __wrap_lnm_http_start(struct lnm_http **out, struct lnm_loop *loop,
                          const struct lnm_http_request *request, struct lnm_err *err);

/* Where the client would go is compared with the record; it goes to the server here. */
int __wrap_lnm_http_start(struct lnm_http **out, struct lnm_loop *loop,
                          const struct lnm_http_request *request, struct lnm_err *err) {
    struct lnm_http_request q = *request;
    bool again = record.next == record.count && record.count > 0 && record.now->status >= 500;
    if (record.next == record.count && !again) {
        fail_msg("%s: asked %s, which is not in the record", record.name, request->url);
    }
    record.now = again ? record.now : &record.list[record.next++];
    check_url(request->url, record.now->url);
    check_headers(request->headers, record.now->headers);
    assert_string_equal(request->method, record.now->method);
    q.url = stub.url;
    return __real_lnm_http_start(out, loop, &q, err);
}

static struct exchange *exchange_of(const json_t *event) {
    size_t id = (size_t)json_integer_value(json_object_get(event, "connection_id"));
    assert_true(id < 16);
    record.count = id + 1 > record.count ? id + 1 : record.count;
    return &record.list[id];
}

static void read_record(json_t *traffic) {
    size_t i;
    json_t *event;
    memset(record.list, 0, sizeof record.list);
    record.count = record.next = 0;
    json_array_foreach(json_object_get(traffic, "events"), i, event) {
        json_t *action = json_object_get(event, "action");
        json_t *request = json_object_get(json_object_get(action, "Request"), "request");
        json_t *data = json_object_get(action, "Data");
        json_t *answer =
            json_object_get(json_object_get(json_object_get(action, "Response"), "response"), "Ok");
        struct exchange *e = exchange_of(event);
        if (request != NULL) {
            e->method = text_of(request, "method");
            e->url = text_of(request, "uri");
            e->headers = json_object_get(request, "headers");
        } else if (answer != NULL) {
            e->status = (int)json_integer_value(json_object_get(answer, "status"));
        } else if (data != NULL) {
            const char *text = text_of(json_object_get(data, "data"), "Utf8");
            bool sent = strcmp(text_of(data, "direction"), "Request") == 0;
            *(sent ? &e->request : &e->response) = text;
        }
    }
}

/* What lunami is told otherwise than in the record, and why: files have other places; plain HTTP
 * goes to no name; a credential_process has no shell. */
static void translate(struct lnm_buf *out, const char *text, const char *dir) {
    static const struct {
        const char *from, *to;
    } words[] = {{"http://aws.", "https://aws."},
                 {"credential_process = echo ey", "credential_process = sh -c 'echo ey"},
                 {"| base64 --decode", "| base64 --decode'"},
                 {"credential_process = exit 1", "credential_process = sh -c 'exit 1'"}};
    while (*text != '\0') {
        size_t i = 0, n = sizeof words / sizeof words[0];
        while (i < n && strncmp(text, words[i].from, strlen(words[i].from)) != 0) {
            i++;
        }
        if (strncmp(text, "/token.jwt", 10) == 0) {
            lnm_buf_addf(out, "%s/fs/token.jwt", dir);
            text += 10;
        } else if (i < n) {
            lnm_buf_addz(out, words[i].to);
            text += strlen(words[i].from);
        } else {
            lnm_buf_addc(out, *text++);
        }
    }
}

static void translate_file(const char *dir, const char *from, const char *env) {
    char path[900], here[] = "/tmp/lunami-chain-XXXXXX";
    struct lnm_buf text = {0};
    (void)snprintf(path, sizeof path, "%s/fs/home/.aws/%s", dir, from);
    if (access(path, R_OK) == 0) {
        char *given = vectors_read(path);
        translate(&text, given, dir);
        free(given);
    }
    int fd = mkstemp(here);
    assert_true(fd >= 0 && write(fd, lnm_buf_str(&text).ptr, text.len) == (ssize_t)text.len);
    (void)close(fd);
    (void)setenv(env, here, 1);
    lnm_buf_free(&text);
}

static void prepare(const char *dir, json_t *env) {
    char home[1000];
    const char *name;
    json_t *value;
    clear_environment();
    json_object_foreach(env, name, value) {
        (void)setenv(name, json_string_value(value), 1);
    }
    if (strstr(dir, "profile-provider") != NULL) { /* of that provider alone */
        (void)unsetenv("AWS_ACCESS_KEY_ID");
        (void)unsetenv("AWS_SECRET_ACCESS_KEY");
        (void)setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    }
    (void)snprintf(home, sizeof home, "%s/fs/home", dir);
    (void)setenv("HOME", home, 1);
    translate_file(dir, "config", "AWS_CONFIG_FILE");
    translate_file(dir, "credentials", "AWS_SHARED_CREDENTIALS_FILE");
}

/* The words of lunami for what the recording SDK says in its own. */
static const char *problem_of(const char *name, const char *theirs) {
    static const struct {
        const char *name, *says;
    } ours[] = {
        {"imds_default_chain_error", "no credentials found"},
        {"imds_disabled", "AWS_EC2_METADATA_DISABLED is true"},
        {"empty_config", "no credentials found"},
        {"imds_no_iam_role", "the instance has no role"},
        {"eks_pod_identity_no_token_file", "No such file or directory"},
        {"profile_overrides_web_identity", "AWS_SECRET_ACCESS_KEY are not both set"},
        {"sso_no_token_file",
         "dace00cba5f8355ec9d274ceb2bcebdfbeed0e12.json; log in again: aws sso "
         "login --profile sso-test"},
        {"sso_server_error", "it answered with status 503"},
        {"web_identity_token_invalid_jwt", "No OpenIDConnect provider found in your account"},
        {"credential_process_failure", "external process exited with code 1"},
        {"credential_process_invalid", "could not parse what the external process printed"},
        {"invalid_config", "Property did not have a name"},
    };
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (strcmp(ours[i].name, name) == 0) {
            return ours[i].says;
        }
    }
    return theirs;
}

static void check_creds(struct lnm_creds *c, json_t *wanted) {
    const struct lnm_signing_key *key;
    struct lnm_signing_key other;
    struct lnm_err err;
    const char *token = text_of(wanted, "session_token"), *account = text_of(wanted, "account_id");
    json_int_t expiry = json_integer_value(json_object_get(wanted, "expiry"));
    assert_true(lnm_str_is(lnm_creds_access_key_id(c), text_of(wanted, "access_key_id")));
    assert_true(lnm_str_eq(lnm_creds_token(c), lnm_str_z(token)));
    if (account != NULL) {
        assert_true(lnm_str_is(lnm_creds_account(c), account));
    }
    assert_int_equal(lnm_creds_expiry_us(c), expiry * 1000000);
    assert_int_equal(lnm_creds_signing_key(&key, c, "20261123", LNM_STR("r"), LNM_STR("s"), &err),
                     0);
    lnm_sigv4_signing_key(&other, lnm_str_z(text_of(wanted, "secret_access_key")), "20261123",
                          LNM_STR("r"), LNM_STR("s"));
    assert_memory_equal(key->key, other.key, sizeof other.key);
}

static void on_decided(void *arg) {
    *(bool *)arg = true;
}

/* The credentials of a session, fetched: 0, or what went wrong in *err. */
static int get(struct lnm_session **out, struct lnm_loop *loop, struct lnm_err *err) {
    struct lnm_session_options o = {0};
    struct lnm_turn turn = {0};
    bool decided = false;
    int waits = lnm_session_new(out, loop, &o, err);
    if (waits == 0) {
        waits = lnm_identity_need((*out)->root->identity, &turn, on_decided, &decided, err);
    }
    while (waits == 1 && !decided) {
        assert_true(lnm_loop_step(loop, 5000, err) >= 0);
    }
    return waits == 1 ? lnm_identity_outcome((*out)->root->identity, err) : waits;
}

static void check_result(struct lnm_loop *loop, json_t *result) {
    struct lnm_session *s = NULL;
    struct lnm_err err = {0};
    json_t *wanted = json_object_get(result, "Ok");
    int error = get(&s, loop, &err);
    if (wanted != NULL) {
        if (error < 0) {
            fail_msg("%s: %s", record.name, err.message);
        }
        check_creds(lnm_identity_creds(s->root->identity), wanted);
        assert_int_equal(record.next, record.count);
    } else {
        assert_true(error < 0);
        contains(err.message, problem_of(record.name, text_of(result, "ErrorContains")),
                 record.name);
    }
    lnm_session_unref(s);
}

static json_t *load_part(const char *dir, const char *file) {
    char path[900];
    struct lnm_buf text = {0};
    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    char *given = vectors_read(path);
    translate(&text, given, dir);
    json_t *part = json_loads(lnm_buf_str(&text).ptr, 0, NULL);
    assert_non_null(part);
    lnm_buf_free(&text);
    free(given);
    return part;
}

static void check_chain(struct lnm_loop *loop, const char *dir) {
    json_t *env = load_part(dir, "env.json"), *traffic = load_part(dir, "http-traffic.json");
    json_t *test = load_part(dir, "test-case.json");
    read_record(traffic);
    prepare(dir, env);
    check_result(loop, json_object_get(test, "result"));
    (void)unlink(getenv("AWS_CONFIG_FILE"));
    (void)unlink(getenv("AWS_SHARED_CREDENTIALS_FILE"));
    clear_environment();
    json_decref(env);
    json_decref(traffic);
    json_decref(test);
}

/* Before everything in the records expires. */
static int64_t long_ago(void *arg) {
    (void)arg;
    return INT64_C(1000000000) * 1000000;
}

static int64_t monotonic(void *arg) {
    struct timespec t;
    (void)arg;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static size_t check_all(const char *set) {
    static const struct lnm_clock clock = {long_ago, monotonic, NULL};
    char root[600], dir[900];
    struct lnm_loop *loop;
    struct lnm_err err;
    struct dirent *entry;
    size_t count = 0;
    if (!vectors_dir(root, sizeof root, set)) {
        skip();
    }
    DIR *all = opendir(root);
    assert_non_null(all);
    stub_start(&stub, replay, NULL);
    assert_int_equal(lnm_loop_new(&loop, &err), 0);
    lnm_clock_set(&clock);
    while ((entry = readdir(all)) != NULL) {
        if (entry->d_name[0] != '.') {
            print_message("# %s\n", entry->d_name);
            record.name = entry->d_name;
            (void)snprintf(dir, sizeof dir, "%s/%s", root, entry->d_name);
            check_chain(loop, dir);
            count++;
        }
    }
    lnm_clock_set(NULL);
    lnm_loop_free(loop);
    stub_stop(&stub);
    (void)closedir(all);
    return count;
}

static void test_recorded_chains(void **state) {
    (void)state;
    assert_int_equal(check_all("config/credential-chain"), 29);
}

static void test_recorded_profiles(void **state) {
    (void)state;
    assert_int_equal(check_all("config/profile-provider"), 18);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plans),
                                       cmocka_unit_test(test_the_order),
                                       cmocka_unit_test(test_containers),
                                       cmocka_unit_test(test_containers_are_near_or_speak_tls),
                                       cmocka_unit_test(test_instances),
                                       cmocka_unit_test(test_recorded_chains),
                                       cmocka_unit_test(test_recorded_profiles)};
    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
