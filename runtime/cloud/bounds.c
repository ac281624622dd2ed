/* bounds.c - how many items a list, and how many characters a text of a request may have; words
 * that are none of an enumeration's; places that there are not. Source: EC2's API model and
 * reference. */
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

static int check_sizes(struct lnm_cloud_request *r) {
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

/* Is it one of the words, or has the member an error of its own for what is not? */
static bool is_word(const struct lnm_member *m, struct lnm_str text) {
    struct lnm_str rest = lnm_str_z(m->allowed), word = LNM_STR_NONE;
    bool good =
        text.len == 0 || strcmp(m->name, "volume_type") == 0 || strcmp(m->name, "group") == 0;
    while (!good && rest.len > 0) {
        rest = lnm_str_cut(rest, '|', &word);
        good = lnm_str_eq(word, text);
    }
    return good;
}

static int check_words(struct lnm_cloud_request *r) {
    for (uint32_t node = 1; node < r->in.count; node++) {
        const struct lnm_member *m = lnm_record_member(&r->in, node);
        struct lnm_str text = lnm_record_str(&r->in, node);
        if (m->allowed != NULL && m->type->kind == LNM_STRING && !is_word(m, text)) {
            return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                   "Value (%.60s) for parameter %s is invalid.", text.ptr, m->wire);
        }
    }
    return 0;
}

/* There are no Outposts and no local zones: what would be made there is not made elsewhere. */
static int check_places(struct lnm_cloud_request *r) {
    static const char *const members[] = {"outpost_arn", "destination_outpost_arn",
                                          "destination_availability_zone",
                                          "destination_availability_zone_id"};
    static const char *const locations[] = {"location", "snapshot_location"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        struct lnm_str where = lnm_cloud_param(r, members[i]);
        if (where.len > 0) {
            return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                   "Invalid value '%.128s' for %s: there is no such place",
                                   where.ptr, members[i]);
        }
    }
    for (size_t i = 0; i < sizeof locations / sizeof locations[0]; i++) {
        if (lnm_str_is(lnm_cloud_param(r, locations[i]), "local")) {
            return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                   "Invalid value 'local' for %s: the source is in no local zone",
                                   locations[i]);
        }
    }
    return 0;
}

int lnm_bounds_check(struct lnm_cloud_request *r) {
    return r->service != &lnm_ec2                     ? 0
           : check_sizes(r) < 0 || check_words(r) < 0 ? -1
                                                      : check_places(r);
}
