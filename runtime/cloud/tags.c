/* tags.c - CreateTags, DeleteTags, and tags as other actions write, show and filter them. */
#include "cloud/filter.h"
#include "cloud/walk.h"
#include "cloud/scan.h"

#include <stdio.h>

#define TAGS_MAX 50

int lnm_tags_put(struct lnm_cloud_request *r, const char *resource, struct lnm_str key,
                 struct lnm_str value) {
    if (key.len == 0) {
        return lnm_cloud_raise(r, 400, "InvalidTagKey.Malformed",
                               "The specified tag key is not valid. Tag keys cannot be empty or "
                               "null, and cannot start with aws:.");
    }
    if (key.len > 127 || lnm_str_starts(key, LNM_STR("aws:"))) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               key.len <= 127
                                   ? "Tag keys starting with 'aws:' are reserved for internal use"
                                   : "Tag key exceeds the maximum length of 127 characters");
    }
    if (value.len > 255) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Tag value exceeds the maximum length of 255 characters");
    }
    if (lnm_store_exec(r->cloud,
                       "INSERT INTO tags(resource, key, value) VALUES(?1, ?2, ?3) ON CONFLICT"
                       " DO UPDATE SET value = ?3",
                       "tss", resource, key, value.len > 0 ? value : LNM_STR("")) < 0) {
        return lnm_cloud_internal(r);
    }
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT count(*) FROM tags WHERE resource = ?1", "t", resource);
    if (s == NULL || sqlite3_step(s) != SQLITE_ROW) {
        return lnm_cloud_internal(r);
    }
    return lnm_store_int(s, 0) <= TAGS_MAX
               ? 0
               : lnm_cloud_raise(r, 400, "TagLimitExceeded",
                                 "The maximum number of Tags for a resource has been reached.");
}

static int put_list(struct lnm_cloud_request *r, uint32_t list, const char *resource) {
    for (uint32_t t = list != 0 ? lnm_record_first(&r->in, list) : 0; t != 0;
         t = lnm_record_next(&r->in, list, t)) {
        if (lnm_tags_put(r, resource, lnm_record_get(&r->in, t, "key"),
                         lnm_record_get(&r->in, t, "value")) < 0) {
            return -1;
        }
    }
    return 0;
}

/* What each action can tag at creation. */
static const struct {
    const char *action, *types[5];
} taggable[] = {
    {"CopyImage", {"image", "snapshot"}},
    {"CreateImage", {"image", "snapshot"}},
    {"RegisterImage", {"image"}},
    {"CopySnapshot", {"snapshot"}},
    {"CreateSnapshot", {"snapshot"}},
    {"CreateSnapshots", {"snapshot"}},
    {"CreateVolume", {"volume"}},
    {"CreateKeyPair", {"key-pair"}},
    {"ImportKeyPair", {"key-pair"}},
    {"CreateSecurityGroup", {"security-group"}},
    {"AuthorizeSecurityGroupIngress", {"security-group-rule"}},
    {"AuthorizeSecurityGroupEgress", {"security-group-rule"}},
    {"RunInstances", {"instance", "volume", "network-interface", "spot-instances-request"}}};

static int check_type(struct lnm_cloud_request *r, struct lnm_str type) {
    for (size_t i = 0; i < sizeof taggable / sizeof taggable[0]; i++) {
        bool here = strcmp(taggable[i].action, r->op->name) == 0;
        for (size_t k = 0; here && k < 5 && taggable[i].types[k] != NULL; k++) {
            if (lnm_str_is(type, taggable[i].types[k])) {
                return 0;
            }
        }
    }
    return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                           "'%.60s' is not a valid taggable resource type for this operation.",
                           type.len > 0 ? type.ptr : "");
}

int lnm_tags_from_request(struct lnm_cloud_request *r, const char *resource_type,
                          const char *resource) {
    uint32_t list = lnm_record_find(&r->in, 0, "tag_specifications");
    for (uint32_t s = list != 0 ? lnm_record_first(&r->in, list) : 0; s != 0;
         s = lnm_record_next(&r->in, list, s)) {
        struct lnm_str type = lnm_record_get(&r->in, s, "resource_type");
        if (check_type(r, type) < 0) {
            return -1;
        }
        if (lnm_str_is(type, resource_type) &&
            put_list(r, lnm_record_find(&r->in, s, "tags"), resource) < 0) {
            return -1;
        }
    }
    return 0;
}

