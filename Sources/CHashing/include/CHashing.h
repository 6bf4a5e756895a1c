#pragma once
// SHA-256 kernels, one instruction set per file, chosen at run time.
#include <stddef.h>
#include <stdint.h>

/// Compresses `count` 64-byte blocks, at any alignment, into `state` (H0…H7 as numbers).
void hashing_compress(uint32_t *state, const void *blocks, size_t count);
