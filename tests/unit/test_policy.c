/* Policy documents decided, and tokens of web identities read. */
#include "vectors.h"

#include "cloud/jwt.h"
#include "cloud/policies.h"

#define ROLE "arn:aws:iam::000000000001:role/images"
#define SESSION "arn:aws:sts::000000000001:assumed-role/images/build"
#define KEY "arn:aws:kms:us-east-1:000000000001:key/1"

static const struct lnm_policy_question asked = {.account = "000000000001",
                                                 .principal = SESSION,
                                                 .action = "kms:Decrypt",
                                                 .resource = KEY,
                                                 .region = "us-east-1"};

static enum lnm_policy_effect decide(const char *statement, const struct lnm_policy_question *q) {
    char document[2048];
    (void)snprintf(document, sizeof document, "{\"Version\":\"2012-10-17\",\"Statement\":%s}",
                   statement);
    return lnm_policy_decide(lnm_str_z(document), q);
}

static void test_who_is_meant(void **state) {
    static const struct {
        const char *principal;
        enum lnm_policy_effect effect;
    } rows[] = {
        {"\"*\"", LNM_POLICY_ALLOWS},
        {"{\"AWS\":\"*\"}", LNM_POLICY_ALLOWS},
        {"{\"AWS\":\"000000000001\"}", LNM_POLICY_DELEGATES},
        {"{\"AWS\":\"arn:aws:iam::000000000001:root\"}", LNM_POLICY_DELEGATES},
        {"{\"AWS\":[\"000000000001\",\"" ROLE "\"]}", LNM_POLICY_ALLOWS},
        {"{\"AWS\":\"arn:aws:iam::000000000001:role/path/images\"}", LNM_POLICY_ALLOWS},
        {"{\"AWS\":\"" SESSION "\"}", LNM_POLICY_ALLOWS},
        {"{\"AWS\":\"arn:aws:sts::000000000001:assumed-role/images/other\"}", LNM_POLICY_SILENT},
        {"{\"AWS\":\"arn:aws:iam::000000000001:role/image\"}", LNM_POLICY_SILENT},
        {"{\"AWS\":\"arn:aws:iam::000000000001:user/images\"}", LNM_POLICY_SILENT},
        {"{\"AWS\":\"arn:aws:iam::000000000002:role/images\"}", LNM_POLICY_SILENT},
        {"{\"Service\":\"ec2.amazonaws.com\"}", LNM_POLICY_SILENT},
        {"{\"Federated\":\"" SESSION "\"}", LNM_POLICY_SILENT},
        {"7", LNM_POLICY_SILENT},
    };
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)snprintf(
            text, sizeof text,
            "{\"Effect\":\"Allow\",\"Principal\":%s,\"Action\":\"*\",\"Resource\":\"*\"}",
            rows[i].principal);
        assert_int_equal(decide(text, &asked), rows[i].effect);
    }
}

static void test_what_is_meant(void **state) {
    static const struct {
        const char *rest;
        enum lnm_policy_effect effect;
    } rows[] = {
        {"\"Action\":\"kms:*\",\"Resource\":\"*\"", LNM_POLICY_ALLOWS},
        {"\"Action\":[\"x\",\"KMS:decrypt\"],\"Resource\":\"" KEY "\"", LNM_POLICY_ALLOWS},
        {"\"Action\":\"kms:De?rypt\",\"Resource\":\"arn:aws:kms:*:*:key/1\"", LNM_POLICY_ALLOWS},
        {"\"Action\":\"kms:Encrypt\",\"Resource\":\"*\"", LNM_POLICY_SILENT},
        {"\"Action\":\"*\",\"Resource\":\"" KEY "2\"", LNM_POLICY_SILENT},
        {"\"NotAction\":\"kms:Encrypt\",\"Resource\":\"*\"", LNM_POLICY_ALLOWS},
        {"\"NotAction\":\"kms:*\",\"Resource\":\"*\"", LNM_POLICY_SILENT},
        {"\"Action\":\"*\",\"NotResource\":\"" KEY "\"", LNM_POLICY_SILENT},
        {"\"Action\":\"*\",\"Resource\":\"arn:${aws:username}\"", LNM_POLICY_SILENT},
        {"\"Action\":\"*\"", LNM_POLICY_SILENT},
        {"\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":"
         "true}}",
         LNM_POLICY_ALLOWS},
        {"\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"NoSuch\":{\"aws:PrincipalArn\":"
         "\"x\"}}",
         LNM_POLICY_SILENT},
        {"\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"ArnEquals\":{\"aws:PrincipalArn\":"
         "\"" ROLE "\"}}",
         LNM_POLICY_ALLOWS},
    };
    char text[1024];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)snprintf(text, sizeof text, "{\"Effect\":\"Allow\",%s}", rows[i].rest);
        assert_int_equal(decide(text, &asked), rows[i].effect);
    }
}

