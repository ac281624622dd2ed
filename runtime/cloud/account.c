/* account.c - regions, zones and the account's EBS defaults. */
#include "cloud/filter.h"
#include "cloud/network.h"
#include "cloud/switches.h"

#include "aws/endpoint.h"

#include <stdio.h>

static const char *const regions[] = {
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",     "ap-southeast-1",
    "ap-southeast-2", "ca-central-1",   "eu-central-1",   "eu-north-1",     "eu-west-1",
    "eu-west-2",      "eu-west-3",      "sa-east-1",      "us-east-1",      "us-east-2",
    "us-west-1",      "us-west-2",      "cn-north-1",     "cn-northwest-1", "us-gov-east-1",
    "us-gov-west-1"};

/* An account uses these only after it has opted in. */
static const char *const opt_in[] = {
    "af-south-1",     "ap-east-1",      "ap-east-2",      "ap-south-2",     "ap-southeast-3",
    "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1",
    "eu-central-2",   "eu-south-1",     "eu-south-2",     "il-central-1",   "me-central-1",
    "me-south-1",     "mx-central-1"};

#define LAST_ZONE 'c' /* of every region */

struct place {
    struct lnm_cloud_request *r;
    const char *status; /* of a region */
    char name[80], endpoint[96], zone_id[32];
};

/* An account that is blocked or has not subscribed may do nothing with EC2 and EBS, one whose
 * verification is pending may change nothing. */
static int check_account(struct lnm_cloud_request *r) {
    if (lnm_switch_is(r->cloud, LNM_SWITCH_ACCOUNT, "active") ||
        (r->service != &lnm_ec2 && r->service != &lnm_ebs)) {
        return 0;
    }
    if (lnm_switch_is(r->cloud, LNM_SWITCH_ACCOUNT, "blocked")) {
        return lnm_cloud_raise(r, 403, "Blocked",
                               "Your account is currently blocked. Contact AWS Support if you have "
                               "questions.");
    }
    if (lnm_switch_is(r->cloud, LNM_SWITCH_ACCOUNT, "not-subscribed")) {
        return lnm_cloud_raise(r, 403, "OptInRequired",
                               "You are not authorized to use the requested service. Ensure that "
                               "you have subscribed to the service you are trying to use.");
    }
    return (r->op->flags & LNM_MUTATES) == 0
               ? 0
               : lnm_cloud_raise(r, 403, "PendingVerification",
                                 "Your account is currently being verified. Verification normally "
                                 "takes less than 2 hours. Until your account is verified, you "
                                 "may not be able to carry out requests with this account.");
}

int lnm_account_check(struct lnm_cloud_request *r) {
    size_t i = 0, count = sizeof opt_in / sizeof opt_in[0];
    while (i < count && strcmp(opt_in[i], r->region) != 0) {
        i++;
    }
    return i == count || lnm_switch_is(r->cloud, LNM_SWITCH_OPT_IN_REGIONS, "enabled")
               ? check_account(r)
               : lnm_cloud_raise(r, 403, "OptInRequired",
                                 "You are not authorized to use the requested service: the region "
                                 "%s is not enabled for the account %s",
                                 r->region, r->account);
}

static int matches(const char *value, struct lnm_str pattern) {
    return lnm_filter_text(value, pattern);
}

static int region_matches(void *row, const char *name, struct lnm_str pattern) {
    struct place *p = row;
    return strcmp(name, "region-name") == 0     ? matches(p->name, pattern)
           : strcmp(name, "endpoint") == 0      ? matches(p->endpoint, pattern)
           : strcmp(name, "opt-in-status") == 0 ? matches(p->status, pattern)
                                                : -1;
}

static void show_region(struct place *p, const char *name, const char *status) {
    struct lnm_record *out = &p->r->out;
    const char *partition = lnm_partition(lnm_str_z(name));
    if (strcmp(partition, lnm_partition(lnm_str_z(p->r->region))) != 0) {
        return;
    }
    p->status = status;
    lnm_take(p->name, sizeof p->name, name);
    (void)snprintf(p->endpoint, sizeof p->endpoint, "ec2.%s.amazonaws.com%s", name,
                   strcmp(partition, "aws-cn") == 0 ? ".cn" : "");
    if (!lnm_filter_listed(p->r, "region_names", name) ||
        !lnm_filter_match(p->r, region_matches, p)) {
        return;
    }
    lnm_record_item(out);
    lnm_record_setz(out, "region_name", name);
    lnm_record_setz(out, "endpoint", p->endpoint);
    lnm_record_setz(out, "opt_in_status", status);
    lnm_record_close(out);
}

static int describe_regions(struct lnm_cloud_request *r) {
    bool enabled = lnm_switch_is(r->cloud, LNM_SWITCH_OPT_IN_REGIONS, "enabled");
    bool all = enabled || lnm_record_get_bool(&r->in, 0, "all_regions", false);
    struct place p = {.r = r, .status = ""};
    if (lnm_filter_check(r, region_matches, &p) < 0) {
        return -1;
    }
    lnm_record_enter(&r->out, "regions");
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        show_region(&p, regions[i], "opt-in-not-required");
    }
    for (size_t i = 0; all && i < sizeof opt_in / sizeof opt_in[0]; i++) {
        show_region(&p, opt_in[i], enabled ? "opted-in" : "not-opted-in");
    }
    lnm_record_close(&r->out);
    return 0;
}

