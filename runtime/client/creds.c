/* creds.c - one credential set: a locked page that is wiped at the end, and its signing keys. */
#include "client/creds.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
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
    const char *source;
    uint64_t uses;
    size_t id_len, secret_len, token_len;
    char id[256], secret[512], token[FIELD_MAX];
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

int lnm_creds_new(struct lnm_creds **out, struct lnm_str access_key_id, struct lnm_str secret,
                  struct lnm_str token, const char *source, struct lnm_err *err) {
    struct lnm_creds *c;
    if (!fits(access_key_id, sizeof c->id) || !fits(secret, sizeof c->secret) ||
        !fits(token, sizeof c->token)) {
        return lnm_fail(err, LNM_ECREDS, "Credentials",
                        "the credentials of %s are too long to be real", source);
    }
    c = mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (c == MAP_FAILED) {
        return lnm_fail_nomem(err);
    }
    (void)mlock(c, sizeof *c); /* best effort: the limit may be small */
    (void)madvise(c, sizeof *c, MADV_DONTDUMP);
    c->refs = 1;
    c->source = source;
    c->id_len = copy(c->id, access_key_id);
    c->secret_len = copy(c->secret, secret);
    c->token_len = copy(c->token, token);
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

static int from_environment(struct lnm_creds **out, struct lnm_err *err) {
    const char *id = getenv("AWS_ACCESS_KEY_ID");
    const char *secret = getenv("AWS_SECRET_ACCESS_KEY");
    const char *token = getenv("AWS_SESSION_TOKEN");
    if (id == NULL || id[0] == '\0') {
        return LNM_ENOTFOUND;
    }
    if (secret == NULL || secret[0] == '\0') {
        return lnm_fail(
            err, LNM_ECREDS, "Credentials",
            "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not: set both or none");
    }
    return lnm_creds_new(out, lnm_str_z(id), lnm_str_z(secret), lnm_str_z(token), "environment",
                         err);
}

static int unsupported(const struct lnm_profiles *p, const char *profile, struct lnm_err *err) {
    static const char *const kinds[] = {"role_arn", "sso_session", "sso_start_url",
                                        "credential_process", "web_identity_token_file"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (lnm_profiles_get(p, "profile", profile, kinds[i], NULL).len > 0) {
            return lnm_fail(
                err, LNM_ECREDS, "Credentials",
                "profile '%s' gets its credentials by %s, which lunami cannot do yet; put "
                "them into the environment: eval \"$(aws configure export-credentials "
                "--profile %s --format env)\"",
                profile, kinds[i], profile);
        }
    }
    return LNM_ENOTFOUND;
}

static int from_profile(struct lnm_creds **out, const struct lnm_profiles *p, const char *profile,
                        struct lnm_err *err) {
    struct lnm_str id = lnm_profiles_get(p, "profile", profile, "aws_access_key_id", NULL);
    struct lnm_str secret = lnm_profiles_get(p, "profile", profile, "aws_secret_access_key", NULL);
    struct lnm_str token = lnm_profiles_get(p, "profile", profile, "aws_session_token", NULL);
    if (id.len == 0) {
        return unsupported(p, profile, err);
    }
    if (secret.len == 0) {
        return lnm_fail(err, LNM_ECREDS, "Credentials",
                        "profile '%s' has aws_access_key_id but no aws_secret_access_key", profile);
    }
    return lnm_creds_new(out, id, secret, token, "profile", err);
}

/* " (there are: default, work)" */
static void list_profiles(char *to, size_t size, const struct lnm_profiles *p) {
    struct lnm_str names[10];
    size_t at = 0, count = lnm_profiles_names(p, names, 10);
    to[0] = '\0';
    for (size_t i = 0; i < count && at + names[i].len + 20 <= size; i++) {
        at += (size_t)snprintf(to + at, size - at, "%s%.*s", i == 0 ? " (there are: " : ", ",
                               (int)names[i].len, names[i].ptr);
    }
    if (at > 0) {
        (void)snprintf(to + at, size - at, ")");
    }
}

int lnm_creds_find(struct lnm_creds **out, const struct lnm_profiles *profiles, const char *profile,
                   bool profile_named, struct lnm_err *err) {
    char known[300];
    int error = profile_named ? LNM_ENOTFOUND : from_environment(out, err);
    if (error == LNM_ENOTFOUND) {
        error = from_profile(out, profiles, profile, err);
    }
    if (error != LNM_ENOTFOUND) {
        return error;
    }
    list_profiles(known, sizeof known, profiles);
    if (profile_named && !lnm_profiles_has(profiles, "profile", profile)) {
        return lnm_fail(err, LNM_ECREDS, "Credentials",
                        "there is no profile '%s' in the shared files%s", profile, known);
    }
    return lnm_fail(
        err, LNM_ECREDS, "Credentials",
        "no credentials: neither AWS_ACCESS_KEY_ID is set nor has profile '%s' static keys%s; "
        "to try without an account: lunami run --local",
        profile, known);
}
