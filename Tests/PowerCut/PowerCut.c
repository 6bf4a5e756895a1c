#define _GNU_SOURCE
#include "PowerCut.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_NAMES = 512, MAX_FILES = 4096, MAX_DESCRIPTORS = 1024, SECTOR = 512 };

/// A change to a file's content that was not synced. Without data it sets the size.
struct change {
    struct change *next;
    char *data;
    size_t offset, count;
};

struct inode {
    bool is_folder;
    char *data;
    size_t size;
    struct change *first, *last;
};

struct name {
    char path[256];
    /// As the process sees it, and as a synced folder has it; NULL where there is no such file.
    struct inode *seen, *kept;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[200], twin_root[200];
static unsigned long changes_left;
static unsigned seed;
static struct name names[MAX_NAMES];
static int name_count;
static struct inode *open_files[MAX_DESCRIPTORS];
static char open_paths[MAX_DESCRIPTORS][256];

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_mkdir)(const char *, mode_t);
static int (*real_fallocate)(int, off_t, off_t);

__attribute__((constructor)) static void find_real_calls(void) {
    real_open = dlsym(RTLD_NEXT, "open64");
    real_close = dlsym(RTLD_NEXT, "close");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_mkdir = dlsym(RTLD_NEXT, "mkdir");
    real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate64");
}

/// The path inside the watched folder; NULL for a path elsewhere, and for SQLite's shared memory, which no disk keeps.
static const char *inside(const char *path) {
    size_t length = strlen(root);
    if (length == 0 || strncmp(path, root, length) != 0 || (path[length] != '/' && path[length] != 0)) return NULL;
    size_t whole = strlen(path);
    if (whole > 4 && strcmp(path + whole - 4, "-shm") == 0) return NULL;
    return path + length;
}

static struct name *find(const char *path) {
    for (int i = 0; i < name_count; i++)
        if (strcmp(names[i].path, path) == 0) return &names[i];
    if (name_count == MAX_NAMES) abort();
    struct name *name = &names[name_count++];
    snprintf(name->path, sizeof name->path, "%s", path);
    return name;
}

static void resize(struct inode *file, size_t size) {
    if (size > file->size) {
        file->data = realloc(file->data, size);
        memset(file->data + file->size, 0, size - file->size);
    }
    file->size = size;
}

static void put(struct inode *file, const char *data, size_t count, size_t offset) {
    if (offset + count > file->size) resize(file, offset + count);
    memcpy(file->data + offset, data, count);
}

/// Does a change to the kept content: all of it, or of a write each sector with a chance in `of`.
static void keep(struct inode *file, const struct change *change, int chance, int of) {
    if (change->data == NULL) {
        if (rand_r(&seed) % of < chance) resize(file, change->count);
        return;
    }
    for (size_t done = 0; done < change->count;) {
        size_t part = SECTOR - (change->offset + done) % SECTOR;
        if (part > change->count - done) part = change->count - done;
        if (rand_r(&seed) % of < chance) put(file, change->data + done, part, change->offset + done);
        done += part;
    }
}

static void sync_file(struct inode *file) {
    while (file->first != NULL) {
        struct change *change = file->first;
        keep(file, change, 1, 1);
        file->first = change->next;
        free(change->data);
        free(change);
    }
    file->last = NULL;
}

static bool lies_in(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && path[length] == '/' && strchr(path + length + 1, '/') == NULL;
}

static void sync_folder(const char *folder) {
    for (int i = 0; i < name_count; i++)
        if (lies_in(names[i].path, folder)) names[i].kept = names[i].seen;
}

/// Writes what the disk holds under the twin folder.
static void cut(void) {
    // Sometimes nothing that was not synced is on the disk, sometimes all of it, mostly a part.
    int chance = rand_r(&seed) % 5;
    for (int i = 0; i < name_count; i++) {
        if (names[i].kept != names[i].seen && rand_r(&seed) % 4 < chance) names[i].kept = names[i].seen;
    }
    real_mkdir(twin_root, 0700);
    // Folders come before what lies in them: they were made before it.
    for (int i = 0; i < name_count; i++) {
        struct inode *file = names[i].kept;
        char path[512];
        snprintf(path, sizeof path, "%s%s", twin_root, names[i].path);
        if (file == NULL) continue;
        if (file->is_folder) {
            real_mkdir(path, 0700);
            continue;
        }
        for (struct change *change = file->first; change != NULL; change = change->next) keep(file, change, chance, 4);
        int descriptor = real_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        for (size_t done = 0; descriptor >= 0 && done < file->size;) done += (size_t)real_pwrite(descriptor, file->data + done, file->size - done, (off_t)done);
        if (descriptor >= 0) real_close(descriptor);
    }
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/// Counts a change that is on record now; the process may not survive it.
static void count_change(void) {
    if (changes_left > 0 && --changes_left == 0) cut();
}

static void record(struct inode *file, const void *data, size_t count, size_t offset) {
    struct change *change = calloc(1, sizeof *change);
    change->offset = offset;
    change->count = count;
    if (data != NULL) {
        change->data = malloc(count + 1);
        memcpy(change->data, data, count);
    }
    if (file->last == NULL) file->first = change;
    else file->last->next = change;
    file->last = change;
    count_change();
}

static struct inode *opened(int descriptor) {
    return descriptor >= 0 && descriptor < MAX_DESCRIPTORS ? open_files[descriptor] : NULL;
}

static void load(const char *folder) {
    char path[512];
    snprintf(path, sizeof path, "%s%s", root, folder);
    DIR *entries = opendir(path);
    if (entries == NULL) return;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        char inner[256];
        snprintf(inner, sizeof inner, "%s/%s", folder, entry->d_name);
        struct name *name = find(inner);
        name->seen = name->kept = calloc(1, sizeof(struct inode));
        if (entry->d_type == DT_DIR) {
            name->seen->is_folder = true;
            load(inner);
            continue;
        }
        snprintf(path, sizeof path, "%s%s", root, inner);
        int descriptor = real_open(path, O_RDONLY);
        struct stat status;
        fstat(descriptor, &status);
        resize(name->seen, (size_t)status.st_size);
        if (pread(descriptor, name->seen->data, name->seen->size, 0) < 0) abort();
        real_close(descriptor);
    }
    closedir(entries);
}

