/* What signing allocates (nothing), and what every layer does when memory is refused. */
#include "failing.h"

#include "aws/json.h"
#include "aws/query.h"
#include "aws/rest.h"
#include "aws/sigv4.h"
#include "aws/xml.h"
#include "client/call.h"

#include <openssl/crypto.h>

/* ---- signing ------------------------------------------------------------------------------------
 */
static long crypto_allocations;

static void *crypto_malloc(size_t n, const char *file, int line) {
    (void)file, (void)line;
    crypto_allocations++;
    return __real_malloc(n);
}

static void *crypto_realloc(void *p, size_t n, const char *file, int line) {
    (void)file, (void)line;
    crypto_allocations++;
    return __real_realloc(p, n);
}

static void crypto_free(void *p, const char *file, int line) {
    (void)file, (void)line;
    free(p);
}

static void test_a_signature_allocates_nothing(void **state) {
    (void)state;
    char hash[65];
    struct lnm_signing_key key;
    struct lnm_buf out = {0}, scratch = {0};
    struct lnm_err err;
    struct lnm_header headers[] = {{LNM_STR("Host"), LNM_STR("ec2.us-east-1.amazonaws.com")},
                                   {LNM_STR("X-Amz-Date"), LNM_STR("20260801T120000Z")}};
    struct lnm_signing_params p = {.method = LNM_STR("POST"),
                                   .headers = headers,
                                   .header_count = 2,
                                   .payload_hash = {hash, 64},
                                   .region = LNM_STR("us-east-1"),
                                   .service = LNM_STR("ec2"),
                                   .amz_date = "20260801T120000Z"};
    lnm_sigv4_signing_key(&key, LNM_STR("secret"), "20260801", p.region, p.service);
    long ours = 0, openssl = 0;
    for (int i = 0; i < 1000; i++) {
        if (i == 1) { /* the buffers have their size */
            ours = allocations.count;
            openssl = crypto_allocations;
        }
        lnm_buf_reset(&out);
        lnm_sigv4_hash(hash, LNM_STR("Action=DescribeImages&Version=2016-11-15"));
        assert_int_equal(
            lnm_sigv4_authorization(&out, &scratch, &p, LNM_STR("AKIDEXAMPLE"), &key, &err), 0);
    }
    assert_true(ours > 0); /* it is counted at all */
    assert_int_equal(allocations.count, ours);
    assert_int_equal(crypto_allocations, openssl);
    lnm_buf_free(&out);
    lnm_buf_free(&scratch);
}

/* ---- refused memory -----------------------------------------------------------------------------
 */
typedef int attempt(struct lnm_err *err);

/* Fail each allocation of fn in turn: it must say LNM_ENOMEM, and leak or touch nothing
 * (sanitizers). */
static void refuse_each(attempt *fn, bool forever) {
    for (long n = 1; n < 5000; n++) {
        struct lnm_err err = {0};
        allocations_fail_at(n, forever);
        int error = fn(&err);
        bool reached = allocations.count >= n;
        allocations_fail_at(0, false);
        if (!reached) {
            assert_int_equal(error, 0);
            assert_true(n > 1);
            return;
        }
        assert_int_equal(error, LNM_ENOMEM);
    }
    fail_msg("more than 5000 allocations");
}

static const char answer[] =
    "<DescribeImagesResponse><requestId>r</requestId><imagesSet><item><imageId>ami-1</imageId>"
    "<imageState>available</imageState><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName>"
    "<ebs><snapshotId>snap-1</snapshotId><volumeSize>8</volumeSize></ebs></item>"
    "</blockDeviceMapping></item></imagesSet></DescribeImagesResponse>";

static int read_xml(struct lnm_err *err) {
    struct lnm_xml_reader *reader = NULL;
    struct lnm_record record = {0};
    struct lnm_service_error e;
    struct lnm_str id;
    bool is_error = false;
    int error = lnm_xml_reader_new(&reader, NULL, err);
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeImages"));
    error = error < 0 ? error : lnm_xml_reader_begin(reader, op, &record, err);
    error = error < 0 ? error : lnm_xml_reader_feed(reader, answer, sizeof answer - 1, err);
    error = error < 0 ? error : lnm_xml_reader_end(reader, &is_error, &e, &id, err);
    lnm_xml_reader_free(reader);
    lnm_record_free(&record);
    return error;
}

static int make_input(struct lnm_record *in, struct lnm_err *err) {
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("CopyImage"));
    int error = lnm_record_init(in, op->input, 0);
    if (error < 0) {
        return lnm_fail_nomem(err);
    }
    lnm_record_setz(in, "name", "a name");
    lnm_record_setz(in, "source_image_id", "ami-1");
    lnm_record_setz(in, "source_region", "us-east-1");
    lnm_record_set_bool(in, "encrypted", true);
    lnm_record_close(in);
    return lnm_record_check(in, err);
}

