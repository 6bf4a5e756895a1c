// SHA-256 as FIPS 180-4, 6.2.2 writes it down: the yardstick that every kernel is tested against.
#include "CHashing.h"
#include "constants.h"

void hashing_compress_reference(uint32_t *state, const void *blocks, size_t count) {
    const uint8_t *p = blocks;
    for (; count != 0; count--, p += 64) {
        uint32_t w[64];
        for (int i = 0; i < 16; i++) {
            w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
        }
        for (int i = 16; i < 64; i++) w[i] = w[i - 16] + WORD_SIGMA0(w[i - 15]) + w[i - 7] + WORD_SIGMA1(w[i - 2]);
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
#pragma clang loop unroll_count(16)
        for (int i = 0; i < 64; i++) {
            uint32_t t1 = h + WORD_SUM1(e) + (g ^ (e & (f ^ g))) + hashing_k[i] + w[i];
            uint32_t t2 = WORD_SUM0(a) + ((a & b) | (c & (a | b)));
            h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
}

const uint32_t *hashing_round_constants(void) { return hashing_k; }
