/* clock.c - the time and the kernel's random source. */
#include "base/clock.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static const struct lnm_clock *replaced; /* borrowed; see lnm_clock_set */

static int64_t read_clock(clockid_t id) {
    struct timespec t;
    (void)clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t lnm_now_us(void) {
    return replaced != NULL ? replaced->wall_us(replaced->arg) : read_clock(CLOCK_REALTIME);
}

int64_t lnm_mono_us(void) {
    return replaced != NULL ? replaced->mono_us(replaced->arg) : read_clock(CLOCK_MONOTONIC);
}

void lnm_clock_set(const struct lnm_clock *clock) {
    replaced = clock;
}

void lnm_random_bytes(void *out, size_t len) {
    char *at = out;
    while (len > 0) {
        ssize_t n = getrandom(at, len < 256 ? len : 256, 0); /* up to 256 bytes: never partial */
        if (n <= 0) {
            abort();
        }
        at += n;
        len -= (size_t)n;
    }
}

uint64_t lnm_random_u64(void) {
    uint64_t v;
    lnm_random_bytes(&v, sizeof v);
    return v;
}
