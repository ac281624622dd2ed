/* sts_tags.c - session tags: given, inherited, and asked for by policies. */
#include "cloud/sts_tags.h"

#include "cloud/policy.h"

#define TAGS_MAX 50
#define KEY_MAX 128
#define VALUE_MAX 256

/* One of them, from `at` on; false at the end. */
struct tag {
    bool transitive;
    struct lnm_str key, value;
};

static bool next(struct tag *t, struct lnm_str tags, size_t *at) {
    if (*at >= tags.len) {
        return false;
    }
    const char *key = tags.ptr + *at + 1, *value = key + strlen(key) + 1;
    *t = (struct tag){tags.ptr[*at] == 'T', lnm_str_z(key), lnm_str_z(value)};
    *at += 1 + t->key.len + 1 + t->value.len + 1;
    return true;
}

static void add(struct lnm_buf *out, bool transitive, struct lnm_str key, struct lnm_str value) {
    lnm_buf_addc(out, transitive ? 'T' : '-');
    lnm_buf_adds(out, key);
    lnm_buf_addc(out, '\0');
    lnm_buf_adds(out, value);
    lnm_buf_addc(out, '\0');
}

void lnm_session_tags_take(struct lnm_cloud_request *r, struct lnm_str tags) {
    struct tag t;
    size_t at = 0;
    lnm_buf_adds(&r->tags, tags);
    while (r->tags.failed == 0 && next(&t, lnm_buf_str(&r->tags), &at)) {
        lnm_policy_fact_add(&r->tag_facts, "aws:PrincipalTag/", t.key, t.value);
    }
}

static int refuse(struct lnm_cloud_request *r, const char *why) {
    return lnm_cloud_raise(r, 400, "InvalidParameterValue", "%s", why);
}

static bool has(struct lnm_str tags, struct lnm_str key) {
    struct tag t;
    size_t at = 0;
    while (next(&t, tags, &at)) {
        if (lnm_str_ieq(t.key, key)) {
            return true;
        }
    }
    return false;
}

static bool is_transitive(const struct lnm_cloud_request *r, struct lnm_str key) {
    uint32_t list = lnm_record_find(&r->in, 0, "transitive_tag_keys");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        if (lnm_str_ieq(lnm_record_str(&r->in, i), key)) {
            return true;
        }
    }
    return false;
}

static void inherit(struct lnm_buf *out, const struct lnm_cloud_request *r) {
    struct tag t;
    size_t at = 0;
    while (next(&t, lnm_buf_str(&r->tags), &at)) {
        if (t.transitive) {
            add(out, true, t.key, t.value);
        }
    }
}

static int check_size(struct lnm_cloud_request *r, struct lnm_str key, struct lnm_str value,
                      size_t count) {
    bool good = count <= TAGS_MAX && key.len >= 1 && key.len <= KEY_MAX && value.len <= VALUE_MAX;
    return good ? 0
                : lnm_cloud_raise(r, 400, "ValidationError",
                                  "1 validation error detected: Value at 'tags' failed to satisfy "
                                  "constraint: at most %d tags, keys of 1 to %d characters, values "
                                  "of %d",
                                  TAGS_MAX, KEY_MAX, VALUE_MAX);
}

int lnm_session_tags_read(struct lnm_buf *out, struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "tags");
    size_t count = 0;
    inherit(out, r);
    size_t inherited = out->len;
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_str key = lnm_record_get(&r->in, i, "key"),
                       value = lnm_record_get(&r->in, i, "value"), so_far = lnm_buf_str(out);
        if (check_size(r, key, value, ++count) < 0) {
            return -1;
        }
        if (has((struct lnm_str){so_far.ptr, inherited}, key)) {
            return refuse(r, "One of the specified transitive tag keys can't be set because it "
                             "conflicts with a transitive tag key from the calling session.");
        }
        if (has(so_far, key)) {
            return refuse(r, "Duplicate tag keys found. Please note that Tag keys are case "
                             "insensitive.");
        }
        add(out, is_transitive(r, key), key, value);
    }
    return out->failed != 0 ? lnm_cloud_internal(r) : 0;
}

void lnm_session_tags_facts(struct lnm_buf *facts, const struct lnm_cloud_request *r) {
    uint32_t list = lnm_record_find(&r->in, 0, "tags");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        struct lnm_str key = lnm_record_get(&r->in, i, "key");
        lnm_policy_fact_add(facts, "aws:RequestTag/", key, lnm_record_get(&r->in, i, "value"));
        lnm_policy_fact_add(facts, "aws:TagKeys", LNM_STR(""), key);
    }
    list = lnm_record_find(&r->in, 0, "transitive_tag_keys");
    for (uint32_t i = list != 0 ? lnm_record_first(&r->in, list) : 0; i != 0;
         i = lnm_record_next(&r->in, list, i)) {
        lnm_policy_fact_add(facts, "sts:TransitiveTagKeys", LNM_STR(""), lnm_record_str(&r->in, i));
    }
}
