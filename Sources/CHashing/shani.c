// Intel's and AMD's SHA extensions, two messages at a time.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("sha,sse4.1")))
#define NAME(x) hashing_##x##_shani
typedef __m128i Q;
#define LOAD(p) _mm_loadu_si128((const __m128i *)(p))
#define STORE(p, q) _mm_storeu_si128((__m128i *)(p), q)
#define ADD(x, y) _mm_add_epi32(x, y)
#define SUBTRACT(x, y) _mm_sub_epi32(x, y)
#define SWAP(q) _mm_shuffle_epi8(q, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203))
#define LAST(q) ((uint32_t)_mm_extract_epi32(q, 3))
#define WITH_LAST(q, word) _mm_insert_epi32(q, (int)(word), 3)
#define SCHEDULE(w0, w1, w2, w3) _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4)), w3)
// The unit holds {F, E, B, A} in s[0] and {H, G, D, C} in s[1], and does two rounds at once.
#define FOUR_ROUNDS(s, x) four_rounds(s, x)
#define PACK(s) pack(s)
#define UNPACK(s) unpack(s)

static inline __attribute__((always_inline)) TARGET void four_rounds(Q *s, Q x) {
    s[1] = _mm_sha256rnds2_epu32(s[1], s[0], x);
    s[0] = _mm_sha256rnds2_epu32(s[0], s[1], _mm_shuffle_epi32(x, 0x0e));
}

static inline __attribute__((always_inline)) TARGET void pack(Q *s) {
    Q badc = _mm_shuffle_epi32(s[0], 0xb1), hgfe = _mm_shuffle_epi32(s[1], 0x1b);
    s[0] = _mm_alignr_epi8(badc, hgfe, 8);
    s[1] = _mm_blend_epi16(hgfe, badc, 0xf0);
}

static inline __attribute__((always_inline)) TARGET void unpack(Q *s) {
    Q abef = _mm_shuffle_epi32(s[0], 0x1b), ghcd = _mm_shuffle_epi32(s[1], 0xb1);
    s[0] = _mm_blend_epi16(abef, ghcd, 0xf0);
    s[1] = _mm_alignr_epi8(ghcd, abef, 8);
}

#include "pairs.h"
#include "kernel.h"

KERNEL(shani, LANES, false);
#endif
