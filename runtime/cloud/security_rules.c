/* security_rules.c - rules of security groups: Authorize and Revoke. A rule is one protocol, one
 * span of ports and one peer. */
#include "cloud/network.h"

#include <arpa/inet.h>
#include <stdio.h>

struct rule {
    char id[32], group[32];
    bool egress;
    char protocol[8];
    int64_t from, to; /* -1: all */
    const char *kind; /* ipv4, ipv6, prefix, group */
    char peer[64], peer_account[16];
    struct lnm_str description;
};

/* What is done with each rule that a request speaks of. */
typedef int rule_deed(struct lnm_cloud_request *r, struct rule *rule);

/* ---- checks ------------------------------------------------------------------------------------
 */
static bool is_range(const char *text, int family) {
    char address[64];
    unsigned char bytes[16];
    const char *slash = strchr(text, '/');
    int64_t bits;
    if (slash == NULL || (size_t)(slash - text) >= sizeof address ||
        lnm_str_int64(&bits, lnm_str_z(slash + 1)) < 0) {
        return false;
    }
    lnm_take(address, sizeof address, text);
    address[slash - text] = '\0';
    return bits >= 0 && bits <= (family == AF_INET ? 32 : 128) &&
           inet_pton(family, address, bytes) == 1;
}

static int check_peer(struct lnm_cloud_request *r, struct rule *rule) {
    bool v4 = strcmp(rule->kind, "ipv4") == 0, v6 = strcmp(rule->kind, "ipv6") == 0;
    struct lnm_cloud_group g;
    if ((v4 && !is_range(rule->peer, AF_INET)) || (v6 && !is_range(rule->peer, AF_INET6))) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue", "CIDR block %s is malformed",
                               rule->peer);
    }
    if (strcmp(rule->kind, "group") == 0 && strcmp(rule->peer_account, r->account) == 0) {
        bool by_id = strncmp(rule->peer, "sg-", 3) == 0;
        if (!lnm_group_get(r, by_id ? lnm_str_z(rule->peer) : LNM_STR_NONE, lnm_str_z(rule->peer),
                           &g)) {
            return lnm_group_not_found(r, lnm_str_z(rule->peer));
        }
        lnm_take(rule->peer, sizeof rule->peer, g.id);
    }
    return 0;
}

static int check_ports(struct lnm_cloud_request *r, struct rule *rule) {
    bool ports = strcmp(rule->protocol, "tcp") == 0 || strcmp(rule->protocol, "udp") == 0;
    if (!ports) {
        return 0;
    }
    if (rule->from == -1 && rule->to == -1) {
        rule->from = 0;
        rule->to = 65535;
    }
    return rule->from >= 0 && rule->from <= rule->to && rule->to <= 65535
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "Invalid value for portRange. Must specify both from and to ports "
                                 "with TCP/UDP, from 0 to 65535 (%lld:%lld)",
                                 (long long)rule->from, (long long)rule->to);
}

/* A name or a number; what has no ports of its own means all of them. */
static int read_protocol(struct lnm_cloud_request *r, struct rule *rule, struct lnm_str given) {
    static const char *const names[][2] = {
        {"6", "tcp"}, {"17", "udp"}, {"1", "icmp"}, {"58", "icmpv6"}};
    int64_t number = -2;
    if (given.len == 0) {
        return lnm_cloud_raise(r, 400, "MissingParameter",
                               "The request must contain the parameter ipProtocol");
    }
    bool known = lnm_str_int64(&number, given) == 0 && number >= -1 && number <= 255;
    lnm_take(rule->protocol, sizeof rule->protocol, given.ptr);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lnm_str_is(given, names[i][0]) || lnm_str_ieq(given, lnm_str_z(names[i][1]))) {
            lnm_take(rule->protocol, sizeof rule->protocol, names[i][1]);
            return check_ports(r, rule);
        }
    }
    rule->from = rule->to = -1;
    return known ? 0
                 : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                   "Invalid value '%.60s' for IP protocol. Unknown protocol.",
                                   given.ptr);
}

/* ---- what a request says -----------------------------------------------------------------------
 */
static int with_peer(struct lnm_cloud_request *r, struct rule *rule, const char *kind,
                     struct lnm_str peer, struct lnm_str account, rule_deed *deed) {
    rule->kind = kind;
    lnm_take(rule->peer, sizeof rule->peer, peer.len > 0 ? peer.ptr : "");
    lnm_take(rule->peer_account, sizeof rule->peer_account,
             strcmp(kind, "group") != 0 ? ""
             : account.len > 0          ? account.ptr
                                        : r->account);
    return check_peer(r, rule) < 0 ? -1 : deed(r, rule);
}

