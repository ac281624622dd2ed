/* Tokens of web identities, as anybody may send them. */
#include "cloud/jwt.h"

#include "base/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as a token, and as the claims of one that is well made. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lnm_jwt t;
    struct lnm_buf token = {0};
    (void)lnm_jwt_read(&t, (struct lnm_str){(const char *)data, size});
    lnm_jwt_free(&t);
    lnm_buf_addz(&token, "eyJhbGciOiJIUzI1NiJ9.");
    lnm_text_base64(&token, data, size);
    for (size_t i = 0; i < token.len; i++) {
        token.ptr[i] = (char)(token.ptr[i] == '+' ? '-' : token.ptr[i] == '/' ? '_' : token.ptr[i]);
    }
    while (token.len > 0 && token.ptr[token.len - 1] == '=') {
        token.len--;
    }
    lnm_buf_addz(&token, ".AAAA");
    (void)lnm_jwt_read(&t, lnm_buf_str(&token));
    lnm_jwt_free(&t);
    lnm_buf_free(&token);
    return 0;
}
