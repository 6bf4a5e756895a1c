// The kernels of an instruction set that has SHA-256's rounds: each message on its own, two at a time, because one round instruction waits
// for the one before it and the unit is free meanwhile.
//
// A file that includes this defines
//   NAME(x), TARGET     as for lanes.h
//   Q                   a vector of four 32-bit words
//   LOAD(p), STORE(p, q)                  at any alignment
//   ADD(x, y), SUBTRACT(x, y), SWAP(q)    word by word; SWAP reverses the bytes of each word
//   LAST(q), WITH_LAST(q, word)           the fourth word; the vector with another one
//   SCHEDULE(w0, w1, w2, w3)              the next four schedule words
//   FOUR_ROUNDS(s, x)                     on a state s[2] in the unit's own order; x is message words plus constants
//   PACK(s), UNPACK(s)                    between {H0…H3, H4…H7} and the unit's order
#include <string.h>
#include "CHashing.h"
#include "constants.h"

#define LANES 2
#define INLINE static inline __attribute__((always_inline)) TARGET
#define EACH_LANE for (int l = 0; l < LANES; l++)

/// A chaining value in the unit's own order.
struct value { Q q[2]; };

static const uint32_t initial_value[8] = {IV_ALL};

INLINE struct value load_value(const uint32_t *words) {
    struct value v = {{LOAD(words), LOAD(words + 4)}};
    PACK(v.q);
    return v;
}

INLINE void start(struct value *v) { EACH_LANE v[l] = load_value(initial_value); }

/// One block in each lane.
INLINE void block(struct value *v, Q w[LANES][4]) {
    struct value s[LANES];
    EACH_LANE s[l] = v[l];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
        if (i >= 4) EACH_LANE w[l][i & 3] = SCHEDULE(w[l][i & 3], w[l][(i + 1) & 3], w[l][(i + 2) & 3], w[l][(i + 3) & 3]);
        EACH_LANE FOUR_ROUNDS(s[l].q, ADD(w[l][i & 3], LOAD(hashing_k + 4 * i)));
    }
    EACH_LANE v[l].q[0] = ADD(v[l].q[0], s[l].q[0]), v[l].q[1] = ADD(v[l].q[1], s[l].q[1]);
}

/// One block that is the same in every lane.
INLINE void known_block(struct value *v, const uint32_t *known) {
    struct value s[LANES];
    EACH_LANE s[l] = v[l];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) EACH_LANE FOUR_ROUNDS(s[l].q, LOAD(known + 4 * i));
    EACH_LANE v[l].q[0] = ADD(v[l].q[0], s[l].q[0]), v[l].q[1] = ADD(v[l].q[1], s[l].q[1]);
}

/// The first block of a message whose first half are digests and whose second half is known: a Merkle node's, or a digest's with padding.
/// In place: takes the digests' chaining values, leaves the block's.
INLINE void half_known_block(struct value *v, const uint32_t *half) {
    // Prepared halves hold words 8 to 15 with the round constants added (see CHashing.h).
    Q w[LANES][4];
    Q third = SUBTRACT(LOAD(half), LOAD(hashing_k + 8)), fourth = SUBTRACT(LOAD(half + 4), LOAD(hashing_k + 12));
    EACH_LANE {
        UNPACK(v[l].q);
        w[l][0] = v[l].q[0], w[l][1] = v[l].q[1], w[l][2] = third, w[l][3] = fourth;
    }
    start(v);
    block(v, w);
}

/// SHA-256 of digests, in place.
INLINE void digest_of_digest(struct value *v) { half_known_block(v, hashing_pad32); }

INLINE void load_block(Q w[LANES][4], const uint32_t *words, size_t stride) {
    for (int i = 0; i < 4; i++) EACH_LANE w[l][i] = LOAD(words + stride * (size_t)l + 4 * i);
}

INLINE void store_digests(struct value *v, uint32_t count, void *hashes) {
    EACH_LANE {
        if (l >= (int)count) break;
        UNPACK(v[l].q);
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
        load_block(w, words, 16);
        block(v, w);
    }
    EACH_LANE {
        UNPACK(v[l].q);
        STORE(state + 8 * l, v[l].q[0]);
        STORE(state + 8 * l + 4, v[l].q[1]);
    }
}

