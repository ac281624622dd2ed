/* local.h - what only the local cloud has: a door to the blocks of volumes, and what storage comes
 * to. REST under /_lunami/, signed as service ebs is. */
#ifndef LUNAMI_CLOUD_LOCAL_H
#define LUNAMI_CLOUD_LOCAL_H

#include "aws/api.h"

#define LNM_LOCAL_PATH "/_lunami/"

extern const struct lnm_service lnm_cloud_local; /* ReadVolumeBlock, WriteVolumeBlock, GetStorage */

#endif
