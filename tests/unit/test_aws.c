/* Retry arithmetic, endpoints, shared files, and the XML reader's limits. */
#include "vectors.h"

#include "aws/api_types.h"
#include "aws/endpoint.h"
#include "aws/profile.h"
#include "aws/retry.h"
#include "aws/xml.h"

/* The codes that AWS's standard mode tries again, each list as it is documented. */
static const char *const throttling[] = {"Throttling",
                                         "ThrottlingException",
                                         "ThrottledException",
                                         "RequestThrottledException",
                                         "TooManyRequestsException",
                                         "ProvisionedThroughputExceededException",
                                         "TransactionInProgressException",
                                         "RequestLimitExceeded",
                                         "BandwidthLimitExceeded",
                                         "LimitExceededException",
                                         "RequestThrottled",
                                         "SlowDown",
                                         "PriorRequestNotComplete",
                                         "EC2ThrottledException",
                                         NULL};
static const char *const transient[] = {"RequestTimeout", "RequestTimeoutException",
                                        "IDPCommunicationError", "InternalError", NULL};
static const char *const skew[] = {"RequestTimeTooSkewed",
                                   "RequestExpired",
                                   "RequestInTheFuture",
                                   "InvalidSignatureException",
                                   "SignatureDoesNotMatch",
                                   "AuthFailure",
                                   NULL};
static const char *const final[] = {"InvalidAMIID.NotFound",
                                    "UnauthorizedOperation",
                                    "OptInRequired",
                                    "InvalidParameterValue",
                                    "DryRunOperation",
                                    "ResourceLimitExceeded",
                                    "",
                                    NULL};

static void all_are(const char *const *codes, enum lnm_retry_kind kind) {
    for (; *codes != NULL; codes++) {
        if (lnm_retry_classify(400, lnm_str_z(*codes)) != kind) {
            fail_msg("%s", *codes);
        }
    }
}

static void test_retry_classes(void **state) {
    static const int again[] = {0, 500, 502, 503, 504}; /* 0: nobody answered */
    (void)state;
    all_are(throttling, LNM_RETRY_THROTTLE);
    all_are(transient, LNM_RETRY_TRANSIENT);
    all_are(skew, LNM_RETRY_SKEW);
    all_are(final, LNM_RETRY_NO);
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++) {
        assert_int_equal(lnm_retry_classify(again[i], LNM_STR("")), LNM_RETRY_TRANSIENT);
    }
    assert_int_equal(lnm_retry_classify(503, LNM_STR("RequestLimitExceeded")), LNM_RETRY_THROTTLE);
    assert_int_equal(lnm_retry_classify(429, LNM_STR("")), LNM_RETRY_THROTTLE);
    assert_int_equal(lnm_retry_classify(501, LNM_STR("")), LNM_RETRY_NO);
    assert_true(lnm_retry_skewed(INT64_C(241000000), 0) && lnm_retry_skewed(0, INT64_C(241000000)));
    assert_false(lnm_retry_skewed(INT64_C(240000000), 0));
}

/* U(0,1) * min(2^(attempt-1), 20) seconds. */
static void test_retry_backoff(void **state) {
    static const int most_s[] = {1, 2, 4, 8, 16, 20, 20, 20};
    (void)state;
    for (unsigned i = 0; i < sizeof most_s / sizeof most_s[0]; i++) {
        assert_int_equal(lnm_retry_delay_us(i + 1, 0), 0);
        assert_int_equal(lnm_retry_delay_us(i + 1, 0.5), most_s[i] * INT64_C(500000));
    }
}

static void test_retry_delays_and_quota(void **state) {
    (void)state;
    struct lnm_retry_quota q;
    int cost = 0, taken = 0;
    assert_int_equal(lnm_retry_delay_us(1, 0.999999), 999999);
    assert_int_equal(lnm_retry_delay_us(3, 0.5), 2000000);
    assert_int_equal(lnm_retry_delay_us(6, 0.5), 10000000);
    assert_int_equal(lnm_retry_delay_us(1000, 0.5), 10000000);
    assert_int_equal(lnm_retry_delay_us(4, 0), 0);
    lnm_retry_quota_init(&q);
    while (lnm_retry_quota_take(&q, LNM_RETRY_THROTTLE, &cost)) {
        taken++;
    }
    assert_int_equal(taken, 100);
    assert_int_equal(cost, 5);
    lnm_retry_quota_success(&q, 0);
    assert_int_equal(q.tokens, 1);
    lnm_retry_quota_success(&q, 10);
    assert_true(lnm_retry_quota_take(&q, LNM_RETRY_TIMEOUT, &cost));
    assert_int_equal(cost, 10);
    for (int i = 0; i < 1000; i++) {
        lnm_retry_quota_success(&q, 5);
    }
    assert_int_equal(q.tokens, 500);
}

