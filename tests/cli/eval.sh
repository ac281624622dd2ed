#!/usr/bin/env bash
# One line and its result, results as JSON, what shells and man are given. TAP.
cd "$(dirname "$0")/../.." || exit 1
. tests/cli/lib/tap.sh
json() { # EXPRESSION: of the document on standard output, as Python writes it
    /usr/bin/python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$work/out" "$1" 2>&1
}
local_eval() { lunami "$1" eval --local --instant "${@:2}"; }

ok "an expression's result is printed" local_eval 0 'image "ami-0a000000000000003".name'
ok "by itself" [ "$(cat "$work/out")" = web-encrypted ]
ok "statements run" local_eval 0 'local x = 6 return x * 7'
ok "and return" [ "$(cat "$work/out")" = 42 ]
ok "what was started is waited for" local_eval 0 'image "ami-0a000000000000002":copy { name = "evaluated" }'
ok "and shown" out available
ok "no expression" lunami 2 eval --local
ok "two of them" lunami 2 eval --local images '{}'
ok "are told" err "one expression expected, in quotes"
ok "a syntax error" local_eval 2 '1 +'
ok "an error of AWS's" local_eval 1 'image "ami-0b000000000000001"'

ok "an image as JSON" local_eval 0 --json 'image "ami-0a000000000000003"'
ok "has AWS's fields and its own" [ "$(json '[d[k] for k in ("type", "id", "name", "state", "encrypted", "region")]')" = \
    "['image', 'ami-0a000000000000003', 'web-encrypted', 'available', True, 'us-east-1']" ]
ok "with its snapshots' keys" [ "$(json 'd["snapshots"][0]["key"]')" = arn:aws:kms:us-east-1:000000000001:key/00000000-0000-4000-8000-000000000001 ]
ok "the option may follow" local_eval 0 'images { name = "none" }' --json
ok "an empty list is a list" [ "$(cat "$work/out")" = '[]' ]
ok "nothing is null" local_eval 0 --json 'nil'
ok "and nothing else" [ "$(cat "$work/out")" = null ]
ok "tags are a map" local_eval 0 --json 'volume.create { size = 1, zone = "us-east-1a", tags = { team = "web" } }:wait().tags'
ok "of a thing, too" local_eval 0 --json 'volume.create { size = 1, zone = "us-east-1a", tags = { team = "web" } }:wait()'
ok "by name" [ "$(json 'd["tags"]["team"], d["type"], d["size"]')" = "('web', 'volume', 1)" ]
ok "text is escaped" local_eval 0 --json '{ "a\27\"\\\n\255é", 0/0, 2^53, 1.5, 3.0, [6] = 1 }'
ok "and is JSON" [ -n "$(json 'd')" ]
ok "the account" local_eval 0 --json 'account()'
ok "has no secrets or sessions" [ "$(json 'sorted(d)')" = "['default_key', 'encryption_by_default', 'id', 'region', 'type']" ]
ok "an error is JSON, too" local_eval 1 --json 'image "ami-0b000000000000001"'
ok "with its code" [ "$(json 'd["error"]["code"], d["error"]["kind"]')" = "('InvalidAMIID.NotFound', 'other')" ]
ok "and a line for people" err "there is no image ami-0b000000000000001"
echo 'print "aside" return { found = #images {} }' | recipe
ok "run --json" lunami 0 run --local --instant --json "$work/recipe.lua"
ok "has the result alone on standard output" [ "$(cat "$work/out")" = '{"event":"result","result":{"found":11}}' ]
ok "and what was printed beside it" err aside
echo 'local t = {} t.t = t return t' | recipe
ok "what has no end" lunami 1 run --local --json "$work/recipe.lua"
ok "is refused" err "nested too deep"
ok "with an error as its last event" out '{"error":{"code":"TooLarge"'
events() { # EXPRESSION: of the list of events e on standard output, as Python writes it
    /usr/bin/python3 -c 'import json, sys; e = [json.loads(x) for x in open(sys.argv[1])]; print(eval(sys.argv[2]))' "$work/out" "$1" 2>&1
}
cat >"$work/recipe.lua" <<'END'
local copy = image "ami-0a000000000000002":copy { name = "events" }
volume.create { size = 1, zone = "us-east-1a" }
if arg[1] then error(arg[1], 0) end
return copy
END
ok "a run that waits" lunami 0 run --local --speed 4 --json --run-id told --state "$work/told" "$work/recipe.lua"
ok "ends with its result" [ "$(events 'e[-1]["event"], e[-1]["result"]["type"], e[-1]["result"]["name"]')" = "('result', 'image', 'events')" ]
ok "tells once what is ready" [ "$(events 'sorted((x["kind"], x["state"], x["region"]) for x in e if x["event"] == "ready")')" = \
    "[('image', 'available', 'us-east-1'), ('volume', 'available', 'us-east-1')]" ]
