#!/bin/bash
# Fuzzes: fuzz.sh SECONDS [TARGET …], each target for so long, FUZZ_JOBS of them side by side.
#
# What a run learns stays in .build/fuzz-corpus/TARGET and is what the next one begins with, beside Tests/Fuzz/seeds. A finding leaves its input
# and its report in .build/fuzz-findings, and the script ends with 1.
set -uo pipefail
cd "$(dirname "$0")/../.."
fuzzer=.build/fuzz/release/motherlode-fuzz
corpus=.build/fuzz-corpus
findings=.build/fuzz-findings
logs=.build/fuzz-logs

# Swift's crash handler waits for ever under the address sanitizer. Its reference counts hide pointers from the leak check, so memory is
# watched by its limits instead; freed memory is held back for a short time only, or it would be most of what there is.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16:abort_on_error=0

if [ "${1:-}" = --check ]; then
    # Toolchains without it exist; so do machines without its linker.
    resources=$(swift -print-target-info 2> /dev/null | sed -n 's/.*"runtimeResourcePath": "\(.*\)",*/\1/p')
    ls "$resources"/clang/lib/linux/libclang_rt.fuzzer-*.a > /dev/null 2>&1
    exit
fi

seconds=$1
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <("$fuzzer" --targets)

# Recorded proofs, where they are at hand, are more to begin with. They stay out of the repository.
vectors=${MOTHERLODE_VECTORS:-../shared/vectors}
mkdir -p "$corpus"
[ ! -d "$vectors" ] || "$fuzzer" --vectors "$vectors" "$corpus"

fuzz() {
    local target=$1 status=0
    mkdir -p "$corpus/$target" "$findings" "$logs"
    FUZZ_TARGET=$target nice -n 19 "$fuzzer" "$corpus/$target" "Tests/Fuzz/seeds/$target" \
        -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=64 -use_value_profile=1 \
        -print_final_stats=1 -verbosity=1 -artifact_prefix="$findings/$target-" > "$logs/$target.log" 2>&1 || status=$?
    if [ $status = 0 ]; then
        echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$target.log") inputs in $seconds s, no finding"
    else
        echo "$target: a finding, its input in $(sed -n 's/.*Test unit written to //p' "$logs/$target.log"); the end of $logs/$target.log:"
        grep -a -E "Fatal error|ERROR|SUMMARY" "$logs/$target.log"
    fi
    return $status
}

failed=0
running=0
for target in "${targets[@]}"; do
    if [ $running -ge "${FUZZ_JOBS:-1}" ]; then
        wait -n || failed=1
        running=$((running - 1))
    fi
    fuzz "$target" &
    running=$((running + 1))
done
while [ $running -gt 0 ]; do
    wait -n || failed=1
    running=$((running - 1))
done
exit $failed