static const struct endpoint {
    const char *service, *region, *custom, *url; /* url NULL: refused */
    bool fips, dualstack;
} endpoints[] = {
    {"ec2", "us-east-1", "", "https://ec2.us-east-1.amazonaws.com", false, false},
    {"kms", "us-gov-west-1", "", "https://kms-fips.us-gov-west-1.amazonaws.com", true, false},
    {"ec2", "us-gov-west-1", "", "https://ec2.us-gov-west-1.amazonaws.com", true, false},
    {"ec2", "us-east-1", "", "https://ec2-fips.us-east-1.amazonaws.com", true, false},
    {"ec2", "eu-west-1", "", "https://ec2.eu-west-1.api.aws", false, true},
    {"sts", "us-gov-east-1", "", "https://sts.us-gov-east-1.amazonaws.com", true, false},
    {"ec2", "cn-north-1", "", "https://ec2.cn-north-1.amazonaws.com.cn", false, false},
    {"ec2", "us-iso-east-1", "", "https://ec2.us-iso-east-1.c2s.ic.gov", false, false},
    {"ec2", "us-isob-east-1", "", "https://ec2.us-isob-east-1.sc2s.sgov.gov", false, false},
    {"ec2", "eusc-de-east-1", "", "https://ec2.eusc-de-east-1.amazonaws.eu", false, false},
    {"ebs", "us-east-1", "", "https://ebs.us-east-1.amazonaws.com", false, false},
    {"ebs", "us-east-1", "", "https://ebs-fips.us-east-1.amazonaws.com", true, false},
    {"ebs", "us-gov-west-1", "", "https://ebs-fips.us-gov-west-1.amazonaws.com", true, false},
    {"ebs", "us-gov-west-1", "", "https://ebs.us-gov-west-1.api.aws", false, true},
    {"ebs", "cn-north-1", "", "https://ebs.cn-north-1.amazonaws.com.cn", false, false},
    {"ebs", "us-iso-east-1", "", "https://ebs.us-iso-east-1.c2s.ic.gov", false, false},
    {"ebs", "eusc-de-east-1", "", "https://ebs.eusc-de-east-1.amazonaws.eu", false, false},
    {"iam", "eu-west-1", "", "https://iam.amazonaws.com", false, false},
    {"iam", "eu-west-1", "", "https://iam-fips.amazonaws.com", true, false},
    {"iam", "eu-west-1", "", "https://iam.global.api.aws", false, true},
    {"iam", "us-gov-east-1", "", "https://iam.us-gov.amazonaws.com", false, false},
    {"iam", "us-gov-east-1", "", "https://iam.us-gov.amazonaws.com", true, false},
    {"iam", "us-gov-east-1", "", "https://iam.us-gov.api.aws", false, true},
    {"iam", "cn-northwest-1", "", "https://iam.cn-north-1.amazonaws.com.cn", false, false},
    {"iam", "cn-north-1", "", "https://iam.global.api.amazonwebservices.com.cn", false, true},
    {"iam", "us-iso-west-1", "", "https://iam.us-iso-east-1.c2s.ic.gov", false, false},
    {"iam", "us-isob-east-1", "", "https://iam-fips.us-isob-east-1.sc2s.sgov.gov", true, false},
    {"iam", "us-isof-east-1", "", "https://iam.us-isof-south-1.csp.hci.ic.gov", false, false},
    {"iam", "eusc-de-east-1", "", "https://iam.eusc-de-east-1.amazonaws.eu", false, false},
    {"iam", "eusc-de-east-1", "", "https://iam-fips.api.amazonwebservices.eu", true, true},
    {"ec2", "us-east-1", "http://127.0.0.1:80/", "http://127.0.0.1:80", false, false},
    {"ec2", "us-east-1", "http://[::1]:8080", "http://[::1]:8080", false, false},
    {"ec2", "us-east-1", "https://vpce.example", "https://vpce.example", false, false},
    {"ec2", "us-east-1", "http://example.com", NULL, false, false},
    {"ec2", "us-east-1", "http://127.0.0.1.example.com", NULL, false, false},
    {"ec2", "us-east-1", "http://127.0.0.1@example.com", NULL, false, false},
    {"ec2", "us-east-1", "http://localhost.example.com", NULL, false, false},
    {"ec2", "us-east-1", "ftp://x", NULL, false, false},
    {"ec2", "us-east-1", "https://x", NULL, true, false},
    {"ec2", "evil.com/", "", NULL, false, false},
    {"ec2", "", "", NULL, false, false}};

