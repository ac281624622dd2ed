#!/usr/bin/env bash
# Does a page of a Describe take longer in a larger account? And what memory does it cost to keep one?
set -eu
cd "$(dirname "$0")/../.."
make -s build/lunami build/bench/load
dir=build/bench/growth port=${PORT:-18781}
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null' EXIT
action='Action=DescribeImages&Version=2016-11-15'
snapshots='Action=DescribeSnapshots&Version=2016-11-15'
tags='Action=DescribeTags&Version=2016-11-15'
show() { build/bench/load "$port" 1 1 "$2" | awk -v name="$1" '{printf "    %s: %.3f ms%s\n", name, $2, $4 ? " WITH ERRORS" : ""}'; }
serve() {
    rm -f "$dir/out"
    build/lunami serve --port "$port" --state "$dir" >"$dir/out" &
    pid=$!
    until grep -qs 'serving on' "$dir/out"; do sleep 0.02; done
}
stop() {
    kill "$pid"
    wait "$pid" 2>/dev/null || true
    pid=
}
echo "a page of DescribeImages, DescribeSnapshots, DescribeTags, median by one connection (goal: it does not grow)"
for count in 1000 10000 100000; do
    rm -rf "$dir"
    mkdir -p "$dir"
    serve
    stop
    /usr/bin/python3 tests/bench/growth.py "$dir/state.db" "$count"
    serve
    echo "  $count images of one device, three tags each"
    show "first page of 100" "$action&Owner.1=self&MaxResults=100"
    show "by one tag" "$action&Owner.1=self&MaxResults=100&Filter.1.Name=tag:serial&Filter.1.Value.1=500"
    show "by a rare tag and a state" "$action&Owner.1=self&MaxResults=100&Filter.1.Name=state&Filter.1.Value.1=available&Filter.2.Name=tag:serial&Filter.2.Value.1=77"
    show "by name" "$action&Owner.1=self&Filter.1.Name=name&Filter.1.Value.1=image-500"
    show "by a pattern that a page is full of" "$action&Owner.1=self&MaxResults=100&Filter.1.Name=name&Filter.1.Value.1=image-*"
    show "by a pattern that nothing matches" "$action&Owner.1=self&MaxResults=100&Filter.1.Name=name&Filter.1.Value.1=none-*"
    show "first page of 100 snapshots" "$snapshots&Owner.1=self&MaxResults=100"
    show "first page of 100 tags" "$tags&MaxResults=100"
    show "tags of one image" "$tags&Filter.1.Name=resource-id&Filter.1.Value.1=ami-0b0000000000001f4"
    show "tags by key and value" "$tags&Filter.1.Name=tag:serial&Filter.1.Value.1=500"
    resident=$(awk '/VmRSS/ {print $2}' "/proc/$pid/status")
    stored=$(($(stat -c %s "$dir/state.db") / 1024))
    echo "    $resident kB resident, $stored kB stored"
    stop
done
