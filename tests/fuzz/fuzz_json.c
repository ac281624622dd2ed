/* JSON answers, requests and errors of KMS; what is read is written again. */
#include "aws/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"DescribeKey", "ListAliases", "CreateKey"};
    const struct lnm_operation *op = lnm_operation_find(&lnm_kms, lnm_str_z(names[size % 3]));
    struct lnm_str text = {(const char *)data, size};
    struct lnm_record record = {0};
    struct lnm_service_error e;
    struct lnm_buf out = {0};
    struct lnm_err err;
    if (lnm_record_init(&record, size % 2 ? op->input : op->output, 1 << 20) == 0 &&
        lnm_json_read(&record, text, &err) == 0) {
        lnm_record_close(&record);
        (void)lnm_json_write(&out, &record, &err);
    }
    (void)lnm_json_read_error(&e, text, LNM_STR_NONE, &err);
    lnm_buf_free(&out);
    lnm_record_free(&record);
    return 0;
}
