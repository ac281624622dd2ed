/* images.h - images as data, shared by the files that make and show them. */
#ifndef LUNAMI_CLOUD_IMAGES_H
#define LUNAMI_CLOUD_IMAGES_H

#include "cloud/internal.h"

struct lnm_cloud_image {
    char id[32], name[132], description[260], state[16], architecture[16], virtualization[16],
        root_device[64], boot_mode[20], source_image[32], source_region[64], source_instance[32];
    bool ena;
    int64_t created_us;
};

struct lnm_cloud_device {
    char device[64], snapshot[32], type[16];
    int64_t size;
    bool delete_on_termination;
};

LNM_API int lnm_image_insert(struct lnm_cloud *c, const char *account, const char *region,
                             const struct lnm_cloud_image *i);
LNM_API int lnm_image_add_device(struct lnm_cloud *c, const char *image, int position,
                                 const struct lnm_cloud_device *d);
LNM_API bool lnm_image_get(struct lnm_cloud *c, const char *account, const char *region,
                           struct lnm_str id, struct lnm_cloud_image *out);
/* Raise Malformed or NotFound for an id. */
LNM_API int lnm_image_not_found(struct lnm_cloud_request *r, struct lnm_str id);
LNM_API int lnm_image_check_name(struct lnm_cloud_request *r, struct lnm_str name, bool unique);

LNM_API int lnm_image_copy(struct lnm_cloud_request *r);     /* CopyImage */
LNM_API int lnm_image_describe(struct lnm_cloud_request *r); /* DescribeImages */

#endif
