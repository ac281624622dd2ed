/* transport.h - how a session's requests travel: which CAs are trusted, how long is waited. */
#ifndef LUNAMI_CLIENT_TRANSPORT_H
#define LUNAMI_CLIENT_TRANSPORT_H

#include "client/session.h"
#include "net/pool.h"

/* A pool by AWS_CA_BUNDLE or ca_bundle, AWS_DEFAULTS_MODE or defaults_mode (the connect timeout),
 * and what the options say. LNM_ECONFIG names the setting that cannot be. */
LNM_API int lnm_transport_pool(struct lnm_pool **out, const struct lnm_profiles *profiles,
                               const char *profile, const struct lnm_session_options *options,
                               struct lnm_err *err);

#endif
