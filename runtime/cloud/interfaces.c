/* interfaces.c - network interfaces: one for each instance. */
#include "cloud/network.h"

#include <arpa/inet.h>
#include <stdio.h>

#define SUBNET_SIZE 4096     /* addresses of a /20 */
#define FIRST_FREE 4         /* those before, and the last one, are AWS's */
#define VPC_BASE 0xac1f0000u /* 172.31.0.0 */

/* ---- what a launch says ------------------------------------------------------------------------
 */
static int add_group(struct lnm_cloud_request *r, struct lnm_cloud_interface *i, struct lnm_str id,
                     struct lnm_str name) {
    struct lnm_cloud_group g;
    if (i->group_count == LNM_GROUPS_MAX) {
        return lnm_cloud_raise(r, 400, "SecurityGroupsPerInstanceLimitExceeded",
                               "The maximum number of security groups for an instance is %d",
                               LNM_GROUPS_MAX);
    }
    if (!lnm_group_get(r, id, name, &g)) {
        return lnm_group_not_found(r, id.len > 0 ? id : name);
    }
    lnm_take(i->groups[i->group_count++], sizeof i->groups[0], g.id);
    return 0;
}

/* Groups by id, or by name. */
static int add_groups(struct lnm_cloud_request *r, struct lnm_cloud_interface *i, uint32_t parent,
                      const char *list, bool by_name) {
    uint32_t node = lnm_record_find(&r->in, parent, list);
    for (uint32_t g = node != 0 ? lnm_record_first(&r->in, node) : 0; g != 0;
         g = lnm_record_next(&r->in, node, g)) {
        struct lnm_str text = lnm_record_str(&r->in, g);
        if (add_group(r, i, by_name ? LNM_STR_NONE : text, by_name ? text : LNM_STR_NONE) < 0) {
            return -1;
        }
    }
    return 0;
}

static int check_address(struct lnm_cloud_request *r, struct lnm_cloud_interface *i,
                         struct lnm_str text) {
    struct in_addr parsed;
    if (text.len == 0) {
        return 0;
    }
    if (inet_pton(AF_INET, text.ptr, &parsed) != 1) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue", "Invalid IP address: '%.60s'",
                               text.ptr);
    }
    i->address = (int64_t)ntohl(parsed.s_addr) - VPC_BASE;
    int64_t within = i->address - i->subnet.block * SUBNET_SIZE;
    return within >= FIRST_FREE && within < SUBNET_SIZE - 1
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "Address %.60s does not fall within the subnet's address range",
                                 text.ptr);
}

/* An interface of the request stands for what is else said beside it. */
static int check_specification(struct lnm_cloud_request *r, uint32_t list, uint32_t interface) {
    static const struct {
        const char *member, *said;
    } others[] = {{"subnet_id", "subnet ID"},
                  {"security_group_ids", "security groups"},
                  {"security_groups", "security groups"},
                  {"private_ip_address", "private address"}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (lnm_cloud_given(r, others[i].member)) {
            return lnm_cloud_raise(r, 400, "InvalidParameterCombination",
                                   "Network interfaces and an instance-level %s may not be "
                                   "specified on the same request",
                                   others[i].said);
        }
    }
    struct lnm_str id = lnm_record_get(&r->in, interface, "network_interface_id");
    if (id.len > 0) {
        return lnm_cloud_raise(r, 400, "InvalidNetworkInterfaceID.NotFound",
                               "The networkInterface ID '%.60s' does not exist", id.ptr);
    }
    return lnm_record_next(&r->in, list, interface) == 0
               ? 0
               : lnm_cloud_raise(r, 400, "Unsupported",
                                 "An instance of the local cloud has one network interface");
}

int lnm_interface_read(struct lnm_cloud_request *r, const char *zone,
                       struct lnm_cloud_interface *out) {
    uint32_t list = lnm_record_find(&r->in, 0, "network_interfaces");
    uint32_t from = list != 0 ? lnm_record_first(&r->in, list) : 0;
    struct lnm_str subnet = lnm_record_get(&r->in, from, "subnet_id");
    *out = (struct lnm_cloud_interface){.is_public = true};
    if (lnm_network_make(r) < 0 || (from != 0 && check_specification(r, list, from) < 0)) {
        return -1;
    }
    if (!lnm_subnet_get(r, subnet, zone, &out->subnet)) {
        return lnm_subnet_not_found(r, subnet);
    }
    if (from != 0) {
        out->is_public = lnm_record_get_bool(&r->in, from, "associate_public_ip_address", true);
        out->description = lnm_record_get(&r->in, from, "description");
    }
    if (add_groups(r, out, from, from != 0 ? "groups" : "security_group_ids", false) < 0 ||
        (from == 0 && add_groups(r, out, 0, "security_groups", true) < 0) ||
        (out->group_count == 0 && add_group(r, out, LNM_STR_NONE, LNM_STR("default")) < 0)) {
        return -1;
    }
    return check_address(r, out, lnm_record_get(&r->in, from, "private_ip_address"));
}

