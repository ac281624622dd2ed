/* Policy documents and the principals that they name, as anybody may put them on a key. */
#include "cloud/policy.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lnm_str document = {(const char *)data, size}, first;
    char principal[256];
    document = lnm_str_cut(document, '\n', &first);
    size_t len = first.len < sizeof principal ? first.len : sizeof principal - 1;
    if (len > 0) {
        memcpy(principal, first.ptr, len);
    }
    principal[len] = '\0';
    struct lnm_policy_question q = {.account = "000000000001",
                                    .principal = size % 2 != 0 ? principal : NULL,
                                    .action = "kms:Decrypt",
                                    .via = size % 3 != 0 ? "ec2.us-east-1.amazonaws.com" : ""};
    (void)lnm_policy_valid(document);
    (void)lnm_policy_decide(document, &q);
    (void)lnm_policy_names(principal, &q);
    return 0;
}
