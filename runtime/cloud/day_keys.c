/* day_keys.c - deriving a signing key costs more than the signature: four HMACs, done once. */
#include "cloud/day_keys.h"

#include <openssl/crypto.h>

static bool is(const struct lnm_day_key *k, const char *secret, const char *date8,
               struct lnm_str region, struct lnm_str service) {
    return memcmp(k->key.date, date8, 8) == 0 && lnm_str_is(region, k->region) &&
           lnm_str_is(service, k->service) && strcmp(k->secret, secret) == 0;
}

const struct lnm_signing_key *lnm_day_key(struct lnm_day_keys *keys, const char *secret,
                                          const char *date8, struct lnm_str region,
                                          struct lnm_str service) {
    for (size_t i = 0; i < LNM_DAY_KEYS; i++) {
        if (is(&keys->kept[i], secret, date8, region, service)) {
            return &keys->kept[i].key;
        }
    }
    struct lnm_day_key *k = &keys->kept[keys->next];
    if (strlen(secret) >= sizeof k->secret || region.len >= sizeof k->region ||
        service.len >= sizeof k->service) {
        return NULL;
    }
    keys->next = (keys->next + 1) % LNM_DAY_KEYS;
    OPENSSL_cleanse(k, sizeof *k);
    lnm_sigv4_signing_key(&k->key, lnm_str_z(secret), date8, region, service);
    memcpy(k->secret, secret, strlen(secret) + 1);
    memcpy(k->region, region.ptr, region.len);
    memcpy(k->service, service.ptr, service.len);
    return &k->key;
}

void lnm_day_keys_cleanse(struct lnm_day_keys *keys) {
    OPENSSL_cleanse(keys, sizeof *keys);
}
