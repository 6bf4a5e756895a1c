// AVX2: 8 lanes.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("avx2")))
#define NAME(x) hashing_##x##_avx2
#define LANES 8
typedef uint32_t V __attribute__((vector_size(32)));
#define SET1(x) ((V)_mm256_set1_epi32((int)(x)))
#define CONSTANT(i) SET1(hashing_k[i])
#define REGISTER "x"
#define LOAD(p) (*(const V *)(p))
#define STORE(p, v) (*(V *)(p) = (v))
#define ROR(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define SHR(x, n) ((x) >> (n))
#define XOR3(x, y, z) ((x) ^ (y) ^ (z))
#define CH(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
// y ^ z is the round before's x ^ y, which the compiler keeps.
#define MAJ(x, y, z) ((y) ^ (((x) ^ (y)) & ((y) ^ (z))))
#define SWAP_ORDER _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203))
#define SWAP(v) ((V)_mm256_shuffle_epi8((__m256i)(v), SWAP_ORDER))
// There is no unsigned comparison, but a minimum.
#define AT_MOST(v, limit) at_most((__m256i)(v), limit)

static inline __attribute__((always_inline)) TARGET uint32_t at_most(__m256i v, uint32_t limit) {
    __m256i smaller = _mm256_min_epu32(v, _mm256_set1_epi32((int)limit));
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(smaller, v)));
}

#include "lanes.h"
#include "kernel.h"

KERNEL(avx2, LANES, true);
#endif