/* ---- interfaces as rows ------------------------------------------------------------------------
 */

/* After the last one in use, or, when that is the subnet's last, in the first gap. 0: none. */
static int64_t free_address(struct lnm_cloud_request *r, const struct lnm_cloud_subnet *subnet) {
    int64_t base = subnet->block * SUBNET_SIZE, found = 0;
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT coalesce(max(address) + 1, ?2) FROM interfaces WHERE subnet = ?1", "ti",
        subnet->id, base + FIRST_FREE);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        found = lnm_store_int(s, 0);
        (void)sqlite3_reset(s);
    }
    if (found < base + SUBNET_SIZE - 1) {
        return found;
    }
    s = lnm_store_query(r->cloud,
                        "SELECT ?2 WHERE NOT EXISTS (SELECT 1 FROM interfaces WHERE subnet = ?1 AND"
                        " address = ?2) UNION ALL SELECT address + 1 FROM interfaces i WHERE subnet"
                        " = ?1 AND address < ?3 AND NOT EXISTS (SELECT 1 FROM interfaces j WHERE"
                        " j.subnet = ?1 AND j.address = i.address + 1) LIMIT 1",
                        "tii", subnet->id, base + FIRST_FREE, base + SUBNET_SIZE - 2);
    found = s != NULL && sqlite3_step(s) == SQLITE_ROW ? lnm_store_int(s, 0) : 0;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

void lnm_interface_address(char out[16], int64_t address) {
    (void)snprintf(out, 16, "172.31.%d.%d", (int)(address >> 8) & 255, (int)address & 255);
}

static int check_free(struct lnm_cloud_request *r, const struct lnm_cloud_interface *i) {
    char text[16];
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT 1 FROM interfaces WHERE subnet = ?1 AND address = ?2",
                        "ti", i->subnet.id, i->address);
    bool taken = s == NULL || sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    lnm_interface_address(text, i->address);
    return taken ? lnm_cloud_raise(r, 400, "InvalidIPAddress.InUse", "Address %s is in use.", text)
                 : 0;
}

static int insert_groups(struct lnm_cloud_request *r, const char *id,
                         const struct lnm_cloud_interface *i) {
    for (int g = 0; g < i->group_count; g++) {
        if (lnm_store_exec(r->cloud, "INSERT OR IGNORE INTO interface_groups VALUES(?1, ?2)", "tt",
                           id, i->groups[g]) < 0) {
            return lnm_cloud_internal(r);
        }
    }
    return 0;
}

int lnm_interface_insert(struct lnm_cloud_request *r, const struct lnm_cloud_interface *i,
                         const char *instance) {
    char id[32];
    int64_t address = i->address != 0 ? i->address : free_address(r, &i->subnet);
    if (i->address != 0 && check_free(r, i) < 0) {
        return -1;
    }
    if (address == 0) {
        return lnm_cloud_raise(r, 400, "InsufficientFreeAddressesInSubnet",
                               "There are not enough free addresses in subnet '%s' to satisfy the "
                               "requested number of instances.",
                               i->subnet.id);
    }
    lnm_store_id(id, "eni-");
    if (lnm_store_exec(r->cloud,
                       "INSERT INTO interfaces(id, account, region, subnet, address, public,"
                       " instance, description, attached) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                       " ?9)",
                       "ttttiitsi", id, r->account, r->region, i->subnet.id, address,
                       (int64_t)i->is_public, instance, i->description, r->now_us) < 0) {
        return lnm_cloud_internal(r);
    }
    return insert_groups(r, id, i) < 0 ? -1 : lnm_tags_from_request(r, "network-interface", id);
}

int lnm_interface_regroup(struct lnm_cloud_request *r, const char *instance, const char *list) {
    struct lnm_cloud_interface i = {.group_count = 0};
    char id[32] = "";
    if (add_groups(r, &i, 0, list, false) < 0) {
        return -1;
    }
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT id FROM interfaces WHERE instance = ?1", "t", instance);
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_take(id, sizeof id, lnm_store_text(s, 0));
        (void)sqlite3_reset(s);
    }
    return lnm_store_exec(r->cloud, "DELETE FROM interface_groups WHERE interface = ?1", "t", id) <
                   0
               ? lnm_cloud_internal(r)
               : insert_groups(r, id, &i);
}

int lnm_interface_forget(struct lnm_cloud *c, const char *instance) {
    static const char *const steps[] = {
        "DELETE FROM tags WHERE resource IN (SELECT id FROM interfaces WHERE instance = ?1)",
        ("DELETE FROM interface_groups WHERE interface IN (SELECT id FROM interfaces WHERE"
         " instance = ?1)"),
        "DELETE FROM interfaces WHERE instance = ?1"};
    int error = 0;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && error == 0; i++) {
        error = lnm_store_exec(c, steps[i], "t", instance);
    }
    return error;
}
