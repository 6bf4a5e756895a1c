// Tells the thread sanitizer what the slow ways of Synchronization.Mutex order.
//
// A mutex that is free is taken and given back by atomic operations inside the program, which the sanitizer sees. One that is contended goes
// through libswiftSynchronization and a futex, which it does not see: it then reports races between sections that exclude each other. This
// library is loaded before that one (LD_PRELOAD) and puts its own functions in place of the three slow ones: each does what the real one does,
// and names the order to the sanitizer. The product knows nothing of it.

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Part of the sanitizer's run-time library; absent in programs that are built without it, which this must not hinder.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

// Swift passes the mutex in the register of the context. The names are those of the standard library's stable interface.
#define MUTEX "$s15Synchronization12_MutexHandleV"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(MUTEX "9_lockSlowyys6UInt32VF");
SWIFT bool try_lock_slow(SELF) __asm__(MUTEX "12_tryLockSlowSbyF");
SWIFT void unlock_slow(SELF) __asm__(MUTEX "11_unlockSlowyyF");

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

SWIFT void lock_slow(uint32_t thread, SELF) {
    SWIFT void (*lock)(uint32_t, SELF) = real(MUTEX "9_lockSlowyys6UInt32VF");
    lock(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT bool try_lock_slow(SELF) {
    SWIFT bool (*try_lock)(SELF) = real(MUTEX "12_tryLockSlowSbyF");
    bool taken = try_lock(self);
    if (taken && __tsan_acquire) __tsan_acquire(self);
    return taken;
}

SWIFT void unlock_slow(SELF) {
    SWIFT void (*unlock)(SELF) = real(MUTEX "11_unlockSlowyyF");
    if (__tsan_release) __tsan_release(self);
    unlock(self);
}