ok "and how far it is" [ "$(events 'all(x["waiting"] >= 1 and x["slowest"][0]["id"] for x in e if x["event"] == "progress") and e[0]["event"]')" = progress ]
ok "at most once a second" [ "$(events '1 <= sum(x["event"] == "progress" for x in e) <= 30')" = True ]
ok "again" lunami 0 run --local --instant --json --run-id told --state "$work/told" "$work/recipe.lua"
ok "tells what was made before" [ "$(events 'sorted(x["kind"] for x in e if x["event"] == "found")')" = "['image']" ]
ok "an error" lunami 2 run --local --speed 0.1 --json "$work/recipe.lua" wrong
ok "is the last event, after what goes on and what is left" [ "$(events '[(x["event"], x.get("kind")) for x in e if x["event"] != "progress"], e[-1]["error"]["message"]')" = \
    "([('unfinished', 'image'), ('unfinished', 'volume'), ('left', 'image'), ('left', 'volume'), ('error', None)], 'wrong')" ]
cat >"$work/recipe.lua" <<'END'
local theirs = session { region = "us-east-1", endpoint_url = arg[1], access_key_id = "LOCAL000000000002",
  secret_access_key = "local" }
local said = '{ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::%s:root" }, "Action": "kms:%s", "Resource": "*" }'
local key = theirs.key.create { policy = '{ "Version": "2012-10-17", "Statement": [' ..
  said:format("000000000002", "*") .. "," .. said:format("000000000001", "DescribeKey") .. "] }" }
image "ami-0a000000000000002":copy { name = "late", key = key.arn }
END
"$lunami" serve --port 0 --instant >"$work/served" 2>/dev/null &
serving=$!
while ! grep -q stop "$work/served"; do sleep 0.05; done
url=$(sed -n 's/^lunami: serving on //p' "$work/served")
AWS_ACCESS_KEY_ID=LOCAL000000000001 AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 \
    ok "a copy that fails late" lunami 1 run --json --endpoint-url "$url" "$work/recipe.lua" "$url"
kill $serving
ok "has failed" [ "$(events '[(x["kind"], x["code"]) for x in e if x["event"] == "failed"], e[-1]["error"]["code"]')" = "([('image', 'failed')], 'failed')" ]

for shell in bash zsh fish; do
    ok "completion for $shell" lunami 0 completion $shell
    cp "$work/out" "$work/completion.$shell"
    # A shell that is not installed is no reason to fail.
    ! command -v $shell >/dev/null || ok "which $shell can read" $shell -n "$work/completion.$shell"
done
ok "for no other shell" lunami 2 completion csh
complete_bash() { # WORDS...: what is offered for the last one
    # shellcheck disable=SC2016
    bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; _lunami; echo "${COMPREPLY[*]}"' \
        x "$work/completion.bash" "$@"
}
ok "bash: commands" [ "$(complete_bash lunami ser)" = serve ]
ok "bash: options of a command" [ "$(complete_bash lunami run --js)" = --json ]
ok "bash: options without a command" [ "$(complete_bash lunami --loc)" = --local ]
ok "bash: regions" [ "$(complete_bash lunami run --region us-gov-w)" = us-gov-west-1 ]
ok "bash: operands" [ "$(complete_bash lunami completion f)" = fish ]
ok "bash: nothing for a number" [ "$(complete_bash lunami run --speed x)" = "" ]
if command -v fish >/dev/null; then
    ok "fish: options of a command" [ "$(fish -c "source $work/completion.fish; complete -C 'lunami eval --jso'" | cut -f1)" = --json ]
fi
ok "the manual page" lunami 0 manual
cp "$work/out" "$work/lunami.1"
if command -v mandoc >/dev/null; then
    mandoc -T lint "$work/lunami.1" >"$work/out" 2>&1
    ok "of which mandoc has nothing to say" [ ! -s "$work/out" ]
fi
ok "names every command and option" bash -c "mandoc -T ascii '$work/lunami.1' 2>/dev/null | col -b | grep -q -- --endpoint-url"
ok "help of a command by its option" lunami 0 run --help
ok "lists its options" out "--json"
echo "1..$n"
