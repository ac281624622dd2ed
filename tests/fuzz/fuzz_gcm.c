/* Sealed texts, as anybody may send them: ciphertexts of KMS, encoded authorization messages. */
#include "cloud/gcm.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing opens that was not sealed; what was sealed opens to itself. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned char key[LNM_GCM_KEY] = {7};
    struct lnm_str text = {(const char *)data, size};
    struct lnm_buf sealed = {0}, opened = {0};
    if (lnm_gcm_open(&opened, key, text, LNM_STR("about")) == 0 || opened.len != 0 ||
        lnm_gcm_seal(&sealed, key, text, LNM_STR("about")) != 0 ||
        lnm_gcm_open(&opened, key, lnm_buf_str(&sealed), LNM_STR("about")) != 0 ||
        !lnm_str_eq(lnm_buf_str(&opened), text)) {
        abort();
    }
    lnm_buf_free(&sealed);
    lnm_buf_free(&opened);
    return 0;
}
