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

echo 'image "ami-0a000000000000002":copy { name = "never", key = "default" }:wait()' | recipe
ok "a deadline is of virtual time too: 75" lunami 75 run --local --virtual --timeout 60s "$work/recipe.lua"
ok "--virtual needs --local" lunami 2 run --virtual "$work/recipe.lua"
ok "and says so" err "--virtual goes with --local"
ok "--instant is another time" lunami 2 run --local --virtual --instant "$work/recipe.lua"
ok "--pace has two values" lunami 2 run --local --pace slow "$work/recipe.lua"
ok "a seed is a whole number" lunami 2 serve --seed 0.5
echo "1..$n"
