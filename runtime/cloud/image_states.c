/* image_states.c - deprecation, disabling, protection, and an image's attributes one at a time. */
#include "cloud/images.h"

#include "base/date.h"

#include <stdio.h>

#define MINUTE_US (INT64_C(60) * 1000000)
#define DAY_US (INT64_C(86400) * 1000000)
#define TEN_YEARS_US (INT64_C(3653) * 86400 * 1000000)
#define TWO_YEARS_US (INT64_C(731) * 86400 * 1000000)

static int find(struct lnm_cloud_request *r, struct lnm_cloud_image *i) {
    struct lnm_str id = lnm_cloud_param(r, "image_id");
    return lnm_image_get(r->cloud, r->account, r->region, id, i) ? 0 : lnm_image_not_found(r, id);
}

static int set_deprecation(struct lnm_cloud_request *r, const char *image, int64_t us) {
    int error = us > 0
                    ? lnm_store_exec(r->cloud, "UPDATE images SET deprecation = ?1 WHERE id = ?2",
                                     "it", us, image)
                    : lnm_store_exec(r->cloud, "UPDATE images SET deprecation = NULL WHERE id = ?1",
                                     "t", image);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

static int enable_deprecation(struct lnm_cloud_request *r) {
    struct lnm_cloud_image i;
    int64_t at;
    struct lnm_str given = lnm_cloud_param(r, "deprecate_at");
    if (find(r, &i) < 0) {
        return -1;
    }
    if (lnm_date_parse(&at, given) < 0) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "Invalid value '%.60s' for deprecateAt. Expected a date.",
                               given.ptr);
    }
    at = (at + MINUTE_US / 2) / MINUTE_US * MINUTE_US; /* rounded to the minute */
    if (at <= r->now_us || at > r->now_us + TEN_YEARS_US) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "The deprecation date must be in the future and at most 10 years "
                               "from now");
    }
    if (lnm_share_public(r->cloud, i.id) && at > i.created_us + TWO_YEARS_US) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue",
                               "The deprecation date of a public image must be at most 2 years "
                               "after its creation");
    }
    return set_deprecation(r, i.id, at);
}

static int disable_deprecation(struct lnm_cloud_request *r) {
    struct lnm_cloud_image i;
    return find(r, &i) < 0 ? -1 : set_deprecation(r, i.id, 0);
}

static int change_state(struct lnm_cloud_request *r, const char *from, const char *to) {
    struct lnm_cloud_image i;
    if (find(r, &i) < 0) {
        return -1;
    }
    if (strcmp(i.state, to) == 0) {
        return 0;
    }
    if (strcmp(i.state, from) != 0) {
        return lnm_cloud_raise(r, 400, "InvalidAMIID.Unavailable",
                               "The AMI ID '%s' is currently %s and may not be used for this "
                               "operation",
                               i.id, i.state);
    }
    int error =
        lnm_store_exec(r->cloud, "UPDATE images SET state = ?1 WHERE id = ?2", "tt", to, i.id);
    return error < 0 ? lnm_cloud_internal(r) : 0;
}

static int enable(struct lnm_cloud_request *r) {
    return change_state(r, "disabled", "available");
}

/* Launch permissions are gone for good: enabling again does not bring them back. */
static int disable(struct lnm_cloud_request *r) {
    char id[32];
    if (change_state(r, "available", "disabled") < 0) {
        return -1;
    }
    lnm_take(id, sizeof id, lnm_cloud_param(r, "image_id").ptr);
    return lnm_share_forget(r->cloud, id) < 0 ? lnm_cloud_internal(r) : 0;
}

/* A protection with a cooldown goes on for a day after it was disabled. */
static int protect(struct lnm_cloud_request *r, const char *state) {
    struct lnm_cloud_image i;
    if (find(r, &i) < 0) {
        return -1;
    }
    bool off = strcmp(state, "disabled") == 0;
    int64_t until = !off                                                 ? 0
                    : strcmp(i.protection, "enabled-with-cooldown") == 0 ? r->now_us + DAY_US
                                                                         : i.protected_until_us;
    lnm_record_setz(&r->out, "return", state);
    return lnm_store_exec(r->cloud,
                          "UPDATE images SET protection = ?1, protected_until = ?3 WHERE id = ?2",
                          "tti", state, i.id, until) < 0
               ? lnm_cloud_internal(r)
               : 0;
}

static int enable_protection(struct lnm_cloud_request *r) {
    return protect(r, lnm_record_get_bool(&r->in, 0, "with_cooldown", false)
                          ? "enabled-with-cooldown"
                          : "enabled-without-cooldown");
}

