/* sharing.c - launch permissions of images and create-volume permissions of snapshots.
 *
 * Source: "Share an AMI" (EC2 user guide), "Share an Amazon EBS snapshot" (EBS user guide). */
#include "cloud/images.h"
#include "cloud/limits.h"

#include <stdio.h>

bool lnm_share_allows(struct lnm_cloud *c, const char *resource, const char *account) {
    return lnm_share_names(c, resource, lnm_str_z(account)) || lnm_share_public(c, resource);
}

bool lnm_share_names(struct lnm_cloud *c, const char *resource, struct lnm_str grantee) {
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT 1 FROM permissions WHERE resource = ?1 AND grantee = ?2", "ts",
                        resource, grantee);
    bool yes = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return yes;
}

bool lnm_share_listed(const struct lnm_cloud_request *r, const char *list, const char *resource) {
    uint32_t node = lnm_record_find(&r->in, 0, list);
    uint32_t i = node != 0 ? lnm_record_first(&r->in, node) : 0;
    if (i == 0) {
        return true;
    }
    for (; i != 0; i = lnm_record_next(&r->in, node, i)) {
        struct lnm_str who = lnm_record_str(&r->in, i);
        if (lnm_share_names(r->cloud, resource,
                            lnm_str_is(who, "self") ? lnm_str_z(r->account) : who)) {
            return true;
        }
    }
    return false;
}

bool lnm_share_public(struct lnm_cloud *c, const char *resource) {
    return lnm_share_names(c, resource, LNM_STR("all"));
}

int lnm_share_forget(struct lnm_cloud *c, const char *resource) {
    return lnm_store_exec(c, "DELETE FROM permissions WHERE resource = ?1", "t", resource);
}

/* ---- who: the two spellings of a modification --------------------------------------------------
 */

struct grantee {
    struct lnm_str who; /* account id, "all", or the ARN of an organization or a unit of one */
    bool add, group, arn;
};

typedef int grantee_fn(struct lnm_cloud_request *r, const char *resource, const struct grantee *g);

static bool is_account(struct lnm_str who) {
    for (size_t i = 0; i < who.len; i++) {
        if (who.ptr[i] < '0' || who.ptr[i] > '9') {
            return false;
        }
    }
    return who.len == 12;
}

/* A grantee is one thing: everybody, an organization, or an account. */
static bool is_valid(const struct grantee *g) {
    return g->group ? lnm_str_is(g->who, "all")
           : g->arn ? lnm_str_starts(g->who, LNM_STR("arn:"))
                    : is_account(g->who);
}

static int each_of_struct(struct lnm_cloud_request *r, uint32_t list, const char *resource,
                          bool add, grantee_fn *fn) {
    static const char *const names[] = {"user_id", "group", "organization_arn",
                                        "organizational_unit_arn"};
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            struct grantee g = {lnm_record_get(&r->in, i, names[k]), add, k == 1, k > 1};
            if (g.who.len > 0 && fn(r, resource, &g) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int each_of_list(struct lnm_cloud_request *r, const char *name, const char *resource,
                        struct grantee g, grantee_fn *fn) {
    uint32_t list = lnm_record_find(&r->in, 0, name);
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        g.who = lnm_record_str(&r->in, i);
        if (fn(r, resource, &g) < 0) {
            return -1;
        }
    }
    return 0;
}

/* member.add[], member.remove[], or operation_type with lists of users, groups and ARNs. */
static int each_grantee(struct lnm_cloud_request *r, const char *member, const char *groups,
                        const char *resource, grantee_fn *fn) {
    uint32_t changes = lnm_record_find(&r->in, 0, member);
    bool add = !lnm_str_is(lnm_cloud_param(r, "operation_type"), "remove");
    struct grantee user = {LNM_STR_NONE, add, false, false},
                   group = {LNM_STR_NONE, add, true, false}, arn = {LNM_STR_NONE, add, false, true};
    bool failed =
        (changes != 0 &&
         (each_of_struct(r, lnm_record_find(&r->in, changes, "add"), resource, true, fn) < 0 ||
          each_of_struct(r, lnm_record_find(&r->in, changes, "remove"), resource, false, fn) <
              0)) ||
        each_of_list(r, "user_ids", resource, user, fn) < 0 ||
        each_of_list(r, groups, resource, group, fn) < 0 ||
        each_of_list(r, "organization_arns", resource, arn, fn) < 0 ||
        each_of_list(r, "organizational_unit_arns", resource, arn, fn) < 0;
    return failed ? -1 : 0;
}

static int write_permission(struct lnm_cloud_request *r, const char *resource,
                            const struct grantee *g) {
    int error = g->add
                    ? lnm_store_exec(r->cloud, "INSERT OR IGNORE INTO permissions VALUES(?1, ?2)",
                                     "ts", resource, g->who)
                    : lnm_store_exec(r->cloud,
                                     "DELETE FROM permissions WHERE resource = ?1 AND grantee ="
                                     " ?2",
                                     "ts", resource, g->who);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

/* ---- images -----------------------------------------------------------------------------------
 */

static bool is_managed(struct lnm_cloud_request *r, const char *key_arn) {
    struct lnm_cloud_key k;
    return lnm_key_resolve(r->cloud, &k, r->account, r->region, lnm_str_z(key_arn)) &&
           strcmp(k.manager, "AWS") == 0;
}

/* AWS forbids sharing what its own key encrypts, and making public what any key encrypts. */
static int check_image(struct lnm_cloud_request *r, const char *image, bool public) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT s.key_arn FROM devices d JOIN snapshots s ON s.id = d.snapshot WHERE d.image = ?1"
        " AND s.encrypted <> 0",
        "t", image);
    bool managed = false, encrypted = false;
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        encrypted = true;
        managed = managed || is_managed(r, lnm_store_text(s, 0));
    }
    if (public && encrypted) {
        return lnm_cloud_raise(r, 400, "UnsupportedOperation",
                               "Encrypted snapshots can't be shared publicly. Specify another "
                               "snapshot.");
    }
    return managed ? lnm_cloud_raise(r, 400, "InvalidParameter",
                                     "Snapshots encrypted with the AWS Managed CMK can't be "
                                     "shared. Specify another snapshot.")
                   : 0;
}

