// SSE2 with the byte shuffle of SSSE3 and the unsigned minimum of SSE4.1: 4 lanes.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("sse4.1")))
#define NAME(x) hashing_##x##_sse4
#define LANES 4
// Two-operand instructions need a copy for most results: code that is a third longer outgrows the decoded-instruction cache.
#define SMALL_CODE
typedef uint32_t V __attribute__((vector_size(16)));
#define SET1(x) ((V)_mm_set1_epi32((int)(x)))
// Spreading a word over the lanes takes two instructions here, so the constants lie in memory spread already.
#define SPREAD(k) k, k, k, k,
#define CONSTANT(i) LOAD(spread_constants + 4 * (i))
#define REGISTER "x"
#define LOAD(p) (*(const V *)(p))
#define STORE(p, v) (*(V *)(p) = (v))
#define ROR(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define SHR(x, n) ((x) >> (n))
#define XOR3(x, y, z) ((x) ^ (y) ^ (z))
#define CH(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
// y ^ z is the round before's x ^ y, which the compiler keeps.
#define MAJ(x, y, z) ((y) ^ (((x) ^ (y)) & ((y) ^ (z))))
#define SWAP(v) ((V)_mm_shuffle_epi8((__m128i)(v), _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203)))
// There is no unsigned comparison, but a minimum.
#define AT_MOST(v, limit) at_most((__m128i)(v), limit)

static inline __attribute__((always_inline)) TARGET uint32_t at_most(__m128i v, uint32_t limit) {
    __m128i smaller = _mm_min_epu32(v, _mm_set1_epi32((int)limit));
    return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(smaller, v)));
}

#include "constants.h"
static const uint32_t spread_constants[256] __attribute__((aligned(64))) = {ROUND_CONSTANTS(SPREAD)};

#include "lanes.h"
#include "kernel.h"

KERNEL(sse4, LANES, true);
#endif