/* Two letters of the place, what follows cut short, the number: "apne1" for "ap-northeast-1". */
void lnm_zone_id(char out[32], const char *zone) {
    static const char *const words[][2] = {
        {"northeast", "ne"}, {"southeast", "se"}, {"northwest", "nw"}, {"southwest", "sw"}};
    struct lnm_buf id = {.max = 32};
    struct lnm_str rest = lnm_str_z(zone), part;
    rest = lnm_str_cut(rest, '-', &part);
    lnm_buf_adds(&id, part);
    while (rest.len > 0) {
        rest = lnm_str_cut(rest, '-', &part);
        struct lnm_str cut = {part.ptr, part.len > 0 ? 1 : 0};
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            cut = lnm_str_is(part, words[i][0]) ? lnm_str_z(words[i][1]) : cut;
        }
        lnm_buf_adds(&id, cut);
    }
    (void)snprintf(out, 32, "%.20s-az%d", lnm_buf_str(&id).ptr, zone[strlen(zone) - 1] - 'a' + 1);
    lnm_buf_free(&id);
}

int lnm_zone_matches(const char *zone, struct lnm_str pattern) {
    char id[32] = "";
    if (zone[0] != '\0') {
        lnm_zone_id(id, zone);
    }
    return matches(id, pattern);
}

int lnm_zone_find(char out[LNM_ZONE_MAX], struct lnm_cloud_request *r, struct lnm_str name,
                  struct lnm_str id) {
    char zone_id[32];
    if (name.len > 0 && id.len > 0) {
        return lnm_cloud_raise(r, 400, "InvalidParameterCombination",
                               "The parameter AvailabilityZone cannot be used with the parameter "
                               "AvailabilityZoneId");
    }
    for (char letter = 'a'; letter <= LAST_ZONE; letter++) {
        (void)snprintf(out, LNM_ZONE_MAX, "%s%c", r->region, letter);
        if (id.len > 0) {
            lnm_zone_id(zone_id, out);
        }
        if (lnm_str_is(name, out) || (id.len > 0 && lnm_str_is(id, zone_id))) {
            return 1;
        }
    }
    return name.len + id.len == 0
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidZone.NotFound", "The zone '%.60s' does not exist.",
                                 name.len > 0 ? name.ptr : id.ptr);
}

static int zone_matches(void *row, const char *name, struct lnm_str pattern) {
    struct place *p = row;
    return strcmp(name, "zone-name") == 0       ? matches(p->name, pattern)
           : strcmp(name, "zone-id") == 0       ? matches(p->zone_id, pattern)
           : strcmp(name, "group-name") == 0    ? matches(p->r->region, pattern)
           : strcmp(name, "region-name") == 0   ? matches(p->r->region, pattern)
           : strcmp(name, "state") == 0         ? matches("available", pattern)
           : strcmp(name, "zone-type") == 0     ? matches("availability-zone", pattern)
           : strcmp(name, "opt-in-status") == 0 ? matches("opt-in-not-required", pattern)
                                                : -1;
}

static void show_zone(struct place *p, char letter) {
    struct lnm_record *out = &p->r->out;
    (void)snprintf(p->name, sizeof p->name, "%s%c", p->r->region, letter);
    lnm_zone_id(p->zone_id, p->name);
    if (!lnm_filter_listed(p->r, "zone_names", p->name) ||
        !lnm_filter_listed(p->r, "zone_ids", p->zone_id) ||
        !lnm_filter_match(p->r, zone_matches, p)) {
        return;
    }
    lnm_record_item(out);
    lnm_record_setz(out, "zone_name", p->name);
    lnm_record_setz(out, "zone_id", p->zone_id);
    lnm_record_setz(out, "group_name", p->r->region);
    lnm_record_setz(out, "network_border_group", p->r->region);
    lnm_record_setz(out, "state", "available");
    lnm_record_setz(out, "region_name", p->r->region);
    lnm_record_setz(out, "opt_in_status", "opt-in-not-required");
    lnm_record_setz(out, "zone_type", "availability-zone");
    lnm_record_close(out);
}

static int describe_zones(struct lnm_cloud_request *r) {
    struct place p = {.r = r};
    if (lnm_filter_check(r, zone_matches, &p) < 0) {
        return -1;
    }
    lnm_record_enter(&r->out, "availability_zones");
    for (char letter = 'a'; letter <= LAST_ZONE; letter++) {
        show_zone(&p, letter);
    }
    lnm_record_close(&r->out);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_account[] = {{"DescribeAvailabilityZones", describe_zones},
                                                     {"DescribeRegions", describe_regions},
                                                     {NULL, NULL}};
