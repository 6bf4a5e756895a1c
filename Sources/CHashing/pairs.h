// The kernels of an instruction set that has SHA-256's rounds: each message on its own, two at a time, because one round instruction waits
// for the one before it and the unit is free meanwhile.
//
// A file that includes this defines
//   NAME(x), TARGET     as for lanes.h
//   Q                   a vector of four 32-bit words
//   LOAD(p), STORE(p, q)                  at any alignment
//   ADD(x, y), SUBTRACT(x, y), SWAP(q)    word by word; SWAP reverses the bytes of each word
//   SCHEDULE(w0, w1, w2, w3)              the next four schedule words
//   FOUR_ROUNDS(s, x)                     on a state s[2] in the unit's own order; x is message words plus constants
//   PACK(s), UNPACK(s)                    between {H0…H3, H4…H7} and the unit's order
#include <string.h>
#include "CHashing.h"
#include "constants.h"

#define LANES 2
#define INLINE static inline __attribute__((always_inline)) TARGET
#define EACH_LANE for (int l = 0; l < LANES; l++)

/// A chaining value: H0…H3, H4…H7.
struct value { Q q[2]; };

static const uint32_t initial_value[8] = {IV_ALL};

INLINE struct value load_value(const uint32_t *words) { return (struct value){{LOAD(words), LOAD(words + 4)}}; }

/// One block in each lane.
INLINE void block(struct value *v, Q w[LANES][4]) {
    struct value s[LANES];
    EACH_LANE s[l] = v[l];
    EACH_LANE PACK(s[l].q);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
        Q constants = LOAD(hashing_k + 4 * i);
        if (i >= 4) EACH_LANE w[l][i & 3] = SCHEDULE(w[l][i & 3], w[l][(i + 1) & 3], w[l][(i + 2) & 3], w[l][(i + 3) & 3]);
        EACH_LANE FOUR_ROUNDS(s[l].q, ADD(w[l][i & 3], constants));
    }
    EACH_LANE UNPACK(s[l].q);
    EACH_LANE v[l].q[0] = ADD(v[l].q[0], s[l].q[0]), v[l].q[1] = ADD(v[l].q[1], s[l].q[1]);
}

/// One block that is the same in every lane.
INLINE void known_block(struct value *v, const uint32_t *known) {
    struct value s[LANES];
    EACH_LANE s[l] = v[l];
    EACH_LANE PACK(s[l].q);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
        Q x = LOAD(known + 4 * i);
        EACH_LANE FOUR_ROUNDS(s[l].q, x);
    }
    EACH_LANE UNPACK(s[l].q);
    EACH_LANE v[l].q[0] = ADD(v[l].q[0], s[l].q[0]), v[l].q[1] = ADD(v[l].q[1], s[l].q[1]);
}

INLINE void start(struct value *v) { EACH_LANE v[l] = load_value(initial_value); }

/// SHA-256 of digests, in place.
static __attribute__((noinline)) TARGET void digest_of_digest(struct value *v) {
    static const uint32_t padding[8] = {0x80000000, 0, 0, 0, 0, 0, 0, 256};
    Q w[LANES][4];
    EACH_LANE w[l][0] = v[l].q[0], w[l][1] = v[l].q[1], w[l][2] = LOAD(padding), w[l][3] = LOAD(padding + 4);
    start(v);
    block(v, w);
}

/// The lanes' nodes to the left, one sibling, as eight words, to the right; in place.
static __attribute__((noinline)) TARGET void left_of_sibling(struct value *v, const uint32_t *half) {
    // Prepared siblings hold words 8 to 15 with the round constants added (see CHashing.h).
    Q w[LANES][4];
    Q third = SUBTRACT(LOAD(half), LOAD(hashing_k + 8)), fourth = SUBTRACT(LOAD(half + 4), LOAD(hashing_k + 12));
    EACH_LANE w[l][0] = v[l].q[0], w[l][1] = v[l].q[1], w[l][2] = third, w[l][3] = fourth;
    start(v);
    block(v, w);
    known_block(v, hashing_pad64);
}

INLINE void store_digests(const struct value *v, uint32_t count, void *hashes) {
    for (uint32_t l = 0; l < count; l++) {
        STORE((uint8_t *)hashes + 32 * l, SWAP(v[l].q[0]));
        STORE((uint8_t *)hashes + 32 * l + 16, SWAP(v[l].q[1]));
    }
}

/// The bare kernel.
TARGET void NAME(compress)(uint32_t *state, const uint32_t *words, size_t times) {
    struct value v[LANES];
    EACH_LANE v[l] = load_value(state + 8 * l);
    for (; times != 0; times--) {
        Q w[LANES][4];
        for (int i = 0; i < 4; i++) EACH_LANE w[l][i] = LOAD(words + 16 * l + 4 * i);
        block(v, w);
    }
    EACH_LANE STORE(state + 8 * l, v[l].q[0]), STORE(state + 8 * l + 4, v[l].q[1]);
}

