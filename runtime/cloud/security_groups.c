/* security_groups.c - CreateSecurityGroup, DeleteSecurityGroup, DescribeSecurityGroups. */
#include "cloud/filter.h"
#include "cloud/network.h"

#include "aws/endpoint.h"

#include <ctype.h>
#include <stdio.h>

#define TEXT_MAX 255

bool lnm_group_get(struct lnm_cloud_request *r, struct lnm_str id, struct lnm_str name,
                   struct lnm_cloud_group *out) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT id, name, vpc FROM security_groups WHERE account = ?1 AND region = ?2 AND CASE WHEN"
        " ?3 <> '' THEN id = ?3 ELSE name = ?4 END",
        "ttss", r->account, r->region, id.len > 0 ? id : LNM_STR(""),
        name.len > 0 ? name : LNM_STR(""));
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (found) {
        lnm_take(out->id, sizeof out->id, lnm_store_text(s, 0));
        lnm_take(out->name, sizeof out->name, lnm_store_text(s, 1));
        lnm_take(out->vpc, sizeof out->vpc, lnm_store_text(s, 2));
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

int lnm_group_not_found(struct lnm_cloud_request *r, struct lnm_str id) {
    return lnm_cloud_raise(r, 400, "InvalidGroup.NotFound",
                           "The security group '%.255s' does not exist", id.len > 0 ? id.ptr : "");
}

int lnm_group_insert(struct lnm_cloud_request *r, const char *id, const char *vpc,
                     struct lnm_str name, struct lnm_str description) {
    return lnm_store_exec(r->cloud,
                          "INSERT INTO security_groups(id, account, region, vpc, name, description)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                          "ttttss", id, r->account, r->region, vpc, name, description) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int check_text(struct lnm_cloud_request *r, const char *parameter, const char *wire) {
    static const char others[] = " ._-:/()#,@[]+=&;{}!$*";
    struct lnm_str text = lnm_cloud_param(r, parameter);
    size_t i = 0;
    while (i < text.len &&
           (isalnum((unsigned char)text.ptr[i]) || strchr(others, text.ptr[i]) != NULL)) {
        i++;
    }
    return i == text.len && text.len <= TEXT_MAX
               ? 0
               : lnm_cloud_raise(
                     r, 400, "InvalidParameterValue",
                     "Value (%.255s) for parameter %s is invalid. Character sets beyond "
                     "ASCII are not supported.",
                     text.ptr, wire);
}

static int check_new(struct lnm_cloud_request *r) {
    struct lnm_str name = lnm_cloud_param(r, "group_name");
    struct lnm_cloud_group found;
    if (check_text(r, "group_name", "GroupName") < 0 ||
        check_text(r, "description", "GroupDescription") < 0) {
        return -1;
    }
    if (lnm_str_starts(name, LNM_STR("sg-"))) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Value (%.255s) for parameter GroupName is invalid. Group names may "
                               "not be in the format sg-*.",
                               name.ptr);
    }
    return lnm_group_get(r, LNM_STR_NONE, name, &found)
               ? lnm_cloud_raise(r, 400,
                                 lnm_str_is(name, "default") ? "InvalidParameterValue"
                                                             : "InvalidGroup.Duplicate",
                                 "The security group '%.255s' already exists for VPC '%s'",
                                 name.ptr, found.vpc)
               : 0;
}

static void write_arn(const struct lnm_cloud_request *r, const char *id, char out[192]) {
    (void)snprintf(out, 192, "arn:%s:ec2:%s:%s:security-group/%s",
                   lnm_partition(lnm_str_z(r->region)), r->region, r->account, id);
}

/* The VPC that is named, or the default one. */
static int find_vpc(struct lnm_cloud_request *r, char vpc[32]) {
    struct lnm_str id = lnm_cloud_param(r, "vpc_id");
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT id FROM vpcs WHERE account = ?1 AND region = ?2 AND ?3 IN ('', id)",
        "tts", r->account, r->region, id.len > 0 ? id : LNM_STR(""));
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    lnm_take(vpc, 32, lnm_store_text(found ? s : NULL, 0));
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found ? 0 : lnm_vpc_not_found(r, id);
}

static int create(struct lnm_cloud_request *r) {
    char id[32], vpc[32], arn[192];
    if (lnm_network_make(r) < 0 || find_vpc(r, vpc) < 0 || check_new(r) < 0) {
        return -1;
    }
    lnm_store_id(id, "sg-");
    if (lnm_group_insert(r, id, vpc, lnm_cloud_param(r, "group_name"),
                         lnm_cloud_param(r, "description")) < 0 ||
        lnm_rules_insert_default(r, id, false) < 0 ||
        lnm_tags_from_request(r, "security-group", id) < 0) {
        return -1;
    }
    write_arn(r, id, arn);
    lnm_record_setz(&r->out, "group_id", id);
    lnm_record_setz(&r->out, "security_group_arn", arn);
    lnm_tags_show(r, id);
    return 0;
}

/* An instance or another group's rule that names it keeps a group. */
static bool in_use(struct lnm_cloud_request *r, const char *id) {
    sqlite3_stmt *s = lnm_store_query(r->cloud,
                                      "SELECT 1 FROM interface_groups WHERE grp = ?1 UNION SELECT 1"
                                      " FROM rules WHERE peer = ?1 AND grp <> ?1",
                                      "t", id);
    bool used = s == NULL || sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return used;
}

