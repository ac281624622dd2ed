#!/usr/bin/env bash
# A folder is a layer; includes point down only. The table is that of docs/architecture.md.
cd "$(dirname "$0")/../.." || exit 1
status=0
rule() { # layer, layers that it may include, outside headers that it may include
    local layer=$1 own=$2 outside=$3 bad
    bad=$(grep -nE '^#include "' runtime/"$layer"/*.[ch] | grep -vE "#include \"($own)/" || true)
    [ -z "$bad" ] || { echo "$bad"; status=1; }
    bad=$(grep -nE '^#include <(lua|lauxlib|lualib|openssl|libxml|jansson|curl|sqlite3|microhttpd|editline|histedit)' runtime/"$layer"/*.[ch] |
        grep -vE "#include <($outside)" || true)
    [ -z "$bad" ] || { echo "$bad"; status=1; }
}
rule base 'base' 'nothing'
rule aws 'base|aws' 'openssl|libxml|jansson'
rule net 'base|net' 'curl|openssl/ssl'
rule client 'base|aws|net|client' 'openssl/crypto'
rule bind 'base|aws|net|client|bind' 'lua|lauxlib'
rule cloud 'base|aws|cloud' 'sqlite3|microhttpd|openssl|jansson'
rule host 'base|aws|net|client|bind|cloud|host' 'lua|lauxlib|lualib|histedit'
exit $status