static int check_quotas(struct lnm_cloud_request *r, const char *image, bool public) {
    int64_t quota;
    if (public && lnm_limits_reached(r, LNM_QUOTA_PUBLIC_IMAGES,
                                     "SELECT count(*) FROM permissions p JOIN images i ON i.id ="
                                     " p.resource WHERE p.grantee = 'all' AND i.account = ?1 AND"
                                     " i.region = ?2 AND i.id <> ?3",
                                     image, &quota)) {
        return lnm_cloud_raise(r, 400, "ResourceLimitExceeded",
                               "You have reached your quota of %lld for the number of public "
                               "images allowed in this Region. Deregister unused public images, "
                               "or request an increase in your public AMIs quota.",
                               (long long)quota);
    }
    return !public && lnm_limits_reached(r, LNM_QUOTA_IMAGE_SHARES,
                                         "SELECT count(*) FROM permissions JOIN images i ON i.id ="
                                         " resource WHERE i.account = ?1 AND i.region = ?2 AND"
                                         " resource = ?3 AND grantee <> 'all'",
                                         image, &quota)
               ? lnm_cloud_raise(r, 400, "ResourceLimitExceeded",
                                 "The image %s is shared with %lld others, which is your quota",
                                 image, (long long)quota)
               : 0;
}

static int share_image(struct lnm_cloud_request *r, const char *image, const struct grantee *g) {
    if (!is_valid(g)) {
        return lnm_cloud_raise(r, 400, "InvalidAMIAttributeItemValue",
                               "Invalid attribute item value \"%.60s\" for %s item type.",
                               g->who.ptr,
                               g->group ? "group"
                               : g->arn ? "organization"
                                        : "userId");
    }
    if (g->add && (check_image(r, image, g->group) < 0 || check_quotas(r, image, g->group) < 0)) {
        return -1;
    }
    return write_permission(r, image, g);
}

static int set_text(struct lnm_cloud_request *r, const char *image, const char *member,
                    const char *sql) {
    uint32_t node = lnm_record_find(&r->in, 0, member);
    return node != 0 && lnm_store_exec(r->cloud, sql, "st", lnm_record_get(&r->in, node, "value"),
                                       image) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

/* A call that says nothing to change is a mistake. */
static bool says_something(const struct lnm_cloud_request *r) {
    static const char *const names[] = {"description",
                                        "imds_support",
                                        "launch_permission",
                                        "organization_arns",
                                        "organizational_unit_arns",
                                        "product_codes",
                                        "user_groups",
                                        "user_ids",
                                        "value"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lnm_cloud_given(r, names[i])) {
            return true;
        }
    }
    return false;
}

static int modify_image(struct lnm_cloud_request *r) {
    struct lnm_cloud_image i;
    struct lnm_str id = lnm_cloud_param(r, "image_id");
    if (!lnm_image_get(r->cloud, r->account, r->region, id, &i)) {
        return lnm_image_not_found(r, id);
    }
    if (!says_something(r)) {
        return lnm_cloud_raise(r, 400, "InvalidParameterCombination", "No attributes specified.");
    }
    if (lnm_str_is(lnm_cloud_param(r, "attribute"), "description") &&
        lnm_store_exec(r->cloud, "UPDATE images SET description = ?1 WHERE id = ?2", "st",
                       lnm_cloud_param(r, "value"), i.id) < 0) {
        return lnm_cloud_internal(r);
    }
    if (set_text(r, i.id, "description", "UPDATE images SET description = ?1 WHERE id = ?2") < 0 ||
        set_text(r, i.id, "imds_support", "UPDATE images SET imds = ?1 WHERE id = ?2") < 0) {
        return -1;
    }
    uint32_t codes = lnm_record_find(&r->in, 0, "product_codes");
    if (codes != 0 &&
        lnm_store_exec(r->cloud, "UPDATE images SET product_code = ?1 WHERE id = ?2", "st",
                       lnm_record_str(&r->in, lnm_record_first(&r->in, codes)), i.id) < 0) {
        return lnm_cloud_internal(r);
    }
    return each_grantee(r, "launch_permission", "user_groups", i.id, share_image);
}

