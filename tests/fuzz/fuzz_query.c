/* Form bodies as any client of the local cloud could send them; what is read is written again. */
#include "aws/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"RegisterImage", "CopyImage", "DescribeImages",
                                        "CreateTags"};
    const struct lnm_operation *op = lnm_operation_find(&lnm_ec2, lnm_str_z(names[size % 4]));
    struct lnm_record in = {0};
    struct lnm_buf out = {0};
    struct lnm_err err;
    if (lnm_record_init(&in, op->input, 1 << 20) == 0 &&
        lnm_query_read(&in, op, (struct lnm_str){(const char *)data, size}, &err) == 0) {
        lnm_record_close(&in);
        (void)lnm_query_write(&out, op, &in, &err);
    }
    lnm_buf_free(&out);
    lnm_record_free(&in);
    return 0;
}
