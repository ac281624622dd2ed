/* REST-JSON requests and answers; what is read is written again. The input is lines: method, path,
 * query, one value for all headers; then the body. */
#include "aws/rest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *value;

static const char *any_header(void *arg, const char *name) {
    (void)arg, (void)name;
    return value[0] != '\0' ? value : NULL;
}

static void both_ways(const struct lnm_operation *op, const struct lnm_type *type,
                      const struct lnm_rest_source *source) {
    struct lnm_record record = {0};
    struct lnm_rest_message out = {0};
    struct lnm_header header;
    struct lnm_err err;
    if (lnm_record_init(&record, type, 1 << 20) == 0 &&
        lnm_rest_read(&record, op, source, &err) == 0) {
        lnm_record_close(&record);
        (void)lnm_rest_write(&out, op, &record, &err);
        for (size_t at = 0; lnm_rest_next_header(&header, &out, &at);) {
        }
    }
    lnm_rest_message_free(&out);
    lnm_record_free(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lnm_str method, one, rest = {(const char *)data, size};
    struct lnm_rest_source source = {.header = any_header};
    char header[64] = "";
    rest = lnm_str_cut(rest, '\n', &method);
    rest = lnm_str_cut(rest, '\n', &source.path);
    rest = lnm_str_cut(rest, '\n', &source.query);
    source.body = lnm_str_cut(rest, '\n', &one);
    memcpy(header, one.ptr, one.len < sizeof header ? one.len : sizeof header - 1);
    value = header;
    const struct lnm_operation *op = lnm_rest_find(&lnm_ebs, method, source.path);
    if (op != NULL) {
        both_ways(op, op->input, &source);
    }
    op = lnm_operation_nth(&lnm_ebs, size % 6);
    both_ways(op, op->output, &source);
    return 0;
}