void power_cut_after(const char *folder, const char *twin, unsigned long after, unsigned random) {
    pthread_mutex_lock(&lock);
    snprintf(root, sizeof root, "%s", folder);
    snprintf(twin_root, sizeof twin_root, "%s", twin);
    seed = random;
    load("");
    changes_left = after;
    pthread_mutex_unlock(&lock);
}

static int open_file(const char *path, int flags, mode_t mode) {
    const char *inner = inside(path);
    if (inner == NULL) return real_open(path, flags, mode);
    pthread_mutex_lock(&lock);
    int descriptor = real_open(path, flags, mode);
    if (descriptor >= 0 && descriptor < MAX_DESCRIPTORS) {
        struct name *name = find(inner);
        bool is_new = name->seen == NULL;
        if (is_new) name->seen = calloc(1, sizeof(struct inode));
        if (is_new && inner[0] == 0) name->seen->is_folder = true;
        open_files[descriptor] = name->seen;
        snprintf(open_paths[descriptor], sizeof open_paths[descriptor], "%s", inner);
        if (is_new && inner[0] != 0) count_change();
        else if (flags & O_TRUNC) record(name->seen, NULL, 0, 0);
    }
    pthread_mutex_unlock(&lock);
    return descriptor;
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_file(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_file(path, flags, mode);
}

int close(int descriptor) {
    if (opened(descriptor) == NULL) return real_close(descriptor);
    pthread_mutex_lock(&lock);
    open_files[descriptor] = NULL;
    int result = real_close(descriptor);
    pthread_mutex_unlock(&lock);
    return result;
}

ssize_t pwrite64(int descriptor, const void *data, size_t count, off_t offset) {
    if (opened(descriptor) == NULL) return real_pwrite(descriptor, data, count, offset);
    pthread_mutex_lock(&lock);
    ssize_t written = real_pwrite(descriptor, data, count, offset);
    if (written > 0) record(opened(descriptor), data, (size_t)written, (size_t)offset);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int descriptor, const void *data, size_t count, off_t offset) { return pwrite64(descriptor, data, count, offset); }

ssize_t write(int descriptor, const void *data, size_t count) {
    if (opened(descriptor) == NULL) return real_write(descriptor, data, count);
    pthread_mutex_lock(&lock);
    off_t offset = lseek(descriptor, 0, SEEK_CUR);
    ssize_t written = real_write(descriptor, data, count);
    if (written > 0) record(opened(descriptor), data, (size_t)written, (size_t)offset);
    pthread_mutex_unlock(&lock);
    return written;
}

int ftruncate64(int descriptor, off_t size) {
    if (opened(descriptor) == NULL) return real_ftruncate(descriptor, size);
    pthread_mutex_lock(&lock);
    int result = real_ftruncate(descriptor, size);
    if (result == 0) record(opened(descriptor), NULL, (size_t)size, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

int posix_fallocate64(int descriptor, off_t offset, off_t count) {
    if (opened(descriptor) == NULL) return real_fallocate(descriptor, offset, count);
    pthread_mutex_lock(&lock);
    int result = real_fallocate(descriptor, offset, count);
    struct stat status;
    if (result == 0 && fstat(descriptor, &status) == 0) record(opened(descriptor), NULL, (size_t)status.st_size, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int posix_fallocate(int descriptor, off_t offset, off_t count) { return posix_fallocate64(descriptor, offset, count); }

/// The disk is played, so the real one need not sync.
int fsync(int descriptor) {
    struct inode *file = opened(descriptor);
    if (file == NULL) return 0;
    pthread_mutex_lock(&lock);
    if (file->is_folder) sync_folder(open_paths[descriptor]);
    else sync_file(file);
    count_change();
    pthread_mutex_unlock(&lock);
    return 0;
}

int fdatasync(int descriptor) { return fsync(descriptor); }

int unlink(const char *path) {
    const char *inner = inside(path);
    if (inner == NULL) return real_unlink(path);
    pthread_mutex_lock(&lock);
    int result = real_unlink(path);
    if (result == 0) {
        find(inner)->seen = NULL;
        count_change();
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int rename(const char *from, const char *to) {
    const char *inner_from = inside(from), *inner_to = inside(to);
    if (inner_from == NULL || inner_to == NULL) return real_rename(from, to);
    pthread_mutex_lock(&lock);
    int result = real_rename(from, to);
    if (result == 0) {
        find(inner_to)->seen = find(inner_from)->seen;
        find(inner_from)->seen = NULL;
        count_change();
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int mkdir(const char *path, mode_t mode) {
    const char *inner = inside(path);
    if (inner == NULL) return real_mkdir(path, mode);
    pthread_mutex_lock(&lock);
    int result = real_mkdir(path, mode);
    if (result == 0) {
        struct name *name = find(inner);
        name->seen = calloc(1, sizeof(struct inode));
        name->seen->is_folder = true;
        count_change();
    }
    pthread_mutex_unlock(&lock);
    return result;
}
