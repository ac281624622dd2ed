/* Plans of faults: what is read, what is refused and how, and which rule a request meets. */
#include "vectors.h"

#include "cloud/fault.h"

static struct lnm_fault_plan read_good(const char *json) {
    struct lnm_fault_plan plan;
    struct lnm_err err = {0};
    if (lnm_fault_plan_read(&plan, lnm_str_z(json), &err) < 0) {
        fail_msg("%s: %s", json, err.message);
    }
    return plan;
}

static void test_each_fault_is_read(void **state) {
    (void)state;
    for (int k = 1; k < LNM_FAULT_KINDS; k++) {
        char json[200];
        (void)snprintf(json, sizeof json, "{\"rules\":[{\"fault\":\"%s\"}]}",
                       lnm_fault_name((enum lnm_fault_kind)k));
        struct lnm_fault_plan plan = read_good(json);
        assert_int_equal(plan.count, 1);
        assert_int_equal(plan.rules[0].kind, k);
        lnm_fault_plan_free(&plan);
    }
}

static void test_each_member_is_read(void **state) {
    struct lnm_fault_plan plan = read_good(
        "{\"seed\":7,\"skew\":-1200.5,\"rules\":[{\"service\":\"ec2\",\"action\":\"Copy*\","
        "\"account\":\"000000000001\",\"region\":\"us-*\",\"nth\":2,\"every\":3,\"times\":4,"
        "\"probability\":0.5,\"fault\":\"error\",\"code\":\"C\",\"message\":\"M\",\"status\":503,"
        "\"bytes\":0,\"seconds\":1.5,\"index\":\"tag\",\"when\":\"after\"},"
        "{\"fault\":\"skew\",\"seconds\":-2},{\"fault\":\"html\"},"
        "{\"fault\":\"html\",\"status\":200},{\"fault\":\"error\"}]}");
    const struct lnm_fault_rule *r = plan.rules;
    (void)state;
    assert_int_equal(plan.random, 7);
    assert_int_equal(plan.skew_us, -1200500000);
    assert_string_equal(r->action, "Copy*");
    assert_true(r->nth == 2 && r->every == 3 && r->times == 4 && r->status == 503 && r->after);
    assert_int_equal(r->duration_us, 1500000);
    assert_int_equal(r->index, LNM_LAG_TAG);
    assert_string_equal(r->code, "C");
    assert_int_equal(r[1].duration_us, -2000000);
    assert_int_equal(r[2].status, 502);
    assert_int_equal(r[3].status, 200);
    assert_int_equal(r[4].status, 500);
    assert_string_equal(r[4].code, "InternalError");
    lnm_fault_plan_free(&plan);
}

