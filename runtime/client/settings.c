/* settings.c - environment variables and shared files.
 *
 * Source: "AWS SDKs and Tools Reference Guide", settings and shared files pages. */
#include "client/settings.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((size_t)4 << 20)

static char exposed[1024];

const char *lnm_settings_exposed(void) {
    return exposed;
}

static void look_for_readers(int fd, const char *path) {
    struct stat st;
    if (exposed[0] == '\0' && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        (st.st_mode & (S_IRGRP | S_IROTH)) != 0) {
        (void)snprintf(exposed, sizeof exposed, "%s", path);
        lnm_log(LNM_LOG_WARN, "%s holds keys, and others on this machine may read it: chmod 600 %s",
                path, path);
    }
}

/* read(2): stdio would keep a copy in its own buffer. */
static int read_file(struct lnm_buf *out, const char *path, bool keys, struct lnm_err *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        int code = errno == ENOENT || errno == ENOTDIR ? LNM_ENOTFOUND : LNM_ECONFIG;
        return lnm_fail(err, code, "Configuration", "cannot read %s: %s", path, strerror(errno));
    }
    if (keys) {
        look_for_readers(fd, path);
    }
    ssize_t n = 0;
    out->secret = true;
    do {
        if (lnm_buf_reserve(out, 16384) < 0) {
            break;
        }
        n = read(fd, out->ptr + out->len, 16384);
        out->len += n > 0 ? (size_t)n : 0;
    } while (n > 0 || (n < 0 && errno == EINTR));
    int saved = errno;
    (void)close(fd);
    if (n < 0) {
        return lnm_fail(err, LNM_ECONFIG, "Configuration", "cannot read %s: %s", path,
                        strerror(saved));
    }
    return out->failed == LNM_ELIMIT
               ? lnm_fail(err, LNM_ECONFIG, "Configuration", "%s is too large to be real", path)
               : lnm_buf_check(out, err);
}

int lnm_settings_read(struct lnm_buf *out, const char *path, struct lnm_err *err) {
    return read_file(out, path, false, err);
}

int lnm_settings_read_keys(struct lnm_buf *out, const char *path, struct lnm_err *err) {
    return read_file(out, path, true, err);
}

bool lnm_settings_path(char *to, size_t size, enum lnm_profile_file kind) {
    bool config = kind == LNM_CONFIG_FILE;
    const char *given = getenv(config ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE");
    const char *name = config ? "~/.aws/config" : "~/.aws/credentials";
    return lnm_settings_expand(to, size, given != NULL && given[0] != '\0' ? given : name);
}

bool lnm_settings_expand(char *to, size_t size, const char *path) {
    const char *home = getenv("HOME");
    bool at_home = strncmp(path, "~/", 2) == 0;
    if (at_home && (home == NULL || home[0] == '\0')) {
        return false;
    }
    int n = snprintf(to, size, "%s%s", at_home ? home : "", path + (at_home ? 1 : 0));
    return n > 0 && (size_t)n < size;
}

static int load_one(struct lnm_profiles *p, enum lnm_profile_file kind, struct lnm_err *err) {
    char path[4096];
    struct lnm_buf text;
    if (!lnm_settings_path(path, sizeof path, kind)) {
        return 0; /* no home, no file */
    }
    lnm_buf_init(&text, FILE_MAX);
    int error = read_file(&text, path, kind == LNM_CREDENTIALS_FILE, err);
    error = error == LNM_ENOTFOUND ? 0 : error;
    if (error == 0) {
        error = lnm_profiles_parse(p, kind, lnm_buf_str(&text), path, err);
    }
    lnm_buf_cleanse(&text);
    return error;
}

int lnm_settings_load(struct lnm_profiles **out, struct lnm_err *err) {
    int error = lnm_profiles_new(out, err);
    if (error == 0) {
        error = load_one(*out, LNM_CONFIG_FILE, err);
    }
    return error < 0 ? error : load_one(*out, LNM_CREDENTIALS_FILE, err);
}

struct lnm_str lnm_settings_env(const char *name) {
    return lnm_str_trim(lnm_str_z(name != NULL ? getenv(name) : NULL));
}

struct lnm_str lnm_settings_profile(void) {
    return lnm_settings_pick(NULL, "AWS_DEFAULT_PROFILE", "AWS_PROFILE", NULL, NULL, NULL);
}

struct lnm_str lnm_settings_pick(const char *given, const char *env1, const char *env2,
                                 const struct lnm_profiles *p, const char *profile,
                                 const char *property) {
    struct lnm_str s = lnm_str_z(given);
    s = s.len > 0 ? s : lnm_settings_env(env1);
    s = s.len > 0 ? s : lnm_settings_env(env2);
    if (s.len == 0 && property != NULL) {
        s = lnm_profiles_get(p, "profile", profile, property, NULL);
    }
    return s;
}

int lnm_settings_refuse(const char *env, const struct lnm_profiles *p, const char *profile,
                        const char *property, const char *allowed, struct lnm_err *err) {
    char place[300] = "";
    struct lnm_str said = lnm_settings_pick(NULL, env, NULL, p, profile, property);
    bool in_file = lnm_settings_env(env).len == 0;
    if (in_file) {
        lnm_profiles_place(place, sizeof place, p, "profile", profile, property);
    }
    return lnm_fail(err, LNM_ECONFIG, "Configuration", "%s%s is '%.*s': say %s", place,
                    in_file ? property : env, (int)(said.len < 80 ? said.len : 80), said.ptr,
                    allowed);
}

int lnm_settings_flag(bool *out, const char *env, const struct lnm_profiles *p, const char *profile,
                      const char *property, struct lnm_err *err) {
    struct lnm_str s = lnm_settings_pick(NULL, env, NULL, p, profile, property);
    bool yes = lnm_str_ieq(s, LNM_STR("true"));
    if (s.len > 0 && !yes && !lnm_str_ieq(s, LNM_STR("false"))) {
        return lnm_settings_refuse(env, p, profile, property, "true or false", err);
    }
    *out = s.len > 0 ? yes : *out;
    return 0;
}

static struct lnm_str configured_url(const struct lnm_profiles *p, const char *profile,
                                     const char *service_id, const char *service) {
    char env[64], services[128];
    (void)snprintf(env, sizeof env, "AWS_ENDPOINT_URL_%s", service_id);
    struct lnm_str url = lnm_settings_pick(NULL, env, "AWS_ENDPOINT_URL", p, profile, NULL);
    if (url.len > 0) {
        return url;
    }
    struct lnm_str section = lnm_profiles_get(p, "profile", profile, "services", NULL);
    if (section.len > 0 && section.len < sizeof services) {
        memcpy(services, section.ptr, section.len);
        services[section.len] = '\0';
        url = lnm_profiles_get(p, "services", services, service, "endpoint_url");
    }
    return url.len > 0 ? url : lnm_profiles_get(p, "profile", profile, "endpoint_url", NULL);
}

int lnm_settings_endpoint(struct lnm_str *out, const struct lnm_profiles *p, const char *profile,
                          const char *given, const char *service_id, const char *service,
                          struct lnm_err *err) {
    bool ignored = false;
    *out = lnm_str_z(given);
    if (out->len > 0) {
        return 0;
    }
    int error = lnm_settings_flag(&ignored, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", p, profile,
                                  "ignore_configured_endpoint_urls", err);
    *out = error == 0 && !ignored ? configured_url(p, profile, service_id, service) : LNM_STR_NONE;
    return error;
}