static int write_and_read_query(struct lnm_err *err) {
    struct lnm_record in = {0}, again = {0};
    struct lnm_buf form = {0};
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("CopyImage"));
    int error = make_input(&in, err);
    error = error < 0 ? error : lnm_query_write(&form, op, &in, err);
    if (error == 0 && lnm_record_init(&again, op->input, 0) < 0) {
        error = lnm_fail_nomem(err);
    }
    error = error < 0 ? error : lnm_query_read(&again, op, lnm_buf_str(&form), err);
    lnm_buf_free(&form);
    lnm_record_free(&in);
    lnm_record_free(&again);
    return error;
}

static const char *checksum_header(void *arg, const char *name) {
    (void)arg;
    return strcmp(name, "x-amz-Checksum") == 0 ? "abc=" : NULL;
}

static int write_and_read_rest(struct lnm_err *err) {
    struct lnm_record in = {0}, again = {0};
    struct lnm_rest_message m = {0};
    const struct lnm_operation *op = lnm_operation_find(&lnm_ebs, LNM_STR("ListChangedBlocks"));
    int error = lnm_record_init(&in, op->input, 0) < 0 ? lnm_fail_nomem(err) : 0;
    if (error == 0) {
        lnm_record_setz(&in, "second_snapshot_id", "snap-1");
        lnm_record_setz(&in, "next_token", "a+b");
        lnm_record_set_int(&in, "max_results", 100);
        lnm_record_close(&in);
        error = lnm_rest_write(&m, op, &in, err);
    }
    if (error == 0 && lnm_record_init(&again, op->input, 0) < 0) {
        error = lnm_fail_nomem(err);
    }
    struct lnm_rest_source source = {
        .path = lnm_buf_str(&m.path), .query = lnm_buf_str(&m.query), .header = checksum_header};
    error = error < 0 ? error : lnm_rest_read(&again, op, &source, err);
    lnm_rest_message_free(&m);
    lnm_record_free(&in);
    lnm_record_free(&again);
    return error;
}

static int write_xml(struct lnm_err *err) {
    struct lnm_record out = {0};
    struct lnm_buf text = {0};
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, LNM_STR("CopyImage"));
    int error = lnm_record_init(&out, op->output, 0) < 0 ? lnm_fail_nomem(err) : 0;
    if (error == 0) {
        lnm_record_setz(&out, "image_id", "ami-1");
        lnm_record_close(&out);
        error = lnm_xml_write(&text, op, &out, "r-1", err);
    }
    lnm_buf_free(&text);
    lnm_record_free(&out);
    return error;
}

static int read_profiles(struct lnm_err *err) {
    struct lnm_profiles *p = NULL;
    int error = lnm_profiles_new(&p, err);
    error = error < 0
                ? error
                : lnm_profiles_parse(p, LNM_CONFIG_FILE,
                                     LNM_STR("[profile a]\nregion = us-east-1\ns3 =\n  x = y\n"
                                             "[sso-session b]\nz = 1\n"),
                                     "config", err);
    lnm_profiles_free(p);
    return error;
}

static struct lnm_loop *loop;

static int open_and_presign(struct lnm_err *err) {
    struct lnm_session *s = NULL;
    struct lnm_record in = {0};
    struct lnm_buf url = {0};
    struct lnm_session_options o = {.region = "us-east-1",
                                    .access_key_id = "AKIDEXAMPLE",
                                    .secret_access_key = "secret",
                                    .session_token = "token"};
    int error = lnm_session_new(&s, loop, &o, err);
    error = error < 0 ? error : make_input(&in, err);
    error = error < 0
                ? error
                : lnm_call_presign(&url, s, lnm_operation_find(&lnm_ec2, LNM_STR("CopyImage")), &in,
                                   300, err);
    lnm_record_free(&in);
    lnm_buf_free(&url);
    lnm_session_unref(s);
    return error;
}

#define REFUSED(name, fn)                                                                          \
    static void name(void **state) {                                                               \
        (void)state;                                                                               \
        refuse_each(fn, false);                                                                    \
        refuse_each(fn, true);                                                                     \
    }
REFUSED(test_refused_xml_read, read_xml)
REFUSED(test_refused_query, write_and_read_query)
REFUSED(test_refused_rest, write_and_read_rest)
REFUSED(test_refused_xml_write, write_xml)
REFUSED(test_refused_profiles, read_profiles)
REFUSED(test_refused_session_and_presign, open_and_presign)

int main(void) {
    struct lnm_err err;
    (void)CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free);
    (void)setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    (void)setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    if (lnm_loop_new(&loop, &err) < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_signature_allocates_nothing),
        cmocka_unit_test(test_refused_xml_read),
        cmocka_unit_test(test_refused_query),
        cmocka_unit_test(test_refused_rest),
        cmocka_unit_test(test_refused_xml_write),
        cmocka_unit_test(test_refused_profiles),
        cmocka_unit_test(test_refused_session_and_presign),
    };
    int failed = cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
    lnm_loop_free(loop);
    return failed;
}
