/* throttle.c - the documented buckets as rows. */
#include "aws/throttle.h"

static const struct lnm_throttle looks = {100, 20}, whole_looks = {50, 10}, changes = {50, 5};

/* Those that have their own. */
static const struct {
    const char *action;
    struct lnm_throttle throttle;
} own[] = {{"CopyImage", {100, 1}},
           {"CreateSnapshot", {100, 5}},
           {"CreateSnapshots", {100, 5}},
           {"CreateTags", {100, 10}},
           {"CreateVolume", {100, 5}},
           {"DeleteSnapshot", {100, 5}},
           {"DeleteTags", {100, 10}},
           {"DeleteVolume", {100, 5}},
           {"DeregisterImage", {100, 5}},
           {"ModifyImageAttribute", {100, 5}},
           {"ModifySnapshotAttribute", {100, 5}},
           {"RunInstances", {5, 2}},
           {"StartInstances", {5, 2}},
           {"TerminateInstances", {100, 5}}};

/* Those that cost more when they ask for everything at once. */
static const char *const may_be_whole[] = {"DescribeInstances", "DescribeInstanceStatus",
                                           "DescribeSnapshots", "DescribeVolumes"};

bool lnm_throttle_is_whole(const struct lnm_operation *op, const struct lnm_record *input) {
    static const char *const narrowing[] = {"filters",      "max_results",  "next_token",
                                            "instance_ids", "snapshot_ids", "volume_ids"};
    bool whole = false;
    for (size_t i = 0; i < sizeof may_be_whole / sizeof may_be_whole[0]; i++) {
        whole = whole || strcmp(op->name, may_be_whole[i]) == 0;
    }
    for (size_t i = 0; whole && i < sizeof narrowing / sizeof narrowing[0]; i++) {
        whole = lnm_record_find(input, 0, narrowing[i]) == 0;
    }
    return whole;
}

const struct lnm_throttle *lnm_throttle_of(const struct lnm_operation *op,
                                           const struct lnm_record *input) {
    if (op->service != &lnm_ec2) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (strcmp(op->name, own[i].action) == 0) {
            return &own[i].throttle;
        }
    }
    if ((op->flags & LNM_MUTATES) != 0) {
        return &changes;
    }
    return lnm_throttle_is_whole(op, input) ? &whole_looks : &looks;
}
