#!/usr/bin/env bash
# Setting up: what is said where nothing can be installed.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
check() { # NAME CONDITION...
    local name=$1
    shift
    n=$((n + 1))
    if "$@"; then echo "ok $n - $name"; else
        echo "not ok $n - $name"
        sed 's/^/# /' "$work/out"
    fi
}
stub() { printf '#!/bin/sh\n%s\n' "$2" >"$work/$1" && chmod +x "$work/$1"; }
stub id 'echo 1000'
stub sudo 'exit 1'
stub dpkg-query 'case "$*" in *libcurl*|*lua5.4-dev*) exit 1;; esac; echo "install ok installed"'
PATH="$work:/usr/bin:/bin" tools/deps.sh run >"$work/out" 2>&1
status=$?
check "without root and with packages missing it stops" [ $status = 1 ]
check "and names them" grep -q 'missing Debian packages: libcurl4-openssl-dev liblua5.4-dev$' "$work/out"
check "and says how to install them" grep -q 'apt-get install libcurl4-openssl-dev liblua5.4-dev' "$work/out"
stub dpkg-query 'echo "install ok installed"'
PATH="$work:/usr/bin:/bin" tools/deps.sh >"$work/out" 2>&1
status=$?
check "with all present it needs no root" [ $status = 0 ]
check "and says nothing" [ ! -s "$work/out" ]
