// The kernels of an instruction set that works on one word of each of LANES messages at a time.
//
// A file that includes this defines
//   NAME(x)            the entry points' names
//   TARGET             the function attribute that allows the instructions
//   LANES, V           a vector of LANES 32-bit words (a plain uint32_t for one lane)
//   SET1(x), LOAD(p), STORE(p, v)       p is aligned
//   ROR(x, n), SHR(x, n), XOR3(x, y, z), CH(x, y, z), MAJ(x, y, z)
//   CONSTANT(i)        round constant i in every lane
//   REGISTER           the letter that inline assembly has for a register of V
//   SWAP(v)            the bytes of each word reversed
//   AT_MOST(v, limit)  bit l set where lane l, unsigned, is at most limit
// and may define
//   SMALL_CODE         where judging gains more from fewer instructions to hold than from fewer to run
//
// The rounds are unrolled by sixteen and not further: the loops then stay inside a decoded-instruction cache.
#include <string.h>
#include "CHashing.h"
#include "constants.h"

#define INLINE static inline __attribute__((always_inline)) TARGET
#define OUTLINE static __attribute__((noinline)) TARGET

#define SUM0(x) XOR3(ROR(x, 2), ROR(x, 13), ROR(x, 22))
#define SUM1(x) XOR3(ROR(x, 6), ROR(x, 11), ROR(x, 25))
#define SIGMA0(x) XOR3(ROR(x, 7), ROR(x, 18), SHR(x, 3))
#define SIGMA1(x) XOR3(ROR(x, 17), ROR(x, 19), SHR(x, 10))

// Says that `v` is to be computed here and as it stands. Left alone, the compiler regroups the sums below and lengthens the way from one
// round's e and a to the next one's, which is what a round waits for.
#define SETTLE(v) __asm__("" : "+" REGISTER(v))

// One round, `sum` being h plus message word plus constant: the new e in d, the new a in h; the caller turns the names.
#define ROUND_SUM(a, b, c, d, e, f, g, h, sum)         \
    do {                                               \
        V t_ = (sum), sum1_, sum0_;                    \
        SETTLE(t_);                                    \
        sum1_ = SUM1(e);                               \
        SETTLE(sum1_);                                 \
        t_ = t_ + CH(e, f, g);                         \
        SETTLE(t_);                                    \
        t_ = t_ + sum1_;                               \
        SETTLE(t_);                                    \
        d = d + t_;                                    \
        SETTLE(d);                                     \
        t_ = t_ + MAJ(a, b, c);                        \
        SETTLE(t_);                                    \
        sum0_ = SUM0(a);                               \
        SETTLE(sum0_);                                 \
        h = t_ + sum0_;                                \
    } while (0)

// The same with message word plus constant.
#define ROUND(a, b, c, d, e, f, g, h, x) ROUND_SUM(a, b, c, d, e, f, g, h, h + (x))

// Only the new e: the last rounds before an early exit.
#define ROUND_E(d, e, f, g, h, x) (d = d + (h + (x) + CH(e, f, g) + SUM1(e)))

#define ROUNDS_1_TO_7(X)                     \
    ROUND(h, a, b, c, d, e, f, g, X(1));     \
    ROUND(g, h, a, b, c, d, e, f, X(2));     \
    ROUND(f, g, h, a, b, c, d, e, X(3));     \
    ROUND(e, f, g, h, a, b, c, d, X(4));     \
    ROUND(d, e, f, g, h, a, b, c, X(5));     \
    ROUND(c, d, e, f, g, h, a, b, X(6));     \
    ROUND(b, c, d, e, f, g, h, a, X(7))

#define ROUNDS_8_TO_15(X)                    \
    ROUND(a, b, c, d, e, f, g, h, X(8));     \
    ROUND(h, a, b, c, d, e, f, g, X(9));     \
    ROUND(g, h, a, b, c, d, e, f, X(10));    \
    ROUND(f, g, h, a, b, c, d, e, X(11));    \
    ROUND(e, f, g, h, a, b, c, d, X(12));    \
    ROUND(d, e, f, g, h, a, b, c, X(13));    \
    ROUND(c, d, e, f, g, h, a, b, X(14));    \
    ROUND(b, c, d, e, f, g, h, a, X(15))

