/* door.h - the listening socket, shut for a while by a fault: connections are refused meanwhile. */
#ifndef LUNAMI_CLOUD_DOOR_H
#define LUNAMI_CLOUD_DOOR_H

#include "cloud/internal.h"

/* For so long of real time: what the network does is not in the cloud's. */
LNM_API void lnm_door_shut(struct lnm_cloud *c, int64_t duration_us);
/* Open it again when its time has come. Milliseconds until the next look; -1: it is open. */
LNM_API int lnm_door_look(struct lnm_cloud *c);

#endif
