/* api.c - looking up services and their operation rows. */
#include "aws/api.h"

static const struct lnm_service *const services[] = {&lnm_ec2, &lnm_kms, &lnm_sts};

const struct lnm_service *lnm_service_find(struct lnm_str name) {
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (lnm_str_is(name, services[i]->name)) {
            return services[i];
        }
    }
    return NULL;
}

const struct lnm_operation *lnm_operation_nth(const struct lnm_service *service, size_t n) {
    for (size_t g = 0; g < service->group_count; g++) {
        if (n < service->groups[g].count) {
            return &service->groups[g].rows[n];
        }
        n -= service->groups[g].count;
    }
    return NULL;
}

const struct lnm_operation *lnm_operation_find(const struct lnm_service *service,
                                               struct lnm_str name) {
    const struct lnm_operation *op;
    for (size_t i = 0; (op = lnm_operation_nth(service, i)) != NULL; i++) {
        if (lnm_str_is(name, op->name)) {
            return op;
        }
    }
    return NULL;
}
