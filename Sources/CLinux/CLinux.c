#define _GNU_SOURCE
#include "CLinux.h"
#include <pthread.h>

int linux_usable_cpus(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}

int linux_wait(int poll, struct linux_event *events, int limit, int milliseconds) {
    struct epoll_event found[256];
    if (limit > 256) limit = 256;
    int count = epoll_wait(poll, found, limit, milliseconds);
    for (int i = 0; i < count; i++) {
        events[i].token = found[i].data.u64;
        events[i].readable = (found[i].events & EPOLLIN) != 0;
        events[i].writable = (found[i].events & EPOLLOUT) != 0;
        events[i].ended = (found[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    }
    return count;
}

uint64_t linux_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        struct rlimit raised = { .rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max };
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    return limit.rlim_cur;
}

void linux_name_thread(const char *name) {
    pthread_setname_np(pthread_self(), name);
}

uint64_t linux_affinity(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
    uint64_t mask = 0;
    for (int cpu = 0; cpu < 64; cpu++) mask |= (uint64_t)(CPU_ISSET(cpu, &set) != 0) << cpu;
    return mask;
}

void linux_set_affinity(uint64_t mask) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int cpu = 0; cpu < 64; cpu++) if (mask >> cpu & 1) CPU_SET(cpu, &set);
    if (mask) sched_setaffinity(0, sizeof set, &set);
}
