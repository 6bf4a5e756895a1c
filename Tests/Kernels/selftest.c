// Every kernel of this machine against SHA-256 as its standard writes it down; runs where the package's own tests cannot: on ARM, under
// emulation, without Swift. Prepares plans and scans by itself, as JudgePlan and HeaderScanner do.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "CHashing.h"

static uint32_t noise_state = 1;

static uint32_t noise(void) {
    noise_state = noise_state * 1664525u + 1013904223u;
    return noise_state ^ noise_state >> 15;
}

static void fill(uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)noise();
}

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }
static uint32_t sigma0(uint32_t x) { return rotate(x, 7) ^ rotate(x, 18) ^ x >> 3; }
static uint32_t sigma1(uint32_t x) { return rotate(x, 17) ^ rotate(x, 19) ^ x >> 10; }
static uint32_t word_at(const uint8_t *p) { return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]; }

static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/// Appends the padding; returns the padded length.
static size_t pad(uint8_t *message, size_t length) {
    size_t end = length + 1;
    message[length] = 0x80;
    while (end % 64 != 56) message[end++] = 0;
    for (int i = 0; i < 8; i++) message[end++] = (uint8_t)((uint64_t)length * 8 >> (56 - 8 * i));
    return end;
}

static void sha256(uint8_t *digest, const uint8_t *bytes, size_t length) {
    uint8_t message[1024];
    uint32_t state[8];
    memcpy(message, bytes, length);
    memcpy(state, initial, 32);
    hashing_compress_reference(state, message, pad(message, length) / 64);
    for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

static void sha256d(uint8_t *digest, const uint8_t *bytes, size_t length) {
    sha256(digest, bytes, length);
    sha256(digest, digest, 32);
}

static int failures;

static void expect(bool right, const char *kernel, const char *what, unsigned at) {
    if (right) return;
    printf("FAILED: %s, %s, case %u\n", kernel, what, at);
    failures++;
}

static void test_standard(void) {
    static const uint8_t abc[32] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
                                    0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    uint8_t digest[32];
    sha256(digest, (const uint8_t *)"abc", 3);
    expect(memcmp(digest, abc, 32) == 0, "reference", "the standard's example", 0);
}

static void test_stream(void) {
    uint8_t bytes[64 * 5 + 16];
    fill(bytes, sizeof bytes);
    for (unsigned shift = 0; shift < 16; shift++) {
        uint32_t fast[8], plain[8];
        memcpy(fast, initial, 32);
        memcpy(plain, initial, 32);
        hashing_compress(fast, bytes + shift, shift % 6);
        hashing_compress_reference(plain, bytes + shift, shift % 6);
        expect(memcmp(fast, plain, 32) == 0, "one stream", "blocks", shift);
    }
}

static void test_nodes(const struct hashing_kernel *kernel) {
    uint8_t bytes[64 * HASHING_MAX_LANES + 8], hashes[32 * HASHING_MAX_LANES + 8], right[32];
    for (unsigned count = 1; count <= kernel->lanes; count++) {
        unsigned shift = count % 8;
        fill(bytes, sizeof bytes);
        kernel->nodes(bytes + shift, count, hashes + shift);
        for (unsigned i = 0; i < count; i++) {
            sha256d(right, bytes + shift + 64 * i, 64);
            expect(memcmp(hashes + shift + 32 * i, right, 32) == 0, kernel->name, "nodes", count);
        }
    }
}

static void known_half(uint32_t *out, const uint8_t *bytes) {
    const uint32_t *k = hashing_round_constants();
    uint32_t w[16];
    for (int i = 0; i < 8; i++) w[8 + i] = word_at(bytes + 4 * i);
    for (int i = 8; i < 16; i++) out[i - 8] = k[i] + w[i];
    for (int i = 16; i < 32; i++) {
        uint32_t addend = 0;
        if (i >= 24) addend += w[i - 16];
        if (i >= 23 && i < 31) addend += sigma0(w[i - 15]);
        if (i < 23) addend += w[i - 7];
        if (i < 18) addend += sigma1(w[i - 2]);
        out[i - 8] = addend;
    }
}

static void round_inputs(uint32_t *out, const uint8_t *block) {
    const uint32_t *k = hashing_round_constants();
    uint32_t w[64];
    for (int i = 0; i < 16; i++) w[i] = word_at(block + 4 * i);
    for (int i = 16; i < 64; i++) w[i] = w[i - 16] + sigma0(w[i - 15]) + w[i - 7] + sigma1(w[i - 2]);
    for (int i = 0; i < 64; i++) out[i] = k[i] + w[i];
}

static void little(uint8_t *out, uint32_t value) {
    for (int i = 0; i < 4; i++) out[i] = (uint8_t)(value >> 8 * i);
}

static void test_judge(const struct hashing_kernel *kernel, unsigned prefix, unsigned size, unsigned suffix, unsigned siblings) {
    uint8_t coinbase[640], branch[4][32], previous[32];
    fill(coinbase, sizeof coinbase);
    fill(branch[0], sizeof branch);
    fill(previous, sizeof previous);
    uint32_t bits = noise();

    uint8_t padded[1024];
    size_t length = prefix + size + suffix, begun = prefix / 64 * 64, offset = prefix - begun;
    memcpy(padded, coinbase, length);
    memset(padded + prefix, 0, size);
    size_t blocks = pad(padded, length) / 64 - begun / 64;

    static uint32_t midstate[8], head[32], mask[9], tail[10 * 64], halves[4 * HASHING_HALF_WORDS], words[8];
    struct hashing_plan plan = {.midstate = midstate, .head = head, .field_mask = mask, .tail = tail, .branch = halves, .previous = words};
    memcpy(midstate, initial, 32);
    hashing_compress_reference(midstate, padded, begun / 64);
    plan.head_blocks = (uint32_t)(offset + size + 63) / 64;
    if (plan.head_blocks == 0) plan.head_blocks = 1;
    plan.tail_blocks = (uint32_t)blocks - plan.head_blocks;
    for (unsigned i = 0; i < 16 * plan.head_blocks; i++) head[i] = word_at(padded + begun + 4 * i);
    for (unsigned i = 0; i < plan.tail_blocks; i++) round_inputs(tail + 64 * i, padded + begun + 64 * (plan.head_blocks + i));
    uint8_t filled[36] = {0};
    memset(filled + offset % 4, 0xff, size);
    for (int i = 0; i < 9; i++) mask[i] = word_at(filled + 4 * i);
    plan.field_word = (uint32_t)offset / 4;
    plan.field_shift = (uint32_t)offset % 4;
    plan.field_words = size == 0 ? 0 : (uint32_t)(offset % 4 + size + 3) / 4;
    plan.branch_length = siblings;
    for (unsigned i = 0; i < siblings; i++) known_half(halves + HASHING_HALF_WORDS * i, branch[i]);
    for (int i = 0; i < 8; i++) words[i] = word_at(previous + 4 * i);
    plan.bits = __builtin_bswap32(bits);

    struct hashing_share shares[HASHING_MAX_LANES];
    fill((uint8_t *)shares, sizeof shares);
    for (unsigned count = 1; count <= kernel->lanes; count++) {
        uint8_t hashes[32 * HASHING_MAX_LANES + 32];
        memset(hashes, 0xee, sizeof hashes);
        kernel->judge(&plan, shares, count, hashes);
        for (unsigned i = 0; i < count; i++) {
            uint8_t node[64], header[80], right[32];
            memcpy(coinbase + prefix, shares[i].extranonce, size);
            sha256d(node, coinbase, length);
            for (unsigned j = 0; j < siblings; j++) {
                memcpy(node + 32, branch[j], 32);
                sha256d(node, node, 64);
            }
            little(header, shares[i].version);
            memcpy(header + 4, previous, 32);
            memcpy(header + 36, node, 32);
            little(header + 68, shares[i].time);
            little(header + 72, bits);
            little(header + 76, shares[i].nonce);
            sha256d(right, header, 80);
            expect(memcmp(hashes + 32 * i, right, 32) == 0, kernel->name, "judge", prefix * 1000 + count);
        }
        expect(hashes[32 * count] == 0xee, kernel->name, "judge writes too much", count);
    }
}

static void test_scan(const struct hashing_kernel *kernel) {
    const uint32_t *k = hashing_round_constants();
    uint8_t header[80];
    fill(header, sizeof header);
    uint32_t scan[HASHING_SCAN_WORDS], state[8], w[16] = {0};
    memcpy(state, initial, 32);
    hashing_compress_reference(state, header, 1);
    memcpy(scan, state, 32);
    for (int i = 0; i < 3; i++) w[i] = word_at(header + 64 + 4 * i);
    w[4] = 0x80000000, w[15] = 640;
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7], old[3] = {0};
    for (int i = 0; i < 4; i++) {
        if (i == 3) old[0] = g, old[1] = f, old[2] = e;
        uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    uint32_t behind[8] = {a, e, b, c, d, f, g, h};
    memcpy(scan + 8, behind, 32);
    for (int i = 4; i < 16; i++) scan[12 + i] = k[i] + w[i] + (i < 7 ? old[i - 4] : 0);
    uint32_t w16 = w[0] + sigma0(w[1]), w17 = w[1] + sigma0(w[2]) + sigma1(640);
    scan[28] = k[16] + w16, scan[29] = k[17] + w17, scan[30] = w16, scan[31] = w17;
    scan[32] = w[2] + sigma1(w16), scan[33] = sigma0(w[4]) + sigma1(w17), scan[34] = 640 + sigma0(w16), scan[35] = w16 + sigma0(w17);
    memcpy(scan + 36, w, 12);

    for (uint32_t limit = 1u << 28; limit != 0; limit <<= 1) {
        uint32_t first = 0xfffffff0u, candidates = 0, lanes = kernel->lanes;
        uint64_t batches = 32, done = kernel->scan(scan, first, batches, limit, &candidates);
        for (uint64_t i = 0; i < batches * lanes && i < (done + 1) * lanes; i++) {
            uint8_t right[32];
            little(header + 76, first + (uint32_t)i);
            sha256d(right, header, 80);
            bool low = __builtin_bswap32(word_at(right + 28)) <= limit;
            bool found = i / lanes == done && done < batches && (candidates >> (i % lanes) & 1) != 0;
            expect(low == found, kernel->name, "scan", limit >> 28);
        }
    }
}

int main(void) {
    size_t count;
    const struct hashing_kernel *const *kernels = hashing_usable_kernels(&count);
    test_standard();
    test_stream();
    for (size_t i = 0; i < count; i++) {
        test_nodes(kernels[i]);
        for (unsigned prefix = 0; prefix < 130; prefix++) test_judge(kernels[i], prefix, 1 + prefix % 32, prefix * 7 % 150, prefix % 4);
        test_judge(kernels[i], 57, 0, 1, 1);
        test_scan(kernels[i]);
        printf("%s: %u lanes, checked\n", kernels[i]->name, kernels[i]->lanes);
    }
    if (failures != 0) printf("%d checks failed\n", failures);
    return failures == 0 ? 0 : 1;
}
