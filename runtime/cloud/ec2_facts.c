/* ec2_facts.c - resources and condition keys of EC2. Source: the Service Authorization Reference,
 * "Actions, resources, and condition keys for Amazon EC2". */
#include "cloud/ec2_facts.h"

#include "aws/endpoint.h"

#include <stdio.h>

#define TAGS_BYTES ((size_t)80 << 10) /* 50 tags of the longest */

/* ---- resources --------------------------------------------------------------------------------
 */

static const struct {
    const char *prefix, *type;
    bool owned; /* its ARN names the account */
} kinds[] = {
    {"ami-", "image", false}, {"snap-", "snapshot", false},        {"vol-", "volume", true},
    {"i-", "instance", true}, {"sg-", "security-group", true},     {"subnet-", "subnet", true},
    {"vpc-", "vpc", true},    {"eni-", "network-interface", true}, {"key-", "key-pair", true},
};

static const struct {
    const char *action, *types; /* what it makes, separated by spaces */
} makers[] = {
    {"CopyImage", "image snapshot"},   {"CopySnapshot", "snapshot"},
    {"CreateImage", "image snapshot"}, {"CreateSnapshot", "snapshot"},
    {"CreateSnapshots", "snapshot"},   {"CreateVolume", "volume"},
    {"RegisterImage", "image"},        {"RunInstances", "instance"},
    {"StartSnapshot", "snapshot"},
};

static void name_arn(char arn[160], const struct lnm_cloud_request *r, const char *type, bool owned,
                     struct lnm_str id) {
    (void)snprintf(arn, 160, "arn:%s:ec2:%s:%s:%s/%.*s", lnm_partition(lnm_str_z(r->region)),
                   r->region, owned ? r->account : "", type, (int)id.len, id.ptr);
}

struct lnm_ec2_resource *lnm_ec2_append(struct lnm_ec2_resources *out,
                                        const struct lnm_cloud_request *r, const char *type,
                                        bool owned, struct lnm_str id) {
    if (out->count++ >= LNM_EC2_RESOURCES) {
        return NULL;
    }
    struct lnm_ec2_resource *item = &out->items[out->count - 1];
    memset(item, 0, sizeof *item);
    (void)snprintf(item->id, sizeof item->id, "%.*s", (int)id.len, id.ptr);
    item->type = type;
    name_arn(item->arn, r, type, owned, id);
    return item;
}

static void add(struct lnm_ec2_resources *out, const struct lnm_cloud_request *r, const char *type,
                bool owned, struct lnm_str id) {
    for (size_t i = 0; i < out->count && i < LNM_EC2_RESOURCES; i++) {
        if (lnm_str_is(id, out->items[i].id) && strcmp(type, out->items[i].type) == 0) {
            return;
        }
    }
    (void)lnm_ec2_append(out, r, type, owned, id);
}

/* Every text of the request that is an id. */
static void add_named(struct lnm_ec2_resources *out, const struct lnm_cloud_request *r) {
    for (uint32_t node = 1; node < r->in.count; node++) {
        const struct lnm_member *m = lnm_record_member(&r->in, node);
        struct lnm_str text = lnm_record_str(&r->in, node);
        if (m->type->kind != LNM_STRING || text.len > 31 || text.len == 0) {
            continue;
        }
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            if (lnm_store_is_id(text, kinds[i].prefix)) {
                add(out, r, kinds[i].type, kinds[i].owned, text);
            }
        }
    }
}

/* Does the request write tags on a new thing of this type? */
static bool writes_tags(const struct lnm_cloud_request *r, struct lnm_str type) {
    uint32_t list = lnm_record_find(&r->in, 0, "tag_specifications");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        if (lnm_str_eq(lnm_record_get(&r->in, i, "resource_type"), type)) {
            return true;
        }
    }
    return false;
}

static const char *type_name(struct lnm_str type, bool *owned) {
    size_t i = 0;
    while (!lnm_str_is(type, kinds[i].type)) {
        i++;
    }
    *owned = kinds[i].owned;
    return kinds[i].type;
}