#define SIXTEEN_ROUNDS(X)                    \
    ROUND(a, b, c, d, e, f, g, h, X(0));     \
    ROUNDS_1_TO_7(X);                        \
    ROUNDS_8_TO_15(X)

// Message words for round i of sixteen that begin at round `base`: the block's own, the expanded one, and one whose sum with the constant
// is known.
#define GIVEN(i) (w[i] + CONSTANT(i))
#define EXPAND(i) (w[i] = w[i] + SIGMA0(w[((i) + 1) & 15]) + w[((i) + 9) & 15] + SIGMA1(w[((i) + 14) & 15]))
#define EXPANDED(i) (EXPAND(i) + CONSTANT(base + (i)))
#define KNOWN(i) SET1(known[base + (i)])

// Schedule words 16 to 31 when words 8 to 15 are known.
#define HALF_KNOWN(i) SET1(half[(i) - 8])
#define HALF_ADDEND(i) SET1(half[8 + (i)])
#define HALF_EXPAND(i)                                                                                 \
    (w[i] = (i) < 2    ? w[i] + SIGMA0(w[((i) + 1) & 15]) + HALF_ADDEND(i)                             \
            : (i) < 7  ? w[i] + SIGMA0(w[((i) + 1) & 15]) + HALF_ADDEND(i) + SIGMA1(w[((i) + 14) & 15]) \
            : (i) == 7 ? w[i] + w[0] + HALF_ADDEND(i) + SIGMA1(w[5])                                   \
            : (i) < 15 ? w[((i) + 9) & 15] + HALF_ADDEND(i) + SIGMA1(w[((i) + 14) & 15])               \
                       : w[8] + SIGMA0(w[0]) + HALF_ADDEND(i) + SIGMA1(w[13]))
#define HALF_EXPANDED(i) (HALF_EXPAND(i) + CONSTANT(16 + (i)))

// A variable that must lie in memory at a vector's alignment: what the compiler spills around it is then aligned too, and no spilled
// vector straddles two cache lines.
#define ALIGNED_FRAME                                                 \
    V frame_ __attribute__((aligned(64)));                            \
    __asm__ volatile("" : : "r"(&frame_))

#define BEGIN(s)   \
    ALIGNED_FRAME; \
    V a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7]
#define FINISH(s) s[0] += a, s[1] += b, s[2] += c, s[3] += d, s[4] += e, s[5] += f, s[6] += g, s[7] += h

// The first sixteen rounds from the initial chaining value, of a message m whose second half is known. Round 0 is two additions.
#define BEGIN_HALF_KNOWN(m)                                                                          \
    ALIGNED_FRAME;                                                                                   \
    V w[16];                                                                                         \
    for (int i_ = 0; i_ < 8; i_++) w[i_] = m[i_];                                                    \
    V a = SET1(IV_A), b = SET1(IV_B), c = SET1(IV_C), e = SET1(IV_E), f = SET1(IV_F), g = SET1(IV_G); \
    V d = w[0] + SET1(FIRST_E), h = w[0] + SET1(FIRST_A);                                            \
    ROUNDS_1_TO_7(GIVEN);                                                                            \
    ROUNDS_8_TO_15(HALF_KNOWN)

/// One block.
OUTLINE void block(V *s, const V *words) {
    V w[16];
    for (int i = 0; i < 16; i++) w[i] = words[i];
    BEGIN(s);
    SIXTEEN_ROUNDS(GIVEN);
#pragma clang loop unroll(disable)
    for (int base = 16; base < 64; base += 16) { SIXTEEN_ROUNDS(EXPANDED); }
    FINISH(s);
}

