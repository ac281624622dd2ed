/* network.c - the default VPC and its subnets; DescribeVpcs, DescribeSubnets,
 * DescribeAccountAttributes. */
#include "cloud/filter.h"
#include "cloud/network.h"

#include "aws/endpoint.h"

#include <stdio.h>

#define ZONES 3

static bool has_network(struct lnm_cloud_request *r) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT 1 FROM vpcs WHERE account = ?1 AND region = ?2", "tt",
                        r->account, r->region);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

static int make_subnet(struct lnm_cloud_request *r, const char *vpc, int block) {
    char id[32], zone[80], zone_id[32];
    lnm_store_id(id, "subnet-");
    (void)snprintf(zone, sizeof zone, "%s%c", r->region, 'a' + block);
    lnm_zone_id(zone_id, zone);
    return lnm_store_exec(r->cloud,
                          "INSERT INTO subnets(id, account, region, vpc, zone, zone_id, block)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                          "tttt"
                          "tti",
                          id, r->account, r->region, vpc, zone, zone_id, (int64_t)block);
}

int lnm_network_make(struct lnm_cloud_request *r) {
    char vpc[32], group[32];
    if (has_network(r)) {
        return 0;
    }
    lnm_store_id(vpc, "vpc-");
    lnm_store_id(group, "sg-");
    int error = lnm_store_exec(r->cloud, "INSERT INTO vpcs(id, account, region) VALUES(?1, ?2, ?3)",
                               "ttt", vpc, r->account, r->region);
    for (int block = 0; block < ZONES && error == 0; block++) {
        error = make_subnet(r, vpc, block);
    }
    if (error < 0) {
        return lnm_cloud_internal(r);
    }
    return lnm_group_insert(r, group, vpc, LNM_STR("default"),
                            LNM_STR("default VPC security group")) < 0
               ? -1
               : lnm_rules_insert_default(r, group, true);
}

bool lnm_subnet_get(struct lnm_cloud_request *r, struct lnm_str id, const char *zone,
                    struct lnm_cloud_subnet *out) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT id, vpc, zone, block FROM subnets WHERE account = ?1 AND region = ?2 AND"
        " CASE WHEN ?3 <> '' THEN id = ?3 ELSE zone = ?4 END",
        "ttst", r->account, r->region, id.len > 0 ? id : LNM_STR(""), zone);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_take(out->id, sizeof out->id, lnm_store_text(s, 0));
        lnm_take(out->vpc, sizeof out->vpc, lnm_store_text(s, 1));
        lnm_take(out->zone, sizeof out->zone, lnm_store_text(s, 2));
        out->block = lnm_store_int(s, 3);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

int lnm_subnet_not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    return lnm_cloud_raise(r, 400, "InvalidSubnetID.NotFound",
                           "The subnet ID '%.60s' does not exist", id.ptr);
}

int lnm_vpc_not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    return lnm_cloud_raise(r, 400, "InvalidVpcID.NotFound", "The vpc ID '%.60s' does not exist",
                           id.ptr);
}

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

/* What the filters see of a row are its columns; the answer is made of the same. */
enum { V_ID, V_CIDR, V_STATE, V_DEFAULT, V_OWNER, V_OPTIONS };

static int vpc_matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {
        {"vpc-id", V_ID},
        {"cidr", V_CIDR},
        {"cidr-block-association.cidr-block", V_CIDR},
        {"state", V_STATE},
        {"is-default", V_DEFAULT},
        {"isDefault", V_DEFAULT},
        {"owner-id", V_OWNER},
        {"dhcp-options-id", V_OPTIONS},
        {NULL, 0}};
    struct row *w = arg;
    int found = lnm_filter_column(w->s, columns, name, pattern);
    return found >= 0 ? found
                      : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, V_ID), name, pattern);
}

