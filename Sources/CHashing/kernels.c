// Which kernels this machine can run.
#include <stdlib.h>
#include <string.h>
#include "CHashing.h"

extern const struct hashing_kernel hashing_kernel_scalar;

#if defined(__x86_64__)
#include <cpuid.h>

extern const struct hashing_kernel hashing_kernel_avx512, hashing_kernel_avx512vl, hashing_kernel_avx2, hashing_kernel_sse4, hashing_kernel_shani;
void hashing_stream_shani(uint32_t *state, const void *blocks, size_t count);

/// The register sets that the operating system saves (XCR0); zero where it saves none.
static uint64_t saved_registers(unsigned leaf1_ecx) {
    if ((leaf1_ecx & bit_OSXSAVE) == 0) return 0;
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static size_t find(const struct hashing_kernel **found) {
    unsigned a, b = 0, c = 0, d, leaf7 = 0, unused;
    size_t count = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) c = 0;
    if (__get_cpuid_count(7, 0, &unused, &leaf7, &unused, &unused) == 0) leaf7 = 0;
    const uint64_t saved = saved_registers(c);
    const bool ymm = (saved & 0x06) == 0x06, zmm = (saved & 0xe6) == 0xe6;
    const unsigned avx512 = bit_AVX512F | bit_AVX512BW | bit_AVX512VL;
    if (zmm && (leaf7 & avx512) == avx512) {
        found[count++] = &hashing_kernel_avx512;
        found[count++] = &hashing_kernel_avx512vl;
    }
    if (ymm && (leaf7 & bit_AVX2) != 0) found[count++] = &hashing_kernel_avx2;
    if ((c & bit_SSE4_1) != 0) found[count++] = &hashing_kernel_sse4;
    if ((c & bit_SSE4_1) != 0 && (leaf7 & bit_SHA) != 0) found[count++] = &hashing_kernel_shani;
    return count;
}

static void (*const fast_stream)(uint32_t *, const void *, size_t) = hashing_stream_shani;
static const struct hashing_kernel *const fast_kernel = &hashing_kernel_shani;

#elif defined(__aarch64__)
#include <sys/auxv.h>

extern const struct hashing_kernel hashing_kernel_arm, hashing_kernel_neon;
void hashing_stream_arm(uint32_t *state, const void *blocks, size_t count);

/// HWCAP_SHA2 of asm/hwcap.h.
#define CAPABILITY_SHA2 (1ul << 6)

static size_t find(const struct hashing_kernel **found) {
    size_t count = 0;
    found[count++] = &hashing_kernel_neon;
    if ((getauxval(AT_HWCAP) & CAPABILITY_SHA2) != 0) found[count++] = &hashing_kernel_arm;
    return count;
}

static void (*const fast_stream)(uint32_t *, const void *, size_t) = hashing_stream_arm;
static const struct hashing_kernel *const fast_kernel = &hashing_kernel_arm;

#else
static size_t find(const struct hashing_kernel **found) {
    (void)found;
    return 0;
}

static void (*const fast_stream)(uint32_t *, const void *, size_t) = hashing_compress_reference;
static const struct hashing_kernel *const fast_kernel = 0;
#endif

static const struct hashing_kernel *usable[8];
static size_t usable_count;
static void (*stream)(uint32_t *, const void *, size_t) = hashing_compress_reference;

// Before main, so that nothing has to be locked later. An override that names another engine keeps the special instructions idle here too.
__attribute__((constructor)) static void choose(void) {
    const char *named = getenv("POOL_SHA256");
    usable_count = find(usable);
    for (size_t i = 0; i < usable_count; i++) {
        if (usable[i] != fast_kernel) continue;
        if (named == NULL || named[0] == 0 || strcmp(named, fast_kernel->name) == 0) stream = fast_stream;
    }
    usable[usable_count++] = &hashing_kernel_scalar;
}

const struct hashing_kernel *const *hashing_usable_kernels(size_t *count) {
    *count = usable_count;
    return usable;
}

// Another thread may be hashing while the self-test withdraws the fast code; it may use either.
void hashing_compress(uint32_t *state, const void *blocks, size_t count) {
    __atomic_load_n(&stream, __ATOMIC_RELAXED)(state, blocks, count);
}

void hashing_compress_plainly(void) { __atomic_store_n(&stream, hashing_compress_reference, __ATOMIC_RELAXED); }

const char *hashing_compiler(void) { return __VERSION__; }
