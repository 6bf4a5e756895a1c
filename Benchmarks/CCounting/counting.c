#define _GNU_SOURCE
#include "CCounting.h"
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

static _Thread_local struct counting mine;

struct counting counting_now(void) { return mine; }

#if !defined(__has_feature)
#define __has_feature(name) 0
#endif

// MARK: Allocations

// A sanitizer brings an allocator of its own, and counts nothing here.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
// glibc looks for these names in the program first, and keeps its own under others.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size) {
    mine.allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    mine.allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *place, size_t size) {
    mine.allocations++;
    return __libc_realloc(place, size);
}

void *memalign(size_t alignment, size_t size) {
    mine.allocations++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    mine.allocations++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **place, size_t alignment, size_t size) {
    mine.allocations++;
    *place = __libc_memalign(alignment, size);
    return *place ? 0 : ENOMEM;
}

void free(void *place) { __libc_free(place); }
#endif

// MARK: References

// What the program's own code calls; calls inside the Swift runtime are its own affair. Elsewhere than on x86-64 these functions keep more
// registers than C does.
#if defined(__x86_64__)
#define COUNTED(counter, result, name, parameters, arguments)                            \
    static result (*next_##name) parameters;                                             \
    result name parameters {                                                             \
        /* Libraries count references before this program's own constructors run. */     \
        if (!next_##name) *(void **)&next_##name = dlsym(RTLD_NEXT, #name);               \
        mine.counter++;                                                                  \
        return next_##name arguments;                                                    \
    }

COUNTED(retains, void *, swift_retain, (void *object), (object))
COUNTED(retains, void *, swift_retain_n, (void *object, uint32_t times), (object, times))
COUNTED(retains, void *, swift_bridgeObjectRetain, (void *object), (object))
COUNTED(retains, void *, swift_bridgeObjectRetain_n, (void *object, int times), (object, times))
COUNTED(releases, void, swift_release, (void *object), (object))
COUNTED(releases, void, swift_release_n, (void *object, uint32_t times), (object, times))
COUNTED(releases, void, swift_bridgeObjectRelease, (void *object), (object))
COUNTED(releases, void, swift_bridgeObjectRelease_n, (void *object, int times), (object, times))

int counting_references(void) { return 1; }
#else
int counting_references(void) { return 0; }
#endif

// MARK: Valgrind

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
int counting_under_valgrind(void) { return RUNNING_ON_VALGRIND != 0; }
void counting_callgrind_zero(void) { CALLGRIND_ZERO_STATS; }
void counting_callgrind_dump(const char *remark) { CALLGRIND_DUMP_STATS_AT(remark); }
#else
int counting_under_valgrind(void) { return 0; }
void counting_callgrind_zero(void) {}
void counting_callgrind_dump(const char *remark) { (void)remark; }
#endif
