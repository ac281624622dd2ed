/* security_rules_show.c - rules of security groups in answers; DescribeSecurityGroupRules. */
#include "cloud/filter.h"
#include "cloud/network.h"

/* ---- as groups show them: those of one protocol and span together ------------------------------
 */
static void show_peers(struct lnm_cloud_request *r, sqlite3_stmt *span, const char *group,
                       const char *kind, const char *list, const char *member) {
    struct lnm_record *out = &r->out;
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT peer, peer_account, description FROM rules WHERE grp = ?1 AND egress = ?2 AND"
        " protocol = ?3 AND from_port = ?4 AND to_port = ?5 AND kind = ?6 ORDER BY id",
        "titiit", group, lnm_store_int(span, 3), lnm_store_text(span, 0), lnm_store_int(span, 1),
        lnm_store_int(span, 2), kind);
    lnm_record_enter(out, list);
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_record_item(out);
        lnm_record_setz(out, member, lnm_store_text(s, 0));
        if (strcmp(kind, "group") == 0) {
            lnm_record_setz(out, "user_id", lnm_store_text(s, 1));
        }
        if (lnm_store_text(s, 2)[0] != '\0') {
            lnm_record_setz(out, "description", lnm_store_text(s, 2));
        }
        lnm_record_close(out);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    lnm_record_close(out);
}

static void show_direction(struct lnm_cloud_request *r, const char *group, bool egress) {
    struct lnm_record *out = &r->out;
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT DISTINCT protocol, from_port, to_port, egress FROM"
                                      " rules WHERE grp = ?1 AND egress = ?2 ORDER BY protocol,"
                                      " from_port, to_port",
                                      "ti", group, (int64_t)egress);
    lnm_record_enter(out, egress ? "ip_permissions_egress" : "ip_permissions");
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_record_item(out);
        lnm_record_setz(out, "ip_protocol", lnm_store_text(s, 0));
        if (strcmp(lnm_store_text(s, 0), "-1") != 0) { /* all traffic has no ports */
            lnm_record_set_int(out, "from_port", lnm_store_int(s, 1));
            lnm_record_set_int(out, "to_port", lnm_store_int(s, 2));
        }
        show_peers(r, s, group, "ipv4", "ip_ranges", "cidr_ip");
        show_peers(r, s, group, "ipv6", "ipv6_ranges", "cidr_ipv6");
        show_peers(r, s, group, "prefix", "prefix_list_ids", "prefix_list_id");
        show_peers(r, s, group, "group", "user_id_group_pairs", "group_id");
        lnm_record_close(out);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    lnm_record_close(out);
}

void lnm_rules_show(struct lnm_cloud_request *r, const char *group) {
    show_direction(r, group, false);
    show_direction(r, group, true);
}

/* ---- one at a time -----------------------------------------------------------------------------
 */
#define COLUMNS                                                                                    \
    "id, grp, egress, protocol, from_port, to_port, kind, peer, peer_account, description, "       \
    "account"

enum { ID, GROUP, EGRESS, PROTOCOL, FROM, TO, KIND, PEER, PEER_ACCOUNT, DESCRIPTION, OWNER };

static void show_rule(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    static const struct {
        const char *kind, *member;
    } peers[] = {{"ipv4", "cidr_ipv4"}, {"ipv6", "cidr_ipv6"}, {"prefix", "prefix_list_id"}};
    struct lnm_record *out = &r->out;
    const char *kind = lnm_store_text(s, KIND);
    lnm_record_item(out);
    lnm_record_setz(out, "security_group_rule_id", lnm_store_text(s, ID));
    lnm_record_setz(out, "group_id", lnm_store_text(s, GROUP));
    lnm_record_setz(out, "group_owner_id", lnm_store_text(s, OWNER));
    lnm_record_set_bool(out, "is_egress", lnm_store_int(s, EGRESS) != 0);
    lnm_record_setz(out, "ip_protocol", lnm_store_text(s, PROTOCOL));
    lnm_record_set_int(out, "from_port", lnm_store_int(s, FROM));
    lnm_record_set_int(out, "to_port", lnm_store_int(s, TO));
    for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++) {
        lnm_record_setz(out, peers[i].member,
                        strcmp(kind, peers[i].kind) == 0 ? lnm_store_text(s, PEER) : NULL);
    }
    if (strcmp(kind, "group") == 0) {
        lnm_record_enter(out, "referenced_group_info");
        lnm_record_setz(out, "group_id", lnm_store_text(s, PEER));
        lnm_record_setz(out, "user_id", lnm_store_text(s, PEER_ACCOUNT));
        lnm_record_close(out);
    }
    if (lnm_store_text(s, DESCRIPTION)[0] != '\0') {
        lnm_record_setz(out, "description", lnm_store_text(s, DESCRIPTION));
    }
    lnm_tags_show(r, lnm_store_text(s, ID));
    lnm_record_close(out);
}

int lnm_rule_show(struct lnm_cloud_request *r, const char *id) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT " COLUMNS " FROM rules WHERE id = ?1", "t", id);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return lnm_cloud_internal(r);
    }
    show_rule(r, s);
    (void)sqlite3_reset(s);
    return 0;
}

static int rule_not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    return lnm_cloud_raise(r, 400, "InvalidSecurityGroupRuleId.NotFound",
                           "The security group rule ID '%.60s' does not exist", id.ptr);
}

int lnm_rule_check_ids(struct lnm_cloud_request *r) {
    static const struct lnm_filter_kind ids = {
        "security_group_rule_ids",
        "SELECT 1 FROM rules WHERE account = ?1 AND region = ?2 AND id = ?3", rule_not_found};
    return lnm_filter_exist(r, &ids);
}

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {
        {"security-group-rule-id", ID}, {"group-id", GROUP}, {NULL, 0}};
    struct row *w = arg;
    int found = lnm_filter_column(w->s, columns, name, pattern);
    return found >= 0 ? found
                      : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static void show_row(void *arg) {
    struct row *w = arg;
    show_rule(w->r, w->s);
}

static int describe(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    struct row w = {.r = r};
    if (lnm_network_make(r) < 0 || lnm_rule_check_ids(r) < 0 ||
        lnm_page_begin(&page, r, "security_group_rule_ids") < 0 ||
        lnm_filter_check(r, matches, &w) < 0) {
        return -1;
    }
    w.s = lnm_store_query(r->cloud,
                          "SELECT " COLUMNS " FROM rules WHERE account = ?1 AND region = ?2 AND id"
                          " > ?3 ORDER BY id",
                          "ttt", r->account, r->region, page.after);
    struct lnm_cloud_listing l = {.ids = "security_group_rule_ids",
                                  .list = "security_group_rules",
                                  .matches = matches,
                                  .show = show_row,
                                  .row = &w};
    return lnm_page_show(&page, r, w.s, &l);
}

const struct lnm_cloud_action lnm_cloud_security_rules_show[] = {
    {"DescribeSecurityGroupRules", describe}, {NULL, NULL}};