static void add_made(struct lnm_ec2_resources *out, const struct lnm_cloud_request *r) {
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        struct lnm_str type, rest = lnm_str_z(makers[i].types);
        while (strcmp(makers[i].action, r->op->name) == 0 && rest.len > 0) {
            bool owned;
            rest = lnm_str_cut(rest, ' ', &type);
            const char *name = type_name(type, &owned);
            add(out, r, name, owned, LNM_STR("*"));
            if (out->count <= LNM_EC2_RESOURCES) {
                out->items[out->count - 1].tagged = writes_tags(r, type);
            }
        }
    }
}

static void tag_volumes(struct lnm_ec2_resources *out, const struct lnm_cloud_request *r) {
    bool tagged = writes_tags(r, LNM_STR("volume"));
    for (size_t i = 0; i < out->count && i < LNM_EC2_RESOURCES; i++) {
        if (out->items[i].volume.known) {
            out->items[i].tagged = tagged;
        }
    }
}

void lnm_ec2_resources(struct lnm_ec2_resources *out, struct lnm_cloud_request *r) {
    out->count = 0;
    if (strncmp(r->op->name, "Describe", 8) != 0) {
        add_named(out, r);
        add_made(out, r);
    }
    if (strcmp(r->op->name, "RunInstances") == 0) {
        lnm_ec2_launch_volumes(out, r);
        tag_volumes(out, r);
    }
    if (out->count == 0 || out->count > LNM_EC2_RESOURCES) {
        out->count = 1;
        memset(&out->items[0], 0, sizeof out->items[0]);
        lnm_take(out->items[0].arn, sizeof out->items[0].arn, "*");
        out->items[0].type = "*";
    }
}

/* ---- facts ------------------------------------------------------------------------------------
 */

static void fact(struct lnm_buf *facts, const char *key, struct lnm_str value) {
    lnm_policy_fact_add(facts, key, LNM_STR(""), value);
}

static struct lnm_str truth(bool value) {
    return value ? LNM_STR("true") : LNM_STR("false");
}

/* The tags that a request writes: those for this type, or CreateTags' own. */
static void add_request_tags(struct lnm_buf *facts, const struct lnm_cloud_request *r,
                             uint32_t of) {
    uint32_t list = lnm_record_find(&r->in, of, "tags");
    for (uint32_t t = list != 0 ? lnm_record_first(&r->in, list) : 0; t != 0;
         t = lnm_record_next(&r->in, list, t)) {
        struct lnm_str key = lnm_record_get(&r->in, t, "key");
        lnm_policy_fact_add(facts, "aws:RequestTag/", key, lnm_record_get(&r->in, t, "value"));
        fact(facts, "aws:TagKeys", key);
    }
}

static void add_specified_tags(struct lnm_buf *facts, const struct lnm_cloud_request *r,
                               const char *type) {
    uint32_t list = lnm_record_find(&r->in, 0, "tag_specifications");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        if (lnm_str_is(lnm_record_get(&r->in, i, "resource_type"), type)) {
            add_request_tags(facts, r, i);
        }
    }
}

static const struct {
    const char *type, *sql; /* owner and encrypted of ?1, null: does not say */
} states[] = {
    {"image", "SELECT account, NULL FROM images WHERE id = ?1"},
    {"snapshot", "SELECT account, encrypted FROM snapshots WHERE id = ?1"},
    {"volume", "SELECT NULL, encrypted FROM volumes WHERE id = ?1"},
};

static void add_state(struct lnm_buf *facts, const struct lnm_cloud_request *r,
                      struct lnm_ec2_resource *resource) {
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].type, resource->type) != 0) {
            continue;
        }
        sqlite3_stmt *s = lnm_store_query(r->cloud, states[i].sql, "t", resource->id);
        if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
            lnm_take(resource->owner, sizeof resource->owner, lnm_store_text(s, 0));
            if (resource->owner[0] != '\0') {
                fact(facts, "ec2:Owner", lnm_str_z(resource->owner));
            }
            if (sqlite3_column_type(s, 1) != SQLITE_NULL) {
                fact(facts, "ec2:Encrypted", truth(lnm_store_int(s, 1) != 0));
            }
        }
        (void)sqlite3_reset(s);
    }
}

static struct lnm_str keep(struct lnm_buf *text, const char *value) {
    size_t start = text->len;
    lnm_buf_addz(text, value);
    return (struct lnm_str){lnm_buf_str(text).ptr + start, text->len - start};
}

