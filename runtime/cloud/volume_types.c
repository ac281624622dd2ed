/* volume_types.c - what each type of volume may have. Source: CreateVolume (EC2 API reference). */
#include "cloud/internal.h"

struct kind {
    const char *type;
    int64_t least, most;           /* GiB */
    int64_t least_iops, most_iops; /* 0: not chosen by the caller */
};

static const struct kind types[] = {{"gp2", 1, 16384, 0, 0},       {"gp3", 1, 65536, 3000, 80000},
                                    {"io1", 4, 16384, 100, 64000}, {"io2", 4, 65536, 100, 256000},
                                    {"st1", 125, 16384, 0, 0},     {"sc1", 125, 16384, 0, 0},
                                    {"standard", 1, 1024, 0, 0}};

static int check_iops(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v,
                      const struct kind *k) {
    if (v->iops == 0) {
        return strncmp(k->type, "io", 2) != 0
                   ? 0
                   : lnm_cloud_raise(r, 400, "MissingParameter",
                                     "The request must contain the parameter iops");
    }
    return k->most_iops == 0 || (v->iops >= k->least_iops && v->iops <= k->most_iops)
               ? 0
               : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                 "Volume iops of %lld is too %s for volume type %s; the range is "
                                 "%lld-%lld",
                                 (long long)v->iops, v->iops < k->least_iops ? "low" : "high",
                                 k->type, (long long)k->least_iops, (long long)k->most_iops);
}

int lnm_volume_check(struct lnm_cloud_request *r, const struct lnm_cloud_volume *v) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].type, v->type) == 0) {
            return v->size >= types[i].least && v->size <= types[i].most
                       ? check_iops(r, v, &types[i])
                       : lnm_cloud_raise(r, 400, "InvalidParameterValue",
                                         "Volume of %lldGiB is too %s for volume type %s; the "
                                         "range is %lld-%lld",
                                         (long long)v->size,
                                         v->size < types[i].least ? "small" : "large", v->type,
                                         (long long)types[i].least, (long long)types[i].most);
        }
    }
    return lnm_cloud_raise(r, 400, "UnknownVolumeType",
                           "Unsupported volume type '%s' for volume creation.", v->type);
}
