/* Plans of faults, as a file or a control call gives them; and the rules asked. */
#include "cloud/fault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lnm_str json = {(const char *)data, size};
    struct lnm_fault_plan plan;
    struct lnm_err err;
    if (lnm_fault_plan_read(&plan, json, &err) == 0) {
        struct lnm_cloud_request r = {.service = &lnm_ec2,
                                      .op = lnm_operation_nth(&lnm_ec2, size % 8),
                                      .account = "000000000001",
                                      .region = "us-east-1"};
        for (int i = 0; i < 3; i++) {
            const struct lnm_fault_rule *rule = lnm_fault_choose(&plan, &r);
            (void)lnm_fault_name(rule != NULL ? rule->kind : LNM_FAULT_NONE);
        }
    }
    lnm_fault_plan_free(&plan);
    return 0;
}
