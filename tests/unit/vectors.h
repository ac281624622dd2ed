/* vectors.h - finding and reading the published test vectors, and cmocka in the order that it
 * needs. */
#ifndef LUNAMI_TESTS_VECTORS_H
#define LUNAMI_TESTS_VECTORS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

/* The folder of one set. When it is not there: false, and a failure under CI. */
static inline bool vectors_dir(char *out, size_t size, const char *set) {
    const char *root = getenv("LUNAMI_VECTORS");
    (void)snprintf(out, size, "%s/%s", root != NULL ? root : "../shared/vectors", set);
    if (access(out, R_OK) == 0) {
        return true;
    }
    if (getenv("CI") != NULL) {
        fail_msg("vectors missing: %s", out);
    }
    print_message("vectors missing: %s\n", out);
    return false;
}

static inline char *vectors_read(const char *path) {
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fail_msg("cannot read %s", path);
        return NULL;
    }
    char *text = calloc(1, 1 << 20);
    size_t n = fread(text, 1, (1 << 20) - 1, f);
    text[n] = '\0';
    (void)fclose(f);
    return text;
}

#endif
