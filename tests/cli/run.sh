#!/usr/bin/env bash
# The program as a user types it: exit statuses, messages, signals, state. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/cli/lib/tap.sh
err_line() { [ "$(grep -c . "$work/err")" = 1 ]; }

ok "the first recipe ends well" lunami 0 run --local --instant scripts/3-encrypt.lua
ok "and shows each snapshot with its key" [ "$(grep -cE '^/dev/.* yes +alias/golden +arn:aws:kms:us-east-1:000000000001:key/' "$work/out")" = 2 ]
ok "in real time it waits, and says so in a pipe" lunami 0 run --local --speed 10 scripts/3-encrypt.lua
ok "a line of progress" err "waiting: ami-"

echo 'return imgae "x"' | recipe
ok "an unknown name is the recipe's mistake" lunami 2 run --local "$work/recipe.lua"
ok "blamed on its line, with a suggestion" err "$work/recipe.lua:1: unknown name 'imgae' (did you mean 'image'?)"
printf '\nreturn image "ami-0a000000000000002":copy { nmae = "x" }\n' | recipe
ok "an unknown option" lunami 2 run --local "$work/recipe.lua"
ok "is blamed on its line" err "$work/recipe.lua:2: image.copy: unknown option 'nmae' (did you mean 'name'?)"
ok "in one line, without a traceback" err_line
ok "unless asked for" lunami 2 run --local --traceback "$work/recipe.lua"
ok "a traceback" err "stack traceback"
printf '#!/usr/bin/env lunami\nlocal x = 1 +\n' | recipe
ok "a syntax error, with lines as they are in the file" lunami 2 run --local "$work/recipe.lua"
ok "says where" err "$work/recipe.lua:3:"
printf '\27Lua' >"$work/recipe.lua"
ok "bytecode is refused" lunami 2 run --local "$work/recipe.lua"
echo 'return image "ami-0a000000000000002":copy { name = "abc", key = "alias/retired" }' | recipe
ok "a disabled key fails before anything is sent" lunami 1 run --local "$work/recipe.lua"
ok "with the remedy" err ":enable() in us-east-1"
echo 'return image "ami-0b000000000000001"' | recipe
ok "an unknown id" lunami 1 run --local "$work/recipe.lua"
ok "is named" err "there is no image ami-0b000000000000001 in us-east-1"
echo 'print(arg[0] ~= nil, arg[1], ...)' | recipe
ok "arguments arrive" lunami 0 run --local "$work/recipe.lua" one two
ok "in arg and ..." out "true	one	one	two"
echo 'return image "ami-0a000000000000002":copy { name = "slow", key = "alias/golden" }' | recipe
ok "not finished in the time given: 75" lunami 75 run --local --speed 0.1 --timeout 1s "$work/recipe.lua"
ok "with how to go on" err "goes on at AWS; to wait for it"
ok "a missing recipe is a mistake of the command line" lunami 2 run --local "$work/none.lua"
ok "as is an unknown option" lunami 2 run --lcoal x.lua
ok "with a suggestion" err "did you mean '--local'?"
ok "and an unknown command" lunami 2 rnu
ok "with one, too" err "did you mean 'run'?"
ok "help" lunami 0 help
ok "names the exit statuses" out "not finished in the time given"
ok "help run" lunami 0 help run
ok "lists the options" out "--endpoint-url"
ok "version" lunami 0 version
ok "without an account" lunami 1 run scripts/3-encrypt.lua
ok "the remedy is said" err "lunami run --local"

interrupted() { # SIGNAL STATUS
    "$lunami" run --local --speed 0.05 "$work/recipe.lua" >"$work/out" 2>"$work/err" &
    local pid=$!
    for _ in $(seq 100); do grep -q waiting "$work/err" && break; sleep 0.02; done
    kill -"$1" $pid
    wait $pid
    [ $? = "$2" ]
}
echo 'return image "ami-0a000000000000002":copy { name = "slow", key = "alias/golden" }' | recipe
ok "SIGTERM ends a wait with 143" interrupted TERM 143
ok "and names what goes on" err "goes on at AWS"
echo 'io.stderr:write "waiting\n" while true do end' | recipe
ok "SIGTERM ends a loop that never waits" interrupted TERM 143

serve() { # wait for the served cloud's URL
    "$lunami" serve "$@" >"$work/serve" 2>"$work/err" &
    server=$!
    for _ in $(seq 100); do grep -q '^lunami: serving on http://127.0.0.1:' "$work/serve" && break; sleep 0.02; done
    url=$(sed -n 's/^lunami: serving on //p' "$work/serve")
}
export AWS_ACCESS_KEY_ID=LOCAL000000000001 AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1
serve --state "$work/state" --instant
ok "serve says where, first" [ -n "$url" ]
echo 'local i = image { name = "golden-2026-11" }:copy { name = "kept", key = "alias/golden" }:wait() print(i.id)' | recipe
ok "a served cloud answers" lunami 0 run --endpoint-url "$url" "$work/recipe.lua"
id=$(cat "$work/out")
ok "a second process cannot have the folder" lunami 1 serve --state "$work/state"
ok "and says why" err "in use by another lunami"
kill -9 $server
wait $server 2>/dev/null
serve --state "$work/state" --instant
echo "print(image('$id').state)" | recipe
ok "what was acknowledged survives kill -9" lunami 0 run --endpoint-url "$url" "$work/recipe.lua"
ok "whole" out available
printf '[profile other]\naws_access_key_id = LOCAL000000000002\naws_secret_access_key = local\n' >"$work/config"
echo 'local theirs = session { profile = "other" } print(theirs.call("sts", "GetCallerIdentity", {}).account)' | recipe
AWS_CONFIG_FILE=$work/config ok "--endpoint-url holds for a profile's session" lunami 0 run --endpoint-url "$url" "$work/recipe.lua"
ok "with its own account" out 000000000002
AWS_CONFIG_FILE=$work/config ok "so does --local" lunami 0 run --local "$work/recipe.lua"
ok "there, too" out 000000000002
code() { curl -s -o "$work/out" -w '%{http_code}' "$@"; }
ok "a Host that is not loopback is refused" [ "$(code -H 'Host: evil.example' "$url/")" = 403 ]
ok "an Origin is refused" [ "$(code -H 'Origin: http://evil.example' "$url/")" = 403 ]
ok "an unsigned request is refused" [ "$(code -d 'Action=DescribeImages&Version=2016-11-15' "$url/")" = 403 ]
ok "with AWS's code" out MissingAuthenticationToken
kill $server
wait $server
ended=$?
ok "SIGTERM ends serve with 0" [ $ended = 0 ]
# Before it has said a word: nobody reads the pipe, which is full.
mkfifo "$work/full"
exec 7<>"$work/full"
head -c 65536 /dev/zero >&7
"$lunami" serve --state "$work/early" >&7 2>"$work/err" &
server=$!
until [ -s "$work/early/state.db" ]; do sleep 0.02; done
kill $server
head -c 65536 <&7 >"$work/out"
wait $server
ended=$?
exec 7>&-
ok "an early SIGTERM does, too, without a word" [ "$ended$(cat "$work/err")" = 0 ]
export AWS_SECRET_ACCESS_KEY=planted-secret-value
AWS_ENDPOINT_URL=http://127.0.0.1:1 lunami 1 run --verbose "$work/recipe.lua"
ok "no secret in any output" bash -c "! grep -q planted-secret-value '$work/out' '$work/err'"
echo "1..$n"
