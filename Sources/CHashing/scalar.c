// Plain C: one lane, any machine.
#include <stdint.h>

#define TARGET
#define NAME(x) hashing_##x##_scalar
#define LANES 1
typedef uint32_t V;
#define SET1(x) ((uint32_t)(x))
#define CONSTANT(i) SET1(hashing_k[i])
#define REGISTER "r"
#define LOAD(p) (*(const uint32_t *)(p))
#define STORE(p, v) (*(uint32_t *)(p) = (v))
#define ROR(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define SHR(x, n) ((x) >> (n))
#define XOR3(x, y, z) ((x) ^ (y) ^ (z))
#define CH(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define MAJ(x, y, z) ((y) ^ (((x) ^ (y)) & ((y) ^ (z))))
#define SWAP(v) __builtin_bswap32(v)
#define AT_MOST(v, limit) ((v) <= (limit) ? 1u : 0u)

#include "lanes.h"
#include "kernel.h"

KERNEL(scalar, LANES, true);
