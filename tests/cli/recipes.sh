#!/usr/bin/env bash
# What a recipe may say about itself, and what a run does besides its body. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/cli/lib/tap.sh
run() { # STATUS ARGUMENTS...
    local wanted=$1
    shift
    lunami "$wanted" run "$@"
}

recipe <<'R'
recipe { summary = "Say it", args = {
  name = { help = "a name", required = true }, many = { help = "how many", type = "number", default = 2 },
  loud = { help = "in capitals", type = "boolean" }, where = { help = "places", type = "list" } } }
print(arg.name, arg.many, arg.loud, arg.where and #arg.where, arg[1])
R
ok "arguments" run 0 --local "$work/recipe.lua" --name x --many 3 --loud --where a,b
ok "arrive checked, by name" out "x	3	true	2	nil"
ok "in the shape name=value, too" run 0 --local "$work/recipe.lua" name=y --many=4
ok "with defaults" out "y	4	nil	nil	nil"
ok "a required one" run 2 --local "$work/recipe.lua"
ok "is asked for" err "lunami: --name is required: a name"
ok "one of the wrong type" run 2 --local "$work/recipe.lua" --name x --many few
ok "is named" err "--many must be a number, got 'few'"
ok "an unknown one" run 2 --local "$work/recipe.lua" --nmae x
ok "with a suggestion" err "unknown argument --nmae (did you mean --name?)"
ok "one without its value" run 2 --local "$work/recipe.lua" --name
ok "is told" err "--name needs a value"
ok "a word that is none" run 2 --local "$work/recipe.lua" x
ok "is told how to write it" err "unexpected argument 'x': write --name value"
ok "--help" run 0 "$work/recipe.lua" --help
ok "shows the summary" out "Say it"
ok "and each argument" out "--many number        how many (default: 2)"
echo 'recipe { summray = "x" }' | recipe
ok "a head with an unknown word" run 2 "$work/recipe.lua" --help
ok "is the recipe's mistake" err "unknown option 'summray' (did you mean 'summary'?)"
echo 'print "body" volume.create { size = 1, zone = "x" }' | recipe
ok "--help of a recipe without a head" run 0 "$work/recipe.lua" --help
ok "says so" out "it says nothing about itself"
ok "and runs nothing of it" no out body

recipe <<'R'
local made = volume.create { size = 1, zone = "us-east-1a" }:wait()
print(made.tags and made.tags["lunami:run"])
R
ok "a run's name" run 0 --local --instant --run-id nightly "$work/recipe.lua"
ok "is in its tags" out nightly
ok "--no-tags" run 0 --local --instant --no-tags "$work/recipe.lua"
ok "writes none" out nil

echo 'each({ 1, 2, 3, 4, 5, 6, 7 }, function(i)
  return image "ami-0a000000000000003":copy { name = "again-" .. i }:wait() end)' | recipe
ok "a run of seven copies" run 0 --local --instant --state "$work/again" "$work/recipe.lua"
ok "again" run 0 --local --instant --state "$work/again" "$work/recipe.lua"
ok "tells what it found" err 'lunami: found image "ami-'
ok "of many only some" [ "$(grep -c 'lunami: found image' "$work/err")" = 5 ]
ok "and how many more" err "lunami: found 2 more, made before"

recipe <<'R'
local kept = volume.create { size = 1, zone = "us-east-1a" }:wait()
scratch(volume.create { size = 2, zone = "us-east-1a" })
error("on purpose")
R
ok "a run that fails" run 2 --local --instant --verbose "$work/recipe.lua"
ok "says what it leaves behind" err 'lunami: left behind: volume "vol-'
ok "and removes what is scratch" err "ec2 DeleteVolume: 200"
ok "once" [ "$(grep -c 'left behind' "$work/err")" = 1 ]
recipe <<'R'
all { a = function() error("first", 0) end, b = function() image "ami-0a000000000000002":copy { name = "b" } sleep(30) end }
R
ok "a failed task cancels its siblings" run 2 --local --instant "$work/recipe.lua"
ok "and is reported with both places" err "in the task started at $work/recipe.lua:1"
recipe <<'R'
each({ "a", "b" }, function(name) return image "ami-0a000000000000002":copy { name = name, key = "alias/golden" } end,
  { keep_going = true })
R
ok "keep_going" run 2 --local --instant "$work/recipe.lua"
ok "reports every failure" err "also: "
echo 'each(1)' | recipe
ok "a list that is none" run 2 --local "$work/recipe.lua"

interrupted() { # SIGNAL STATUS TEXT: send it when TEXT is on standard error
    "$lunami" run --local --speed 2 --verbose "$work/recipe.lua" >"$work/out" 2>"$work/err" &
    local pid=$!
    for _ in $(seq 500); do grep -q "$3" "$work/err" && break; sleep 0.02; done
    kill -"$1" $pid
    wait $pid
    [ $? = "$2" ]
}
recipe <<'R'
local disk = scratch(volume.create { size = 1, zone = "us-east-1a" })
io.stderr:write("now\n")
sleep(60)
print(disk)
R
ok "an interrupted run ends with its status" interrupted INT 130 now
ok "having removed what was scratch" err "ec2 DeleteVolume: 200"
ok "not finished in time" run 75 --local --speed 2 --verbose --timeout 1s "$work/recipe.lua"
ok "is tidied, too" err "ec2 DeleteVolume: 200"
echo "1..$n"
