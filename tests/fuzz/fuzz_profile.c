/* Shared config and credentials files: any bytes. */
#include "aws/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lnm_profiles *p = NULL;
    struct lnm_err err;
    struct lnm_str text = {(const char *)data, size};
    if (lnm_profiles_new(&p, &err) == 0 &&
        lnm_profiles_parse(p, size % 2 ? LNM_CONFIG_FILE : LNM_CREDENTIALS_FILE, text, "f", &err) ==
            0) {
        (void)lnm_profiles_get(p, "profile", "default", "region", NULL);
        (void)lnm_profiles_get(p, "services", "s", "ec2", "endpoint_url");
        struct lnm_str names[3];
        char place[64];
        size_t n = lnm_profiles_names(p, names, 3);
        (void)lnm_profiles_has(p, "profile", n > 0 ? "default" : "x");
        lnm_profiles_place(place, sizeof place, p, "profile", "default", "region");
    }
    lnm_profiles_free(p);
    return 0;
}
