/* sigv4.c against signatures made by botocore, and its own limits. */
#include "vectors.h"

#include "aws/sigv4.h"

static const char key_id[] = "AKIDEXAMPLE";
static const char secret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
static const char form_type[] = "application/x-www-form-urlencoded; charset=utf-8";

struct sample {
    const char *service, *content_type, *target, *token, *body, *signature;
};

static const struct sample samples[] = {
    {"ec2", form_type, NULL, NULL,
     "Action=CopyImage&Version=2016-11-15&Name=my-ami&SourceImageId=ami-0123456789abcdef0&"
     "SourceRegion="
     "us-east-1&Encrypted=true&KmsKeyId=alias%2Fmy+key&ClientToken=tok-1",
     "1bcc0cf9598e12dd8ba9430d140872a37cff7b116c499f028ce2e0d1242b7b36"},
    {"ec2", form_type, NULL, "TOKEN/+=",
     "Action=DescribeImages&Version=2016-11-15&ImageId.1=ami-0123456789abcdef0&Owner.1=self&Filter."
     "1.Name="
     "state&Filter.1.Value.1=available&Filter.1.Value.2=pending",
     "b693fed34c01bafa703b5214f1811db700d154c7bf36177d208a917d6d008577"},
    {"kms", "application/x-amz-json-1.1", "TrentService.DescribeKey", NULL,
     "{\"KeyId\": \"alias/aws/ebs\"}",
     "e1c79aef6bb71917c2e26ff44830d62f5697b0061aba14fc7de0ee9f9b8d248e"},
    {"sts", form_type, NULL, NULL, "Action=GetCallerIdentity&Version=2011-06-15",
     "746791eeb13ecd8d5fcea708e607783136562ba6c3f903f171c3f787690744a8"},
};

static void check(const struct sample *s) {
    char host[80], hash[65];
    struct lnm_header headers[5];
    size_t n = 0;
    struct lnm_signing_key key;
    struct lnm_buf out = {0}, scratch = {0};
    struct lnm_err err;
    (void)snprintf(host, sizeof host, "%s.us-west-2.amazonaws.com", s->service);
    headers[n++] = (struct lnm_header){LNM_STR("Host"), lnm_str_z(host)};
    headers[n++] = (struct lnm_header){LNM_STR("Content-Type"), lnm_str_z(s->content_type)};
    headers[n++] = (struct lnm_header){LNM_STR("X-Amz-Date"), LNM_STR("20260102T030405Z")};
    if (s->target != NULL) {
        headers[n++] = (struct lnm_header){LNM_STR("X-Amz-Target"), lnm_str_z(s->target)};
    }
    if (s->token != NULL) {
        headers[n++] = (struct lnm_header){LNM_STR("X-Amz-Security-Token"), lnm_str_z(s->token)};
    }
    lnm_sigv4_hash(hash, lnm_str_z(s->body));
    struct lnm_signing_params p = {.method = LNM_STR("POST"),
                                   .path = LNM_STR("/"),
                                   .headers = headers,
                                   .header_count = n,
                                   .payload_hash = lnm_str_z(hash),
                                   .region = LNM_STR("us-west-2"),
                                   .service = lnm_str_z(s->service),
                                   .amz_date = "20260102T030405Z"};
    lnm_sigv4_signing_key(&key, lnm_str_z(secret), "20260102", p.region, p.service);
    assert_int_equal(lnm_sigv4_authorization(&out, &scratch, &p, lnm_str_z(key_id), &key, &err), 0);
    assert_string_equal(out.ptr + out.len - 64, s->signature);
    lnm_buf_free(&out);
    lnm_buf_free(&scratch);
}

static void test_botocore_signatures(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        check(&samples[i]);
    }
}

static void test_presigned_copy_snapshot(void **state) {
    (void)state;
    char hash[65];
    struct lnm_signing_key key;
    struct lnm_buf out = {0}, scratch = {0};
    struct lnm_err err;
    struct lnm_header host = {LNM_STR("host"), LNM_STR("ec2.us-east-1.amazonaws.com")};
    lnm_sigv4_hash(hash, LNM_STR(""));
    struct lnm_signing_params p = {
        .method = LNM_STR("GET"),
        .path = LNM_STR("/"),
        .query = LNM_STR(
            "Action=CopySnapshot&Version=2016-11-15&SourceRegion=us-east-1&SourceSnapshotId="
            "snap-0123456789abcdef0&Encrypted=true&KmsKeyId=alias%2Fk&DestinationRegion=us-west-2"),
        .headers = &host,
        .header_count = 1,
        .payload_hash = lnm_str_z(hash),
        .region = LNM_STR("us-east-1"),
        .service = LNM_STR("ec2"),
        .amz_date = "20260102T030405Z"};
    lnm_sigv4_signing_key(&key, lnm_str_z(secret), "20260102", p.region, p.service);
    assert_int_equal(
        lnm_sigv4_presign(&out, &scratch, &p, lnm_str_z(key_id), LNM_STR_NONE, 3600, &key, &err),
        0);
    assert_string_equal(out.ptr + out.len - 64,
                        "edfcecd5324ae6a3e1e870e64ea89468a7cf72ebee37c9c6922d261eaa203782");
    lnm_buf_free(&out);
    lnm_buf_free(&scratch);
}

static void test_too_many_headers(void **state) {
    (void)state;
    static struct lnm_header headers[65];
    struct lnm_buf out = {0};
    struct lnm_err err;
    struct lnm_signing_params p = {.headers = headers, .header_count = 65};
    assert_int_equal(lnm_sigv4_canonical_request(&out, &p, &err), LNM_ELIMIT);
    lnm_buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_botocore_signatures),
                                       cmocka_unit_test(test_presigned_copy_snapshot),
                                       cmocka_unit_test(test_too_many_headers)};
    return cmocka_run_group_tests_name("sigv4", tests, NULL, NULL);
}