const char lnm_tags_walk[] =
    "SELECT resource, key, value FROM tags WHERE resource >= ?1 ORDER BY resource, key";

void lnm_tags_show_next(struct lnm_cloud_request *r, struct lnm_walk *tags, const char *resource,
                        const char *member) {
    sqlite3_stmt *s = lnm_walk_to(tags, r->cloud, resource);
    if (s == NULL) {
        return;
    }
    lnm_record_enter(&r->out, member);
    do {
        lnm_record_item(&r->out);
        lnm_record_setz(&r->out, "key", lnm_store_text(s, 1));
        lnm_record_setz(&r->out, "value", lnm_store_text(s, 2));
        lnm_record_close(&r->out);
    } while (lnm_walk_next(tags, resource));
    lnm_record_close(&r->out);
}

void lnm_tags_show_as(struct lnm_cloud_request *r, const char *resource, const char *member) {
    struct lnm_walk tags = {.sql = lnm_tags_walk};
    lnm_tags_show_next(r, &tags, resource, member);
    lnm_walk_end(&tags);
}

void lnm_tags_show(struct lnm_cloud_request *r, const char *resource) {
    lnm_tags_show_as(r, resource, "tags");
}

int lnm_tags_match(struct lnm_cloud *c, const char *resource, const char *filter,
                   struct lnm_str pattern) {
    bool by_key = strcmp(filter, "tag-key") == 0;
    if (!by_key && strncmp(filter, "tag:", 4) != 0) {
        return -1;
    }
    sqlite3_stmt *s =
        lnm_store_query(c, "SELECT key, value FROM tags WHERE resource = ?1", "t", resource);
    int found = 0;
    while (s != NULL && found == 0 && sqlite3_step(s) == SQLITE_ROW) {
        const char *key = lnm_store_text(s, 0);
        if (by_key) {
            found = lnm_filter_text(key, pattern);
        } else if (strcmp(key, filter + 4) == 0) {
            found = lnm_filter_text(lnm_store_text(s, 1), pattern);
        }
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return found;
}

/* The table and error of a resource id's kind. */
struct kind {
    const char *prefix, *type, *sql, *code, *message;
};

static const struct kind kinds[] = {
    {"ami-", "image", "SELECT 1 FROM images WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidAMIID.NotFound", "The image id '[%s]' does not exist"},
    {"snap-", "snapshot", "SELECT 1 FROM snapshots WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidSnapshot.NotFound", "The snapshot '%s' does not exist."},
    {"vol-", "volume", "SELECT 1 FROM volumes WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidVolume.NotFound", "The volume '%s' does not exist."},
    {"i-", "instance", "SELECT 1 FROM instances WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidInstanceID.NotFound", "The instance ID '%s' does not exist"},
    {"key-", "key-pair", "SELECT 1 FROM key_pairs WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidKeyPair.NotFound", "The key pair ID '%s' does not exist"},
    {"vpc-", "vpc", "SELECT 1 FROM vpcs WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidVpcID.NotFound", "The vpc ID '%s' does not exist"},
    {"subnet-", "subnet", "SELECT 1 FROM subnets WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist"},
    {"sg-", "security-group",
     "SELECT 1 FROM security_groups WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidGroup.NotFound", "The security group '%s' does not exist"},
    {"sgr-", "security-group-rule",
     "SELECT 1 FROM rules WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist"},
    {"eni-", "network-interface",
     "SELECT 1 FROM interfaces WHERE id = ?1 AND account = ?2 AND region = ?3",
     "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '%s' does not exist"},
};

static int check_exists(struct lnm_cloud_request *r, const char *id) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct kind *k = &kinds[i];
        if (strncmp(id, k->prefix, strlen(k->prefix)) != 0) {
            continue;
        }
        sqlite3_stmt *s = lnm_store_query(r->cloud, k->sql, "ttt", id, r->account, r->region);
        bool there = s != NULL && sqlite3_step(s) == SQLITE_ROW;
        if (s != NULL) {
            (void)sqlite3_reset(s);
        }
        char message[200];
        struct lnm_buf text = {.max = 400};
        const char *at = strstr(k->message, "%s");
        lnm_buf_add(&text, k->message, (size_t)(at - k->message));
        lnm_buf_addz(&text, id);
        lnm_buf_addz(&text, at + 2);
        (void)snprintf(message, sizeof message, "%s", lnm_buf_str(&text).ptr);
        lnm_buf_free(&text);
        return there ? 0 : lnm_cloud_raise(r, 400, k->code, "%s", message);
    }
    return lnm_cloud_raise(r, 400, "InvalidID", "The ID '%s' is not valid", id);
}