static int disable_protection(struct lnm_cloud_request *r) {
    return protect(r, "disabled");
}

static void show_value(struct lnm_cloud_request *r, const char *member, const char *value) {
    lnm_record_enter(&r->out, member);
    if (value[0] != '\0') {
        lnm_record_setz(&r->out, "value", value);
    }
    lnm_record_close(&r->out);
}

static void show_columns(struct lnm_cloud_request *r, const char *image, struct lnm_str wanted) {
    static const struct {
        const char *attribute, *member;
        int column;
    } attributes[] = {{"description", "description", 0},
                      {"bootMode", "boot_mode", 1},
                      {"tpmSupport", "tpm_support", 2},
                      {"uefiData", "uefi_data", 3},
                      {"imdsSupport", "imds_support", 4},
                      {"sriovNetSupport", "sriov_net_support", 5},
                      {"deregistrationProtection", "deregistration_protection", 6},
                      {"lastLaunchedTime", "last_launched_time", 7},
                      {"kernel", "kernel_id", 8},
                      {"ramdisk", "ramdisk_id", 8}};
    sqlite3_stmt *s = lnm_store_query(
        r->cloud,
        "SELECT description, boot_mode, tpm, uefi_data, imds, sriov, coalesce(protection,"
        " 'disabled'), strftime('%Y-%m-%dT%H:%M:%SZ', launched / 1000000, 'unixepoch'), '' FROM"
        " images WHERE id = ?1",
        "t", image);
    bool found = s != NULL && sqlite3_step(s) == SQLITE_ROW;
    for (size_t i = 0; found && i < sizeof attributes / sizeof attributes[0]; i++) {
        if (lnm_str_is(wanted, attributes[i].attribute)) {
            show_value(r, attributes[i].member, lnm_store_text(s, attributes[i].column));
        }
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
}

static void show_products(struct lnm_cloud_request *r, const char *image) {
    sqlite3_stmt *s = lnm_store_query(
        r->cloud, "SELECT product_code FROM images WHERE id = ?1 AND product_code IS NOT NULL", "t",
        image);
    lnm_record_enter(&r->out, "product_codes");
    if (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        lnm_record_item(&r->out);
        lnm_record_setz(&r->out, "product_code_id", lnm_store_text(s, 0));
        lnm_record_setz(&r->out, "product_code_type", "marketplace");
        lnm_record_close(&r->out);
    }
    if (s != NULL) {
        (void)sqlite3_reset(s);
    }
    lnm_record_close(&r->out);
}

/* What DescribeImageAttribute knows. */
static bool is_attribute(struct lnm_str wanted) {
    static const char *const names[] = {
        "bootMode",         "deregistrationProtection", "description",  "imdsSupport",
        "kernel",           "lastLaunchedTime",         "productCodes", "ramdisk",
        "launchPermission", "sriovNetSupport",          "tpmSupport",   "uefiData"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lnm_str_is(wanted, names[i])) {
            return true;
        }
    }
    return false;
}

static int describe_attribute(struct lnm_cloud_request *r) {
    struct lnm_cloud_image i;
    struct lnm_str wanted = lnm_cloud_param(r, "attribute");
    if (find(r, &i) < 0) {
        return -1;
    }
    if (lnm_str_is(wanted, "blockDeviceMapping")) {
        return lnm_cloud_raise(r, 403, "AuthFailure",
                               "Unauthorized attempt to access restricted "
                               "resource");
    }
    if (!is_attribute(wanted)) {
        return lnm_cloud_raise(r, 400, "InvalidParameterValue", "Invalid attribute '%.60s'",
                               wanted.ptr);
    }
    lnm_record_setz(&r->out, "image_id", i.id);
    if (lnm_str_is(wanted, "launchPermission")) {
        lnm_share_show(r, "launch_permissions", i.id);
    } else if (lnm_str_is(wanted, "productCodes")) {
        show_products(r, i.id);
    } else {
        show_columns(r, i.id, wanted);
    }
    return 0;
}

const struct lnm_cloud_action lnm_cloud_image_states[] = {
    {"DescribeImageAttribute", describe_attribute},
    {"DisableImage", disable},
    {"DisableImageDeprecation", disable_deprecation},
    {"DisableImageDeregistrationProtection", disable_protection},
    {"EnableImage", enable},
    {"EnableImageDeprecation", enable_deprecation},
    {"EnableImageDeregistrationProtection", enable_protection},
    {NULL, NULL}};