static void show_vpc(void *arg) {
    struct row *w = arg;
    struct lnm_record *out = &w->r->out;
    char association[64];
    (void)snprintf(association, sizeof association, "vpc-cidr-assoc-%.20s",
                   lnm_store_text(w->s, V_ID) + strlen("vpc-"));
    lnm_record_item(out);
    lnm_record_setz(out, "vpc_id", lnm_store_text(w->s, V_ID));
    lnm_record_setz(out, "owner_id", lnm_store_text(w->s, V_OWNER));
    lnm_record_setz(out, "state", lnm_store_text(w->s, V_STATE));
    lnm_record_setz(out, "cidr_block", lnm_store_text(w->s, V_CIDR));
    lnm_record_setz(out, "dhcp_options_id", lnm_store_text(w->s, V_OPTIONS));
    lnm_record_setz(out, "instance_tenancy", "default");
    lnm_record_set_bool(out, "is_default", true);
    lnm_record_enter(out, "cidr_block_association_set");
    lnm_record_item(out);
    lnm_record_setz(out, "association_id", association);
    lnm_record_setz(out, "cidr_block", lnm_store_text(w->s, V_CIDR));
    lnm_record_enter(out, "cidr_block_state");
    lnm_record_setz(out, "state", "associated");
    lnm_record_close(out);
    lnm_record_close(out);
    lnm_record_close(out);
    lnm_tags_show(w->r, lnm_store_text(w->s, V_ID));
    lnm_record_close(out);
}

static int describe_vpcs(struct lnm_cloud_request *r) {
    static const struct lnm_filter_kind ids = {
        "vpc_ids", "SELECT 1 FROM vpcs WHERE account = ?1 AND region = ?2 AND id = ?3",
        lnm_vpc_not_found};
    struct lnm_cloud_page page;
    struct row w = {.r = r};
    if (lnm_network_make(r) < 0 || lnm_filter_exist(r, &ids) < 0 ||
        lnm_page_begin(&page, r, "vpc_ids") < 0 || lnm_filter_check(r, vpc_matches, &w) < 0) {
        return -1;
    }
    w.s = lnm_store_query(r->cloud,
                          "SELECT id, '" LNM_VPC_CIDR "', 'available', 'true', account,"
                          " 'dopt-' || substr(id, 5) FROM vpcs WHERE account = ?1 AND region = ?2"
                          " AND id > ?3 ORDER BY id",
                          "ttt", r->account, r->region, page.after);
    struct lnm_cloud_listing l = {
        .ids = "vpc_ids", .list = "vpcs", .matches = vpc_matches, .show = show_vpc, .row = &w};
    return lnm_page_show(&page, r, w.s, &l);
}

enum { S_ID, S_VPC, S_ZONE, S_CIDR, S_STATE, S_DEFAULT, S_OWNER, S_FREE, S_ZONE_ID };

static int subnet_matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {{"subnet-id", S_ID},
                                                       {"vpc-id", S_VPC},
                                                       {"availability-zone", S_ZONE},
                                                       {"availabilityZone", S_ZONE},
                                                       {"availability-zone-id", S_ZONE_ID},
                                                       {"cidr-block", S_CIDR},
                                                       {"cidr", S_CIDR},
                                                       {"cidrBlock", S_CIDR},
                                                       {"state", S_STATE},
                                                       {"default-for-az", S_DEFAULT},
                                                       {"defaultForAz", S_DEFAULT},
                                                       {"map-public-ip-on-launch", S_DEFAULT},
                                                       {"owner-id", S_OWNER},
                                                       {"available-ip-address-count", S_FREE},
                                                       {NULL, 0}};
    struct row *w = arg;
    int found = lnm_filter_column(w->s, columns, name, pattern);
    return found >= 0 ? found
                      : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, S_ID), name, pattern);
}

