/* capacity.c - what an account may run, what a zone can, and what a type cannot.
 *
 * Source: "Error codes for the Amazon EC2 API"; "Requirements for Amazon EBS encryption" (EBS user
 * guide): all current types, and of the previous ones A1 C3 cr1.8xlarge G2 I2 M3 R3 T2. */
#include "cloud/capacity.h"
#include "cloud/limits.h"

static int check_count(struct lnm_cloud_request *r) {
    int64_t quota;
    return lnm_limits_reached(r, LNM_QUOTA_INSTANCES,
                              "SELECT count(*) FROM instances WHERE account = ?1 AND region = ?2"
                              " AND state NOT IN ('shutting-down', 'terminated')",
                              NULL, &quota)
               ? lnm_cloud_raise(r, 400, "InstanceLimitExceeded",
                                 "You have requested more instances than your quota of %lld allows",
                                 (long long)quota)
               : 0;
}

static int check_cpus(struct lnm_cloud_request *r, const char *type) {
    int64_t quota = lnm_limits_quota(r, LNM_QUOTA_VCPUS), used = lnm_instance_type_cpus(type);
    sqlite3_stmt *s =
        quota < 0 ? NULL
                  : lnm_store_query(r->cloud,
                                    "SELECT type, count(*) FROM instances WHERE account = ?1 AND"
                                    " region = ?2 AND state IN ('pending', 'running') GROUP BY"
                                    " type",
                                    "tt", r->account, r->region);
    while (s != NULL && sqlite3_step(s) == SQLITE_ROW) {
        used += lnm_instance_type_cpus(lnm_store_text(s, 0)) * lnm_store_int(s, 1);
    }
    return quota < 0 || used <= quota
               ? 0
               : lnm_cloud_raise(r, 400, "VcpuLimitExceeded",
                                 "You have requested more vCPU capacity than your current vCPU "
                                 "limit of %lld allows for the instance bucket that the specified "
                                 "instance type belongs to. Please visit "
                                 "http://aws.amazon.com/contact-us/ec2-request to request an "
                                 "adjustment to this limit.",
                                 (long long)quota);
}

/* A zone is everybody's. */
static int check_zone(struct lnm_cloud_request *r, const char *type, const char *zone) {
    int64_t quota;
    return lnm_limits_reached(r, LNM_QUOTA_ZONE_INSTANCES,
                              "SELECT count(*) FROM instances WHERE zone = ?3 AND state IN"
                              " ('pending', 'running')",
                              zone, &quota)
               ? lnm_cloud_raise(r, 500, "InsufficientInstanceCapacity",
                                 "We currently do not have sufficient %.60s capacity in the "
                                 "Availability Zone you requested (%s). Our system will be working "
                                 "on provisioning additional capacity.",
                                 type, zone)
               : 0;
}

int lnm_capacity_check(struct lnm_cloud_request *r, const char *type, const char *zone,
                       bool launched) {
    return (launched && check_count(r) < 0) || check_cpus(r, type) < 0 ? -1
                                                                       : check_zone(r, type, zone);
}

int lnm_capacity_encrypts(struct lnm_cloud_request *r, const char *type) {
    static const char *const families[] = {"c1",  "cc1", "cc2", "cg1", "hi1",
                                           "hs1", "m1",  "m2",  "t1"};
    struct lnm_str family;
    (void)lnm_str_cut(lnm_str_z(type), '.', &family);
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (lnm_str_is(family, families[i])) {
            return lnm_cloud_raise(r, 400, "EncryptedVolumesNotSupported",
                                   "Encrypted volumes are not supported by the instance type "
                                   "'%.60s'",
                                   type);
        }
    }
    return 0;
}
