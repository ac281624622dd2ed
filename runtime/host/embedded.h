/* embedded.h - the Lua library inside the program, precompiled at build time by tools/embed.c. */
#ifndef LUNAMI_HOST_EMBEDDED_H
#define LUNAMI_HOST_EMBEDDED_H

#include <stddef.h>

struct lnm_embedded {
    const char *name; /* as require knows it: "lunami.task" */
    const unsigned char *bytes;
    size_t len;
};

extern const struct lnm_embedded lnm_embedded_lua[];
extern const size_t lnm_embedded_lua_count;

#endif
