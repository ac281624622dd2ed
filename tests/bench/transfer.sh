#!/usr/bin/env bash
# Disk images over HTTP on loopback, against plain libcurl that moves the same bytes with the same checksums.
# In memory where there is room, so that it is not the disk that is measured. ROUNDS, BLOCKS (512 KiB each).
set -eu
cd "$(dirname "$0")/../.."
make -s build/bench/transfer
blocks=${BLOCKS:-1024} rounds=${ROUNDS:-9}
room=$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")
dir=$(mktemp -d "$room/lunami-bench.XXXXXX")
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT
head -c $((blocks * 524288)) /dev/urandom >"$dir/in.raw"
build/bench/transfer serve "$blocks" >"$dir/url" &
until [ -s "$dir/url" ]; do sleep 0.1; done
url=$(cat "$dir/url")
median() { sort -g | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
one() { # lunami|curl up|down
    rm -f "$dir"/out.raw*
    build/bench/transfer "$1" "$2" "$url" "$dir/$([ "$2" = up ] && echo in || echo out).raw" "$blocks"
}
for way in up down; do
    echo "disk image, ${way}load of $((blocks / 2)) MiB (goal: at least 0.5 of plain libcurl, at most 64 MiB of memory)"
    for _ in $(seq "$rounds"); do
        echo "$(one lunami "$way") $(one curl "$way")"
    done >"$dir/$way"
    awk '{print $1 / $3}' "$dir/$way" | median | sed 's/^/  of libcurl: /'
    awk '{print $1 / 1048576}' "$dir/$way" | median | sed 's/^/  MiB a second: /'
    awk '{print $2 / 1024}' "$dir/$way" | median | sed 's/^/  peak MiB: /'
done
