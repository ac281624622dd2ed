/* service_error.h - an error as a service sends it. */
#ifndef LUNAMI_AWS_SERVICE_ERROR_H
#define LUNAMI_AWS_SERVICE_ERROR_H

#include "base/lib.h"

struct lnm_service_error {
    int status;         /* HTTP status */
    char code[96];      /* without namespace: "NotFoundException" */
    char message[1024]; /* cut at the end */
    char reason[64];    /* EBS: "INVALID_BLOCK_TOKEN", or empty */
    char request_id[80];
};

#endif
