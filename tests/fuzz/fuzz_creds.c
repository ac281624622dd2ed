/* What tells credentials: any bytes; and in-place JSON agrees with jansson on what an object is. */
#include "aws/creds_text.h"
#include "aws/json_fields.h"

#include <jansson.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void agree(const uint8_t *data, size_t size) {
    struct lnm_buf text = {0};
    struct lnm_json_field f = {.name = "a"};
    lnm_buf_add(&text, data, size);
    int error = lnm_json_fields(&f, 1, lnm_buf_str(&text));
    json_t *other = json_loadb((const char *)data, size, 0, NULL);
    bool small = size < 2 * LNM_JSON_FIELDS_DEPTH; /* too small to be too deep */
    if (json_is_object(other) && error < 0 && small && memchr(data, '\0', size) == NULL) {
        abort();
    }
    const json_t *value = error == 0 ? json_object_get(other, "a") : NULL;
    if (value != NULL && json_is_string(value) &&
        !lnm_str_eq(f.value,
                    (struct lnm_str){json_string_value(value), json_string_length(value)})) {
        abort();
    }
    json_decref(other);
    lnm_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lnm_creds_text creds;
    struct lnm_sso_token token = {0};
    struct lnm_err err;
    struct lnm_buf text = {0};
    agree(data, size);
    for (int dialect = LNM_CREDS_PROCESS; dialect <= LNM_CREDS_SSO; dialect++) {
        lnm_buf_reset(&text);
        lnm_buf_add(&text, data, size);
        (void)lnm_creds_text_read(&creds, (enum lnm_creds_dialect)dialect, lnm_buf_str(&text),
                                  &err);
    }
    lnm_buf_reset(&text);
    lnm_buf_add(&text, data, size);
    if (lnm_sso_token_read(&token, lnm_buf_str(&text), &err) == 0) {
        struct lnm_buf again = {0};
        struct lnm_sso_token same;
        lnm_sso_token_write(&again, &token);
        if (lnm_sso_token_read(&same, lnm_buf_str(&again), &err) < 0 ||
            !lnm_str_eq(same.access_token, token.access_token)) {
            abort();
        }
        lnm_buf_free(&again);
    }
    lnm_buf_reset(&text);
    lnm_buf_add(&text, data, size);
    (void)lnm_sso_refresh_read(&token, lnm_buf_str(&text), 0, &err);
    lnm_buf_free(&text);
    return 0;
}
