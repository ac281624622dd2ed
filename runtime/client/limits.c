/* limits.c - finding and making them; what they do is in bucket.c, slots.c and
 * aws/retry_adaptive.c. */
#include "client/limits.h"

#include "client/hub_internal.h"
#include "client/internal.h"

#include <stdlib.h>

struct named_bucket {
    const struct lnm_operation *op;
    const struct lnm_throttle *throttle;
    struct lnm_bucket bucket;
    struct named_bucket *next;
};

struct named_slots {
    struct lnm_slots *slots;
    struct named_slots *next;
};

struct lnm_limits {
    struct lnm_hub *hub;
    char account[224], region[64];
    struct named_bucket *buckets;
    struct named_slots *slots;
    struct lnm_adaptive adaptive[LNM_SERVICE_COUNT];
    struct lnm_limits *next;
};

/* The account's id once it is known, before that what tells its credentials from others. */
static struct lnm_str owner_of(const struct lnm_session *s) {
    const char *account = s->root->account;
    struct lnm_str id = lnm_session_access_key_id(s);
    return account[0] != '\0' ? lnm_str_z(account)
           : id.len > 0       ? id
                              : lnm_str_z(lnm_session_creds_source(s));
}

static struct lnm_limits *find(struct lnm_hub *hub, const struct lnm_session *s) {
    struct lnm_limits *l = hub->limits;
    while (l != NULL && !(lnm_str_is(owner_of(s), l->account) &&
                          strcmp(l->region, lnm_session_region(s)) == 0)) {
        l = l->next;
    }
    if (l == NULL && (l = calloc(1, sizeof *l)) != NULL) {
        l->hub = hub;
        lnm_str_copy(l->account, sizeof l->account, owner_of(s));
        lnm_str_copy(l->region, sizeof l->region, lnm_str_z(lnm_session_region(s)));
        l->next = hub->limits;
        hub->limits = l;
    }
    return l;
}

struct lnm_limits *lnm_limits_of(struct lnm_session *s) {
    bool by_account = s->root->account[0] != '\0';
    if (s->root->hub != NULL && (s->limits == NULL || s->limits_by_account != by_account)) {
        s->limits = find(s->root->hub, s);
        s->limits_by_account = by_account;
    }
    return s->limits;
}

void lnm_limits_free_all(struct lnm_hub *hub) {
    while (hub->limits != NULL) {
        struct lnm_limits *l = hub->limits;
        hub->limits = l->next;
        while (l->buckets != NULL) {
            struct named_bucket *b = l->buckets;
            l->buckets = b->next;
            lnm_bucket_close(&b->bucket);
            free(b);
        }
        while (l->slots != NULL) {
            struct named_slots *n = l->slots;
            l->slots = n->next;
            lnm_slots_free(n->slots);
            free(n);
        }
        free(l);
    }
}

struct lnm_bucket *lnm_limits_bucket(struct lnm_limits *l, const struct lnm_operation *op,
                                     const struct lnm_throttle *t) {
    struct named_bucket *b = l->buckets;
    while (b != NULL && !(b->op == op && b->throttle == t)) {
        b = b->next;
    }
    if (b == NULL && (b = calloc(1, sizeof *b)) != NULL) {
        *b = (struct named_bucket){.op = op, .throttle = t, .next = l->buckets};
        lnm_bucket_init(&b->bucket, l->hub->loop, t->capacity, t->rate);
        l->buckets = b;
    }
    return b != NULL ? &b->bucket : NULL;
}

struct lnm_slots *lnm_limits_slots(struct lnm_limits *l, const struct lnm_slots_kind *kind,
                                   struct lnm_str subject, bool make) {
    struct named_slots *n = l->slots;
    while (n != NULL && !lnm_slots_are_of(n->slots, kind, subject)) {
        n = n->next;
    }
    if (n != NULL || !make) {
        return n != NULL ? n->slots : NULL;
    }
    n = calloc(1, sizeof *n);
    if (n == NULL || (n->slots = lnm_slots_new(l->hub, kind, subject)) == NULL) {
        free(n);
        return NULL;
    }
    n->next = l->slots;
    l->slots = n;
    return n->slots;
}

struct lnm_adaptive *lnm_limits_adaptive(struct lnm_limits *l, const struct lnm_service *service) {
    size_t i = 0;
    while (i < LNM_SERVICE_COUNT - 1 && lnm_services[i] != service) {
        i++;
    }
    return &l->adaptive[i];
}
