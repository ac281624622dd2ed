/* embed.c - Lua files as C arrays, precompiled by the very Lua that the host links.
 *
 * usage: embed DIR FILE... >embedded_lua.c
 * Line information stays, chunk names are "@lunami/task.lua": errors and tracebacks read as from
 * disk. */
#include <lauxlib.h>
#include <lua.h>
#include <stdio.h>
#include <string.h>

static int count;

static int write_bytes(lua_State *L, const void *bytes, size_t len, void *arg) {
    const unsigned char *b = bytes;
    (void)L, (void)arg;
    for (size_t i = 0; i < len; i++) {
        (void)printf("%u,%s", b[i], ++count % 24 == 0 ? "\n" : "");
    }
    return 0;
}

/* "lunami/host/run.lua" -> "lunami.host.run", "lunami/init.lua" -> "lunami" */
static void module_name(char *to, size_t size, const char *path) {
    (void)snprintf(to, size, "%s", path);
    char *end = strstr(to, "/init.lua");
    end = end != NULL ? end : strstr(to, ".lua");
    if (end != NULL) {
        *end = '\0';
    }
    for (char *p = to; *p != '\0'; p++) {
        *p = *p == '/' ? '.' : *p;
    }
}

static int embed(lua_State *L, int n, const char *dir, const char *path) {
    char full[1024], chunk[1024];
    (void)snprintf(full, sizeof full, "%s/%s", dir, path);
    (void)snprintf(chunk, sizeof chunk, "@%s", path);
    FILE *f = fopen(full, "rb");
    static char text[1 << 20];
    size_t len = f != NULL ? fread(text, 1, sizeof text, f) : 0;
    if (f == NULL || fclose(f) != 0 || len == sizeof text ||
        luaL_loadbuffer(L, text, len, chunk) != LUA_OK) {
        (void)fprintf(stderr, "embed: %s: %s\n", full,
                      f == NULL ? "cannot read" : lua_tostring(L, -1));
        return 1;
    }
    (void)printf("static const unsigned char chunk%d[] = {\n", n);
    (void)lua_dump(L, write_bytes, NULL, 0);
    (void)printf("};\n");
    lua_pop(L, 1);
    return 0;
}

int main(int argc, char **argv) {
    lua_State *L = luaL_newstate();
    int failed = L == NULL || argc < 3;
    (void)printf("/* Made by tools/embed.c. */\n#include \"host/embedded.h\"\n\n");
    for (int i = 2; i < argc && !failed; i++) {
        failed = embed(L, i, argv[1], argv[i]);
    }
    (void)printf("const struct lnm_embedded lnm_embedded_lua[] = {\n");
    for (int i = 2; i < argc && !failed; i++) {
        char name[1024];
        module_name(name, sizeof name, argv[i]);
        (void)printf("    {\"%s\", chunk%d, sizeof chunk%d},\n", name, i, i);
    }
    (void)printf("};\nconst size_t lnm_embedded_lua_count = %d;\n", argc - 2);
    if (L != NULL) {
        lua_close(L);
    }
    return failed || fflush(stdout) != 0;
}