static int remove_group(struct lnm_cloud_request *r, const struct lnm_cloud_group *g) {
    lnm_record_set_bool(&r->out, "return", true);
    lnm_record_setz(&r->out, "group_id", g->id);
    return lnm_store_exec(r->cloud,
                          "DELETE FROM tags WHERE resource = ?1 OR resource IN (SELECT id"
                          " FROM rules WHERE grp = ?1)",
                          "t", g->id) < 0 ||
                   lnm_store_exec(r->cloud, "DELETE FROM rules WHERE grp = ?1", "t", g->id) < 0 ||
                   lnm_store_exec(r->cloud, "DELETE FROM security_groups WHERE id = ?1", "t",
                                  g->id) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int delete_group(struct lnm_cloud_request *r) {
    struct lnm_cloud_group g;
    struct lnm_str id = lnm_cloud_param(r, "group_id"), name = lnm_cloud_param(r, "group_name");
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
    if (strcmp(g.name, "default") == 0) {
        return lnm_cloud_raise(r, 400, "CannotDelete",
                               "the specified group: \"%s\" name: \"default\" cannot be deleted by "
                               "a user",
                               g.id);
    }
    return in_use(r, g.id) ? lnm_cloud_raise(r, 400, "DependencyViolation",
                                             "resource %s has a dependent object", g.id)
                           : remove_group(r, &g);
}

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
};

enum { ID, NAME, VPC, DESCRIPTION, OWNER };

/* A filter of the rules: is there one of this group that matches? */
static int rule_matches(struct row *w, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {
        {"cidr", 1},     {"from-port", 2},      {"to-port", 3}, {"protocol", 4}, {"ipv6-cidr", 5},
        {"group-id", 6}, {"prefix-list-id", 7}, {"user-id", 8}, {NULL, 0}};
    bool egress = strncmp(name, "egress.ip-permission.", 21) == 0;
    if (!egress && strncmp(name, "ip-permission.", 14) != 0) {
        return -1;
    }
    name += egress ? 21 : 14;
    sqlite3_stmt *s = lnm_store_query(
        w->r->cloud,
        "SELECT id, iif(kind = 'ipv4', peer, NULL), from_port, to_port, protocol,"
        " iif(kind = 'ipv6', peer, NULL), iif(kind = 'group', peer, NULL),"
        " iif(kind = 'prefix', peer, NULL), peer_account FROM rules WHERE grp = ?1 AND egress = ?2",
        "ti", lnm_store_text(w->s, ID), (int64_t)egress);
    int found = lnm_filter_column(NULL, columns, name, LNM_STR("*")) < 0 ? -1 : 0;
    while (s != NULL && found == 0 && sqlite3_step(s) == SQLITE_ROW) {
        found = lnm_filter_column(s, columns, name, pattern);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    static const struct lnm_filter_column columns[] = {
        {"group-id", ID},    {"group-name", NAME},
        {"vpc-id", VPC},     {"description", DESCRIPTION},
        {"owner-id", OWNER}, {NULL, 0}};
    struct row *w = arg;
    int found = lnm_filter_column(w->s, columns, name, pattern);
    found = found >= 0 ? found : rule_matches(w, name, pattern);
    return found >= 0 ? found
                      : lnm_tags_match(w->r->cloud, lnm_store_text(w->s, ID), name, pattern);
}

static void show(void *arg) {
    struct row *w = arg;
    struct lnm_record *out = &w->r->out;
    char arn[192];
    write_arn(w->r, lnm_store_text(w->s, ID), arn);
    lnm_record_item(out);
    lnm_record_setz(out, "group_id", lnm_store_text(w->s, ID));
    lnm_record_setz(out, "group_name", lnm_store_text(w->s, NAME));
    lnm_record_setz(out, "description", lnm_store_text(w->s, DESCRIPTION));
    lnm_record_setz(out, "owner_id", lnm_store_text(w->s, OWNER));
    lnm_record_setz(out, "vpc_id", lnm_store_text(w->s, VPC));
    lnm_record_setz(out, "security_group_arn", arn);
    lnm_rules_show(w->r, lnm_store_text(w->s, ID));
    lnm_tags_show(w->r, lnm_store_text(w->s, ID));
    lnm_record_close(out);
}

static bool is_named(void *arg) {
    struct row *w = arg;
    return lnm_filter_listed(w->r, "group_names", lnm_store_text(w->s, NAME));
}

static int describe(struct lnm_cloud_request *r) {
    static const struct lnm_filter_kind ids = {
        "group_ids", "SELECT 1 FROM security_groups WHERE account = ?1 AND region = ?2 AND id = ?3",
        lnm_group_not_found};
    static const struct lnm_filter_kind names = {
        "group_names",
        "SELECT 1 FROM security_groups WHERE account = ?1 AND region = ?2 AND name = ?3",
        lnm_group_not_found};
    struct lnm_cloud_page page;
    struct row w = {.r = r};
    if (lnm_network_make(r) < 0 || lnm_filter_exist(r, &ids) < 0 ||
        lnm_filter_exist(r, &names) < 0 || lnm_page_begin(&page, r, "group_ids") < 0 ||
        lnm_filter_check(r, matches, &w) < 0) {
        return -1;
    }
    w.s = lnm_store_query(r->cloud,
                          "SELECT id, name, vpc, description, account FROM security_groups WHERE"
                          " account = ?1 AND region = ?2 AND id > ?3 ORDER BY id",
                          "ttt", r->account, r->region, page.after);
    struct lnm_cloud_listing l = {.ids = "group_ids",
                                  .list = "security_groups",
                                  .matches = matches,
                                  .belongs = is_named,
                                  .show = show,
                                  .row = &w};
    return lnm_page_show(&page, r, w.s, &l);
}

const struct lnm_cloud_action lnm_cloud_security_groups[] = {{"CreateSecurityGroup", create},
                                                             {"DeleteSecurityGroup", delete_group},
                                                             {"DescribeSecurityGroups", describe},
                                                             {NULL, NULL}};
