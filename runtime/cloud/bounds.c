/* bounds.c - how many items a list, and how many characters a text of a request may have. Source:
 * EC2's API model and reference. */
#include "cloud/bounds.h"

static const struct {
    const char *action, *member;
    size_t most;
} bounds[] = {{"CopyImage", "description", 255},
              {"CreateImage", "description", 255},
              {"CreateTags", "resources", 1000},
              {"DeleteTags", "resources", 1000},
              {"DescribeInstanceStatus", "instance_ids", 100},
              {"ModifySnapshotAttribute", "user_ids", 500},
              {"RegisterImage", "description", 255}};

static size_t measure(const struct lnm_record *in, const char *member) {
    uint32_t node = lnm_record_find(in, 0, member);
    size_t count = 0;
    if (strcmp(member, "description") == 0) {
        return lnm_record_get(in, 0, member).len;
    }
    for (uint32_t i = node != 0 ? lnm_record_first(in, node) : 0; i != 0;
         i = lnm_record_next(in, node, i)) {
        count++;
    }
    return count;
}

int lnm_bounds_check(struct lnm_cloud_request *r) {
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        if (strcmp(bounds[i].action, r->op->name) == 0 &&
            measure(&r->in, bounds[i].member) > bounds[i].most) {
            return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                   "The parameter %s of %s has more than %zu", bounds[i].member,
                                   r->op->name, bounds[i].most);
        }
    }
    return 0;
}
