#!/usr/bin/env bash
# Copies inside the local cloud: encrypting anew against the cipher alone and the disk alone, and under the same key. ROUNDS, GIB.
set -eu
cd "$(dirname "$0")/../.."
make -s build/bench/copy
gib=${GIB:-1} rounds=${ROUNDS:-5}
dir=$(mktemp -d build/bench/copy.XXXXXX)
trap 'rm -rf "$dir"' EXIT
median() { sort -g | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
one() { # GiB
    rm -rf "${dir:?}"/*
    build/bench/copy "$dir" "$1"
}
cipher() { openssl speed -seconds 1 -bytes 524288 -evp aes-256-gcm 2>/dev/null | awk '/^AES/ {printf "%.0f", $2 * 1000}'; }
echo "encrypting copy of $gib GiB (goal: at least 0.7 of the cipher alone, or of the disk alone if that is lower)"
for _ in $(seq "$rounds"); do
    echo "$(one "$gib") $(cipher)"
done >"$dir.txt"
awk '{print $1 / $4}' "$dir.txt" | median | sed 's/^/  of openssl speed: /'
awk '{print $1 / $3}' "$dir.txt" | median | sed 's/^/  of the disk: /'
awk '{print $1 / 1e6}' "$dir.txt" | median | sed 's/^/  MB a second: /'
echo "copy under the same key (goal: the same time whatever the size)"
awk '{print $2 * 1e3}' "$dir.txt" | median | sed "s/^/  ms, $gib GiB: /"
one $((4 * gib)) | awk '{print $2 * 1e3}' | sed "s/^/  ms, $((4 * gib)) GiB: /"
rm -f "$dir.txt"