/* The tags it has. `text` is made large enough first, so that nothing in it moves. */
static void add_resource_tags(struct lnm_buf *facts, struct lnm_buf *text,
                              const struct lnm_cloud_request *r, const char *id) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT key, ifnull(value, '') FROM tags WHERE resource = ?1 LIMIT 50", "t", id);
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW && lnm_buf_reserve(text, TAGS_BYTES) == 0) {
        text->max = text->cap;
        struct lnm_str key = keep(text, lnm_store_text(s, 0));
        struct lnm_str value = keep(text, lnm_store_text(s, 1));
        lnm_policy_fact_add(facts, "ec2:ResourceTag/", key, value);
        lnm_policy_fact_add(facts, "aws:ResourceTag/", key, value);
    }
    (void)sqlite3_reset(s);
}

/* Will what is made be encrypted, as far as the request and its sources tell? */
static bool will_encrypt(const struct lnm_cloud_request *r) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT 1 FROM defaults WHERE account = ?1 AND region = ?2 AND encrypt = 1 UNION ALL"
        " SELECT 1 FROM snapshots WHERE id IN (?3, ?4) AND encrypted = 1 UNION ALL"
        " SELECT 1 FROM volumes WHERE id = ?5 AND encrypted = 1 UNION ALL"
        " SELECT 1 FROM devices WHERE image IN (?6, ?7) GROUP BY image HAVING min(encrypted) = 1",
        "ttsssss", r->account, r->region, lnm_cloud_param(r, "snapshot_id"),
        lnm_cloud_param(r, "source_snapshot_id"), lnm_cloud_param(r, "volume_id"),
        lnm_cloud_param(r, "source_image_id"), lnm_cloud_param(r, "image_id"));
    bool source = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    (void)sqlite3_reset(s);
    return source || lnm_record_get_bool(&r->in, 0, "encrypted", false);
}

/* Of a volume that a launch makes; `text` has room for the number. */
static void add_volume_facts(struct lnm_buf *facts, struct lnm_buf *text,
                             const struct lnm_ec2_volume *v) {
    fact(facts, "ec2:Encrypted", truth(v->encrypted));
    fact(facts, "ec2:VolumeType", lnm_str_z(v->type[0] != '\0' ? v->type : "gp2"));
    if (v->gib > 0 && lnm_buf_reserve(text, 24) == 0) {
        size_t start = text->len;
        lnm_buf_addf(text, "%lld", (long long)v->gib);
        fact(facts, "ec2:VolumeSize",
             (struct lnm_str){lnm_buf_str(text).ptr + start, text->len - start});
    }
}

static void add_made_facts(struct lnm_buf *facts, struct lnm_buf *text,
                           const struct lnm_cloud_request *r,
                           const struct lnm_ec2_resource *resource) {
    bool volume = strcmp(resource->type, "volume") == 0;
    fact(facts, "ec2:CreateAction", lnm_str_z(r->op->name));
    add_specified_tags(facts, r, resource->type);
    if (resource->volume.known) {
        add_volume_facts(facts, text, &resource->volume);
        return;
    }
    if (volume || strcmp(resource->type, "snapshot") == 0) {
        fact(facts, "ec2:Encrypted", truth(will_encrypt(r)));
    }
    if (volume && lnm_cloud_given(r, "size")) {
        fact(facts, "ec2:VolumeSize", lnm_cloud_param(r, "size"));
    }
    if (volume && lnm_cloud_given(r, "volume_type")) {
        fact(facts, "ec2:VolumeType", lnm_cloud_param(r, "volume_type"));
    }
}

void lnm_ec2_facts(struct lnm_buf *facts, struct lnm_buf *text, struct lnm_cloud_request *r,
                   struct lnm_ec2_resource *resource) {
    if (strcmp(resource->id, "*") == 0) {
        add_made_facts(facts, text, r, resource);
    } else {
        add_request_tags(facts, r, 0);
        add_state(facts, r, resource);
        add_resource_tags(facts, text, r, resource->id);
    }
    if (text->failed != 0) {
        facts->failed = text->failed; /* so that no condition is taken to hold */
    }
}
