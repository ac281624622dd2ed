/* images.h - images as data, shared by the files that make and show them. */
#ifndef LUNAMI_CLOUD_IMAGES_H
#define LUNAMI_CLOUD_IMAGES_H

#include "cloud/lifecycle.h"

struct lnm_cloud_image {
    char id[32], account[16], name[132], description[260], state[16], architecture[16],
        virtualization[16], root_device[64], boot_mode[20], source_image[32], source_region[64],
        source_instance[32], protection[32];
    int64_t protected_until_us; /* the cooldown of a protection that was disabled; or 0 */
    bool ena;
    bool sold, billed; /* it has a product code of the Marketplace, codes of billing products */
    int64_t created_us;
};

struct lnm_cloud_device {
    char device[64], snapshot[32], type[16]; /* no snapshot: an empty volume of that size */
    int64_t size, iops, throughput;
    bool delete_on_termination, encrypted;
};
#define LNM_CLOUD_DEVICES_MAX 64

LNM_API int lnm_image_insert(struct lnm_cloud *c, const char *account, const char *region,
                             const struct lnm_cloud_image *i);
LNM_API int lnm_image_add_device(struct lnm_cloud *c, const char *image, int position,
                                 const struct lnm_cloud_device *d);
/* Columns 2 to 7 of a device or volume: size, type, iops, throughput, delete on termination,
 * encrypted. */
LNM_API void lnm_image_read_device(struct lnm_cloud_device *d, sqlite3_stmt *s);
/* Up to LNM_CLOUD_DEVICES_MAX of them; returns how many. */
LNM_API int lnm_image_devices(struct lnm_cloud *c, const char *image,
                              struct lnm_cloud_device *devices);
/* Take over from another image what only the image itself knows: TPM, UEFI data, IMDS, SR-IOV,
 * platform, usage operation, product code. */
LNM_API int lnm_image_carry(struct lnm_cloud *c, const char *to, const char *from);
/* One's own. */
LNM_API bool lnm_image_get(struct lnm_cloud *c, const char *account, const char *region,
                           struct lnm_str id, struct lnm_cloud_image *out);
/* One's own, or one that the account may launch. */
LNM_API bool lnm_image_see(struct lnm_cloud *c, const char *account, const char *region,
                           struct lnm_str id, struct lnm_cloud_image *out);
/* What is left of an own image that was deregistered: for a moment it is shown as such, then
 * Describe answers with nothing, until it is unknown. */
enum lnm_image_trace { LNM_IMAGE_UNKNOWN, LNM_IMAGE_SHOWN, LNM_IMAGE_EMPTY };
LNM_API enum lnm_image_trace lnm_image_gone(struct lnm_cloud_request *r, struct lnm_str id);
/* Raise Malformed, Unavailable (it was deregistered) or NotFound for an id. */
LNM_API int lnm_image_not_found(struct lnm_cloud_request *r, struct lnm_str id);
LNM_API int lnm_image_check_name(struct lnm_cloud_request *r, struct lnm_str name, bool unique);

/* One mapping of a request (RegisterImage, CreateImage, RunInstances) as a device; -1 raised. */
LNM_API int lnm_image_read_mapping(struct lnm_cloud_request *r, uint32_t mapping,
                                   struct lnm_cloud_device *d);
/* Append who may use a resource, as the items of `list`. */
LNM_API void lnm_share_show(struct lnm_cloud_request *r, const char *list, const char *resource);

LNM_API int lnm_image_create(struct lnm_cloud_request *r);     /* CreateImage */
LNM_API int lnm_image_copy(struct lnm_cloud_request *r);       /* CopyImage */
LNM_API int lnm_image_deregister(struct lnm_cloud_request *r); /* DeregisterImage */
LNM_API int lnm_image_describe(struct lnm_cloud_request *r);   /* DescribeImages */

#endif
