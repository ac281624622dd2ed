#!/usr/bin/env bash
# Every test there is; logs under build/test; the last line counts.
set -u
cd "$(dirname "$0")/.."
export LUNAMI_VECTORS="${LUNAMI_VECTORS:-$PWD/../shared/vectors}"
export LC_ALL=C.UTF-8
log=build/test
rm -rf "$log"
mkdir -p "$log"
unset AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL
export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null

# step NAME COMMAND...: run it, count its TAP lines; a command that fails without a "not ok" is one failure.
step() {
    local name=$1 status ok bad skip
    shift
    "$@" >"$log/$name.log" 2>&1
    status=$?
    ok=$(grep -cE '^ok ' "$log/$name.log")
    bad=$(grep -cE '^not ok ' "$log/$name.log")
    skip=$(grep -cE '^ok .*# [Ss][Kk][Ii][Pp]' "$log/$name.log")
    ok=$((ok - skip))
    if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$ok" = 0 ]; }; then
        bad=1
        echo "$name: ended with status $status after $ok tests"
        tail -n 15 "$log/$name.log"
    fi
    grep -A8 -E '^not ok ' "$log/$name.log" | sed "s/^/$name: /"
    echo "$ok $bad $skip" >>"$log/counts"
    printf '%-32s %s passed, %s failed\n' "$name" "$ok" "$bad"
}

# Serve the local cloud for a step; its URL is in LUNAMI_URL.
cloud_up() {
    build/lunami serve --port 0 --memory --instant >"$log/serve.out" 2>"$log/serve.err" &
    cloud=$!
    for _ in $(seq 100); do
        LUNAMI_URL=$(sed -n 's/^lunami: serving on //p' "$log/serve.out")
        [ -n "$LUNAMI_URL" ] && break
        sleep 0.05
    done
    export LUNAMI_URL
}
cloud_down() {
    kill "$cloud" 2>/dev/null
    wait "$cloud" 2>/dev/null
}

run_units() {
    local program status=0
    for program in "$1"/*; do
        [ -x "$program" ] && [ -f "$program" ] || continue
        case $program in *.d | *.o) continue ;; esac
        CMOCKA_MESSAGE_OUTPUT=TAP ${2-} "$program" || status=1
    done
    return $status
}

spec() {
    local lua=$1 module=$2
    LUA_PATH="$PWD/lua/?.lua;$PWD/lua/?/init.lua;$PWD/tests/spec/?.lua;/usr/share/lua/$module/?.lua;/usr/share/lua/$module/?/init.lua;;" \
        LUA_CPATH="$PWD/build/lua$module/?.so;/usr/lib/x86_64-linux-gnu/lua/$module/?.so;;" \
        "$lua" tests/spec/run.lua -o TAP --pattern=_spec tests/spec
}

build_all() {
    make -j"$(nproc)" all unit modules && make -j"$(nproc)" asan fuzz build/san/lunami
}

fuzz() {
    local program n=0
    for program in build/fuzz/*; do
        [ -x "$program" ] && [ -f "$program" ] || continue
        n=$((n + 1))
        if "$program" -max_total_time="${FUZZ_SECONDS:-4}" -max_len=4096 -verbosity=0 -artifact_prefix=build/test/ 2>&1; then
            echo "ok $n - $(basename "$program")"
        else
            echo "not ok $n - $(basename "$program")"
        fi
    done
}

# Two lanes side by side: what runs on the module and the local cloud, and what runs the programs, also under the
# sanitizers and valgrind.
clouds() {
    local pair t
    cloud_up
    for pair in lua5.1:5.1 lua5.2:5.2 lua5.3:5.3 lua5.4:5.4 luajit:5.1; do
        step "spec-${pair%%:*}" spec "${pair%%:*}" "${pair##*:}"
    done
    LUNAMI_GC=stress step spec-collector spec lua5.4 5.4
    for t in tests/cloud/*.py; do
        step "cloud-$(basename "$t" .py)" /usr/bin/python3 "$t"
    done
    cloud_down
    step rock bash tests/rock.sh
    touch "$log/clouds.done"
}

programs() {
    local t
    step unit run_units build/unit
    TORTURE_STEP=7 step unit-sanitized run_units build/unit-san
    TORTURE_STEP=97 step unit-valgrind run_units build/unit "valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite"
    for t in tests/cli/*.sh; do
        step "cli-$(basename "$t" .sh)" bash "$t"
    done
    for t in tests/prompt/*.py; do
        step "prompt-$(basename "$t" .py)" /usr/bin/python3 "$t"
    done
    step docs /usr/bin/python3 tests/docs.py
    export LUNAMI_BIN=$PWD/build/san/lunami ASAN_OPTIONS=detect_leaks=1
    for t in tests/cli/*.sh; do
        step "cli-$(basename "$t" .sh)-sanitized" bash "$t"
    done
    for t in tests/prompt/*.py; do
        SLOW=4 step "prompt-$(basename "$t" .py)-sanitized" /usr/bin/python3 "$t"
    done
    step cloud-secrets-sanitized /usr/bin/python3 tests/cloud/client_secrets.py
    step fuzz fuzz
}

step build bash -c "$(declare -f build_all); build_all && echo ok 1 - built with warnings as errors"
step lint tests/lint/all.sh
clouds &
programs
wait
if [ ! -e "$log/clouds.done" ]; then
    echo "the lane of the clouds ended early"
    echo "0 1 0" >>"$log/counts"
fi
summary=$(awk '{ok += $1; bad += $2; skip += $3} END {printf "%d passed, %d failed%s", ok, bad, (skip > 0 ? ", " skip " skipped" : "")}' "$log/counts")
echo "$summary"
[[ $summary == *" 0 failed"* ]]
