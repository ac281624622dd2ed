/* settings.c - environment variables and shared files.
 *
 * Source: "AWS SDKs and Tools Reference Guide", settings and shared files pages. */
#include "client/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MAX ((size_t)4 << 20)

/* read(2) into a buffer that will be cleansed: stdio would keep a copy in its own. */
static int read_file(struct lnm_buf *out, const char *path, struct lnm_err *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return 0;
        }
        return lnm_fail(err, LNM_ECONFIG, "Configuration", "cannot read %s: %s", path,
                        strerror(errno));
    }
    ssize_t n = 0;
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

static const char *path_of(char *to, size_t size, const char *env, const char *name) {
    const char *given = getenv(env);
    const char *home = getenv("HOME");
    if (given != NULL && given[0] != '\0') {
        if (strncmp(given, "~/", 2) == 0 && home != NULL) {
            (void)snprintf(to, size, "%s%s", home, given + 1);
            return to;
        }
        return given;
    }
    (void)snprintf(to, size, "%s/.aws/%s", home != NULL ? home : "", name);
    return home != NULL ? to : NULL;
}

static int load_one(struct lnm_profiles *p, enum lnm_profile_file kind, const char *path,
                    struct lnm_err *err) {
    struct lnm_buf text;
    if (path == NULL) {
        return 0;
    }
    lnm_buf_init(&text, FILE_MAX);
    int error = read_file(&text, path, err);
    if (error == 0) {
        error = lnm_profiles_parse(p, kind, lnm_buf_str(&text), path, err);
    }
    lnm_buf_cleanse(&text);
    return error;
}

int lnm_settings_load(struct lnm_profiles **out, struct lnm_err *err) {
    char config[4096], credentials[4096];
    int error = lnm_profiles_new(out, err);
    if (error == 0) {
        error = load_one(*out, LNM_CONFIG_FILE,
                         path_of(config, sizeof config, "AWS_CONFIG_FILE", "config"), err);
    }
    if (error == 0) {
        error = load_one(
            *out, LNM_CREDENTIALS_FILE,
            path_of(credentials, sizeof credentials, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            err);
    }
    return error;
}

static struct lnm_str from_env(const char *name) {
    return lnm_str_z(name != NULL ? getenv(name) : NULL);
}

struct lnm_str lnm_settings_pick(const char *given, const char *env1, const char *env2,
                                 const struct lnm_profiles *p, const char *profile,
                                 const char *property) {
    struct lnm_str s = lnm_str_z(given);
    s = s.len > 0 ? s : from_env(env1);
    s = s.len > 0 ? s : from_env(env2);
    if (s.len == 0 && property != NULL) {
        s = lnm_profiles_get(p, "profile", profile, property, NULL);
    }
    return s;
}

bool lnm_settings_flag(const char *env, const struct lnm_profiles *p, const char *profile,
                       const char *property) {
    struct lnm_str s = lnm_settings_pick(NULL, env, NULL, p, profile, property);
    return lnm_str_ieq(s, LNM_STR("true"));
}

struct lnm_str lnm_settings_endpoint(const struct lnm_profiles *p, const char *profile,
                                     const char *given, const char *service_id,
                                     const char *service) {
    char env[64], services[128];
    if (given != NULL && given[0] != '\0') {
        return lnm_str_z(given);
    }
    if (lnm_settings_flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", p, profile,
                          "ignore_configured_endpoint_urls")) {
        return LNM_STR_NONE;
    }
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
