# What the tests of the program share: its path, a folder to work in, TAP lines, looks at what it printed.
# shellcheck shell=bash
lunami=${LUNAMI_BIN:-$PWD/build/lunami}
work=$(mktemp -d)
# A program in the background that is killed before its exec is still this script, with its trap: the folder is not that one's.
trap '[ "$BASHPID" != $$ ] || rm -rf "$work"' EXIT
n=0
ok() { # NAME CONDITION...
    n=$((n + 1))
    local name=$1
    shift
    if "$@"; then echo "ok $n - $name"; else
        echo "not ok $n - $name"
        sed 's/^/  # /' "$work/out" "$work/err" "$work/calls" 2>/dev/null | head -40
    fi
}
# lunami STATUS ARGUMENTS...: keep its output, compare the status
lunami() {
    local wanted=$1
    shift
    timeout 120 "$lunami" "$@" >"$work/out" 2>"$work/err"
    [ $? = "$wanted" ]
}
recipe() { cat >"$work/recipe.lua"; }
out() { grep -qF -- "$1" "$work/out"; }
err() { grep -qF -- "$1" "$work/err"; }
no() { ! "$@"; }