static void check_endpoint(const struct endpoint *row) {
    struct lnm_buf b = {0};
    struct lnm_err err;
    struct lnm_endpoint_params p = {.service = lnm_str_z(row->service),
                                    .region = lnm_str_z(row->region),
                                    .custom_url = lnm_str_z(row->custom),
                                    .fips = row->fips,
                                    .dualstack = row->dualstack};
    int error = lnm_endpoint_url(&b, &p, &err);
    assert_int_equal(error, row->url != NULL ? 0 : LNM_ECONFIG);
    if (row->url != NULL) {
        assert_string_equal(b.ptr, row->url);
    }
    lnm_buf_free(&b);
}

static void test_endpoints(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        check_endpoint(&endpoints[i]);
    }
}

static struct lnm_profiles *parse(const char *config, const char *credentials) {
    struct lnm_profiles *p;
    struct lnm_err err;
    assert_int_equal(lnm_profiles_new(&p, &err), 0);
    assert_int_equal(lnm_profiles_parse(p, LNM_CONFIG_FILE, lnm_str_z(config), "config", &err), 0);
    assert_int_equal(
        lnm_profiles_parse(p, LNM_CREDENTIALS_FILE, lnm_str_z(credentials), "credentials", &err),
        0);
    return p;
}

static void has(const struct lnm_profiles *p, const char *section, const char *name,
                const char *property, const char *sub, const char *wanted) {
    struct lnm_str s = lnm_profiles_get(p, section, name, property, sub);
    if (!lnm_str_is(s, wanted)) {
        fail_msg("%s %s.%s is '%.*s', not '%s'", name, property, sub != NULL ? sub : "", (int)s.len,
                 s.ptr, wanted);
    }
}

static void test_profiles(void **state) {
    (void)state;
    struct lnm_profiles *p =
        parse("\xef\xbb\xbf# c\r\n[default]\r\nregion = us-east-1 ; note\r\nservices=s\r\n"
              "[profile work]\nregion=eu-west-1\naws_access_key_id = FROMCONFIG\n"
              "[services s]\nec2 =\n  endpoint_url = http://127.0.0.1:1\n"
              "[ignored]\nregion = x\n[profile last]\nregion = us-gov-west-1",
              "[work]\naws_access_key_id = FROMCREDENTIALS\naws_secret_access_key = a#b\n");
    has(p, "profile", "default", "region", NULL, "us-east-1");
    has(p, "profile", "work", "region", NULL, "eu-west-1");
    has(p, "profile", "work", "aws_access_key_id", NULL, "FROMCREDENTIALS");
    has(p, "profile", "work", "aws_secret_access_key", NULL, "a#b");
    has(p, "services", "s", "ec2", "endpoint_url", "http://127.0.0.1:1");
    has(p, "profile", "last", "region", NULL, "us-gov-west-1");
    has(p, "profile", "ignored", "region", NULL, "");
    assert_true(lnm_profiles_has(p, "profile", "work"));
    assert_false(lnm_profiles_has(p, "profile", "ignored"));
    lnm_profiles_free(p);
}

static void test_bad_profiles(void **state) {
    (void)state;
    static const char *const bad[] = {
        "region = x\n",     "[default\nx=1\n", "[default]\nno equals\n",
        "[default]\n= x\n", "  x = 1\n",       "[default]\na = 1\n[default] junk\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct lnm_profiles *p;
        struct lnm_err err;
        assert_int_equal(lnm_profiles_new(&p, &err), 0);
        assert_int_equal(lnm_profiles_parse(p, LNM_CONFIG_FILE, lnm_str_z(bad[i]), "config", &err),
                         LNM_ECONFIG);
        assert_non_null(strstr(err.message, "config:"));
        lnm_profiles_free(p);
    }
}