/* One permission: every range, list and group that it names is a rule. */
static int each_peer(struct lnm_cloud_request *r, struct rule *rule, uint32_t permission,
                     rule_deed *deed) {
    static const struct {
        const char *list, *member, *kind;
    } kinds[] = {{"ip_ranges", "cidr_ip", "ipv4"},
                 {"ipv6_ranges", "cidr_ipv6", "ipv6"},
                 {"prefix_list_ids", "prefix_list_id", "prefix"},
                 {"user_id_group_pairs", "group_id", "group"}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        uint32_t list = lnm_record_find(&r->in, permission, kinds[k].list);
        for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
             i = lnm_record_next(&r->in, list, i)) {
            struct lnm_str peer = lnm_record_get(&r->in, i, kinds[k].member), account = {NULL, 0};
            if (strcmp(kinds[k].kind, "group") == 0) {
                account = lnm_record_get(&r->in, i, "user_id");
                peer = peer.len > 0 ? peer : lnm_record_get(&r->in, i, "group_name");
            }
            rule->description = lnm_record_get(&r->in, i, "description");
            if (with_peer(r, rule, kinds[k].kind, peer, account, deed) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int read_span(struct lnm_cloud_request *r, struct rule *rule, uint32_t node) {
    rule->from = lnm_record_get_int(&r->in, node, "from_port", -1);
    rule->to = lnm_record_get_int(&r->in, node, "to_port", -1);
    return read_protocol(r, rule, lnm_record_get(&r->in, node, "ip_protocol"));
}

/* The older form: one rule, its members beside the group's id. */
static int single(struct lnm_cloud_request *r, struct rule *rule, rule_deed *deed) {
    struct lnm_str source = lnm_cloud_param(r, "source_security_group_name");
    if (source.len > 0) {
        lnm_take(rule->protocol, sizeof rule->protocol, "-1");
        rule->from = rule->to = -1;
        return with_peer(r, rule, "group", source,
                         lnm_cloud_param(r, "source_security_group_owner_id"), deed);
    }
    if (!lnm_cloud_given(r, "cidr_ip")) {
        return lnm_cloud_raise(r, 400, "MissingParameter",
                               "The request must contain the parameter ipPermissions");
    }
    return read_span(r, rule, 0) < 0
               ? -1
               : with_peer(r, rule, "ipv4", lnm_cloud_param(r, "cidr_ip"), LNM_STR_NONE, deed);
}

static int find_group(struct lnm_cloud_request *r, struct rule *rule) {
    struct lnm_cloud_group g;
    struct lnm_str id = lnm_cloud_param(r, "group_id"), name = LNM_STR_NONE;
    if (!rule->egress) {
        name = lnm_cloud_param(r, "group_name");
    }
    if (id.len == 0 && name.len == 0) {
        return lnm_cloud_raise(r, 400, "MissingParameter",
                               "The request must contain the parameter groupName or groupId");
    }
    if (lnm_network_make(r) < 0) {
        return -1;
    }
    if (!lnm_group_get(r, id, name, &g)) {
        return lnm_group_not_found(r, id.len > 0 ? id : name);
    }
    lnm_take(rule->group, sizeof rule->group, g.id);
    return 0;
}

static int each_rule(struct lnm_cloud_request *r, struct rule *rule, rule_deed *deed) {
    uint32_t list = lnm_record_find(&r->in, 0, "ip_permissions");
    uint32_t p = list != 0 ? lnm_record_first(&r->in, list) : 0;
    if (p == 0) {
        return single(r, rule, deed);
    }
    for (; p != 0; p = lnm_record_next(&r->in, list, p)) {
        if (read_span(r, rule, p) < 0 || each_peer(r, rule, p, deed) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- rules as rows -----------------------------------------------------------------------------
 */
/* The id of the same rule, if the group has it. */
static bool find_rule(struct lnm_cloud_request *r, struct rule *rule) {
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT id FROM rules WHERE grp = ?1 AND egress = ?2 AND"
                                      " protocol = ?3 AND from_port = ?4 AND to_port = ?5 AND kind"
                                      " = ?6 AND peer = ?7",
                                      "titiitt", rule->group, (int64_t)rule->egress, rule->protocol,
                                      rule->from, rule->to, rule->kind, rule->peer);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_take(rule->id, sizeof rule->id, lnm_store_text(s, 0));
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

static int insert(struct lnm_cloud_request *r, struct rule *rule) {
    lnm_store_id(rule->id, "sgr-");
    return lnm_store_exec(
               r->cloud,
               "INSERT INTO rules(id, account, region, grp, egress, protocol, from_port, to_port,"
               " kind, peer, peer_account, description) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
               " ?10, ?11, ?12)",
               "ttttitiittts", rule->id, r->account, r->region, rule->group, (int64_t)rule->egress,
               rule->protocol, rule->from, rule->to, rule->kind, rule->peer,
               rule->peer_account[0] != '\0' ? rule->peer_account : NULL, rule->description) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

int lnm_rules_insert_default(struct lnm_cloud_request *r, const char *group, bool own) {
    struct rule out = {.egress = true,
                       .protocol = "-1",
                       .from = -1,
                       .to = -1,
                       .kind = "ipv4",
                       .peer = "0.0.0.0/0"},
                in = {.protocol = "-1", .from = -1, .to = -1, .kind = "group"};
    lnm_take(out.group, sizeof out.group, group);
    lnm_take(in.group, sizeof in.group, group);
    lnm_take(in.peer, sizeof in.peer, group);
    lnm_take(in.peer_account, sizeof in.peer_account, r->account);
    return insert(r, &out) < 0 || (own && insert(r, &in) < 0) ? -1 : 0;
}

static int authorize_one(struct lnm_cloud_request *r, struct rule *rule) {
    if (find_rule(r, rule)) {
        return lnm_cloud_raise(
            r, 400, "InvalidPermission.Duplicate",
            "the specified rule \"peer: %s, %s, from port: %lld, to port: %lld, ALLOW\" already "
            "exists",
            rule->peer, strcmp(rule->protocol, "-1") == 0 ? "ALL" : rule->protocol,
            (long long)rule->from, (long long)rule->to);
    }
    if (insert(r, rule) < 0 || lnm_tags_from_request(r, "security-group-rule", rule->id) < 0) {
        return -1;
    }
    return lnm_rule_show(r, rule->id);
}

static int authorize(struct lnm_cloud_request *r, bool egress) {
    struct rule rule = {.egress = egress};
    if (find_group(r, &rule) < 0) {
        return -1;
    }
    lnm_record_set_bool(&r->out, "return", true);
    lnm_record_enter(&r->out, "security_group_rules");
    int error = each_rule(r, &rule, authorize_one);
    lnm_record_close(&r->out);
    return error;
}

static int authorize_ingress(struct lnm_cloud_request *r) {
    return authorize(r, false);
}

static int authorize_egress(struct lnm_cloud_request *r) {
    return authorize(r, true);
}

static int remove_rule(struct lnm_cloud_request *r, const char *id) {
    return lnm_store_exec(r->cloud, "DELETE FROM rules WHERE id = ?1", "t", id) < 0 ||
                   lnm_store_exec(r->cloud, "DELETE FROM tags WHERE resource = ?1", "t", id) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int revoke_one(struct lnm_cloud_request *r, struct rule *rule) {
    return find_rule(r, rule)
               ? remove_rule(r, rule->id)
               : lnm_cloud_raise(r, 400, "InvalidPermission.NotFound",
                                 "The specified rule does not exist in this security group.");
}

static int revoke(struct lnm_cloud_request *r, bool egress) {
    struct rule rule = {.egress = egress};
    uint32_t list = lnm_record_find(&r->in, 0, "security_group_rule_ids");
    uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0;
    if (find_group(r, &rule) < 0 || lnm_rule_check_ids(r) < 0) {
        return -1;
    }
    lnm_record_set_bool(&r->out, "return", true);
    if (i == 0) {
        return each_rule(r, &rule, revoke_one);
    }
    for (; i != 0; i = lnm_record_next(&r->in, list, i)) {
        if (remove_rule(r, lnm_record_str(&r->in, i).ptr) < 0) {
            return -1;
        }
    }
    return 0;
}

static int revoke_ingress(struct lnm_cloud_request *r) {
    return revoke(r, false);
}

static int revoke_egress(struct lnm_cloud_request *r) {
    return revoke(r, true);
}

const struct lnm_cloud_action lnm_cloud_security_rules[] = {
    {"AuthorizeSecurityGroupEgress", authorize_egress},
    {"AuthorizeSecurityGroupIngress", authorize_ingress},
    {"RevokeSecurityGroupEgress", revoke_egress},
    {"RevokeSecurityGroupIngress", revoke_ingress},
    {NULL, NULL}};