/// One block that is the same in every lane.
OUTLINE void known_block(V *s, const uint32_t *known) {
    BEGIN(s);
#pragma clang loop unroll(disable)
    for (int base = 0; base < 64; base += 16) { SIXTEEN_ROUNDS(KNOWN); }
    FINISH(s);
}

/// The first block of a message, its second half known: a Merkle node's with the lanes' nodes to the left and one sibling to the right, or a
/// digest's with its padding. One function for both, or the two would drive each other out of the decoded-instruction cache.
OUTLINE void half_known_block(V *s, const V *m, const uint32_t *half) {
    BEGIN_HALF_KNOWN(m);
#if defined(SMALL_CODE)
    for (int i = 8; i < 16; i++) w[i] = SET1(half[i - 8] - hashing_k[i]);
    const int later = 16;
#else
    SIXTEEN_ROUNDS(HALF_EXPANDED);
    const int later = 32;
#endif
#pragma clang loop unroll(disable)
    for (int base = later; base < 64; base += 16) { SIXTEEN_ROUNDS(EXPANDED); }
    s[0] = a + SET1(IV_A), s[1] = b + SET1(IV_B), s[2] = c + SET1(IV_C), s[3] = d + SET1(IV_D);
    s[4] = e + SET1(IV_E), s[5] = f + SET1(IV_F), s[6] = g + SET1(IV_G), s[7] = h + SET1(IV_H);
}

/// SHA-256 of digests.
INLINE void digest_of_digest(V *s, const V *m) { half_known_block(s, m, hashing_pad32); }

INLINE void start(V *s) {
    s[0] = SET1(IV_A), s[1] = SET1(IV_B), s[2] = SET1(IV_C), s[3] = SET1(IV_D);
    s[4] = SET1(IV_E), s[5] = SET1(IV_F), s[6] = SET1(IV_G), s[7] = SET1(IV_H);
}

/// Writes the lanes' chaining values as digests.
INLINE void store_digests(const V *s, uint32_t count, void *hashes) {
    uint32_t words[8][LANES] __attribute__((aligned(64)));
    for (int i = 0; i < 8; i++) STORE(words[i], SWAP(s[i]));
    uint8_t *out = hashes;
    for (uint32_t lane = 0; lane < count; lane++) {
        for (int i = 0; i < 8; i++) memcpy(out + 32 * lane + 4 * i, &words[i][lane], 4);
    }
}

/// The word at `offset` in each of `count` items that are `stride` bytes apart, as it lies in memory. Lanes without an item repeat the first.
INLINE V gather(const void *items, uint32_t count, size_t stride, ptrdiff_t offset) {
    uint32_t words[LANES] __attribute__((aligned(64)));
    const uint8_t *first = (const uint8_t *)items + offset, *item = first;
    for (uint32_t lane = 0; lane < LANES; lane++, item += stride) memcpy(&words[lane], lane < count ? item : first, 4);
    return LOAD(words);
}

/// The bare kernel.
TARGET void NAME(compress)(uint32_t *state, const uint32_t *words, size_t times) {
    V s[8], w[16];
    for (int i = 0; i < 8; i++) s[i] = LOAD(state + LANES * i);
    for (int i = 0; i < 16; i++) w[i] = LOAD(words + LANES * i);
    for (; times != 0; times--) block(s, w);
    for (int i = 0; i < 8; i++) STORE(state + LANES * i, s[i]);
}

/// The one or two coinbase blocks that hold the extranonce.
INLINE void head_blocks(V *s, const struct hashing_plan *plan, const struct hashing_share *shares, uint32_t count) {
    V w[32];
    for (uint32_t i = 0; i < 16 * plan->head_blocks; i++) w[i] = SET1(plan->head[i]);
    // A word may begin up to three bytes before the field and end behind it; those bytes are the share's own and masked out.
    ptrdiff_t offset = (ptrdiff_t)offsetof(struct hashing_share, extranonce) - (ptrdiff_t)plan->field_shift;
    for (uint32_t i = 0; i < plan->field_words; i++, offset += 4) {
        V bytes = gather(shares, count, sizeof(struct hashing_share), offset);
        w[plan->field_word + i] |= SWAP(bytes) & SET1(plan->field_mask[i]);
    }
    for (uint32_t i = 0; i < plan->head_blocks; i++) block(s, w + 16 * i);
}

