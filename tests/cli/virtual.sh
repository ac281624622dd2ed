#!/usr/bin/env bash
# Virtual time: hours in milliseconds, the same each time. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/cli/lib/tap.sh

recipe <<'LUA'
local copies = each({ "us-east-1", "eu-west-1", "us-west-2", "ap-south-1", "sa-east-1", "eu-north-1" }, function(region)
  local made = image "ami-0a000000000000002":copy { name = "golden-" .. region, key = "default", region = region }
  sleep(3600)
  return made:wait()
end)
sleep(6 * 3600)
for _, made in ipairs(copies) do print(made.id, made.state) end
LUA
once() { # SEED FILE...
    "$lunami" run --local --virtual --seed "$1" --verbose --run-id same "$work/recipe.lua" >"$2" 2>"$2.log"
}
ok "seven hours, six regions" once 1 "$work/a"
ok "all is done" [ "$(grep -c available "$work/a")" = 6 ]
ok "again" once 1 "$work/b"
ok "with the same ids" cmp "$work/a" "$work/b"
ok "and the same requests in the same order" cmp "$work/a.log" "$work/b.log"
ok "another seed" once 2 "$work/b"
ok "has other ids" no cmp -s "$work/a" "$work/b"

cat >"$work/plan.json" <<'JSON'
{ "seed": 5, "rules": [
  { "action": "CopyImage", "nth": 2, "fault": "reset", "when": "after" },
  { "action": "CopyImage", "nth": 3, "fault": "throttle" },
  { "action": "Describe*", "probability": 0.2, "fault": "error", "code": "Unavailable", "status": 503 },
  { "action": "Describe*", "fault": "lag", "seconds": 20 },
  { "service": "kms", "nth": 2, "fault": "latency", "seconds": 90 } ] }
JSON
faulty() { # FILE
    rm -f "$1.log"
    "$lunami" run --local --virtual --seed 1 --run-id same --faults "$work/plan.json" --log "$1.log" "$work/recipe.lua" >"$1" 2>"$work/err"
}
ok "with faults" faulty "$work/c"
ok "all is done all the same" [ "$(grep -c available "$work/c")" = 6 ]
ok "the plan was met" grep -q '"fault":"reset"' "$work/c.log"
ok "again" faulty "$work/d"
ok "with the same log" cmp "$work/c.log" "$work/d.log"
echo '{ "rules": [ { "fault": "typo" } ] }' >"$work/plan.json"
ok "a plan that is wrong" no faulty "$work/c"
ok "is refused by its rule and member" err "rule 1: fault: one of"
echo '{ "rules": [ { "fault": "repeat" } ] }' >"$work/plan.json"
echo 'for _ = 1, 5 do print(#images {}) end' >"$work/five.lua"
ok "an answer that comes twice does not hold virtual time" lunami 0 run --local --virtual --faults "$work/plan.json" "$work/five.lua"
ok "a plan that is missing" lunami 1 run --local --faults "$work/none.json" "$work/recipe.lua"

echo 'image "ami-0a000000000000002":copy { name = "never", key = "default" }:wait()' | recipe
ok "a deadline is of virtual time too: 75" lunami 75 run --local --virtual --timeout 60s "$work/recipe.lua"
ok "--virtual needs --local" lunami 2 run --virtual "$work/recipe.lua"
ok "and says so" err "--virtual goes with --local"
ok "--instant is another time" lunami 2 run --local --virtual --instant "$work/recipe.lua"
ok "--pace has two values" lunami 2 run --local --pace slow "$work/recipe.lua"
ok "a seed is a whole number" lunami 2 serve --seed 0.5
echo "1..$n"