/* One resource of the request at a time, after all were found. */
static int each_resource(struct lnm_cloud_request *r,
                         int (*fn)(struct lnm_cloud_request *, const char *)) {
    uint32_t list = lnm_record_find(&r->in, 0, "resources");
    for (uint32_t i = lnm_record_first(&r->in, list); i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        char id[64];
        (void)snprintf(id, sizeof id, "%.60s", lnm_record_str(&r->in, i).ptr);
        if (fn(r, id) < 0) {
            return -1;
        }
    }
    return 0;
}

static int put_all(struct lnm_cloud_request *r, const char *id) {
    return put_list(r, lnm_record_find(&r->in, 0, "tags"), id);
}

static int create_tags(struct lnm_cloud_request *r) {
    return each_resource(r, check_exists) < 0 ? -1 : each_resource(r, put_all);
}

static int remove_all(struct lnm_cloud_request *r, const char *id) {
    uint32_t list = lnm_record_find(&r->in, 0, "tags");
    uint32_t t = list != 0 ? lnm_record_first(&r->in, list) : 0;
    if (t == 0) {
        return lnm_store_exec(r->cloud, "DELETE FROM tags WHERE resource = ?1", "t", id) < 0
                   ? lnm_cloud_internal(r)
                   : 0;
    }
    for (; t != 0; t = lnm_record_next(&r->in, list, t)) {
        struct lnm_str key = lnm_record_get(&r->in, t, "key");
        bool valued = lnm_record_find(&r->in, t, "value") != 0;
        int error =
            valued ? lnm_store_exec(r->cloud,
                                    "DELETE FROM tags WHERE resource = ?1 AND key = ?2 AND"
                                    " value = ?3",
                                    "tss", id, key, lnm_record_get(&r->in, t, "value"))
                   : lnm_store_exec(r->cloud, "DELETE FROM tags WHERE resource = ?1 AND key = ?2",
                                    "ts", id, key);
        if (error < 0) {
            return lnm_cloud_internal(r);
        }
    }
    return 0;
}

static int delete_tags(struct lnm_cloud_request *r) {
    return each_resource(r, check_exists) < 0 ? -1 : each_resource(r, remove_all);
}

/* ---- DescribeTags -----------------------------------------------------------------------------
 */

struct row {
    struct lnm_cloud_request *r;
    sqlite3_stmt *s;
    bool own; /* is it of a resource of the caller's, here? */
};

enum { RESOURCE, KEY, VALUE };

static const struct kind *kind_of(const char *id) {
    size_t i = 0;
    while (i + 1 < sizeof kinds / sizeof kinds[0] &&
           strncmp(id, kinds[i].prefix, strlen(kinds[i].prefix)) != 0) {
        i++;
    }
    return &kinds[i];
}

static bool is_own(struct lnm_cloud_request *r, const char *id) {
    sqlite3_stmt *s = lnm_store_query(r->cloud, kind_of(id)->sql, "ttt", id, r->account, r->region);
    bool own = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return own;
}

