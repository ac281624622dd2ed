/* settings.h - what the environment and the shared files say, with AWS's precedence. */
#ifndef LUNAMI_CLIENT_SETTINGS_H
#define LUNAMI_CLIENT_SETTINGS_H

#include "aws/profile.h"

/* Read AWS_CONFIG_FILE (~/.aws/config) and AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials); a file
 * that does not exist is empty. Bytes are cleansed with *out. */
LNM_API int lnm_settings_load(struct lnm_profiles **out, struct lnm_err *err);

/* Where a shared file lies: AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE, else under ~/.aws.
 * False when it lies nowhere: no HOME, or a path that does not fit. */
LNM_API bool lnm_settings_path(char *to, size_t size, enum lnm_profile_file kind);
/* A path with a leading "~/" replaced by HOME. False as above. */
LNM_API bool lnm_settings_expand(char *to, size_t size, const char *path);
/* A whole file into a buffer that the caller cleanses. LNM_ENOTFOUND when there is none,
 * LNM_ECONFIG when it cannot be read or passes the buffer's limit. */
LNM_API int lnm_settings_read(struct lnm_buf *out, const char *path, struct lnm_err *err);

/* The same for a file that holds keys: when others may read it, too, that is said once a run. */
LNM_API int lnm_settings_read_keys(struct lnm_buf *out, const char *path, struct lnm_err *err);
/* The first such file that others may read; "" when there is none. */
LNM_API const char *lnm_settings_exposed(void);

/* A variable of the environment without white space around it; empty when it is not set. */
LNM_API struct lnm_str lnm_settings_env(const char *name);
/* Does the environment name a profile (AWS_DEFAULT_PROFILE, AWS_PROFILE)? Empty when not. */
LNM_API struct lnm_str lnm_settings_profile(void);
/* First that is not empty of: given, the environment's variables, the profile's property (name
 * NULL: none); borrowed; "" when nothing is. */
LNM_API struct lnm_str lnm_settings_pick(const char *given, const char *env1, const char *env2,
                                         const struct lnm_profiles *p, const char *profile,
                                         const char *property);
/* The endpoint URL configured for a service ("EC2", "ec2"), or empty. */
LNM_API int lnm_settings_endpoint(struct lnm_str *out, const struct lnm_profiles *p,
                                  const char *profile, const char *given, const char *service_id,
                                  const char *service, struct lnm_err *err);
/* A setting that is true or false; when nothing is said *out stays as it is. LNM_ECONFIG for any
 * other word names the variable, or the file, line and property. */
LNM_API int lnm_settings_flag(bool *out, const char *env, const struct lnm_profiles *p,
                              const char *profile, const char *property, struct lnm_err *err);
/* The error of such a setting: "path:line: property is 'x': say true or false". */
LNM_API int lnm_settings_refuse(const char *env, const struct lnm_profiles *p, const char *profile,
                                const char *property, const char *allowed, struct lnm_err *err);

#endif
