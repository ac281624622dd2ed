/* profile.h - the shared config and credentials files: parsing and look-up; no file is opened here.
 * Source: SDKs reference, "Shared config and credentials files format". */
#ifndef LUNAMI_AWS_PROFILE_H
#define LUNAMI_AWS_PROFILE_H

#include "base/buf.h"

struct lnm_profiles; /* opaque; owns its bytes and cleanses them when freed */

enum lnm_profile_file { LNM_CONFIG_FILE, LNM_CREDENTIALS_FILE };

LNM_API int lnm_profiles_new(struct lnm_profiles **out, struct lnm_err *err);
LNM_API void lnm_profiles_free(struct lnm_profiles *p);
/* Add one file's text. `path` (copied) is used in messages only. Later files win over earlier ones
 * for the same profile and property (add config first, then credentials). */
LNM_API int lnm_profiles_parse(struct lnm_profiles *p, enum lnm_profile_file kind,
                               struct lnm_str text, const char *path, struct lnm_err *err);
/* section: "profile", "sso-session", "services". */
LNM_API bool lnm_profiles_has(const struct lnm_profiles *p, const char *section, const char *name);
/* Borrowed until freed; empty when it is not there. `sub` names a property of a nested block
 * ("ec2" -> "endpoint_url"), or is NULL. */
LNM_API struct lnm_str lnm_profiles_get(const struct lnm_profiles *p, const char *section,
                                        const char *name, const char *property, const char *sub);
/* Does that property of a profile come from the credentials file? */
LNM_API bool lnm_profiles_in_credentials(const struct lnm_profiles *p, const char *profile,
                                         const char *property);
/* "path:line: " of that property, to begin an error with; "" when it is not there. */
LNM_API void lnm_profiles_place(char *out, size_t size, const struct lnm_profiles *p,
                                const char *section, const char *name, const char *property);
/* The names of at most max profiles, each once; returns how many: for messages and listings. */
LNM_API size_t lnm_profiles_names(const struct lnm_profiles *p, struct lnm_str *out, size_t max);

#endif
