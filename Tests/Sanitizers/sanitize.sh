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

# Without a choice: everything under the address sanitizer; under the thread sanitizer, whose programs are ten times as slow, the tests in
# which threads meet.
case $sanitizer in
address)
    build=.build/asan
    # Swift hides pointers in reference counts from the leak check.
    export ASAN_OPTIONS=detect_leaks=0:exitcode=66
    ;;
thread)
    build=.build/tsan
    [ $# -gt 0 ] || set -- --filter 'StratumTests|PoolTests|HTTPTests|AccountingTests'
    export TSAN_OPTIONS="exitcode=66:suppressions=$PWD/Tests/Sanitizers/thread.suppressions"
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