static void show_subnet(void *arg) {
    struct row *w = arg;
    struct lnm_record *out = &w->r->out;
    char arn[192];
    (void)snprintf(arn, sizeof arn, "arn:%s:ec2:%s:%s:subnet/%s",
                   lnm_partition(lnm_str_z(w->r->region)), w->r->region, w->r->account,
                   lnm_store_text(w->s, S_ID));
    lnm_record_item(out);
    lnm_record_setz(out, "subnet_id", lnm_store_text(w->s, S_ID));
    lnm_record_setz(out, "subnet_arn", arn);
    lnm_record_setz(out, "vpc_id", lnm_store_text(w->s, S_VPC));
    lnm_record_setz(out, "owner_id", lnm_store_text(w->s, S_OWNER));
    lnm_record_setz(out, "state", lnm_store_text(w->s, S_STATE));
    lnm_record_setz(out, "availability_zone", lnm_store_text(w->s, S_ZONE));
    lnm_record_setz(out, "availability_zone_id", lnm_store_text(w->s, S_ZONE_ID));
    lnm_record_setz(out, "cidr_block", lnm_store_text(w->s, S_CIDR));
    lnm_record_set_int(out, "available_ip_address_count", lnm_store_int(w->s, S_FREE));
    lnm_record_set_bool(out, "default_for_az", true);
    lnm_record_set_bool(out, "map_public_ip_on_launch", true);
    lnm_record_set_bool(out, "assign_ipv6_address_on_creation", false);
    lnm_tags_show(w->r, lnm_store_text(w->s, S_ID));
    lnm_record_close(out);
}

static int describe_subnets(struct lnm_cloud_request *r) {
    static const struct lnm_filter_kind ids = {
        "subnet_ids", "SELECT 1 FROM subnets WHERE account = ?1 AND region = ?2 AND id = ?3",
        lnm_subnet_not_found};
    struct lnm_cloud_page page;
    struct row w = {.r = r};
    if (lnm_network_make(r) < 0 || lnm_filter_exist(r, &ids) < 0 ||
        lnm_page_begin(&page, r, "subnet_ids") < 0 || lnm_filter_check(r, subnet_matches, &w) < 0) {
        return -1;
    }
    w.s = lnm_store_query(
        r->cloud,
        "SELECT id, vpc, zone, '172.31.' || (16 * block) || '.0/20', 'available', 'true', account,"
        " 4091 - (SELECT count(*) FROM interfaces i WHERE i.subnet = subnets.id), zone_id"
        " FROM subnets WHERE account = ?1 AND region = ?2 AND id > ?3 ORDER BY id",
        "ttt", r->account, r->region, page.after);
    struct lnm_cloud_listing l = {.ids = "subnet_ids",
                                  .list = "subnets",
                                  .matches = subnet_matches,
                                  .show = show_subnet,
                                  .row = &w};
    return lnm_page_show(&page, r, w.s, &l);
}

static void show_attribute(struct lnm_cloud_request *r, const char *name, const char *value) {
    struct lnm_record *out = &r->out;
    if (!lnm_filter_listed(r, "attribute_names", name)) {
        return;
    }
    lnm_record_item(out);
    lnm_record_setz(out, "attribute_name", name);
    lnm_record_enter(out, "attribute_values");
    lnm_record_item(out);
    lnm_record_setz(out, "attribute_value", value);
    lnm_record_close(out);
    lnm_record_close(out);
    lnm_record_close(out);
}

static int describe_attributes(struct lnm_cloud_request *r) {
    struct lnm_cloud_subnet any;
    char zone[80];
    (void)snprintf(zone, sizeof zone, "%sa", r->region);
    if (lnm_network_make(r) < 0) {
        return -1;
    }
    bool found = lnm_subnet_get(r, LNM_STR_NONE, zone, &any);
    lnm_record_enter(&r->out, "account_attributes");
    show_attribute(r, "supported-platforms", "VPC");
    show_attribute(r, "default-vpc", found ? any.vpc : "none");
    show_attribute(r, "max-instances", "20");
    show_attribute(r, "max-elastic-ips", "5");
    show_attribute(r, "vpc-max-elastic-ips", "5");
    show_attribute(r, "vpc-max-security-groups-per-interface", "5");
    lnm_record_close(&r->out);
    return 0;
}

const struct lnm_cloud_action lnm_cloud_network[] = {
    {"DescribeAccountAttributes", describe_attributes},
    {"DescribeSubnets", describe_subnets},
    {"DescribeVpcs", describe_vpcs},
    {NULL, NULL}};
