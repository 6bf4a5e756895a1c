#!/bin/sh
# Compiles the hashing kernels for this machine and for 64-bit ARM and runs their self-test, the latter under qemu-aarch64.
# Installs nothing: what is missing is named and skipped. On Debian: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
flags="-std=gnu17 -O3 -fno-strict-aliasing -Wall -Wextra -Wno-unknown-pragmas -ISources/CHashing/include"

${CC:-clang} $flags Sources/CHashing/*.c Tests/Kernels/selftest.c -o "$out/native"
echo "native:"
"$out/native"

if ! command -v aarch64-linux-gnu-gcc >/dev/null; then
    echo "skipped: ARM kernels, for want of aarch64-linux-gnu-gcc"
    exit 0
fi
aarch64-linux-gnu-gcc $flags -static Sources/CHashing/*.c Tests/Kernels/selftest.c -o "$out/arm-gcc"
# The package itself is compiled by clang: it makes the objects here too, the cross linker puts them together.
built="arm-gcc"
if command -v clang >/dev/null; then
    for file in Sources/CHashing/*.c Tests/Kernels/selftest.c; do
        clang --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include $flags -c "$file" -o "$out/$(basename "$file" .c).o"
    done
    aarch64-linux-gnu-gcc -static "$out"/*.o -o "$out/arm-clang"
    built="$built arm-clang"
fi
if ! command -v qemu-aarch64 >/dev/null; then
    echo "compiled for ARM; skipped: running, for want of qemu-aarch64"
    exit 0
fi
for program in $built; do
    echo "$program under qemu-aarch64:"
    qemu-aarch64 -cpu max "$out/$program"
done
