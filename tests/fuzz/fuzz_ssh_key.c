/* A public key that a client imports, in any of its forms. */
#include "cloud/ssh_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lnm_ssh_key k;
    if (lnm_ssh_key_read(&k, (struct lnm_str){(const char *)data, size}) == 0) {
        lnm_ssh_key_free(&k);
    }
    return 0;
}
