// Preloaded into a pool: a wall clock that is set, a disk that is full, a disk that is slow, by the orders in the file that CHAOS_ORDERS names.
// Files count that lie below the folder CHAOS_FOLDER. Without these variables every call is the C library's own.
#define _GNU_SOURCE
#include "../CChaos/include/chaos.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static volatile struct chaos_orders *orders;
static const char *folder;

static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_open)(const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fallocate)(int, off_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_sem_timedwait)(sem_t *, const struct timespec *);
static int (*real_cond_timedwait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);

/// Others may call before this is run as a constructor, so each call asks for it.
static void prepare(void) {
    static int is_prepared;
    if (__atomic_exchange_n(&is_prepared, 1, __ATOMIC_ACQ_REL)) return;
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    real_open = dlsym(RTLD_NEXT, "open64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_sem_timedwait = dlsym(RTLD_NEXT, "sem_timedwait");
    real_cond_timedwait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    folder = getenv("CHAOS_FOLDER");
    const char *path = getenv("CHAOS_ORDERS");
    if (path == NULL || folder == NULL) return;
    int file = real_open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *mapped = mmap(NULL, sizeof(struct chaos_orders), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED) orders = mapped;
}

__attribute__((constructor)) static void begin(void) { prepare(); }

// MARK: The clock

static int64_t offset(void) { return orders == NULL ? 0 : orders->clock_offset; }

static void shift(struct timespec *time, int64_t by) {
    int64_t nanoseconds = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec + by;
    if (nanoseconds < 0) nanoseconds = 0;
    time->tv_sec = nanoseconds / 1000000000;
    time->tv_nsec = nanoseconds % 1000000000;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    prepare();
    int result = real_clock_gettime(clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) shift(time, offset());
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place != NULL) *place = now.tv_sec;
    return now.tv_sec;
}

// The kernel's clock was not set: moments by the false clock are put right for it.

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    prepare();
    struct timespec real = *until;
    shift(&real, -offset());
    return real_sem_timedwait(semaphore, &real);
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
    prepare();
    struct timespec real = *until;
    // A condition that waits by the monotonic clock has moments far below any wall clock's.
    if (until->tv_sec > 1000000000) shift(&real, -offset());
    return real_cond_timedwait(condition, mutex, &real);
}

// MARK: The disk

static int is_below(const char *path) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/// Whether a regular file of the pool's would grow beyond what the disk has given it.
static int is_full_for(int file, off_t end) {
    if (orders == NULL || !orders->disk_is_full) return 0;
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || end <= status.st_size) return 0;
    char name[64], path[4096];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_below(path);
}

static int no_space(void) {
    errno = ENOSPC;
    return -1;
}

ssize_t write(int file, const void *data, size_t count) {
    prepare();
    off_t place = orders != NULL && orders->disk_is_full ? lseek(file, 0, SEEK_CUR) : 0;
    return is_full_for(file, place + (off_t)count) ? no_space() : real_write(file, data, count);
}

ssize_t pwrite64(int file, const void *data, size_t count, off_t place) {
    prepare();
    return is_full_for(file, place + (off_t)count) ? no_space() : real_pwrite(file, data, count, place);
}

ssize_t pwrite(int file, const void *data, size_t count, off_t place) { return pwrite64(file, data, count, place); }

int ftruncate64(int file, off_t size) {
    prepare();
    return is_full_for(file, size) ? no_space() : real_ftruncate(file, size);
}

int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int posix_fallocate64(int file, off_t place, off_t count) {
    prepare();
    return is_full_for(file, place + count) ? ENOSPC : real_fallocate(file, place, count);
}

int posix_fallocate(int file, off_t place, off_t count) { return posix_fallocate64(file, place, count); }

static int open_file(const char *path, int flags, mode_t mode) {
    prepare();
    if (orders != NULL && orders->disk_is_full && (flags & O_CREAT) && is_below(path) && access(path, F_OK) != 0) return no_space();
    return real_open(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_file(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_file(path, flags, mode);
}

static void delay(void) {
    if (orders != NULL && orders->sync_delay > 0) usleep((useconds_t)orders->sync_delay * 1000);
}

int fsync(int file) {
    prepare();
    delay();
    return real_fsync(file);
}

int fdatasync(int file) {
    prepare();
    delay();
    return real_fdatasync(file);
}