#define ALLOW "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"

static void test_a_deny_outweighs(void **state) {
    struct lnm_policy_question account = asked;
    (void)state;
    account.principal = NULL;
    assert_int_equal(decide("[" ALLOW ",{\"Effect\":\"Deny\",\"Action\":\"kms:Decrypt\","
                            "\"Resource\":\"*\"}]",
                            &asked),
                     LNM_POLICY_DENIES);
    /* what is not understood denies too */
    assert_int_equal(decide("[" ALLOW ",{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\","
                            "\"Condition\":{\"StringEquals\":{\"aws:Nobody\":\"knows\"}}}]",
                            &asked),
                     LNM_POLICY_DENIES);
    /* one that is about somebody does not deny the account */
    assert_int_equal(decide("[" ALLOW ",{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"" ROLE "\"},"
                            "\"Action\":\"*\",\"Resource\":\"*\"}]",
                            &account),
                     LNM_POLICY_ALLOWS);
    assert_int_equal(decide("[" ALLOW ",{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\","
                            "\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"*\"}}}]",
                            &account),
                     LNM_POLICY_ALLOWS);
    assert_int_equal(decide("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
                            "\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"" ROLE "\"}}}",
                            &account),
                     LNM_POLICY_ALLOWS);
}

static void test_a_user_has_a_name(void **state) {
    struct lnm_policy_question user = asked;
    static const char named[] = "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
                                "\"Condition\":{\"StringEquals\":{\"aws:username\":\"ann\"}}}";
    (void)state;
    assert_int_equal(decide(named, &asked), LNM_POLICY_SILENT);
    user.principal = "arn:aws:iam::000000000001:user/people/ann";
    assert_int_equal(decide(named, &user), LNM_POLICY_ALLOWS);
    user.principal = "arn:aws:iam::000000000001:user/bob";
    assert_int_equal(decide(named, &user), LNM_POLICY_SILENT);
}

/* Tags of who asks are facts beside those of the request; one without a fact is absent. */
static void test_the_principals_own_facts(void **state) {
    static const char team[] =
        "{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\","
        "\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/Team\":\"a\"}}}";
    static const char none[] = "{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\","
                               "\"Condition\":{\"Null\":{\"aws:PrincipalTag/team\":\"true\"}}}";
    struct lnm_buf facts = {0};
    struct lnm_policy_question q = asked;
    (void)state;
    assert_int_equal(decide(team, &q), LNM_POLICY_SILENT);
    assert_int_equal(decide(none, &q), LNM_POLICY_ALLOWS);
    lnm_policy_fact_add(&facts, "aws:PrincipalTag/", LNM_STR("team"), LNM_STR("a"));
    q.of_principal = &facts;
    assert_int_equal(decide(team, &q), LNM_POLICY_ALLOWS);
    assert_int_equal(decide(none, &q), LNM_POLICY_SILENT);
    facts.len = 0;
    lnm_policy_fact_add(&facts, "aws:PrincipalTag/", LNM_STR("team"), LNM_STR("b"));
    assert_int_equal(decide(team, &q), LNM_POLICY_SILENT);
    facts.failed = LNM_ENOMEM; /* not all are known: nothing is allowed by them */
    assert_int_equal(decide(none, &q), LNM_POLICY_SILENT);
    lnm_buf_free(&facts);
    q.of_principal = NULL;
    q.principal = NULL; /* when work ends: anybody of the account may be the one */
    assert_int_equal(decide(team, &q), LNM_POLICY_ALLOWS);
}

