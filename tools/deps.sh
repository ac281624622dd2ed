#!/bin/sh
# Install what is missing from Debian's packages, saying what; without root, say which are missing.
set -eu
want="gcc make pkg-config libcurl4-openssl-dev libssl-dev libxml2-dev libjansson-dev libsqlite3-dev
libmicrohttpd-dev libedit-dev liblua5.4-dev liblua5.3-dev liblua5.2-dev liblua5.1-0-dev lua5.4 lua5.3 lua5.2 lua5.1 luajit
luarocks lua-busted lua-check libcmocka-dev clang libclang-rt-14-dev clang-format valgrind universal-ctags
python3-boto3 python3-pyte e2fsprogs mandoc zsh fish awscli packer ansible libc6-dev ca-certificates binutils git curl"
case "${1-}" in
run) want="gcc make pkg-config libc6-dev libcurl4-openssl-dev libssl-dev libxml2-dev libjansson-dev libsqlite3-dev
libmicrohttpd-dev libedit-dev liblua5.4-dev ca-certificates" ;;
esac
missing=
for package in $want; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "lunami: missing Debian packages:$missing"
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=sudo
else
    echo "lunami: install them, or run this as root or with sudo: apt-get install$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends $missing
