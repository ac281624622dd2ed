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
    struct lnm_buf facts = {0};
    lnm_policy_fact_add(&facts, "kms:EncryptionContext:", first, document);
    lnm_policy_fact_add(&facts, "aws:TagKeys", LNM_STR(""), first);
    struct lnm_policy_question q = {
        .account = "000000000001",
        .principal = size % 2 != 0 ? principal : NULL,
        .action = "kms:Decrypt",
        .resource = size % 5 != 0 ? "arn:aws:kms:us-east-1:000000000001:key/1" : NULL,
        .region = "us-east-1",
        .federated = size % 2 != 0 && size % 7 == 0,
        .facts = &facts,
        .via = size % 3 != 0 ? "ec2.us-east-1.amazonaws.com" : NULL};
    (void)lnm_policy_valid(document, size % 2 != 0);
    (void)lnm_policy_decide(document, &q);
    (void)lnm_policy_names(principal, &q);
    lnm_buf_free(&facts);
    return 0;
}