TARGET void NAME(judge)(const struct hashing_plan *plan, const struct hashing_share *shares, uint32_t count, void *hashes) {
    struct value v[LANES];
    Q w[LANES][4];
    uint32_t head[LANES][32];
    EACH_LANE {
        // A lane without a share repeats the first one.
        uint8_t bytes[40];
        memcpy(bytes + 4, shares[l < (int)count ? l : 0].extranonce, 32);
        memcpy(head[l], plan->head, 64 * plan->head_blocks);
        for (uint32_t i = 0; i < plan->field_words; i++) {
            uint32_t word;
            memcpy(&word, bytes + 4 + 4 * i - plan->field_shift, 4);
            head[l][plan->field_word + i] |= __builtin_bswap32(word) & plan->field_mask[i];
        }
        v[l] = load_value(plan->midstate);
    }
    for (uint32_t i = 0; i < plan->head_blocks; i++) {
        for (int j = 0; j < 4; j++) EACH_LANE w[l][j] = LOAD(head[l] + 16 * i + 4 * j);
        block(v, w);
    }
    for (uint32_t i = 0; i < plan->tail_blocks; i++) known_block(v, plan->tail + 64 * i);
    digest_of_digest(v);
    for (uint32_t i = 0; i < plan->branch_length; i++) {
        left_of_sibling(v, plan->branch + HASHING_HALF_WORDS * i);
        digest_of_digest(v);
    }
    uint32_t header[LANES][32];
    EACH_LANE {
        const struct hashing_share *share = &shares[l < (int)count ? l : 0];
        uint32_t *words = header[l];
        // The header's numbers are little-endian, SHA-256's words big-endian.
        words[0] = __builtin_bswap32(share->version);
        memcpy(words + 1, plan->previous, 32);
        STORE(words + 9, v[l].q[0]);
        STORE(words + 13, v[l].q[1]);
        words[17] = __builtin_bswap32(share->time);
        words[18] = plan->bits;
        words[19] = __builtin_bswap32(share->nonce);
        words[20] = 0x80000000u;
        memset(words + 21, 0, 40);
        words[31] = 640;
    }
    start(v);
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 4; j++) EACH_LANE w[l][j] = LOAD(header[l] + 16 * i + 4 * j);
        block(v, w);
    }
    digest_of_digest(v);
    store_digests(v, count, hashes);
}

TARGET void NAME(nodes)(const void *pairs, uint32_t count, void *hashes) {
    struct value v[LANES];
    Q w[LANES][4];
    EACH_LANE {
        const uint8_t *pair = (const uint8_t *)pairs + 64 * (l < (int)count ? l : 0);
        for (int i = 0; i < 4; i++) w[l][i] = SWAP(LOAD(pair + 16 * i));
    }
    start(v);
    block(v, w);
    known_block(v, hashing_pad64);
    digest_of_digest(v);
    store_digests(v, count, hashes);
}

/// Many blocks of one message.
TARGET void NAME(stream)(uint32_t *state, const void *blocks, size_t count) {
    struct value v = load_value(state);
    const uint8_t *p = blocks;
    for (; count != 0; count--, p += 64) {
        struct value s = v;
        Q w[4];
        for (int i = 0; i < 4; i++) w[i] = SWAP(LOAD(p + 16 * i));
        PACK(s.q);
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            if (i >= 4) w[i & 3] = SCHEDULE(w[i & 3], w[(i + 1) & 3], w[(i + 2) & 3], w[(i + 3) & 3]);
            FOUR_ROUNDS(s.q, ADD(w[i & 3], LOAD(hashing_k + 4 * i)));
        }
        UNPACK(s.q);
        v.q[0] = ADD(v.q[0], s.q[0]), v.q[1] = ADD(v.q[1], s.q[1]);
    }
    STORE(state, v.q[0]);
    STORE(state + 4, v.q[1]);
}

/// See lanes.h for the order of `scan`. Rounds come in fours here, so of what is known only the midstate and the words are taken.
TARGET uint64_t NAME(scan)(const uint32_t *scan, uint32_t nonce, uint64_t batches, uint32_t limit, uint32_t *candidates) {
    for (uint64_t batch = 0; batch < batches; batch++, nonce += LANES) {
        struct value v[LANES];
        Q w[LANES][4];
        uint32_t words[4] = {scan[36], scan[37], scan[38], 0};
        static const uint32_t padding[12] = {0x80000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 640};
        EACH_LANE {
            words[3] = __builtin_bswap32(nonce + (uint32_t)l);
            w[l][0] = LOAD(words), w[l][1] = LOAD(padding), w[l][2] = LOAD(padding + 4), w[l][3] = LOAD(padding + 8);
            v[l] = load_value(scan);
        }
        block(v, w);
        digest_of_digest(v);
        *candidates = 0;
        EACH_LANE {
            uint32_t digest[8];
            STORE(digest + 4, v[l].q[1]);
            if (__builtin_bswap32(digest[7]) <= limit) *candidates |= 1u << l;
        }
        if (*candidates != 0) return batch;
    }
    return batches;
}
