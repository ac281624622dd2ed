/* account.c - regions, zones and the account's EBS defaults. */
#include "cloud/internal.h"

#include "aws/endpoint.h"

#include <stdio.h>

static const char *const regions[] = {
    "ap-northeast-1", "ap-northeast-2", "ap-south-1",     "ap-southeast-1", "ap-southeast-2",
    "ca-central-1",   "eu-central-1",   "eu-north-1",     "eu-west-1",      "eu-west-2",
    "eu-west-3",      "sa-east-1",      "us-east-1",      "us-east-2",      "us-west-1",
    "us-west-2",      "cn-north-1",     "cn-northwest-1", "us-gov-east-1",  "us-gov-west-1"};

static int describe_regions(struct lnm_cloud_request *r) {
    const char *partition = lnm_partition(lnm_str_z(r->region));
    lnm_record_enter(&r->out, "regions");
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        char endpoint[96];
        if (strcmp(lnm_partition(lnm_str_z(regions[i])), partition) != 0 ||
            !lnm_filter_listed(r, "region_names", regions[i])) {
            continue;
        }
        (void)snprintf(endpoint, sizeof endpoint, "ec2.%s.amazonaws.com%s", regions[i],
                       strcmp(partition, "aws-cn") == 0 ? ".cn" : "");
        lnm_record_item(&r->out);
        lnm_record_setz(&r->out, "region_name", regions[i]);
        lnm_record_setz(&r->out, "endpoint", endpoint);
        lnm_record_setz(&r->out, "opt_in_status", "opt-in-not-required");
        lnm_record_close(&r->out);
    }
    lnm_record_close(&r->out);
    return 0;
}

static int describe_zones(struct lnm_cloud_request *r) {
    lnm_record_enter(&r->out, "availability_zones");
    for (char letter = 'a'; letter <= 'c'; letter++) {
        char zone[80];
        (void)snprintf(zone, sizeof zone, "%s%c", r->region, letter);
        if (!lnm_filter_listed(r, "zone_names", zone)) {
            continue;
        }
        lnm_record_item(&r->out);
        lnm_record_setz(&r->out, "zone_name", zone);
        lnm_record_setz(&r->out, "state", "available");
        lnm_record_setz(&r->out, "region_name", r->region);
        lnm_record_setz(&r->out, "opt_in_status", "opt-in-not-required");
        lnm_record_setz(&r->out, "zone_type", "availability-zone");
        lnm_record_close(&r->out);
    }
    lnm_record_close(&r->out);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_account[] = {{"DescribeAvailabilityZones", describe_zones},
                                                     {"DescribeRegions", describe_regions},
                                                     {NULL, NULL}};
