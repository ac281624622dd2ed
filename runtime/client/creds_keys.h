/* creds_keys.h - the environment's keys. */
#ifndef LUNAMI_CLIENT_CREDS_KEYS_H
#define LUNAMI_CLIENT_CREDS_KEYS_H

#include "client/creds.h"

LNM_API int lnm_creds_from_environment(struct lnm_creds **out, struct lnm_err *err);

#endif
