// AVX-512 at full width: 16 lanes. Wide enough to lower the clock of some cores; see HashEngine.chosen(for:).
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#define NAME(x) hashing_##x##_avx512
#define LANES 16
typedef uint32_t V __attribute__((vector_size(64)));
#define SWAP_ORDER _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203))
#define SET1(x) ((V)_mm512_set1_epi32((int)(x)))
#define CONSTANT(i) SET1(hashing_k[i])
#define REGISTER "v"
#define LOAD(p) (*(const V *)(p))
#define STORE(p, v) (*(V *)(p) = (v))
#define ROR(x, n) ((V)_mm512_ror_epi32((__m512i)(x), n))
#define SHR(x, n) ((V)_mm512_srli_epi32((__m512i)(x), n))
// The third argument is the truth table over (x, y, z).
#define TERNARY(x, y, z, table) ((V)_mm512_ternarylogic_epi32((__m512i)(x), (__m512i)(y), (__m512i)(z), table))
#define XOR3(x, y, z) TERNARY(x, y, z, 0x96)
#define CH(x, y, z) TERNARY(x, y, z, 0xca)
#define MAJ(x, y, z) TERNARY(x, y, z, 0xe8)
#define SWAP(v) ((V)_mm512_shuffle_epi8((__m512i)(v), SWAP_ORDER))
#define AT_MOST(v, limit) ((uint32_t)_mm512_cmple_epu32_mask((__m512i)(v), _mm512_set1_epi32((int)(limit))))

#include "lanes.h"
#include "kernel.h"

KERNEL(avx512, LANES, true);
#endif
