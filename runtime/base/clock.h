/* clock.h - the one place that reads the time, replaceable by tests and by the local cloud's
 * virtual time. Not thread-safe to replace: set it before the first loop or server starts. */
#ifndef LUNAMI_BASE_CLOCK_H
#define LUNAMI_BASE_CLOCK_H

#include "base/lib.h"

struct lnm_clock {
    int64_t (*wall_us)(void *arg); /* microseconds since the epoch, UTC */
    int64_t (*mono_us)(void *arg); /* microseconds, never backwards */
    void *arg;
};

LNM_API int64_t lnm_now_us(void);  /* wall clock */
LNM_API int64_t lnm_mono_us(void); /* monotonic clock */
LNM_API int64_t lnm_real_us(void); /* the system's wall clock, whatever replaces it */
/* NULL restores the system's clocks; the struct is borrowed until then. */
LNM_API void lnm_clock_set(const struct lnm_clock *clock);
/* From now on this thread's random bytes follow from the seed: for runs that shall be the same. */
LNM_API void lnm_random_seed(uint64_t seed);
/* Fill bytes from the kernel's random source; aborts if there is none (never on Linux >= 3.17). */
LNM_API void lnm_random_bytes(void *out, size_t len);
LNM_API uint64_t lnm_random_u64(void);
/* Keys, nonces and what else nobody may guess: the same source, whatever the seed; no copy is kept.
 */
LNM_API void lnm_random_secret(void *out, size_t len);

#endif
