#!/usr/bin/env bash
# What the compiler and the linker promised, read from the binary.
cd "$(dirname "$0")/../.." || exit 1
b=build/lunami
readelf -h $b | grep -q 'Type:.*DYN' || { echo "not position-independent"; exit 1; }
readelf -d $b | grep -q BIND_NOW || { echo "no BIND_NOW"; exit 1; }
readelf -lW $b | grep -q GNU_RELRO || { echo "no RELRO"; exit 1; }
readelf -lW $b | grep GNU_STACK | grep -q 'RW ' || { echo "executable stack"; exit 1; }
! readelf -d $b | grep -qE 'RPATH|RUNPATH' || { echo "has an RPATH"; exit 1; }
readelf -n build/host/runtime/host/main.o | grep -q 'IBT, SHSTK' || { echo "no control-flow protection"; exit 1; }
readelf -sW $b | grep -q '__stack_chk_fail' || { echo "no stack protector"; exit 1; }
readelf -sW $b | grep -q '_chk@' || { echo "no fortify"; exit 1; }
