/* kms_memo.c - the last few answers about keys. Most requests ask the same again. */
#include "cloud/kms_memo.h"

#include <stdlib.h>

#define KEYS 4 /* a copy asks of its source's, its target's and the default one */

/* Of what an answer is, and when it was right. */
struct about {
    uint64_t changes;
    char account[16], region[64], name[256];
};

struct lnm_key_memo {
    struct {
        struct about about;
        struct lnm_cloud_key key;
    } keys[KEYS];
    size_t next; /* to be replaced */
    struct about defaults, policy;
    struct lnm_ebs_default ebs;
    bool has_policy;
};

static struct lnm_key_memo *memo(struct lnm_cloud *c) {
    if (c->keys == NULL) {
        c->keys = calloc(1, sizeof *c->keys);
    }
    return c->keys;
}

static bool holds(const struct lnm_cloud *c, const struct about *a, const char *account,
                  const char *region, struct lnm_str name) {
    return a->changes == c->key_changes && lnm_str_is(name, a->name) &&
           strcmp(a->account, account) == 0 && strcmp(a->region, region) == 0;
}

static void keep(const struct lnm_cloud *c, struct about *a, const char *account,
                 const char *region, struct lnm_str name) {
    a->changes = c->key_changes;
    lnm_take(a->account, sizeof a->account, account);
    lnm_take(a->region, sizeof a->region, region);
    memcpy(a->name, name.ptr, name.len);
    a->name[name.len] = '\0';
}

bool lnm_memo_key(struct lnm_cloud *c, struct lnm_cloud_key *out, const char *account,
                  const char *region, struct lnm_str name) {
    const struct lnm_key_memo *m = memo(c);
    for (size_t i = 0; m != NULL && i < KEYS; i++) {
        if (holds(c, &m->keys[i].about, account, region, name)) {
            *out = m->keys[i].key;
            return true;
        }
    }
    return false;
}

void lnm_memo_keep_key(struct lnm_cloud *c, const struct lnm_cloud_key *k, const char *account,
                       const char *region, struct lnm_str name) {
    struct lnm_key_memo *m = memo(c);
    if (m != NULL && name.len < sizeof m->defaults.name) {
        keep(c, &m->keys[m->next].about, account, region, name);
        m->keys[m->next].key = *k;
        m->next = (m->next + 1) % KEYS;
    }
}

const struct lnm_ebs_default *lnm_memo_default(struct lnm_cloud *c, const char *account,
                                               const char *region) {
    const struct lnm_key_memo *m = memo(c);
    return m != NULL && holds(c, &m->defaults, account, region, LNM_STR("")) ? &m->ebs : NULL;
}

void lnm_memo_keep_default(struct lnm_cloud *c, const char *account, const char *region,
                           const struct lnm_ebs_default *d) {
    struct lnm_key_memo *m = memo(c);
    if (m != NULL) {
        keep(c, &m->defaults, account, region, LNM_STR(""));
        m->ebs = *d;
    }
}

int lnm_memo_policy(struct lnm_cloud *c, const char *arn) {
    const struct lnm_key_memo *m = memo(c);
    return m != NULL && holds(c, &m->policy, "", "", lnm_str_z(arn)) ? m->has_policy : -1;
}

void lnm_memo_keep_policy(struct lnm_cloud *c, const char *arn, bool has) {
    struct lnm_key_memo *m = memo(c);
    if (m != NULL && strlen(arn) < sizeof m->policy.name) {
        keep(c, &m->policy, "", "", lnm_str_z(arn));
        m->has_policy = has;
    }
}