TARGET void NAME(judge)(const struct hashing_plan *plan, const struct hashing_share *shares, uint32_t count, void *hashes) {
    struct value v[LANES];
    Q w[LANES][4];
    uint32_t words[LANES][32];
    EACH_LANE {
        // A lane without a share repeats the first one. A word may begin up to three bytes before the field and end behind it; those bytes
        // are the share's own and masked out.
        const uint8_t *field = shares[l < (int)count ? l : 0].extranonce - plan->field_shift;
        memcpy(words[l], plan->head, 64 * plan->head_blocks);
        for (uint32_t i = 0; i < plan->field_words; i++) {
            uint32_t word;
            memcpy(&word, field + 4 * i, 4);
            words[l][plan->field_word + i] |= __builtin_bswap32(word) & plan->field_mask[i];
        }
        v[l] = load_value(plan->midstate);
    }
    for (uint32_t i = 0; i < plan->head_blocks; i++) {
        load_block(w, words[0] + 16 * i, 32);
        block(v, w);
    }
    for (uint32_t i = 0; i < plan->tail_blocks; i++) known_block(v, plan->tail + 64 * i);
    digest_of_digest(v);
    for (uint32_t i = 0; i < plan->branch_length; i++) {
        half_known_block(v, plan->branch + HASHING_HALF_WORDS * i);
        known_block(v, hashing_pad64);
        digest_of_digest(v);
    }
    EACH_LANE {
        const struct hashing_share *share = &shares[l < (int)count ? l : 0];
        UNPACK(v[l].q);
        // The header's numbers are little-endian, SHA-256's words big-endian.
        words[l][0] = __builtin_bswap32(share->version);
        memcpy(words[l] + 1, plan->previous, 32);
        STORE(words[l] + 9, v[l].q[0]);
        STORE(words[l] + 13, v[l].q[1]);
        words[l][17] = __builtin_bswap32(share->time);
        words[l][18] = plan->bits;
        words[l][19] = __builtin_bswap32(share->nonce);
        words[l][20] = 0x80000000u;
        memset(words[l] + 21, 0, 40);
        words[l][31] = 640;
    }
    start(v);
    load_block(w, words[0], 32);
    block(v, w);
    load_block(w, words[0] + 16, 32);
    block(v, w);
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
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            if (i >= 4) w[i & 3] = SCHEDULE(w[i & 3], w[(i + 1) & 3], w[(i + 2) & 3], w[(i + 3) & 3]);
            FOUR_ROUNDS(s.q, ADD(w[i & 3], LOAD(hashing_k + 4 * i)));
        }
        v.q[0] = ADD(v.q[0], s.q[0]), v.q[1] = ADD(v.q[1], s.q[1]);
    }
    UNPACK(v.q);
    STORE(state, v.q[0]);
    STORE(state + 4, v.q[1]);
}

/// See lanes.h for the order of `scan`. Rounds come in fours here, so of what is known only the midstate and the words are taken.
TARGET uint64_t NAME(scan)(const uint32_t *scan, uint32_t nonce, uint64_t batches, uint32_t limit, uint32_t *candidates) {
    static const uint32_t padding[12] = {0x80000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 640};
    const uint32_t begun[4] = {scan[36], scan[37], scan[38], 0};
    for (uint64_t batch = 0; batch < batches; batch++, nonce += LANES) {
        struct value v[LANES];
        Q w[LANES][4];
        EACH_LANE {
            w[l][0] = WITH_LAST(LOAD(begun), __builtin_bswap32(nonce + (uint32_t)l));
            w[l][1] = LOAD(padding), w[l][2] = LOAD(padding + 4), w[l][3] = LOAD(padding + 8);
            v[l] = load_value(scan);
        }
        block(v, w);
        digest_of_digest(v);
        *candidates = 0;
        EACH_LANE {
            UNPACK(v[l].q);
            if (__builtin_bswap32(LAST(v[l].q[1])) <= limit) *candidates |= 1u << l;
        }
        if (*candidates != 0) return batch;
    }
    return batches;
}
