/* profile.h - the shared config and credentials files: parsing and look-up; no file is opened here.
 * Source: SDKs reference, "Shared config and credentials files format". */
#ifndef LUNAMI_AWS_PROFILE_H
#define LUNAMI_AWS_PROFILE_H

#include "base/buf.h"

struct lnm_profiles; /* opaque; owns its bytes and cleanses them when freed */

enum lnm_profile_file { LNM_CONFIG_FILE, LNM_CREDENTIALS_FILE };

LNM_API int lnm_profiles_new(struct lnm_profiles **out, struct lnm_err *err);
LNM_API void lnm_profiles_free(struct lnm_profiles *p);
/* Add one file's text. `path` is used in messages only. Later files win over earlier ones for
 * the same profile and property (add config first, then credentials). */
LNM_API int lnm_profiles_parse(struct lnm_profiles *p, enum lnm_profile_file kind,
                               struct lnm_str text, const char *path, struct lnm_err *err);
LNM_API bool lnm_profiles_has(const struct lnm_profiles *p, const char *profile);
/* Borrowed until freed; empty when it is not there. `sub` names a property of a nested block
 * ("ec2" -> "endpoint_url"), or is NULL. section: "profile", "sso-session", "services". */
LNM_API struct lnm_str lnm_profiles_get(const struct lnm_profiles *p, const char *section,
                                        const char *name, const char *property, const char *sub);
/* The n-th profile's name, or empty past the last: for messages and listings. */
LNM_API struct lnm_str lnm_profiles_nth(const struct lnm_profiles *p, size_t n);

#endif
