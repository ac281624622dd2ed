/* file.c - module "lunami.host.file": files that only their owner may read. */
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Make the folders above a file, for their owner only; those that are there stay as they are. */
static int make_folders(const char *path) {
    char folder[PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof folder) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(folder, path, len + 1);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
            return -1;
        }
        *slash = '/';
    }
    return 0;
}

static int write_all(int fd, const char *bytes, size_t len) {
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno != EINTR) {
            return -1;
        }
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int keep(const char *path, int how, const char *bytes, size_t len) {
    if (make_folders(path) < 0) {
        return -1;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | how, 0600);
    if (fd < 0) {
        return -1;
    }
    int failed = fchmod(fd, 0600) < 0 || write_all(fd, bytes, len) < 0;
    return close(fd) < 0 || failed ? -1 : 0;
}

static int result(lua_State *L, const char *path, int status) {
    if (status < 0) {
        lua_pushnil(L);
        lua_pushfstring(L, "%s: %s", path, strerror(errno));
        return 2;
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* append(path, text) -> true | nil, message: made if it is not there, with its folders. [-0, +1|2,
 * e]
 */
static int l_append(lua_State *L) {
    size_t len;
    const char *path = luaL_checkstring(L, 1), *text = luaL_checklstring(L, 2, &len);
    return result(L, path, keep(path, O_APPEND, text, len));
}

/* write(path, text) -> true | nil, message: what was there is replaced at once. [-0, +1|2, e] */
static int l_write(lua_State *L) {
    size_t len;
    const char *path = luaL_checkstring(L, 1), *text = luaL_checklstring(L, 2, &len);
    const char *new = lua_pushfstring(L, "%s.%d", path, (int)getpid());
    int status = keep(new, O_TRUNC, text, len);
    return result(L, path, status < 0 ? status : rename(new, path));
}

static const luaL_Reg funcs[] = {{"append", l_append}, {"write", l_write}, {NULL, NULL}};

int lnm_host_open_file(lua_State *L) {
    luaL_newlib(L, funcs);
    return 1;
}
