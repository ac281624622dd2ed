/* network.h - what is around an instance: the default VPC, its subnets, security groups, network
 * interfaces, key pairs. No packet goes through any of it. */
#ifndef LUNAMI_CLOUD_NETWORK_H
#define LUNAMI_CLOUD_NETWORK_H

#include "cloud/internal.h"

#define LNM_VPC_CIDR "172.31.0.0/16"
#define LNM_GROUPS_MAX 16 /* security groups of one interface */

/* ---- network.c: VPCs and subnets ---------------------------------------------------------------
 */
struct lnm_cloud_subnet {
    char id[32], vpc[32], zone[80];
    int64_t block; /* its addresses begin at 172.31.(16 * block).0 */
};
/* Every account has a default VPC in each region, with a subnet in each zone and a default group:
 * made when first needed. 0 or -1 raised. */
LNM_API int lnm_network_make(struct lnm_cloud_request *r);
/* By id, or the default one of a zone when id is empty. */
LNM_API bool lnm_subnet_get(struct lnm_cloud_request *r, struct lnm_str id, const char *zone,
                            struct lnm_cloud_subnet *out);
LNM_API int lnm_subnet_not_found(struct lnm_cloud_request *r, struct lnm_str id);
LNM_API int lnm_vpc_not_found(struct lnm_cloud_request *r, struct lnm_str id);

/* May the account ask this here? OptInRequired for a region that is not enabled, and what the
 * account's state forbids: -1 raised. account.c */
LNM_API int lnm_account_check(struct lnm_cloud_request *r);
/* "use1-az1" for "us-east-1a". */
LNM_API void lnm_zone_id(char out[32], const char *zone);
/* Does a zone's id match a filter's pattern? 1 or 0; "" is no zone. */
LNM_API int lnm_zone_matches(const char *zone, struct lnm_str pattern);
#define LNM_ZONE_MAX 80
/* The zone of the region that a request names, either way; both is an error. 1, 0: none is named,
 * -1 raised. */
LNM_API int lnm_zone_find(char out[LNM_ZONE_MAX], struct lnm_cloud_request *r, struct lnm_str name,
                          struct lnm_str id);

/* ---- security_groups.c -------------------------------------------------------------------------
 */
struct lnm_cloud_group {
    char id[32], name[256], vpc[32];
};
/* By id, or by name when id is empty. */
LNM_API bool lnm_group_get(struct lnm_cloud_request *r, struct lnm_str id, struct lnm_str name,
                           struct lnm_cloud_group *out);
LNM_API int lnm_group_not_found(struct lnm_cloud_request *r, struct lnm_str id);
LNM_API int lnm_group_insert(struct lnm_cloud_request *r, const char *id, const char *vpc,
                             struct lnm_str name, struct lnm_str description);

/* ---- security_rules.c, security_rules_show.c ---------------------------------------------------
 */
/* Add the open struct's ip_permissions and ip_permissions_egress. */
LNM_API void lnm_rules_show(struct lnm_cloud_request *r, const char *group);
/* Append a rule as an item of the open list. */
LNM_API int lnm_rule_show(struct lnm_cloud_request *r, const char *id);
/* Are all rules there that the request lists by id? 0 or -1 raised. */
LNM_API int lnm_rule_check_ids(struct lnm_cloud_request *r);
/* All traffic out, and, for the default group, all that comes from the group itself. */
LNM_API int lnm_rules_insert_default(struct lnm_cloud_request *r, const char *group, bool own);

/* ---- interfaces.c, interfaces_show.c
 * -------------------------------------------------------------
 */
struct lnm_cloud_interface {
    struct lnm_cloud_subnet subnet;
    char groups[LNM_GROUPS_MAX][32];
    int group_count;
    bool is_public;
    int64_t address; /* within the VPC; 0: the next free one of the subnet */
    struct lnm_str description;
};
/* What a launch says of its network, in a zone: subnet, groups, addresses. 0 or -1 raised. */
LNM_API int lnm_interface_read(struct lnm_cloud_request *r, const char *zone,
                               struct lnm_cloud_interface *out);
/* The first interface of an instance. 0 or -1 raised. */
LNM_API int lnm_interface_insert(struct lnm_cloud_request *r, const struct lnm_cloud_interface *i,
                                 const char *instance);
/* Put the groups of an instance in place of those that it has. 0 or -1 raised. */
LNM_API int lnm_interface_regroup(struct lnm_cloud_request *r, const char *instance,
                                  const char *list);
/* Add the open instance's members about its network. */
LNM_API void lnm_interface_show(struct lnm_cloud_request *r, const char *instance);
/* Does one of an instance's addresses or DNS names match a filter's pattern? 1, 0, or -1: the
 * filter is of something else. */
LNM_API int lnm_interface_matches(struct lnm_cloud_request *r, const char *instance,
                                  const char *filter, struct lnm_str pattern);
/* Add the member `name` of the open struct: the groups of an instance. */
LNM_API void lnm_interface_show_groups(struct lnm_cloud_request *r, const char *instance,
                                       const char *name);
LNM_API void lnm_interface_address(char out[16], int64_t address); /* "172.31.0.4" */
LNM_API int lnm_interface_forget(struct lnm_cloud *c, const char *instance);

/* ---- key_pairs.c -------------------------------------------------------------------------------
 */
LNM_API bool lnm_key_pair_there(struct lnm_cloud_request *r, struct lnm_str name);
LNM_API int lnm_key_pair_not_found(struct lnm_cloud_request *r, struct lnm_str name); /* raises */

extern const struct lnm_cloud_action lnm_cloud_network[], lnm_cloud_security_groups[],
    lnm_cloud_security_rules[], lnm_cloud_security_rules_show[], lnm_cloud_interfaces[],
    lnm_cloud_key_pairs[], lnm_cloud_instance_types[], lnm_cloud_instance_status[],
    lnm_cloud_instance_attributes[], lnm_cloud_volume_modify[];

#endif