static int read_pieces(struct lnm_xml_reader *reader, const struct lnm_operation *op,
                       struct lnm_record *r, const char *xml, struct lnm_err *err) {
    struct lnm_service_error e;
    struct lnm_str id;
    bool is_error;
    int error = lnm_xml_reader_begin(reader, op, r, err);
    for (size_t at = 0; error == 0 && xml[at] != '\0'; at++) { /* a byte at a time: every split */
        error = lnm_xml_reader_feed(reader, xml + at, 1, err);
    }
    return error < 0 ? error : lnm_xml_reader_end(reader, &is_error, &e, &id, err);
}

/* Read a document as DescribeImages' answer, in pieces and as a whole by the same reader, which
 * comes to the same; returns the code, fills err. */
static int read_xml(const char *xml, const struct lnm_xml_limits *limits, struct lnm_err *err) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeImages"));
    struct lnm_xml_reader *reader;
    struct lnm_record pieces = {0}, whole = {0};
    struct lnm_service_error e;
    struct lnm_str id;
    bool is_error;
    assert_int_equal(lnm_xml_reader_new(&reader, limits, err), 0);
    int error = read_pieces(reader, op, &pieces, xml, err);
    assert_int_equal(
        lnm_xml_reader_whole(reader, op, &whole, lnm_str_z(xml), &is_error, &e, &id, err), error);
    if (error == 0) {
        assert_int_equal(whole.count, pieces.count);
        assert_int_equal(whole.text_len, pieces.text_len);
        assert_memory_equal(whole.text != NULL ? whole.text : "",
                            pieces.text != NULL ? pieces.text : "", whole.text_len);
        lnm_record_free(&whole);
        assert_int_equal(read_pieces(reader, op, &whole, xml, err), 0); /* one after the other */
    }
    lnm_record_free(&pieces);
    lnm_record_free(&whole);
    lnm_xml_reader_free(reader);
    return error;
}

static void test_xml_whole(void **state) {
    (void)state;
    struct lnm_buf xml = {0};
    struct lnm_err err;
    lnm_buf_addz(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeImagesResponse>\n"
                       "  <imagesSet>\n");
    for (int i = 0; i < 200; i++) { /* longer than the windows in which libxml2 looks ahead */
        lnm_buf_addf(
            &xml, "    <item><imageId>ami-%d</imageId><name>a &amp; b &#228;</name></item>\n", i);
    }
    lnm_buf_addz(&xml, "  </imagesSet>\n</DescribeImagesResponse>\n");
    assert_int_equal(read_xml(lnm_buf_str(&xml).ptr, NULL, &err), 0);
    lnm_buf_free(&xml);
    struct lnm_xml_reader *reader;
    struct lnm_record r = {0};
    struct lnm_service_error e;
    struct lnm_str id;
    bool is_error;
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeImages"));
    assert_int_equal(lnm_xml_reader_new(&reader, NULL, &err), 0);
    assert_int_equal(lnm_xml_reader_whole(reader, op, &r,
                                          LNM_STR("<DescribeImagesResponse/>\0<a/>"), &is_error, &e,
                                          &id, &err),
                     LNM_EPARSE);
    lnm_record_free(&r);
    lnm_xml_reader_free(reader);
}

static void describe_image(struct lnm_record *r, const struct lnm_operation *op, const char *name) {
    assert_int_equal(lnm_record_init(r, op->output, 0), 0);
    lnm_record_enter(r, "images");
    lnm_record_item(r);
    lnm_record_setz(r, "name", name);
    lnm_record_enter(r, "block_device_mappings");
    lnm_record_close(r);
    lnm_record_close(r);
    lnm_record_close(r);
    lnm_record_close(r);
}

/* What must be written otherwise, at every place of a text. */
static void test_xml_escapes(void **state) {
    (void)state;
    static const char *const texts[][2] = {{"", ""},
                                           {"plain", "plain"},
                                           {"&", "&amp;"},
                                           {"<a>", "&lt;a&gt;"},
                                           {"a&b", "a&amp;b"},
                                           {"end\r", "end&#13;"},
                                           {"\x01x\t\n\x1f", "?x\t\n?"},
                                           {"\xc3\xa4=\"'\xc3\xa4", "\xc3\xa4=\"'\xc3\xa4"}};
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeImages"));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct lnm_record r;
        struct lnm_buf xml = {0}, wanted = {0};
        struct lnm_err err;
        describe_image(&r, op, texts[i][0]);
        assert_int_equal(lnm_xml_write(&xml, op, &r, "an-id", &err), 0);
        lnm_buf_addf(&wanted,
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?><DescribeImagesResponse"
                     " xmlns=\"%s\"><requestId>an-id</requestId><imagesSet><item><name>%s</name>"
                     "<blockDeviceMapping/></item></imagesSet></DescribeImagesResponse>",
                     lnm_ec2.xmlns, texts[i][1]);
        assert_string_equal(xml.ptr, wanted.ptr);
        lnm_record_free(&r);
        lnm_buf_free(&xml);
        lnm_buf_free(&wanted);
    }
}