TARGET void NAME(judge)(const struct hashing_plan *plan, const struct hashing_share *shares, uint32_t count, void *hashes) {
    V s[8], m[8], w[16];
    for (int i = 0; i < 8; i++) s[i] = SET1(plan->midstate[i]);
    head_blocks(s, plan, shares, count);
    for (uint32_t i = 0; i < plan->tail_blocks; i++) known_block(s, plan->tail + 64 * i);
    digest_of_digest(m, s);
    for (uint32_t i = 0; i < plan->branch_length; i++) {
        half_known_block(s, m, plan->branch + HASHING_HALF_WORDS * i);
        known_block(s, hashing_pad64);
        digest_of_digest(m, s);
    }

    // The header's numbers are little-endian, SHA-256's words big-endian.
    w[0] = SWAP(gather(shares, count, sizeof *shares, offsetof(struct hashing_share, version)));
    for (int i = 0; i < 8; i++) w[1 + i] = SET1(plan->previous[i]);
    for (int i = 0; i < 7; i++) w[9 + i] = m[i];
    start(s);
    block(s, w);
    w[0] = m[7];
    w[1] = SWAP(gather(shares, count, sizeof *shares, offsetof(struct hashing_share, time)));
    w[2] = SET1(plan->bits);
    w[3] = SWAP(gather(shares, count, sizeof *shares, offsetof(struct hashing_share, nonce)));
    w[4] = SET1(0x80000000u);
    for (int i = 5; i < 15; i++) w[i] = SET1(0);
    w[15] = SET1(640);
    block(s, w);
    digest_of_digest(m, s);
    store_digests(m, count, hashes);
}

TARGET void NAME(nodes)(const void *pairs, uint32_t count, void *hashes) {
    V s[8], m[8], w[16];
    for (int i = 0; i < 16; i++) w[i] = SWAP(gather(pairs, count, 64, 4 * i));
    start(s);
    block(s, w);
    known_block(s, hashing_pad64);
    digest_of_digest(m, s);
    store_digests(m, count, hashes);
}

// The nonce is word 3 of the header's second block. What stands before and behind it is known, and with it rounds 0 to 2, the nonce's place
// in round 3, and much of the schedule; `scan` holds that in this order:
//   0   the chaining value after the header's first block
//   8   round 3's new a and e less the nonce; then b, c, d and f, g, h behind round 3
//  16   rounds 4 to 17: round constant plus schedule word, and for rounds 4 to 6 their h as well
//  30   W[16], W[17]; the known addends of W[18], W[19], W[31], W[32]
//  36   words 0 to 2 of that block
#define SCAN(i) SET1(scan[i])
#define SCAN_KNOWN(i) SCAN(12 + (i))
#define SCAN_LATER(i) (w[i] + CONSTANT(16 + (i)))

