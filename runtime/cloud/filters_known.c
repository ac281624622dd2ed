/* filters_known.c - filters that AWS has for what nothing here has: they are taken, and nothing
 * matches. Source: the ec2/2016-11-15 service model. */
#include "cloud/filter.h"

static const struct {
    const char *action;
    const char *names[40]; /* one that ends in '.' stands for all that begin so */
} known[] = {{"DescribeImages",
              {"free-tier-eligible", "image-allowed", "kernel-id", "manifest-location",
               "owner-alias", "product-code.type", "ramdisk-id", NULL}},
             {"DescribeSnapshots", {"owner-alias", NULL}},
             {"DescribeVolumes", {"fast-restored", "operator.", NULL}},
             {"DescribeInstanceStatus", {"event.", "operator.", NULL}},
             {"DescribeAvailabilityZones",
              {"group-long-name", "message", "parent-zone-id", "parent-zone-name", NULL}},
             {"DescribeInstances",
              {"affinity",
               "boot-mode",
               "capacity-reservation-id",
               "capacity-reservation-specification.",
               "current-instance-boot-mode",
               "enclave-options.",
               "hibernation-options.",
               "host-id",
               "iam-instance-profile.id",
               "instance-lifecycle",
               "ipv6-address",
               "kernel-id",
               "maintenance-options.",
               "metadata-options.http-protocol-ipv4",
               "network-interface.",
               "network-performance-options.",
               "operator.",
               "outpost-arn",
               "placement-group-name",
               "placement-partition-number",
               "private-dns-name-options.",
               "product-code",
               "product-code.type",
               "ramdisk-id",
               "requester-id",
               "spot-instance-request-id",
               "tpm-support",
               "usage-operation-update-time",
               NULL}}};

static bool is_it(const char *known_name, const char *name) {
    size_t len = strlen(known_name);
    return known_name[len - 1] == '.' ? strncmp(known_name, name, len) == 0
                                      : strcmp(known_name, name) == 0;
}

bool lnm_filter_known(const char *action, const char *name) {
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        for (size_t k = 0; strcmp(known[i].action, action) == 0 && known[i].names[k] != NULL; k++) {
            if (is_it(known[i].names[k], name)) {
                return true;
            }
        }
    }
    return false;
}
