/* lib.h - LNM_API marks what one file of the core offers another.
 *
 * Hidden visibility keeps every lnm_* name inside the host and inside the rock's
 * shared object, which therefore exports luaopen_lunami_core alone. */
#ifndef LUNAMI_BASE_LIB_H
#define LUNAMI_BASE_LIB_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

#define LNM_API __attribute__((visibility("hidden")))
#define LNM_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#endif