static int matches(void *arg, const char *name, struct lnm_str pattern) {
    const struct row *w = arg;
    const char *value = NULL, *key = lnm_store_text(w->s, KEY);
    if (strcmp(name, "key") == 0) {
        value = key;
    } else if (strcmp(name, "value") == 0) {
        value = lnm_store_text(w->s, VALUE);
    } else if (strcmp(name, "resource-id") == 0) {
        value = lnm_store_text(w->s, RESOURCE);
    } else if (strcmp(name, "resource-type") == 0) {
        value = kind_of(lnm_store_text(w->s, RESOURCE))->type;
    } else if (strncmp(name, "tag:", 4) == 0) {
        if (strcmp(name + 4, key) != 0) {
            return 0;
        }
        value = lnm_store_text(w->s, VALUE);
    }
    return value == NULL ? -1 : lnm_filter_text(value, pattern);
}

static void show_row(void *arg) {
    const struct row *w = arg;
    struct lnm_record *out = &w->r->out;
    lnm_record_item(out);
    lnm_record_setz(out, "resource_id", lnm_store_text(w->s, RESOURCE));
    lnm_record_setz(out, "resource_type", kind_of(lnm_store_text(w->s, RESOURCE))->type);
    lnm_record_setz(out, "key", lnm_store_text(w->s, KEY));
    lnm_record_setz(out, "value", lnm_store_text(w->s, VALUE));
    lnm_record_close(out);
}

static bool belongs(void *arg) {
    const struct row *w = arg;
    return w->own;
}

/* The tags of one resource that come after the last page; false when this one is done. */
static bool show_resource(struct row *w, struct lnm_walk *tags, struct lnm_cloud_page *page,
                          const struct lnm_cloud_listing *l, const char *id) {
    bool more = true, row = (w->s = lnm_walk_to(tags, w->r->cloud, id)) != NULL;
    w->own = row && is_own(w->r, id);
    while (row && more) {
        char place[192];
        (void)snprintf(place, sizeof place, "%s %s", id, lnm_store_text(w->s, KEY));
        more = strcmp(place, page->after) <= 0 || lnm_page_one(page, w->r, place, l);
        row = more && lnm_walk_next(tags, id);
    }
    return more;
}

static const struct lnm_scan_kind resources = {
    .ids = "resources", /* no request has it */
    .id_filter = "resource-id",
    /* those of keys are by their ARNs */
    .own = "SELECT DISTINCT resource AS id FROM tags WHERE resource > ?3 AND"
           " resource NOT GLOB 'arn:*'" LNM_SCAN_LIMIT,
    .prefix = "",
    .end = "~"};

static int show_page(struct row *w, struct lnm_cloud_page *page,
                     const struct lnm_cloud_listing *l) {
    struct lnm_walk tags = {.sql = lnm_tags_walk};
    struct lnm_scan scan;
    char after[192];
    const char *id;
    lnm_take(after, sizeof after, page->after); /* the resource of the last page's last tag ... */
    size_t len = strcspn(after, " ");
    after[len > 0 ? len - 1 : 0] = '\0'; /* ... may have more */
    int error = lnm_scan_begin(&scan, w->r, &resources, after);
    bool more = error == 0;
    while (more && (id = lnm_scan_next(&scan)) != NULL) {
        more = show_resource(w, &tags, page, l, id);
    }
    error = error == 0 && scan.failed ? lnm_cloud_internal(w->r) : error;
    lnm_scan_end(&scan);
    lnm_walk_end(&tags);
    return error;
}

static int describe_tags(struct lnm_cloud_request *r) {
    struct lnm_cloud_page page;
    struct row row = {.r = r};
    struct lnm_cloud_listing listing = {.ids = "resources",
                                        .list = "tags",
                                        .matches = matches,
                                        .belongs = belongs,
                                        .show = show_row,
                                        .row = &row};
    if (lnm_page_begin(&page, r, "resources") < 0 || lnm_filter_check(r, matches, &row) < 0) {
        return -1;
    }
    lnm_record_enter(&r->out, listing.list);
    int error = show_page(&row, &page, &listing);
    lnm_record_close(&r->out);
    lnm_page_end(&page, r);
    return error;
}

const struct lnm_cloud_action lnm_cloud_tags[] = {{"CreateTags", create_tags},
                                                  {"DeleteTags", delete_tags},
                                                  {"DescribeTags", describe_tags},
                                                  {NULL, NULL}};
