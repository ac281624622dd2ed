#!/usr/bin/env bash
# No function over 80 lines, no C file over 500; data tables are no functions.
cd "$(dirname "$0")/../.." || exit 1
long=$(ctags -x --c-kinds=f --_xformat='%N %F %n %e' runtime/*/*.c | awk '$4 - $3 + 1 > 80 {print $2 ":" $3 " " $1 " " $4 - $3 + 1 " lines"}')
files=$(wc -l runtime/*/*.c lua/lunami/*.lua lua/lunami/*/*.lua | awk '$2 != "total" && $1 > 500 {print $2 " " $1 " lines"}')
printf '%s\n%s\n' "$long" "$files" | grep . && exit 1
exit 0
