// NEON: 4 lanes, for ARMv8 cores without the SHA2 instructions.
#if defined(__aarch64__)
#include <arm_neon.h>
#include <stdint.h>

#define TARGET
#define NAME(x) hashing_##x##_neon
#define LANES 4
typedef uint32x4_t V;
#define SET1(x) vdupq_n_u32(x)
#define CONSTANT(i) SET1(hashing_k[i])
#define REGISTER "w"
#define LOAD(p) vld1q_u32((const uint32_t *)(p))
#define STORE(p, v) vst1q_u32((uint32_t *)(p), v)
// Shift right, and insert what a shift left pushes out: two instructions.
#define ROR(x, n) vsriq_n_u32(vshlq_n_u32(x, 32 - (n)), x, n)
#define SHR(x, n) vshrq_n_u32(x, n)
#define XOR3(x, y, z) ((x) ^ (y) ^ (z))
#define CH(x, y, z) vbslq_u32(x, y, z)
#define MAJ(x, y, z) vbslq_u32((x) ^ (y), z, y)
#define SWAP(v) vreinterpretq_u32_u8(vrev32q_u8(vreinterpretq_u8_u32(v)))
#define AT_MOST(v, limit) at_most(v, limit)

static inline uint32_t at_most(uint32x4_t v, uint32_t limit) {
    const uint32x4_t bits = {1, 2, 4, 8};
    return vaddvq_u32(vandq_u32(vcleq_u32(v, vdupq_n_u32(limit)), bits));
}

#include "lanes.h"
#include "kernel.h"

KERNEL(neon, LANES, true);
#endif
