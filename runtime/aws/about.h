/* about.h - which libraries this is, for reports. */
#ifndef LUNAMI_AWS_ABOUT_H
#define LUNAMI_AWS_ABOUT_H

#include "base/lib.h"

LNM_API const char *lnm_about_openssl(void); /* "OpenSSL 3.0.22 ..." as it is loaded */
LNM_API const char *lnm_about_libxml2(void); /* "20914" */
/* Are FIPS-approved algorithms the default of OpenSSL's providers here? What the module is
 * validated for is the host's to say. */
LNM_API bool lnm_about_fips(void);
/* What is wrong with a file or directory of CAs, as the end of a sentence; NULL: nothing. */
LNM_API const char *lnm_about_trust(const char *path);

#endif
