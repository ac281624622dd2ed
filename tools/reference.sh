#!/bin/sh
# Write reference.md and luals/lunami.lua into a folder, from the rows. usage: tools/reference.sh FOLDER
set -eu
folder=$1
cd "$(dirname "$0")/.."
mkdir -p "$folder/luals"
LUA_PATH="$PWD/lua/?.lua;$PWD/lua/?/init.lua;;" LUA_CPATH="$PWD/build/lua5.4/?.so;;"
export LUA_PATH LUA_CPATH
lua5.4 tools/reference.lua reference >"$folder/reference.md"
lua5.4 tools/reference.lua annotations >"$folder/luals/lunami.lua"
