#!/usr/bin/env bash
# Ratios against the contenders in one run: the prompt, signing, decoding, start-up. LUNAMI_BENCH names the contenders' folder.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
src=${LUNAMI_BENCH:-../shared/baseline/bench}
make -s build/bench/sign build/bench/decode build/bench/throughput
echo "the prompt"
/usr/bin/python3 tests/bench/prompt.py
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
# The floor again, with every library that lunami is linked with: loading them is most of a short run.
# shellcheck disable=SC2046
cc -O2 -w -D_GNU_SOURCE -o bin/floor-linked 1-startup/floor.c lib/sigv4.c -Wl,--no-as-needed \
    $(pkg-config --cflags --libs libcurl libxml-2.0 openssl jansson sqlite3 libmicrohttpd libedit lua5.4)
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

recipe=$root/tests/bench/startup.lua
# once COMMAND...: "nanoseconds peak-kB" of one run
once() { bin/runone results/once.txt "$@" && awk '{print $1, $4}' results/once.txt; }
# slow NAME COMMAND...: the median of three runs, beside lunami's own in $ours
slow() {
    local name=$1 took
    shift
    took=$(for _ in 1 2 3; do AWS_CA_BUNDLE=${CAFILE-} once "$@"; done | median)
    echo "$took $ours" | awk -v name="$name" '{printf "  %s ms: %.0f = %.1f of lunami\n", name, $1 / 1e6, $1 / $2}'
}
# startup SCHEME URL PORT: pairs of the floor and lunami, then the slower contenders
startup() {
    local scheme=$1 url=$2 port=$3
    for _ in $(seq $((rounds * 3))); do
        echo "$(once bin/floor-linked 127.0.0.1 "$port") $(once "$root/build/lunami" run --endpoint-url "$url" "$recipe")"
    done >"results/start-$scheme.txt"
    awk '{print $3 / $1}' "results/start-$scheme.txt" | median | sed 's/^/  wall of floor: /'
    awk '{print $4 / $2}' "results/start-$scheme.txt" | median | sed 's/^/  peak memory of floor: /'
    ours=$(awk '{print $3}' "results/start-$scheme.txt" | median)
    echo "$ours" | awk '{print "  ms: " $1 / 1e6}'
    [ ! -x /usr/bin/aws ] || slow "AWS CLI" /usr/bin/aws ec2 describe-images --owners self --endpoint-url "$url" --region us-east-1
    slow boto3 /usr/bin/python3 1-startup/boto3_describe.py 127.0.0.1 "$port"
}

echo "start-up, one signed DescribeImages over http (goal: at most 1.15 of floor, RSS at most 1.15; 50 times faster than the AWS CLI)"
bin/fastsrv -p 8771 -f data/img10.xml &
trap 'kill $(jobs -p)' EXIT
sleep 0.3
startup http http://127.0.0.1:8771 8771

# The same 2.8 kB answer on kept connections; pairs, so that what else the machine does hits both.
echo "requests/s on kept connections (goal: signed at least 0.85 of plain libcurl multi, whole calls of a task 0.55 at 64)"
make -s data/img1.xml
bin/fastsrv -p 8772 -f data/img1.xml &
sleep 0.3
throughput() { "$root/build/bench/throughput" "$1" http://127.0.0.1:8772/ "$connections" "$requests"; }
task() { "$root/build/lunami" run --endpoint-url http://127.0.0.1:8772 "$root/tests/bench/tasks.lua" "$connections" "$requests"; }
for connections in 1 16 64 256; do
    requests=$((connections == 1 ? 8000 : 20000))
    for _ in $(seq "$rounds"); do
        echo "$(throughput plain) $(throughput signed) $(throughput calls) $(task)"
    done >results/throughput.txt
    for what in "3 4 signed" "5 6 decoded" "7 8 tasks"; do
        set -- $what
        awk -v r="$1" '{print $r / $1}' results/throughput.txt | median | awk -v c="$connections" -v n="$3" '{printf "  %d connections, %s: %.2f of plain", c, n, $1}'
        awk -v c="$2" '{print $2 / $c}' results/throughput.txt | median | awk '{printf " (by CPU time %.2f)\n", $1}'
    done
    awk '{print $1}' results/throughput.txt | median | sed 's/^/  plain, a second: /'
    [ "$connections" -gt 64 ] || python3 4-throughput/botoload.py 127.0.0.1 8772 "$connections" 2000 2>/dev/null | sed 's/^/  boto3 threads, a second: /' || true
    [ ! -x bin/goload ] || bin/goload 127.0.0.1 8772 "$connections" "$requests" | sed "s/^/  Go's SDK v2, a second: /"
done

if [ ! -x /usr/sbin/nginx ]; then
    echo "start-up over https: not measured (apt-get install nginx-light)"
    exit 0
fi
echo "start-up over https (goal: at most 0.45 of the floor that reads the whole CA bundle)"
tls=$PWD/data/tls
mkdir -p "$tls/certs"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=test-ca -keyout "$tls/ca.key" -out "$tls/ca.pem" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout "$tls/s.key" -out "$tls/s.csr" 2>/dev/null
openssl x509 -req -in "$tls/s.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial -days 30 \
    -extfile <(echo subjectAltName=DNS:localhost,IP:127.0.0.1) -out "$tls/s.pem" 2>/dev/null
cat /etc/ssl/certs/ca-certificates.crt "$tls/ca.pem" >"$tls/bundle.pem"
cp -L /etc/ssl/certs/*.pem "$tls/certs/"
cp "$tls/ca.pem" "$tls/certs/test-ca.pem"
openssl rehash "$tls/certs" >/dev/null 2>&1
cat >"$tls/nginx.conf" <<CONF
worker_processes 1; daemon off; pid $tls/nginx.pid; error_log $tls/error.log; events { worker_connections 256; }
http { access_log off; client_body_temp_path $tls/b; proxy_temp_path $tls/p; fastcgi_temp_path $tls/f; uwsgi_temp_path $tls/u;
  scgi_temp_path $tls/s; upstream u { server 127.0.0.1:8771; keepalive 16; }
  server { listen 127.0.0.1:8443 ssl; ssl_certificate $tls/s.pem; ssl_certificate_key $tls/s.key; ssl_protocols TLSv1.2 TLSv1.3;
    location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; } } }
CONF
/usr/sbin/nginx -c "$tls/nginx.conf" 2>/dev/null &
sleep 0.7
# The floor and the Python clients read the bundle, lunami a hashed directory like /etc/ssl/certs.
export SCHEME=https CAFILE=$tls/bundle.pem AWS_CA_BUNDLE=$tls/certs
startup https https://127.0.0.1:8443 8443
