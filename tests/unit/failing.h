/* failing.h - an allocator whose n-th allocation fails. The test is linked with --wrap for malloc,
 * calloc and realloc, so that every allocation of lunami's own code is counted here. */
#ifndef LUNAMI_TESTS_FAILING_H
#define LUNAMI_TESTS_FAILING_H

#include "vectors.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

static struct {
    long count;    /* allocations so far */
    long fails_at; /* 0: none */
    bool forever;  /* and all after it */
} allocations;

static inline bool allocation_fails(void) {
    long n = ++allocations.count;
    return allocations.fails_at > 0 &&
           (n == allocations.fails_at || (allocations.forever && n > allocations.fails_at));
}

void *__wrap_malloc(size_t size) {
    return allocation_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size) {
    return allocation_fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size) {
    return allocation_fails() ? NULL : __real_realloc(p, size);
}

static inline void allocations_fail_at(long n, bool forever) {
    allocations.count = 0;
    allocations.fails_at = n;
    allocations.forever = forever;
}

#endif
