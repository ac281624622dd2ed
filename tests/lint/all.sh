#!/usr/bin/env bash
# What a program can check about the tree. TAP.
cd "$(dirname "$0")/../.." || exit 1
n=0
check() {
    n=$((n + 1))
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then echo "ok $n - $name"; else
        echo "not ok $n - $name"
        printf '%s\n' "$out" | head -30 | sed 's/^/  # /'
    fi
}
formatted() { clang-format --dry-run -Werror runtime/*/*.[ch] tools/*.c $(ls tests/*/*.[ch] 2>/dev/null); }
check "C is formatted" formatted
check "Lua is clean (luacheck)" luacheck -q lua scripts tests/spec tools
check "layers point down" tests/lint/layers.sh
check "no banned functions" tests/lint/banned.sh
check "sources.mk and the rockspec name the tree's files" tests/lint/sources.sh
check "headers compile alone" tests/lint/headers.sh
check "functions stay short" tests/lint/length.sh
check "no path of a machine in the tree" bash -c '! git grep -nE "(^|[^.a-z])/(work|home|root)/" -- . ":!tests/lint/all.sh"'
check "the host is hardened" tests/lint/hardened.sh
echo "1..$n"
