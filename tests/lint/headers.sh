#!/usr/bin/env bash
# Each header compiles by itself, with strict flags.
cd "$(dirname "$0")/../.." || exit 1
status=0
flags=$(pkg-config --cflags libcurl libxml-2.0 lua5.4)
for header in runtime/*/*.h; do
    # shellcheck disable=SC2086
    echo "#include \"${header#runtime/}\"" | ${CC:-gcc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -Iruntime $flags -x c -fsyntax-only - || status=1
done
exit $status
