#pragma once
// What a process under chaos is told, in a file that it and its tormentor have mapped.
#include <stdint.h>

struct chaos_orders {
    /// Nanoseconds that the wall clock is off.
    int64_t clock_offset;
    /// Files below the folder do not grow, as on a full disk; what they have can be written over.
    int32_t disk_is_full;
    /// Each sync takes so many milliseconds longer.
    int32_t sync_delay;
};

/// Maps the file, which is made if it is missing; NULL when that fails.
struct chaos_orders *chaos_map(const char *path);
