/* The published vectors of the shared files and of EC2's endpoints, and the endpoints of the other
 * services in every partition. */
#include "vectors.h"

#include "aws/endpoint.h"
#include "client/settings.h"

static const char *text_of(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

static json_t *load(const char *set, const char *file) {
    char dir[600], path[700];
    json_error_t error;
    if (!vectors_dir(dir, sizeof dir, set)) {
        skip();
    }
    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    json_t *all = json_load_file(path, 0, &error);
    if (all == NULL) {
        fail_msg("%s: %s", path, error.text);
    }
    return all;
}

/* ---- the shared files --------------------------------------------------------------------------
 */

/* "\nname = value\nother =": a block, each line a nested setting. */
static void check_block(const struct lnm_profiles *p, const char *section, const char *profile,
                        const char *property, struct lnm_str lines) {
    while (lines.len > 0) {
        struct lnm_str line, name;
        char sub[64];
        lines = lnm_str_cut(lines, '\n', &line);
        struct lnm_str value = lnm_str_trim(lnm_str_cut(line, '=', &name));
        name = lnm_str_trim(name);
        (void)snprintf(sub, sizeof sub, "%.*s", (int)name.len, name.ptr);
        if (sub[0] != '\0') {
            assert_true(lnm_str_eq(lnm_profiles_get(p, section, profile, property, sub), value));
        }
    }
}

static void check_section(const struct lnm_profiles *p, const char *section, json_t *wanted) {
    const char *profile, *property;
    json_t *properties, *value;
    json_object_foreach(wanted, profile, properties) {
        assert_true(lnm_profiles_has(p, section, profile));
        json_object_foreach(properties, property, value) {
            struct lnm_str text = lnm_str_z(json_string_value(value));
            if (text.len > 0 && text.ptr[0] == '\n') {
                check_block(p, section, profile, property, text);
            } else {
                assert_true(
                    lnm_str_eq(lnm_profiles_get(p, section, profile, property, NULL), text));
            }
        }
    }
}

static int parse(struct lnm_profiles *p, const json_t *input, struct lnm_err *err) {
    static const char *const files[] = {"configFile", "credentialsFile"};
    int error = 0;
    for (int i = 0; error == 0 && i < 2; i++) {
        const char *text = text_of(input, files[i]);
        if (text != NULL) {
            error = lnm_profiles_parse(p, i == 0 ? LNM_CONFIG_FILE : LNM_CREDENTIALS_FILE,
                                       lnm_str_z(text), files[i], err);
        }
    }
    return error;
}

static void check_parser_case(json_t *test) {
    struct lnm_profiles *p;
    struct lnm_err err = {0};
    struct lnm_str names[32];
    json_t *output = json_object_get(test, "output"), *config = json_object_get(output, "config");
    const char *problem = text_of(output, "errorContaining");
    assert_int_equal(lnm_profiles_new(&p, &err), 0);
    int error = parse(p, json_object_get(test, "input"), &err);
    if (problem != NULL) {
        assert_int_equal(error, LNM_ECONFIG);
        assert_non_null(strstr(err.message, problem));
        assert_non_null(strstr(err.message, "configFile:"));
    } else {
        json_t *profiles = json_object_get(config, "profiles");
        assert_int_equal(error, 0);
        assert_int_equal(lnm_profiles_names(p, names, 32), json_object_size(profiles));
        check_section(p, "profile", profiles);
        check_section(p, "sso-session", json_object_get(config, "sso_sessions"));
    }
    lnm_profiles_free(p);
}

static void test_parser(void **state) {
    size_t i;
    json_t *all = load("config", "profile-parser-tests.json"), *test;
    (void)state;
    json_array_foreach(json_object_get(all, "tests"), i, test) {
        print_message("# %s\n", text_of(test, "name"));
        check_parser_case(test);
    }
    assert_int_equal(i, 65);
    json_decref(all);
}

static void test_locations(void **state) {
    size_t i, checked = 0;
    json_t *all = load("config", "file-location-tests.json"), *test, *value;
    const char *name;
    (void)state;
    json_array_foreach(json_object_get(all, "tests"), i, test) {
        if (strcmp(text_of(test, "platform"), "windows") == 0) {
            continue; /* lunami does not run there */
        }
        char path[256];
        (void)unsetenv("AWS_CONFIG_FILE");
        (void)unsetenv("AWS_SHARED_CREDENTIALS_FILE");
        json_object_foreach(json_object_get(test, "environment"), name, value) {
            (void)setenv(name, json_string_value(value), 1);
        }
        assert_true(lnm_settings_path(path, sizeof path, LNM_CONFIG_FILE));
        assert_string_equal(path, text_of(test, "configLocation"));
        assert_true(lnm_settings_path(path, sizeof path, LNM_CREDENTIALS_FILE));
        assert_string_equal(path, text_of(test, "credentialsLocation"));
        checked++;
    }
    assert_int_equal(checked, 4);
    json_decref(all);
}

static void test_without_a_home(void **state) {
    char path[16];
    (void)state;
    (void)unsetenv("AWS_CONFIG_FILE");
    (void)unsetenv("HOME");
    assert_false(lnm_settings_path(path, sizeof path, LNM_CONFIG_FILE));
    assert_false(lnm_settings_expand(path, sizeof path, "/a/path/that/is/too/long"));
    assert_true(lnm_settings_expand(path, sizeof path, "~x/y"));
    assert_string_equal(path, "~x/y");
}

static void test_places(void **state) {
    struct lnm_profiles *p;
    struct lnm_err err;
    char place[64];
    (void)state;
    assert_int_equal(lnm_profiles_new(&p, &err), 0);
    assert_int_equal(lnm_profiles_parse(p, LNM_CONFIG_FILE,
                                        LNM_STR("[default]\n\nregion = a\nservices = s"), "file",
                                        &err),
                     0);
    lnm_profiles_place(place, sizeof place, p, "profile", "default", "region");
    assert_string_equal(place, "file:3: ");
    lnm_profiles_place(place, sizeof place, p, "profile", "default", "output");
    assert_string_equal(place, "");
    lnm_profiles_free(p);
}

/* ---- endpoints ---------------------------------------------------------------------------------
 */

static void check_endpoint_case(json_t *test) {
    json_t *params = json_object_get(test, "params"), *expect = json_object_get(test, "expect");
    struct lnm_endpoint_params p = {.service = LNM_STR("ec2"),
                                    .region = lnm_str_z(text_of(params, "Region")),
                                    .custom_url = lnm_str_z(text_of(params, "Endpoint")),
                                    .fips = json_is_true(json_object_get(params, "UseFIPS")),
                                    .dualstack =
                                        json_is_true(json_object_get(params, "UseDualStack"))};
    struct lnm_buf url = {0};
    struct lnm_err err;
    int error = lnm_endpoint_url(&url, &p, &err);
    if (json_object_get(expect, "error") != NULL) {
        assert_int_equal(error, LNM_ECONFIG);
    } else {
        assert_int_equal(error, 0);
        assert_string_equal(url.ptr, text_of(json_object_get(expect, "endpoint"), "url"));
    }
    lnm_buf_free(&url);
}

static void test_ec2_endpoints(void **state) {
    size_t i;
    json_t *all = load("endpoints", "ec2.json"), *test;
    (void)state;
    json_array_foreach(json_object_get(all, "testCases"), i, test) {
        if (json_object_get(test, "params") != NULL) {
            check_endpoint_case(test);
        } else { /* no region at all */
            struct lnm_buf url = {0};
            struct lnm_err err;
            struct lnm_endpoint_params p = {.service = LNM_STR("ec2")};
            assert_non_null(json_object_get(json_object_get(test, "expect"), "error"));
            assert_int_equal(lnm_endpoint_url(&url, &p, &err), LNM_ECONFIG);
        }
    }
    assert_int_equal(i, 54);
    json_decref(all);
}

static const struct {
    const char *name, *region, *suffix, *dualstack;
} partitions[] = {{"aws", "us-east-1", "amazonaws.com", "api.aws"},
                  {"aws", "nowhere-yet-9", "amazonaws.com", "api.aws"},
                  {"aws-cn", "cn-northwest-1", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
                  {"aws-us-gov", "us-gov-west-1", "amazonaws.com", "api.aws"},
                  {"aws-us-gov", "us-gov-east-1", "amazonaws.com", "api.aws"},
                  {"aws-iso", "us-iso-west-1", "c2s.ic.gov", "api.aws.ic.gov"},
                  {"aws-iso-b", "us-isob-east-1", "sc2s.sgov.gov", "api.aws.scloud"},
                  {"aws-iso-e", "eu-isoe-west-1", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
                  {"aws-iso-f", "us-isof-south-1", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
                  {"aws-eusc", "eusc-de-east-1", "amazonaws.eu", "api.amazonwebservices.eu"}};
static const struct {
    const char *name;
    bool plain_in_gov; /* its FIPS host there has no "-fips" */
} services[] = {{"ec2", true}, {"ebs", false},       {"kms", false},
                {"sts", true}, {"portal.sso", true}, {"oidc", true}};

static void check_partition(size_t service, size_t partition, bool fips, bool dualstack) {
    struct lnm_endpoint_params p = {.service = lnm_str_z(services[service].name),
                                    .region = lnm_str_z(partitions[partition].region),
                                    .fips = fips,
                                    .dualstack = dualstack};
    struct lnm_buf url = {0};
    struct lnm_err err;
    char wanted[200];
    bool gov = strcmp(partitions[partition].name, "aws-us-gov") == 0;
    bool plain = !fips || (gov && services[service].plain_in_gov && !dualstack);
    (void)snprintf(wanted, sizeof wanted, "https://%s%s.%s.%s", services[service].name,
                   plain ? "" : "-fips", partitions[partition].region,
                   dualstack ? partitions[partition].dualstack : partitions[partition].suffix);
    assert_int_equal(lnm_endpoint_url(&url, &p, &err), 0);
    assert_string_equal(url.ptr, wanted);
    assert_true(lnm_str_eq(lnm_endpoint_signing_region(&p), p.region));
    lnm_buf_free(&url);
}

static void test_every_partition(void **state) {
    (void)state;
    for (size_t n = 0; n < sizeof partitions / sizeof partitions[0]; n++) {
        assert_string_equal(lnm_partition(lnm_str_z(partitions[n].region)), partitions[n].name);
        for (size_t s = 0; s < sizeof services / sizeof services[0]; s++) {
            for (int bits = 0; bits < 4; bits++) {
                check_partition(s, n, (bits & 1) != 0, (bits & 2) != 0);
            }
        }
    }
}

static void check_sts(struct lnm_endpoint_params p, const char *url, const char *region) {
    struct lnm_buf got = {0};
    struct lnm_err err;
    assert_int_equal(lnm_endpoint_url(&got, &p, &err), 0);
    assert_string_equal(got.ptr, url);
    assert_true(lnm_str_is(lnm_endpoint_signing_region(&p), region));
    lnm_buf_free(&got);
}

static void test_legacy_sts(void **state) {
    struct lnm_endpoint_params p = {
        .service = LNM_STR("sts"), .region = LNM_STR("eu-west-1"), .legacy_sts = true};
    (void)state;
    check_sts(p, "https://sts.amazonaws.com", "us-east-1");
    p.fips = true;
    check_sts(p, "https://sts-fips.eu-west-1.amazonaws.com", "eu-west-1");
    p.fips = false;
    p.region = LNM_STR("eu-south-1"); /* younger than the global endpoint's list */
    check_sts(p, "https://sts.eu-south-1.amazonaws.com", "eu-south-1");
    p.region = LNM_STR("us-gov-west-1");
    check_sts(p, "https://sts.us-gov-west-1.amazonaws.com", "us-gov-west-1");
    p.region = LNM_STR("eu-west-1");
    p.custom_url = LNM_STR("http://127.0.0.1:1");
    check_sts(p, "http://127.0.0.1:1", "eu-west-1");
    p = (struct lnm_endpoint_params){
        .service = LNM_STR("ec2"), .region = LNM_STR("eu-west-1"), .legacy_sts = true};
    check_sts(p, "https://ec2.eu-west-1.amazonaws.com", "eu-west-1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parser),         cmocka_unit_test(test_locations),
        cmocka_unit_test(test_without_a_home), cmocka_unit_test(test_places),
        cmocka_unit_test(test_ec2_endpoints),  cmocka_unit_test(test_every_partition),
        cmocka_unit_test(test_legacy_sts)};
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
