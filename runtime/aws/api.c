/* api.c - looking up services and their operation rows. */
#include "aws/api.h"

const struct lnm_service *const lnm_services[LNM_SERVICE_COUNT] = {&lnm_ebs, &lnm_ec2, &lnm_iam,
                                                                   &lnm_kms, &lnm_sts};

const struct lnm_service *lnm_service_find(struct lnm_str name) {
    for (size_t i = 0; i < LNM_SERVICE_COUNT; i++) {
        if (lnm_str_is(name, lnm_services[i]->name)) {
            return lnm_services[i];
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

static int compare(struct lnm_str name, const char *row) {
    size_t len = strlen(row);
    int order = memcmp(name.ptr, row, name.len < len ? name.len : len);
    return order != 0 ? order : (name.len > len) - (name.len < len);
}

/* A group's rows stand in the order of their names (test_api checks it). */
static const struct lnm_operation *search(const struct lnm_operation_group *g,
                                          struct lnm_str name) {
    size_t low = 0, high = g->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(name, g->rows[middle].name);
        if (order == 0) {
            return &g->rows[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

const struct lnm_operation *lnm_operation_find(const struct lnm_service *service,
                                               struct lnm_str name) {
    const struct lnm_operation *op = NULL;
    if (name.len == 0) {
        return NULL;
    }
    for (size_t g = 0; g < service->group_count && op == NULL; g++) {
        op = search(&service->groups[g], name);
    }
    return op;
}

const struct lnm_route *lnm_operation_route(const struct lnm_operation *op) {
    const struct lnm_service *s = op->service;
    return s->routes != NULL ? &s->routes[op - s->groups[0].rows] : NULL;
}
