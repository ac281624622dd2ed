/* creds.c - one credential set: a locked page that is wiped at the end, and its signing keys. */
#include "client/creds.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <sys/mman.h>

#define KEYS 16
#define FIELD_MAX 4096 /* longest session tokens are below 4 KiB */

struct cached_key {
    struct lnm_signing_key key;
    char region[64], service[16];
    uint64_t used; /* 0: empty */
};

struct lnm_creds {
    size_t refs;
    uint64_t uses;
    int64_t expiry_us;
    size_t id_len, secret_len, token_len;
    char id[256], secret[512], token[FIELD_MAX], account[16], source[200];
    struct cached_key keys[KEYS];
};

static bool fits(struct lnm_str s, size_t size) {
    return s.len < size && (s.len == 0 || memchr(s.ptr, '\0', s.len) == NULL);
}

static size_t copy(char *to, struct lnm_str s) {
    if (s.len > 0) {
        memcpy(to, s.ptr, s.len);
    }
    to[s.len] = '\0';
    return s.len;
}

/* Printable ASCII without a space: what may stand in a header. */
static bool is_plain(struct lnm_str s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '!' || s.ptr[i] > '~') {
            return false;
        }
    }
    return true;
}

static int check(const struct lnm_creds_text *t, const char *source, struct lnm_err *err) {
    const struct lnm_creds *c = NULL;
    bool whole = t->id.len > 0 && t->secret.len > 0;
    bool fit = fits(t->id, sizeof c->id) && fits(t->secret, sizeof c->secret) &&
               fits(t->token, sizeof c->token) && fits(t->account, sizeof c->account);
    if (whole && fit && is_plain(t->id) && is_plain(t->secret) && is_plain(t->token)) {
        return 0;
    }
    return lnm_fail(err, LNM_ECREDS, "Credentials", "the credentials of %s %s", source,
                    !whole ? "lack the access key id or the secret"
                    : fit  ? "hold characters that no key has: were they pasted with a line end?"
                           : "are too long to be real");
}

int lnm_creds_new(struct lnm_creds **out, const struct lnm_creds_text *t, const char *source,
                  struct lnm_err *err) {
    struct lnm_creds *c;
    int error = check(t, source, err);
    if (error < 0) {
        return error;
    }
    c = mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (c == MAP_FAILED) {
        return lnm_fail_nomem(err);
    }
    (void)mlock(c, sizeof *c); /* best effort: the limit may be small */
    (void)madvise(c, sizeof *c, MADV_DONTDUMP);
    c->refs = 1;
    c->expiry_us = t->expiry_us;
    c->id_len = copy(c->id, t->id);
    c->secret_len = copy(c->secret, t->secret);
    c->token_len = copy(c->token, t->token);
    (void)copy(c->account, t->account);
    (void)snprintf(c->source, sizeof c->source, "%s", source);
    *out = c;
    return 0;
}

struct lnm_creds *lnm_creds_ref(struct lnm_creds *c) {
    c->refs++;
    return c;
}

void lnm_creds_unref(struct lnm_creds *c) {
    if (c != NULL && --c->refs == 0) {
        OPENSSL_cleanse(c, sizeof *c);
        (void)munlock(c, sizeof *c);
        (void)munmap(c, sizeof *c);
    }
}

struct lnm_str lnm_creds_access_key_id(const struct lnm_creds *c) {
    return (struct lnm_str){c->id, c->id_len};
}

struct lnm_str lnm_creds_token(const struct lnm_creds *c) {
    return (struct lnm_str){c->token, c->token_len};
}

struct lnm_str lnm_creds_account(const struct lnm_creds *c) {
    return lnm_str_z(c->account);
}

int64_t lnm_creds_expiry_us(const struct lnm_creds *c) {
    return c->expiry_us;
}

const char *lnm_creds_source(const struct lnm_creds *c) {
    return c->source;
}

static bool is_key(const struct cached_key *k, const char *date8, struct lnm_str region,
                   struct lnm_str service) {
    return k->used != 0 && memcmp(k->key.date, date8, 8) == 0 && lnm_str_is(region, k->region) &&
           lnm_str_is(service, k->service);
}

int lnm_creds_signing_key(const struct lnm_signing_key **out, struct lnm_creds *c,
                          const char *date8, struct lnm_str region, struct lnm_str service,
                          struct lnm_err *err) {
    struct cached_key *oldest = &c->keys[0];
    for (size_t i = 0; i < KEYS; i++) {
        struct cached_key *k = &c->keys[i];
        if (is_key(k, date8, region, service)) {
            k->used = ++c->uses;
            *out = &k->key;
            return 0;
        }
        oldest = k->used < oldest->used ? k : oldest;
    }
    if (!fits(region, sizeof oldest->region) || !fits(service, sizeof oldest->service)) {
        return lnm_fail(err, LNM_EINVAL, "InvalidArgument", "the region's name is too long");
    }
    (void)copy(oldest->region, region);
    (void)copy(oldest->service, service);
    lnm_sigv4_signing_key(&oldest->key, (struct lnm_str){c->secret, c->secret_len}, date8, region,
                          service);
    oldest->used = ++c->uses;
    *out = &oldest->key;
    return 0;
}
