#pragma once
// Counts what the calling thread allocates, retains and releases, and talks to valgrind. For benchmarks and tests: nothing of it is in the pool.
#include <stdint.h>

struct counting {
    uint64_t allocations, retains, releases;
};

/// 1 where retains and releases can be counted.
int counting_references(void);

/// What the calling thread has done so far.
struct counting counting_now(void);

/// 1 under valgrind.
int counting_under_valgrind(void);

/// Callgrind's counts begin at zero; callgrind writes them to a file with this remark and begins anew.
void counting_callgrind_zero(void);
void counting_callgrind_dump(const char *remark);
