/* The small parsers of outside bytes: escaping, dates, globs, encodings, URLs, the canonical
 * request. */
#include "aws/endpoint.h"
#include "aws/sigv4.h"
#include "base/date.h"
#include "base/text.h"
#include "base/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lnm_str s = {(const char *)data, size}, left, right;
    struct lnm_buf out = {0};
    struct lnm_err err;
    int64_t us;
    lnm_text_escape(&out, s);
    (void)lnm_date_parse(&us, s);
    (void)lnm_date_parse_amz(&us, s);
    right = lnm_str_cut(s, '\n', &left);
    (void)lnm_str_glob(left, right);
    lnm_buf_reset(&out);
    (void)lnm_text_unbase64(&out, s);
    lnm_buf_reset(&out);
    (void)lnm_text_unpercent(&out, s, size % 2 != 0);
    size_t words;
    lnm_buf_reset(&out);
    (void)lnm_words_split(&out, &words, s);
    struct lnm_endpoint_params e = {.service = LNM_STR("ec2"), .region = left, .custom_url = right};
    lnm_buf_reset(&out);
    (void)lnm_endpoint_url(&out, &e, &err);
    lnm_buf_reset(&out);
    (void)lnm_endpoint_host(&out, s, &err);
    struct lnm_header h = {LNM_STR("host"), right};
    struct lnm_signing_params p = {.method = LNM_STR("GET"),
                                   .path = left,
                                   .query = right,
                                   .headers = &h,
                                   .header_count = 1,
                                   .normalize_path = size % 2 != 0,
                                   .double_encode_path = true};
    lnm_buf_reset(&out);
    (void)lnm_sigv4_canonical_request(&out, &p, &err);
    lnm_buf_free(&out);
    return 0;
}
