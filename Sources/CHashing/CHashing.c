#include "CHashing.h"

void hashing_compress_scalar(uint32_t *state, const void *blocks, size_t count);

void hashing_compress(uint32_t *state, const void *blocks, size_t count) { hashing_compress_scalar(state, blocks, count); }