/// The first hash of a header, for the nonces `n` as the header's bytes hold them.
OUTLINE void scan_first(V *s, const uint32_t *scan, V n) {
    ALIGNED_FRAME;
    V w[16];
    // The names are those of round 4.
    V e = SCAN(8) + n, a = SCAN(9) + n, f = SCAN(10), g = SCAN(11), h = SCAN(12), b = SCAN(13), c = SCAN(14), d;
    ROUND_SUM(e, f, g, h, a, b, c, d, SCAN_KNOWN(4));
    ROUND_SUM(d, e, f, g, h, a, b, c, SCAN_KNOWN(5));
    ROUND_SUM(c, d, e, f, g, h, a, b, SCAN_KNOWN(6));
    ROUND(b, c, d, e, f, g, h, a, SCAN_KNOWN(7));
    ROUNDS_8_TO_15(SCAN_KNOWN);
    w[2] = SIGMA0(n) + SCAN(32);
    w[3] = n + SCAN(33);
    w[4] = SIGMA1(w[2]) + SET1(0x80000000u);
    w[5] = SIGMA1(w[3]);
    w[6] = SIGMA1(w[4]) + SET1(640);
    w[7] = SIGMA1(w[5]) + SCAN(30);
    w[8] = SIGMA1(w[6]) + SCAN(31);
    for (int i = 9; i < 14; i++) w[i] = SIGMA1(w[i - 2]) + w[i - 7];
    w[14] = SIGMA1(w[12]) + w[7] + SET1(WORD_SIGMA0(640));
    w[15] = SIGMA1(w[13]) + w[8] + SCAN(34);
    ROUND(a, b, c, d, e, f, g, h, SCAN_KNOWN(16));
    ROUND(h, a, b, c, d, e, f, g, SCAN_KNOWN(17));
    ROUND(g, h, a, b, c, d, e, f, SCAN_LATER(2));
    ROUND(f, g, h, a, b, c, d, e, SCAN_LATER(3));
    ROUND(e, f, g, h, a, b, c, d, SCAN_LATER(4));
    ROUND(d, e, f, g, h, a, b, c, SCAN_LATER(5));
    ROUND(c, d, e, f, g, h, a, b, SCAN_LATER(6));
    ROUND(b, c, d, e, f, g, h, a, SCAN_LATER(7));
    ROUNDS_8_TO_15(SCAN_LATER);
    {
        const int base = 32;
        w[0] = SIGMA1(w[14]) + w[9] + SCAN(35);
        w[1] = SCAN(31);
        ROUND(a, b, c, d, e, f, g, h, w[0] + CONSTANT(32));
        ROUNDS_1_TO_7(EXPANDED);
        ROUNDS_8_TO_15(EXPANDED);
    }
    {
        const int base = 48;
        SIXTEEN_ROUNDS(EXPANDED);
    }
    s[0] = a + SCAN(0), s[1] = b + SCAN(1), s[2] = c + SCAN(2), s[3] = d + SCAN(3);
    s[4] = e + SCAN(4), s[5] = f + SCAN(5), s[6] = g + SCAN(6), s[7] = h + SCAN(7);
}

/// Only the last word of a digest's SHA-256: it is the e of round 60, so neither the rounds behind it nor the last a's are needed.
OUTLINE V last_word(const V *m) {
    const uint32_t *half = hashing_pad32;
    BEGIN_HALF_KNOWN(m);
    SIXTEEN_ROUNDS(HALF_EXPANDED);
    {
        const int base = 32;
        SIXTEEN_ROUNDS(EXPANDED);
    }
    {
        const int base = 48;
        ROUND(a, b, c, d, e, f, g, h, EXPANDED(0));
        ROUNDS_1_TO_7(EXPANDED);
        ROUND(a, b, c, d, e, f, g, h, EXPANDED(8));
        ROUND_E(c, d, e, f, g, EXPANDED(9));
        ROUND_E(b, c, d, e, f, EXPANDED(10));
        ROUND_E(a, b, c, d, e, EXPANDED(11));
        ROUND_E(h, a, b, c, d, EXPANDED(12));
    }
    return h + SET1(IV_H);
}

TARGET uint64_t NAME(scan)(const uint32_t *scan, uint32_t nonce, uint64_t batches, uint32_t limit, uint32_t *candidates) {
    uint32_t numbers[LANES] __attribute__((aligned(64)));
    for (uint32_t lane = 0; lane < LANES; lane++) numbers[lane] = nonce + lane;
    V n = LOAD(numbers);
    for (uint64_t batch = 0; batch < batches; batch++) {
        V s[8];
        scan_first(s, scan, SWAP(n));
        *candidates = AT_MOST(SWAP(last_word(s)), limit);
        if (*candidates != 0) return batch;
        n = n + SET1(LANES);
    }
    return batches;
}