static void test_mistakes_are_named(void **state) {
    static const char *const rows[][2] = {
        {"[]", "an object is expected"},
        {"{", "line 1"},
        {"{\"rules\":{}}", "rules: a list"},
        {"{\"rule\":[]}", "rule: only rules"},
        {"{\"seed\":\"x\"}", "seed: only rules"},
        {"{\"skew\":\"x\"}", "skew: only rules"},
        {"{\"skew\":1e10}", "skew: only rules"},
        {"{\"rules\":[1]}", "rule 1: rule: an object"},
        {"{\"rules\":[{}]}", "rule 1: fault: it is missing"},
        {"{\"rules\":[{\"fault\":\"stuck\"},{\"fault\":\"x\"}]}", "rule 2: fault: one of"},
        {"{\"rules\":[{\"fault\":\"slow\",\"seconds\":-1}]}", "seconds: a number from 0"},
        {"{\"rules\":[{\"seconds\":-1,\"fault\":\"hang\"}]}", "seconds: a number from 0"},
        {"{\"rules\":[{\"fault\":\"skew\",\"seconds\":\"1\"}]}", "seconds: a number is"},
        {"{\"rules\":[{\"fault\":\"lag\",\"index\":1}]}", "index: one of"},
        {"{\"rules\":[{\"fault\":\"error\",\"status\":200}]}", "status: a number from 400"},
        {"{\"rules\":[{\"fault\":\"html\",\"status\":199}]}", "status: a number from 200"},
        {"{\"rules\":[{\"fault\":\"reset\",\"when\":\"x\"}]}", "when: before or after"},
        {"{\"rules\":[{\"fault\":\"throttle\",\"nth\":0}]}", "nth: a whole number from 1"},
        {"{\"rules\":[{\"fault\":\"length\",\"bytes\":-1}]}", "bytes: a whole number from 0"},
        {"{\"rules\":[{\"fault\":\"throttle\",\"probability\":2}]}", "0 to 1"},
        {"{\"rules\":[{\"fault\":\"throttle\",\"colour\":1}]}", "colour: there is no such member"},
        {"{\"rules\":[{\"fault\":\"throttle\",\"region\":1}]}", "region: a text"},
        {"{\"rules\":[{\"fault\":\"throttle\",\"fault\":\"lag\"}]}", "duplicate"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lnm_fault_plan plan;
        struct lnm_err err = {0};
        int error = lnm_fault_plan_read(&plan, lnm_str_z(rows[i][0]), &err);
        lnm_fault_plan_free(&plan);
        if (error != LNM_EPARSE || strstr(err.message, rows[i][1]) == NULL) {
            fail_msg("%s: %s", rows[i][0], err.message);
        }
    }
}

static struct lnm_cloud_request asked(const char *action) {
    struct lnm_cloud_request r = {.service = &lnm_ec2,
                                  .op = lnm_operation_find(&lnm_ec2, lnm_str_z(action)),
                                  .account = "000000000001",
                                  .region = "us-east-1"};
    assert_int_equal(lnm_record_init(&r.in, r.op->input, 0), 0);
    return r;
}

/* Which of so many requests meet a rule: a letter each. */
static void meets(char *out, struct lnm_fault_plan *plan, const struct lnm_cloud_request *r,
                  size_t count) {
    for (size_t i = 0; i < count; i++) {
        out[i] = lnm_fault_choose(plan, r) != NULL ? 'x' : '.';
    }
    out[count] = '\0';
}

static void test_counting_rules(void **state) {
    static const char *const rows[][2] = {{"", "xxxxxxxx"},
                                          {"\"nth\":3,", "..x....."},
                                          {"\"every\":2,", ".x.x.x.x"},
                                          {"\"every\":2,\"times\":2,", ".x.x...."},
                                          {"\"times\":3,", "xxx....."},
                                          {"\"action\":\"Copy*\",", "........"},
                                          {"\"region\":\"us-east-?\",", "xxxxxxxx"},
                                          {"\"service\":\"kms\",", "........"},
                                          {"\"probability\":0,", "........"}};
    struct lnm_cloud_request r = asked("DescribeImages");
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char json[200], met[9];
        (void)snprintf(json, sizeof json, "{\"rules\":[{%s\"fault\":\"throttle\"}]}", rows[i][0]);
        struct lnm_fault_plan plan = read_good(json);
        meets(met, &plan, &r, 8);
        assert_string_equal(met, rows[i][1]);
        lnm_fault_plan_free(&plan);
    }
    lnm_record_free(&r.in);
}

static void test_chance_follows_the_seed(void **state) {
    char met[3][33];
    struct lnm_cloud_request r = asked("DescribeImages");
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct lnm_fault_plan plan =
            read_good(i < 2 ? "{\"seed\":1,\"rules\":[{\"probability\":0.5,\"fault\":\"lag\"}]}"
                            : "{\"seed\":2,\"rules\":[{\"probability\":0.5,\"fault\":\"lag\"}]}");
        meets(met[i], &plan, &r, 32);
        lnm_fault_plan_free(&plan);
    }
    assert_string_equal(met[0], met[1]);
    assert_string_not_equal(met[0], met[2]);
    lnm_record_free(&r.in);
}

/* Faults of pages count only the requests that have one before, or are of lists. */
static void test_what_a_fault_cannot_be_of(void **state) {
    static const struct {
        const char *fault, *action;
        bool paged, meets;
    } rows[] = {{"same_page", "DescribeImages", false, false},
                {"same_page", "DescribeImages", true, true},
                {"expired_page", "DescribeImages", false, false},
                {"expired_page", "DescribeImages", true, true},
                {"empty_page", "DescribeImages", false, true},
                {"empty_page", "DescribeRegions", false, false},
                {"stale", "DescribeImages", false, true},
                {"stale", "CopyImage", false, false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char json[100];
        struct lnm_cloud_request r = asked(rows[i].action);
        if (rows[i].paged) {
            lnm_record_setz(&r.in, "next_token", "t");
        }
        lnm_record_close(&r.in);
        (void)snprintf(json, sizeof json, "{\"rules\":[{\"nth\":1,\"fault\":\"%s\"}]}",
                       rows[i].fault);
        struct lnm_fault_plan plan = read_good(json);
        assert_int_equal(lnm_fault_choose(&plan, &r) != NULL, rows[i].meets);
        lnm_fault_plan_free(&plan);
        lnm_record_free(&r.in);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_fault_is_read),
        cmocka_unit_test(test_each_member_is_read),
        cmocka_unit_test(test_mistakes_are_named),
        cmocka_unit_test(test_counting_rules),
        cmocka_unit_test(test_chance_follows_the_seed),
        cmocka_unit_test(test_what_a_fault_cannot_be_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