static int check_attribute(struct lnm_cloud_request *r, const char *only) {
    struct lnm_str given = lnm_cloud_param(r, "attribute");
    return lnm_str_is(given, only) ? 0
                                   : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                                     "Invalid attribute '%.60s'", given.ptr);
}

static int reset_image(struct lnm_cloud_request *r) {
    struct lnm_cloud_image i;
    struct lnm_str id = lnm_cloud_param(r, "image_id");
    if (!lnm_image_get(r->cloud, r->account, r->region, id, &i)) {
        return lnm_image_not_found(r, id);
    }
    return check_attribute(r, "launchPermission") < 0 ? -1
           : lnm_share_forget(r->cloud, i.id) < 0     ? lnm_cloud_internal(r)
                                                      : 0;
}

/* ---- snapshots --------------------------------------------------------------------------------
 */

static int share_snapshot(struct lnm_cloud_request *r, const char *id, const struct grantee *g) {
    struct lnm_cloud_snapshot s;
    bool add = g->add;
    if (!is_valid(g) || g->arn) {
        return g->group ? lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                          "Invalid group \"%.60s\"", g->who.ptr)
                        : lnm_cloud_raise(r, 400, "InvalidUserID.Malformed",
                                          "Invalid user id: \"%.60s\"", g->who.ptr);
    }
    (void)lnm_snapshot_get(r->cloud, r->account, r->region, id, &s);
    if (add && s.encrypted && is_managed(r, s.key_arn)) {
        return lnm_cloud_raise(r, 400, "OperationNotPermitted",
                               "Encrypted snapshots with EBS default key cannot be shared");
    }
    if (add && s.encrypted && g->group) {
        return lnm_cloud_raise(r, 400, "OperationNotPermitted",
                               "Encrypted snapshots cannot be shared publicly");
    }
    return write_permission(r, id, g);
}

static int find_snapshot(struct lnm_cloud_request *r, struct lnm_cloud_snapshot *s) {
    struct lnm_str id = lnm_cloud_param(r, "snapshot_id");
    return lnm_snapshot_get(r->cloud, r->account, r->region, id.ptr, s)
               ? 0
               : lnm_snapshot_not_found(r, id);
}

static int modify_snapshot(struct lnm_cloud_request *r) {
    struct lnm_cloud_snapshot s;
    uint32_t changes = lnm_record_find(&r->in, 0, "create_volume_permission");
    if (find_snapshot(r, &s) < 0) {
        return -1;
    }
    return lnm_record_find(&r->in, changes, "add") != 0 &&
                   lnm_record_find(&r->in, changes, "remove") != 0 && changes != 0
               ? lnm_cloud_raise(r, 400, "InvalidParameterCombination",
                                 "Permissions cannot be added and removed in one call")
               : each_grantee(r, "create_volume_permission", "group_names", s.id, share_snapshot);
}

static int reset_snapshot(struct lnm_cloud_request *r) {
    struct lnm_cloud_snapshot s;
    if (find_snapshot(r, &s) < 0 || check_attribute(r, "createVolumePermission") < 0) {
        return -1;
    }
    return lnm_share_forget(r->cloud, s.id) < 0 ? lnm_cloud_internal(r) : 0;
}

/* ---- showing ----------------------------------------------------------------------------------
 */

void lnm_share_show(struct lnm_cloud_request *r, const char *list, const char *resource) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT grantee FROM permissions WHERE resource = ?1", "t", resource);
    lnm_record_enter(&r->out, list);
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        struct lnm_str who = lnm_str_z(lnm_store_text(s, 0));
        lnm_record_item(&r->out);
        lnm_record_set(&r->out,
                       lnm_str_is(who, "all")                 ? "group"
                       : strstr(who.ptr, ":ou/") != NULL      ? "organizational_unit_arn"
                       : lnm_str_starts(who, LNM_STR("arn:")) ? "organization_arn"
                                                              : "user_id",
                       who);
        lnm_record_close(&r->out);
    }
    lnm_record_close(&r->out);
}

static int describe_snapshot(struct lnm_cloud_request *r) {
    struct lnm_cloud_snapshot s;
    if (find_snapshot(r, &s) < 0) {
        return -1;
    }
    bool permissions = !lnm_str_is(lnm_cloud_param(r, "attribute"), "productCodes");
    if (permissions && check_attribute(r, "createVolumePermission") < 0) {
        return -1;
    }
    lnm_record_setz(&r->out, "snapshot_id", s.id);
    if (permissions) {
        lnm_share_show(r, "create_volume_permissions", s.id);
    }
    return 0;
}

const struct lnm_cloud_action lnm_cloud_sharing[] = {
    {"DescribeSnapshotAttribute", describe_snapshot}, {"ModifyImageAttribute", modify_image},
    {"ModifySnapshotAttribute", modify_snapshot},     {"ResetImageAttribute", reset_image},
    {"ResetSnapshotAttribute", reset_snapshot},       {NULL, NULL}};
