/* kms_tags.c - tags of keys. Source: the kms/2014-11-01 model. */
#include "cloud/kms.h"

#include <stdio.h>

#define TAGS_MAX 50
#define TAG_KEY_MAX 128
#define TAG_VALUE_MAX 256

static int check_tag(struct lnm_cloud_request *r, struct lnm_str key, struct lnm_str value) {
    if (key.len == 0 || key.len > TAG_KEY_MAX || value.len > TAG_VALUE_MAX ||
        lnm_str_starts(key, LNM_STR("aws:"))) {
        return lnm_cloud_raise(r, 400, "TagException",
                               "A tag key has 1 to 128 characters and does not begin with aws:, a "
                               "value has 256 at most");
    }
    return 0;
}

static int check_count(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    sqlite3_stmt *s =
        lnm_store_query(r->cloud, "SELECT count(*) FROM tags WHERE resource = ?1", "t", k->arn);
    int64_t count = s != NULL && sqlite3_step(s) == SQLITE_ROW ? lnm_store_int(s, 0) : 0;
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    return count <= TAGS_MAX ? 0
                             : lnm_cloud_raise(r, 400, "TagException",
                                               "A key cannot have more than %d tags", TAGS_MAX);
}

int lnm_kms_tags_keep(struct lnm_cloud_request *r, const struct lnm_cloud_key *k) {
    uint32_t list = lnm_record_find(&r->in, 0, "tags");
    for (uint32_t t = list != 0 ? lnm_record_first(&r->in, list) : 0; t != 0;
         t = lnm_record_next(&r->in, list, t)) {
        struct lnm_str key = lnm_record_get(&r->in, t, "tag_key");
        struct lnm_str value = lnm_record_get(&r->in, t, "tag_value");
        if (check_tag(r, key, value) < 0) {
            return -1;
        }
        if (lnm_store_exec(r->cloud,
                           "INSERT OR REPLACE INTO tags(resource, key, value) VALUES(?1, ?2, ?3)",
                           "tss", k->arn, key, value.len > 0 ? value : LNM_STR("")) < 0) {
            return lnm_cloud_internal(r);
        }
    }
    return check_count(r, k);
}

static int tag_resource(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    return lnm_key_changeable(r, &k, "key_id", false) < 0 ? -1 : lnm_kms_tags_keep(r, &k);
}

static int untag_resource(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    uint32_t list = lnm_record_find(&r->in, 0, "tag_keys");
    if (lnm_key_changeable(r, &k, "key_id", false) < 0) {
        return -1;
    }
    for (uint32_t t = lnm_record_first(&r->in, list); t != 0;
         t = lnm_record_next(&r->in, list, t)) {
        if (lnm_store_exec(r->cloud, "DELETE FROM tags WHERE resource = ?1 AND key = ?2", "ts",
                           k.arn, lnm_record_str(&r->in, t)) < 0) {
            return lnm_cloud_internal(r);
        }
    }
    return 0;
}

static void show_tag(struct lnm_cloud_request *r, sqlite3_stmt *s) {
    lnm_record_item(&r->out);
    lnm_record_setz(&r->out, "tag_key", lnm_store_text(s, 0));
    lnm_record_setz(&r->out, "tag_value", lnm_store_text(s, 1));
    lnm_record_close(&r->out);
}

static int list_tags(struct lnm_cloud_request *r) {
    struct lnm_cloud_key k;
    struct lnm_str marker = lnm_cloud_param(r, "marker");
    int64_t limit = lnm_kms_limit(r, 50, 50);
    if (limit < 0 || lnm_key_find(r, &k, "key_id", false) < 0) {
        return -1;
    }
    return lnm_kms_show_page(
        r,
        lnm_store_query(r->cloud,
                        "SELECT key, value FROM tags WHERE resource = ?1 AND key > ?2 ORDER BY key",
                        "ts", k.arn, marker.len > 0 ? marker : LNM_STR("")),
        "tags", limit, show_tag);
}

const struct lnm_cloud_action lnm_cloud_kms_tags[] = {{"ListResourceTags", list_tags},
                                                      {"TagResource", tag_resource},
                                                      {"UntagResource", untag_resource},
                                                      {NULL, NULL}};
