#pragma once
// FIPS 180-4's constants, and what follows from them for messages whose padding is known.
#include <stdint.h>

/// The round constants.
#define ROUND_CONSTANTS(X) \
    X(0x428a2f98u) X(0x71374491u) X(0xb5c0fbcfu) X(0xe9b5dba5u) X(0x3956c25bu) X(0x59f111f1u) X(0x923f82a4u) X(0xab1c5ed5u) \
    X(0xd807aa98u) X(0x12835b01u) X(0x243185beu) X(0x550c7dc3u) X(0x72be5d74u) X(0x80deb1feu) X(0x9bdc06a7u) X(0xc19bf174u) \
    X(0xe49b69c1u) X(0xefbe4786u) X(0x0fc19dc6u) X(0x240ca1ccu) X(0x2de92c6fu) X(0x4a7484aau) X(0x5cb0a9dcu) X(0x76f988dau) \
    X(0x983e5152u) X(0xa831c66du) X(0xb00327c8u) X(0xbf597fc7u) X(0xc6e00bf3u) X(0xd5a79147u) X(0x06ca6351u) X(0x14292967u) \
    X(0x27b70a85u) X(0x2e1b2138u) X(0x4d2c6dfcu) X(0x53380d13u) X(0x650a7354u) X(0x766a0abbu) X(0x81c2c92eu) X(0x92722c85u) \
    X(0xa2bfe8a1u) X(0xa81a664bu) X(0xc24b8b70u) X(0xc76c51a3u) X(0xd192e819u) X(0xd6990624u) X(0xf40e3585u) X(0x106aa070u) \
    X(0x19a4c116u) X(0x1e376c08u) X(0x2748774cu) X(0x34b0bcb5u) X(0x391c0cb3u) X(0x4ed8aa4au) X(0x5b9cca4fu) X(0x682e6ff3u) \
    X(0x748f82eeu) X(0x78a5636fu) X(0x84c87814u) X(0x8cc70208u) X(0x90befffau) X(0xa4506cebu) X(0xbef9a3f7u) X(0xc67178f2u)

#define PLAIN(k) k,
static const uint32_t hashing_k[64] __attribute__((aligned(64))) = {ROUND_CONSTANTS(PLAIN)};

/// The padding block of a 64-byte message: round constant plus schedule word, for all 64 rounds.
static const uint32_t hashing_pad64[64] __attribute__((aligned(64))) = {
    0xc28a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf374,
    0x649b69c1, 0xf0fe4786, 0x0fe1edc6, 0x240cf254, 0x4fe9346f, 0x6cc984be, 0x61b9411e, 0x16f988fa,
    0xf2c65152, 0xa88e5a6d, 0xb019fc65, 0xb9d99ec7, 0x9a1231c3, 0xe70eeaa0, 0xfdb1232b, 0xc7353eb0,
    0x3069bad5, 0xcb976d5f, 0x5a0f118f, 0xdc1eeefd, 0x0a35b689, 0xde0b7a04, 0x58f4ca9d, 0xe15d5b16,
    0x007f3e86, 0x37088980, 0xa507ea32, 0x6fab9537, 0x17406110, 0x0d8cd6f1, 0xcdaa3b6d, 0xc0bbbe37,
    0x83613bda, 0xdb48a363, 0x0b02e931, 0x6fd15ca7, 0x521afaca, 0x31338431, 0x6ed41a95, 0x6d437890,
    0xc39c91f2, 0x9eccabbd, 0xb5c9a0e6, 0x532fb63c, 0xd2c741c6, 0x07237ea3, 0xa4954b68, 0x4c191d76,
};

/// The initial chaining value.
#define IV_A 0x6a09e667u
#define IV_B 0xbb67ae85u
#define IV_C 0x3c6ef372u
#define IV_D 0xa54ff53au
#define IV_E 0x510e527fu
#define IV_F 0x9b05688cu
#define IV_G 0x1f83d9abu
#define IV_H 0x5be0cd19u
#define IV_ALL IV_A, IV_B, IV_C, IV_D, IV_E, IV_F, IV_G, IV_H

// The functions of FIPS 180-4, 4.1.2, on plain words: constant expressions where their arguments are.
#define WORD_ROR(x, n) ((uint32_t)(x) >> (n) | (uint32_t)(x) << (32 - (n)))
#define WORD_SUM0(x) (WORD_ROR(x, 2) ^ WORD_ROR(x, 13) ^ WORD_ROR(x, 22))
#define WORD_SUM1(x) (WORD_ROR(x, 6) ^ WORD_ROR(x, 11) ^ WORD_ROR(x, 25))
#define WORD_SIGMA0(x) (WORD_ROR(x, 7) ^ WORD_ROR(x, 18) ^ (uint32_t)(x) >> 3)
#define WORD_SIGMA1(x) (WORD_ROR(x, 17) ^ WORD_ROR(x, 19) ^ (uint32_t)(x) >> 10)
#define WORD_CH(x, y, z) (((x) & (y)) ^ (~(x) & (z)))
#define WORD_MAJ(x, y, z) (((x) & (y)) ^ ((x) & (z)) ^ ((y) & (z)))

/// Round 0 from the initial chaining value: the new e and a are these plus the message's first word.
#define FIRST_T1 (IV_H + WORD_SUM1(IV_E) + WORD_CH(IV_E, IV_F, IV_G) + 0x428a2f98u)
#define FIRST_E (IV_D + FIRST_T1)
#define FIRST_A (FIRST_T1 + WORD_SUM0(IV_A) + WORD_MAJ(IV_A, IV_B, IV_C))

/// What the second half of a message adds when that half is known, 24 words (`HASHING_HALF_WORDS`):
/// K[i] + W[i] for rounds 8 to 15, then the known addend of each W[16] to W[31].
#define KNOWN_HALF(w8, w9, w10, w11, w12, w13, w14, w15)                                                                        \
    {                                                                                                                          \
        0xd807aa98u + (w8), 0x12835b01u + (w9), 0x243185beu + (w10), 0x550c7dc3u + (w11), 0x72be5d74u + (w12),                 \
            0x80deb1feu + (w13), 0x9bdc06a7u + (w14), 0xc19bf174u + (w15), (w9) + WORD_SIGMA1(w14), (w10) + WORD_SIGMA1(w15),  \
            (w11), (w12), (w13), (w14), (w15), WORD_SIGMA0(w8), (w8) + WORD_SIGMA0(w9), (w9) + WORD_SIGMA0(w10),               \
            (w10) + WORD_SIGMA0(w11), (w11) + WORD_SIGMA0(w12), (w12) + WORD_SIGMA0(w13), (w13) + WORD_SIGMA0(w14),            \
            (w14) + WORD_SIGMA0(w15), (w15),                                                                                   \
    }

/// The padding behind a 32-byte message.
static const uint32_t hashing_pad32[24] = KNOWN_HALF(0x80000000u, 0u, 0u, 0u, 0u, 0u, 0u, 256u);