static void test_what_is_a_document(void **state) {
    (void)state;
    assert_true(lnm_policy_valid(LNM_STR("{\"Statement\":" ALLOW "}"), false));
    assert_false(lnm_policy_valid(LNM_STR("{\"Statement\":" ALLOW "}"), true));
    assert_false(lnm_policy_valid(LNM_STR("{\"Statement\":[]}"), false));
    assert_false(lnm_policy_valid(LNM_STR("{}"), false));
    assert_false(lnm_policy_valid(LNM_STR("["), false));
    assert_false(lnm_policy_valid(
        LNM_STR("{\"Statement\":{\"Effect\":\"Maybe\",\"Action\":\"*\",\"Resource\":\"*\"}}"),
        false));
    assert_false(lnm_policy_valid(
        LNM_STR("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotAction\":\"*\","
                "\"Resource\":\"*\"}}"),
        false));
}

/* {"alg":"HS256"} . {"iss":"https://i","sub":"s","aud":["a","b"],"exp":2} , signed "local" */
#define HEAD "eyJhbGciOiJIUzI1NiJ9"
#define BODY "eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJzIiwiYXVkIjpbImEiLCJiIl0sImV4cCI6Mn0"
#define SIGNATURE "fpX3Vk8Ol33DO08JwpgoTbUAw2ZHga3bxRGFChWwznE"

static void test_a_token(void **state) {
    struct lnm_jwt t;
    (void)state;
    assert_int_equal(lnm_jwt_read(&t, LNM_STR(HEAD "." BODY "." SIGNATURE)), 0);
    assert_true(t.is_signed);
    assert_string_equal(t.issuer, "https://i");
    assert_string_equal(t.subject, "s");
    assert_int_equal(t.expires_s, 2);
    assert_int_equal(t.audiences.len, 4);
    assert_memory_equal(t.audiences.ptr, "a\0b\0", 4);
    lnm_jwt_free(&t);
    assert_int_equal(lnm_jwt_read(&t, LNM_STR(HEAD "." BODY ".AAAA")), 0);
    assert_false(t.is_signed);
    lnm_jwt_free(&t);
    static const char *const bad[] = {"",
                                      "a",
                                      "..",
                                      HEAD "." BODY,
                                      HEAD ".e30." SIGNATURE,
                                      "e30." BODY "." SIGNATURE,
                                      HEAD "." BODY "=." SIGNATURE};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(lnm_jwt_read(&t, lnm_str_z(bad[i])), LNM_EPARSE);
        lnm_jwt_free(&t);
    }
}

/* What is kept says what reading it anew says, however many there are, and whatever changes. */
static void test_kept_policies(void **state) {
    struct lnm_policies kept = {0};
    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < LNM_POLICIES + LNM_POLICIES / 2; i++) {
            char text[256];
            (void)snprintf(text, sizeof text,
                           "{\"Statement\":{\"Sid\":\"s%03d\",\"Effect\":\"%s\",\"Action\":"
                           "\"%s:Decrypt\",\"Resource\":\"*\"}}",
                           i, i % 3 == 0 ? "Deny" : "Allow", i % 2 == 0 ? "kms" : "ec2");
            enum lnm_policy_effect wanted = i % 2 != 0   ? LNM_POLICY_SILENT
                                            : i % 3 == 0 ? LNM_POLICY_DENIES
                                                         : LNM_POLICY_ALLOWS;
            assert_int_equal(lnm_policies_decide(&kept, lnm_str_z(text), &asked), wanted);
            assert_int_equal(lnm_policies_decide(&kept, lnm_str_z(text), &asked), wanted);
        }
        assert_int_equal(lnm_policies_decide(&kept, LNM_STR("no policy"), &asked),
                         LNM_POLICY_SILENT);
        assert_int_equal(lnm_policies_decide(&kept, LNM_STR(""), &asked), LNM_POLICY_SILENT);
    }
    lnm_policies_forget(&kept);
    assert_int_equal(lnm_policies_decide(&kept, LNM_STR("no policy"), &asked), LNM_POLICY_SILENT);
    lnm_policies_forget(&kept);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_meant),
        cmocka_unit_test(test_what_is_meant),
        cmocka_unit_test(test_a_deny_outweighs),
        cmocka_unit_test(test_the_principals_own_facts),
        cmocka_unit_test(test_what_is_a_document),
        cmocka_unit_test(test_a_user_has_a_name),
        cmocka_unit_test(test_a_token),
        cmocka_unit_test(test_kept_policies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