/* A name that is no literal is found, too; one that is of no member ends the building. */
static void test_record_names(void **state) {
    (void)state;
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("CopyImage"));
    struct lnm_record r;
    char name[16] = "image_id";
    assert_int_equal(lnm_record_init(&r, op->output, 0), 0);
    lnm_record_setz(&r, name, "ami-1");
    assert_true(lnm_str_is(lnm_record_get(&r, 0, "image_id"), "ami-1"));
    assert_ptr_equal(lnm_type_named(op->output, name), lnm_type_named(op->output, "image_id"));
    struct lnm_type changed = *op->output; /* the same type, other members */
    struct lnm_member members[] = {{.name = "x", .type = &lnm_type_string},
                                   {.name = "image_id", .type = &lnm_type_string}};
    assert_ptr_equal(lnm_type_named(&changed, name), op->output->members);
    changed.members = members;
    changed.member_count = 2;
    assert_ptr_equal(lnm_type_named(&changed, name), &members[1]);
    changed.member_count = 1;
    assert_null(lnm_type_named(&changed, name));
    name[0] = 'x';
    assert_null(lnm_type_named(op->output, name));
    assert_null(lnm_type_named(op->output, ""));
    lnm_record_setz(&r, name, "ami-1");
    assert_int_equal(r.failed, LNM_EINVAL);
    lnm_record_free(&r);
}

/* A record can be read while it is built, begun anew in its memory, and told to forget. */
static void test_record_memory(void **state) {
    (void)state;
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("CreateTags"));
    struct lnm_record r = {0};
    for (int round = 0; round < 2; round++) {
        assert_int_equal(lnm_record_begin(&r, op->input, 0), 0);
        lnm_record_enter(&r, "tags");
        lnm_record_item(&r);
        lnm_record_setz(&r, "key", "a-secret");
        lnm_record_more(&r, LNM_STR("-in-pieces"));
        uint32_t tags = lnm_record_find(&r, 0, "tags"), item = lnm_record_first(&r, tags);
        assert_int_equal(lnm_record_next(&r, tags, item), 0); /* open, so the last */
        assert_true(lnm_str_is(lnm_record_get(&r, item, "key"), "a-secret-in-pieces"));
        lnm_record_setz(&r, "value", "");
        lnm_record_close(&r);
        lnm_record_close(&r);
        lnm_record_close(&r);
        assert_int_equal(lnm_record_check(&r, NULL), 0);
        assert_true(lnm_str_is(lnm_record_str(&r, lnm_record_at(&r, 0, "tags.1.key")),
                               "a-secret-in-pieces"));
        assert_int_equal(r.nodes[tags].len, 1);
        size_t written = r.text_len;
        lnm_record_clear(&r);
        assert_non_null(r.text);
        assert_null(memmem(r.text, written, "secret", 6));
    }
    lnm_record_reserve(&r, 1, (size_t)1 << 20);
    lnm_record_clear(&r); /* so much is not kept */
    assert_null(r.text);
    lnm_record_free(&r);
}

#define HEAD "<DescribeImagesResponse>"
#define TAIL "</DescribeImagesResponse>"

static void test_xml_limits(void **state) {
    (void)state;
    struct lnm_xml_limits tight = {.bytes = 400, .nodes = 6, .text = 10, .depth = 4};
    struct lnm_err err;
    assert_int_equal(read_xml(HEAD "<requestId>1</requestId>" TAIL, &tight, &err), 0);
    assert_int_equal(read_xml(HEAD "<requestId>12345678901</requestId>" TAIL, &tight, &err),
                     LNM_ELIMIT);
    assert_int_equal(read_xml(HEAD "<a/><a/><a/><a/><a/><a/>" TAIL, &tight, &err), LNM_ELIMIT);
    assert_int_equal(read_xml(HEAD "<a><a><a><a/></a></a></a>" TAIL, &tight, &err), LNM_ELIMIT);
    tight.bytes = 20;
    assert_int_equal(read_xml(HEAD TAIL, &tight, &err), LNM_ELIMIT);
}

