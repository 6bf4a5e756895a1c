// AVX-512's rotations and three-input logic on 256-bit registers: 8 lanes, at the full clock.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#define NAME(x) hashing_##x##_avx512vl
#define LANES 8
typedef uint32_t V __attribute__((vector_size(32)));
#define SWAP_ORDER _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203))
#define SET1(x) ((V)_mm256_set1_epi32((int)(x)))
#define CONSTANT(i) SET1(hashing_k[i])
#define REGISTER "v"
#define LOAD(p) (*(const V *)(p))
#define STORE(p, v) (*(V *)(p) = (v))
#define ROR(x, n) ((V)_mm256_ror_epi32((__m256i)(x), n))
#define SHR(x, n) ((V)_mm256_srli_epi32((__m256i)(x), n))
// The third argument is the truth table over (x, y, z).
#define TERNARY(x, y, z, table) ((V)_mm256_ternarylogic_epi32((__m256i)(x), (__m256i)(y), (__m256i)(z), table))
#define XOR3(x, y, z) TERNARY(x, y, z, 0x96)
#define CH(x, y, z) TERNARY(x, y, z, 0xca)
#define MAJ(x, y, z) TERNARY(x, y, z, 0xe8)
#define SWAP(v) ((V)_mm256_shuffle_epi8((__m256i)(v), SWAP_ORDER))
#define AT_MOST(v, limit) ((uint32_t)_mm256_cmple_epu32_mask((__m256i)(v), _mm256_set1_epi32((int)(limit))))

#include "lanes.h"
#include "kernel.h"

KERNEL(avx512vl, LANES, true);
#endif
