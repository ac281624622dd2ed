#!/usr/bin/env bash
# Ratios against the contenders in one run: start-up, signing, decoding. LUNAMI_BENCH names the contenders' folder.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
src=${LUNAMI_BENCH:-../shared/baseline/bench}
make -s build/bench/sign build/bench/decode
if [ ! -d "$src" ]; then
    echo "no contenders at $src: our own figures only"
    printf 'Action=DescribeImages&Version=2016-11-15&Owner.1=self' >build/bench/body
    build/bench/sign 500000 build/bench/body
    exit 0
fi
rm -rf build/bench/contenders
cp -r "$src" build/bench/contenders
chmod -R u+w build/bench/contenders
cd build/bench/contenders
mkdir -p bin data results
make -s bin/runone bin/fastsrv bin/floor bin/csign bin/xmlbench data/img10.xml data/img1000.xml 2>/dev/null
[ -f data/body300.txt ] || python3 -c 'print("Action=CopyImage&Version=2016-11-15&" + "&".join(f"Tag.{i}.Key=key-{i}" for i in range(1, 40)), end="")' |
    head -c 300 >data/body300.txt
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY AWS_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
median() { sort -g | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
rounds=${ROUNDS:-9}

echo "signing, 300-byte form, signatures/s (goal: at least 0.75 of csign fast, 10 of naive)"
for _ in $(seq "$rounds"); do
    ours=$("$root"/build/bench/sign 300000 data/body300.txt)
    fast=$(bin/csign fast 300000 "$(cat data/body300.txt)")
    naive=$(bin/csign naive 30000 "$(cat data/body300.txt)")
    [ "${ours#* }" = "${fast#* }" ] || { echo "the Authorization differs: ${ours#* } and ${fast#* }"; exit 1; }
    echo "${ours%% *} ${fast%% *} ${naive%% *}"
done >results/sign.txt
awk '{print $1 / $2}' results/sign.txt | median | sed 's/^/  of fast: /'
awk '{print $1 / $3}' results/sign.txt | median | sed 's/^/  of naive: /'
awk '{print $1}' results/sign.txt | median | sed 's/^/  a second: /'

echo "decoding 1,000 images (goal: at least 0.55 of saxpush, at most 1.4 bytes a byte of XML)"
for _ in $(seq "$rounds"); do
    ours=$("$root"/build/bench/decode data/img1000.xml 20)
    sax=$(bin/xmlbench saxpush data/img1000.xml 20)
    echo "${ours%% *} ${sax%% *}"
done | awk '{print $2 / $1}' | median | sed 's/^/  of saxpush: /'
"$root"/build/bench/decode data/img1000.xml 3 x | awk '{print "  record bytes a byte of XML: " $4}'

echo "start-up, one signed DescribeImages over http (goal: at most 1.15 of floor, RSS at most 1.15)"
bin/fastsrv -p 8771 -f data/img10.xml &
server=$!
trap 'kill $server' EXIT
sleep 0.3
wall() { # COMMAND...: milliseconds and peak kB of one run
    bash -c 'TIMEFORMAT=%R; s=$(date +%s%N); "$@" >/dev/null; e=$(date +%s%N); echo $(((e - s) / 1000))' _ "$@"
}
rss() { /usr/bin/env python3 -c 'import os,sys
pid=os.spawnvp(os.P_NOWAIT,sys.argv[1],sys.argv[1:]); print(os.wait4(pid,0)[2].ru_maxrss,file=sys.stderr)' "$@" 2>&1 >/dev/null; }
for _ in $(seq $((rounds * 3))); do
    echo "$(wall bin/floor 127.0.0.1 8771) $(wall "$root"/build/lunami run --endpoint-url http://127.0.0.1:8771 "$root"/tests/bench/startup.lua)"
done >results/start.txt
awk '{print $2 / $1}' results/start.txt | median | sed 's/^/  wall of floor: /'
awk '{print $2 / 1000}' results/start.txt | median | sed 's/^/  ms: /'
echo "  peak kB, floor: $(rss bin/floor 127.0.0.1 8771 | tail -1)  lunami: $(rss "$root"/build/lunami run --endpoint-url http://127.0.0.1:8771 "$root"/tests/bench/startup.lua | tail -1)"
if command -v aws >/dev/null && [ -x /usr/bin/aws ]; then
    for _ in 1 2 3; do
        wall /usr/bin/aws ec2 describe-images --owners self --endpoint-url http://127.0.0.1:8771 --region us-east-1
    done | median | awk '{print "  AWS CLI ms: " $1 / 1000}'
fi
