/* dump_rows.c - print the operation rows as text, one member a line:
 *
 *     service action in|out path wire kind required|optional place words|-
 *
 * and for each REST action:
 *
 *     service action route method path status
 *
 * A path is made of recipe names; "[]" is a list's item, "{}" a map's value, "." the root, whose
 * wire is "-".  A place is uri, querystring, header, payload, or body.  tests/cloud/rows_model.py
 * builds this and compares the lines with the services' models. */

#include "aws/api.h"

#include <stdio.h>

#define PATH_MAX_BYTES 400

static const char *kind_name(enum lnm_kind kind) {
    static const char *const names[] = {
        [LNM_STRING] = "string",   [LNM_INTEGER] = "integer",     [LNM_FLOAT] = "float",
        [LNM_BOOLEAN] = "boolean", [LNM_TIMESTAMP] = "timestamp", [LNM_BLOB] = "blob",
        [LNM_LIST] = "list",       [LNM_STRUCT] = "struct",       [LNM_MAP] = "map",
    };
    return names[kind];
}

static const char *place_of(const struct lnm_member *m) {
    return (m->flags & LNM_IN_PATH) != 0     ? "uri"
           : (m->flags & LNM_IN_QUERY) != 0  ? "querystring"
           : (m->flags & LNM_IN_HEADER) != 0 ? "header"
           : (m->flags & LNM_PAYLOAD) != 0   ? "payload"
                                             : "body";
}

static void dump(const char *prefix, const char *path, const struct lnm_member *m) {
    char inner[PATH_MAX_BYTES];
    const struct lnm_type *t = m->type;
    (void)printf("%s %s %s %s %s %s %s\n", prefix, path[0] != '\0' ? path : ".",
                 m->wire != NULL ? m->wire : "-", kind_name(t->kind),
                 (m->flags & LNM_REQUIRED) != 0 ? "required" : "optional", place_of(m),
                 m->allowed != NULL ? m->allowed : "-");
    if (t->kind == LNM_LIST || t->kind == LNM_MAP) {
        (void)snprintf(inner, sizeof inner, "%s%s", path, t->kind == LNM_LIST ? "[]" : "{}");
        dump(prefix, inner, t->item);
    }
    for (size_t i = 0; i < t->member_count; i++) {
        (void)snprintf(inner, sizeof inner, "%s%s%s", path, path[0] != '\0' ? "." : "",
                       t->members[i].name);
        dump(prefix, inner, &t->members[i]);
    }
}

static void dump_side(const struct lnm_operation *op, const char *side,
                      const struct lnm_type *type) {
    char prefix[120];
    const struct lnm_member root = {.type = type};
    (void)snprintf(prefix, sizeof prefix, "%s %s %s", op->service->name, op->name, side);
    dump(prefix, "", &root);
}

static void dump_service(const struct lnm_service *service) {
    const struct lnm_operation *op;
    for (size_t n = 0; (op = lnm_operation_nth(service, n)) != NULL; n++) {
        dump_side(op, "in", op->input);
        dump_side(op, "out", op->output);
        const struct lnm_route *route = lnm_operation_route(op);
        if (route != NULL) {
            (void)printf("%s %s route %s %s %d\n", op->service->name, op->name, route->method,
                         route->path, route->status);
        }
    }
}

int main(void) {
    for (size_t s = 0; s < LNM_SERVICE_COUNT; s++) {
        dump_service(lnm_services[s]);
    }
    return 0;
}
