#!/usr/bin/env bash
# The local cloud against moto and its floor, a bare libmicrohttpd + SQLite server (6-mock/mhdsqlite.c of the contenders' folder,
# which LUNAMI_BENCH names): 16 connections, durable writes, in turn.
set -eu
cd "$(dirname "$0")/../.."
src=${LUNAMI_BENCH:-../shared/baseline/bench}
make -s build/lunami build/bench/load
dir=build/bench/cloud
rm -rf "$dir"
mkdir -p "$dir"
floor=
if [ -f "$src/6-mock/mhdsqlite.c" ]; then
    floor=$dir/mhdsqlite
    cp "$src/6-mock/mhdsqlite.c" "$floor.c"
    # shellcheck disable=SC2046
    cc -O2 -w -o "$floor" "$floor.c" $(pkg-config --cflags --libs libmicrohttpd sqlite3) -lpthread
else
    echo "no 6-mock/mhdsqlite.c at $src: not compared with the floor"
fi
rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-2} port=${PORT:-18771}
one='Action=DescribeImages&Version=2016-11-15&ImageId.1='
list='Action=DescribeImages&Version=2016-11-15&Owner.1=self'
create='Action=CreateVolume&Version=2016-11-15&AvailabilityZone=us-east-1a&Size=8&VolumeType=gp3&Encrypted=true'
golden=ami-0a000000000000002
python=$(python3 -c 'import sys, moto.server; print(sys.executable)' 2>/dev/null || true)
median() { sort -g | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
load() { taskset -c 0 build/bench/load "$1" 16 "$seconds" "$2"; }
pids=()
trap 'kill "${pids[@]}" 2>/dev/null' EXIT

# Servers have one processor, the load the other.
taskset -c 1 build/lunami serve --port "$port" --state "$dir/state" >/dev/null &
pids+=($!)
lunami=$!
if [ -n "$floor" ]; then
    taskset -c 1 "$floor" -p $((port + 1)) -d "$dir/floor.db" -s full -g 1 &
    pids+=($!)
fi
if [ -n "$python" ]; then
    taskset -c 1 "$python" -m moto.server -p $((port + 2)) >/dev/null 2>&1 &
    pids+=($!)
    sleep 4
    ami=$("$python" tests/bench/moto.py $((port + 2)))
fi
sleep 0.5
echo "local cloud: $(awk '/VmRSS/ {print $2}' /proc/$lunami/status) kB resident, furnished (goal: at most 20480)"

# compare NAME BODY BODY-FOR-MOTO: requests a second of the local cloud, of the floor, and of moto
compare() {
    local ours
    for _ in $(seq "$rounds"); do
        echo "$(load "$port" "$2") $([ -z "$floor" ] || load $((port + 1)) "$2")"
    done >"$dir/$1"
    ours=$(awk '{print $1}' "$dir/$1" | median)
    echo "  $1, requests a second: $ours"
    [ -z "$floor" ] || awk '{print $1 / $5}' "$dir/$1" | median | sed 's/^/    of floor: /'
    awk '{print $3}' "$dir/$1" | median | sed 's/^/    p99, ms: /'
    awk '{n += $4} END {if (n) print "    ERRORS: " n}' "$dir/$1"
    [ -z "$python" ] || load $((port + 2)) "$3" | awk -v ours="$ours" '{printf "    of moto: %.0f (%.0f a second, %d errors)\n", ours / $1, $1, $4}'
}
echo "16 connections (goals: 0.6 of floor; of moto 50 for CreateVolume, 150 for DescribeImages)"
compare DescribeImages-of-one "$one$golden" "$one${ami-}"
compare DescribeImages-of-all "$list" "$list"
compare CreateVolume "$create" "$create"

echo "first answer after start, ms (goal: at most 20): $(/usr/bin/python3 tests/bench/first.py build/lunami $((port + 3)) $((rounds * 5)))"
