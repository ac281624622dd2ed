/* Bytes of a terminal in two pieces: every byte comes out once, as keys or as lines. */
#include "host/keys.h"

#include <stdint.h>
#include <stdlib.h>

static size_t take(struct lnm_keys *k) {
    struct lnm_str key;
    size_t total = 0;
    while (lnm_keys_next(&key, k) != LNM_KEY_NONE) {
        total += key.len;
    }
    return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *bytes = (const char *)data;
    size_t cut = size > 0 ? data[0] % (size + 1) : 0;
    struct lnm_keys k = {0};
    lnm_keys_add(&k, (struct lnm_str){bytes, cut});
    size_t total = take(&k);
    lnm_keys_add(&k, (struct lnm_str){bytes + cut, size - cut});
    total += take(&k);
    if (total + (k.bytes.len - k.at) != size) {
        abort();
    }
    struct lnm_str line;
    while (lnm_keys_line(&line, &k, true)) {
    }
    lnm_keys_free(&k);
    return 0;
}