/* References and CDATA come from the parser as pieces. */
static void test_xml_pieces(void **state) {
    (void)state;
    static const char xml[] = HEAD "<nextToken>a&amp;b<![CDATA[<c>]]>&#100;</nextToken>"
                                   "<imagesSet/>" TAIL;
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeImages"));
    struct lnm_xml_limits tight = {.text = 6};
    struct lnm_xml_reader *reader;
    struct lnm_record record = {0};
    struct lnm_service_error e;
    struct lnm_str id;
    struct lnm_err err;
    bool is_error;
    assert_int_equal(lnm_xml_reader_new(&reader, NULL, &err), 0);
    assert_int_equal(
        lnm_xml_reader_whole(reader, op, &record, lnm_str_z(xml), &is_error, &e, &id, &err), 0);
    assert_true(lnm_str_is(lnm_record_get(&record, 0, "next_token"), "a&b<c>d"));
    lnm_record_free(&record);
    lnm_xml_reader_free(reader);
    assert_int_equal(read_xml(xml, &tight, &err), LNM_ELIMIT); /* seven bytes, none of them alone */
}

static void test_xml_refuses_dtd_and_garbage(void **state) {
    (void)state;
    struct lnm_err err;
    assert_int_equal(read_xml("<!DOCTYPE a [<!ENTITY b \"c\">]>" HEAD
                              "<nextToken>&b;</nextToken>" TAIL,
                              NULL, &err),
                     LNM_EPARSE);
    assert_non_null(strstr(err.message, "document type"));
    assert_int_equal(read_xml("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">" HEAD TAIL, NULL, &err),
                     LNM_EPARSE);
    assert_int_equal(read_xml(HEAD "<imagesSet>", NULL, &err), LNM_EPARSE);
    assert_int_equal(read_xml("", NULL, &err), LNM_EPARSE);
    assert_int_equal(read_xml("<html><body>Bad gateway", NULL, &err), LNM_EPARSE);
    assert_int_equal(read_xml("<html><body>Log in</body></html>", NULL, &err), LNM_EPARSE);
    assert_int_equal(read_xml("<DescribeImages/>", NULL, &err), LNM_EPARSE);
    assert_int_equal(read_xml("<DescribeVolumesResponse/>", NULL, &err), LNM_EPARSE);
    assert_non_null(strstr(err.message, "is not one to this request"));
    assert_int_equal(read_xml(HEAD "&nbsp;" TAIL, NULL, &err), LNM_EPARSE);
}

static void test_signing_regions(void **state) {
    (void)state;
    static const struct {
        const char *service, *region, *custom, *wanted;
    } rows[] = {{"ec2", "eu-west-1", "", "eu-west-1"},
                {"iam", "eu-west-1", "", "us-east-1"},
                {"iam", "us-gov-east-1", "", "us-gov-west-1"},
                {"iam", "cn-northwest-1", "", "cn-north-1"},
                {"iam", "eusc-de-east-1", "", "eusc-de-east-1"},
                {"iam", "eu-west-1", "http://127.0.0.1:80", "eu-west-1"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lnm_endpoint_params p = {.service = lnm_str_z(rows[i].service),
                                        .region = lnm_str_z(rows[i].region),
                                        .custom_url = lnm_str_z(rows[i].custom)};
        assert_true(lnm_str_is(lnm_endpoint_signing_region(&p), rows[i].wanted));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_retry_classes),
                                       cmocka_unit_test(test_retry_backoff),
                                       cmocka_unit_test(test_retry_delays_and_quota),
                                       cmocka_unit_test(test_endpoints),
                                       cmocka_unit_test(test_signing_regions),
                                       cmocka_unit_test(test_profiles),
                                       cmocka_unit_test(test_bad_profiles),
                                       cmocka_unit_test(test_xml_whole),
                                       cmocka_unit_test(test_xml_escapes),
                                       cmocka_unit_test(test_record_names),
                                       cmocka_unit_test(test_record_memory),
                                       cmocka_unit_test(test_xml_pieces),
                                       cmocka_unit_test(test_xml_limits),
                                       cmocka_unit_test(test_xml_refuses_dtd_and_garbage)};
    return cmocka_run_group_tests_name("aws", tests, NULL, NULL);
}
