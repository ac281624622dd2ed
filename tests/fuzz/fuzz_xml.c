/* Answers as a hostile server could send them, in pieces of varying size and as a whole. */
#include "aws/xml.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct lnm_xml_reader *reader;
    static const struct lnm_operation *ops[2];
    struct lnm_record record = {0};
    struct lnm_service_error e;
    struct lnm_str id;
    struct lnm_err err;
    bool is_error;
    if (reader == NULL) {
        struct lnm_xml_limits limits = {.bytes = 1 << 16, .nodes = 2000, .text = 4096, .depth = 20};
        if (lnm_xml_reader_new(&reader, &limits, &err) < 0) {
            abort();
        }
        ops[0] = lnm_operation_find(&lnm_ec2, LNM_STR("DescribeImages"));
        ops[1] = lnm_operation_find(&lnm_sts, LNM_STR("GetCallerIdentity"));
    }
    size_t step = size > 0 ? data[0] % 32u + 1u : 1, at = 0;
    int error = lnm_xml_reader_begin(reader, ops[size % 2], &record, &err);
    while (error == 0 && at < size) {
        size_t n = size - at < step ? size - at : step;
        error = lnm_xml_reader_feed(reader, (const char *)data + at, n, &err);
        at += n;
    }
    if (error == 0) {
        (void)lnm_xml_reader_end(reader, &is_error, &e, &id, &err);
    }
    lnm_record_free(&record);
    char *whole = malloc(size + 1); /* of its own size: reading beyond its end is seen */
    if (whole != NULL) {
        memcpy(whole, data, size);
        whole[size] = '\0';
        (void)lnm_xml_reader_whole(reader, ops[size % 2], &record, (struct lnm_str){whole, size},
                                   &is_error, &e, &id, &err);
        free(whole);
        lnm_record_free(&record);
    }
    return 0;
}
