// ARMv8's SHA2 instructions, two messages at a time.
#if defined(__aarch64__)
#include <arm_neon.h>
#include <stdint.h>

#if defined(__clang__)
#define TARGET __attribute__((target("sha2")))
#else
#define TARGET __attribute__((target("+crypto")))
#endif
#define NAME(x) hashing_##x##_arm
typedef uint32x4_t Q;
#define LOAD(p) vreinterpretq_u32_u8(vld1q_u8((const uint8_t *)(p)))
#define STORE(p, q) vst1q_u8((uint8_t *)(p), vreinterpretq_u8_u32(q))
#define ADD(x, y) vaddq_u32(x, y)
#define SUBTRACT(x, y) vsubq_u32(x, y)
#define SWAP(q) vreinterpretq_u32_u8(vrev32q_u8(vreinterpretq_u8_u32(q)))
#define LAST(q) vgetq_lane_u32(q, 3)
#define WITH_LAST(q, word) vsetq_lane_u32(word, q, 3)
#define SCHEDULE(w0, w1, w2, w3) vsha256su1q_u32(vsha256su0q_u32(w0, w1), w2, w3)
// The unit takes {A…D} and {E…H} as they are.
#define FOUR_ROUNDS(s, x) four_rounds(s, x)
#define PACK(s) (void)(s)
#define UNPACK(s) (void)(s)

static inline __attribute__((always_inline)) TARGET void four_rounds(Q *s, Q x) {
    Q before = s[0];
    s[0] = vsha256hq_u32(s[0], s[1], x);
    s[1] = vsha256h2q_u32(s[1], before, x);
}

#include "pairs.h"
#include "kernel.h"

KERNEL(arm, LANES, false);
#endif
