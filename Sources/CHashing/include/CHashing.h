#pragma once
// SHA-256 kernels, one instruction set per file, chosen at run time.
//
// Words are numbers, never byte strings, unless a comment says so. A chaining value is H0…H7.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Words of a sibling's or padding's prepared half: see `hashing_plan.branch`.
#define HASHING_HALF_WORDS 24
/// The widest kernel.
#define HASHING_MAX_LANES 16
/// Words of a prepared scan: see `hashing_kernel.scan`.
#define HASHING_SCAN_WORDS 39

/// What differs between the shares of one job.
struct hashing_share {
    uint32_t version, time, nonce;
    /// extranonce1 ‖ extranonce2 from the front; what is behind the job's size does not matter.
    uint8_t extranonce[32];
    /// Lets a kernel read whole words to the field's end and beyond.
    uint32_t reserved;
};

/// What the shares of one job have in common.
///
/// The coinbase, padded, is cut into blocks: those before the extranonce field (gone into `midstate`), one or two that hold it (`head`), and
/// those behind it, whose schedule is the same for every share (`tail`).
struct hashing_plan {
    /// 8 words.
    const uint32_t *midstate;
    /// 16 words a block, zero where the field is.
    const uint32_t *head;
    /// For each of the `field_words` words from `head[field_word]` on: the bits that the field fills.
    const uint32_t *field_mask;
    /// 64 words a block: round constant plus schedule word.
    const uint32_t *tail;
    /// `HASHING_HALF_WORDS` a sibling: K[i] + W[i] for rounds 8 to 15, then the addends to W[16] … W[31] that follow from W[8] … W[15].
    const uint32_t *branch;
    /// Words 1 to 8 of the header.
    const uint32_t *previous;
    /// Word 18 of the header.
    uint32_t bits;
    uint32_t head_blocks, tail_blocks, branch_length;
    uint32_t field_word, field_words;
    /// Bytes between the start of `head[field_word]` and the field.
    uint32_t field_shift;
};

/// One instruction set's entry points.
struct hashing_kernel {
    /// As `POOL_SHA256` spells it.
    const char *name;
    /// Messages a call works on.
    uint32_t lanes;
    /// Compresses one block in each lane, `times` over: the bare kernel, for measuring. Word i of lane l stands at `i * lanes + l` in
    /// kernels that are `word_major`, else at `8 * l + i` in `state` and `16 * l + i` in `block`. Both are 64-byte aligned.
    void (*compress)(uint32_t *state, const uint32_t *block, size_t times);
    bool word_major;
    /// Judges 1 … `lanes` shares: writes `count` header hashes, 32 bytes each in internal order.
    void (*judge)(const struct hashing_plan *plan, const struct hashing_share *shares, uint32_t count, void *hashes);
    /// SHA-256d of 1 … `lanes` 64-byte nodes at any alignment: writes `count` hashes of 32 bytes.
    void (*nodes)(const void *pairs, uint32_t count, void *hashes);
    /// Tries `batches` × `lanes` nonces from `nonce` on. Stops behind the first batch in which the highest 32 bits of some hash are at most
    /// `limit`, sets those lanes' bits in `*candidates` and returns that batch's number; else returns `batches`.
    ///
    /// `scan` is HASHING_SCAN_WORDS long: see HeaderScanner, which makes it.
    uint64_t (*scan)(const uint32_t *scan, uint32_t nonce, uint64_t batches, uint32_t limit, uint32_t *candidates);
};

/// The kernels this CPU and its operating system can run, the widest first, the scalar one last.
const struct hashing_kernel *const *hashing_usable_kernels(size_t *count);

/// Compresses `count` 64-byte blocks, at any alignment, into `state`, with the fastest one-stream code of this machine.
void hashing_compress(uint32_t *state, const void *blocks, size_t count);

/// Makes `hashing_compress` plain C from now on: for when its self-test fails.
void hashing_compress_plainly(void);

/// The same in plain C: what every kernel is tested against.
void hashing_compress_reference(uint32_t *state, const void *blocks, size_t count);

/// The 64 round constants.
const uint32_t *hashing_round_constants(void);

/// The compiler of these kernels, as it names itself.
const char *hashing_compiler(void);
