/* clock.c - the time and random bytes: the kernel's, or a seed's. */
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
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

int64_t lnm_real_us(void) {
    return read_clock(CLOCK_REALTIME);
}

int64_t lnm_mono_us(void) {
    return replaced != NULL ? replaced->mono_us(replaced->arg) : read_clock(CLOCK_MONOTONIC);
}

void lnm_clock_set(const struct lnm_clock *clock) {
    replaced = clock;
}

static _Thread_local struct {
    bool on;
    uint64_t state;
} seeded;

void lnm_random_seed(uint64_t seed) {
    seeded.on = true;
    seeded.state = seed;
}

/* SplitMix64 (Steele, Lea, Flood 2014): each seed its own sequence; nothing secret depends on it.
 */
static uint64_t next_seeded(void) {
    uint64_t z = seeded.state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void fill_seeded(unsigned char *out, size_t len) {
    for (size_t i = 0; i < len; i++) {
        out[i] = (unsigned char)(next_seeded() >> 32);
    }
}

static void fill_by_kernel(void *out, size_t len) {
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

void lnm_random_secret(void *out, size_t len) {
    fill_by_kernel(out, len);
}

/* A few bytes, an id's, are of a block that was asked for at once. */
#define FEW 16
static _Thread_local struct {
    unsigned char bytes[256];
    size_t left;
} block;

void lnm_random_bytes(void *out, size_t len) {
    if (seeded.on) {
        fill_seeded(out, len);
    } else if (len > FEW) {
        fill_by_kernel(out, len);
    } else {
        if (block.left < len) {
            fill_by_kernel(block.bytes, sizeof block.bytes);
            block.left = sizeof block.bytes;
        }
        block.left -= len;
        memcpy(out, block.bytes + block.left, len);
        explicit_bzero(block.bytes + block.left, len);
    }
}

uint64_t lnm_random_u64(void) {
    uint64_t v;
    lnm_random_bytes(&v, sizeof v);
    return v;
}
