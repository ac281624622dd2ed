/* torture.h - tests that go through everything in turn go through every n-th of it where running is
 * slow, as under valgrind: TORTURE_STEP in the environment says which. */
#ifndef LUNAMI_TESTS_TORTURE_H
#define LUNAMI_TESTS_TORTURE_H

#include <stdlib.h>

static inline long torture_step(void) {
    const char *given = getenv("TORTURE_STEP");
    return given != NULL ? strtol(given, NULL, 10) : 1;
}

#endif
