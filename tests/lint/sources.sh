#!/usr/bin/env bash
# runtime/sources.mk names every C file of the tree; the rockspec names the core's and the library's.
cd "$(dirname "$0")/../.." || exit 1
status=0
listed=$(grep -oE 'runtime/[a-z_/0-9]+\.c' runtime/sources.mk | sort)
there=$(ls runtime/*/*.c | sort)
diff <(echo "$listed") <(echo "$there") || status=1
core=$(echo "$there" | grep -vE 'runtime/(cloud|host)/')
rock=$(grep -oE '"runtime/[a-z_/0-9]+\.c"' rockspec/*.rockspec | tr -d '"' | sort)
diff <(echo "$core") <(echo "$rock") || status=1
lua=$(find lua/lunami -name '*.lua' -not -path '*/host/*' | sort)
rock=$(grep -oE '"lua/lunami/[a-z_/]+\.lua"' rockspec/*.rockspec | tr -d '"' | sort)
diff <(echo "$lua") <(echo "$rock") || status=1
exit $status
