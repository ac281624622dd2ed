#!/usr/bin/env bash
# The rock builds, installs and loads on every Lua, exports one symbol, and asks for no other rock. TAP.
set -u
cd "$(dirname "$0")/.."
work=$(mktemp -d)
# A program in the background that is killed before its exec is still this script, with its trap: the folder is not that one's.
trap '[ "$BASHPID" != $$ ] || rm -rf "$work"' EXIT
n=0
check() {
    n=$((n + 1))
    local name=$1
    shift
    if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name"; fi
}
git ls-files -z --cached --others --exclude-standard runtime lua rockspec | xargs -0 cp --parents -t "$work"
cd "$work" || exit 1
build() { luarocks --lua-version "$1" --tree "$work/tree$1" make rockspec/lunami-scm-1.rockspec >"$work/log$1" 2>&1 || { tail "$work/log$1"; false; }; }
load() {
    env LUA_PATH="$work/tree$2/share/lua/$2/?.lua;$work/tree$2/share/lua/$2/?/init.lua" LUA_CPATH="$work/tree$2/lib/lua/$2/?.so" \
        "$1" -e 'local l = require "lunami"; assert(l._VERSION and l.image and l.session)'
}
one_symbol() { [ "$(nm -D --defined-only "$work/tree$1/lib/lua/$1/lunami/core.so" | awk '$2 ~ /[TDBR]/ {print $3}')" = luaopen_lunami_core ]; }
for v in 5.1 5.2 5.3 5.4; do
    check "the rock builds for Lua $v" build $v
    check "require works on Lua $v" load lua$v $v
    check "one exported symbol on Lua $v" one_symbol $v
done
check "require works on LuaJIT" load luajit 5.1
check "no other rock is needed" bash -c "[ \"\$(ls $work/tree5.4/lib/luarocks/rocks-5.4 | grep -v manifest)\" = lunami ]"
echo "1..$n"
