/* day_keys.h - signing keys that were derived lately: a caller signs all day with the same. */
#ifndef LUNAMI_CLOUD_DAY_KEYS_H
#define LUNAMI_CLOUD_DAY_KEYS_H

#include "aws/sigv4.h"

enum { LNM_DAY_KEYS = 16 };

/* Holds secrets: cleansed by lnm_day_keys_cleanse. All zero: empty. */
struct lnm_day_keys {
    struct lnm_day_key {
        struct lnm_signing_key key;
        char secret[64], region[64], service[16];
    } kept[LNM_DAY_KEYS];
    unsigned next; /* that is replaced */
};

/* The key of a secret for the day, region and service; it may be replaced by the next call
 * [borrowed]. A longer region or service than there is room for gives NULL. */
const struct lnm_signing_key *lnm_day_key(struct lnm_day_keys *keys, const char *secret,
                                          const char *date8, struct lnm_str region,
                                          struct lnm_str service);
void lnm_day_keys_cleanse(struct lnm_day_keys *keys);

#endif
