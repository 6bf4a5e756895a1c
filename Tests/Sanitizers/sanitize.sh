#!/bin/bash
# Runs tests under a sanitizer: sanitize.sh address|thread [what `swift test` takes].
#
# Each has a build of its own in .build/asan and .build/tsan. A report ends the run with an error, whatever the tests say.
set -euo pipefail
cd "$(dirname "$0")/../.."
sanitizer=$1
shift

# Swift's crash handler waits for ever under a sanitizer.
export SWIFT_BACKTRACE=enable=no

# Twice is enough of what the suite does twenty times in search of bad luck.
export LEDGER_KILLS=2 POOL_KILLS=2 TWO_POOLS_KILLS=1

# Without a choice: everything under the address sanitizer, but for what holds the pool's work against the clock (an attack, a disk that it
# must fill) and for the faked clock, whose library and the sanitizer's wait for each other; under the thread sanitizer, whose programs are ten
# times as slow, the tests in which threads meet.
case $sanitizer in
address)
    build=.build/asan
    [ $# -gt 0 ] || set -- --skip 'AttackTests|fullDisk|clockSteps'
    # Swift hides pointers in reference counts from the leak check.
    export ASAN_OPTIONS=detect_leaks=0:exitcode=66
    ;;
thread)
    build=.build/tsan
    [ $# -gt 0 ] || set -- --filter 'StratumTests|PoolTests|HTTPTests|AccountingTests'
    export TSAN_OPTIONS=exitcode=66
    ;;
*)
    echo "sanitize.sh address|thread" >&2
    exit 2
    ;;
esac

swift build --build-tests --sanitize="$sanitizer" --scratch-path $build

if [ "$sanitizer" = thread ]; then
    clang -O1 -g -Wall -fPIC -shared -o $build/mutex.so Tests/Sanitizers/mutex.c -ldl
    export LD_PRELOAD=$PWD/$build/mutex.so
fi
# One after the other: what starves for a processor runs out of time.
exec swift test --skip-build --no-parallel --sanitize="$sanitizer" --scratch-path $build "$@"
